//! One connection to an IMAP server: the few commands the reader needs. async-imap reads and parses what comes; commands
//! are written here, because its own fetch takes the end of the connection, and a refusal, for the end of the list.

mod fetch;

use std::time::Duration;

use async_imap::imap_proto::{Capability, MailboxDatum, RequestId, Response, ResponseCode, Status};
use data_encoding::BASE64;
use tokio::io::AsyncWriteExt;
use tokio::time::{Instant, timeout, timeout_at};

use super::{Mailbox, Pace, ReadError};
use crate::server::{Login, Security, Server};
use crate::tls::Tls;
use crate::wire::{Bounds, ConnectError, Wire};

pub(super) use fetch::{BATCH_BYTES, Given, Listed, MOST_LISTED, PART};

/// A connection that is secured as asked for, before or after signing in.
pub(crate) struct Session {
    client: async_imap::Client<Wire>,
    pace: Pace,
    commands: u32,
    offers: Capabilities,
    /// How many mails the folder has, as far as the server has told.
    exists: u32,
    /// Mails came since the folder was last listed.
    news: bool,
    /// What the server said when it ended the connection.
    bye: Option<String>,
}

/// What the server offers, as far as it matters here.
#[derive(Clone, Copy, Debug, Default)]
struct Capabilities {
    /// IDLE (RFC 2177).
    idle: bool,
    /// AUTH=PLAIN (RFC 4616).
    plain: bool,
    /// LOGINDISABLED (RFC 3501 §6.2.3).
    no_login: bool,
}

/// A folder that has been opened for reading only.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Folder {
    /// UIDVALIDITY.
    pub(crate) validity: u32,
    /// The UID that the next mail will have, or a higher one.
    pub(crate) next: u32,
    /// How many mails are in it.
    pub(crate) exists: u32,
}

/// What a command came to, when the server answered it.
enum Answer {
    Done,
    Refused(String),
}

impl Session {
    /// Signs in to `mailbox` and opens its folder.
    pub(super) async fn at(mailbox: &Mailbox, tls: &Tls, pace: &Pace) -> Result<(Session, Folder), ReadError> {
        let server = &mailbox.server;
        let wire = Wire::connect(server, pace.connect, pace.silence).await?;
        let mut session = Session::open(wire, server, tls, pace).await?;
        session.sign_in(&mailbox.login).await?;
        let folder = session.examine(&mailbox.folder).await?;
        Ok((session, folder))
    }

    /// Secures `wire` as `server` asks for, and hears the greeting. Nothing but STARTTLS goes out before that.
    pub(crate) async fn open(wire: Wire, server: &Server, tls: &Tls, pace: &Pace) -> Result<Session, ReadError> {
        let wire = if server.security.is_implicit() { wire.secure(server, tls, pace.connect).await? } else { wire };
        let mut session = Session::on(wire, pace.clone());
        timeout(pace.answer, session.greeting()).await??;
        if server.security == Security::Starttls {
            match timeout(pace.answer, session.command("STARTTLS", |_| ())).await?? {
                Answer::Done => {}
                Answer::Refused(_) => return Err(ConnectError::NoStarttls { server: server.to_string() }.into()),
            }
            let wire = session.client.into_inner().secure(server, tls, pace.connect).await?;
            session = Session::on(wire, pace.clone());
        }
        session.learn_capabilities().await?;
        Ok(session)
    }

    fn on(mut wire: Wire, pace: Pace) -> Session {
        wire.set_bounds(Bounds::new(u64::from(PART) + 64 * 1024));
        let client = async_imap::Client::new(wire);
        Session { client, pace, commands: 0, offers: Capabilities::default(), exists: 0, news: false, bye: None }
    }

    /// “TLS 1.3”, or what else protects the connection, and when its certificate ends (seconds since 1970 UTC).
    pub(crate) fn protection(&self) -> (&'static str, Option<i64>) {
        (self.client.get_ref().protection(), self.client.get_ref().valid_until())
    }

    /// Signs in: with AUTHENTICATE PLAIN (RFC 4616), which takes every character, or else with LOGIN.
    pub(crate) async fn sign_in(&mut self, login: &Login) -> Result<(), ReadError> {
        let user = login.user.as_str();
        let password = login.password.reveal();
        let answer = if self.offers.plain {
            let response = BASE64.encode(format!("\0{user}\0{password}").as_bytes());
            timeout(self.pace.answer, self.command_with("AUTHENTICATE PLAIN", &response)).await??
        } else if self.offers.no_login {
            Answer::Refused("(nothing: it offers no sign-in with a password)".to_owned())
        } else {
            let line = format!("LOGIN {} {}", quoted(user)?, quoted(password)?);
            timeout(self.pace.answer, self.command(&line, |_| ())).await??
        };
        match answer {
            Answer::Done => self.learn_capabilities().await,
            Answer::Refused(said) => Err(ReadError::SignIn { said }),
        }
    }

    /// Opens `folder` so that nothing in it can change (EXAMINE, RFC 3501 §6.3.2).
    pub(crate) async fn examine(&mut self, folder: &str) -> Result<Folder, ReadError> {
        let line = format!("EXAMINE {}", quoted(folder)?);
        let (mut validity, mut next) = (None, None);
        let learn = |response: &Response<'_>| {
            if let Response::Data { outcome, .. } = response {
                match outcome.code {
                    Some(ResponseCode::UidValidity(it)) => validity = Some(it),
                    Some(ResponseCode::UidNext(it)) => next = Some(it),
                    _ => {}
                }
            }
        };
        self.exists = 0;
        match timeout(self.pace.answer, self.command(&line, learn)).await?? {
            Answer::Done => {}
            Answer::Refused(said) => return Err(ReadError::Folder { folder: folder.to_owned(), said }),
        }
        let validity = validity.ok_or(ReadError::NoNumbers)?;
        let next = match next {
            Some(next) => next,
            None => self.highest().await?.saturating_add(1),
        };
        Ok(Folder { validity, next, exists: self.exists })
    }

    /// Whether the server tells of new mail by itself.
    pub(crate) fn has_idle(&self) -> bool {
        self.offers.idle
    }

    /// Waits until there is news, or until it is time to see whether the server is still there (RFC 2177). False if the
    /// server offers IDLE and does not keep to it: it refuses it, or ends it by itself.
    pub(super) async fn idle(&mut self) -> Result<bool, ReadError> {
        if self.news {
            return Ok(true);
        }
        let answer = self.pace.answer;
        let tag = self.send("IDLE").await?;
        if timeout(answer, self.go_ahead(&tag)).await??.is_some() {
            return Ok(false);
        }
        let end = Instant::now() + self.pace.idle;
        // Silence is what an idle connection is for.
        self.client.get_mut().set_silence(self.pace.idle + answer);
        let mut ended = false;
        while !self.news && !ended {
            match timeout_at(end, self.receive(|response| answer_to(&tag, response).is_some())).await {
                Ok(received) => ended = received?,
                Err(_) => break,
            }
        }
        self.client.get_mut().set_silence(self.pace.silence);
        if ended {
            return Ok(false);
        }
        self.write(b"DONE\r\n").await?;
        refused(timeout(answer, self.answer(&tag, |_| ())).await??).map(|()| true)
    }

    /// Asks whether there is news (NOOP, RFC 3501 §6.1.2).
    pub(crate) async fn noop(&mut self) -> Result<(), ReadError> {
        refused(timeout(self.pace.answer, self.command("NOOP", |_| ())).await??)
    }

    /// Says goodbye and waits a moment for the answer; how that goes does not matter.
    pub(crate) async fn sign_out(mut self) {
        let goodbye = timeout(Duration::from_secs(2), self.command("LOGOUT", |_| ())).await;
        tracing::trace!(polite = matches!(goodbye, Ok(Ok(_))), "signed out");
    }

    async fn greeting(&mut self) -> Result<(), ReadError> {
        let hello = self
            .receive(|response| match response {
                Response::Data { status: Status::Ok, .. } => Ok(()),
                // Somebody signed in as somebody before TLS: exactly what must not be gone along with (RFC 9051 §7.1.4).
                Response::Data { outcome, .. } => Err(outcome.information.as_deref().unwrap_or_default().to_owned()),
                _ => Err(String::new()),
            })
            .await?;
        hello.map_err(|said| if said.is_empty() { ReadError::Nonsense } else { ReadError::Refused { said } })
    }

    async fn learn_capabilities(&mut self) -> Result<(), ReadError> {
        let mut offered = Capabilities::default();
        let learn = |response: &Response<'_>| {
            for capability in if let Response::Capabilities(list) = response { list.as_slice() } else { &[] } {
                match capability {
                    Capability::Auth(name) => offered.plain |= name.eq_ignore_ascii_case("PLAIN"),
                    Capability::Atom(name) => {
                        offered.idle |= name.eq_ignore_ascii_case("IDLE");
                        offered.no_login |= name.eq_ignore_ascii_case("LOGINDISABLED");
                    }
                    Capability::Imap4rev1 => {}
                }
            }
        };
        refused(timeout(self.pace.answer, self.command("CAPABILITY", learn)).await??)?;
        self.offers = offered;
        Ok(())
    }

    /// One command and its answer; `each` sees everything else that comes meanwhile.
    async fn command(&mut self, line: &str, each: impl FnMut(&Response<'_>) + Send) -> Result<Answer, ReadError> {
        let tag = self.send(line).await?;
        self.answer(&tag, each).await
    }

    /// One command with a second line, which the server has to ask for.
    async fn command_with(&mut self, line: &str, second: &str) -> Result<Answer, ReadError> {
        let tag = self.send(line).await?;
        if let Some(said) = self.go_ahead(&tag).await? {
            return Ok(Answer::Refused(said));
        }
        self.write(format!("{second}\r\n").as_bytes()).await?;
        self.answer(&tag, |_| ()).await
    }

    async fn send(&mut self, line: &str) -> Result<String, ReadError> {
        self.commands = self.commands.wrapping_add(1);
        let tag = format!("b{}", self.commands);
        self.write(format!("{tag} {line}\r\n").as_bytes()).await?;
        Ok(tag)
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), ReadError> {
        let wire = self.client.get_mut();
        wire.write_all(bytes).await?;
        Ok(wire.flush().await?)
    }

    /// The answer to the command `tag`.
    async fn answer(&mut self, tag: &str, mut each: impl FnMut(&Response<'_>) + Send) -> Result<Answer, ReadError> {
        loop {
            let done = self
                .receive(|response| {
                    each(response);
                    answer_to(tag, response)
                })
                .await?;
            if let Some(answer) = done {
                return Ok(answer);
            }
        }
    }

    /// None if the server asks for the next line of the command `tag`; what it said if it does not.
    async fn go_ahead(&mut self, tag: &str) -> Result<Option<String>, ReadError> {
        loop {
            let go = self
                .receive(|response| match response {
                    Response::Continue(_) => Some(None),
                    other => match answer_to(tag, other)? {
                        Answer::Done => Some(Some(String::new())),
                        Answer::Refused(said) => Some(Some(said)),
                    },
                })
                .await?;
            if let Some(go) = go {
                return Ok(go);
            }
        }
    }

    /// The next response. Dropping this loses nothing.
    async fn receive<T>(&mut self, judge: impl FnOnce(&Response<'_>) -> T) -> Result<T, ReadError> {
        let response = match self.client.read_response().await {
            Ok(Some(response)) => response,
            Ok(None) => return Err(self.bye.take().map_or(ReadError::Lost, |said| ReadError::Closed { said })),
            Err(error) => {
                let error = ReadError::from(error);
                return Err(match (error, self.bye.take()) {
                    (ReadError::Lost, Some(said)) => ReadError::Closed { said },
                    (error, _) => error,
                });
            }
        };
        match response.parsed() {
            Response::MailboxData(MailboxDatum::Exists(count)) => {
                self.news |= *count > self.exists;
                self.exists = *count;
            }
            Response::Expunge(_) => self.exists = self.exists.saturating_sub(1),
            Response::Data { status: Status::Bye, outcome } => {
                self.bye = outcome.information.as_deref().map(str::to_owned);
            }
            _ => {}
        }
        Ok(judge(response.parsed()))
    }
}

fn answer_to(tag: &str, response: &Response<'_>) -> Option<Answer> {
    match response {
        Response::Done { tag: RequestId(of), status, outcome } if of == tag => Some(match status {
            Status::Ok => Answer::Done,
            _ => Answer::Refused(outcome.information.as_deref().unwrap_or("(nothing)").to_owned()),
        }),
        _ => None,
    }
}

fn refused(answer: Answer) -> Result<(), ReadError> {
    match answer {
        Answer::Done => Ok(()),
        Answer::Refused(said) => Err(ReadError::Refused { said }),
    }
}

/// A quoted string (RFC 3501 §4.3); what cannot stand in one cannot be a name or a password here.
fn quoted(text: &str) -> Result<String, ReadError> {
    if text.contains(['\r', '\n', '\0']) {
        return Err(ReadError::Refused { said: "(nothing was sent: a name or password with a line break)".to_owned() });
    }
    Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_end_its_command() {
        assert_eq!(quoted("INBOX").unwrap(), "\"INBOX\"");
        assert_eq!(quoted("a\"b\\c").unwrap(), "\"a\\\"b\\\\c\"");
        assert!(quoted("a\r\nb2 DELETE INBOX").is_err());
    }
}
