//! Views that somebody saves: filters with a name, for themselves, a team or everybody.

use domain::{Filter, Member, Right, SavedView, Sharing, ViewId};
use store::{Scope, Tx, view};

use crate::{Desk, Error, Result};

/// The longest name, and the longest filter, in characters.
const NAME: usize = 60;
const FILTER: usize = 500;
/// More views than anybody finds again.
const MOST: i64 = 500;

/// What somebody says about a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewView {
    /// What people shall call it.
    pub name: String,
    /// What it asks for.
    pub filter: String,
    /// Who shall see it.
    pub sharing: Sharing,
}

/// Whether this member may say what such a view shows: their own, and their teams'; whoever leads, everybody's.
pub fn may_change(by: &Member, sharing: Sharing) -> bool {
    match sharing {
        Sharing::Own(staff) => staff == by.id,
        Sharing::Team(team) => by.teams.contains(&team) || by.role.may(Right::Share),
        Sharing::Everybody => by.role.may(Right::Share),
    }
}

impl Desk {
    /// Saves a view behind those there are.
    pub async fn add_view(&self, by: &Member, new: NewView) -> Result<ViewId> {
        let new = sound(by, &new)?;
        let id = self.id();
        self.db
            .write([view::lock()], async move |tx| {
                if view::count(tx).await? >= MOST {
                    return Err(Error::Conflict(
                        "There are as many views as there can be. Delete one first.".to_owned(),
                    ));
                }
                let position = view::last(tx).await?;
                let NewView { name, filter, sharing } = new.clone();
                view::save(tx, &SavedView { id, name, filter, sharing, position }).await?;
                Ok(id)
            })
            .await
    }

    /// Changes what a view says.
    pub async fn change_view(&self, by: &Member, id: ViewId, new: NewView) -> Result<()> {
        let (new, by) = (sound(by, &new)?, by.clone());
        self.db
            .write([view::lock()], async move |tx| {
                let old = own(tx, &by, id).await?;
                let NewView { name, filter, sharing } = new.clone();
                Ok(view::save(tx, &SavedView { name, filter, sharing, ..old }).await?)
            })
            .await
    }

    /// Puts a view one place up, before the one that stands above it for this member.
    pub async fn raise_view(&self, by: &Member, id: ViewId) -> Result<()> {
        let by = by.clone();
        self.db
            .write([view::lock()], async move |tx| {
                let own = own(tx, &by, id).await?;
                let all = view::all(tx, &Scope::of(&by)).await?;
                let above = all.iter().take_while(|it| it.id != id).last();
                let Some(above) = above.filter(|it| may_change(&by, it.sharing)) else { return Ok(()) };
                view::save(tx, &SavedView { position: above.position, ..own.clone() }).await?;
                Ok(view::save(tx, &SavedView { position: own.position, ..above.clone() }).await?)
            })
            .await
    }

    /// Deletes a view. Nothing to say if it is gone.
    pub async fn delete_view(&self, by: &Member, id: ViewId) -> Result<()> {
        let by = by.clone();
        self.db
            .write([view::lock()], async move |tx| {
                if seen(tx, &by, id).await?.is_none() {
                    return Ok(());
                }
                own(tx, &by, id).await?;
                Ok(view::delete(tx, id).await?)
            })
            .await
    }
}

async fn seen(tx: &Tx, by: &Member, id: ViewId) -> Result<Option<SavedView>> {
    Ok(view::all(tx, &Scope::of(by)).await?.into_iter().find(|it| it.id == id))
}

/// The view, if this member may change it.
async fn own(tx: &Tx, by: &Member, id: ViewId) -> Result<SavedView> {
    let found = seen(tx, by, id).await?;
    found.filter(|it| may_change(by, it.sharing)).ok_or(Error::NotFound)
}

fn sound(by: &Member, new: &NewView) -> Result<NewView> {
    let name = new.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > NAME || name.contains(char::is_control) {
        return Err(Error::invalid("name", format!("A view has a name of at most {NAME} characters.")));
    }
    let filter = new.filter.split_whitespace().collect::<Vec<_>>().join(" ");
    if filter.chars().count() > FILTER {
        return Err(Error::invalid("filter", format!("A filter has at most {FILTER} characters.")));
    }
    if !Filter::parse(&filter).1.is_empty() {
        return Err(Error::invalid("filter", "Something in this filter says nothing. Mend it first."));
    }
    if !may_change(by, new.sharing) {
        return Err(Error::invalid("sharing", "You can save it for yourself and for your teams."));
    }
    Ok(NewView { name, filter, sharing: new.sharing })
}
