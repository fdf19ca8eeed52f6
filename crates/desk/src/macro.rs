//! Macros: text that is written often, with placeholders, and what is done to a case with it.
//!
//! A macro never sends. What it knows nothing of stands in its text as a gap in square brackets, for its writer to fill.

use std::time::Duration;

use domain::{ActId, Actions, Case, Macro, MacroId, Member, Sharing, Then, Whom};
use store::case::find_within;
use store::{Read, Scope, Tx, contact, customer, macros, organization, tag};

use crate::act::{Doing, Done};
use crate::case::RESOLUTION;
use crate::placeholder::{check, fill};
use crate::view::may_change;
use crate::{Desk, Error, Result};

/// What a text may have in braces.
pub const PLACEHOLDERS: &[&str] = &["customer", "contact", "first_name", "number", "subject", "me", "organization"];

/// The longest name, in characters, and the longest text, in bytes.
const NAME: usize = 60;
const BODY: usize = 20_000;
/// More macros than anybody finds again.
const MOST: i64 = 1000;
/// The longest rest, in hours: a quarter of a year.
const REST: u32 = 24 * 92;

/// What somebody says about a macro.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMacro {
    /// What people shall call it.
    pub name: String,
    /// Its text.
    pub body: String,
    /// What it shall do.
    pub actions: Actions,
    /// Who shall have it.
    pub sharing: Sharing,
}

/// What came of a macro on a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// Its text, filled in.
    pub text: String,
    /// What becomes of the case with the answer.
    pub then: Option<Then>,
    /// By this what it did is undone; none if nothing has changed.
    pub act: Option<ActId>,
}

impl Desk {
    /// Saves a macro.
    pub async fn add_macro(&self, by: &Member, new: NewMacro) -> Result<MacroId> {
        let new = sound(by, new)?;
        let id = self.id();
        self.db
            .write([macros::lock()], async move |tx| {
                if macros::count(tx).await? >= MOST {
                    return Err(Error::Conflict(
                        "There are as many macros as there can be. Delete one first.".to_owned(),
                    ));
                }
                let NewMacro { name, body, actions, sharing } = new.clone();
                macros::save(tx, &Macro { id, name, body, actions, sharing }).await?;
                Ok(id)
            })
            .await
    }

    /// Changes what a macro says and does.
    pub async fn change_macro(&self, by: &Member, id: MacroId, new: NewMacro) -> Result<()> {
        let (new, by) = (sound(by, new)?, by.clone());
        self.db
            .write([macros::lock()], async move |tx| {
                own(tx, &by, id).await?;
                let NewMacro { name, body, actions, sharing } = new.clone();
                Ok(macros::save(tx, &Macro { id, name, body, actions, sharing }).await?)
            })
            .await
    }

    /// Deletes a macro. Nothing to say if it is gone.
    pub async fn delete_macro(&self, by: &Member, id: MacroId) -> Result<()> {
        let by = by.clone();
        self.db
            .write([macros::lock()], async move |tx| {
                if seen(tx, &by, id).await?.is_none() {
                    return Ok(());
                }
                own(tx, &by, id).await?;
                Ok(macros::delete(tx, id).await?)
            })
            .await
    }

    /// Does to a case what a macro does, all of it or nothing, and answers its text for this case.
    pub async fn use_macro(&self, by: &Member, number: i64, id: MacroId) -> Result<Used> {
        let place = self.place_for(by, number).await?;
        let who = by.clone();
        let (it, text, doings) = self
            .db
            .read(async move |rx| {
                let it = seen(rx, &who, id).await?.ok_or(store::Error::NotFound)?;
                let case = find_within(rx, &Scope::of(&who), place).await?.ok_or(store::Error::NotFound)?;
                let text = if it.body.is_empty() { String::new() } else { filled(rx, &it.body, &case, &who).await? };
                let marks = marks(rx, &it.actions).await?;
                Ok::<_, store::Error>((it, text, marks))
            })
            .await?;
        let doings = self.doings(by, &it.actions, doings);
        let act = if doings.is_empty() { None } else { self.act_together(by, number, doings).await? };
        Ok(Used { text, then: it.actions.then, act })
    }

    /// Does to many cases what a macro does, each by itself. Its text is for nobody.
    pub async fn use_macro_on_all(&self, by: &Member, numbers: &[i64], id: MacroId) -> Result<Done> {
        let who = by.clone();
        let (it, doings) = self
            .db
            .read(async move |rx| {
                let it = seen(rx, &who, id).await?.ok_or(store::Error::NotFound)?;
                let marks = marks(rx, &it.actions).await?;
                Ok::<_, store::Error>((it, marks))
            })
            .await?;
        let doings = self.doings(by, &it.actions, doings);
        if doings.is_empty() {
            return Err(Error::Conflict("This macro has text only: use it on one case.".to_owned()));
        }
        self.act_together_on_all(by, numbers, doings).await
    }

    /// What is done, one after the other.
    fn doings(&self, by: &Member, actions: &Actions, marks: Option<Doing>) -> Vec<Doing> {
        let assign = actions.assign.map(|it| match it {
            Whom::Me => Doing::Assign(Some(by.id)),
            Whom::Nobody => Doing::Assign(None),
            Whom::Colleague(id) => Doing::Assign(Some(id)),
        });
        let team = actions.team.map(|it| Doing::GiveTo(Some(it)));
        let priority = actions.priority.map(Doing::Prioritize);
        let rest = |hours| Doing::Snooze(self.now().after(Duration::from_hours(u64::from(hours))));
        let snooze = actions.snooze.map(rest);
        let resolve = actions.resolve.clone().map(Doing::Settle);
        [assign, team, priority, marks, snooze, resolve].into_iter().flatten().collect()
    }
}

/// The tags that are put on and taken off, as far as they still exist.
async fn marks(rx: &Read, actions: &Actions) -> store::Result<Option<Doing>> {
    if actions.tag.is_empty() && actions.untag.is_empty() {
        return Ok(None);
    }
    let known = tag::every(rx).await?;
    let named = |ids: &[domain::TagId]| known.iter().filter(|it| ids.contains(&it.id)).cloned().collect::<Vec<_>>();
    let (on, off) = (named(&actions.tag), named(&actions.untag));
    Ok((!on.is_empty() || !off.is_empty()).then_some(Doing::Tag(on, off)))
}

/// The text with what is known of the case. What is not known is a gap.
async fn filled(rx: &Read, body: &str, case: &Case, by: &Member) -> store::Result<String> {
    let family = customer::family_of(rx, case.customer).await?;
    let (customer, contact, organization) = tokio::try_join!(
        customer::head(rx, case.customer),
        contact::standing(rx, &family, case.contact),
        organization::find(rx),
    )?;
    // Who gave no name is called by their address, and nobody is greeted so.
    let contact = contact.map(|it| it.name).unwrap_or_default();
    let contact = if contact.contains('@') { "" } else { contact.trim() };
    let first = contact.split_whitespace().next().unwrap_or_default().trim_end_matches(',');
    let number = case.number.to_string();
    let customer = customer.map(|it| it.name).unwrap_or_default();
    let organization = organization.map(|it| it.name).unwrap_or_default();
    let fact = |placeholder: &str| {
        let (fact, gap) = match placeholder {
            "customer" => (customer.as_str(), "[customer]"),
            "contact" => (contact, "[name]"),
            "first_name" => (first, "[first name]"),
            "number" => (number.as_str(), ""),
            "subject" => (case.subject.trim(), "[subject]"),
            "me" => (by.name.as_str(), ""),
            "organization" => (organization.as_str(), "[organization]"),
            _ => return None,
        };
        Some(if fact.is_empty() { gap } else { fact }.to_owned())
    };
    Ok(fill(body, &fact))
}

async fn seen(rx: &Read, by: &Member, id: MacroId) -> store::Result<Option<Macro>> {
    Ok(macros::all(rx, &Scope::of(by)).await?.into_iter().find(|it| it.id == id))
}

/// The macro, if this member may change it.
async fn own(tx: &Tx, by: &Member, id: MacroId) -> Result<Macro> {
    let found = seen(tx, by, id).await?;
    found.filter(|it| may_change(by, it.sharing)).ok_or(Error::NotFound)
}

fn sound(by: &Member, new: NewMacro) -> Result<NewMacro> {
    let name = new.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > NAME || name.contains(char::is_control) {
        return Err(Error::invalid("name", format!("A macro has a name of at most {NAME} characters.")));
    }
    let body = new.body.replace("\r\n", "\n").trim_end().to_owned();
    if body.len() > BODY {
        return Err(Error::invalid("body", format!("The text of a macro has at most {BODY} letters.")));
    }
    check("body", &body, PLACEHOLDERS)?;
    let actions = new.actions;
    if body.is_empty() && !actions.change() {
        return Err(Error::invalid("body", "Write a text, or choose something that it does."));
    }
    if actions.snooze.is_some_and(|it| it == 0 || it > REST) {
        return Err(Error::invalid("snooze", format!("A case comes back after 1 to {REST} hours.")));
    }
    if actions.snooze.is_some() && actions.resolve.is_some() {
        return Err(Error::invalid("snooze", "A case that is resolved cannot be snoozed: choose one of both."));
    }
    if actions.resolve.as_ref().is_some_and(|it| it.chars().count() > RESOLUTION) {
        return Err(Error::invalid("resolution", format!("A resolution has at most {RESOLUTION} characters.")));
    }
    if !may_change(by, new.sharing) {
        return Err(Error::invalid("sharing", "You can save it for yourself and for your teams."));
    }
    Ok(NewMacro { name, body, actions, sharing: new.sharing })
}
