//! Asks a language model for one answer, by the interface that most of them have:
//! `POST {base}/chat/completions`.
//!
//! Nothing outside changes by it, so it may be asked twice, and nobody need know that it was asked. No redirect is
//! followed: what a case says goes to the host that an administrator named, and nowhere else. What comes back is bounded in
//! size and in time, and is text.
//!
//! Deliberately absent: tools, streams, and tries. Whoever asks decides when to ask again, by [`AskError::wait`].

mod error;
mod place;

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::{Request, Response, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use crate::server::Secret;
use crate::tls::Tls;
use crate::wire::{self, Wire};

pub use error::{AskError, Wait};
pub use place::{BadPlace, Place};

/// What is read of an answer. Six lines of text are a few thousand bytes.
const MOST: usize = 256 * 1024;
/// What the head of an answer may have.
const HEAD: usize = 64 * 1024;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Which model.
    pub model: &'a str,
    /// What it is to do.
    pub instruction: &'a str,
    /// With what.
    pub text: &'a str,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The body of the request, byte for byte.
    pub sent: String,
    /// What the model said.
    pub text: String,
}

/// Asks for JSON, within `limit` from the first byte to the last.
pub async fn ask(
    place: &Place,
    key: Option<&Secret>,
    tls: &Tls,
    question: Question<'_>,
    limit: Duration,
) -> Result<Answer, AskError> {
    let asked = async {
        let sent = body(question, true);
        match ask_once(place, key, tls, sent.clone()).await {
            // Some servers know other formats only. The instruction asks for JSON, too.
            Err(AskError::Refused { said, .. }) if said.contains("response_format") => {
                let sent = body(question, false);
                let text = ask_once(place, key, tls, sent.clone()).await?;
                Ok(Answer { sent, text })
            }
            text => Ok(Answer { sent, text: text? }),
        }
    };
    timeout(limit, asked).await.unwrap_or_else(|_| Err(AskError::Silent { host: place.to_string(), limit }))
}

#[derive(Serialize)]
struct Asked<'a> {
    model: &'a str,
    messages: [Said<'a>; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<Format>,
    stream: bool,
}

#[derive(Serialize)]
struct Said<'a> {
    role: &'a str,
    content: &'a str,
}

#[derive(Serialize)]
struct Format {
    #[serde(rename = "type")]
    kind: &'static str,
}

fn body(it: Question<'_>, json: bool) -> String {
    let messages = [Said { role: "system", content: it.instruction }, Said { role: "user", content: it.text }];
    let response_format = json.then_some(Format { kind: "json_object" });
    let asked = Asked { model: it.model, messages, response_format, stream: false };
    // Texts and a flag are always JSON.
    serde_json::to_string(&asked).unwrap_or_default()
}

/// The instruction and the text of a request's body.
pub fn texts(body: &str) -> Option<[String; 2]> {
    #[derive(Deserialize)]
    struct Asked {
        messages: [Said; 2],
    }
    #[derive(Deserialize)]
    struct Said {
        content: String,
    }
    let asked: Asked = serde_json::from_str(body).ok()?;
    Some(asked.messages.map(|it| it.content))
}

async fn ask_once(place: &Place, key: Option<&Secret>, tls: &Tls, body: String) -> Result<String, AskError> {
    let server = place.server();
    let addresses = place.allowed(wire::addresses(&server).await?)?;
    let stream = wire::dial_one(&server, &addresses).await?;
    // The whole has a limit; so no single wait needs another one.
    let mut wire = Wire::over(stream, Duration::from_mins(10));
    if place.is_tls() {
        wire = wire.secure(&server, tls, Duration::from_secs(20)).await?;
    }
    let broken = |why: hyper::Error| AskError::Broken { host: place.to_string(), why: why.to_string() };
    let mut http = http1::Builder::new();
    http.max_buf_size(HEAD);
    let (mut sender, connection) = http.handshake(TokioIo::new(wire)).await.map_err(broken)?;
    let talk = async {
        let answer = sender.send_request(request(place, key, body)?).await.map_err(broken)?;
        read(place, key, answer).await
    };
    tokio::pin!(talk);
    tokio::select! {
        biased;
        said = &mut talk => said,
        ended = connection => match ended {
            // What it said before it hung up is still there.
            Ok(()) => talk.await,
            Err(err) => Err(broken(err)),
        },
    }
}

fn request(place: &Place, key: Option<&Secret>, body: String) -> Result<Request<Full<Bytes>>, AskError> {
    let mut request = Request::post(place.path())
        .header(header::HOST, place.authority())
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json")
        .header(header::ACCEPT_ENCODING, "identity")
        .header(header::USER_AGENT, concat!("bellwether/", env!("CARGO_PKG_VERSION")));
    if let Some(key) = key {
        let mut value =
            header::HeaderValue::from_str(&format!("Bearer {}", key.reveal())).map_err(|_| AskError::BadKey)?;
        value.set_sensitive(true);
        request = request.header(header::AUTHORIZATION, value);
    }
    request.body(Full::from(body)).map_err(|err| AskError::Broken { host: place.to_string(), why: err.to_string() })
}

async fn read(place: &Place, key: Option<&Secret>, answer: Response<Incoming>) -> Result<String, AskError> {
    let host = place.to_string();
    let (head, body) = answer.into_parts();
    if head.status.is_redirection() {
        return Err(AskError::Moved { host });
    }
    let body = match Limited::new(body, MOST).collect().await {
        Ok(body) => body.to_bytes(),
        Err(err) if err.is::<LengthLimitError>() => return Err(AskError::TooMuch { host, most: MOST / 1024 }),
        Err(err) => return Err(AskError::Broken { host, why: err.to_string() }),
    };
    if head.status == StatusCode::OK {
        return content(&body).map_err(|why| AskError::Unreadable { host, why });
    }
    let wait = head.headers.get(header::RETRY_AFTER).and_then(|it| Wait::parse(it.to_str().ok()?));
    let (status, said) = (head.status.as_u16(), error::said(&body, key));
    Err(match head.status {
        StatusCode::TOO_MANY_REQUESTS => AskError::TooMany { host, wait, said },
        _ => AskError::Refused { host, status, wait, said },
    })
}

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Spoken,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Spoken {
    content: Option<Content>,
}

/// A text, or the same in parts.
#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Whole(String),
    Parts(Vec<Part>),
}

#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    text: String,
}

/// What the model said, or why nobody can tell.
fn content(body: &[u8]) -> Result<String, &'static str> {
    let it: Completion = serde_json::from_slice(body).map_err(|_| "what it sent is no answer of a model")?;
    let choice = it.choices.into_iter().next().ok_or("it gave no answer")?;
    if choice.finish_reason.as_deref() == Some("length") {
        return Err("its answer was cut off, since it has a limit of its own");
    }
    match choice.message.content.ok_or("its answer has no text")? {
        Content::Whole(text) => Ok(text),
        Content::Parts(parts) => Ok(parts.into_iter().map(|it| it.text).collect()),
    }
}
