//! The form of a mailbox: on the first visit, for a new one, and for one that is changed.

use desk::channel::{Detail, NewMailbox, Outcome, Security, Server, Servers, Step, StepName};
use domain::{Email, Timestamp};
use maud::{Markup, html};
use serde::Deserialize;
use store::channel::Channel;

use crate::form::{Wrong, invalid};
use crate::part::{Button, Check, CheckState, Clock, Field, Icon, Select, checks};
use crate::text::{t, t_with};

/// What somebody enters about a mailbox.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Entered {
    /// What customers see as the sender's name.
    pub name: String,
    /// The address to which they write.
    pub address: String,
    /// The name to sign in with; empty: the address.
    pub user: String,
    /// The password; empty: the one there is.
    pub mailbox_password: String,
    /// How mail comes in: `mailbox` or `api`.
    pub way: String,
    /// The server that is read; empty: guessed from the address.
    pub reading_host: String,
    /// Its port; empty: the usual one.
    pub reading_port: String,
    /// How the way to it is secured.
    pub reading_security: String,
    /// The server that sends.
    pub sending_host: String,
    /// Its port.
    pub sending_port: String,
    /// How the way to it is secured.
    pub sending_security: String,
    /// The id by which the server signs Authentication-Results.
    pub authserv_id: String,
}

/// A way for mail to come in.
const API: &str = "api";

/// Which server.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Reading,
    Sending,
}

impl Entered {
    /// A form that nobody has touched, with what most servers have.
    pub fn fresh() -> Entered {
        Entered {
            way: "mailbox".to_owned(),
            reading_port: "993".to_owned(),
            reading_security: "tls".to_owned(),
            sending_port: "587".to_owned(),
            sending_security: "starttls".to_owned(),
            ..Entered::default()
        }
    }

    /// What is known of a mailbox. Never its password.
    pub fn of(channel: &Channel, servers: Servers) -> Entered {
        let way = if servers.reading.is_some() { "mailbox" } else { API };
        let fresh = Entered::fresh();
        let (reading_host, reading_port, reading_security) = spelled(servers.reading, (fresh.reading_port, "tls"));
        let (sending_host, sending_port, sending_security) = spelled(servers.sending, (fresh.sending_port, "starttls"));
        Entered {
            name: channel.name.clone(),
            address: channel.address.to_string(),
            user: servers.user,
            mailbox_password: String::new(),
            way: way.to_owned(),
            reading_host,
            reading_port,
            reading_security,
            sending_host,
            sending_port,
            sending_security,
            authserv_id: servers.authserv_id.unwrap_or_default(),
        }
    }

    /// The mailbox that was meant.
    pub fn mailbox(&self) -> desk::Result<NewMailbox> {
        let address = Email::parse(&self.address).ok_or_else(|| invalid("address", t("mailbox-address-wrong")))?;
        Ok(NewMailbox {
            name: self.name.clone(),
            reading: self.server(Side::Reading, &address)?,
            sending: self.server(Side::Sending, &address)?,
            address: address.to_string(),
            user: self.user.clone(),
            password: self.mailbox_password.clone(),
            authserv_id: self.authserv_id.clone(),
        })
    }

    fn server(&self, side: Side, address: &Email) -> desk::Result<Option<Server>> {
        let (host, port, security, fields) = match side {
            Side::Reading => {
                let fields = ("reading_host", "reading_port", "reading_security");
                (&self.reading_host, &self.reading_port, &self.reading_security, fields)
            }
            Side::Sending => {
                let fields = ("sending_host", "sending_port", "sending_security");
                (&self.sending_host, &self.sending_port, &self.sending_security, fields)
            }
        };
        let by_program = self.way == API;
        if by_program && (side == Side::Reading || host.trim().is_empty()) {
            return Ok(None);
        }
        let security = security_of(security).ok_or_else(|| invalid(fields.2, t("security-wrong")))?;
        let port = match port.trim() {
            "" => usual(side, security),
            port => port.parse().ok().filter(|it| *it > 0).ok_or_else(|| invalid(fields.1, t("port-wrong")))?,
        };
        let host = match host.trim() {
            "" => format!("mail.{}", address.domain()),
            host if host.contains(|it: char| it.is_whitespace() || it == '/' || it == '@') => {
                return Err(invalid(fields.0, t("host-wrong")));
            }
            host => host.to_lowercase(),
        };
        let server = Server { host, port, security };
        match server.check() {
            Ok(()) => Ok(Some(server)),
            Err(err) => Err(invalid(fields.2, err.to_string())),
        }
    }

    /// The server's name that would be guessed, as an example in its empty field.
    fn guess(&self) -> String {
        let domain =
            Email::parse(&self.address).map_or_else(|| "tareline.example".to_owned(), |it| it.domain().to_owned());
        format!("mail.{domain}")
    }

    /// Address and password.
    pub fn account(&self, wrong: &Wrong, has_password: bool) -> Markup {
        let hint = if has_password { t("mailbox-password-kept") } else { t("mailbox-password-hint") };
        html! {
            div.setup-2 {
                (Field::new("address", t("mailbox-address")).email().autocomplete("off").value(&self.address)
                    .placeholder("support@tareline.example").error(wrong.at("address")))
                (Field::new("mailbox_password", t("password")).password().autocomplete("new-password")
                    .hint(hint).error(wrong.at("mailbox_password")))
            }
        }
    }

    /// Both servers.
    pub fn servers(&self, wrong: &Wrong) -> Markup {
        let guess = self.guess();
        let security = [("tls", "TLS"), ("starttls", "STARTTLS"), ("plain", t("security-plain"))];
        let row = |label: &str, names: [&str; 3], values: [&str; 3], hint: &str| {
            html! {
                div.setup-g {
                    (Field::new(names[0], label).autocomplete("off").value(values[0]).placeholder(&guess).hint(hint).error(wrong.at(names[0])))
                    (Field::new(names[1], t("port")).number().value(values[1]).error(wrong.at(names[1])))
                    (Select::new(names[2], t("security"), &security).chosen(values[2]).error(wrong.at(names[2])))
                }
            }
        };
        html! {
            (row(t("receiving"), ["reading_host", "reading_port", "reading_security"],
                [&self.reading_host, &self.reading_port, &self.reading_security], t("server-guess")))
            (row(t("sending"), ["sending_host", "sending_port", "sending_security"],
                [&self.sending_host, &self.sending_port, &self.sending_security], ""))
            (Field::new("user", t("mailbox-user")).autocomplete("off").value(&self.user).hint(t("mailbox-user-hint")))
        }
    }
}

fn spelled(server: Option<Server>, usual: (String, &str)) -> (String, String, String) {
    match server {
        Some(Server { host, port, security }) => (host, port.to_string(), security_word(security).to_owned()),
        None => (String::new(), usual.0, usual.1.to_owned()),
    }
}

fn security_of(word: &str) -> Option<Security> {
    match word {
        "tls" => Some(Security::Tls),
        "starttls" => Some(Security::Starttls),
        "plain" => Some(Security::Plain),
        _ => None,
    }
}

fn security_word(security: Security) -> &'static str {
    match security {
        Security::Tls => "tls",
        Security::Starttls => "starttls",
        Security::Plain => "plain",
    }
}

/// The ports that such servers have (RFC 8314 §7, RFC 9051, RFC 6409).
fn usual(side: Side, security: Security) -> u16 {
    match (side, security) {
        (Side::Reading, Security::Tls) => 993,
        (Side::Reading, _) => 143,
        (Side::Sending, Security::Tls) => 465,
        (Side::Sending, _) => 587,
    }
}

/// The button that tries the mailbox. With script the answer comes into the page, so that what was typed stays.
pub fn test_button(address: &str) -> Markup {
    html! {
        bw-try data-waiting=(t("mailbox-testing")) {
            button.btn type="submit" formaction=(address) formnovalidate { (crate::part::icon(Icon::Refresh)) (t("mailbox-test")) }
        }
    }
}

/// Where the steps of a test stand: none before the first.
pub fn tried(steps: &[Step], clock: &Clock, wrong: &Wrong) -> Markup {
    let told: Vec<Told> = steps.iter().map(|it| told(it, clock)).collect();
    let list: Vec<Check<'_>> = told.iter().map(Told::check).collect();
    html! {
        div #checks aria-live="polite" {
            (wrong.above())
            @if !list.is_empty() { (checks(&list)) }
        }
    }
}

/// A step in words.
struct Told {
    state: CheckState,
    title: &'static str,
    detail: String,
    said: String,
    took_ms: u64,
}

impl Told {
    fn check(&self) -> Check<'_> {
        Check {
            state: self.state,
            title: self.title,
            detail: &self.detail,
            said: (!self.said.is_empty()).then_some(&*self.said),
            took: (self.state != CheckState::Later).then(|| std::time::Duration::from_millis(self.took_ms)),
        }
    }
}

fn told(step: &Step, clock: &Clock) -> Told {
    let (good, bad) = match step.name {
        StepName::FoundServer => (t("step-found"), t("step-found-not")),
        StepName::Secure => (t("step-secure"), t("step-secure-not")),
        StepName::SignedInForReading => (t("step-reading"), t("step-reading-not")),
        StepName::SignedInForSending => (t("step-sending"), t("step-sending-not")),
    };
    let (state, title, detail, said) = match &step.outcome {
        Outcome::Ok(it) => (CheckState::Good, good, detail(it, clock), String::new()),
        Outcome::Failed { words, said } => (CheckState::Bad, bad, words.clone(), said.clone()),
        Outcome::Waits => (CheckState::Later, good, t("step-waits").to_owned(), String::new()),
    };
    Told { state, title, detail, said, took_ms: step.took_ms }
}

fn detail(it: &Detail, clock: &Clock) -> String {
    match it {
        Detail::Found { reading, sending } => {
            t_with("step-found-detail", &[("reading", reading.as_str().into()), ("sending", sending.as_str().into())])
        }
        Detail::Secured { by, certificate_ends: None } => (*by).to_owned(),
        Detail::Secured { by, certificate_ends: Some(ends) } => {
            let day = clock.day(Timestamp(*ends));
            t_with("step-secure-detail", &[("by", (*by).into()), ("day", day.into())])
        }
        Detail::Inbox { mails, newest, idle } => {
            let newest = newest.map_or_else(String::new, |at| {
                t_with("step-reading-newest", &[("day", clock.day(Timestamp(at)).into())])
            });
            let news = if *idle { t("step-reading-idle") } else { t("step-reading-asks") };
            let count = t_with("step-reading-detail", &[("count", (*mails).into())]);
            [count.as_str(), &newest, news].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
        }
        Detail::MaySend { address } => t_with("step-sending-detail", &[("address", address.as_str().into())]),
    }
}

/// The buttons below a form that saves.
pub fn save_buttons(label: &str, test: &str) -> Markup {
    html! { div.row-flex.wrap { (Button::submit(label).primary()) (test_button(test)) } }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    fn step(name: StepName, outcome: Outcome) -> Step {
        Step { name, outcome, took_ms: 31 }
    }

    #[test]
    fn a_test_is_told_step_by_step() {
        let found = Detail::Found { reading: "imap.x.example:993".into(), sending: "smtp.x.example:587".into() };
        let secured = Detail::Secured { by: "TLS 1.3", certificate_ends: Some(1_804_032_000_000_000) };
        let inbox = Detail::Inbox { mails: 1, newest: Some(1_795_435_200_000_000), idle: false };
        let failed = Outcome::Failed { words: "Use an app password.".into(), said: "535 5.7.8 <no>".into() };
        let steps = [
            step(StepName::FoundServer, Outcome::Ok(found)),
            step(StepName::Secure, Outcome::Ok(secured)),
            step(StepName::SignedInForReading, Outcome::Ok(inbox)),
            step(StepName::SignedInForSending, failed),
            step(StepName::SignedInForSending, Outcome::Waits),
        ];
        let clock = Clock::new(Timestamp(1_795_435_200_000_000), TimeZone::UTC);
        let html = tried(&steps, &clock, &Wrong::default()).into_string();
        for said in [
            "imap.x.example:993 and smtp.x.example:587",
            "TLS 1.3, certificate valid until",
            "One message in the inbox. Nothing was changed. The newest: Today.",
            "asked for new mail every half minute",
            "Could not sign in for sending",
            "Use an app password.",
            "535 5.7.8 &lt;no&gt;",
            "Waits for the step before",
            "31 ms",
        ] {
            assert!(html.contains(said), "{said} in {html}");
        }
    }

    #[test]
    fn servers_and_ports_are_guessed_and_never_without_protection() {
        let mut it = Entered { address: "support@x.example".into(), reading_port: String::new(), ..Entered::fresh() };
        let mailbox = it.mailbox().unwrap();
        assert_eq!(mailbox.reading.unwrap().to_string(), "mail.x.example:993");
        assert_eq!(mailbox.sending.unwrap().to_string(), "mail.x.example:587");
        it.reading_security = "plain".into();
        assert!(matches!(it.mailbox(), Err(desk::Error::Invalid { field: "reading_security", .. })));
        it.reading_host = "localhost".into();
        assert_eq!(it.mailbox().unwrap().reading.unwrap().to_string(), "localhost:143");
        it.way = "api".into();
        let mailbox = it.mailbox().unwrap();
        assert_eq!((mailbox.reading, mailbox.sending), (None, None), "a program hands it in, and nobody sends");
    }
}
