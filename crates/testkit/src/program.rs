//! The real program, started as people start it, asked over HTTP, and killed as machines kill it.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its program fails loudly")]

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, header};
pub use http::{Method, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

use crate::Home;

/// How long the program may take to come up or to end.
const DEADLINE: Duration = Duration::from_mins(2);

/// A running program.
#[derive(Debug)]
pub struct Program {
    child: Child,
    /// Its address, without a slash at the end.
    pub url: String,
    /// The token of its setup link, if it printed one.
    pub setup: Option<String>,
}

impl Program {
    /// `bellwether serve` over the database of `home`, with more arguments.
    pub async fn serve(exe: &str, home: &Home, more: &[&str]) -> Program {
        let mut command = command(exe, "serve", home);
        command.args(more);
        Program::start(command).await.expect("the program serves")
    }

    /// The same at an address that it had before.
    pub async fn serve_at(exe: &str, home: &Home, listen: &str, more: &[&str]) -> Program {
        let mut command = command(exe, "serve", home);
        command.args(more);
        Program::listen(command, listen).await.expect("the program serves")
    }

    /// `bellwether demo` over the database of `home`, with more arguments.
    pub async fn demo(exe: &str, home: &Home, more: &[&str]) -> Program {
        let mut command = command(exe, "demo", home);
        command.args(more);
        Program::start(command).await.expect("the demo is shown")
    }

    /// Any command that serves, on a port of the system's choice. The error is how it ended instead.
    pub async fn start(command: Command) -> Result<Program, ExitStatus> {
        Program::listen(command, "127.0.0.1:0").await
    }

    async fn listen(mut command: Command, listen: &str) -> Result<Program, ExitStatus> {
        command.args(["--listen", listen]);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        let mut out = BufReader::new(child.stdout.take().expect("its output is ours"));
        let (mut url, mut setup, mut line) = (None, None, String::new());
        // All that it says comes in one piece, once it can be asked.
        loop {
            let read = tokio::time::timeout(DEADLINE, out.read_line(&mut line)).await;
            if read.expect("the program says something").expect("its output can be read") == 0 {
                return Err(child.wait().await.expect("it has a status"));
            }
            if let Some((_, address)) = line.split_once("http://").filter(|_| url.is_none()) {
                url = Some(format!("http://{}", address.trim()));
            }
            if let Some((_, token)) = line.split_once("/setup/") {
                setup = Some(token.trim().to_owned());
            }
            line.clear();
            if out.buffer().is_empty() {
                break;
            }
        }
        tokio::spawn(async move { tokio::io::copy(&mut out, &mut tokio::io::sink()).await });
        let program = Program { child, url: url.expect("it says where it is"), setup };
        let asked = Instant::now();
        let visitor = Visitor::new(&program.url);
        while visitor.get("/readyz").await.is_none_or(|it| it.status != StatusCode::OK) {
            assert!(asked.elapsed() < DEADLINE, "the program does not answer");
            sleep(Duration::from_millis(1)).await;
        }
        Ok(program)
    }

    /// kill -9.
    pub async fn kill(&mut self) {
        self.child.kill().await.expect("it can be killed");
    }

    /// Asks it to end, and waits until it has.
    pub async fn stop(self) {
        self.ask_to_end();
        self.ended().await;
    }

    /// Sends SIGTERM.
    pub fn ask_to_end(&self) {
        let pid = self.child.id().expect("it runs");
        // The shell has a `kill` of its own, wherever no package brought one.
        let asked = std::process::Command::new("sh").args(["-c", &format!("kill -s TERM {pid}")]).status();
        assert!(asked.is_ok_and(|it| it.success()), "it can be asked to end");
    }

    /// Waits until it has ended as it should.
    pub async fn ended(self) {
        let status = self.status().await;
        assert!(status.success(), "it ended with {status}");
    }

    /// Waits until it has ended, and how.
    pub async fn status(mut self) -> ExitStatus {
        let ended = tokio::time::timeout(DEADLINE, self.child.wait()).await;
        ended.expect("it ends when it is asked to").expect("it has a status")
    }

    /// How many MB of memory are its own or shared (`VmRSS`).
    pub fn resident(&self) -> f64 {
        let pid = self.child.id().expect("it runs");
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("its status");
        let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:")).expect("its memory");
        let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().expect("a number");
        kib * 1024.0 / 1e6
    }
}

/// A command of the program, such as `channel add mail`, over the database of `home`, with its key file beside.
pub fn command(exe: &str, words: &str, home: &Home) -> Command {
    let mut command = Command::new(exe);
    command.args(words.split(' ')).args(home.flags()).arg("--key-file").arg(home.key_file()).current_dir(home.dir());
    command
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    /// Whether it did what it was asked.
    pub well: bool,
    /// What it printed.
    pub out: String,
    /// What it said on standard error.
    pub err: String,
}

/// Runs a command to its end.
pub async fn run(mut command: Command) -> Ended {
    let ended = tokio::time::timeout(DEADLINE, command.kill_on_drop(true).output()).await;
    let output = ended.expect("the command ends").expect("the command starts");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ended { well: output.status.success(), out: text(output.stdout), err: text(output.stderr) }
}

/// An answer over HTTP.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: String,
}

/// Somebody who asks over HTTP, and keeps cookies as a browser does.
#[derive(Clone, Debug)]
pub struct Visitor {
    url: String,
    cookie: String,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Visitor {
    /// Nobody in particular.
    pub fn new(url: &str) -> Visitor {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Visitor { url: url.to_owned(), cookie: String::new(), client }
    }

    /// Signs in; everything after is asked by this person.
    pub async fn sign_in(url: &str, email: &str, password: &str) -> Visitor {
        let mut visitor = Visitor::new(url);
        let form = format!("email={}&password={}", encoded(email), encoded(password));
        let answer = visitor.post("/sign-in", &form).await.expect("the program answers");
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let cookies = answer.headers.get_all(header::SET_COOKIE).iter().filter_map(|it| it.to_str().ok());
        let pairs: Vec<&str> = cookies.filter_map(|it| it.split(';').next()).collect();
        visitor.cookie = pairs.join("; ");
        visitor
    }

    /// Asks; nothing if the program is not there.
    pub async fn get(&self, path: &str) -> Option<Answer> {
        self.ask(Method::GET, path, &[], Vec::new()).await
    }

    /// Asks again and again until the page has this text.
    pub async fn until(&self, path: &str, text: &str) {
        let asked = Instant::now();
        while self.get(path).await.is_none_or(|it| !it.body.contains(text)) {
            assert!(asked.elapsed() < DEADLINE, "{path} does not come to say {text:?}");
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Opens a stream, such as the live one.
    pub async fn listen(&self, path: &str) -> Listening {
        let request = Request::builder().uri(format!("{}{path}", self.url)).header(header::COOKIE, &self.cookie);
        let request = request.body(Full::new(Bytes::new())).expect("a request");
        let answer = self.client.request(request).await.expect("the program answers");
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        Listening { body: answer.into_body().map_err(|err| err.to_string()).boxed(), heard: String::new() }
    }

    /// Posts a form.
    pub async fn post(&self, path: &str, form: &str) -> Option<Answer> {
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        self.ask(Method::POST, path, &kind, form.as_bytes().to_vec()).await
    }

    /// Asks with a method, headers and a body.
    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Option<Answer> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        request = request.header(header::ORIGIN, &self.url).header(header::ACCEPT, "text/html");
        if !self.cookie.is_empty() {
            request = request.header(header::COOKIE, &self.cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::from(body))).expect("a request");
        let answer = self.client.request(request).await.ok()?;
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.ok()?.to_bytes();
        let body = String::from_utf8_lossy(&body).into_owned();
        Some(Answer { status: parts.status, headers: parts.headers, body })
    }
}

/// What passes before somebody asks again who was told to come later, and who is in more of a hurry than they should be.
pub async fn a_moment() {
    sleep(Duration::from_millis(50)).await;
}

/// Looks again and again until it is so.
pub async fn until_so(what: &str, is_so: impl Fn() -> bool) {
    let asked = Instant::now();
    while !is_so() {
        assert!(asked.elapsed() < DEADLINE, "it does not come about: {what}");
        a_moment().await;
    }
}

/// An answer that has no end.
#[derive(Debug)]
pub struct Listening {
    body: BoxBody<Bytes, String>,
    heard: String,
}

impl Listening {
    /// Waits until `text` comes, after all that was waited for before.
    pub async fn until(&mut self, text: &str) {
        loop {
            if let Some(at) = self.heard.find(text) {
                self.heard.drain(..at + text.len());
                return;
            }
            let frame = tokio::time::timeout(DEADLINE, self.body.frame()).await.expect("the stream says something");
            let frame = frame.expect("the stream goes on").expect("the stream can be read");
            self.heard += &String::from_utf8_lossy(frame.data_ref().map_or(&[], |it| it));
        }
    }
}

/// Text as a part of a form.
pub fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            out.extend(format!("%{byte:02X}").chars());
        }
        out
    })
}
