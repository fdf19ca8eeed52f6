//! Search: one field for everything that somebody may see.

mod facets;
mod hits;

use axum::extract::State;
use domain::filter::{Ask as Asks, Mistake, Term, Why, numbered};
use domain::{Filter, Right, Word};
use maud::{Markup, html};
use serde::Deserialize;
use store::case::list::{self, From, Line};
use store::channel::{self, Name};
use store::filter::{Asked, ask};
use store::search::answer::{Answer, Order, answer};
use store::search::people::{self, Person};
use store::staff::{self, Colleague};
use store::team::{self, Team};

use crate::Trouble;
use crate::app::App;
use crate::extract::Query;
use crate::nav::{Around, Here, around, framed};
use crate::page::Page;
use crate::part::{Clock, Icon, Pager, Place, bar, empty, icon, pager};
use crate::session::Who;
use crate::text::{t, t_with};
use crate::view::{Shown, save_form, told};

/// How many customers and contacts stand above the cases, and how many behind their link.
const PEOPLE: usize = 5;
const MORE_PEOPLE: usize = 100;

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ask {
    q: String,
    before: Option<i64>,
    order: Option<By>,
    people: Option<All>,
}

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum By {
    Newest,
    Best,
}

/// All of the people, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum All {
    All,
}

/// Where a search is.
pub fn address(q: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("q", q.trim());
    format!("/search?{}", query.finish())
}

/// `GET /search`
pub async fn show(State(app): State<App>, who: Who, Query(it): Query<Ask>) -> Result<Page, Trouble> {
    let (scope, now) = (who.scope(), app.desk.now());
    let text: String = it.q.trim().chars().take(500).collect();
    let order = if it.order == Some(By::Best) { Order::Best } else { Order::Newest };
    let (q, before, most) = (text.clone(), it.before, if it.people.is_some() { MORE_PEOPLE } else { PEOPLE });
    let may_see_people = who.member.role.may(Right::Customers);
    let read = app.desk.db.read(async move |rx| {
        let around = around(rx, &scope).await?;
        let clock = around.clock_at(now);
        let (filter, mut mistakes) = Filter::parse(&q);
        let (asked, further) = ask(rx, &scope, &filter, |day| clock.midnight(day)).await?;
        mistakes.extend(further);
        mistakes.sort_by_key(|it| it.at.start);
        let (colleagues, teams, channels) =
            tokio::try_join!(staff::colleagues(rx, &scope), team::all(rx, &scope), channel::names(rx, &scope))?;
        let mut result =
            Results { text: q.clone(), filter, mistakes, asked, order, colleagues, teams, channels, ..Results::new() };
        if !result.asked.sought().is_empty() {
            result.answer = answer(rx, &scope, &result.asked, order, before).await?;
            if let Some(number) = numbered(&q).filter(|_| before.is_none()) {
                result.numbered = list::numbered(rx, &scope, number).await?;
            }
            if may_see_people && !result.asked.narrows() && before.is_none() {
                result.people = people::find(rx, &scope, result.asked.sought(), most).await?;
            }
        } else if !result.asked.is_empty() {
            let page = list::page(rx, &scope, &result.asked, From::Newest).await?;
            (result.lines, result.more_lines) = (page.lines, page.older.is_some());
        }
        Ok::<_, store::Error>((around, clock, result))
    });
    let (around, clock, results) = read.await?;
    Ok(results.page(&app, &who, &around, &clock, &it))
}

/// What there is to show.
struct Results {
    text: String,
    filter: Filter,
    mistakes: Vec<Mistake>,
    asked: Asked,
    order: Order,
    answer: Answer,
    people: (Vec<Person>, bool),
    /// The case whose number is all that was typed.
    numbered: Option<Line>,
    /// What only filters ask for.
    lines: Vec<Line>,
    more_lines: bool,
    colleagues: Vec<Colleague>,
    teams: Vec<Team>,
    channels: Vec<Name>,
}

impl Results {
    fn new() -> Results {
        Results {
            text: String::new(),
            filter: Filter::default(),
            mistakes: Vec::new(),
            asked: Asked::default(),
            order: Order::Newest,
            answer: Answer::default(),
            people: (Vec::new(), false),
            numbered: None,
            lines: Vec::new(),
            more_lines: false,
            colleagues: Vec::new(),
            teams: Vec::new(),
            channels: Vec::new(),
        }
    }

    fn page(&self, app: &App, who: &Who, around: &Around, clock: &Clock, it: &Ask) -> Page {
        let me = &who.member;
        let content = html! {
            main.main #main {
                (bar(t("search"), t("search-so"), &html! {}))
                div.page {
                    div.sr {
                        div {
                            (self.field())
                            (self.mistakes())
                            (self.chips())
                            @if self.mistakes.is_empty() && !self.asked.is_empty() { (save_form(&self.text, me, &self.teams)) }
                            @if let Some(percent) = self.answer.building {
                                p.sm.t2.mt3 role="status" { (t_with("search-building", &[("percent", percent.into())])) }
                            }
                            (self.found(me, clock, it))
                        }
                        @if it.before.is_none() { (facets::facets(self, clock)) }
                    }
                }
            }
        };
        let here = Here { title: t("search"), place: Place::Search, view: None, case_open: false };
        framed(app, who, around, here, &content)
    }

    fn field(&self) -> Markup {
        html! {
            bw-filter data-src="/inbox/completion" data-label=(t("filter-list")) {
                form.sr-q method="get" action="/search" role="search" aria-label=(t("search-everything")) {
                    div.with-icon {
                        (icon(Icon::Search))
                        label.vh for="q" data-key="/" data-focus="q" { (t("search")) }
                        input.input #q name="q" type="text" value=(self.text) placeholder=(t("search-example")) autocomplete="off" spellcheck="false"
                            autocapitalize="none" maxlength="500" autofocus[self.text.is_empty()] enterkeyhint="search"
                            aria-invalid=[(!self.mistakes.is_empty()).then_some("true")] aria-describedby=[(!self.mistakes.is_empty()).then_some("q-err")];
                        @if self.order == Order::Best { input type="hidden" name="order" value="best"; }
                        button.btn.btn-quiet.btn-sm type="submit" { (t("search-do")) }
                    }
                }
            }
        }
    }

    /// Each points at its word, and the rest is searched.
    fn mistakes(&self) -> Markup {
        html! {
            @if !self.mistakes.is_empty() {
                div.q-err #q-err role="alert" {
                    p.q-echo { (self.echo()) }
                    @for it in &self.mistakes {
                        p.err { (icon(Icon::Alert)) span {
                            (told(it, &self.text))
                            @if let Some(meant) = self.meant(it) { " " a.link href=(address(&meant)) { (meant) } }
                        } }
                    }
                    @if !self.asked.is_empty() { p.sm { (t("search-the-rest")) } }
                }
            }
        }
    }

    /// What was typed, with the mistakes marked in it.
    fn echo(&self) -> Markup {
        let mut at = 0;
        html! {
            @for it in &self.mistakes {
                (self.text.get(at..it.at.start).unwrap_or_default())
                mark.q-bad { (self.text.get(it.at.start.max(at)..it.at.end).unwrap_or_default()) }
                @let () = at = it.at.end.max(at);
            }
            (self.text.get(at..).unwrap_or_default())
        }
    }

    /// The whole search, with the word in it that was probably meant.
    fn meant(&self, it: &Mistake) -> Option<String> {
        let meant = match it.why {
            Why::UnknownKey(Some(key)) => key.word(),
            Why::UnknownValue(_, Some(word)) => word,
            _ => return None,
        };
        Some(format!("{}{meant}{}", self.text.get(..it.at.start)?, self.text.get(it.at.end..)?))
    }

    /// What was understood, each with a way to leave it out.
    fn chips(&self) -> Markup {
        html! {
            @if !self.filter.terms.is_empty() {
                div.row-flex.wrap.sr-chips.mt3 role="group" aria-label=(t("search-chips")) {
                    @for term in &self.filter.terms {
                        @let said = self.text.get(term.at.clone()).unwrap_or_default();
                        a.chip href=(address(&self.without(term))) title=(t_with("search-without", &[("word", said.into())])) {
                            span { (chip(term, said)) } (icon(Icon::X))
                        }
                    }
                }
            }
        }
    }

    fn without(&self, term: &Term) -> String {
        let (before, after) = (self.text.get(..term.at.start), self.text.get(term.at.end..));
        let rest = format!("{} {}", before.unwrap_or_default(), after.unwrap_or_default());
        let words = rest.split_whitespace().map(|it| it.trim_matches(','));
        words.filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The address of this search with one more word.
    fn with(&self, word: &str) -> String {
        address(&format!("{} {word}", self.text))
    }

    fn found(&self, me: &domain::Member, clock: &Clock, it: &Ask) -> Markup {
        if self.asked.is_empty() {
            return empty(Icon::Search, t("search-empty"), t("search-empty-so"), &html! {});
        }
        let (people, more) = &self.people;
        let numbered = self.numbered.as_slice();
        let nothing = numbered.is_empty() && people.is_empty() && self.answer.found.is_empty() && self.lines.is_empty();
        html! {
            @if !numbered.is_empty() { (hits::list(&[], numbered, &self.colleagues, me, clock)) }
            @if !people.is_empty() { (hits::people(people, more.then(|| format!("{}&people=all", address(&self.text))))) }
            @if nothing && self.answer.searched.is_none() {
                (empty(Icon::Search, t("search-none"), t("search-none-so"), &html! {}))
            } @else {
                (self.heading(it))
                (hits::list(&self.answer.found, &self.lines, &self.colleagues, me, clock))
            }
            @if let Some(at) = self.answer.searched { p.xs.t3.searched { (t("list-searched")) " " (clock.short(at)) "." } }
            @let older = self.answer.older.map(|older| format!("{}&before={older}", address(&self.text)));
            @let newest = it.before.map(|_| address(&self.text));
            (pager(&Pager { newer: newest.as_deref(), older: older.as_deref() }))
            @if self.more_lines { p.sm { a.link href=(Shown::Typed(self.text.clone()).address()) { (t("search-all-listed")) } } }
        }
    }

    fn heading(&self, it: &Ask) -> Markup {
        let sought = !self.asked.sought().is_empty();
        let cases = if sought { self.answer.cases.len() } else { self.lines.len() };
        let whole = if sought { self.answer.whole && it.before.is_none() } else { !self.more_lines };
        let count = if whole { cases.to_string() } else { format!("{}+", grouped(cases)) };
        let count = if cases == 1 && whole {
            t("search-one").to_owned()
        } else {
            t_with("search-count", &[("count", count.as_str().into())])
        };
        let hits = grouped(self.answer.hits);
        html! {
            div.sr-n {
                @if it.before.is_none() { h2 { (count) } } @else { h2 { (t("search-further")) } }
                @if sought && it.before.is_none() {
                    span.t3.sm {
                        @if let Some(weighed) = self.answer.weighed.filter(|it| *it < self.answer.hits) {
                            (t_with("search-weighed", &[("count", weighed.into())]))
                        } @else if whole { (t_with("search-hits", &[("hits", self.answer.hits.into()), ("count", hits.as_str().into())])) }
                        @else { (t_with("search-newest", &[("count", hits.as_str().into())])) }
                    }
                    span.end.sm {
                        @if self.order == Order::Best { a.link href=(address(&self.text)) { (t("search-by-newest")) } }
                        @else { a.link href={ (address(&self.text)) "&order=best" } { (t("search-by-best")) } }
                    }
                }
            }
        }
    }
}

/// `key:` and its value in bold, or the words.
fn chip(term: &Term, said: &str) -> Markup {
    match (&term.ask, said.split_once(':')) {
        (Asks::Words(_), _) | (_, None) => html! { b { (said) } },
        (_, Some((key, value))) => html! { (key) ":" b { (value) } },
    }
}

/// `1,000`
fn grouped(count: usize) -> String {
    if count < 1_000 { count.to_string() } else { format!("{},{:03}", count / 1_000, count % 1_000) }
}
