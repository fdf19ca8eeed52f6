//! The form of a mailbox: on the first visit, for a new one, and for one that is changed.

use desk::channel::{How, NewMailbox, Security, Server, Servers};
use domain::Email;
use maud::{Markup, html};
use serde::Deserialize;
use store::channel::Channel;

use crate::app::App;
use crate::form::{Wrong, invalid};
use crate::part::{Field, Icon, Select, icon_sm};
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
    /// How mail comes in: `mailbox`, `reading` (and none goes out) or `api`.
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
    /// The name to sign in with for sending; empty: the same.
    pub sending_user: String,
    /// Its password; empty: the one there is.
    pub sending_password: String,
    /// The id by which the server signs Authentication-Results.
    pub authserv_id: String,
    /// Further addresses, one to a line.
    pub aliases: String,
    /// From how many days back older mail is brought in; empty: none.
    pub history_days: String,
    /// What a test has proven of these servers.
    pub tested: String,
    /// `yes`: it goes on without sending, whatever stands in the form.
    pub reading_only: String,
}

/// Ways for mail to come in.
const API: &str = "api";
const READING: &str = "reading";

/// The fields about servers.
const SERVER_FIELDS: &[&str] = &[
    "reading_host",
    "reading_port",
    "reading_security",
    "sending_host",
    "sending_port",
    "sending_security",
    "sending_password",
];

/// Which server.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Reading,
    Sending,
}

impl Entered {
    /// Whether nothing was entered at all: a form always says by which way mail comes in.
    pub fn is_untouched(&self) -> bool {
        self.way.is_empty()
    }

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
        let way = match (&servers.reading, &servers.sending) {
            (None, _) => API,
            (Some(_), None) => READING,
            _ => "mailbox",
        };
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
            sending_user: servers.sending_user.unwrap_or_default(),
            authserv_id: servers.authserv_id.unwrap_or_default(),
            aliases: channel.aliases.iter().map(Email::as_str).collect::<Vec<_>>().join("\n"),
            ..Entered::default()
        }
    }

    fn sends(&self) -> bool {
        self.way != READING && self.reading_only.is_empty()
    }

    /// What was left empty, found from the address; how that was; and, if the records of the address's domain name a server
    /// that is another's, what a person has to look at before a password goes there.
    pub async fn found(&self, app: &App) -> (Entered, How, Wrong) {
        let open = (self.reading_host.trim().is_empty(), self.sends() && self.sending_host.trim().is_empty());
        let address = Email::parse(&self.address).filter(|_| self.way != API && (open.0 || open.1));
        let Some(address) = address else { return (self.clone(), How::Given, Wrong::default()) };
        let found = app.desk.find_servers(&address).await;
        let mut it = self.clone();
        let fresh = Entered::fresh();
        // Whoever has changed a port means it.
        if open.0 && [&*fresh.reading_port, ""].contains(&self.reading_port.trim()) && self.reading_security == "tls" {
            (it.reading_host, it.reading_port, it.reading_security) = spelled(Some(found.reading), (String::new(), ""));
        }
        if open.1
            && [&*fresh.sending_port, ""].contains(&self.sending_port.trim())
            && self.sending_security == "starttls"
        {
            (it.sending_host, it.sending_port, it.sending_security) = spelled(Some(found.sending), (String::new(), ""));
        }
        let filled = [("reading_host", open.0, &it.reading_host), ("sending_host", open.1, &it.sending_host)];
        let strange = filled.iter().filter(|(_, open, host)| *open && found.foreign.contains(host));
        let mut hosts: Vec<&str> = strange.clone().map(|it| it.2.as_str()).collect();
        hosts.dedup();
        let wrong = strange.clone().next().map_or_else(Wrong::default, |it| {
            Wrong::new(it.0, t_with("host-foreign", &[("host", hosts.join(", ").into())]))
        });
        (it, found.how, wrong)
    }

    /// The fields of the servers that `before` had otherwise: for script, which puts them into the form.
    pub fn changes<'a>(&'a self, before: &Entered) -> Vec<(&'static str, &'a str)> {
        let all = [
            ("reading_host", &self.reading_host, &before.reading_host),
            ("reading_port", &self.reading_port, &before.reading_port),
            ("reading_security", &self.reading_security, &before.reading_security),
            ("sending_host", &self.sending_host, &before.sending_host),
            ("sending_port", &self.sending_port, &before.sending_port),
            ("sending_security", &self.sending_security, &before.sending_security),
        ];
        all.into_iter().filter(|it| it.1 != it.2).map(|it| (it.0, it.1.as_str())).collect()
    }

    /// The mailbox that was meant.
    pub fn mailbox(&self) -> desk::Result<NewMailbox> {
        let address = Email::parse(&self.address).ok_or_else(|| invalid("address", t("mailbox-address-wrong")))?;
        let days = match self.history_days.trim() {
            "" => 0,
            days => days.parse().map_err(|_| invalid("history_days", t("history-days-wrong")))?,
        };
        Ok(NewMailbox {
            name: self.name.clone(),
            reading: self.server(Side::Reading, &address)?,
            sending: self.server(Side::Sending, &address)?,
            address: address.to_string(),
            user: self.user.clone(),
            password: self.mailbox_password.clone(),
            sending_user: self.sending_user.clone(),
            sending_password: self.sending_password.clone(),
            aliases: self.aliases.split([',', ';', '\n', ' ']).map(str::to_owned).collect(),
            history_days: days,
            tested: self.tested.clone(),
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
        if by_program && (side == Side::Reading || host.trim().is_empty()) || side == Side::Sending && !self.sends() {
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

    /// Both servers, in words: empty as long as they are still to be found.
    pub fn servers_said(&self) -> String {
        let reading = (self.way != API).then_some((&*self.reading_host, &*self.reading_port));
        let sending = self.sends().then_some((&*self.sending_host, &*self.sending_port));
        let known: Vec<(&str, &str)> = [reading, sending].into_iter().flatten().filter(|it| !it.0.is_empty()).collect();
        match known[..] {
            [(host, one), (other, two)] if host == other => {
                t_with("servers-of-one", &[("host", host.into()), ("reading", one.into()), ("sending", two.into())])
            }
            _ => known.iter().map(|(host, port)| format!("{host}:{port}")).collect::<Vec<_>>().join(", "),
        }
    }

    /// Both servers and the names to sign in with, folded while nobody has to look at them.
    pub fn servers(&self, wrong: &Wrong, open: bool) -> Markup {
        let guess = self.guess();
        let security = [("tls", "TLS"), ("starttls", "STARTTLS"), ("plain", t("security-plain"))];
        let row = |way: &str, label: &str, names: [&str; 3], values: [&str; 3], hint: &str| {
            html! {
                div class={ "setup-g for-" (way) } {
                    (Field::new(names[0], label).autocomplete("off").value(values[0]).placeholder(&guess).hint(hint).error(wrong.at(names[0])))
                    (Field::new(names[1], t("port")).number().value(values[1]).error(wrong.at(names[1])))
                    (Select::new(names[2], t("security"), &security).chosen(values[2]).error(wrong.at(names[2])))
                }
            }
        };
        let said = self.servers_said();
        html! {
            details.servers #servers open[open || SERVER_FIELDS.iter().any(|it| wrong.at(it).is_some())] {
                summary {
                    (icon_sm(Icon::ChevronRight)) (t("servers"))
                    span.t3 #servers-said { @if said.is_empty() { span.for-reading { (t("servers-to-find")) } } @else { (said) } }
                }
                div.setup-f {
                    (row("reading", t("receiving"), ["reading_host", "reading_port", "reading_security"],
                        [&self.reading_host, &self.reading_port, &self.reading_security], t("server-guess")))
                    (row("sending", t("sending"), ["sending_host", "sending_port", "sending_security"],
                        [&self.sending_host, &self.sending_port, &self.sending_security], ""))
                    (Field::new("user", t("mailbox-user")).autocomplete("off").value(&self.user).hint(t("mailbox-user-hint")))
                    div.setup-2.for-sending {
                        (Field::new("sending_user", t("sending-user")).autocomplete("off").value(&self.sending_user).hint(t("sending-user-hint")))
                        (Field::new("sending_password", t("sending-password")).password().autocomplete("new-password").error(wrong.at("sending_password")))
                    }
                }
            }
        }
    }

    /// Further addresses of the mailbox.
    pub fn aliases(&self, wrong: &Wrong) -> Markup {
        let error = wrong.at("aliases");
        html! {
            div.field {
                label for="aliases" { (t("aliases")) }
                textarea.input #aliases name="aliases" rows="2" spellcheck="false" autocomplete="off"
                    aria-describedby="aliases-h aliases-e" aria-invalid=[error.map(|_| "true")] { (self.aliases) }
                @if let Some(error) = error { p.field-e #aliases-e { (error) } }
                p.hint #aliases-h { (t("aliases-hint")) }
            }
        }
    }

    /// Whether older mail is brought in.
    pub fn history(&self, wrong: &Wrong) -> Markup {
        let choices = history_choices();
        let mut options = vec![("", t("history-none"))];
        options.extend(choices.iter().map(|it| (it.0, it.1.as_str())));
        html! {
            (Select::new("history_days", t("history"), &options).chosen(&self.history_days).hint(t("history-so")).error(wrong.at("history_days")))
        }
    }
}

/// From how far back older mail can be brought in.
pub fn history_choices() -> Vec<(&'static str, String)> {
    let days = [("7", 7), ("30", 30), ("90", 90), ("365", 365)];
    days.map(|(text, count)| (text, t_with("history-days", &[("count", count.into())]))).to_vec()
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

#[cfg(test)]
mod tests {
    use super::*;

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
        it.way = "reading".into();
        assert_eq!(it.mailbox().unwrap().sending, None, "it only receives");
        it.way = "mailbox".into();
        it.reading_only = "yes".into();
        assert_eq!(it.mailbox().unwrap().sending, None, "it goes on without sending");
        it.reading_only = String::new();
        it.way = "api".into();
        let mailbox = it.mailbox().unwrap();
        assert_eq!((mailbox.reading, mailbox.sending), (None, None), "a program hands it in, and nobody sends");
    }
}
