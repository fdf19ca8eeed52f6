//! The palette: everything that one may open, found by a few letters; what one may do here, script adds from the page.

use axum::extract::State;
use domain::filter::numbered;
use domain::{CustomerId, CustomerKind, Filter, Right, SavedView, Timestamp, View, Word as _};
use maud::{Markup, html};
use serde::Deserialize;
use store::case::list;
use store::search::answer;
use store::search::people::{self, Person};
use store::{Read, Scope, customer, filter, staff, view};

use crate::Trouble;
use crate::app::App;
use crate::extract::Query;
use crate::nav;
use crate::page::Page;
use crate::part::{
    AvatarSize, ChannelMark, Icon, MarkSize, channel_mark, icon, organization_avatar, our_avatar, their_avatar,
};
use crate::session::Who;
use crate::settings::Section;
use crate::text::{t, t_with};
use crate::view::{Shown, view_name};

/// How many of each kind: more nobody reads while typing.
const MOST: usize = 5;

/// What is typed so far.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ask {
    q: String,
}

/// One line: where it leads, what stands before it, what it is called, what kind of thing it is.
struct Line {
    address: String,
    mark: Markup,
    name: String,
    kind: String,
}

/// `GET /palette`: what can be opened, in groups.
pub async fn show(State(app): State<App>, who: Who, Query(ask): Query<Ask>) -> Result<Page, Trouble> {
    let typed: String = ask.q.trim().chars().take(200).collect();
    let (scope, now, q) = (who.scope(), app.desk.now(), typed.clone());
    if let Some(name) = typed.strip_prefix('@').map(|it| it.trim().to_lowercase()) {
        let all = app.desk.db.read(async move |rx| staff::colleagues(rx, &scope).await).await?;
        let named = all.iter().filter(|it| it.here && begins(&it.name, &name)).take(MOST * 2);
        return Ok(list(&[(t("palette-people"), named.map(|it| colleague(&it.name)).collect())]));
    }
    let may_see_people = who.member.role.may(Right::Customers);
    let read = app.desk.db.read(async move |rx| {
        let saved = view::all(rx, &scope).await?;
        let found = if tells(&q) { Found::read(rx, &scope, &q, now, may_see_people).await? } else { Found::default() };
        Ok::<_, store::Error>((saved, found))
    });
    let (saved, found) = read.await?;
    let mut groups = vec![(t("palette-open"), places(&who, &saved, &typed))];
    if tells(&typed) {
        groups.push((t("palette-cases"), found.cases()));
        groups.push((t("palette-customers"), found.customers()));
        groups.push((t("palette-search"), vec![search(&typed)]));
    }
    Ok(list(&groups))
}

/// Whether it is enough to look for: one letter finds everything.
fn tells(typed: &str) -> bool {
    typed.chars().count() >= 2 || numbered(typed).is_some()
}

/// What the words find.
#[derive(Default)]
struct Found {
    cases: Vec<list::Line>,
    people: Vec<Person>,
    /// Customers whose name begins so: while a name is typed, its beginning is enough.
    named: Vec<(CustomerId, String)>,
}

impl Found {
    async fn read(rx: &Read, scope: &Scope, q: &str, now: Timestamp, people: bool) -> store::Result<Found> {
        let clock = nav::clock(rx, now).await?;
        let (parsed, _) = Filter::parse(q);
        let (asked, _) = filter::ask(rx, scope, &parsed, |day| clock.midnight(day)).await?;
        let numbered = match numbered(q) {
            Some(number) => list::numbered(rx, scope, number).await?,
            None => None,
        };
        let found = answer::answer(rx, scope, &asked, answer::Order::Newest, None).await?.found;
        let found = found.into_iter().map(|it| it.line);
        let found = found.filter(|it| numbered.as_ref().is_none_or(|first| first.number != it.number));
        let cases = numbered.iter().cloned().chain(found).take(MOST).collect();
        let sought = parsed.sought();
        if !people {
            return Ok(Found { cases, ..Found::default() });
        }
        let people = if sought.is_empty() { Vec::new() } else { people::find(rx, scope, &sought, MOST).await?.0 };
        let named = customer::named(rx, scope, q, i64::try_from(MOST).unwrap_or(5)).await?;
        Ok(Found { cases, people, named })
    }

    fn cases(&self) -> Vec<Line> {
        let line = |it: &list::Line| Line {
            address: format!("/cases/{}", it.number),
            mark: channel_mark(ChannelMark::Mail, MarkSize::Small),
            name: it.subject.clone(),
            kind: t_with("case-number", &[("number", it.number.to_string().into())]),
        };
        self.cases.iter().map(line).collect()
    }

    fn customers(&self) -> Vec<Line> {
        let known = self.named.iter().map(|(id, name)| Line {
            address: format!("/customers/{id}"),
            mark: icon(Icon::Customers),
            name: name.clone(),
            kind: String::new(),
        });
        let is_new = |it: &&Person| it.contact.is_some() || self.named.iter().all(|known| known.0 != it.customer);
        let more = self.people.iter().filter(is_new).map(|it| {
            let name = it.name.text.clone();
            let mark = match it.kind {
                CustomerKind::Organization if it.contact.is_none() => organization_avatar(&name, AvatarSize::Small),
                _ => their_avatar(&name, AvatarSize::Small),
            };
            Line { address: format!("/customers/{}", it.customer), mark, name, kind: it.customer_name.clone() }
        });
        known.chain(more).take(MOST).collect()
    }
}

/// The views and pages whose name fits.
fn places(who: &Who, saved: &[SavedView], typed: &str) -> Vec<Line> {
    let typed = typed.to_lowercase();
    let line = |glyph: Icon, name: &str, address: String, kind: &str| Line {
        address,
        mark: icon(glyph),
        name: name.to_owned(),
        kind: kind.to_owned(),
    };
    let view = |name: &str, shown: Shown| line(Icon::Inbox, name, shown.address(), t("palette-view"));
    let may = |right: Right| who.member.role.may(right);
    let built = View::ALL.iter().filter(|it| it.aside().is_none() || may(Right::Desk));
    let mut all: Vec<Line> = built.map(|it| view(view_name(*it), Shown::View(*it))).collect();
    all.extend(saved.iter().map(|it| view(&it.name, Shown::Saved(it.id))));
    all.push(line(Icon::Search, t("search"), "/search".to_owned(), ""));
    if may(Right::Desk) {
        all.push(line(Icon::Customers, t("nav-customers"), "/customers".to_owned(), ""));
        all.push(line(Icon::Plus, t("begin"), "/cases/new".to_owned(), ""));
    }
    all.push(line(Icon::Bell, t("notifications"), "/notifications".to_owned(), ""));
    all.push(line(Icon::List, t("macros"), "/macros".to_owned(), ""));
    all.push(line(Icon::Edit, t("views-edit"), "/views".to_owned(), ""));
    all.push(line(Icon::Info, t("keys"), "/keys".to_owned(), ""));
    all.push(line(Icon::Key, t("nav-you"), "/you".to_owned(), ""));
    if may(Right::Settings) {
        let of = |it: &Section| line(it.glyph(), it.name(), it.address().to_owned(), t("nav-settings"));
        all.extend(Section::ALL.iter().map(of));
    }
    let most = if typed.is_empty() { MOST * 2 } else { MOST };
    all.into_iter().filter(|it| begins(&it.name, &typed)).take(most).collect()
}

/// Whether the name, or a word of it, begins so.
fn begins(name: &str, typed: &str) -> bool {
    let name = name.to_lowercase();
    name.starts_with(typed) || name.split_whitespace().any(|it| it.starts_with(typed))
}

fn colleague(name: &str) -> Line {
    let filter = format!("is:open assignee:{}", domain::filter::quoted(name));
    Line {
        address: Shown::Typed(filter).address(),
        mark: our_avatar(name, AvatarSize::Small),
        name: name.to_owned(),
        kind: t("palette-their-cases").to_owned(),
    }
}

fn search(typed: &str) -> Line {
    Line {
        address: crate::search::address(typed),
        mark: icon(Icon::Search),
        name: t_with("palette-search-for", &[("words", typed.into())]),
        kind: String::new(),
    }
}

fn list(groups: &[(&str, Vec<Line>)]) -> Page {
    Page(html! {
        @for (name, lines) in groups.iter().filter(|it| !it.1.is_empty()) {
            div.palette-group role="group" aria-label=(name) {
                p.palette-h aria-hidden="true" { (name) }
                @for it in lines {
                    a.menu-item role="option" tabindex="-1" href=(it.address) aria-selected="false" {
                        (it.mark) span.trunc { (it.name) } span.t3.xs.end.nowrap { (it.kind) }
                    }
                }
            }
        }
    })
}
