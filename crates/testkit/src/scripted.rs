//! A server that says what a test tells it to: for the faults that real servers do not show on demand.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its server fails")]

use std::sync::{Arc, Mutex};

use channels::{Security, Server};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// One thing that the server does.
#[derive(Clone, Debug)]
pub enum Turn {
    /// Says this at once. `\r\n` is part of it.
    Say(String),
    /// Hears one line, which must begin with the first text (behind its tag, if it has one), and says the second, where
    /// `{tag}` stands for the tag. Any other line ends the connection, and is told by [`Scripted::surprises`].
    Hear(&'static str, String),
    /// Hears a mail, up to the line with a dot, and says this.
    HearMail(String),
    /// Says this again every second, for as long as somebody listens.
    Drip(Vec<u8>),
    /// Says these bytes at once.
    Bytes(Vec<u8>),
    /// Falls silent for ever, with the connection open.
    Stall,
    /// Hangs up.
    Close,
}

/// The server. Each connection plays the next script; when there is none left, the last one again.
#[derive(Debug)]
pub struct Scripted {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
    mails: Arc<Mutex<Vec<String>>>,
    surprises: Arc<Mutex<Vec<String>>>,
    connections: watch::Receiver<usize>,
    /// Connections that stall.
    open: Arc<Mutex<Vec<BufReader<TcpStream>>>>,
    task: JoinHandle<()>,
}

impl Scripted {
    /// Listens on a free port of the loopback.
    pub async fn start(scripts: Vec<Vec<Turn>>) -> Scripted {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("a port").port();
        let heard = Arc::new(Mutex::default());
        let mails = Arc::new(Mutex::default());
        let surprises = Arc::new(Mutex::default());
        let (count, connections) = watch::channel(0);
        let (into, wrong) = (Arc::clone(&heard), Arc::clone(&surprises));
        let taken = Arc::clone(&mails);
        let open = Arc::new(Mutex::default());
        let stalled: Arc<Mutex<Vec<BufReader<TcpStream>>>> = Arc::clone(&open);
        let task = tokio::spawn(async move {
            let mut scripts = scripts.into_iter();
            let mut script = Vec::new();
            while let Ok((stream, _)) = listener.accept().await {
                count.send_modify(|count| *count += 1);
                script = scripts.next().unwrap_or(script);
                let stalls = play(stream, &script, &into, &taken, &wrong).await;
                stalled.lock().expect("connections").extend(stalls);
            }
        });
        Scripted { port, heard, mails, surprises, connections, open, task }
    }

    /// Where it listens.
    pub fn server(&self, security: Security) -> Server {
        Server { host: "127.0.0.1".to_owned(), port: self.port, security }
    }

    /// Hangs up on everybody who was left to stall.
    pub fn hang_up(&self) {
        self.open.lock().expect("connections").clear();
    }

    /// The lines it heard, of all connections.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("what was heard").clone()
    }

    /// The mails it heard, of all connections.
    pub fn mails(&self) -> Vec<String> {
        self.mails.lock().expect("what was heard").clone()
    }

    /// The lines it heard instead of those in its script.
    pub fn surprises(&self) -> Vec<String> {
        self.surprises.lock().expect("what was heard").clone()
    }

    /// How many connections have come so far.
    pub fn connections(&self) -> usize {
        *self.connections.borrow()
    }

    /// Waits until so many connections have come in all.
    pub async fn wait_for_connections(&self, count: usize) {
        let mut connections = self.connections.clone();
        connections.wait_for(|so_far| *so_far >= count).await.expect("the server listens");
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Plays until the script ends; returns the connection if it is to stay open.
async fn play(
    stream: TcpStream,
    script: &[Turn],
    heard: &Mutex<Vec<String>>,
    mails: &Mutex<Vec<String>>,
    surprises: &Mutex<Vec<String>>,
) -> Option<BufReader<TcpStream>> {
    let mut talk = BufReader::new(stream);
    for turn in script {
        match turn {
            Turn::Say(text) => talk.get_mut().write_all(text.as_bytes()).await.ok()?,
            Turn::Hear(prefix, reply) => {
                let mut line = String::new();
                if talk.read_line(&mut line).await.ok()? == 0 {
                    return None;
                }
                let line = line.trim_end().to_owned();
                heard.lock().expect("what was heard").push(line.clone());
                let (tag, behind) = line.split_once(' ').unwrap_or_default();
                if !line.starts_with(prefix) && !behind.starts_with(prefix) {
                    surprises.lock().expect("what was heard").push(format!("{line:?} instead of {prefix:?}"));
                    return None;
                }
                talk.get_mut().write_all(reply.replace("{tag}", tag).as_bytes()).await.ok()?;
            }
            Turn::HearMail(reply) => {
                let mut mail = String::new();
                loop {
                    let mut line = Vec::new();
                    if talk.read_until(b'\n', &mut line).await.ok()? == 0 {
                        return None;
                    }
                    if line == b".\r\n" {
                        break;
                    }
                    mail.push_str(&String::from_utf8_lossy(&line));
                }
                mails.lock().expect("what was heard").push(mail);
                talk.get_mut().write_all(reply.as_bytes()).await.ok()?;
            }
            Turn::Drip(bytes) => loop {
                talk.get_mut().write_all(bytes).await.ok()?;
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            },
            Turn::Bytes(bytes) => talk.get_mut().write_all(bytes).await.ok()?,
            Turn::Stall => return Some(talk),
            Turn::Close => return None,
        }
    }
    None
}
