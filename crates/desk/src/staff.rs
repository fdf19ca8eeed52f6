//! Who works here: invited by a link that opens once, given a role and teams, and gone one day.

use std::time::Duration;

use domain::{Actor, Email, InvitationId, Member, Right, Role, StaffId, TeamId};
use store::case;
use store::invitation::{self, Invitation};
use store::sign_in as sessions;
use store::staff::{self, Staff};
use store::team::{self, Team};

use crate::reconcile::log;
use crate::{Desk, Error, Result, sign_in};

/// How long an invitation waits.
const WAITS: Duration = Duration::from_hours(24 * 7);

impl Desk {
    /// Invites somebody; answers the token of their link, which is kept nowhere.
    pub async fn invite(&self, by: &Member, name: &str, email: &str, role: Role) -> Result<String> {
        needs(by, Right::People)?;
        let email = Email::parse(email)
            .ok_or_else(|| Error::invalid("email", "Write a mail address, such as jonas@tareline.example."))?;
        let name = name.trim().to_owned();
        if name.is_empty() {
            return Err(Error::invalid("name", "Write their name."));
        }
        let (token, now) = (self.ctx.token(), self.now());
        let it = Invitation {
            id: self.ctx.id(),
            name,
            email,
            role,
            invited_by: by.id,
            created_at: now,
            expires_at: now.after(WAITS),
        };
        let hash = sign_in::hash(&token);
        self.db
            .write([staff::lock()], async move |tx| {
                if staff::by_email(tx, &it.email).await?.is_some() {
                    return Err(Error::invalid("email", "Somebody with this address works here, or did."));
                }
                Ok(invitation::insert(tx, &it, &hash).await?)
            })
            .await?;
        Ok(token)
    }

    /// The invitation that a link opens.
    pub async fn invitation(&self, token: &str) -> Result<Invitation> {
        let (hash, now) = (sign_in::hash(token), self.now());
        let found = self.db.read(async move |rx| invitation::open(rx, &hash, now).await).await?;
        found.ok_or(Error::NotFound)
    }

    /// Takes up an invitation, once.
    pub async fn join(&self, token: &str, name: &str, password: &str) -> Result<StaffId> {
        let it = self.invitation(token).await?;
        let person = self.new_staff(name, it.email.clone(), it.role, password).await?;
        let (hash, now) = (sign_in::hash(token), self.now());
        let locks = [invitation::lock(&hash), staff::lock()];
        self.db
            .write(locks, async move |tx| {
                if !invitation::use_up(tx, it.id, now).await? {
                    return Err(Error::NotFound);
                }
                if staff::by_email(tx, &person.email).await?.is_some() {
                    return Err(Error::invalid("email", "Somebody with this address works here, or did."));
                }
                staff::insert(tx, &person).await?;
                Ok(person.id)
            })
            .await
    }

    /// Takes an invitation back.
    pub async fn revoke_invitation(&self, by: &Member, id: InvitationId) -> Result<()> {
        needs(by, Right::People)?;
        let revoked = self.db.write([], async move |tx| invitation::revoke(tx, id).await).await?;
        if revoked { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Changes what somebody may do, and where. The last administrator stays one.
    pub async fn change_staff(&self, by: &Member, id: StaffId, role: Role, teams: Vec<TeamId>) -> Result<()> {
        needs(by, Right::People)?;
        self.db
            .write([staff::lock()], async move |tx| {
                let person = staff::find(tx, id).await?.ok_or(Error::NotFound)?;
                if role != Role::Administrator {
                    not_the_last(tx, &person).await?;
                }
                for team in &teams {
                    team::find(tx, *team).await?.ok_or(Error::NotFound)?;
                }
                staff::set_role(tx, id, role).await?;
                team::set_memberships(tx, id, &teams).await?;
                // Open streams look again at what they may tell.
                tx.announce(store::Hint::new("sign_ins"));
                Ok(())
            })
            .await
    }

    /// Somebody works here no longer: they are signed out, and can sign in no more. Their live cases are nobody's, so that
    /// others see them.
    pub async fn leave(&self, by: &Member, id: StaffId) -> Result<()> {
        needs(by, Right::People)?;
        if by.id == id {
            return Err(Error::Conflict("Another administrator must do this for you.".to_owned()));
        }
        let now = self.now();
        self.db
            .write([staff::lock()], async move |tx| {
                let person = staff::find(tx, id).await?.ok_or(Error::NotFound)?;
                not_the_last(tx, &person).await?;
                staff::set_left(tx, id, Some(now)).await?;
                tx.announce(store::Hint::new("sign_ins"));
                sessions::end_others(tx, id, None).await?;
                Ok::<_, Error>(())
            })
            .await?;
        // They have left, whatever becomes of this: what it leaves undone the reconciler does.
        log("cases stay with somebody who is gone", self.hand_back(Actor::Staff(by.id), id).await);
        Ok(())
    }

    /// Gives the live cases of somebody who is gone to nobody.
    async fn hand_back(&self, by: Actor, who: StaffId) -> Result<()> {
        let now = self.now();
        loop {
            let theirs = self.db.read(async move |rx| case::live_of(rx, who, 100).await).await?;
            let more = theirs.len() == 100;
            let given = self.each(theirs, move |case| {
                let is_theirs = case.assignee == Some(who) && case.status.is_live();
                if is_theirs { case.assign(None, by, now).ok().flatten() } else { None }
            });
            // Those that cannot be given would be found again and again.
            if given.await? == 0 || !more {
                return Ok(());
            }
        }
    }

    /// The same for all who are gone: a customer's answer reopens what was theirs.
    pub(crate) async fn hand_back_all(&self) -> Result<()> {
        for who in self.db.read(async |rx| staff::gone(rx).await).await? {
            self.hand_back(Actor::Job, who).await?;
        }
        Ok(())
    }

    /// Somebody works here again.
    pub async fn come_back(&self, by: &Member, id: StaffId) -> Result<()> {
        needs(by, Right::People)?;
        self.db
            .write([staff::lock()], async move |tx| {
                staff::find(tx, id).await?.ok_or(Error::NotFound)?;
                Ok(staff::set_left(tx, id, None).await?)
            })
            .await
    }

    /// Adds a team, or a department.
    pub async fn add_team(&self, by: &Member, name: &str, department: bool) -> Result<TeamId> {
        needs(by, Right::People)?;
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() || name.chars().count() > 60 {
            return Err(Error::invalid("name", "Write a name of at most 60 characters."));
        }
        let it = Team { id: self.ctx.id(), name, department };
        let id = it.id;
        let added = self.db.write([staff::lock()], async move |tx| team::insert(tx, &it).await).await;
        match added {
            Ok(()) => Ok(id),
            Err(store::Error::Duplicate) => Err(Error::invalid("name", "There is a team of this name.")),
            Err(err) => Err(err.into()),
        }
    }

    /// Adds a person without an invitation: the operator and the demo do.
    pub async fn add_staff(&self, name: &str, email: &str, role: Role, password: &str) -> Result<StaffId> {
        let email = Email::parse(email).ok_or_else(|| Error::invalid("email", "Write a mail address."))?;
        let person = self.new_staff(name, email, role, password).await?;
        let id = person.id;
        self.db.write([staff::lock()], async move |tx| staff::insert(tx, &person).await).await?;
        Ok(id)
    }
}

async fn not_the_last(tx: &store::Tx, person: &Staff) -> Result<()> {
    let counts = person.role == Role::Administrator && person.left_at.is_none();
    if counts && staff::administrators(tx).await? == 1 {
        return Err(Error::Conflict(format!("{} is the only administrator: name another first.", person.name)));
    }
    Ok(())
}

fn needs(by: &Member, right: Right) -> Result<()> {
    if by.role.may(right) { Ok(()) } else { Err(Error::NotFound) }
}
