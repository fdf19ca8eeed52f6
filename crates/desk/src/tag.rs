//! Tags, as staff make, rename and delete them.

use domain::{Member, Right, Tag, TagId, tag};
use serde::{Deserialize, Serialize};
use store::job::Job;
use store::{Lock, mark};

use crate::job::Work;
use crate::{Desk, Error, Result};

/// More tags than anybody finds again.
const MOST: usize = 2000;

/// Takes a tag that was deleted off the cases that have it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Untag {
    tag: TagId,
}

impl Work for Untag {
    const NAME: &'static str = "untag";
    const TRIES: i64 = 5;
    async fn run(&self, desk: &Desk, job: &Job) -> Result<()> {
        desk.untag(self.tag).await?;
        desk.finish(job).await
    }
    async fn give_up(&self, desk: &Desk, job: &Job, why: &str) -> Result<()> {
        tracing::error!(why, "a tag could not be taken off all cases");
        desk.finish(job).await
    }
}

impl Desk {
    /// The tags of these names; those that nobody has used yet are made.
    pub async fn tags_named(&self, by: &Member, names: &[String]) -> Result<Vec<Tag>> {
        if !by.role.may(Right::Cases) {
            return Err(Error::NotFound);
        }
        let mut found = Vec::new();
        let mut new = Vec::new();
        for typed in names {
            let name = sound(typed)?;
            let known = name.clone();
            match self.db.read(async move |rx| store::tag::named(rx, &known).await).await? {
                Some(it) => found.push(it),
                None => new.push(name),
            }
        }
        if new.is_empty() {
            return Ok(found);
        }
        let desk = self.clone();
        let made = self.db.write([store::tag::lock()], async move |tx| {
            let mut made = Vec::new();
            for name in &new {
                // Somebody else may have thought of it meanwhile.
                if let Some(it) = store::tag::named(tx, name).await? {
                    made.push(it);
                    continue;
                }
                if store::tag::every(tx).await?.len() >= MOST {
                    return Err(Error::Conflict(
                        "There are as many tags as there can be. Delete one first.".to_owned(),
                    ));
                }
                let tag = Tag { id: desk.id(), name: name.clone() };
                store::tag::save(tx, &tag).await?;
                made.push(tag);
            }
            Ok(made)
        });
        found.extend(made.await?);
        Ok(found)
    }

    /// Gives a tag another name.
    pub async fn rename_tag(&self, by: &Member, id: TagId, name: &str) -> Result<()> {
        needs(by)?;
        let name = sound(name)?;
        self.db
            .write([store::tag::lock()], async move |tx| {
                let old = store::tag::find(tx, id).await?.ok_or(Error::NotFound)?;
                if store::tag::named(tx, &name).await?.is_some_and(|it| it.id != id) {
                    return Err(Error::invalid("name", "Another tag is called so."));
                }
                Ok(store::tag::save(tx, &Tag { name: name.clone(), ..old }).await?)
            })
            .await
    }

    /// Deletes a tag. Cases lose it by and by.
    pub async fn delete_tag(&self, by: &Member, id: TagId) -> Result<()> {
        needs(by)?;
        let desk = self.clone();
        self.db
            .write([store::tag::lock()], async move |tx| {
                store::tag::find(tx, id).await?.ok_or(Error::NotFound)?;
                store::tag::delete(tx, id).await?;
                desk.enqueue(tx, &Untag { tag: id }, desk.now()).await
            })
            .await
    }

    async fn untag(&self, id: TagId) -> Result<()> {
        loop {
            let places = self.db.read(async move |rx| mark::marked(rx, id.0, 100).await).await?;
            if places.is_empty() {
                return Ok(());
            }
            for place in places {
                self.db
                    .write([Lock::Customer(place.customer)], async move |tx| {
                        let Some(mut case) = store::case::find(tx, place.customer, place.case).await? else {
                            return Ok(());
                        };
                        case.tags.retain(|it| *it != id);
                        store::case::save(tx, &case).await?;
                        mark::save(tx, &case).await?;
                        Ok::<(), Error>(())
                    })
                    .await?;
            }
        }
    }
}

fn needs(by: &Member) -> Result<()> {
    if by.role.may(Right::Settings) { Ok(()) } else { Err(Error::NotFound) }
}

fn sound(typed: &str) -> Result<String> {
    let why = format!("A tag has at most {} characters, and no commas or quotation marks.", tag::NAME);
    tag::name(typed).filter(|it| it.to_lowercase() != "none").ok_or_else(|| Error::invalid("tag", why))
}
