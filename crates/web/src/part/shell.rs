//! What stands around the pages of somebody who is signed in: the rail, the bar of small screens, live updates, keys.

use domain::Timestamp;
use maud::{Markup, html};

use super::avatar::{AvatarSize, our_avatar};
use super::button::{Button, keycap};
use super::icon::{Icon, icon, icon_lg, mark};
use crate::notification::counted;
use crate::text::{t, t_with};

/// The places of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The cases.
    Inbox,
    /// The customers.
    Customers,
    /// What is found by its words.
    Search,
    /// What leaves, or would leave.
    Outbox,
    /// The desk's settings.
    Settings,
    /// What one is told.
    Notifications,
    /// One's own profile and sign-ins.
    You,
}

/// A view over cases, as the navigation lists it.
#[derive(Clone, Debug)]
pub struct ViewLink<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where it is, with a query.
    pub address: String,
    /// How many cases it has, as text: `9`, `99+`.
    pub count: String,
    /// Whether it is the one on the screen.
    pub current: bool,
}

/// Who looks, at what, and what they may go to.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each place is there or not by itself")]
pub struct Nav<'a> {
    /// The organization's name.
    pub organization: &'a str,
    /// The name of the one who is signed in.
    pub me: &'a str,
    /// Their role, in words.
    pub role: &'a str,
    /// Where they are.
    pub place: Place,
    /// The views over cases, the first being the one that the inbox opens with.
    pub views: &'a [ViewLink<'a>],
    /// Whether they see every customer.
    pub customers: bool,
    /// Whether there is an outbox to look at.
    pub outbox: bool,
    /// Whether they may see the settings.
    pub settings: bool,
    /// Whether a single case fills a small screen.
    pub case_open: bool,
    /// What was just done, told in a line.
    pub toast: Option<&'a Markup>,
    /// How much of what they are told is new.
    pub unseen: i64,
    /// What stands in place of their role while they are away.
    pub away: Option<&'a str>,
    /// When the page is made: what is told later, their device may show.
    pub now: Timestamp,
}

/// The page with everything around it. `content` brings the `main` element.
pub fn shell(nav: &Nav<'_>, content: &Markup) -> Markup {
    html! {
        a.skip href="#main" { (t("skip")) }
        p.vh #arrived role="status" {}
        div.app.is-case[nav.case_open] {
            (rail(nav))
            (content)
        }
        (tab_bar(nav))
        (more(nav))
        (me_menu(nav))
        section.notes.notes-at #notes popover="auto" aria-label=(t("notifications")) data-src="/notifications?part=list" {}
        div.notices {
            @if let Some(toast) = nav.toast { (toast) }
            bw-offline.banner.banner-watch role="status" data-check="/readyz" hidden {
                (icon(Icon::Offline)) span.grow { (t("offline")) }
            }
            bw-signed-out.banner.banner-watch role="alert" hidden {
                (icon(Icon::Lock)) span.grow { (t("signed-out")) } a.btn.btn-sm href="/sign-in" { (t("sign-in-button")) }
            }
            bw-stale.banner.banner-watch role="status" hidden {
                (icon(Icon::Alert)) span.grow { (t("live-stale")) } (Button::script(t("try-again")).small())
            }
        }
        bw-live data-stream="/live" hidden data-changed=(t("live-changed"))
            data-message=(arrived("live-new-message")) data-note=(arrived("live-new-note")) data-many=(arrived("live-new-many")) {}
        (keys())
        (palette())
    }
}

/// The palette; script opens it and fills it.
fn palette() -> Markup {
    html! {
        bw-palette data-src="/palette" {
            dialog.palette aria-label=(t("palette")) {
                div.palette-in {
                    (icon(Icon::Search))
                    input type="text" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list" aria-label=(t("palette"))
                        placeholder=(t("palette-type")) autocomplete="off" spellcheck="false" autocapitalize="none" maxlength="200";
                    kbd { "Esc" }
                }
                div.palette-list #palette-list role="listbox" aria-label=(t("palette")) {}
                template {
                    div.palette-group role="group" aria-label=(t("palette-do")) { p.palette-h aria-hidden="true" { (t("palette-do")) } }
                }
                p.palette-foot { span { kbd { ">" } " " (t("palette-do")) } span { kbd { "@" } " " (t("palette-people")) } span { kbd { "↑" } kbd { "↓" } " " (t("keys-hint-move")) } span { kbd { "Enter" } " " (t("keys-hint-open")) } }
            }
        }
    }
}

/// A sentence into which script puts a name or a number.
fn arrived(key: &str) -> String {
    t_with(key, &[("what", "{what}".into())])
}

fn rail(nav: &Nav<'_>) -> Markup {
    html! {
        nav.nav aria-label=(t("nav")) {
            a.nav-brand href="/" { (mark()) span { (nav.organization) small { (t("product")) } } }
            // On its own page the key goes to the field.
            @let key = (nav.place != Place::Search).then_some("/");
            a.nav-search href="/search" title={ (t("search")) " (/)" } data-key=[key] aria-current=[(nav.place == Place::Search).then_some("page")] {
                (icon(Icon::Search)) span.lbl { (t("search")) } kbd { "/" }
            }
            ul.nav-list {
                li { (item(nav, Place::Inbox, "/inbox", t("nav-inbox"), Icon::Inbox, Some("g i"))) }
                @if !nav.views.is_empty() {
                    li.nav-sub { (view_list(nav.views)) }
                }
                @if nav.customers { li { (item(nav, Place::Customers, "/customers", t("nav-customers"), Icon::Customers, Some("g c"))) } }
                @if nav.outbox { li { (item(nav, Place::Outbox, "/outbox", t("nav-outbox"), Icon::Send, None)) } }
            }
            div.nav-foot {
                ul {
                    li { (bell(nav)) }
                    @if nav.settings { li { (item(nav, Place::Settings, "/settings", t("nav-settings"), Icon::Settings, Some("g s"))) } }
                }
                button.nav-me type="button" popovertarget="me" aria-current=[(nav.place == Place::You).then_some("page")] {
                    (our_avatar(nav.me, AvatarSize::Normal))
                    span.lbl { (nav.me) small { @if let Some(away) = nav.away { i.presence.presence-away {} (away) } @else { (nav.role) } } }
                }
            }
        }
    }
}

/// What one is told: a page, which script shows beside the navigation.
fn bell(nav: &Nav<'_>) -> Markup {
    let (name, here) = (t("notifications"), nav.place == Place::Notifications);
    html! {
        bw-bell data-now=(nav.now.0) data-fresh="/notifications/fresh" {
            a.nav-item href="/notifications" title={ (name) " (g n)" } data-key="g n" aria-current=[here.then_some("page")] {
                (icon(Icon::Bell)) span.lbl { (name) } (counted("bell-count", nav.unseen))
            }
        }
    }
}

/// The list of views with their counts; kept current while it is looked at.
pub fn view_list(views: &[ViewLink<'_>]) -> Markup {
    html! {
        ul #views data-live="inbox,views" data-src=(source(views)) {
            @for view in views {
                li {
                    a.nav-item href=(view.address) aria-current=[view.current.then_some("true")] {
                        span.lbl { (view.name) } span.n { (view.count) }
                    }
                }
            }
        }
    }
}

/// The same in the sheet of small screens.
pub fn view_menu(views: &[ViewLink<'_>]) -> Markup {
    html! {
        ul #views-menu-small data-live="inbox,views" data-src=(source(views)) {
            @for view in views {
                li { a.menu-item href=(view.address) { (icon(Icon::Inbox)) (view.name) span.t3.end { (view.count) } } }
            }
        }
    }
}

fn source(views: &[ViewLink<'_>]) -> String {
    let current = views.iter().find(|it| it.current);
    current.map_or("/inbox?part=views".to_owned(), |it| format!("{}&part=views", it.address))
}

fn item(nav: &Nav<'_>, place: Place, address: &str, name: &str, glyph: Icon, key: Option<&str>) -> Markup {
    html! {
        a.nav-item href=(address) title={ (name) @if let Some(key) = key { " (" (key) ")" } } data-key=[key]
            aria-current=[(nav.place == place).then_some("page")] {
            (icon(glyph)) span.lbl { (name) }
        }
    }
}

fn tab_bar(nav: &Nav<'_>) -> Markup {
    let current = |place| (nav.place == place).then_some("page");
    let more_is_current =
        matches!(nav.place, Place::Outbox | Place::Settings | Place::Notifications | Place::You).then_some("page");
    html! {
        nav.tabbar aria-label=(t("nav-small")) {
            a href="/inbox" aria-current=[current(Place::Inbox)] { (icon_lg(Icon::Inbox)) (t("nav-inbox")) }
            @if nav.customers { a href="/customers" aria-current=[current(Place::Customers)] { (icon_lg(Icon::Customers)) (t("nav-customers")) } }
            a href="/search" aria-current=[current(Place::Search)] { (icon_lg(Icon::Search)) (t("search")) }
            button type="button" popovertarget="more" aria-current=[more_is_current] { (icon_lg(Icon::Menu)) (t("nav-more")) }
        }
    }
}

fn more(nav: &Nav<'_>) -> Markup {
    html! {
        nav.sheet.sheet-bottom #more popover="auto" aria-label=(t("nav-more")) {
            (view_menu(nav.views))
            ul {
                @if nav.outbox { li { a.menu-item href="/outbox" { (icon(Icon::Send)) (t("nav-outbox")) } } }
                li { a.menu-item href="/notifications" {
                    (icon(Icon::Bell)) (t("notifications")) span.end { (counted("bell-count-small", nav.unseen)) }
                } }
                @if nav.settings { li { a.menu-item href="/settings" { (icon(Icon::Settings)) (t("nav-settings")) } } }
                li { a.menu-item href="/you" { (icon(Icon::Key)) (t("nav-you")) } }
                li { (sign_out()) }
            }
        }
    }
}

fn me_menu(nav: &Nav<'_>) -> Markup {
    html! {
        div.menu.menu-me #me popover="auto" data-menu aria-label=(nav.me) {
            a.menu-item href="/you" { (icon(Icon::Key)) span { (t("nav-you")) } }
            a.menu-item href="/you/notifications" { (icon(Icon::Bell)) span { (t("notifications-choose")) } }
            button.menu-item type="button" data-palette { (icon(Icon::Search)) span { (t("palette")) } (keycap("Ctrl K")) }
            a.menu-item href="/macros" { (icon(Icon::List)) span { (t("macros")) } }
            button.menu-item type="button" data-keys-open data-key="?" { (icon(Icon::Info)) span { (t("keys")) } (keycap("?")) }
            hr;
            (sign_out())
        }
    }
}

fn sign_out() -> Markup {
    html! {
        form method="post" action="/sign-out" {
            button.menu-item type="submit" { (icon(Icon::External)) span { (t("sign-out")) } }
        }
    }
}

/// The dialog with every key of the page; script fills it from the buttons that declare one.
fn keys() -> Markup {
    html! {
        bw-keys {
            dialog.dialog.keys aria-labelledby="keys-h" {
                header { h2 #keys-h { (t("keys")) } }
                div.body {
                    dl.dl data-keys-list {
                        dt { kbd { "j" } " " kbd { "k" } } dd { (t("keys-move")) }
                        dt { kbd { "Enter" } } dd { (t("keys-open")) }
                        dt { kbd { "Esc" } } dd { (t("keys-close")) }
                    }
                }
                footer {
                    label.check.grow { input type="checkbox" role="switch" data-keys-switch checked; span { (t("keys-switch")) } }
                    a.link.sm href="/keys" { (t("keys-all")) }
                    form method="dialog" { (Button::submit(t("close")).primary()) }
                }
            }
        }
    }
}
