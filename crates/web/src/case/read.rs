//! What the page of a case shows, read in one hop: what needs nothing else goes out together.

use desk::brief::{Found, found};
use desk::channel::servers;
use desk::signature;
use domain::field::Values;
use domain::{
    Association, ChannelId, Correction, Decision, Email, Field, Macro, Message, Owner, Party, Promise, StaffId, Tag,
    View,
};
use store::brief::{beyond, corrections};
use store::case::list::{self, From};
use store::case::spine::{Spine, spine};
use store::channel::Name as ChannelName;
use store::customer::Card;
use store::draft::Draft;
use store::staff::Colleague;
use store::team::Team;
use store::{
    Read, Scope, block, case, channel, contact, customer, draft, field, follower, macros, message, notification,
    promise, staff, supplier as suppliers, tag, team,
};

use super::why::suggested;
use super::{Here, Part};
use crate::Trouble;
use crate::act::toast;
use crate::app::App;
use crate::inbox::kept;
use crate::nav::{Around, around};
use crate::session::Who;
use crate::view::{Listed, Shown};

/// A case as its page shows it.
pub struct Case {
    pub(super) spine: Spine,
    pub(super) card: Card,
    pub(super) teams: Vec<Team>,
    pub(super) tags: Vec<Tag>,
    pub(super) fields: Vec<Field>,
    /// What the fields of the contact say whose issue it is.
    pub(super) contact_says: Values,
    /// What someone new must know, as far as it was found.
    pub(super) found: Found,
    pub(super) corrections: Vec<Correction>,
    /// What we promised.
    pub(super) promises: Vec<Promise>,
    pub(super) macros: Vec<Macro>,
    pub(super) colleagues: Vec<Colleague>,
    /// Name and address of everybody who takes part or speaks for the customer.
    pub(super) known: Vec<(String, String)>,
    /// Whether there are later entries than those on the page.
    pub(super) is_earlier: bool,
    pub(super) around: Around,
    pub(super) listed: Listed,
    pub(super) from: From,
    pub(super) list: list::Page,
    pub(super) channels: Vec<ChannelName>,
    pub(super) draft: Option<Draft>,
    /// The newest message of the customer.
    pub(super) answered: Option<Message>,
    /// Whom we asked before.
    pub(super) suppliers: Vec<Party>,
    /// What holds the mail of whoever wrote last.
    pub(super) block: Option<String>,
    /// After how many days a case is deleted that is put aside as this one is; zero is never.
    pub(super) kept: i64,
    /// The same of the view beside it.
    pub(super) view_kept: i64,
    /// What stands below what whoever looks sends from here.
    pub(super) signature: String,
    /// The mailbox by which it came, if that only receives.
    pub(super) stuck: Option<Email>,
    /// Who follows it.
    pub(super) followers: Vec<StaffId>,
    /// Whether something that whoever looks was told of it is not seen yet.
    pub(super) untold: bool,
    /// Colleagues who cannot see it: nobody can name them here.
    pub(super) blind: Vec<StaffId>,
    /// Cases to which it may belong instead.
    pub(super) suggested: Vec<Suggested>,
}

/// A case to which this one may belong.
pub(super) struct Suggested {
    /// The number by which it was suggested.
    pub(super) number: i64,
    pub(super) case: domain::Case,
    pub(super) why: String,
}

/// Reads it, as far as this person may see it.
#[expect(clippy::too_many_lines, reason = "a list of what a page shows, in two parts")]
pub async fn read(app: &App, who: &Who, number: i64, here: &Here) -> Result<Case, Trouble> {
    let (scope, member) = (who.scope(), who.member.clone());
    let (before, shown, part, now) = (here.before.clone(), here.shown()?, here.part, app.desk.now());
    let (done, keeps_mail) = (here.done, app.desk.keeps_mail());
    let from = here.from.map_or(From::Newest, From::Before);
    let case = app.desk.db.read(async move |rx| {
        let spine = spine(rx, &scope, number, before.clone()).await?;
        let shown = shown.clone().unwrap_or_else(|| Shown::View(view_of(&spine.case, scope.member)));
        let (customer, id) = (spine.case.customer, spine.case.id);
        let cases: Vec<_> = [id].into_iter().chain(spine.members.iter().map(|it| it.id)).collect();
        let (
            mut around,
            card,
            draft,
            colleagues,
            teams,
            tags,
            fields,
            macros,
            channels,
            beyond,
            corrections,
            promises,
            suppliers,
        ) = tokio::try_join!(
            around(rx, &scope),
            customer::card(rx, &scope, spine.customer.id),
            draft::own(rx, &scope, number),
            staff::colleagues(rx, &scope),
            team::all(rx, &scope),
            tag::all(rx, &scope),
            field::all(rx, &scope),
            macros::all(rx, &scope),
            channel::names(rx, &scope),
            beyond(rx, &spine),
            corrections(rx, customer, id),
            promise::of_case(rx, customer, &cases),
            suppliers::known(rx, &scope),
        )?;
        let listed = Listed::read(rx, &scope, shown, &around, &around.clock_at(now)).await?;
        let back = format!("/cases/{number}?{}", listed.shown.query());
        around.toast = toast(rx, &scope, done, &back, &around.clock_at(now)).await?;
        let asks_contacts = fields.iter().any(|it| it.owner == Owner::Contact);
        let (zone, place) = (around.clock_at(now).zone().clone(), case::Place { customer, case: id });
        let (
            list,
            suggested,
            contact_says,
            (answered, block),
            kept,
            view_kept,
            stuck,
            followers,
            untold,
            blind,
            signature,
            found,
        ) = tokio::try_join!(
            beside(rx, &scope, part, &listed, from),
            suggestions(rx, &scope, &spine),
            async { if asks_contacts { contact_says(rx, &spine).await } else { Ok(Values::new()) } },
            answered(rx, &scope, place),
            kept(rx, spine.case.aside.map(|it| it.to)),
            self::kept(rx, listed.aside()),
            // Where no mail leaves at all, none is stuck.
            async { if keeps_mail { Ok(None) } else { only_receives(rx, spine.case.channel).await } },
            async { if spine.case.followed { follower::of_case(rx, &scope, number).await } else { Ok(Vec::new()) } },
            notification::waits_in(rx, &scope, place),
            staff::blind(rx, spine.case.team),
            signature::below(rx, spine.case.channel, &member),
            found(rx, &spine, &beyond, &zone, now),
        )?;
        Ok::<_, store::Error>(Case {
            known: known(&spine, &card),
            is_earlier: before.as_ref().is_some_and(|it| spine.goes_on_after(it)),
            spine,
            card,
            teams,
            tags,
            fields,
            contact_says,
            macros,
            found,
            corrections,
            promises,
            colleagues,
            around,
            listed,
            from,
            list,
            channels,
            draft,
            suppliers,
            answered,
            block,
            kept,
            view_kept,
            signature,
            stuck,
            followers,
            untold,
            blind,
            suggested,
        })
    });
    Ok(case.await?)
}

/// The list beside a whole page; a part of one has none.
async fn beside(
    rx: &Read,
    scope: &Scope,
    part: Option<Part>,
    listed: &Listed,
    from: From,
) -> store::Result<list::Page> {
    if part.is_some() { Ok(list::Page::default()) } else { list::page(rx, scope, &listed.asked, from).await }
}

/// The customer's newest message, and whether its sender is blocked.
async fn answered(rx: &Read, scope: &Scope, at: case::Place) -> store::Result<(Option<Message>, Option<String>)> {
    let answered = message::newest_inbound(rx, at.customer, at.case).await?;
    let block = match answered.as_ref().and_then(|it| it.sender.address.as_ref()) {
        Some(from) => block::shown(rx, scope, from).await?,
        None => None,
    };
    Ok((answered, block))
}

/// What the fields of the contact say whose issue it is.
async fn contact_says(rx: &Read, spine: &Spine) -> store::Result<Values> {
    let family = customer::family(rx, spine.customer.id).await?;
    match contact::standing(rx, &family, spine.contact.0).await? {
        Some(it) => contact::said(rx, &family, &it).await,
        None => Ok(Values::new()),
    }
}

/// The address of a mailbox that only receives.
async fn only_receives(rx: &Read, id: ChannelId) -> store::Result<Option<Email>> {
    let found = channel::find(rx, id).await?;
    Ok(found.filter(|it| servers(it).is_ok_and(|it| it.sending.is_none())).map(|it| it.address))
}

/// The view in which this person would look for the case.
fn view_of(case: &domain::Case, me: StaffId) -> View {
    if let Some(it) = case.aside {
        return it.to.view();
    }
    match case.assignee {
        Some(id) if id == me && case.status.is_live() => View::Mine,
        None if case.status.is_live() => View::Unassigned,
        _ => View::All,
    }
}

/// The cases that the message which opened this one may belong to, as far as this person may see them.
async fn suggestions(rx: &Read, scope: &Scope, spine: &Spine) -> store::Result<Vec<Suggested>> {
    let undecided = |it: &&Association| it.decision == Decision::New && !it.suggest.is_empty();
    let mut found: Vec<Suggested> = Vec::new();
    for association in spine.associations.values().filter(undecided) {
        for number in &association.suggest {
            let other = case::within(rx, scope, *number).await?;
            let Some(other) = other.filter(|it| it.aside.is_none() && it.id != spine.case.id) else { continue };
            if found.iter().all(|it| it.case.id != other.id) {
                found.push(Suggested { number: *number, case: other, why: suggested(association) });
            }
        }
    }
    Ok(found)
}

fn known(spine: &Spine, card: &Card) -> Vec<(String, String)> {
    let people = card.people.iter().filter_map(|it| Some((it.name.clone(), it.address.as_ref()?.to_string())));
    // A supplier is nobody to whom the customer's mail goes.
    let parties = spine
        .messages
        .values()
        .filter(|it| it.supplier.is_none())
        .flat_map(|it| [&it.sender].into_iter().chain(&it.recipients.to).chain(&it.recipients.cc));
    let parties = parties.filter_map(|it| Some((it.name.clone(), it.address.as_ref()?.to_string())));
    let mut known: Vec<(String, String)> = Vec::new();
    for (name, address) in people.chain(parties) {
        // A contact without a name is called by their address.
        let name = if name == address { String::new() } else { name };
        match known.iter_mut().find(|it| it.1 == address) {
            Some(it) if it.0.is_empty() => it.0 = name,
            Some(_) => {}
            None => known.push((name, address)),
        }
    }
    known
}
