//! Where a model is asked.
//!
//! An administrator names it, and may well run it inside the house: private addresses are allowed. Where clouds keep the
//! secrets of a machine (link-local addresses) no model runs, so nothing is sent there, whatever a name says. Without TLS
//! only this machine is asked, or, where the administrator allows it, a private address; that is looked at when the name has
//! been looked up, so that a name that leads elsewhere one day gets nothing.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use url::{Host, Url};

use super::error::AskError;
use crate::server::{Security, Server};

/// Where a model is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    tls: bool,
    host: Host,
    port: u16,
    /// Up to the method, without a slash at its end.
    base: String,
    inside: bool,
}

/// Why an address does not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPlace {
    /// It is none.
    #[error("This is no address. Write one like https://api.example.com/v1.")]
    NoUrl,
    /// It has what belongs elsewhere.
    #[error("The address may have a host, a port and a path, and nothing else. The key has a field of its own.")]
    TooMuch,
    /// It would be readable on the way.
    #[error("Without https only this machine is asked, or a private address where you allow that below.")]
    Readable,
}

impl Place {
    /// From its base address, as the makers of models write it: `https://api.example.com/v1`. `inside` allows a private
    /// address without TLS.
    pub fn parse(text: &str, inside: bool) -> Result<Place, BadPlace> {
        let url = Url::parse(text.trim()).map_err(|_| BadPlace::NoUrl)?;
        let tls = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(BadPlace::NoUrl),
        };
        let named = !url.username().is_empty() || url.password().is_some();
        if named || url.query().is_some() || url.fragment().is_some() {
            return Err(BadPlace::TooMuch);
        }
        let host = url.host().ok_or(BadPlace::NoUrl)?.to_owned();
        let port = url.port_or_known_default().ok_or(BadPlace::NoUrl)?;
        let base = url.path().trim_end_matches('/');
        let base = base.strip_suffix("/chat/completions").unwrap_or(base).to_owned();
        let place = Place { tls, host, port, base, inside };
        let here = match &place.host {
            Host::Domain(name) => name == "localhost",
            Host::Ipv4(it) => it.is_loopback(),
            Host::Ipv6(it) => it.to_canonical().is_loopback(),
        };
        if tls || inside || here { Ok(place) } else { Err(BadPlace::Readable) }
    }

    /// The base address, as it is kept.
    pub fn base(&self) -> String {
        format!("{}{}", self.origin(), self.base)
    }

    /// To whom a key may go: scheme, host and port.
    pub fn origin(&self) -> String {
        format!("{}://{}", if self.tls { "https" } else { "http" }, self.authority())
    }

    pub(super) fn is_tls(&self) -> bool {
        self.tls
    }

    pub(super) fn path(&self) -> String {
        format!("{}/chat/completions", self.base)
    }

    /// Host and port; the port only where it is not the usual one.
    pub(super) fn authority(&self) -> String {
        let usual = if self.tls { 443 } else { 80 };
        if self.port == usual { self.host.to_string() } else { format!("{}:{}", self.host, self.port) }
    }

    pub(super) fn server(&self) -> Server {
        let host = match &self.host {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(it) => it.to_string(),
            Host::Ipv6(it) => it.to_string(),
        };
        let security = if self.tls { Security::Tls } else { Security::Plain };
        Server { host, port: self.port, security }
    }

    /// Those of its addresses to which something may be sent.
    pub(super) fn allowed(&self, all: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, AskError> {
        let (tls, inside) = (self.tls, self.inside);
        let fine: Vec<SocketAddr> = all.into_iter().filter(|it| may_ask(it.ip(), tls, inside)).collect();
        if fine.is_empty() { Err(AskError::Forbidden { host: self.to_string() }) } else { Ok(fine) }
    }
}

/// The host, as the pages name it.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.authority())
    }
}

fn may_ask(to: IpAddr, tls: bool, inside: bool) -> bool {
    let to = to.to_canonical();
    let nowhere = match to {
        IpAddr::V4(it) => {
            it.is_link_local() || it.is_unspecified() || it.is_multicast() || it.is_broadcast() || it.octets()[0] == 0
        }
        IpAddr::V6(it) => it.is_unicast_link_local() || it.is_unspecified() || it.is_multicast() || leads_to_v4(it),
    };
    !nowhere && (tls || to.is_loopback() || inside && is_private(to))
}

fn is_private(to: IpAddr) -> bool {
    match to {
        // 100.64.0.0/10 is what carriers and private overlays use (RFC 6598).
        IpAddr::V4(it) => it.is_private() || matches!(it.octets(), [100, 64..=127, ..]),
        IpAddr::V6(it) => it.is_unique_local(),
    }
}

/// Forms in which an IPv6 address carries one of IPv4 to a gateway: what that one is would have to be asked again.
fn leads_to_v4(it: Ipv6Addr) -> bool {
    match it.segments() {
        [0x64, 0xff9b, ..] | [0x2002, ..] => true,
        [0, 0, 0, 0, 0, 0, high, _] => high > 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_its_maker_writes_it() {
        let it = Place::parse(" https://API.example.com/v1/ ", false).unwrap();
        assert_eq!(
            (it.base().as_str(), it.origin().as_str()),
            ("https://api.example.com/v1", "https://api.example.com")
        );
        assert_eq!((it.path().as_str(), it.to_string().as_str()), ("/v1/chat/completions", "api.example.com"));
        let whole = Place::parse("https://api.example.com/v1/chat/completions", false).unwrap();
        assert_eq!(whole, it);
        let it = Place::parse("http://[::1]:11434/v1", false).unwrap();
        assert_eq!((it.server().host.as_str(), it.to_string().as_str()), ("::1", "[::1]:11434"));
        for wrong in ["api.example.com", "ftp://api.example.com", "", "https://", "file:///etc/passwd"] {
            assert_eq!(Place::parse(wrong, false), Err(BadPlace::NoUrl), "{wrong}");
        }
        for wrong in ["https://me:key@a.example/v1", "https://a.example/v1?key=1", "https://a.example/#x"] {
            assert_eq!(Place::parse(wrong, false), Err(BadPlace::TooMuch), "{wrong}");
        }
    }

    #[test]
    fn without_tls_only_what_is_near_is_asked() {
        for text in ["http://localhost:8080", "http://127.0.0.1", "http://0x7f.1/", "http://[::ffff:127.0.0.1]/"] {
            assert!(Place::parse(text, false).is_ok(), "{text}");
        }
        for text in ["http://10.0.0.5:11434/v1", "http://model.lan", "http://localhost.example/"] {
            assert_eq!(Place::parse(text, false), Err(BadPlace::Readable), "{text}");
            assert!(Place::parse(text, true).is_ok(), "{text}");
        }
        for near in ["10.0.0.5", "192.168.1.9", "172.20.0.1", "100.100.1.1", "fd00::5", "::ffff:10.0.0.5"] {
            let near: IpAddr = near.parse().unwrap();
            assert!(may_ask(near, false, true) && may_ask(near, true, false) && !may_ask(near, false, false), "{near}");
        }
        for far in ["203.0.113.7", "172.32.0.1", "2001:db8::1"] {
            let far: IpAddr = far.parse().unwrap();
            assert!(may_ask(far, true, true) && !may_ask(far, false, true), "{far}");
        }
    }

    #[test]
    fn nothing_is_sent_to_where_no_model_runs() {
        for never in [
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "fe80::1",
            "0.0.0.0",
            "0.1.2.3",
            "::",
            "224.0.0.1",
            "255.255.255.255",
            "ff02::1",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::",
            "::169.254.169.254",
        ] {
            let never: IpAddr = never.parse().unwrap();
            assert!(!may_ask(never, true, true) && !may_ask(never, false, true), "{never}");
        }
    }
}
