//! One connection to an SMTP server. mail-send speaks the commands; this decides what goes out when, and what each
//! reply means at its place.

use std::io;
use std::time::Duration;

use domain::Email;
use mail_send::{Credentials, SmtpClient};
use smtp_proto::{EXT_8BIT_MIME, EXT_SIZE, EXT_START_TLS, EhloResponse, Response};
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use super::{Envelope, Patience, SendError};
use crate::server::{Login, Security, Server};
use crate::tls::Tls;
use crate::wire::{ConnectError, Wire};

/// A connection that is secured as asked for, before or after signing in.
pub(crate) struct Session {
    client: SmtpClient<Wire>,
    offers: EhloResponse<String>,
}

impl Session {
    /// Secures `wire` as `server` asks for, and greets. Nothing but EHLO and STARTTLS goes out before that. A refusal here
    /// is about the desk or its address and not about a mail, so it is never lasting.
    pub(crate) async fn open(
        wire: Wire,
        server: &Server,
        tls: &Tls,
        helo: &str,
        patience: &Patience,
    ) -> Result<Session, SendError> {
        let opened = Session::greet(wire, server, tls, helo, patience).await;
        opened.map_err(SendError::passing)
    }

    async fn greet(
        wire: Wire,
        server: &Server,
        tls: &Tls,
        helo: &str,
        patience: &Patience,
    ) -> Result<Session, SendError> {
        let helo = if helo.is_empty() || !helo.chars().all(|it| it.is_ascii_graphic()) { "localhost" } else { helo };
        let wire = if server.security.is_implicit() { wire.secure(server, tls, patience.connect).await? } else { wire };
        let mut client = SmtpClient { stream: wire, timeout: patience.answer };
        let greeting = timeout(patience.answer, client.read()).await.map_err(|_| SendError::silent())?;
        // Before the greeting anybody may be there; who hangs up behind it is a mail server.
        match greeting {
            Err(mail_send::Error::UnparseableReply) => return Err(SendError::nonsense()),
            greeting => good(greeting, None)?,
        };
        let mut offers = client.ehlo(helo).await.map_err(fault)?;
        if server.security == Security::Starttls {
            let none = || ConnectError::NoStarttls { server: server.to_string() };
            if !offers.has_capability(EXT_START_TLS) || !is_good(&client.cmd("STARTTLS\r\n").await.map_err(fault)?) {
                return Err(none().into());
            }
            client.stream = client.stream.secure(server, tls, patience.connect).await?;
            // What was offered in the clear may have been written by anybody.
            offers = client.ehlo(helo).await.map_err(fault)?;
        }
        Ok(Session { client, offers })
    }

    /// “TLS 1.3”, or what else protects the connection, and when its certificate ends (seconds since 1970 UTC).
    pub(crate) fn protection(&self) -> (&'static str, Option<i64>) {
        (self.client.stream.protection(), self.client.stream.valid_until())
    }

    /// Signs in with what the server offers (AUTH PLAIN or LOGIN, RFC 4954). Without a password nobody does: some servers
    /// know the desk by its address.
    pub(crate) async fn sign_in(&mut self, login: &Login) -> Result<(), SendError> {
        if login.password.reveal().is_empty() {
            return Ok(());
        }
        let credentials = Credentials::new(login.user.as_str(), login.password.reveal());
        match self.client.authenticate(&credentials, &self.offers).await {
            Ok(_) => Ok(()),
            Err(mail_send::Error::AuthenticationFailed(reply)) if reply.code() >= 500 => {
                Err(SendError::sign_in(line(&reply)))
            }
            Err(mail_send::Error::UnsupportedAuthMechanism | mail_send::Error::MissingCredentials) => {
                Err(SendError::sign_in("(nothing: it offers no sign-in with a password)".to_owned()))
            }
            Err(error) => Err(fault(error)),
        }
    }

    /// Asks whether `from` may be a sender here, and takes it back (RSET): no mail comes of it.
    pub(crate) async fn try_sender(&mut self, from: &Email) -> Result<(), SendError> {
        good(self.client.cmd(format!("MAIL FROM:<{from}>\r\n")).await, None)?;
        good(self.client.cmd("RSET\r\n").await, None).map(|_| ())
    }

    /// Hands the mail over, all but its last line: without that it cannot be taken, so until here any error is a clear
    /// case. Answers for whom the server does not take it; if that is everybody, nothing is handed over.
    pub(super) async fn hand_over(&mut self, mail: &Envelope, bytes: &[u8]) -> Result<Vec<SendError>, SendError> {
        self.hand_over_from(mail.from.as_ref().map_or("", Email::as_str), &mail.to, bytes).await
    }

    /// Sends a mail of the desk itself, which nobody's bounce is to answer: with the null return path (RFC 5321 §4.5.5), or,
    /// where the server takes none such, with `from`.
    pub(crate) async fn send_own(&mut self, from: &Email, to: &Email, bytes: &[u8]) -> Result<String, SendError> {
        let limit = self.client.timeout;
        let recipients = std::slice::from_ref(to);
        for sender in ["", from.as_str()] {
            let sent = match self.hand_over_from(sender, recipients, bytes).await {
                Ok(_) => self.finish(limit).await,
                Err(error) => Err(error),
            };
            match sent {
                Err(error) if sender.is_empty() && !error.said.is_empty() => {
                    good(self.client.cmd("RSET\r\n").await, None)?;
                }
                sent => return sent,
            }
        }
        Err(SendError::nonsense())
    }

    async fn hand_over_from(&mut self, from: &str, to: &[Email], bytes: &[u8]) -> Result<Vec<SendError>, SendError> {
        let parameters = self.parameters(bytes)?;
        good(self.client.cmd(format!("MAIL FROM:<{from}>{parameters}\r\n")).await, None)?;
        let mut missed = Vec::new();
        for recipient in to {
            let reply = self.client.cmd(format!("RCPT TO:<{recipient}>\r\n")).await.map_err(fault)?;
            if !is_good(&reply) {
                missed.push(refusal(&reply, Some(recipient)));
            }
        }
        if missed.len() == to.len() {
            // What may pass decides: whoever is asked again may be taken then.
            let passing = missed.iter().position(|it| !it.lasting).unwrap_or_default();
            return Err(missed.swap_remove(passing));
        }
        let go_ahead = self.client.cmd("DATA\r\n").await.map_err(fault)?;
        if go_ahead.code() != 354 {
            return Err(refusal(&go_ahead, None));
        }
        self.client.stream.write_all(&stuffed(bytes)).await.map_err(|error| lost(&error))?;
        Ok(missed)
    }

    /// Ends the mail and waits up to `limit` for what becomes of it. Servers look into a mail before they answer, and a
    /// mail that was taken without our knowing is sent twice: so this is the longest wait (RFC 5321 §4.5.3.2.6).
    pub(super) async fn finish(&mut self, limit: Duration) -> Result<String, SendError> {
        self.client.stream.set_silence(limit);
        let answer = async {
            self.client.stream.write_all(b".\r\n").await?;
            self.client.stream.flush().await?;
            self.client.read().await
        };
        let Ok(Ok(reply)) = timeout(limit, answer).await else { return Err(SendError::unclear()) };
        if is_good(&reply) { Ok(line(&reply)) } else { Err(refusal(&reply, None)) }
    }

    /// Says goodbye. The mail is taken or refused already, so how this goes does not matter.
    pub(crate) async fn quit(mut self) {
        let goodbye = timeout(Duration::from_secs(2), self.client.cmd("QUIT\r\n")).await;
        tracing::trace!(polite = matches!(goodbye, Ok(Ok(_))), "signed out");
    }

    /// What the server wants to know beforehand: the size (RFC 1870), eight-bit lines (RFC 6152).
    fn parameters(&self, bytes: &[u8]) -> Result<String, SendError> {
        let mut parameters = String::new();
        if self.offers.has_capability(EXT_SIZE) {
            if self.offers.size > 0 && bytes.len() > self.offers.size {
                return Err(SendError::too_big(format!("SIZE {}", self.offers.size)));
            }
            parameters = format!(" SIZE={}", bytes.len());
        }
        if !bytes.is_ascii() && self.offers.has_capability(EXT_8BIT_MIME) {
            parameters.push_str(" BODY=8BITMIME");
        }
        Ok(parameters)
    }
}

/// A dot at the beginning of a line is doubled, for a dot alone ends the mail (RFC 5321 §4.5.2).
fn stuffed(bytes: &[u8]) -> Vec<u8> {
    let mut stuffed = Vec::with_capacity(bytes.len() + 64);
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        if line.starts_with(b".") {
            stuffed.push(b'.');
        }
        stuffed.extend_from_slice(line);
    }
    stuffed
}

fn is_good(reply: &Response<String>) -> bool {
    (200..300).contains(&reply.code())
}

fn good(reply: mail_send::Result<Response<String>>, recipient: Option<&Email>) -> Result<Response<String>, SendError> {
    let reply = reply.map_err(fault)?;
    if is_good(&reply) { Ok(reply) } else { Err(refusal(&reply, recipient)) }
}

fn refusal(reply: &Response<String>, recipient: Option<&Email>) -> SendError {
    SendError::reply(reply.code(), reply.esc, line(reply), recipient)
}

/// The reply as the server wrote it, on one line.
fn line(reply: &Response<String>) -> String {
    let text = reply.message().split_whitespace().collect::<Vec<_>>().join(" ");
    match reply.esc {
        [0, 0, 0] => format!("{} {text}", reply.code()),
        [class, subject, detail] => format!("{} {class}.{subject}.{detail} {text}", reply.code()),
    }
}

/// What an error means before the mail is handed over.
fn fault(error: mail_send::Error) -> SendError {
    match error {
        mail_send::Error::Io(error) => lost(&error),
        mail_send::Error::Timeout => SendError::silent(),
        mail_send::Error::UnexpectedReply(reply) | mail_send::Error::AuthenticationFailed(reply) => {
            refusal(&reply, None)
        }
        // What comes of a connection that ended cleanly: nothing, which is no reply.
        mail_send::Error::UnparseableReply => SendError::lost(),
        _ => SendError::nonsense(),
    }
}

fn lost(error: &io::Error) -> SendError {
    if error.kind() == io::ErrorKind::TimedOut { SendError::silent() } else { SendError::lost() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_doubled_at_the_beginning_of_lines_only() {
        for (plain, sent) in [
            ("a\r\n", "a\r\n"),
            (".\r\n", "..\r\n"),
            ("a.b\r\n.c\r\n..\r\n", "a.b\r\n..c\r\n...\r\n"),
            ("\r\n.\r\n\r\n", "\r\n..\r\n\r\n"),
        ] {
            assert_eq!(stuffed(plain.as_bytes()), sent.as_bytes());
        }
    }
}
