//! The real program, started and asked over HTTP/1.1.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The program at work. It ends with this.
pub struct Program {
    child: Child,
    /// Where it listens.
    pub address: String,
    /// How long it took until it said that it is ready.
    pub ready: Duration,
}

impl Program {
    /// Starts it, and waits until it is ready; nothing if it ended before.
    pub async fn start(command: &str, data: &Path) -> Option<Program> {
        let port =
            std::net::TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("a port").port();
        let address = format!("127.0.0.1:{port}");
        let start = Instant::now();
        let child = self::command(command, data).args(["--listen", &address, "--log", "warn"]).spawn();
        let mut program = Program { child: child.expect("the program"), address, ready: Duration::ZERO };
        let mut look = tokio::time::interval(Duration::from_millis(1));
        while program.child.try_wait().expect("its state").is_none() {
            if let Ok(mut connection) = Connection::open(&program.address).await
                && connection.get("/readyz").await.is_some_and(|it| it.status == 200)
            {
                program.ready = start.elapsed();
                return Some(program);
            }
            look.tick().await;
        }
        None
    }

    /// How many MB of memory are its own or shared (`VmRSS`).
    pub fn resident(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("its status");
        let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:")).expect("its memory");
        let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().expect("a number");
        kib * 1024.0 / 1e6
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The program's command on a directory of data.
pub fn command(command: &str, data: &Path) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_bellwether"));
    let key = data.with_extension("key");
    program.arg(command).arg("--data").arg(data).arg("--key-file").arg(key);
    program.stdout(Stdio::null());
    program
}

/// The directory `target`.
pub fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target directory").to_path_buf()
}

/// A kept-alive connection.
pub struct Connection {
    stream: TcpStream,
    host: String,
    /// The cookies that it sends.
    pub cookies: String,
    buffer: Vec<u8>,
}

/// What came back.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The header, as text.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub async fn open(address: &str) -> std::io::Result<Connection> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, host: address.to_owned(), cookies: String::new(), buffer: Vec::new() })
    }

    /// Gets a page.
    pub async fn get(&mut self, path: &str) -> Option<Answer> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n\r\n", self.host, self.cookies);
        self.ask(&request).await
    }

    /// Signs in, and keeps the cookies.
    pub async fn sign_in(&mut self, email: &str, password: &str) {
        let body = format!("email={}&password={}", email.replace('@', "%40"), password.replace(' ', "+"));
        let request = format!(
            "POST /sign-in HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Type: \
             application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len(),
            host = self.host,
        );
        let answer = self.ask(&request).await.expect("an answer");
        let cookies = answer.head.lines().filter_map(|it| {
            let (name, value) = it.split_once(": ")?;
            name.eq_ignore_ascii_case("set-cookie").then(|| value.split(';').next().unwrap_or_default().to_owned())
        });
        self.cookies = cookies.collect::<Vec<_>>().join("; ");
        assert!(answer.status == 303 && !self.cookies.is_empty(), "the sign-in works: {}", answer.head);
    }

    async fn ask(&mut self, request: &str) -> Option<Answer> {
        self.stream.write_all(request.as_bytes()).await.ok()?;
        let end = self.until(b"\r\n\r\n").await?;
        let head = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
        self.buffer.drain(..end);
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let field = |name: &str| {
            head.lines().filter_map(|it| it.split_once(": ")).find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1)
        };
        let mut body = Vec::new();
        if field("transfer-encoding") == Some("chunked") {
            loop {
                let end = self.until(b"\r\n").await?;
                let size = std::str::from_utf8(&self.buffer[..end - 2]).ok()?;
                let size = usize::from_str_radix(size, 16).ok()?;
                self.buffer.drain(..end);
                self.at_least(size + 2).await?;
                body.extend(self.buffer.drain(..size + 2).take(size));
                if size == 0 {
                    break;
                }
            }
        } else {
            let size = field("content-length").and_then(|it| it.parse().ok()).unwrap_or(0);
            self.at_least(size).await?;
            body.extend(self.buffer.drain(..size));
        }
        Some(Answer { status, head, body })
    }

    async fn until(&mut self, mark: &[u8]) -> Option<usize> {
        loop {
            if let Some(at) = self.buffer.windows(mark.len()).position(|it| it == mark) {
                return Some(at + mark.len());
            }
            self.more().await?;
        }
    }

    async fn at_least(&mut self, size: usize) -> Option<()> {
        while self.buffer.len() < size {
            self.more().await?;
        }
        Some(())
    }

    async fn more(&mut self) -> Option<()> {
        match self.stream.read_buf(&mut self.buffer).await {
            Ok(count) if count > 0 => Some(()),
            _ => None,
        }
    }
}
