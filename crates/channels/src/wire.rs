//! One TCP connection, with or without TLS, on which every wait is bounded.

mod bounds;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep, timeout};
use tokio_rustls::client::TlsStream;

use crate::Tls;
use crate::certificate;
use crate::server::{Security, Server, Unprotected};

pub(crate) use bounds::Bounds;

/// How long one address of several may keep us from the next.
const ONE_ADDRESS: Duration = Duration::from_secs(5);

/// No safe connection to a server came about.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Plain text to another machine.
    #[error(transparent)]
    Unprotected(#[from] Unprotected),
    /// The name does not lead to an address.
    #[error("There is no server named {host}. Is the name right?")]
    Unknown {
        /// The host that was named.
        host: String,
    },
    /// Nobody takes the connection.
    #[error("{server} takes no connection: {why}.")]
    Unreachable {
        /// `host:port`.
        server: String,
        /// What the network says.
        why: String,
    },
    /// Nobody answers at all.
    #[error("{server} does not answer. Is the port right, and does a firewall let it through?")]
    Silent {
        /// `host:port`.
        server: String,
    },
    /// STARTTLS was asked for and is not offered; nothing more was sent.
    #[error("{server} offers no STARTTLS. Most providers offer TLS on another port: 993 for reading, 465 for sending.")]
    NoStarttls {
        /// `host:port`.
        server: String,
    },
    /// The other side does not speak TLS.
    #[error("{server} does not speak TLS as the setting says: {why}. Is it STARTTLS, or another port?")]
    NoTls {
        /// `host:port`.
        server: String,
        /// What went wrong in the handshake.
        why: String,
    },
    /// The certificate does not prove that the server is the one that was named.
    #[error("{server} cannot prove who it is: {why}. No password was sent.")]
    Untrusted {
        /// `host:port`.
        server: String,
        /// What is wrong with the certificate.
        why: String,
    },
}

impl ConnectError {
    /// Whether the way would be unsafe, in contrast to there being no way.
    pub fn is_insecure(&self) -> bool {
        matches!(
            self,
            ConnectError::Unprotected(_)
                | ConnectError::NoStarttls { .. }
                | ConnectError::NoTls { .. }
                | ConnectError::Untrusted { .. }
        )
    }
}

/// A connection. A read or a write that makes no progress for [`Wire::set_silence`] fails with `TimedOut`.
pub(crate) struct Wire {
    way: Way,
    silence: Duration,
    reading: Option<Pin<Box<Sleep>>>,
    writing: Option<Pin<Box<Sleep>>>,
    bounds: Option<Bounds>,
}

enum Way {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Wire {
    /// A TCP connection to `server`, tried at each of its addresses, at most `limit` in all. Not secured yet.
    pub(crate) async fn connect(server: &Server, limit: Duration, silence: Duration) -> Result<Wire, ConnectError> {
        server.check()?;
        let stream = match timeout(limit, dial(server)).await {
            Ok(stream) => stream?,
            Err(_) => return Err(ConnectError::Silent { server: server.to_string() }),
        };
        // Commands are short and each waits for its answer; without this option each would wait for a delayed ACK.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection stays with Nagle's algorithm");
        }
        Ok(Wire { way: Way::Plain(stream), silence, reading: None, writing: None, bounds: None })
    }

    /// Over a connection that somebody else has made, and made sure of. Not secured yet.
    pub(crate) fn over(stream: TcpStream, silence: Duration) -> Wire {
        Wire { way: Way::Plain(stream), silence, reading: None, writing: None, bounds: None }
    }

    /// The TLS handshake with the certificate checked against `server.host`. What the server sent in the clear before
    /// is gone with the caller's buffer, so nothing slipped in there survives (CVE-2011-0411).
    pub(crate) async fn secure(self, server: &Server, tls: &Tls, limit: Duration) -> Result<Wire, ConnectError> {
        let Way::Plain(stream) = self.way else { return Ok(self) };
        let no_tls = |why: String| ConnectError::NoTls { server: server.to_string(), why };
        let name = ServerName::try_from(server.host.clone())
            .map_err(|_| no_tls(format!("no certificate can be valid for “{}”", server.host)))?;
        match timeout(limit, tls.connector().connect(name, stream)).await {
            Ok(Ok(stream)) => Ok(Wire { way: Way::Tls(Box::new(stream)), ..self }),
            Ok(Err(error)) => Err(refusal(server, &error)),
            Err(_) => Err(no_tls("the handshake was not answered".to_owned())),
        }
    }

    /// Bounds what the server may make us hold, from the next byte on.
    pub(crate) fn set_bounds(&mut self, bounds: Bounds) {
        self.bounds = Some(bounds);
    }

    /// How long a read or a write may make no progress. Starts anew.
    pub(crate) fn set_silence(&mut self, silence: Duration) {
        self.silence = silence;
        self.reading = None;
        self.writing = None;
    }

    /// “TLS 1.3”, or what else protects this connection.
    pub(crate) fn protection(&self) -> &'static str {
        match &self.way {
            Way::Plain(_) => "not encrypted, on this machine",
            Way::Tls(stream) => match stream.get_ref().1.protocol_version() {
                Some(rustls::ProtocolVersion::TLSv1_3) => "TLS 1.3",
                Some(rustls::ProtocolVersion::TLSv1_2) => "TLS 1.2",
                _ => "TLS",
            },
        }
    }

    /// When the server's certificate ends, in seconds since 1970 UTC.
    pub(crate) fn valid_until(&self) -> Option<i64> {
        let Way::Tls(stream) = &self.way else { return None };
        certificate::valid_until(stream.get_ref().1.peer_certificates()?.first()?)
    }
}

async fn dial(server: &Server) -> Result<TcpStream, ConnectError> {
    let addresses = addresses(server).await?;
    dial_one(server, &addresses).await
}

/// Where the server's name leads.
pub(crate) async fn addresses(server: &Server) -> Result<Vec<SocketAddr>, ConnectError> {
    let unknown = |_| ConnectError::Unknown { host: server.host.clone() };
    Ok(tokio::net::lookup_host((server.host.as_str(), server.port)).await.map_err(unknown)?.collect())
}

/// A connection to one of these addresses of the server.
pub(crate) async fn dial_one(server: &Server, addresses: &[SocketAddr]) -> Result<TcpStream, ConnectError> {
    let unknown = || ConnectError::Unknown { host: server.host.clone() };
    let error = match reach(addresses, ONE_ADDRESS).await {
        Some(Ok(stream)) => return Ok(stream),
        Some(Err(error)) => error,
        None => return Err(unknown()),
    };
    let why = match error.kind() {
        io::ErrorKind::ConnectionRefused => "nothing listens on this port".to_owned(),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            "there is no way through the network".to_owned()
        }
        _ => error.to_string(),
    };
    Err(ConnectError::Unreachable { server: server.to_string(), why })
}

/// The first of `addresses` that takes a connection, or what the last one says. Each but the last has `limit` for it: many
/// a server has an address of IPv6 that leads nowhere.
async fn reach(addresses: &[SocketAddr], limit: Duration) -> Option<io::Result<TcpStream>> {
    let (last, others) = addresses.split_last()?;
    for address in others {
        if let Ok(Ok(stream)) = timeout(limit, TcpStream::connect(address)).await {
            return Some(Ok(stream));
        }
    }
    Some(TcpStream::connect(last).await)
}

/// Why a handshake failed, in words.
fn refusal(server: &Server, error: &io::Error) -> ConnectError {
    use rustls::CertificateError as Bad;
    let server_name = server.to_string();
    let cause = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let why = match cause {
        Some(rustls::Error::InvalidCertificate(bad)) => match bad {
            Bad::UnknownIssuer => {
                "its certificate is signed by nobody this machine trusts (see the setting extra_ca_file)".to_owned()
            }
            Bad::Expired | Bad::ExpiredContext { .. } => "its certificate has expired".to_owned(),
            Bad::NotValidYet | Bad::NotValidYetContext { .. } => "its certificate is not valid yet".to_owned(),
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
                format!("its certificate is for another name than {}", server.host)
            }
            Bad::Revoked => "its certificate was revoked".to_owned(),
            other => format!("its certificate is not valid ({other})"),
        },
        Some(rustls::Error::InvalidMessage(_)) => {
            return ConnectError::NoTls { server: server_name, why: "what it sent is not TLS".to_owned() };
        }
        Some(other) => return ConnectError::NoTls { server: server_name, why: other.to_string() },
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            return ConnectError::NoTls { server: server_name, why: "it hung up in the handshake".to_owned() };
        }
        None => return ConnectError::NoTls { server: server_name, why: error.to_string() },
    };
    ConnectError::Untrusted { server: server_name, why }
}

impl Security {
    /// Whether TLS comes before the first word of the protocol.
    pub(crate) fn is_implicit(self) -> bool {
        matches!(self, Security::Tls)
    }
}

/// Fails a pending wait that has lasted too long.
fn bounded<T>(
    timer: &mut Option<Pin<Box<Sleep>>>,
    silence: Duration,
    cx: &mut Context<'_>,
    outcome: Poll<io::Result<T>>,
) -> Poll<io::Result<T>> {
    if outcome.is_ready() {
        *timer = None;
        return outcome;
    }
    let timer = timer.get_or_insert_with(|| Box::pin(sleep(silence)));
    timer.as_mut().poll(cx).map(|()| Err(io::Error::new(io::ErrorKind::TimedOut, "the server fell silent")))
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = into.filled().len();
        let read = match &mut this.way {
            Way::Plain(stream) => Pin::new(stream).poll_read(cx, into),
            Way::Tls(stream) => Pin::new(stream).poll_read(cx, into),
        };
        ready!(bounded(&mut this.reading, this.silence, cx, read))?;
        if let Some(bounds) = &mut this.bounds {
            bounds.check(into.filled().get(before..).unwrap_or_default())?;
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = match &mut this.way {
            Way::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Way::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        };
        bounded(&mut this.writing, this.silence, cx, written)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = match &mut this.way {
            Way::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Way::Tls(stream) => Pin::new(stream).poll_flush(cx),
        };
        bounded(&mut this.writing, this.silence, cx, flushed)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let closed = match &mut this.way {
            Way::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Way::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        };
        bounded(&mut this.writing, this.silence, cx, closed)
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").field("protection", &self.protection()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::{TcpListener, TcpSocket};

    use super::*;

    #[tokio::test]
    async fn an_address_that_does_not_answer_leaves_time_for_the_next() {
        let here = "127.0.0.1:0".parse().unwrap();
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(here).unwrap();
        let dead = socket.listen(1).unwrap();
        let address = dead.local_addr().unwrap();
        // Nobody accepts, so the queue fills up and the kernel answers no more.
        let limit = Duration::from_millis(100);
        let mut waiting = Vec::new();
        while let Ok(stream) = timeout(limit, TcpStream::connect(address)).await {
            waiting.push(stream);
        }
        let alive = TcpListener::bind(here).await.unwrap();
        let found = reach(&[address, alive.local_addr().unwrap()], limit).await.unwrap().unwrap();
        assert_eq!(found.peer_addr().unwrap(), alive.local_addr().unwrap());
        assert!(reach(&[], limit).await.is_none());
    }
}
