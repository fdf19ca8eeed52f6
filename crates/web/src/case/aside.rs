//! What a case says that is put aside, and what can be done about its sender.

use domain::{Aside, Member, PutAside, Right, Unwanted};
use maud::{Markup, html};

use super::read::Case;
use crate::aside::sure;
use crate::inbox::pane::first_name;
use crate::part::{Button, Clock, Icon, icon, menu_button, menu_do, told};
use crate::text::{t, t_with};

/// Where it is, why, until when, and the way back.
pub fn notice(case: &Case, me: &Member, base: &str, query: &str, clock: &Clock) -> Markup {
    let Some(it) = case.spine.case.aside else { return blocked(case, me, base, query) };
    let (back, key) = match it.to {
        Aside::Spam => (t("not-spam"), "!"),
        Aside::Trash => (t("restore"), "#"),
    };
    html! {
        div.banner.banner-watch.aside-note role="status" {
            (icon(Icon::Trash))
            span.grow { (why(case, me, it)) @if let Some(until) = until(case, it, clock) { " " (until) } }
            form method="post" action={ (base) "/restoration" (query) } { (Button::submit(back).small().key(key)) }
            @if me.role.may(Right::Settings) {
                (sure(t("delete-for-good"), t("delete-for-good-sure"), &format!("{base}/deletion{query}")))
            }
        }
    }
}

/// That the next mail of its sender goes to spam, and the way back.
fn blocked(case: &Case, me: &Member, base: &str, query: &str) -> Markup {
    let sender = case.block.as_ref().filter(|_| me.role.may(Right::Desk));
    html! {
        @if let Some(sender) = sender {
            div.banner.banner-watch.aside-note role="status" {
                (icon(Icon::Lock))
                span.grow { (told("blocked-so", &[("sender", html! { b { (spelled(sender)) } })])) }
                form method="post" action={ (base) "/block/removal" (query) } { (Button::submit(t("unblock")).small()) }
            }
        }
    }
}

fn why(case: &Case, me: &Member, it: PutAside) -> Markup {
    let who = html! { b { @if it.by == Some(me.id) { (t("you")) } @else { (first_name(case.staff_name(it.by))) } } };
    match (it.to, it.why) {
        (Aside::Trash, _) => told("aside-trash", &[("who", who)]),
        (Aside::Spam, Unwanted::Person) => told("aside-spam", &[("who", who)]),
        (Aside::Spam, Unwanted::Server) => html! { (t("aside-spam-server")) },
        (Aside::Spam, Unwanted::Blocked) => html! { (t("aside-spam-blocked")) },
    }
}

fn until(case: &Case, it: PutAside, clock: &Clock) -> Option<String> {
    let days = u64::try_from(case.kept).ok().filter(|it| *it > 0)?;
    let day = clock.day(it.at.after(std::time::Duration::from_hours(24 * days)));
    Some(t_with("aside-until", &[("day", day.into())]))
}

/// The lines of the menu that put a case aside, or concern whoever wrote it; for those who see the whole desk.
pub fn lines(base: &str, query: &str) -> Markup {
    let button = |what: &str, glyph, label: &str, key| {
        html! { form method="post" action={ (base) "/" (what) (query) } { (menu_do(glyph, label, Some(key))) } }
    };
    html! {
        (button("spam", Icon::Alert, t("mark-spam"), "!"))
        (button("trash", Icon::Trash, t("delete"), "#"))
    }
}

/// The lines that block a sender, or take that back.
pub fn block_lines(case: &Case, base: &str, query: &str) -> Markup {
    let Some(sender) = case.sender() else { return html! {} };
    let unblock = case.block.as_ref().map(|it| t_with("unblock-whom", &[("sender", spelled(it).into())]));
    let address = t_with("block-whom", &[("sender", sender.without_tag().to_string().into())]);
    let domain = t_with("block-domain", &[("domain", sender.domain().into())]);
    html! {
        @if let Some(label) = unblock {
            hr;
            form method="post" action={ (base) "/block/removal" (query) } { (menu_do(Icon::Check, &label, None)) }
        } @else if case.may_block(sender, false) {
            hr;
            form method="post" action={ (base) "/block" (query) } {
                (menu_button(Some(Icon::Lock), &address, ("whom", "address"), None, false))
                @if case.may_block(sender, true) { (menu_button(Some(Icon::Lock), &domain, ("whom", "domain"), None, false)) }
            }
        }
    }
}

/// A domain is said with an `@` before it.
pub fn spelled(sender: &str) -> String {
    if sender.contains('@') { sender.to_owned() } else { format!("@{sender}") }
}
