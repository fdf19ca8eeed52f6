//! What is wrong with a step and what may help, in plain sentences, with what is known of the provider.

use std::time::Duration;

use domain::Email;

use crate::imap::ReadError;
use crate::provider::{self, Asks, Provider};
use crate::server::{APP_PASSWORD, Server};
use crate::smtp::{SendError, SendErrorKind};
use crate::wire::ConnectError;

/// Why a step failed.
#[derive(Debug)]
pub(super) struct Failure {
    /// What is wrong and what may help.
    pub(super) words: String,
    /// The server's own line; empty if it said nothing.
    pub(super) said: String,
}

pub(super) fn connect_failure(error: &ConnectError) -> Failure {
    let mut words = error.to_string();
    if let ConnectError::Unreachable { server, .. } = error
        && (server.ends_with(":1143") || server.ends_with(":1025"))
    {
        words.push_str(" Proton Mail is read through Proton Mail Bridge: is it running on this machine?");
    }
    Failure { words, said: String::new() }
}

pub(super) fn read_failure(error: &ReadError, server: &Server, address: &Email) -> Failure {
    let words = match error {
        // The server's own line is shown beside it.
        ReadError::SignIn { said } => sign_in("for reading", said, server, address),
        ReadError::Refused { said } if is_switched_off(said) => sign_in("for reading", said, server, address),
        ReadError::Folder { folder, .. } => format!("The folder {folder} cannot be opened."),
        other => {
            let words = other.to_string();
            // What it said stands below, in its own type.
            words.split(" It said: ").next().unwrap_or_default().replace(" The server said:", "")
        }
    };
    Failure { words, said: error.said().to_owned() }
}

pub(super) fn send_failure(error: &SendError, server: &Server, address: &Email) -> Failure {
    let words = match error.kind {
        SendErrorKind::SignIn => sign_in("for sending", &error.said, server, address),
        SendErrorKind::Refused if !error.said.is_empty() => format!(
            "The server does not let {address} send. Is this the address of the account that signs in, and may the \
             account send mail?"
        ),
        SendErrorKind::Later => "The server takes no mail just now and asks to try again later. Test again in some \
                                 minutes."
            .to_owned(),
        _ => error.words(),
    };
    Failure { words, said: error.said.clone() }
}

/// The mail to itself did not come.
pub(super) fn not_back(within: Duration) -> Failure {
    let words = format!(
        "The mail was sent, but it did not arrive in the inbox within {} seconds. Some servers are slow: test again in a \
         few minutes. Otherwise look for it in the spam folder, and see whether a rule or a forwarding takes mail out of \
         the inbox.",
        within.as_secs()
    );
    Failure { words, said: String::new() }
}

fn sign_in(what_for: &str, said: &str, server: &Server, address: &Email) -> String {
    let provider = provider::of_server(&server.host).or_else(|| provider::of_domain(address.domain()));
    if wants_oauth(said) || provider.is_some_and(|it| it.asks == Asks::Oauth) {
        return "Microsoft no longer lets programs sign in with a password here (basic authentication is switched off). It \
                asks for OAuth, which this desk does not have yet. A mailbox of another provider works; so does forwarding \
                this one’s mail to such a mailbox."
            .to_owned();
    }
    if is_switched_off(said) {
        let whose = provider.map_or("the provider", |it| it.name);
        let place = match provider.map(|it| it.asks) {
            Some(Asks::Switch(place)) => format!(" It is {place}."),
            _ => String::new(),
        };
        return format!(
            "Access for mail programs (IMAP and SMTP) is switched off for this mailbox. Switch it on at {whose}, and test \
             again.{place}"
        );
    }
    let refused = format!("The server does not accept this name and password {what_for}.");
    match provider {
        Some(it) => format!("{refused} {}", hint(it)),
        None => format!("{refused} {APP_PASSWORD}"),
    }
}

/// What a provider wants, in a sentence.
fn hint(it: &Provider) -> String {
    let name = it.name;
    match it.asks {
        Asks::AppPassword(place) => {
            format!(
                "{name} wants a password made for programs, not the one you sign in with yourself: create it {place}."
            )
        }
        Asks::Switch(place) => {
            format!(
                "{name} lets programs in only once that is switched on, {place}. With two-step sign-in it also wants an app \
                 password."
            )
        }
        Asks::Bridge => {
            format!(
                "{name} is read through its Bridge on this machine: use the name and password that the Bridge shows."
            )
        }
        Asks::Password | Asks::Oauth => {
            "Is it the whole address and the mailbox’s own password? With two-step sign-in an app password is needed."
                .to_owned()
        }
    }
}

/// A server that has no sign-in with a password any more.
fn wants_oauth(said: &str) -> bool {
    let said = said.to_lowercase();
    ["basic authentication is disabled", "basicauthblocked", "5.7.139", "logondenied-basicauth"]
        .iter()
        .any(|words| said.contains(words))
}

/// A mailbox whose owner, or provider, lets no program in.
fn is_switched_off(said: &str) -> bool {
    let said = said.to_lowercase();
    let off = ["disabled", "not enabled", "not activated", "deactivated", "nicht aktiviert", "not allowed"];
    let what = ["imap", "smtp auth", "smtpclientauthentication", "pop3"];
    said.contains("smtpclientauthentication is disabled")
        || off.iter().any(|off| said.contains(off)) && what.iter().any(|what| said.contains(what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::Security;

    fn told(host: &str, said: &str) -> String {
        let server = Server { host: host.to_owned(), port: 993, security: Security::Tls };
        let address = Email::parse("desk@x.example").unwrap();
        read_failure(&ReadError::SignIn { said: said.to_owned() }, &server, &address).words
    }

    #[test]
    fn a_refused_password_says_what_this_provider_wants() {
        for (host, said, words) in [
            ("imap.gmail.com", "[AUTHENTICATIONFAILED] Invalid credentials (Failure)", "myaccount.google.com"),
            ("imap.gmx.net", "authentication failed", "under POP3 and IMAP"),
            ("outlook.office365.com", "AUTHENTICATE failed.", "OAuth, which this desk does not have"),
            ("smtp.x.example", "535 5.7.139 Authentication unsuccessful, basic authentication is disabled", "OAuth"),
            ("imap.x.example", "[ALERT] Your account is not enabled for IMAP use", "is switched off for this mailbox"),
            ("imap.web.de", "IMAP ist nicht aktiviert", "WEB.DE, and test again. It is in the mailbox’s settings"),
            ("127.0.0.1", "no such user", "app password"),
            ("imap.fastmail.com", "no", "not the one you sign in with yourself"),
            ("posteo.de", "no", "whole address"),
        ] {
            assert!(told(host, said).contains(words), "{host}: {}", told(host, said));
        }
    }
}
