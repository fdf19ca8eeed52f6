//! Lists of cases, as the inbox shows them: newest first, page by page, by the position of the last row.

use domain::{CaseId, CustomerId, CustomerKind, Priority, Right, StaffId, Status, TeamId, Timestamp, View, Word};
use uuid::Uuid;

use crate::{Filter, FromRow, Read, Result, Row, Scope};

/// How many rows a page has.
pub const PAGE: usize = 50;

/// A case as the list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub number: i64,
    /// Whose.
    pub customer: CustomerId,
    /// What we call them.
    pub customer_name: String,
    /// An organization or an individual.
    pub customer_kind: CustomerKind,
    /// What it is about.
    pub subject: String,
    /// Where it is.
    pub status: Status,
    /// How much it matters.
    pub priority: Priority,
    /// Who works on it.
    pub assignee: Option<StaffId>,
    /// Which team works on it.
    pub team: Option<TeamId>,
    /// The beginning of what was written last.
    pub preview: String,
    /// Whether the customer wrote that.
    pub theirs: bool,
    /// Whether our last word has not reached them.
    pub undelivered: bool,
    /// When it was last written in.
    pub last_at: Timestamp,
}

impl FromRow for Line {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Line {
            id: row.get("id")?,
            number: row.get("number")?,
            customer: row.get("customer_id")?,
            customer_name: row.get("name")?,
            customer_kind: row.get("kind")?,
            subject: row.get("subject")?,
            status: row.get("status")?,
            priority: row.get("priority")?,
            assignee: row.get("assignee_id")?,
            team: row.get("team_id")?,
            preview: row.get("preview")?,
            theirs: row.get("theirs")?,
            undelivered: row.get("undelivered")?,
            last_at: row.get("last_at")?,
        })
    }
}

/// A position in a list. Its text stands in a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The row's time.
    pub at: Timestamp,
    /// Its id, for rows of one time.
    pub id: Uuid,
}

impl Cursor {
    /// The position of a row.
    pub fn of(line: &Line) -> Cursor {
        Cursor { at: line.last_at, id: line.id.0 }
    }

    /// The position that `text` names.
    pub fn parse(text: &str) -> Option<Cursor> {
        let (at, id) = text.split_once('.')?;
        Some(Cursor { at: Timestamp(at.parse().ok()?), id: Uuid::try_parse(id).ok()? })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.at.0, self.id.simple())
    }
}

impl FromRow for Cursor {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Cursor { at: row.get("at")?, id: row.get("id")? })
    }
}

/// From where a page goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// From the newest.
    Newest,
    /// Older than this.
    Before(Cursor),
    /// Newer than this.
    After(Cursor),
}

/// A page of a list, newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Its rows.
    pub lines: Vec<Line>,
    /// Where the older ones begin, if there are any.
    pub older: Option<Cursor>,
    /// Where the newer ones begin, if there are any.
    pub newer: Option<Cursor>,
}

const SELECT: &str = "select cases.id, number, cases.customer_id, name, kind, subject, status, priority, assignee_id,
    team_id, preview, theirs, undelivered, last_at from cases join customers on customers.customer_id = cases.customer_id";
const NEWEST: &str = "order by last_at desc, cases.id desc limit 51";
const OLDEST: &str = "order by last_at, cases.id limit 51";

/// One page of a view. `live = 1` is a literal: a parameter would keep the engine from its partial index.
pub async fn page(rx: &Read, scope: &Scope, view: View, from: From) -> Result<Page> {
    if view.aside().is_some() {
        scope.needs(Right::Desk)?;
    }
    let mut lines = match scope.teams() {
        None => some(rx, scope, view, from, None).await?,
        // One index serves one team in order; the teams of one person are few.
        Some(teams) => {
            let mut all = Vec::new();
            for team in teams {
                all.extend(some(rx, scope, view, from, Some(*team)).await?);
            }
            all.sort_by_key(|it| (it.last_at, it.id));
            if !matches!(from, From::After(_)) {
                all.reverse();
            }
            all
        }
    };
    if lines.is_empty() && matches!(from, From::After(_)) {
        // Whoever comes back to the newest end sees it, and not an empty page before it.
        return Box::pin(page(rx, scope, view, From::Newest)).await;
    }
    let more = lines.len() > PAGE;
    lines.truncate(PAGE);
    if matches!(from, From::After(_)) {
        lines.reverse();
    }
    let (first, last) = (lines.first().map(Cursor::of), lines.last().map(Cursor::of));
    let (older, newer) = match from {
        From::Newest => (more.then_some(last).flatten(), None),
        From::Before(_) => (more.then_some(last).flatten(), first),
        From::After(_) => (last, more.then_some(first).flatten()),
    };
    Ok(Page { lines, older, newer })
}

async fn some(rx: &Read, scope: &Scope, view: View, from: From, team: Option<TeamId>) -> Result<Vec<Line>> {
    let mut filter = of_view(Filter::new(SELECT), view, scope);
    if let Some(team) = &team {
        filter = filter.and("team_id = ?", &[team]);
    }
    let cursor = match &from {
        From::Newest => None,
        From::Before(cursor) | From::After(cursor) => Some(cursor),
    };
    let filter = match (&from, cursor) {
        (From::After(_), Some(it)) => filter.and("(last_at, cases.id) > (?, ?)", &[&it.at, &it.id]).then(OLDEST),
        (_, Some(it)) => filter.and("(last_at, cases.id) < (?, ?)", &[&it.at, &it.id]).then(NEWEST),
        (_, None) => filter.then(NEWEST),
    };
    rx.all(filter.sql(), filter.args()).await
}

fn of_view<'a>(filter: Filter<'a>, view: View, scope: &'a Scope) -> Filter<'a> {
    match view {
        View::Mine => filter.and("live = 1 and assignee_id = ?", &[&scope.member]),
        View::Unassigned => filter.and("live = 1 and assignee_id is null", &[]),
        View::Waiting => filter.and("live = 1 and status = 'waiting'", &[]),
        View::All => filter.and("aside is null", &[]),
        View::Spam => filter.and("aside = 'spam'", &[]),
        View::Trash => filter.and("aside = 'trash'", &[]),
    }
}

/// A count that stops: 100 means "99+".
pub const ENOUGH: i64 = 100;

/// How many cases a view has, up to [`ENOUGH`]; for [`View::All`] nobody counts. What is put aside is counted for those who
/// see it, if there is anything.
pub async fn counts(rx: &Read, scope: &Scope) -> Result<Vec<(View, i64)>> {
    let mut counts = Vec::new();
    for view in View::ALL.iter().copied().filter(|it| *it != View::All) {
        if view.aside().is_some() && scope.needs(Right::Desk).is_err() {
            continue;
        }
        let filter = scope.narrow(of_view(Filter::new("select count(*) from (select 1 from cases"), view, scope));
        let filter = filter.then("limit 100) as enough");
        let count: i64 = rx.one(filter.sql(), filter.args()).await?;
        if count > 0 || view.aside().is_none() {
            counts.push((view, count));
        }
    }
    Ok(counts)
}
