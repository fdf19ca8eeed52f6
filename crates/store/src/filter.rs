//! The filter language as SQL: the one place that compiles it, for every list of cases.
//!
//! A list walks along one index, which the filter's words choose; what they ask besides is looked at row by row, within
//! a window of 2,000 rows. Partial indexes are named by literals: a parameter would keep the engine from them. Along
//! which index, and in which order that lists, is in [`walk`].

mod walk;

use std::time::Duration;

use domain::filter::{Ask, Day, Due, Is, Key, Mistake, Side, Whose, Why};
use domain::sought::Sought;
use domain::{Aside, ChannelId, CustomerId, Filter, Priority, StaffId, Status, TeamId, Timestamp, View};
use uuid::Uuid;

pub use walk::Order;

use crate::{Param, Read, Result, Scope, Where, channel, customer, field, staff, tag, team};

/// A filter for somebody who looks now: ids stand in place of names, and moments in place of days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    terms: Vec<Term>,
    /// The words that are looked for in what was written: for these, lists go along the index of the search.
    sought: Sought,
    /// Who looks.
    me: Option<StaffId>,
    /// Set if it asks for one of the lists of what is put aside.
    pub aside: Option<Is>,
}

#[derive(Clone, Debug, PartialEq)]
struct Term {
    not: bool,
    what: What,
}

#[derive(Clone, Debug, PartialEq)]
enum What {
    Is(Vec<Is>),
    Status(Vec<Status>),
    Waiting(Vec<Side>),
    Assignee(Vec<Option<StaffId>>),
    Team(Vec<Option<TeamId>>),
    Priority(Vec<Priority>),
    Channel(Vec<ChannelId>),
    /// Tags, and choices of fields; none: no tag at all.
    Mark(Vec<Option<Uuid>>),
    /// A reply is due until then; none: whenever.
    Due(Vec<Option<Timestamp>>),
    Customer(Vec<CustomerId>),
    /// A promise is due until then; none: whenever.
    Promise(Vec<Option<Timestamp>>),
    Before(Timestamp),
    After(Timestamp),
}

const FOLLOWS: &str = "exists (select 1 from followers where followers.customer_id = cases.customer_id
     and followers.case_id = cases.id and followers.staff_id = ?)";

impl Asked {
    /// What a view asks that everybody has.
    pub fn of(view: View, scope: &Scope) -> Asked {
        let is = |it: Is| Term { not: false, what: What::Is(vec![it]) };
        let terms = match view {
            View::Mine => vec![is(Is::Open), Term { not: false, what: What::Assignee(vec![Some(scope.member)]) }],
            View::Unassigned => vec![is(Is::Open), is(Is::Unassigned)],
            View::Due => {
                vec![Term { not: false, what: What::Due(vec![Some(scope.now.after(Duration::from_hours(1)))]) }]
            }
            View::Snoozed => vec![is(Is::Snoozed)],
            View::Us => vec![Term { not: false, what: What::Waiting(vec![Side::Us]) }],
            View::Waiting => vec![Term { not: false, what: What::Waiting(vec![Side::Customer]) }],
            View::All => Vec::new(),
            View::Spam => vec![is(Is::Spam)],
            View::Trash => vec![is(Is::Trash)],
        };
        Asked {
            terms,
            sought: Sought::default(),
            me: Some(scope.member),
            aside: view.aside().map(|it| if it == Aside::Spam { Is::Spam } else { Is::Trash }),
        }
    }
}

/// Finds out whom and what the words of a filter name. `midnight` tells when a day begins. What nobody is, or several are,
/// is a mistake, and the rest counts.
pub async fn ask(
    rx: &Read,
    scope: &Scope,
    filter: &Filter,
    midnight: impl Fn(Day) -> Option<Timestamp>,
) -> Result<(Asked, Vec<Mistake>)> {
    let (mut asked, mut mistakes) =
        (Asked { sought: filter.sought(), me: Some(scope.member), ..Asked::default() }, Vec::new());
    for term in &filter.terms {
        let what = match &term.ask {
            Ask::Is(all) => {
                asked.aside = asked.aside.or(all.iter().copied().find(|it| it.is_aside() && !term.not));
                Ok(What::Is(all.clone()))
            }
            Ask::Status(all) => Ok(What::Status(all.clone())),
            Ask::Waiting(all) => Ok(What::Waiting(all.clone())),
            Ask::Priority(all) => Ok(What::Priority(all.clone())),
            Ask::Assignee(all) => colleagues(rx, scope, all).await?.map(What::Assignee),
            Ask::Team(all) => teams(rx, scope, all).await?.map(What::Team),
            Ask::Channel(all) => channels(rx, scope, all).await?.map(What::Channel),
            Ask::Tag(all) => tags(rx, all).await?.map(What::Mark),
            Ask::Field(all) => choices(rx, all).await?.map(What::Mark),
            Ask::Due(all) => Ok(What::Due(all.iter().map(|it| until(*it, scope.now)).collect())),
            Ask::Customer(all) => customers(rx, scope, all).await?.map(What::Customer),
            Ask::Words(_) => continue,
            Ask::Promise(all) => Ok(What::Promise(all.iter().map(|it| until(*it, scope.now)).collect())),
            Ask::Before(day) => midnight(*day).map(What::Before).ok_or(Why::NotADay),
            Ask::After(day) => midnight(*day).map(What::After).ok_or(Why::NotADay),
        };
        match what {
            Ok(what) => asked.terms.push(Term { not: term.not, what }),
            Err(why) => mistakes.push(Mistake { at: term.at.clone(), why }),
        }
    }
    Ok((asked, mistakes))
}

async fn colleagues(rx: &Read, scope: &Scope, all: &[Whose]) -> Result<std::result::Result<Vec<Option<StaffId>>, Why>> {
    let known =
        if all.iter().any(|it| matches!(it, Whose::Named(_))) { staff::colleagues(rx, scope).await? } else { vec![] };
    let of = |whose: &Whose| match whose {
        Whose::Mine => Ok(Some(scope.member)),
        Whose::Nobodys => Ok(None),
        Whose::Named(name) => one(Key::Assignee, name, known.iter().map(|it| (it.name.as_str(), it.id))).map(Some),
    };
    Ok(all.iter().map(of).collect())
}

async fn teams(rx: &Read, scope: &Scope, all: &[Whose]) -> Result<std::result::Result<Vec<Option<TeamId>>, Why>> {
    let known = if all.iter().any(|it| matches!(it, Whose::Named(_))) { team::all(rx, scope).await? } else { vec![] };
    let mut found = Vec::new();
    for whose in all {
        match whose {
            Whose::Mine => found.extend(team::of(rx, scope.member).await?.into_iter().map(Some)),
            Whose::Nobodys => found.push(None),
            Whose::Named(name) => match one(Key::Team, name, known.iter().map(|it| (it.name.as_str(), it.id))) {
                Ok(id) => found.push(Some(id)),
                Err(why) => return Ok(Err(why)),
            },
        }
    }
    Ok(Ok(found))
}

async fn channels(rx: &Read, scope: &Scope, all: &[String]) -> Result<std::result::Result<Vec<ChannelId>, Why>> {
    let known = channel::names(rx, scope).await?;
    let of = |name: &String| {
        let by_address = known.iter().find(|it| it.addresses().any(|it| it.as_str().eq_ignore_ascii_case(name)));
        by_address
            .map_or_else(|| one(Key::Channel, name, known.iter().map(|it| (it.name.as_str(), it.id))), |it| Ok(it.id))
    };
    Ok(all.iter().map(of).collect())
}

async fn tags(rx: &Read, all: &[Option<String>]) -> Result<std::result::Result<Vec<Option<Uuid>>, Why>> {
    let known = if all.iter().any(Option::is_some) { tag::every(rx).await? } else { vec![] };
    let of = |name: &Option<String>| match name {
        None => Ok(None),
        Some(name) => {
            let folded = domain::tag::folded(name);
            let found = known.iter().find(|it| domain::tag::folded(&it.name) == folded);
            found.map(|it| Some(it.id.0)).ok_or(Why::Nobody(Key::Tag))
        }
    };
    Ok(all.iter().map(of).collect())
}

async fn choices(rx: &Read, all: &[(String, String)]) -> Result<std::result::Result<Vec<Option<Uuid>>, Why>> {
    let known = field::of(rx, domain::Owner::Case).await?;
    let of = |(name, says): &(String, String)| {
        let is = |it: &str, typed: &str| it.to_lowercase() == typed.to_lowercase();
        let choices = known.iter().filter(|it| is(&it.name, name)).flat_map(|it| &it.choices);
        choices.clone().find(|it| is(&it.name, says)).map(|it| Some(it.id.0)).ok_or(Why::Nobody(Key::Field))
    };
    Ok(all.iter().map(of).collect())
}

fn until(due: Due, now: Timestamp) -> Option<Timestamp> {
    match due {
        Due::Late => Some(now),
        Due::Within(minutes) => Some(now.after(Duration::from_mins(u64::from(minutes)))),
        Due::Any => None,
    }
}

/// All whose name is this or begins with it: nobody has to know which of a firm's branches has written.
async fn customers(rx: &Read, scope: &Scope, all: &[String]) -> Result<std::result::Result<Vec<CustomerId>, Why>> {
    let mut found = Vec::new();
    for name in all {
        let known = customer::named(rx, scope, name, customer::MOST).await?;
        if known.is_empty() {
            return Ok(Err(Why::Nobody(Key::Customer)));
        }
        found.extend(customer::families(rx, known.into_iter().map(|it| it.0).collect()).await?);
    }
    found.sort_unstable();
    found.dedup();
    Ok(Ok(found))
}

/// The one with this name: the whole of it, or else its first word, in whatever letters.
fn one<'a, I: Copy + PartialEq>(
    key: Key,
    name: &str,
    known: impl Iterator<Item = (&'a str, I)> + Clone,
) -> std::result::Result<I, Why> {
    let name = name.to_lowercase();
    let whole = |it: &(&str, I)| it.0.to_lowercase() == name;
    let first = |it: &(&str, I)| it.0.to_lowercase().split_whitespace().next() == Some(name.as_str());
    let mut found = known.clone().filter(whole).peekable();
    let (one, more) = if found.peek().is_some() {
        (found.next(), found.next())
    } else {
        let mut found = known.filter(first);
        (found.next(), found.next())
    };
    match (one, more) {
        (Some(it), None) => Ok(it.1),
        (Some(_), Some(_)) => Err(Why::Several(key)),
        (None, _) => Err(Why::Nobody(key)),
    }
}

impl Asked {
    /// What it looks for by words.
    pub fn sought(&self) -> &Sought {
        &self.sought
    }

    /// Whether it asks for nothing at all.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty() && self.sought.is_empty()
    }

    /// Whether it asks for anything besides words, and whose it is.
    pub fn narrows(&self) -> bool {
        self.terms.iter().any(|it| it.not || !matches!(it.what, What::Customer(_)))
    }

    /// The customers whose cases alone it asks for; none if it asks for those of others as well.
    pub(crate) fn customers(&self) -> &[CustomerId] {
        let mut asks = self.terms.iter().filter(|it| !it.not);
        asks.find_map(|it| if let What::Customer(all) = &it.what { Some(&all[..]) } else { None }).unwrap_or_default()
    }

    /// The moment before which it was last written in.
    pub(crate) fn before(&self) -> Option<Timestamp> {
        let asks = self.terms.iter().filter(|it| !it.not);
        asks.filter_map(|it| if let What::Before(at) = it.what { Some(at) } else { None }).min()
    }

    /// All of it but its words, of cases that something else has found.
    pub(crate) fn holds<'a>(&'a self, filter: Where<'a>) -> Where<'a> {
        let filter = match self.aside {
            Some(Is::Spam) => filter.and("aside = 'spam'", &[]),
            Some(_) => filter.and("aside = 'trash'", &[]),
            None => filter.and("aside is null", &[]),
        };
        let snoozed = self.asks_snoozed();
        self.terms.iter().fold(filter, |filter, it| filter.any(it.not, &it.choices(snoozed, &self.me)))
    }
}

impl Term {
    /// One condition for each of its values.
    ///
    /// A snoozed case stands in no list but where it is asked for.
    fn choices<'a>(&'a self, snoozed: bool, me: &'a dyn Param) -> Vec<(&'static str, Vec<&'a dyn Param>)> {
        fn each<'a, T: Param>(condition: &'static str, all: &'a [T]) -> Vec<(&'static str, Vec<&'a dyn Param>)> {
            all.iter().map(|it| (condition, vec![it as &dyn Param])).collect()
        }
        let is = |it: &Is| match it {
            Is::Followed => FOLLOWS,
            Is::Open => "live = 1",
            Is::Unassigned => "assignee_id is null",
            Is::Resolved => "status = 'resolved'",
            Is::Closed => "status = 'closed'",
            Is::Undelivered => "undelivered = 1",
            Is::Snoozed => "live = 2",
            Is::Spam => "aside = 'spam'",
            Is::Trash => "aside = 'trash'",
        };
        let side = |it: &Side| match (it, snoozed) {
            (Side::Us, false) => "live = 1 and status <> 'waiting'",
            (Side::Customer, false) => "live = 1 and status = 'waiting'",
            (Side::Us, true) => "live > 0 and status <> 'waiting'",
            (Side::Customer, true) => "live > 0 and status = 'waiting'",
        };
        match &self.what {
            What::Is(all) => {
                let args = |it: &Is| if *it == Is::Followed { vec![me] } else { Vec::new() };
                all.iter().map(|it| (is(it), args(it))).collect()
            }
            What::Waiting(all) => all.iter().map(|it| (side(it), Vec::new())).collect(),
            What::Status(all) if snoozed || self.not => each("status = ?", all),
            What::Status(all) => each("status = ? and live <> 2", all),
            What::Priority(all) => each("priority = ?", all),
            What::Channel(all) => each("channel_id = ?", all),
            What::Customer(all) => each("cases.customer_id = ?", all),
            What::Assignee(all) => {
                all.iter().map(|it| owner("assignee_id = ?", "assignee_id is null", it.as_ref())).collect()
            }
            What::Team(all) => all.iter().map(|it| owner("team_id = ?", "team_id is null", it.as_ref())).collect(),
            What::Mark(all) => all.iter().map(|it| owner(MARKED, "tags = '[]'", it.as_ref())).collect(),
            What::Due(all) => {
                let until = |it| owner("live = 1 and due_at <= ?", "live = 1 and due_at is not null", it);
                all.iter().map(|it| until(it.as_ref())).collect()
            }
            What::Promise(all) => {
                let until = |it| owner("promised_at <= ?", "promised_at is not null", it);
                all.iter().map(|it| until(it.as_ref())).collect()
            }
            What::Before(at) => vec![("last_at < ?", vec![at])],
            What::After(at) => vec![("last_at >= ?", vec![at])],
        }
    }
}

const MARKED: &str = "exists (select 1 from marks as its where its.customer_id = cases.customer_id
    and its.case_id = cases.id and its.mark_id = ?)";

fn owner<'a, T: Param>(
    theirs: &'static str,
    nobodys: &'static str,
    it: Option<&'a T>,
) -> (&'static str, Vec<&'a dyn Param>) {
    it.map_or((nobodys, Vec::new()), |it| (theirs, vec![it as &dyn Param]))
}
