//! The palette: everything that one may open, found by a few letters; what one may do here, script adds from the page.

use axum::extract::State;
use domain::{Filter, Right};
use maud::{Markup, html};
use serde::Deserialize;
use store::search::answer::{Order, answer};
use store::search::people;
use store::{customer, filter, staff};

use crate::Trouble;
use crate::app::App;
use crate::extract::Query;
use crate::nav::around;
use crate::page::Page;
use crate::part::{
    AvatarSize, ChannelMark, Icon, MarkSize, channel_mark, icon, organization_avatar, our_avatar, their_avatar,
};
use crate::session::Who;
use crate::settings::Section;
use crate::text::{t, t_with};
use crate::view::Shown;

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
    let people_only = typed.strip_prefix('@').map(|it| it.trim().to_lowercase());
    let (mut groups, scope, q) = (Vec::new(), who.scope(), typed.clone());
    let now = app.desk.now();
    if let Some(name) = people_only {
        let all = app.desk.db.read(async move |rx| staff::colleagues(rx, &scope).await).await?;
        let named = all.iter().filter(|it| it.here && begins(&it.name, &name)).take(MOST * 2);
        groups.push((t("palette-people"), named.map(|it| colleague(&it.name)).collect()));
        return Ok(list(&groups));
    }
    groups.push((t("palette-open"), places(&app, &who, &typed).await?));
    if typed.chars().count() >= 2 {
        let may_see_people = who.member.role.may(Right::Customers);
        let found = app.desk.db.read(async move |rx| {
            let clock = around(rx, &scope).await?.clock_at(now);
            let (parsed, _) = Filter::parse(&q);
            let (asked, _) = filter::ask(rx, &scope, &parsed, |day| clock.midnight(day)).await?;
            let sought = parsed.sought();
            let cases = answer(rx, &scope, &asked, Order::Newest, None).await?;
            if !may_see_people {
                return Ok::<_, store::Error>((cases, Vec::new(), Vec::new()));
            }
            let people = if sought.is_empty() { Vec::new() } else { people::find(rx, &scope, &sought, MOST).await?.0 };
            // While a name is typed, its beginning is enough.
            let named = customer::named(rx, &scope, &q, i64::try_from(MOST).unwrap_or(5)).await?;
            Ok((cases, people, named))
        });
        let (cases, people, named) = found.await?;
        let cases = cases.found.iter().take(MOST).map(|it| Line {
            address: format!("/cases/{}", it.line.number),
            mark: channel_mark(ChannelMark::Mail, MarkSize::Small),
            name: it.line.subject.clone(),
            kind: t_with("case-number", &[("number", it.line.number.to_string().into())]),
        });
        groups.push((t("palette-cases"), cases.collect()));
        let more = people.iter().filter(|it| it.contact.is_some() || named.iter().all(|known| known.0 != it.customer));
        let more = more.map(|it| {
            let name = it.name.text.clone();
            let mark = match it.kind {
                domain::CustomerKind::Organization if it.contact.is_none() => {
                    organization_avatar(&name, AvatarSize::Small)
                }
                _ => their_avatar(&name, AvatarSize::Small),
            };
            Line { address: format!("/customers/{}", it.customer), mark, name, kind: it.customer_name.clone() }
        });
        let known = named.iter().map(|(id, name)| Line {
            address: format!("/customers/{id}"),
            mark: icon(Icon::Customers),
            name: name.clone(),
            kind: String::new(),
        });
        groups.push((t("palette-customers"), known.chain(more).take(MOST).collect()));
        groups.push((t("palette-search"), vec![search(&typed)]));
    }
    Ok(list(&groups))
}

/// The views and pages whose name fits.
async fn places(app: &App, who: &Who, typed: &str) -> Result<Vec<Line>, Trouble> {
    let typed = typed.to_lowercase();
    let scope = who.scope();
    let around = app.desk.db.read(async move |rx| around(rx, &scope).await).await?;
    let line = |glyph: Icon, name: &str, address: String, kind: &str| Line {
        address,
        mark: icon(glyph),
        name: name.to_owned(),
        kind: kind.to_owned(),
    };
    let mut all: Vec<Line> =
        around.views(None).iter().map(|it| line(Icon::Inbox, it.name, it.address.clone(), t("palette-view"))).collect();
    all.push(line(Icon::Search, t("search"), "/search".to_owned(), ""));
    all.push(line(Icon::Edit, t("views-edit"), "/views".to_owned(), ""));
    all.push(line(Icon::Key, t("nav-you"), "/you".to_owned(), ""));
    if who.member.role.may(Right::Settings) {
        all.extend(
            Section::ALL.iter().map(|it| line(it.glyph(), it.name(), it.address().to_owned(), t("nav-settings"))),
        );
    }
    let most = if typed.is_empty() { MOST * 2 } else { MOST };
    Ok(all.into_iter().filter(|it| begins(&it.name, &typed)).take(most).collect())
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
