//! Fields: their inputs, and the settings that make them.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use desk::field::NewField;
use domain::{Field, FieldId, FieldKind, Owner, Word};
use maud::{Markup, html};
use serde::Deserialize;
use store::{Read, field};

use crate::Trouble;
use crate::app::App;
use crate::extract::{Form, Path};
use crate::form::Wrong;
use crate::nav;
use crate::page::Page;
use crate::part::{Area, Button, Field as Input, Icon, Select, Tone, badge, check, empty};
use crate::session::Who;
use crate::settings::{Section, frame};
use crate::text::{t, t_with};

/// The input of a field. `place` tells several of them on one page apart.
pub fn input(it: &Field, value: Option<&str>, place: &str) -> Markup {
    let (id, name) = (format!("{place}-{}", it.id), format!("field-{}", it.id));
    let needed = place == "resolve";
    let value = value.unwrap_or_default();
    html! {
        div.field {
            label for=(id) { (it.name) @if it.required && !needed { span.t3 { " " (t("field-needed")) } } }
            @match it.kind {
                FieldKind::Text => input.input id=(id) name=(name) value=(value) maxlength="500" autocomplete="off" required[needed];,
                FieldKind::Number => input.input id=(id) name=(name) value=(value) inputmode="decimal" maxlength="40" autocomplete="off" required[needed];,
                FieldKind::Date => input.input id=(id) type="date" name=(name) value=(value) required[needed];,
                FieldKind::Choice => select.input id=(id) name=(name) required[needed] {
                    option value="" {}
                    @for choice in &it.choices {
                        @let this = choice.id.to_string();
                        option value=(this) selected[this == value] { (choice.name) }
                    }
                },
            }
        }
    }
}

/// What somebody enters about a field.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Entered {
    kind: String,
    name: String,
    choices: String,
    required: Option<String>,
}

impl Entered {
    fn field(&self) -> Result<NewField, Trouble> {
        let bad = |_| Trouble::bad(t("bad-choice"));
        Ok(NewField {
            owner: Owner::Case,
            kind: if self.kind.is_empty() { FieldKind::Text } else { FieldKind::parse(&self.kind).map_err(bad)? },
            name: self.name.clone(),
            choices: self.choices.lines().map(str::to_owned).collect(),
            required: self.required.is_some(),
        })
    }

    fn of(it: &Field) -> Entered {
        Entered {
            kind: it.kind.word().to_owned(),
            name: it.name.clone(),
            choices: it.choices.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join("\n"),
            required: it.required.then(String::new),
        }
    }
}

const FIELDS: [&str; 2] = ["name", "choices"];

/// `GET /settings/fields`
pub async fn list(State(app): State<App>, who: Who) -> Result<Page, Trouble> {
    page(&app, &who, None, &Wrong::NOTHING).await
}

/// `POST /settings/fields`: a new one.
pub async fn add(State(app): State<App>, who: Who, Form(it): Form<Entered>) -> Result<Response, Trouble> {
    match app.desk.add_field(&who.member, it.field()?).await {
        Ok(_) => Ok(Redirect::to("/settings/fields").into_response()),
        Err(err) => refused(&app, &who, (None, &it), err).await,
    }
}

/// `POST /settings/fields/{id}`
pub async fn change(
    State(app): State<App>,
    who: Who,
    Path(id): Path<FieldId>,
    Form(it): Form<Entered>,
) -> Result<Response, Trouble> {
    match app.desk.change_field(&who.member, id, it.field()?).await {
        Ok(()) => Ok(Redirect::to("/settings/fields").into_response()),
        Err(err) => refused(&app, &who, (Some(id), &it), err).await,
    }
}

/// `POST /settings/fields/{id}/removal`
pub async fn remove(State(app): State<App>, who: Who, Path(id): Path<FieldId>) -> Result<Redirect, Trouble> {
    app.desk.delete_field(&who.member, id).await?;
    Ok(Redirect::to("/settings/fields"))
}

async fn refused(
    app: &App,
    who: &Who,
    entered: (Option<FieldId>, &Entered),
    err: desk::Error,
) -> Result<Response, Trouble> {
    let wrong = Wrong::of(err, &FIELDS)?;
    Ok(wrong.answer(page(app, who, Some(entered), &wrong).await?))
}

async fn page(
    app: &App,
    who: &Who,
    entered: Option<(Option<FieldId>, &Entered)>,
    wrong: &Wrong,
) -> Result<Page, Trouble> {
    let scope = who.scope();
    let read =
        app.desk.db.read(async move |rx: &Read| tokio::try_join!(nav::around(rx, &scope), field::all(rx, &scope)));
    let (around, fields) = read.await?;
    let at = |id: Option<FieldId>| entered.filter(|it| it.0 == id).map(|it| it.1);
    let nothing = Wrong::NOTHING;
    let content = html! {
        p.t2.mb4 { (t("fields-so")) }
        @if fields.is_empty() { (empty(Icon::Edit, t("fields-none"), t("fields-none-then"), &html! {})) }
        ul.list.list-lines.mb4 {
            @for it in &fields {
                @let mine = at(Some(it.id));
                li.row { (line(it, mine, if mine.is_some() { wrong } else { &nothing })) }
            }
        }
        section.sec.narrow aria-labelledby="field-new" {
            header { h2 #field-new { (t("field-new")) } }
            (new(at(None).unwrap_or(&Entered::default()), if at(None).is_some() { wrong } else { &nothing }))
        }
    };
    Ok(frame(app, who, &around, Section::Fields, &html! {}, &content))
}

fn new(it: &Entered, wrong: &Wrong) -> Markup {
    let kinds: Vec<(&str, &str)> = FieldKind::ALL.iter().map(|it| (it.word(), kind_name(*it))).collect();
    html! {
        form.stack method="post" action="/settings/fields" {
            (wrong.above())
            (Input::new("name", t("field-name")).id("new-name").value(&it.name).required().autocomplete("off").error(wrong.at("name")))
            (Select::new("kind", t("field-kind"), &kinds).id("new-kind").chosen(&it.kind))
            (Area::new("choices", t("field-choices")).rows(4).value(&it.choices).hint(t("field-choices-hint")).error(wrong.at("choices")))
            (check("required", t("field-required"), t("field-required-hint"), it.required.is_some()))
            div { (Button::submit(t("field-make")).primary()) }
        }
    }
}

fn line(it: &Field, entered: Option<&Entered>, wrong: &Wrong) -> Markup {
    let base = format!("/settings/fields/{}", it.id);
    let shown = entered.cloned().unwrap_or_else(|| Entered::of(it));
    let id = format!("name-{}", it.id);
    let of = t_with("field-delete-of", &[("field", it.name.as_str().into())]);
    html! {
        details.grow.line-edit open[entered.is_some()] {
            summary.row-flex.gap-2 {
                span.row-t { (it.name) } span.row-s { (kind_name(it.kind)) }
                @if it.required { (badge(Tone::Line, t("field-needed"))) }
            }
            form.stack.stack-sm.narrow method="post" action=(base) {
                (wrong.above())
                (Input::new("name", t("field-name")).id(&id).value(&shown.name).required().autocomplete("off").error(wrong.at("name")))
                @if it.kind == FieldKind::Choice {
                    @let choices = format!("choices-{}", it.id);
                    (Area::new("choices", t("field-choices")).id(&choices).rows(5).value(&shown.choices).hint(t("field-choices-hint")).error(wrong.at("choices")))
                }
                (check("required", t("field-required"), t("field-required-hint"), shown.required.is_some()))
                div { (Button::submit(t("save")).small().primary()) }
            }
            form.mt2 method="post" action={ (base) "/removal" } {
                p.xs.t3 { (t("field-delete-so")) }
                (Button::submit(t("field-delete")).small().name(&of))
            }
        }
    }
}

fn kind_name(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => t("field-text"),
        FieldKind::Number => t("field-number"),
        FieldKind::Choice => t("field-choice"),
        FieldKind::Date => t("field-date"),
    }
}
