//! Well-known mail providers: their servers, and what each asks of a program that signs in.

use crate::server::{Security, Server};

/// What a provider wants from a program in place of the password that a person types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// The password of the mailbox.
    Password,
    /// A password made for programs, and where it is made.
    AppPassword(&'static str),
    /// A switch that has to be set first, and where it is.
    Switch(&'static str),
    /// A sign-in by OAuth, which the desk does not have.
    Oauth,
    /// A program of theirs on this machine.
    Bridge,
}

/// A provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Its name, as people know it.
    pub name: &'static str,
    /// The domains whose addresses are all its own.
    domains: &'static [&'static str],
    /// What the names of its mail exchangers end with: other domains whose mail it keeps.
    exchangers: &'static [&'static str],
    reading: (&'static str, u16, Security),
    sending: (&'static str, u16, Security),
    /// What it wants.
    pub asks: Asks,
}

impl Provider {
    /// The server that is read.
    pub fn reading(&self) -> Server {
        server(self.reading)
    }

    /// The server that sends.
    pub fn sending(&self) -> Server {
        server(self.sending)
    }
}

fn server((host, port, security): (&str, u16, Security)) -> Server {
    Server { host: host.to_owned(), port, security }
}

/// The provider of all addresses of `domain`.
pub fn of_domain(domain: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|it| it.domains.contains(&domain))
}

/// The provider to which the mail of a domain goes whose mail exchanger has this name.
pub fn of_exchanger(name: &str) -> Option<&'static Provider> {
    let name = name.trim_end_matches('.').to_lowercase();
    PROVIDERS.iter().find(|it| it.exchangers.iter().any(|end| is_within(&name, end)))
}

/// The provider whose server this is. This machine is nobody's.
pub fn of_server(host: &str) -> Option<&'static Provider> {
    let mut public = PROVIDERS.iter().filter(|it| it.asks != Asks::Bridge);
    public.find(|it| [it.reading.0, it.sending.0].iter().any(|own| own.eq_ignore_ascii_case(host)))
}

/// Whether `name` is `domain` or lies below it.
pub(crate) fn is_within(name: &str, domain: &str) -> bool {
    name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

const fn imaps(host: &'static str) -> (&'static str, u16, Security) {
    (host, 993, Security::Tls)
}

const fn smtps(host: &'static str) -> (&'static str, u16, Security) {
    (host, 465, Security::Tls)
}

const fn submission(host: &'static str) -> (&'static str, u16, Security) {
    (host, 587, Security::Starttls)
}

const IN_ACCOUNT: &str = "in the account’s settings, under Security";

/// The list. Where two share servers, the one that people sign up with comes first.
const PROVIDERS: &[Provider] = &[
    Provider {
        name: "Gmail",
        domains: &["gmail.com", "googlemail.com"],
        exchangers: &["google.com", "googlemail.com"],
        reading: imaps("imap.gmail.com"),
        sending: smtps("smtp.gmail.com"),
        asks: Asks::AppPassword("at myaccount.google.com, under Security, 2-Step Verification"),
    },
    Provider {
        name: "Outlook.com",
        domains: &[
            "outlook.com",
            "outlook.de",
            "outlook.fr",
            "hotmail.com",
            "hotmail.de",
            "hotmail.fr",
            "live.com",
            "msn.com",
        ],
        exchangers: &["olc.protection.outlook.com"],
        reading: imaps("outlook.office365.com"),
        sending: submission("smtp-mail.outlook.com"),
        asks: Asks::Oauth,
    },
    Provider {
        name: "Microsoft 365",
        domains: &[],
        exchangers: &["mail.protection.outlook.com", "mx.microsoft"],
        reading: imaps("outlook.office365.com"),
        sending: submission("smtp.office365.com"),
        asks: Asks::Oauth,
    },
    Provider {
        name: "Yahoo Mail",
        domains: &[
            "yahoo.com",
            "yahoo.de",
            "yahoo.fr",
            "yahoo.it",
            "yahoo.es",
            "yahoo.co.uk",
            "ymail.com",
            "rocketmail.com",
        ],
        exchangers: &["yahoodns.net"],
        reading: imaps("imap.mail.yahoo.com"),
        sending: smtps("smtp.mail.yahoo.com"),
        asks: Asks::AppPassword(IN_ACCOUNT),
    },
    Provider {
        name: "AOL Mail",
        domains: &["aol.com", "aol.de"],
        exchangers: &[],
        reading: imaps("imap.aol.com"),
        sending: smtps("smtp.aol.com"),
        asks: Asks::AppPassword(IN_ACCOUNT),
    },
    Provider {
        name: "iCloud Mail",
        domains: &["icloud.com", "me.com", "mac.com"],
        exchangers: &["mail.icloud.com"],
        reading: imaps("imap.mail.me.com"),
        sending: submission("smtp.mail.me.com"),
        asks: Asks::AppPassword("at account.apple.com, under Sign-In and Security"),
    },
    Provider {
        name: "GMX",
        domains: &["gmx.de", "gmx.net", "gmx.at", "gmx.ch"],
        exchangers: &["gmx.net"],
        reading: imaps("imap.gmx.net"),
        sending: smtps("mail.gmx.net"),
        asks: Asks::Switch("in the mailbox’s settings, under POP3 and IMAP"),
    },
    Provider {
        name: "GMX",
        domains: &["gmx.com", "gmx.co.uk", "gmx.fr", "gmx.es"],
        exchangers: &["gmx.com"],
        reading: imaps("imap.gmx.com"),
        sending: smtps("mail.gmx.com"),
        asks: Asks::Switch("in the mailbox’s settings, under POP3 and IMAP"),
    },
    Provider {
        name: "WEB.DE",
        domains: &["web.de"],
        exchangers: &["web.de"],
        reading: imaps("imap.web.de"),
        sending: submission("smtp.web.de"),
        asks: Asks::Switch("in the mailbox’s settings, under POP3 and IMAP"),
    },
    Provider {
        name: "T-Online",
        domains: &["t-online.de", "magenta.de"],
        exchangers: &["t-online.de"],
        reading: imaps("secureimap.t-online.de"),
        sending: smtps("securesmtp.t-online.de"),
        asks: Asks::AppPassword("in the customer centre, as the password for mail programs"),
    },
    Provider {
        name: "freenet",
        domains: &["freenet.de"],
        exchangers: &["freenet.de"],
        reading: imaps("mx.freenet.de"),
        sending: submission("mx.freenet.de"),
        asks: Asks::Password,
    },
    Provider {
        name: "IONOS",
        domains: &["online.de", "onlinehome.de"],
        exchangers: &["kundenserver.de"],
        reading: imaps("imap.ionos.de"),
        sending: smtps("smtp.ionos.de"),
        asks: Asks::Password,
    },
    Provider {
        name: "IONOS",
        domains: &[],
        exchangers: &["ionos.com", "1and1.com"],
        reading: imaps("imap.ionos.com"),
        sending: smtps("smtp.ionos.com"),
        asks: Asks::Password,
    },
    Provider {
        name: "STRATO",
        domains: &[],
        exchangers: &["rzone.de"],
        reading: imaps("imap.strato.de"),
        sending: smtps("smtp.strato.de"),
        asks: Asks::Password,
    },
    Provider {
        name: "mailbox.org",
        domains: &["mailbox.org"],
        exchangers: &["mailbox.org"],
        reading: imaps("imap.mailbox.org"),
        sending: smtps("smtp.mailbox.org"),
        asks: Asks::Password,
    },
    Provider {
        name: "Posteo",
        domains: &["posteo.de", "posteo.net", "posteo.eu", "posteo.at", "posteo.ch"],
        exchangers: &["posteo.de"],
        reading: imaps("posteo.de"),
        sending: smtps("posteo.de"),
        asks: Asks::Password,
    },
    Provider {
        name: "Fastmail",
        domains: &["fastmail.com", "fastmail.fm"],
        exchangers: &["messagingengine.com"],
        reading: imaps("imap.fastmail.com"),
        sending: smtps("smtp.fastmail.com"),
        asks: Asks::AppPassword("in the settings, under Privacy and Security"),
    },
    Provider {
        name: "Zoho Mail",
        domains: &["zoho.com", "zohomail.com"],
        exchangers: &["zoho.com"],
        reading: imaps("imap.zoho.com"),
        sending: smtps("smtp.zoho.com"),
        asks: Asks::AppPassword(IN_ACCOUNT),
    },
    Provider {
        name: "Zoho Mail",
        domains: &["zohomail.eu"],
        exchangers: &["zoho.eu"],
        reading: imaps("imap.zoho.eu"),
        sending: smtps("smtp.zoho.eu"),
        asks: Asks::AppPassword(IN_ACCOUNT),
    },
    Provider {
        name: "Proton Mail",
        domains: &["proton.me", "protonmail.com", "pm.me"],
        exchangers: &["protonmail.ch"],
        reading: ("127.0.0.1", 1143, Security::Starttls),
        sending: ("127.0.0.1", 1025, Security::Starttls),
        asks: Asks::Bridge,
    },
    Provider {
        name: "Orange",
        domains: &["orange.fr", "wanadoo.fr"],
        exchangers: &["orange.fr"],
        reading: imaps("imap.orange.fr"),
        sending: smtps("smtp.orange.fr"),
        asks: Asks::Password,
    },
    Provider {
        name: "Free",
        domains: &["free.fr"],
        exchangers: &["free.fr"],
        reading: imaps("imap.free.fr"),
        sending: smtps("smtp.free.fr"),
        asks: Asks::Switch("in the subscriber’s area, as authenticated SMTP"),
    },
    Provider {
        name: "SFR",
        domains: &["sfr.fr", "neuf.fr", "cegetel.net"],
        exchangers: &["sfr.fr"],
        reading: imaps("imap.sfr.fr"),
        sending: smtps("smtp.sfr.fr"),
        asks: Asks::Password,
    },
    Provider {
        name: "La Poste",
        domains: &["laposte.net"],
        exchangers: &["laposte.net"],
        reading: imaps("imap.laposte.net"),
        sending: smtps("smtp.laposte.net"),
        asks: Asks::Password,
    },
    Provider {
        name: "Libero",
        domains: &["libero.it", "inwind.it", "iol.it"],
        exchangers: &["libero.it"],
        reading: imaps("imapmail.libero.it"),
        sending: smtps("smtp.libero.it"),
        asks: Asks::AppPassword(IN_ACCOUNT),
    },
    Provider {
        name: "Aruba",
        domains: &["aruba.it", "technet.it"],
        exchangers: &["aruba.it"],
        reading: imaps("imaps.aruba.it"),
        sending: smtps("smtps.aruba.it"),
        asks: Asks::Password,
    },
    Provider {
        name: "OVHcloud",
        domains: &[],
        exchangers: &["mail.ovh.net"],
        reading: imaps("ssl0.ovh.net"),
        sending: smtps("ssl0.ovh.net"),
        asks: Asks::Password,
    },
    Provider {
        name: "Infomaniak",
        domains: &["ik.me", "ikmail.com"],
        exchangers: &["infomaniak.ch"],
        reading: imaps("mail.infomaniak.com"),
        sending: smtps("mail.infomaniak.com"),
        asks: Asks::Password,
    },
    Provider {
        name: "Gandi",
        domains: &[],
        exchangers: &["gandi.net"],
        reading: imaps("mail.gandi.net"),
        sending: smtps("mail.gandi.net"),
        asks: Asks::Password,
    },
    Provider {
        name: "Migadu",
        domains: &[],
        exchangers: &["migadu.com"],
        reading: imaps("imap.migadu.com"),
        sending: smtps("smtp.migadu.com"),
        asks: Asks::Password,
    },
    Provider {
        name: "Seznam",
        domains: &["seznam.cz", "email.cz", "post.cz"],
        exchangers: &["seznam.cz"],
        reading: imaps("imap.seznam.cz"),
        sending: smtps("smtp.seznam.cz"),
        asks: Asks::Password,
    },
    Provider {
        name: "Bluewin",
        domains: &["bluewin.ch"],
        exchangers: &["bluewin.ch"],
        reading: imaps("imaps.bluewin.ch"),
        sending: smtps("smtpauths.bluewin.ch"),
        asks: Asks::Password,
    },
    Provider {
        name: "one.com",
        domains: &[],
        exchangers: &["one.com"],
        reading: imaps("imap.one.com"),
        sending: smtps("send.one.com"),
        asks: Asks::Password,
    },
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_domain_and_an_exchanger_lead_to_one_provider() {
        assert_eq!(of_domain("gmail.com").map(|it| it.name), Some("Gmail"));
        assert_eq!(of_domain("tareline.example"), None);
        for (name, provider) in [
            ("aspmx.l.google.com.", "Gmail"),
            ("tareline-example.mail.protection.outlook.com", "Microsoft 365"),
            ("outlook-com.olc.protection.outlook.com", "Outlook.com"),
            ("smtpin.RZONE.de", "STRATO"),
        ] {
            assert_eq!(of_exchanger(name).map(|it| it.name), Some(provider), "{name}");
        }
        for stranger in ["mx.notgoogle.com", "google.com.evil.example", "", "."] {
            assert_eq!(of_exchanger(stranger), None, "{stranger}");
        }
    }

    #[test]
    fn every_name_stands_in_the_list_once_and_every_way_is_safe() {
        let mut seen = HashSet::new();
        for it in PROVIDERS {
            assert!(it.domains.iter().all(|name| seen.insert(format!("domain {name}"))), "{}", it.name);
            assert!(it.exchangers.iter().all(|name| seen.insert(format!("exchanger {name}"))), "{}", it.name);
            assert!(!it.domains.is_empty() || !it.exchangers.is_empty());
            for server in [it.reading(), it.sending()] {
                assert_ne!(server.security, Security::Plain);
            }
        }
    }
}
