//! Along which index a list walks, and in which order that lists: its filter's words choose.

use domain::filter::{Is, Side};
use domain::{CustomerId, StaffId, Status, TeamId};
use uuid::Uuid;

use super::{Asked, Term, What};
use crate::Where;

/// In which order a list stands: what it walks along says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// What was last written in stands first.
    Latest,
    /// The same, along the index of one mark.
    Marked,
    /// What is due first stands first.
    Due,
    /// What comes back first stands first.
    Wake,
    /// What was promised for the first day stands first.
    Promise,
}

/// Along which index a list walks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Walk {
    Mark(Uuid),
    MarkLive(Uuid),
    Due,
    Promise,
    Snoozed,
    TeamSnoozed(TeamId),
    All,
    Live,
    Mine(StaffId),
    Unassigned,
    Waiting,
    Team(TeamId),
    TeamLive(TeamId),
    Customer(CustomerId),
    Spam,
    Trash,
    Followed,
}

impl Walk {
    /// Whether it goes from what was last written in back to what was first.
    fn goes_by_days(self) -> bool {
        !matches!(self, Walk::Due | Walk::Promise | Walk::Snoozed | Walk::TeamSnoozed(_))
    }
}

/// What the looker follows, found from their side. `aside` is asked so that no index of the lists serves instead.
const FOLLOWED: &str = "coalesce(aside, '') = '' and (cases.customer_id, cases.id) in
    (select followers.customer_id, followers.case_id from followers where followers.staff_id = ?)";
impl Asked {
    /// Whether what it asks besides its index has to be looked for, row by row.
    pub fn looks_around(&self, team: Option<TeamId>) -> bool {
        let walk = self.walk(team);
        self.terms.iter().any(|it| !it.is_in(walk))
    }

    /// In which order its list stands.
    pub fn order(&self, team: Option<TeamId>) -> Order {
        match self.walk(team) {
            Walk::Mark(_) | Walk::MarkLive(_) => Order::Marked,
            Walk::Due => Order::Due,
            Walk::Promise => Order::Promise,
            Walk::Snoozed | Walk::TeamSnoozed(_) => Order::Wake,
            _ => Order::Latest,
        }
    }

    /// Only the walk, without what is looked for along it.
    pub(crate) fn along<'a>(&'a self, select: &'static str, team: Option<&'a TeamId>) -> Where<'a> {
        let filter = Where::new(select);
        let walk = self.walk(team.copied());
        let filter = match walk {
            Walk::Mark(_) | Walk::MarkLive(_) => match self.mark() {
                Some(id) if matches!(walk, Walk::MarkLive(_)) => filter.and("case_live = 1 and mark_id = ?", &[id]),
                Some(id) => filter.and("case_aside = 0 and mark_id = ?", &[id]),
                None => filter.and("aside is null", &[]),
            },
            Walk::Due => filter.and("live = 1 and due_at is not null", &[]),
            Walk::Promise => filter.and("promised_at is not null and aside is null", &[]),
            Walk::Snoozed => filter.and("live = 2", &[]),
            Walk::All => filter.and("aside is null", &[]),
            Walk::Live => filter.and("live = 1", &[]),
            Walk::Unassigned => filter.and("live = 1 and assignee_id is null", &[]),
            Walk::Waiting => filter.and("live = 1 and status = 'waiting'", &[]),
            Walk::Spam => filter.and("aside = 'spam'", &[]),
            Walk::Trash => filter.and("aside = 'trash'", &[]),
            Walk::Customer(_) => match self.customers() {
                [id] => filter.and("aside is null and cases.customer_id = ?", &[id]),
                _ => filter.and("aside is null", &[]),
            },
            Walk::Followed => filter.and(FOLLOWED, &[&self.me]),
            Walk::Mine(_) => match self.assignee() {
                Some(Some(id)) => filter.and("live = 1 and assignee_id = ?", &[id]),
                _ => filter.and("live = 1", &[]),
            },
            Walk::TeamSnoozed(_) => match team {
                Some(id) => filter.and("live = 2 and team_id = ?", &[id]),
                None => filter.and("live = 2", &[]),
            },
            Walk::Team(_) | Walk::TeamLive(_) => match team.or(self.team()) {
                Some(id) if walk == Walk::TeamLive(*id) => filter.and("live = 1 and team_id = ?", &[id]),
                Some(id) => filter.and("aside is null and team_id = ?", &[id]),
                None => filter.and("aside is null", &[]),
            },
        };
        // The days bound the walk, where it goes by them.
        self.terms.iter().filter(|it| !it.not).fold(filter, |filter, it| match (&it.what, walk) {
            (What::Before(at), Walk::Mark(_) | Walk::MarkLive(_)) => filter.and("case_at < ?", &[at]),
            (What::After(at), Walk::Mark(_) | Walk::MarkLive(_)) => filter.and("case_at >= ?", &[at]),
            (What::Before(_) | What::After(_), walk) if !walk.goes_by_days() => filter,
            (What::Before(at), _) => filter.and("last_at < ?", &[at]),
            (What::After(at), _) => filter.and("last_at >= ?", &[at]),
            (What::Due(all), Walk::Due) => match &all[..] {
                [Some(until)] => filter.and("due_at <= ?", &[until]),
                _ => filter,
            },
            (What::Promise(all), Walk::Promise) => match &all[..] {
                [Some(until)] => filter.and("promised_at <= ?", &[until]),
                _ => filter,
            },
            _ => filter,
        })
    }

    /// All of it; what is looked for, in a window that whoever asks has to bound.
    pub(crate) fn within<'a>(&'a self, select: &'static str, team: Option<&'a TeamId>) -> Where<'a> {
        let walk = self.walk(team.copied());
        let mut filter = self.along(select, team);
        for it in self.terms.iter().filter(|it| !it.is_in(walk)) {
            filter = filter.any(it.not, &it.choices(self.asks_snoozed(), &self.me));
        }
        if self.looks_around(team.copied()) { filter.then("/* in a window */") } else { filter }
    }

    /// The index that leaves the least to look for.
    fn walk(&self, team: Option<TeamId>) -> Walk {
        match self.aside {
            Some(Is::Spam) => return Walk::Spam,
            Some(_) => return Walk::Trash,
            None => {}
        }
        let mut asks = self.terms.iter().filter(|it| !it.not).map(|it| &it.what);
        let live = !self.asks_snoozed()
            && asks.clone().any(|it| match it {
                What::Is(all) => all[..] == [Is::Open],
                What::Waiting(_) | What::Due(_) => true,
                // What is resolved and has not arrived is live as well, so only these are all of them.
                What::Status(all) => all.iter().all(|it| it.is_live()),
                _ => false,
            });
        if self.asks_snoozed() {
            return team.map_or(Walk::Snoozed, Walk::TeamSnoozed);
        }
        if team.is_none() {
            if asks.clone().any(|it| matches!(it, What::Due(_))) {
                return Walk::Due;
            }
            if asks.clone().any(|it| matches!(it, What::Promise(_))) {
                return Walk::Promise;
            }
            if let [customer] = self.customers() {
                return Walk::Customer(*customer);
            }
            match (self.mark(), live, self.assignee()) {
                (Some(mark), false, _) => return Walk::Mark(*mark),
                (Some(mark), true, None | Some(None)) => return Walk::MarkLive(*mark),
                _ => {}
            }
        }
        match (team.or(self.team().copied()), live) {
            (Some(team), true) if self.assignee().is_none() => return Walk::TeamLive(team),
            (Some(team), false) => return Walk::Team(team),
            // Whoever sees only their teams walks along these.
            (Some(_), true) if team.is_some() => return team.map_or(Walk::Live, Walk::TeamLive),
            _ => {}
        }
        if asks.clone().any(|it| matches!(it, What::Is(all) if all[..] == [Is::Followed])) {
            return Walk::Followed;
        }
        if !live {
            return Walk::All;
        }
        match self.assignee() {
            Some(Some(id)) => Walk::Mine(*id),
            Some(None) => Walk::Unassigned,
            None if asks.any(What::is_waiting) => Walk::Waiting,
            None => Walk::Live,
        }
    }

    /// The one colleague, or nobody, whose cases alone it asks for.
    fn assignee(&self) -> Option<&Option<StaffId>> {
        self.terms.iter().filter(|it| !it.not).find_map(|it| match &it.what {
            What::Assignee(all) => match &all[..] {
                [one] => Some(one),
                _ => None,
            },
            What::Is(all) if all[..] == [Is::Unassigned] => Some(&None),
            _ => None,
        })
    }

    pub(super) fn asks_snoozed(&self) -> bool {
        self.terms.iter().any(|it| !it.not && matches!(&it.what, What::Is(all) if all[..] == [Is::Snoozed]))
    }

    /// The one mark that alone it asks for.
    fn mark(&self) -> Option<&Uuid> {
        self.terms.iter().filter(|it| !it.not).find_map(|it| match &it.what {
            What::Mark(all) => match &all[..] {
                [Some(one)] => Some(one),
                _ => None,
            },
            _ => None,
        })
    }

    /// The one team whose cases alone it asks for.
    fn team(&self) -> Option<&TeamId> {
        self.terms.iter().filter(|it| !it.not).find_map(|it| match &it.what {
            What::Team(all) => match &all[..] {
                [Some(one)] => Some(one),
                _ => None,
            },
            _ => None,
        })
    }
}

impl What {
    fn is_waiting(&self) -> bool {
        match self {
            What::Waiting(all) => all[..] == [Side::Customer],
            What::Status(all) => all[..] == [Status::Waiting],
            _ => false,
        }
    }
}

impl Term {
    /// Whether the walk shows nothing else anyway.
    fn is_in(&self, walk: Walk) -> bool {
        let live = matches!(
            walk,
            Walk::Live
                | Walk::Mine(_)
                | Walk::Unassigned
                | Walk::Waiting
                | Walk::TeamLive(_)
                | Walk::MarkLive(_)
                | Walk::Due
        );
        if self.not {
            return false;
        }
        match &self.what {
            What::Before(_) | What::After(_) => walk.goes_by_days(),
            What::Due(all) => walk == Walk::Due && all.len() == 1,
            What::Promise(all) => walk == Walk::Promise && all.len() == 1,
            What::Mark(all) => match all[..] {
                [Some(id)] => walk == Walk::Mark(id) || walk == Walk::MarkLive(id),
                _ => false,
            },
            What::Is(all) => match all[..] {
                [Is::Snoozed] => matches!(walk, Walk::Snoozed | Walk::TeamSnoozed(_)),
                [Is::Open] => live,
                [Is::Unassigned] => walk == Walk::Unassigned,
                [Is::Spam] => walk == Walk::Spam,
                [Is::Trash] => walk == Walk::Trash,
                [Is::Followed] => walk == Walk::Followed,
                _ => false,
            },
            What::Assignee(all) => match all[..] {
                [Some(id)] => walk == Walk::Mine(id),
                [None] => walk == Walk::Unassigned,
                _ => false,
            },
            What::Team(all) => match all[..] {
                [Some(id)] => walk == Walk::Team(id) || walk == Walk::TeamLive(id),
                _ => false,
            },
            it @ (What::Waiting(_) | What::Status(_)) => it.is_waiting() && walk == Walk::Waiting,
            What::Customer(all) => matches!(all[..], [one] if walk == Walk::Customer(one)),
            What::Priority(_) | What::Channel(_) => false,
        }
    }
}
