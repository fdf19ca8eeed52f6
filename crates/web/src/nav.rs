//! What stands around every page of somebody who is signed in, read with the page itself.

use domain::{Choices, CustomerKind, Priority, Role, SavedView, Status, Timestamp, View, Word};
use jiff::tz::TimeZone;
use maud::Markup;
use store::case::list::{self, ENOUGH};
use store::{Read, Result, organization};

use crate::app::App;
use crate::notification::unseen;
use crate::page::{Head, Page, page};
use crate::part::{Clock, Nav, Place, ViewLink, shell};
use crate::session::Who;
use crate::text::t;
use crate::view::{self, Shown, view_name};

/// What the navigation shows.
#[derive(Clone, Debug)]
pub struct Around {
    organization: String,
    time_zone: String,
    counts: Vec<(View, i64)>,
    /// The views that somebody has saved, as far as this person sees them.
    pub saved: Vec<SavedView>,
    saved_counts: Vec<i64>,
    /// What was just done, told in a line.
    pub toast: Option<Markup>,
    /// How much of what they are told is new.
    pub unseen: i64,
    choices: Choices,
}

/// Reads what the navigation shows: beside the page's own queries, in the same hop.
pub async fn around(rx: &Read, scope: &store::Scope) -> Result<Around> {
    let (organization, counts, saved, (unseen, choices)) = tokio::try_join!(
        organization::find(rx),
        list::counts(rx, scope),
        store::view::all(rx, scope),
        unseen(rx, scope)
    )?;
    let (name, time_zone) = organization.map_or_else(Default::default, |it| (it.name, it.time_zone));
    Ok(Around { organization: name, time_zone, counts, saved, saved_counts: Vec::new(), toast: None, unseen, choices })
}

/// That moment in the organization's time zone, for what shows no navigation.
pub async fn clock(rx: &Read, now: Timestamp) -> store::Result<Clock> {
    let zone = organization::find(rx).await?.map(|it| it.time_zone);
    Ok(clock_of(&zone.unwrap_or_default(), now))
}

impl Around {
    /// Now, in the organization's time zone.
    pub fn clock(&self, app: &App) -> Clock {
        self.clock_at(app.desk.now())
    }

    /// That moment there.
    pub fn clock_at(&self, now: Timestamp) -> Clock {
        clock_of(&self.time_zone, now)
    }

    /// Counts the saved views too: only where these counts are fetched by themselves, for one that looks around takes longer.
    pub async fn count_saved(&mut self, rx: &Read, scope: &store::Scope, clock: &Clock) -> Result<()> {
        for it in &self.saved {
            self.saved_counts.push(view::count(rx, scope, it, clock).await?);
        }
        Ok(())
    }

    /// How many cases a view has, as text; none for the view of all, which nobody counts.
    pub fn count(&self, view: View) -> Option<String> {
        self.counts.iter().find(|it| it.0 == view).map(|it| count(it.1))
    }

    /// The links to the views, with their counts. What is put aside is shown if there is any, or it is on the screen.
    pub fn views(&self, current: Option<&Shown>) -> Vec<ViewLink<'_>> {
        let link = |name, shown: Shown, count: Option<String>| ViewLink {
            name,
            address: shown.address(),
            count: count.unwrap_or_default(),
            current: current == Some(&shown),
        };
        let built = |view: View| link(view_name(view), Shown::View(view), self.count(view));
        let is_shown =
            |view: View| view.aside().is_none() || self.count(view).is_some() || current == Some(&Shown::View(view));
        let (aside, first): (Vec<View>, Vec<View>) =
            View::ALL.iter().copied().filter(|it| is_shown(*it)).partition(|it| it.aside().is_some());
        let saved = self.saved.iter().enumerate().map(|(at, it)| {
            let count = self.saved_counts.get(at).map(|it| count(*it));
            link(it.name.as_str(), Shown::Saved(it.id), count)
        });
        first.into_iter().map(built).chain(saved).chain(aside.into_iter().map(built)).collect()
    }
}

/// That moment in the time zone of this name.
fn clock_of(zone: &str, now: Timestamp) -> Clock {
    Clock::new(now, TimeZone::get(zone).unwrap_or(TimeZone::UTC))
}

/// A count that stops.
pub fn count(count: i64) -> String {
    if count >= ENOUGH { "99+".to_owned() } else { count.to_string() }
}

/// What people call a kind of customer.
pub fn kind_name(kind: CustomerKind) -> &'static str {
    match kind {
        CustomerKind::Organization => t("kind-organization"),
        CustomerKind::Individual => t("kind-individual"),
    }
}

/// What people call a status.
pub fn status_name(status: Status) -> &'static str {
    match status {
        Status::New => t("status-new"),
        Status::Open => t("status-open"),
        Status::Waiting => t("status-waiting"),
        Status::Resolved => t("status-resolved"),
        Status::Closed => t("status-closed"),
    }
}

/// What people call a priority.
pub fn priority_name(priority: Priority) -> &'static str {
    match priority {
        Priority::Low => t("priority-low"),
        Priority::Normal => t("priority-normal"),
        Priority::High => t("priority-high"),
        Priority::Urgent => t("priority-urgent"),
    }
}

/// What people call a role.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Administrator => t("role-administrator"),
        Role::Lead => t("role-lead"),
        Role::Agent => t("role-agent"),
        Role::SuccessManager => t("role-success-manager"),
        Role::DepartmentMember => t("role-department-member"),
    }
}

/// Which page it is.
#[derive(Clone, Copy, Debug)]
pub struct Here<'a> {
    /// The document's title.
    pub title: &'a str,
    /// Where it is in the navigation.
    pub place: Place,
    /// The list that is on the screen.
    pub view: Option<&'a Shown>,
    /// Whether a single case fills a small screen.
    pub case_open: bool,
}

/// The whole document with the navigation around it. `content` brings the `main` element.
pub fn framed(app: &App, who: &Who, around: &Around, here: Here<'_>, content: &Markup) -> Page {
    let views = around.views(here.view);
    let nav = Nav {
        organization: &around.organization,
        me: &who.member.name,
        role: role_name(who.member.role),
        place: here.place,
        views: &views,
        customers: who.member.role.may(domain::Right::Desk),
        outbox: app.desk.keeps_mail() && who.member.role.may(domain::Right::Desk),
        settings: who.member.role.may(domain::Right::Settings),
        case_open: here.case_open,
        toast: around.toast.as_ref(),
        unseen: around.unseen,
        away: around.choices.is_away(app.desk.now()).then(|| t("away")),
        now: app.desk.now(),
    };
    page(&Head::new(here.title).theme(who.theme.word()), &shell(&nav, content))
}
