//! Lists of cases: the views that everybody has, those that somebody has saved, and what is typed.

use std::borrow::Cow;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use desk::view::{NewView, may_change};
use domain::filter::{Mistake, Why};
use domain::{Aside, Filter, Member, Right, SavedView, Sharing, TeamId, View, ViewId, Word};
use maud::{Markup, html};
use serde::Deserialize;
use store::filter::{Asked, ask};
use store::team::Team;
use store::{Read, Scope, team};

use crate::Trouble;
use crate::app::App;
use crate::extract::{Form, Path};
use crate::form::Wrong;
use crate::nav::{Around, Here, around, framed};
use crate::page::Page;
use crate::part::{Button, Clock, Field, Icon, Place, Select, bar, empty};
use crate::session::Who;
use crate::text::{t, t_with};

/// Which list of cases is on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A view that everybody has.
    View(View),
    /// One that somebody has saved.
    Saved(ViewId),
    /// What is typed above the list.
    Typed(String),
}

impl Shown {
    /// What an address names: a view, or else a filter.
    pub fn of(view: Option<&str>, filter: Option<&str>) -> Result<Option<Shown>, Trouble> {
        match (view, filter) {
            (Some(text), _) => {
                let built = View::parse(text).map(Shown::View);
                let shown = built.or_else(|_| text.parse().map(Shown::Saved));
                shown.map(Some).map_err(|_| Trouble::bad(t("view-unknown")))
            }
            (None, Some(text)) => Ok(Some(Shown::Typed(text.trim().to_owned()))),
            (None, None) => Ok(None),
        }
    }

    /// The query that names it.
    pub fn query(&self) -> String {
        match self {
            Shown::View(view) => format!("view={}", view.word()),
            Shown::Saved(id) => format!("view={id}"),
            Shown::Typed(text) => {
                let mut query = url::form_urlencoded::Serializer::new(String::new());
                query.append_pair("filter", text).finish()
            }
        }
    }

    /// Where it is.
    pub fn address(&self) -> String {
        format!("/inbox?{}", self.query())
    }

    /// The view that everybody has, if it is one.
    pub fn built(&self) -> Option<View> {
        if let Shown::View(view) = self { Some(*view) } else { None }
    }
}

/// What people call a view that everybody has.
pub fn view_name(view: View) -> &'static str {
    match view {
        View::Mine => t("view-mine"),
        View::Unassigned => t("view-unassigned"),
        View::Due => t("view-due"),
        View::Us => t("view-us"),
        View::Waiting => t("view-waiting"),
        View::Snoozed => t("view-snoozed"),
        View::All => t("view-all"),
        View::Spam => t("view-spam"),
        View::Trash => t("view-trash"),
    }
}

/// A list that was asked for, understood.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Which it is.
    pub shown: Shown,
    /// What people call it.
    pub name: String,
    /// What it asks, as it was typed.
    pub filter: String,
    /// The same, with everybody found who is named in it.
    pub asked: Asked,
    /// What in it says nothing.
    pub mistakes: Vec<Mistake>,
}

impl Listed {
    /// Understands it, for whoever looks.
    pub async fn read(rx: &Read, scope: &Scope, shown: Shown, around: &Around, clock: &Clock) -> store::Result<Listed> {
        let (name, filter) = match &shown {
            Shown::View(view) => {
                let asked = Asked::of(*view, scope);
                let (name, filter) = (view_name(*view).to_owned(), view.filter().to_owned());
                return Ok(Listed { shown, name, filter, asked, mistakes: Vec::new() });
            }
            Shown::Saved(id) => {
                let saved = around.saved.iter().find(|it| it.id == *id).ok_or(store::Error::NotFound)?;
                (saved.name.clone(), saved.filter.clone())
            }
            Shown::Typed(text) => (t("view-typed").to_owned(), text.clone()),
        };
        let (parsed, mut mistakes) = Filter::parse(&filter);
        let (asked, further) = ask(rx, scope, &parsed, |day| clock.midnight(day)).await?;
        mistakes.extend(further);
        mistakes.sort_by_key(|it| it.at.start);
        Ok(Listed { shown, name, filter, asked, mistakes })
    }

    /// What it shows of the cases that are put aside.
    pub fn aside(&self) -> Option<Aside> {
        self.asked.aside.map(|it| if it == domain::filter::Is::Spam { Aside::Spam } else { Aside::Trash })
    }

    /// Whether it is about the looker's own cases, so that nobody need be named.
    pub fn is_mine(&self) -> bool {
        self.shown == Shown::View(View::Mine)
    }
}

/// How many cases a saved view has, for whoever looks.
pub async fn count(rx: &Read, scope: &Scope, view: &SavedView, clock: &Clock) -> store::Result<i64> {
    let (asked, _) = ask(rx, scope, &Filter::parse(&view.filter).0, |day| clock.midnight(day)).await?;
    store::case::list::count(rx, scope, &asked).await
}

/// A mistake in words. `text` is the filter in which it stands.
pub fn told(mistake: &Mistake, text: &str) -> String {
    let word = text.get(mistake.at.clone()).unwrap_or_default();
    let word = word.trim_matches('"');
    let (key, meant) = match &mistake.why {
        Why::UnknownKey(None) => ("mistake-key", None),
        Why::UnknownKey(Some(meant)) => ("mistake-key-meant", Some(meant.word())),
        Why::Alone => ("mistake-alone", None),
        Why::OnlyNot => ("mistake-only-not", None),
        Why::UnknownValue(key, None) => return with_values("mistake-value", word, *key),
        Why::UnknownValue(_, Some(meant)) => ("mistake-value-meant", Some(*meant)),
        Why::Nobody(_) => ("mistake-nobody", None),
        Why::Several(_) => ("mistake-several", None),
        Why::NoValue(key) => return with_values("mistake-no-value", word, *key),
        Why::NotATime => ("mistake-time", None),
        Why::NotAPromise => ("mistake-promise", None),
        Why::NoChoice => ("mistake-choice", None),
        Why::NotADay => ("mistake-day", None),
        Why::OneDay(_) => ("mistake-one-day", None),
        Why::Apart => ("mistake-apart", None),
    };
    t_with(key, &[("word", word.into()), ("meant", meant.unwrap_or_default().into())])
}

fn with_values(text: &str, word: &str, key: domain::filter::Key) -> String {
    let values = key.values();
    let values = if values.is_empty() { Cow::Borrowed("…") } else { Cow::Owned(values.join(", ")) };
    t_with(text, &[("word", word.into()), ("key", key.word().into()), ("values", values.as_ref().into())])
}

/// What somebody enters about a view.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Entered {
    name: String,
    filter: String,
    /// `own`, `everybody`, or the id of a team.
    sharing: String,
}

impl Entered {
    fn view(&self, who: &Member) -> Result<NewView, Trouble> {
        let sharing = match self.sharing.as_str() {
            "" | "own" => Sharing::Own(who.id),
            "everybody" => Sharing::Everybody,
            team => Sharing::Team(team.parse::<TeamId>().map_err(|_| Trouble::bad(t("bad-choice")))?),
        };
        Ok(NewView { name: self.name.clone(), filter: self.filter.clone(), sharing })
    }

    fn of(view: &SavedView) -> Entered {
        Entered { name: view.name.clone(), filter: view.filter.clone(), sharing: shared(view.sharing) }
    }
}

fn shared(sharing: Sharing) -> String {
    match sharing {
        Sharing::Own(_) => "own".to_owned(),
        Sharing::Everybody => "everybody".to_owned(),
        Sharing::Team(team) => team.to_string(),
    }
}

/// `GET /views`: the views that one sees.
pub async fn list(State(app): State<App>, who: Who) -> Result<Page, Trouble> {
    let known = Known::read(&app, &who).await?;
    Ok(known.page(&app, &who, None, &Wrong::default()))
}

/// `POST /views`: a new one.
pub async fn add(State(app): State<App>, who: Who, Form(it): Form<Entered>) -> Result<Response, Trouble> {
    match app.desk.add_view(&who.member, it.view(&who.member)?).await {
        Ok(id) => Ok(Redirect::to(&Shown::Saved(id).address()).into_response()),
        Err(err) => refused(&app, &who, None, &it, err).await,
    }
}

/// `POST /views/{id}`
pub async fn change(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ViewId>,
    Form(it): Form<Entered>,
) -> Result<Response, Trouble> {
    match app.desk.change_view(&who.member, id, it.view(&who.member)?).await {
        Ok(()) => Ok(Redirect::to("/views").into_response()),
        Err(err) => refused(&app, &who, Some(id), &it, err).await,
    }
}

/// `POST /views/{id}/raise`: one place up.
pub async fn raise(State(app): State<App>, who: Who, Path(id): Path<ViewId>) -> Result<Redirect, Trouble> {
    app.desk.raise_view(&who.member, id).await?;
    Ok(Redirect::to("/views"))
}

/// `POST /views/{id}/removal`
pub async fn remove(State(app): State<App>, who: Who, Path(id): Path<ViewId>) -> Result<Redirect, Trouble> {
    app.desk.delete_view(&who.member, id).await?;
    Ok(Redirect::to("/views"))
}

async fn refused(
    app: &App,
    who: &Who,
    id: Option<ViewId>,
    it: &Entered,
    err: desk::Error,
) -> Result<Response, Trouble> {
    let mut wrong = Wrong::of(err, &["name", "filter", "sharing"])?;
    if let (Some(_), Some(first)) = (wrong.at("filter"), Filter::parse(&it.filter).1.first()) {
        wrong = Wrong::new("filter", told(first, &it.filter));
    }
    let known = Known::read(app, who).await?;
    Ok(wrong.answer(known.page(app, who, Some((id, it)), &wrong)))
}

struct Known {
    around: Around,
    teams: Vec<Team>,
}

impl Known {
    async fn read(app: &App, who: &Who) -> Result<Known, Trouble> {
        let scope = who.scope();
        let read = app.desk.db.read(async move |rx| {
            let (around, teams) = tokio::try_join!(around(rx, &scope), team::all(rx, &scope))?;
            Ok::<_, store::Error>(Known { around, teams })
        });
        Ok(read.await?)
    }

    fn page(&self, app: &App, who: &Who, entered: Option<(Option<ViewId>, &Entered)>, wrong: &Wrong) -> Page {
        let new = entered.filter(|it| it.0.is_none()).map(|it| it.1.clone()).unwrap_or_default();
        let of_new = if entered.is_some_and(|it| it.0.is_none()) { wrong } else { &Wrong::NOTHING };
        let content = html! {
            main.main #main {
                (bar(t("views"), t("views-so"), &html! {}))
                div.page.stack.stack-lg {
                    (wrong.above())
                    @if self.around.saved.is_empty() { (empty(Icon::Filter, t("views-none"), t("views-none-so"), &html! {})) }
                    @else {
                        ul.list.list-lines { @for (at, it) in self.around.saved.iter().enumerate() {
                            @let entered = entered.filter(|e| e.0 == Some(it.id)).map(|e| e.1.clone());
                            li { (self.line(&who.member, it, at, entered, wrong)) }
                        } }
                    }
                    section.sec aria-labelledby="nv" {
                        header { h2 #nv { (t("view-new")) } }
                        form.stack.narrow method="post" action="/views" { (fields(&new, &self.choices(&who.member), "new", of_new)) div { (Button::submit(t("view-save")).primary()) } }
                    }
                }
            }
        };
        let here = Here { title: t("views"), place: Place::Inbox, view: None, case_open: false };
        framed(app, who, &self.around, here, &content)
    }

    fn line(&self, me: &Member, it: &SavedView, at: usize, entered: Option<Entered>, wrong: &Wrong) -> Markup {
        let mine = may_change(me, it.sharing);
        // It changes places with the one above, which is moved as well.
        let above = at.checked_sub(1).and_then(|it| self.around.saved.get(it));
        let raises = above.is_some_and(|it| may_change(me, it.sharing));
        let (open, wrong) = (entered.is_some(), if entered.is_some() { wrong } else { &Wrong::NOTHING });
        let entered = entered.unwrap_or_else(|| Entered::of(it));
        let name = |key: &str| t_with(key, &[("name", it.name.as_str().into())]);
        html! {
            details.person open[open] {
                summary.row {
                    span.grow { span.row-t { (it.name) } br; span.row-s.wrap-any { @if it.filter.is_empty() { (t("view-all")) } @else { (it.filter) } } }
                    span.xs.t3.nowrap { (self.sharing(it.sharing)) }
                }
                div.stack.stack-sm.person-b {
                    p { a.link href=(Shown::Saved(it.id).address()) { (name("view-open")) } }
                    @if mine {
                        form.stack.narrow method="post" action={ "/views/" (it.id) } {
                            (fields(&entered, &self.choices(me), &it.id.to_string(), wrong))
                            div { (Button::submit(t("save")).primary().name(&name("view-save-of"))) }
                        }
                        div.row-flex {
                            @if raises { form method="post" action={ "/views/" (it.id) "/raise" } { (Button::submit(t("view-up")).small().name(&name("view-up-of"))) } }
                            form method="post" action={ "/views/" (it.id) "/removal" } { (Button::submit(t("view-delete")).small().icon(Icon::Trash).name(&name("view-delete-of"))) }
                        }
                    } @else { p.sm.t2 { (t("view-others")) } }
                }
            }
        }
    }

    fn sharing(&self, sharing: Sharing) -> &str {
        match sharing {
            Sharing::Own(_) => t("view-own"),
            Sharing::Everybody => t("view-everybody"),
            Sharing::Team(id) => self.teams.iter().find(|it| it.id == id).map_or("", |it| it.name.as_str()),
        }
    }

    fn choices(&self, me: &Member) -> Vec<(String, String)> {
        choices(me, &self.teams)
    }
}

/// With whom this person may share a view.
pub fn choices(me: &Member, teams: &[Team]) -> Vec<(String, String)> {
    let mut all = vec![("own".to_owned(), t("view-own").to_owned())];
    let mine = teams.iter().filter(|it| may_change(me, Sharing::Team(it.id)));
    all.extend(mine.map(|it| (it.id.to_string(), it.name.clone())));
    if me.role.may(Right::Share) {
        all.push(("everybody".to_owned(), t("view-everybody").to_owned()));
    }
    all
}

/// Name, filter and readers of a view.
fn fields(it: &Entered, choices: &[(String, String)], id: &str, wrong: &Wrong) -> Markup {
    let choices: Vec<(&str, &str)> = choices.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    let (name, filter, sharing) = (format!("name-{id}"), format!("filter-{id}"), format!("sharing-{id}"));
    html! {
        (Field::new("name", t("view-name")).id(&name).value(&it.name).required().autocomplete("off").error(wrong.at("name")))
        (Field::new("filter", t("view-filter")).id(&filter).value(&it.filter).hint(t("view-filter-hint")).autocomplete("off").error(wrong.at("filter")))
        @if choices.len() > 1 || wrong.at("sharing").is_some() { (Select::new("sharing", t("view-sharing"), &choices).id(&sharing).chosen(&it.sharing).error(wrong.at("sharing"))) }
    }
}

/// Saves what is typed above a list, under a name.
pub fn save_form(filter: &str, me: &Member, teams: &[Team]) -> Markup {
    let choices = choices(me, teams);
    let choices: Vec<(&str, &str)> = choices.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    html! {
        details.save-view {
            summary.btn.btn-sm { (t("view-save-this")) }
            form.stack.stack-sm method="post" action="/views" {
                input type="hidden" name="filter" value=(filter);
                (Field::new("name", t("view-name")).id("save-name").required().autocomplete("off"))
                @if choices.len() > 1 { (Select::new("sharing", t("view-sharing"), &choices).id("save-sharing").chosen("own")) }
                div { (Button::submit(t("view-save")).primary().small()) }
            }
        }
    }
}
