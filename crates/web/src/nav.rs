//! What stands around every page of somebody who is signed in, read with the page itself.

use domain::{CustomerKind, Priority, Role, Status, View, Word};
use jiff::tz::TimeZone;
use maud::Markup;
use store::case::list::{self, ENOUGH};
use store::{Read, Result, organization};

use crate::app::App;
use crate::page::{Head, Page, page};
use crate::part::{Clock, Nav, Place, ViewLink, shell};
use crate::session::Who;
use crate::text::t;

/// What the navigation shows.
#[derive(Clone, Debug)]
pub struct Around {
    organization: String,
    time_zone: String,
    counts: Vec<(View, i64)>,
}

/// Reads what the navigation shows: beside the page's own queries, in the same hop.
pub async fn around(rx: &Read, scope: &store::Scope) -> Result<Around> {
    let (organization, counts) = tokio::try_join!(organization::find(rx), list::counts(rx, scope))?;
    let (name, time_zone) = organization.map_or_else(Default::default, |it| (it.name, it.time_zone));
    Ok(Around { organization: name, time_zone, counts })
}

impl Around {
    /// Now, in the organization's time zone.
    pub fn clock(&self, app: &App) -> Clock {
        let zone = TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC);
        Clock::new(app.desk.now(), zone)
    }

    /// How many cases a view has, as text; none for the view of all, which nobody counts.
    pub fn count(&self, view: View) -> Option<String> {
        self.counts.iter().find(|it| it.0 == view).map(|it| count(it.1))
    }

    /// The links to the views, with their counts. What is put aside is shown if there is any, or it is on the screen.
    pub fn views(&self, current: Option<View>) -> Vec<ViewLink<'static>> {
        let link = |view: View| ViewLink {
            name: view_name(view),
            address: view_address(view),
            count: self.count(view).unwrap_or_default(),
            current: current == Some(view),
        };
        let shown = |view: &View| view.aside().is_none() || self.count(*view).is_some() || current == Some(*view);
        View::ALL.iter().copied().filter(shown).map(link).collect()
    }
}

/// A count that stops.
pub fn count(count: i64) -> String {
    if count >= ENOUGH { "99+".to_owned() } else { count.to_string() }
}

/// What people call a view.
pub fn view_name(view: View) -> &'static str {
    match view {
        View::Mine => t("view-mine"),
        View::Unassigned => t("view-unassigned"),
        View::Waiting => t("view-waiting"),
        View::All => t("view-all"),
        View::Spam => t("view-spam"),
        View::Trash => t("view-trash"),
    }
}

/// Where a view is.
pub fn view_address(view: View) -> &'static str {
    match view {
        View::Mine => "/inbox?view=mine",
        View::Unassigned => "/inbox?view=unassigned",
        View::Waiting => "/inbox?view=waiting",
        View::All => "/inbox?view=all",
        View::Spam => "/inbox?view=spam",
        View::Trash => "/inbox?view=trash",
    }
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
    /// The view that is on the screen.
    pub view: Option<View>,
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
        outbox: app.desk.keeps_mail() && who.member.role.may(domain::Right::Desk),
        settings: who.member.role.may(domain::Right::Settings),
        case_open: here.case_open,
    };
    page(&Head::new(here.title), &shell(&nav, content))
}
