//! Who speaks for a customer: each with all of their addresses, and what can be mended about them.

use domain::{IdentityKind, Word};
use maud::{Markup, html};
use store::customer::page::{Identity, Known, Someone};

use super::Ask;
use super::page::{Sheet, Typed};
use crate::form::Wrong;
use crate::part::{AvatarSize, Button, Field, Icon, Select, Tone, badge, hidden, icon, their_avatar};
use crate::text::{t, t_with};

/// The kinds of addresses that a person types: a visitor of the chat is known by the chat alone.
const KINDS: [IdentityKind; 4] =
    [IdentityKind::Email, IdentityKind::Phone, IdentityKind::SocialHandle, IdentityKind::ProductUserId];

impl Sheet {
    /// The people. What somebody types stands elsewhere: this part is fetched again.
    pub fn people(&self) -> Markup {
        let inner = html! {
            section.sec #people aria-labelledby="pp" {
                header { h2 #pp { (t("customer-people")) } }
                ul.list.list-lines { @for it in &self.it.people { li { (self.person(it)) } } }
                (self.further("people", Ask { people: None, ..self.ask }, self.it.more_people.map(|it| Ask { people: Some(it), ..self.ask })))
            }
        };
        self.live("customer-people", "people", "", &inner)
    }

    fn person(&self, it: &Known) -> Markup {
        let change = t_with("person-change", &[("name", it.name.as_str().into())]);
        html! {
            div.row {
                (their_avatar(&it.name, AvatarSize::Normal))
                span.grow {
                    span.row-t { (it.name) }
                    @for known in &it.identities { br; (identity_line(known, &it.identities)) }
                }
                @if self.may_change {
                    (Button::link(&change, &format!("/customers/{}/contacts/{}", self.id(), it.id)).quiet().small().only_icon(Icon::Edit))
                }
            }
        }
    }

    /// A person who is added: it is open where something typed was wrong.
    pub fn new_person(&self, typed: &Typed<'_>, wrong: &Wrong) -> Markup {
        let open = typed.is_person && wrong.at("name").or(wrong.at("address")).is_some();
        html! {
            details.mend open[open] {
                summary { (icon(Icon::Plus)) span { (t("person-add")) } }
                form.stack.stack-sm method="post" action={ "/customers/" (self.id()) "/contacts" } {
                    (Field::new("name", t("contact-name")).id("person-name").required().value(typed.person).error(wrong.at("name").filter(|_| open)))
                    (address(typed, wrong))
                    div { (Button::submit(t("person-add")).small()) }
                }
            }
        }
    }
}

/// An address, whether it is the main one of several, and whether mail there comes back.
fn identity_line(known: &Identity, all: &[Identity]) -> Markup {
    let several = all.iter().filter(|it| it.kind == known.kind).count() > 1;
    html! {
        span.row-s.wrap-any { (said(known)) }
        @if known.main && several { " " (badge(Tone::Line, t("identity-main"))) }
        @if known.undeliverable_at.is_some() { " " (badge(Tone::Risk, t("identity-dead"))) }
    }
}

/// What can be mended about a person. `fields` is the section of theirs.
pub fn mend(base: &str, it: &Someone, fields: &Markup, typed: &Typed<'_>, wrong: &Wrong) -> Markup {
    let others: Vec<(String, &str)> = it.others.iter().map(|it| (it.id.to_string(), it.name.as_str())).collect();
    let others: Vec<(&str, &str)> = others.iter().map(|it| (it.0.as_str(), it.1)).collect();
    let it = &it.known;
    html! {
        section.sec aria-labelledby="nm" {
            header { h2 #nm { (t("contact-name")) } }
            form.stack.stack-sm method="post" action={ (base) "/name" } {
                (Field::new("name", t("customer-name-label")).required().value(typed.name.unwrap_or(&it.name)).error(wrong.at("name")))
                div { (Button::submit(t("save")).small()) }
            }
        }
        section.sec aria-labelledby="ad" {
            header { h2 #ad { (t("identities")) } }
            ul.list.list-lines.mb3 {
                @for known in &it.identities {
                    li.row {
                        span.grow { (identity_line(known, &it.identities)) }
                        @if !known.main && it.identities.iter().filter(|other| other.kind == known.kind).count() > 1 {
                            form method="post" action={ (base) "/identities/main" } {
                                (identity(known))
                                @let name = t_with("identity-prefer-this", &[("address", known.address.as_str().into())]);
                                (Button::submit(t("identity-prefer")).small().quiet().name(&name))
                            }
                        }
                        form method="post" action={ (base) "/identities/removal" } {
                            (identity(known))
                            @let name = t_with("identity-remove", &[("address", known.address.as_str().into())]);
                            (Button::submit(&name).small().quiet().only_icon(Icon::X))
                        }
                    }
                }
            }
            form.stack.stack-sm method="post" action={ (base) "/identities" } {
                (address(typed, wrong))
                div { (Button::submit(t("identity-add")).small()) }
            }
        }
        (fields)
        @if !others.is_empty() {
            section.sec aria-labelledby="mg" {
                header { h2 #mg { (t("person-merge")) } }
                form.stack.stack-sm method="post" action={ (base) "/merge" } {
                    (Select::new("into", t("person-is"), &others).hint(t("person-is-hint")))
                    div { (Button::submit(t("person-merge")).small().icon(Icon::Merge)) }
                }
            }
        }
    }
}

/// The two fields by which an address is told.
fn address(typed: &Typed<'_>, wrong: &Wrong) -> Markup {
    let kinds: Vec<(&str, &str)> = KINDS.iter().map(|it| (it.word(), kind_name(*it))).collect();
    let kind = typed.kind.unwrap_or(IdentityKind::Email);
    html! {
        (Select::new("kind", t("identity-kind"), &kinds).chosen(kind.word()))
        (Field::new("address", t("identity-address")).value(typed.address).error(wrong.at("address")))
    }
}

/// The fields that name an address.
fn identity(it: &Identity) -> Markup {
    html! { (hidden("kind", it.kind.word())) (hidden("address", &it.address)) }
}

/// An address, with its kind where that does not say itself.
fn said(it: &Identity) -> String {
    match it.kind {
        IdentityKind::Email => it.address.clone(),
        kind => format!("{}: {}", kind_name(kind), it.address),
    }
}

fn kind_name(kind: IdentityKind) -> &'static str {
    match kind {
        IdentityKind::Email => t("email"),
        IdentityKind::Phone => t("identity-phone"),
        IdentityKind::ChatVisitor => t("identity-chat"),
        IdentityKind::SocialHandle => t("identity-social"),
        IdentityKind::ProductUserId => t("identity-product"),
    }
}
