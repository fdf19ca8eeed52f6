//! Finds a mailbox's servers from its address: in the list of known providers, in the records of its domain (RFC 6186,
//! and who takes its mail), or by trying the usual names.
//!
//! What a record says may have been written by anybody on the way, so a password goes to no server of another domain
//! before a person has seen its name: see [`Found::foreign`].

use std::time::Duration;

use domain::Email;
use hickory_resolver::TokioResolver;
use hickory_resolver::proto::rr::RData;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::provider::{self, Provider, is_within};
use crate::server::{Security, Server};

/// How long the records of a domain may take.
const RECORDS: Duration = Duration::from_secs(3);

/// How long a usual name may take to answer.
const KNOCK: Duration = Duration::from_secs(3);

/// How servers were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Somebody wrote them down.
    Given,
    /// The domain is that of a known provider.
    Known(&'static str),
    /// The domain's mail goes to a known provider.
    Exchanger(&'static str),
    /// The domain's records name them (RFC 6186).
    Records,
    /// They answer under a usual name.
    Tried,
    /// Nothing was found: this is what most have.
    Nothing,
}

/// The servers of a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The server that is read.
    pub reading: Server,
    /// The server that sends.
    pub sending: Server,
    /// How they were found.
    pub how: How,
    /// Servers of other domains that the domain's records name: a person has to say that they are theirs.
    pub foreign: Vec<String>,
}

/// What is asked of the world outside.
pub trait World: Sync {
    /// The hosts and ports of a service, the preferred one first (RFC 2782).
    fn services(&self, name: &str) -> impl Future<Output = Vec<(String, u16)>> + Send;
    /// The names of the hosts that take a domain's mail, the preferred one first.
    fn exchangers(&self, domain: &str) -> impl Future<Output = Vec<String>> + Send;
    /// Whether a server takes connections.
    fn answers(&self, server: &Server) -> impl Future<Output = bool> + Send;
}

/// The servers of `address`.
pub async fn guess(address: &Email, world: &impl World) -> Found {
    let address = mail::ascii(address);
    let domain = address.domain();
    if let Some(known) = provider::of_domain(domain) {
        return of_provider(known, How::Known(known.name));
    }
    if let Some(found) = of_records(domain, world).await {
        return found;
    }
    if let Some(known) = world.exchangers(domain).await.iter().find_map(|it| provider::of_exchanger(it)) {
        return of_provider(known, How::Exchanger(known.name));
    }
    let (reading, sending) = tokio::join!(first(domain, &READING, world), first(domain, &SENDING, world));
    let how = if reading.is_some() && sending.is_some() { How::Tried } else { How::Nothing };
    let mail = format!("mail.{domain}");
    Found {
        reading: reading.unwrap_or(Server { host: mail.clone(), port: 993, security: Security::Tls }),
        sending: sending.unwrap_or(Server { host: mail, port: 587, security: Security::Starttls }),
        how,
        foreign: Vec::new(),
    }
}

fn of_provider(it: &Provider, how: How) -> Found {
    Found { reading: it.reading(), sending: it.sending(), how, foreign: Vec::new() }
}

/// What RFC 6186 and RFC 8314 §5.1 name; none unless both ways are named.
async fn of_records(domain: &str, world: &impl World) -> Option<Found> {
    let service = async |name: &str, security: Security| {
        let found = world.services(&format!("{name}._tcp.{domain}")).await;
        // A lone dot says that there is no such service.
        let (host, port) = found.into_iter().find(|it| !it.0.trim_end_matches('.').is_empty())?;
        Some(Server { host: host.trim_end_matches('.').to_lowercase(), port, security })
    };
    let (imaps, imap, submissions, submission) = tokio::join!(
        service("_imaps", Security::Tls),
        service("_imap", Security::Starttls),
        service("_submissions", Security::Tls),
        service("_submission", Security::Starttls),
    );
    let (reading, sending) = (imaps.or(imap)?, submissions.or(submission)?);
    let strange = |it: &Server| !is_within(&it.host, domain) && provider::of_server(&it.host).is_none();
    let mut foreign: Vec<String> =
        [&reading, &sending].into_iter().filter(|it| strange(it)).map(|it| it.host.clone()).collect();
    foreign.dedup();
    Some(Found { reading, sending, how: How::Records, foreign })
}

/// The usual names and ports, the likeliest first.
const READING: [(&str, u16, Security); 6] = [
    ("imap.", 993, Security::Tls),
    ("mail.", 993, Security::Tls),
    ("", 993, Security::Tls),
    ("imap.", 143, Security::Starttls),
    ("mail.", 143, Security::Starttls),
    ("", 143, Security::Starttls),
];
const SENDING: [(&str, u16, Security); 6] = [
    ("smtp.", 465, Security::Tls),
    ("mail.", 465, Security::Tls),
    ("smtp.", 587, Security::Starttls),
    ("mail.", 587, Security::Starttls),
    ("", 465, Security::Tls),
    ("", 587, Security::Starttls),
];

/// The first of these that answers. All are asked at once.
async fn first(domain: &str, names: &[(&str, u16, Security)], world: &impl World) -> Option<Server> {
    let server = |it: &(&str, u16, Security)| Server { host: format!("{}{domain}", it.0), port: it.1, security: it.2 };
    let servers: Vec<Server> = names.iter().map(server).collect();
    let answers = futures_util::future::join_all(servers.iter().map(|it| world.answers(it))).await;
    servers.into_iter().zip(answers).find(|it| it.1).map(|it| it.0)
}

/// The world as it is. Each question ends soon: on a machine without a resolver nothing is found.
#[derive(Debug, Default)]
pub struct Internet;

impl Internet {
    /// A resolver with the settings of this machine, which is in no hurry but ours.
    fn resolver() -> Option<TokioResolver> {
        let mut builder = TokioResolver::builder_tokio().ok()?;
        let options = builder.options_mut();
        options.timeout = RECORDS / 2;
        options.attempts = 1;
        builder.build().ok()
    }
}

impl World for Internet {
    async fn services(&self, name: &str) -> Vec<(String, u16)> {
        let Some(resolver) = Internet::resolver() else { return Vec::new() };
        let Ok(Ok(found)) = timeout(RECORDS, resolver.srv_lookup(absolute(name))).await else { return Vec::new() };
        let mut services: Vec<_> = found
            .answers()
            .iter()
            .filter_map(|record| match &record.data {
                RData::SRV(it) => Some((it.priority, u16::MAX - it.weight, it.target.to_ascii(), it.port)),
                _ => None,
            })
            .collect();
        services.sort_unstable();
        services.into_iter().map(|(_, _, host, port)| (host, port)).collect()
    }

    async fn exchangers(&self, domain: &str) -> Vec<String> {
        let Some(resolver) = Internet::resolver() else { return Vec::new() };
        let Ok(Ok(found)) = timeout(RECORDS, resolver.mx_lookup(absolute(domain))).await else { return Vec::new() };
        let mut hosts: Vec<_> = found
            .answers()
            .iter()
            .filter_map(|record| match &record.data {
                RData::MX(it) => Some((it.preference, it.exchange.to_ascii())),
                _ => None,
            })
            .collect();
        hosts.sort_unstable();
        hosts.into_iter().map(|it| it.1).collect()
    }

    async fn answers(&self, server: &Server) -> bool {
        let knock = TcpStream::connect((server.host.as_str(), server.port));
        matches!(timeout(KNOCK, knock).await, Ok(Ok(_)))
    }
}

/// A name that no search list of this machine changes.
fn absolute(name: &str) -> String {
    format!("{}.", name.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A world with these services, exchangers and servers.
    #[derive(Default)]
    struct Small {
        services: Vec<(&'static str, &'static str, u16)>,
        exchangers: Vec<&'static str>,
        answers: Vec<(&'static str, u16)>,
    }

    impl World for Small {
        async fn services(&self, name: &str) -> Vec<(String, u16)> {
            self.services.iter().filter(|it| it.0 == name).map(|it| (it.1.to_owned(), it.2)).collect()
        }
        async fn exchangers(&self, _: &str) -> Vec<String> {
            self.exchangers.iter().map(|it| (*it).to_owned()).collect()
        }
        async fn answers(&self, server: &Server) -> bool {
            self.answers.contains(&(server.host.as_str(), server.port))
        }
    }

    async fn ask(address: &str, world: Small) -> (String, String, How, bool) {
        let it = guess(&Email::parse(address).unwrap(), &world).await;
        (it.reading.to_string(), it.sending.to_string(), it.how, !it.foreign.is_empty())
    }

    fn told(reading: &str, sending: &str, how: How) -> (String, String, How, bool) {
        (reading.to_owned(), sending.to_owned(), how, false)
    }

    #[tokio::test]
    async fn known_providers_are_not_looked_up() {
        let found = ask("ann@gmx.de", Small::default()).await;
        assert_eq!(found, told("imap.gmx.net:993", "mail.gmx.net:465", How::Known("GMX")));
    }

    #[tokio::test]
    async fn the_records_of_the_domain_come_before_who_takes_its_mail() {
        let services = vec![
            ("_imaps._tcp.x.example", "in.x.example.", 993),
            ("_submission._tcp.x.example", "out.x.example.", 587),
            ("_submissions._tcp.x.example", ".", 0),
        ];
        let world =
            || Small { services: services.clone(), exchangers: vec!["aspmx.l.google.com."], ..Small::default() };
        assert_eq!(ask("a@x.example", world()).await, told("in.x.example:993", "out.x.example:587", How::Records));
        let mut elsewhere = world();
        elsewhere.services[0].1 = "in.other.example.";
        assert!(ask("a@x.example", elsewhere).await.3, "another domain’s server has to be seen by a person first");
        let mut known = world();
        known.services[0].1 = "imap.gmail.com.";
        assert!(!ask("a@x.example", known).await.3);
        let half = Small { services: vec![services[0]], ..world() };
        let google = told("imap.gmail.com:993", "smtp.gmail.com:465", How::Exchanger("Gmail"));
        assert_eq!(ask("a@x.example", half).await, google, "half a way is none");
    }

    #[tokio::test]
    async fn the_usual_names_are_tried_at_last() {
        let world = Small {
            exchangers: vec!["mx.x.example"],
            answers: vec![
                ("mail.x.example", 143),
                ("mail.x.example", 993),
                ("x.example", 587),
                ("smtp.x.example", 587),
            ],
            ..Small::default()
        };
        assert_eq!(ask("a@x.example", world).await, told("mail.x.example:993", "smtp.x.example:587", How::Tried));
        let nothing = told("mail.x.example:993", "mail.x.example:587", How::Nothing);
        assert_eq!(ask("a@x.example", Small::default()).await, nothing);
    }

    #[tokio::test]
    async fn without_a_network_it_ends_all_the_same() {
        let it = guess(&Email::parse("a@nowhere.invalid").unwrap(), &Internet).await;
        assert_eq!(it.how, How::Nothing);
    }
}
