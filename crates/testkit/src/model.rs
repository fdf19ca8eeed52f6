//! A language model that says what a test tells it to, by HTTP on the loopback.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its server fails")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What it does with one request.
#[derive(Clone, Debug)]
pub enum Says {
    /// Answers with this text as a model does.
    Text(String),
    /// Answers with this status, these further lines of the head (each with its `\r\n`), and this body.
    Plain(u16, String, String),
    /// Answers with a body that does not end.
    Endless,
    /// Falls silent, with the connection open, until [`Model::go_on`].
    Nothing,
}

impl Says {
    /// Answers with this status and body.
    pub fn plain(status: u16, further: &str, body: &str) -> Says {
        Says::Plain(status, further.to_owned(), body.to_owned())
    }
}

/// One request, as it came.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Its first line and its headers.
    pub head: String,
    /// Its body.
    pub body: String,
}

/// The model. Each request gets the next answer; when there is none left, the last one again.
#[derive(Debug)]
pub struct Model {
    port: u16,
    heard: Arc<Mutex<Vec<Heard>>>,
    next: Arc<Mutex<VecDeque<Says>>>,
    count: watch::Receiver<usize>,
    /// What those answer who fell silent, once a test says so.
    late: watch::Sender<Option<Says>>,
    task: JoinHandle<()>,
}

impl Model {
    /// Listens on a free port of the loopback.
    pub async fn start(answers: impl IntoIterator<Item = Says>) -> Model {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("a port").port();
        let heard: Arc<Mutex<Vec<Heard>>> = Arc::default();
        let next: Arc<Mutex<VecDeque<Says>>> = Arc::new(Mutex::new(answers.into_iter().collect()));
        let (told, count) = watch::channel(0);
        let (late, silent) = watch::channel(None);
        let (into, from) = (Arc::clone(&heard), Arc::clone(&next));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (into, from) = (Arc::clone(&into), Arc::clone(&from));
                let (told, silent) = (told.clone(), silent.clone());
                tokio::spawn(async move {
                    serve(stream, &into, &from, &told, silent).await;
                });
            }
        });
        Model { port, heard, next, count, late, task }
    }

    /// Its base address.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    /// Its host and port.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// From now on it says this.
    pub fn now_says(&self, answers: impl IntoIterator<Item = Says>) {
        *self.next.lock().expect("its answers") = answers.into_iter().collect();
    }

    /// Whoever it fell silent for gets this answer.
    pub fn go_on(&self, says: Says) {
        self.late.send_replace(Some(says));
    }

    /// What it was asked so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().expect("what was heard").clone()
    }

    /// Waits until it was asked so many times in all.
    pub async fn wait_for(&self, times: usize) {
        let mut count = self.count.clone();
        count.wait_for(|it| *it >= times).await.expect("the model listens");
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    stream: TcpStream,
    heard: &Mutex<Vec<Heard>>,
    next: &Mutex<VecDeque<Says>>,
    told: &watch::Sender<usize>,
    mut silent: watch::Receiver<Option<Says>>,
) -> Option<()> {
    let mut talk = BufReader::new(stream);
    let (mut top, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if talk.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        if let Some(it) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = it.trim().parse().ok()?;
        }
        top.push_str(&line);
    }
    let mut body = vec![0; length];
    talk.read_exact(&mut body).await.ok()?;
    let body = String::from_utf8(body).ok()?;
    heard.lock().expect("what was heard").push(Heard { head: top, body });
    let says = {
        let mut next = next.lock().expect("its answers");
        if next.len() > 1 { next.pop_front() } else { next.front().cloned() }
    };
    told.send_modify(|it| *it += 1);
    let stream = talk.get_mut();
    let says = match says.unwrap_or(Says::Nothing) {
        Says::Nothing => silent.wait_for(Option::is_some).await.ok()?.clone()?,
        says => says,
    };
    match says {
        Says::Text(text) => {
            let message = serde_json::json!({ "role": "assistant", "content": text });
            let choice = serde_json::json!({ "index": 0, "message": message, "finish_reason": "stop" });
            let body = serde_json::json!({ "id": "1", "object": "chat.completion", "choices": [choice] }).to_string();
            answer(stream, 200, "content-type: application/json\r\n", &body).await
        }
        Says::Plain(status, further, body) => answer(stream, status, &further, &body).await,
        Says::Endless => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n").await.ok()?;
            loop {
                stream.write_all(&[b' '; 4096]).await.ok()?;
            }
        }
        Says::Nothing => None,
    }
}

async fn answer(stream: &mut TcpStream, status: u16, further: &str, body: &str) -> Option<()> {
    let length = body.len();
    let text = format!("HTTP/1.1 {status} So\r\ncontent-length: {length}\r\nconnection: close\r\n{further}\r\n{body}");
    stream.write_all(text.as_bytes()).await.ok()?;
    stream.shutdown().await.ok()
}
