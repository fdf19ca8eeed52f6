//! Hands one mail over to the server that sends it on, and says exactly what became of it.
//!
//! One connection a mail: a desk sends a few a minute, and a connection that is kept is one more thing that stalls. The
//! bytes go out as they are; whoever composed them is held to what SMTP can carry (RFC 5321 §2.3.8).
//!
//! Deliberately absent: retries. The outbox decides when a mail is tried again, by [`SendError::lasting`].

mod error;
mod session;

use std::time::Duration;

use domain::Email;
use tokio::time::{Instant, timeout_at};

use crate::server::{Login, Server};
use crate::tls::Tls;
use crate::wire::Wire;

pub use error::{SendError, SendErrorKind};
pub(crate) use session::Session;

/// Who a mail is from and who gets it, as the servers see it (RFC 5321 §2.3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Where a bounce goes; none if it goes to nobody (RFC 5321 §4.5.5).
    pub from: Option<Email>,
    /// Everybody who gets the mail; at least one.
    pub to: Vec<Email>,
}

/// How long the sender waits.
#[derive(Clone, Debug)]
pub struct Patience {
    /// For reaching the server, and again for the TLS handshake.
    pub connect: Duration,
    /// For the answer to one command, and for a pause while the mail goes out.
    pub answer: Duration,
    /// For all of it, besides the time that the mail's bytes need at [`SLOWEST`]. The server has what is left of it, and at
    /// least `answer`, to say what became of the mail.
    pub whole: Duration,
}

/// The slowest line that a large mail is given time for, in bytes a second.
pub const SLOWEST: u64 = 64 * 1024;

impl Default for Patience {
    fn default() -> Patience {
        Patience { connect: Duration::from_secs(20), answer: Duration::from_mins(1), whole: Duration::from_mins(2) }
    }
}

/// The server has taken the mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The server's own line, often with its number for the mail.
    pub said: String,
    /// Whom it is not taken for, each with the reason; it is for all others.
    pub missed: Vec<SendError>,
}

/// Sends `bytes`, a whole mail with CRLF at the end of each line. `helo` is the name by which the desk greets, the domain
/// of its mailbox. Ok means that the server has taken the mail for every recipient but those it names; with any error but [`SendErrorKind::Unclear`] it has taken it for none.
pub async fn send(
    server: &Server,
    login: Option<&Login>,
    tls: &Tls,
    helo: &str,
    mail: &Envelope,
    bytes: &[u8],
) -> Result<Accepted, SendError> {
    send_within(&Patience::default(), server, login, tls, helo, mail, bytes).await
}

/// As [`send`]. When the server has all of the mail but its end, `last` is asked, and the mail ends only if that says so: what
/// dies before has sent nothing.
pub async fn send_if(
    server: &Server,
    login: Option<&Login>,
    tls: &Tls,
    helo: &str,
    mail: &Envelope,
    bytes: &[u8],
    last: impl Future<Output = bool>,
) -> Result<Accepted, SendError> {
    send_all(&Patience::default(), server, login, tls, helo, mail, bytes, last).await
}

/// As [`send`], with another patience.
pub async fn send_within(
    patience: &Patience,
    server: &Server,
    login: Option<&Login>,
    tls: &Tls,
    helo: &str,
    mail: &Envelope,
    bytes: &[u8],
) -> Result<Accepted, SendError> {
    send_all(patience, server, login, tls, helo, mail, bytes, async { true }).await
}

#[expect(clippy::too_many_arguments, reason = "what a sending consists of")]
async fn send_all(
    patience: &Patience,
    server: &Server,
    login: Option<&Login>,
    tls: &Tls,
    helo: &str,
    mail: &Envelope,
    bytes: &[u8],
    last: impl Future<Output = bool>,
) -> Result<Accepted, SendError> {
    sendable(mail, bytes)?;
    let end = Instant::now() + patience.whole + Duration::from_secs(bytes.len() as u64 / SLOWEST);
    let talk = async {
        let wire = Wire::connect(server, patience.connect, patience.answer).await?;
        let mut session = Session::open(wire, server, tls, helo, patience).await?;
        if let Some(login) = login {
            session.sign_in(login).await?;
        }
        match session.hand_over(mail, bytes).await {
            Ok(missed) => Ok((session, missed)),
            Err(error) => {
                session.quit().await;
                Err(error)
            }
        }
    };
    let (mut session, missed) = timeout_at(end, talk).await.unwrap_or_else(|_| Err(SendError::silent()))?;
    if !last.await {
        // Hanging up in the middle of a mail leaves nothing of it (RFC 5321 §4.1.1.4).
        return Err(SendError::silent());
    }
    let left = end.saturating_duration_since(Instant::now()).max(patience.answer);
    let accepted = session.finish(left).await;
    session.quit().await;
    Ok(Accepted { said: accepted?, missed })
}

/// Refuses what SMTP cannot carry, before anybody is bothered. A bare CR or LF lets a mail end early in the eyes of some
/// servers, and what follows it becomes a mail in our name.
fn sendable(mail: &Envelope, bytes: &[u8]) -> Result<(), SendError> {
    let malformed = |what: &str| Err(SendError::malformed(what));
    if mail.to.is_empty() {
        return malformed("it has no recipient");
    }
    // SMTPUTF8 (RFC 6531) is rare, and a mail whose way has one server without it is lost: domains come punycoded.
    if mail.to.iter().chain(&mail.from).any(|address| !address.as_str().is_ascii()) {
        return malformed("an address has letters that mail servers do not take");
    }
    if !bytes.ends_with(b"\r\n") {
        return malformed("its last line does not end");
    }
    let mut before = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'\n' if before != b'\r' => return malformed("it has a line feed that ends no line"),
            b'\r' if bytes.get(at + 1) != Some(&b'\n') => {
                return malformed("it has a carriage return that ends no line");
            }
            0 => return malformed("it has a NUL byte"),
            _ => {}
        }
        before = byte;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_lines_leave() {
        let mail = |to: &[&str]| Envelope {
            from: Email::parse("desk@tareline.example"),
            to: to.iter().map(|it| Email::parse(it).unwrap()).collect(),
        };
        let one = mail(&["ann@northwind.example"]);
        assert_eq!(sendable(&one, b"Subject: x\r\n\r\ny\r\n"), Ok(()));
        assert_eq!(sendable(&one, b"Subject: x\r\n\r\n\r\n\r\n"), Ok(()));
        assert!(sendable(&mail(&["jörg@northwind.example"]), b"Subject: x\r\n\r\ny\r\n").is_err());
        assert!(sendable(&mail(&[]), b"Subject: x\r\n\r\ny\r\n").is_err());
        for bytes in [
            &b""[..],
            b"Subject: x",
            b"Subject: x\n",
            b"Subject: x\r\n\r\ny\n.\r\nMAIL FROM:<>\r\n",
            b"Subject: x\r\n\r\ny\r.\r\n",
            b"Subject: x\r\n\r\ny\r\r\n",
            b"\nSubject: x\r\n",
            b"Subject: x\r\n\r\ny\0\r\n",
            b"Subject: x\r\n\r\ny\r",
        ] {
            let refused = sendable(&one, bytes).unwrap_err();
            assert!(refused.lasting && refused.kind == SendErrorKind::Refused, "{refused:?}");
        }
    }
}
