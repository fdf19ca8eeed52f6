//! Sign-in, setup, settings, a customer, and the parts that none of these shows.

use std::time::Duration;

use domain::Verdict;
use maud::{Markup, html};
use web::page::{Head, page};
use web::part::{
    AvatarSize, Button, ChannelMark, Check, CheckState, Field, Icon, MarkSize, Place, Select, Tone, badge, badge_with,
    banner, bar, channel_mark, check, checks, empty, icon, menu, menu_button, menu_link, organization_avatar,
    their_avatar, verdict_mark,
};

use super::case::crumb;
use super::{ago, clock, desk};

pub(crate) fn sign_in() -> String {
    let body = html! {
        main.login-b #main {
            div.login-m { svg.mark.mark-lg aria-hidden="true" { use href="#mark" {} } h1 { "Sign in to Bellwether" } p.t2 { "Tareline, desk.tareline.example" } }
            form.stack method="post" {
                (Field::new("email", "Email").email().large().autocomplete("username").value("ines@tareline.example"))
                (Field::new("password", "Password").password().large().autocomplete("current-password").error(Some("That address and password do not belong together.")))
                (check("keep", "Keep me signed in on this computer", "", true))
                (Button::submit("Sign in").primary().large())
            }
            p.xs.t3.login-f { "Runs on your own server." }
        }
    };
    page(&Head::new("Sign in").class("login"), &body).into_string()
}

pub(crate) fn setup() -> String {
    let steps = [
        Check {
            state: CheckState::Good,
            title: "Found the server",
            detail: "mail.tareline.example",
            said: None,
            took: Some(Duration::from_millis(31)),
        },
        Check {
            state: CheckState::Good,
            title: "Signed in for reading",
            detail: "1,204 messages in the inbox. Nothing was changed.",
            said: None,
            took: Some(Duration::from_millis(210)),
        },
        Check {
            state: CheckState::Bad,
            title: "Could not sign in for sending",
            detail: "Most providers ask for an app password here: create one in the mail account, enter it above, and test again.",
            said: Some("535 5.7.8 Authentication credentials invalid"),
            took: Some(Duration::from_millis(180)),
        },
        Check {
            state: CheckState::Later,
            title: "Send one message to ourselves",
            detail: "Waits for the step before",
            said: None,
            took: None,
        },
    ];
    let security = [("tls", "TLS"), ("starttls", "STARTTLS")];
    let body = html! {
        main.setup #main {
            p.setup-b { svg.mark aria-hidden="true" { use href="#mark" {} } "Bellwether" span.xs.t3.end { "desk.tareline.example" } }
            div.first-h { h1 { "Set up your desk" } p.t2.lg { "Three steps, about four minutes. Customers notice nothing: no reply leaves before you send one." } }
            ol.stepsl {
                li { span.st-n { (icon(Icon::Check)) } div.grow { h2 { "You and your organization" } p.sm.t3 { "Tareline, Europe/London. Ines Okafor is the administrator." } } }
                li aria-current="step" { span.st-n { "2" } div.grow.stack {
                    div { h2 { "The first mailbox" } p.sm.t2 { "We read it and never delete or move anything." } }
                    form.setup-f {
                        div.setup-2 { (Field::new("address", "Mailbox address").email().value("support@tareline.example")) (Field::new("secret", "Password").password().error(Some("The server refused it for sending."))) }
                        div.setup-g { (Field::new("imap", "Receiving").value("mail.tareline.example")) (Field::new("imap_port", "Port").number().value("993")) (Select::new("imap_security", "Security", &security).chosen("tls")) }
                        div.setup-g { (Field::new("smtp", "Sending").value("mail.tareline.example")) (Field::new("smtp_port", "Port").number().value("587")) (Select::new("smtp_security", "Security", &security).chosen("starttls")) }
                        (checks(&steps))
                        div.row-flex.wrap { (Button::submit("Test again").primary().icon(Icon::Refresh)) (Button::submit("Go on, reading only")) }
                    }
                } }
                li { span.st-n { "3" } div.grow { h2 { "Open the desk" } p.sm.t3 { "Only new mail is read." } } }
            }
        }
    };
    page(&Head::new("Set up").class("setup-s"), &body).into_string()
}

pub(crate) fn channels() -> String {
    let channel = |name: &str, address: &str, state: Markup| {
        html! {
            li { (channel_mark(ChannelMark::Mail, MarkSize::Large)) div.chan-n { b { (name) } span { (address) } } div.chan-s { (state) } div.chan-l.hide-s { span { "2 min ago" } span.xs.t3 { "187 in 7 days" } } (Button::link("Settings", "#").small()) }
        }
    };
    let content = html! {
        main.main #main {
            (crumb(&[("Settings", "#")], "Channels"))
            div.set {
                nav.set-nav aria-label="Settings" { h2 { "Desk" } ul { li { a href="#" aria-current="page" { "Channels" } } } h2 { "Company" } ul { li { a href="#" { "People" } } } h2 { "You" } ul { li { a href="#" { "Your sign-ins" } } } }
                div.set-main {
                    header.stack.stack-sm.mb4 { h1.t-2xl { "Channels" } p.t2 { "Where customers reach you. Whatever arrives is attached to the case it belongs to, and says why." } }
                    div.mb4 { (banner(Tone::Risk, "The billing mailbox stopped accepting our sign-in at 08:52. Nothing is lost: what comes waits on the mail server.")) }
                    ul.chans {
                        (channel("Support mailbox", "support@tareline.example", html! { span.st-good { (icon(Icon::CheckCircle)) "Receiving and sending" } }))
                        (channel("Billing mailbox", "billing@tareline.example", html! { span.st-risk { (icon(Icon::Alert)) "Cannot sign in" } span.xs.t3 { "Password changed on the server?" } }))
                    }
                }
            }
        }
    };
    desk("Channels", Place::Settings, false, &content)
}

pub(crate) fn customer() -> String {
    let clock = clock();
    let content = html! {
        main.main #main {
            (crumb(&[("Customers", "#")], "Northwind Bakery"))
            div.page {
                header.cust-h { (organization_avatar("Northwind Bakery", AvatarSize::Huge)) div.grow { h1 { "Northwind Bakery" } p.t2.sm { "Organization, a customer since March." } }
                    dl.facts { div { dt { "Open cases" } dd { "2" } } div { dt { "People" } dd { "2" } } } }
                div.split {
                    section.sec aria-labelledby="tl" {
                        header { h2 #tl { "Timeline" } }
                        ol.tl {
                            li.tl-day { (clock.day(ago(70))) }
                            li { (channel_mark(ChannelMark::Mail, MarkSize::Normal)) div.tl-b { b { "Dan Whitlock" } " got a payment reminder. " a.link href="case.html" { "Case 1042" } } (clock.short(ago(70))) }
                            li.tl-day { (clock.day(ago(1_300))) }
                            li { (channel_mark(ChannelMark::Note, MarkSize::Normal)) div.tl-b { b { "Jonas Feld" } " wrote a note" } (clock.short(ago(1_300))) }
                        }
                    }
                    div.stack.stack-lg {
                        section.sec { header { h2 { "People" } } ul.list.list-lines {
                            li.row { (their_avatar("Ruth Alvarez", AvatarSize::Normal)) div.grow { p.row-t { "Ruth Alvarez" } p.row-s { "ruth@northwind.example" } } }
                            li.row { (their_avatar("Dan Whitlock", AvatarSize::Normal)) div.grow { p.row-t { "Dan Whitlock" } p.row-s { "dan@northwind.example" } } }
                        } }
                        section.sec { header { h2 { "Domains" } } p.sm { "northwind.example" } }
                    }
                }
            }
        }
    };
    desk("Northwind Bakery", Place::Inbox, false, &content)
}

pub(crate) fn parts() -> String {
    let content = html! {
        main.main #main {
            (bar("People", "Two people, one invitation", &html! { (Button::link("Invite", "#").primary().icon(Icon::Plus)) }))
            div.page.stack.stack-lg {
                div.row-flex.wrap { (Button::submit("Save").primary()) (Button::submit("Save")) (Button::submit("Cancel").quiet()) (Button::submit("Deactivate").danger()) (Button::submit("Small").small()) (Button::script("More").quiet().only_icon(Icon::More)) (Button::open("Open a menu", "a-menu").icon(Icon::ChevronDown)) }
                (menu("a-menu", "A menu", &html! { (menu_button(Some(Icon::User), "Ines Okafor", ("to", "1"), None, true)) (menu_button(Some(Icon::User), "Jonas Feld", ("to", "2"), Some("2"), false)) hr; (menu_link(Some(Icon::Inbox), "All", "#", false)) }))
                div.row-flex.wrap { (badge(Tone::Plain, "Plain")) (badge_with(Tone::Good, Icon::Check, "Sent")) (badge(Tone::Watch, "High")) (badge_with(Tone::Risk, Icon::Alert, "Urgent")) (badge(Tone::Accent, "New")) (badge_with(Tone::Note, Icon::Lock, "Internal note")) (badge(Tone::Line, "Automatic")) (verdict_mark(Verdict::Aligned)) }
                (banner(Tone::Watch, "You are offline. What is on the screen stays readable."))
                (banner(Tone::Accent, "Jonas replied 20 seconds ago. Your draft is kept."))
                div.stack {
                    form.stack { (Field::new("name", "Name").value("Tareline").hint("As customers see it.")) (check("x", "Reads only", "Replies then wait.", false)) }
                    div { (empty(Icon::Inbox, "Nothing waits", "New cases appear here by themselves.", &html! {})) }
                }
            }
        }
    };
    desk("People", Place::Settings, false, &content)
}
