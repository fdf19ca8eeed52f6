//! Fields, as the administrator sets them up.

use domain::field::{CHOICES, Choice, NAME};
use domain::{Field, FieldId, FieldKind, Member, Owner, Right};
use store::{Read, field};

use crate::{Desk, Error, Result};

/// More fields than anybody fills in.
const MOST: usize = 100;

/// What somebody says about a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewField {
    /// What it belongs to; it stays so.
    pub owner: Owner,
    /// What it holds; it stays so.
    pub kind: FieldKind,
    /// What people shall call it.
    pub name: String,
    /// The choices that it offers, as people call them.
    pub choices: Vec<String>,
    /// Whether a case has to say it before it is resolved.
    pub required: bool,
}

/// What somebody entered into a field, as it is kept.
fn read(field: &Field, typed: &str) -> Result<Option<String>> {
    let is_day = |it: &str| it.len() == 10 && it.parse::<jiff::civil::Date>().is_ok();
    field.read(typed, is_day).map_err(|why| Error::invalid("fields", format!("{}: {why}", field.name)))
}

/// What somebody entered into fields of one kind of owner, as it is kept.
pub(crate) async fn entered(
    rx: &Read,
    owner: Owner,
    values: &[(FieldId, String)],
) -> Result<Vec<(Field, Option<String>)>> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let known = field::of(rx, owner).await?;
    let one = |(id, typed): &(FieldId, String)| {
        let field = known.iter().find(|it| it.id == *id).ok_or(Error::NotFound)?;
        Ok((field.clone(), read(field, typed)?))
    };
    values.iter().map(one).collect()
}

impl Desk {
    /// Adds a field behind those there are.
    pub async fn add_field(&self, by: &Member, new: NewField) -> Result<FieldId> {
        needs(by)?;
        let new = sound(&new)?;
        let (desk, id) = (self.clone(), self.id());
        self.db
            .write([field::lock()], async move |tx| {
                let all = field::every(tx).await?;
                if all.len() >= MOST {
                    return Err(Error::Conflict("There are as many fields as there can be.".to_owned()));
                }
                once(&all, id, &new)?;
                let position = all.last().map_or(0, |it| it.position + 1);
                let choices = desk.choices(&new, &[]);
                let NewField { owner, kind, name, required, .. } = new.clone();
                field::save(tx, &Field { id, owner, name, kind, choices, required, position }).await?;
                Ok(id)
            })
            .await
    }

    /// Changes a field; what it belongs to and what it holds stay. A choice that keeps its name stays the same.
    pub async fn change_field(&self, by: &Member, id: FieldId, new: NewField) -> Result<()> {
        needs(by)?;
        let desk = self.clone();
        self.db
            .write([field::lock()], async move |tx| {
                let all = field::every(tx).await?;
                let old = all.iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
                let new = sound(&NewField { owner: old.owner, kind: old.kind, ..new.clone() })?;
                once(&all, id, &new)?;
                let choices = desk.choices(&new, &old.choices);
                let NewField { name, required, .. } = new;
                Ok(field::save(tx, &Field { name, choices, required, ..old.clone() }).await?)
            })
            .await
    }

    /// Deletes a field, and what it said with it: it is not shown any more.
    pub async fn delete_field(&self, by: &Member, id: FieldId) -> Result<()> {
        needs(by)?;
        self.db
            .write([field::lock()], async move |tx| {
                if field::every(tx).await?.iter().all(|it| it.id != id) {
                    return Err(Error::NotFound);
                }
                Ok(field::delete(tx, id).await?)
            })
            .await
    }

    fn choices(&self, new: &NewField, old: &[Choice]) -> Vec<Choice> {
        let known = |name: &str| old.iter().find(|it| it.name.to_lowercase() == name.to_lowercase()).map(|it| it.id);
        let choice = |name: &String| Choice { id: known(name).unwrap_or_else(|| self.id()), name: name.clone() };
        new.choices.iter().map(choice).collect()
    }
}

fn needs(by: &Member) -> Result<()> {
    if by.role.may(Right::Settings) { Ok(()) } else { Err(Error::NotFound) }
}

/// Two fields of one thing have not the same name: nobody could tell them apart.
fn once(all: &[Field], id: FieldId, new: &NewField) -> Result<()> {
    let same = |it: &&Field| it.owner == new.owner && it.id != id && it.name.to_lowercase() == new.name.to_lowercase();
    match all.iter().find(same) {
        Some(_) => Err(Error::invalid("name", "Another field is called so.")),
        None => Ok(()),
    }
}

fn sound(new: &NewField) -> Result<NewField> {
    let line = |it: &str| it.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = |it: &str| {
        !it.is_empty() && it.chars().count() <= NAME && !it.chars().any(|it| it.is_control() || matches!(it, '"' | '='))
    };
    let name = line(&new.name);
    if !fits(&name) {
        return Err(Error::invalid("name", format!("A field has a name of at most {NAME} characters, without “=”.")));
    }
    let mut choices: Vec<String> = Vec::new();
    if new.kind == FieldKind::Choice {
        for it in new.choices.iter().map(|it| line(it)).filter(|it| !it.is_empty()) {
            if !fits(&it) || it.contains(',') {
                let why =
                    format!("“{it}” does not do: a choice has at most {NAME} characters, without “=” and commas.");
                return Err(Error::invalid("choices", why));
            }
            if choices.iter().all(|known| known.to_lowercase() != it.to_lowercase()) {
                choices.push(it);
            }
        }
        if choices.is_empty() || choices.len() > CHOICES {
            return Err(Error::invalid("choices", format!("Write 1 to {CHOICES} choices, each on a line of its own.")));
        }
    }
    let required = new.required && new.owner == Owner::Case;
    Ok(NewField { owner: new.owner, kind: new.kind, name, choices, required })
}
