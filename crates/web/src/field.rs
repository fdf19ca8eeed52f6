//! Fields: their inputs, and the settings that make them.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use desk::field::NewField;
use domain::field::Values;
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
use crate::part::{Area, Button, Field as Input, Icon, Select, Tone, badge, check, hidden, icon};
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

/// The field that an input is named after.
pub fn named(input: &str) -> Result<FieldId, Trouble> {
    input.strip_prefix("field-").and_then(|it| it.parse().ok()).ok_or_else(|| Trouble::bad(t("bad-choice")))
}

/// What was entered into fields.
pub fn entered(pairs: Vec<(String, String)>) -> Result<Vec<(FieldId, String)>, Trouble> {
    pairs.into_iter().map(|(name, value)| Ok((named(&name)?, value))).collect()
}

/// What fields say, for whoever reads it; nothing of one that says nothing. `more` leads to where it is changed.
pub fn facts(fields: &[Field], owner: Owner, values: &Values, more: &Markup) -> Markup {
    let said = fields.iter().filter(|it| it.owner == owner).filter_map(|it| Some((&it.name, it.said(values)?)));
    let said: Vec<(&String, &str)> = said.collect();
    html! {
        @if !said.is_empty() {
            dl.case-facts { @for (name, says) in said { dt { (name) } dd.wrap-any { (says) } } }
            (more)
        }
    }
}

/// The fields of a contact or a customer, to be filled in at an address; only read where there is none.
pub struct Sheet<'a> {
    /// All fields there are.
    pub fields: &'a [Field],
    /// Whose are shown.
    pub owner: Owner,
    /// What they say.
    pub values: &'a Values,
    /// What somebody has entered and is not saved.
    pub typed: &'a [(FieldId, String)],
    /// Where they are filled in.
    pub address: Option<&'a str>,
    /// What is wrong with what was entered.
    pub wrong: &'a Wrong,
}

impl Sheet<'_> {
    /// The section; nothing where there is no field, or nothing to read.
    pub fn section(&self) -> Markup {
        let own: Vec<&Field> = self.fields.iter().filter(|it| it.owner == self.owner).collect();
        let silent = own.iter().all(|it| it.said(self.values).is_none());
        if own.is_empty() || (self.address.is_none() && silent) {
            return html! {};
        }
        html! {
            section.sec #fields aria-labelledby="fd" {
                header { h2 #fd { (t("fields")) } }
                @match self.address {
                    None => (facts(self.fields, self.owner, self.values, &html! {})),
                    Some(address) => form.stack.stack-sm method="post" action=(address) {
                        @if let Some(why) = self.wrong.at("fields") { p.err role="alert" { (icon(Icon::Alert)) span { (why) } } }
                        @for it in own {
                            @let typed = self.typed.iter().find(|typed| typed.0 == it.id).map(|it| it.1.as_str());
                            (input(it, typed.or(self.values.get(&it.id).map(String::as_str)), "own"))
                        }
                        div { (Button::submit(t("save")).small()) }
                    },
                }
            }
        }
    }
}

/// What somebody enters about a field.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Entered {
    owner: String,
    kind: String,
    name: String,
    choices: String,
    required: Option<String>,
}

impl Entered {
    fn field(&self) -> Result<NewField, Trouble> {
        let bad = |_| Trouble::bad(t("bad-choice"));
        Ok(NewField {
            owner: self.owner()?,
            kind: if self.kind.is_empty() { FieldKind::Text } else { FieldKind::parse(&self.kind).map_err(bad)? },
            name: self.name.clone(),
            choices: self.choices.lines().map(str::to_owned).collect(),
            required: self.required.is_some(),
        })
    }

    /// A field is one of cases where nothing else is said.
    fn owner(&self) -> Result<Owner, Trouble> {
        if self.owner.is_empty() {
            return Ok(Owner::Case);
        }
        Owner::parse(&self.owner).map_err(|_| Trouble::bad(t("bad-choice")))
    }

    fn of(it: &Field) -> Entered {
        Entered {
            owner: it.owner.word().to_owned(),
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
    let nothing = Wrong::NOTHING;
    let group = |owner: Owner| {
        let (title, so) = words(owner);
        let id = format!("of-{owner}");
        let own: Vec<&Field> = fields.iter().filter(|it| it.owner == owner).collect();
        html! {
            section.sec aria-labelledby=(id) {
                header { h2 id=(id) { (title) } }
                p.t2.sm.mb3 { (so) }
                @if own.is_empty() { p.sm.t3 { (t("fields-none")) } }
                ul.list.list-lines {
                    @for it in own {
                        @let mine = entered.filter(|entered| entered.0 == Some(it.id)).map(|it| it.1);
                        li.row { (line(it, mine, if mine.is_some() { wrong } else { &nothing })) }
                    }
                }
                @let mine = entered.filter(|it| it.0.is_none() && it.1.owner().is_ok_and(|it| it == owner));
                (new(owner, mine.map(|it| it.1), if mine.is_some() { wrong } else { &nothing }))
            }
        }
    };
    let content = html! {
        p.t2.mb4 { (t("fields-so")) }
        div.stack.stack-lg { @for owner in Owner::ALL { (group(*owner)) } }
    };
    Ok(frame(app, who, &around, Section::Fields, &html! {}, &content))
}

/// What fields of an owner are called, and where they stand.
fn words(owner: Owner) -> (&'static str, &'static str) {
    match owner {
        Owner::Case => (t("cases"), t("fields-of-case")),
        Owner::Contact => (t("people"), t("fields-of-contact")),
        Owner::Customer => (t("nav-customers"), t("fields-of-customer")),
    }
}

/// A new field; it is open where something entered was wrong.
fn new(owner: Owner, entered: Option<&Entered>, wrong: &Wrong) -> Markup {
    let kinds: Vec<(&str, &str)> = FieldKind::ALL.iter().map(|it| (it.word(), kind_name(*it))).collect();
    let nothing = Entered::default();
    let it = entered.unwrap_or(&nothing);
    let id = |part: &str| format!("{owner}-{part}");
    let title = match owner {
        Owner::Case => t("field-new-case"),
        Owner::Contact => t("field-new-contact"),
        Owner::Customer => t("field-new-customer"),
    };
    html! {
        details.mend open[entered.is_some()] {
            summary { (icon(Icon::Plus)) span { (title) } }
            form.stack.narrow method="post" action="/settings/fields" {
                (wrong.above())
                (hidden("owner", owner.word()))
                (Input::new("name", t("field-name")).id(&id("name")).value(&it.name).required().autocomplete("off").error(wrong.at("name")))
                (Select::new("kind", t("field-kind"), &kinds).id(&id("kind")).chosen(&it.kind))
                (Area::new("choices", t("field-choices")).id(&id("choices")).rows(4).value(&it.choices).hint(t("field-choices-hint")).error(wrong.at("choices")))
                (needed(owner, it))
                div { (Button::submit(t("field-make")).primary()) }
            }
        }
    }
}

/// Only a case is resolved, so only of a case something is needed then.
fn needed(owner: Owner, it: &Entered) -> Markup {
    html! {
        @if owner == Owner::Case { (check("required", t("field-required"), t("field-required-hint"), it.required.is_some())) }
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
                (needed(it.owner, &shown))
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
