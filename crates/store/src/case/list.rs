//! Lists of cases, as the inbox shows them: newest first, page by page, by the position of the last row.

use domain::{
    CaseId, CustomerId, CustomerKind, Priority, Right, StaffId, Status, TagId, TeamId, Timestamp, View, Word,
};
use uuid::Uuid;

use crate::case::within;
use crate::filter::{Asked, Order};
use crate::param::from_json;
use crate::search::words;
use crate::{FromRow, Read, Result, Row, Scope, Where, customer};

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
    /// By when we owe a reply, if we do.
    pub due_at: Option<Timestamp>,
    /// When it comes back, if it is snoozed.
    pub wake_at: Option<Timestamp>,
    /// By when the first of its open promises is due, if it has any.
    pub promised_at: Option<Timestamp>,
    /// What it is marked with.
    pub tags: Vec<TagId>,
    /// The customer into whom theirs was merged, until it is known who stands for both.
    merged_into: Option<CustomerId>,
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
            due_at: row.get("due_at")?,
            wake_at: row.get("wake_at")?,
            promised_at: row.get("promised_at")?,
            tags: from_json(row, "tags")?,
            merged_into: row.get("merged_into")?,
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
    /// The position of a row in a list of this order.
    pub fn of(line: &Line, order: Order) -> Cursor {
        let at = match order {
            Order::Latest | Order::Marked => line.last_at,
            Order::Due => line.due_at.unwrap_or(line.last_at),
            Order::Wake => line.wake_at.unwrap_or(line.last_at),
            Order::Promise => line.promised_at.unwrap_or(line.last_at),
        };
        Cursor { at, id: line.id.0 }
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
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Its rows.
    pub lines: Vec<Line>,
    /// Where the older ones begin, if there may be any.
    pub older: Option<Cursor>,
    /// Where the newer ones begin, if there are any.
    pub newer: Option<Cursor>,
    /// As far back as was looked, if that was not to the end: what is older may be asked for.
    pub searched: Option<Timestamp>,
}

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "select cases.id, number, cases.customer_id, name, kind, subject, status, priority, assignee_id, team_id,
              preview, theirs, undelivered, last_at, due_at, wake_at, promised_at, tags,
              customers.merged_into from ",
            $tail,
            " join customers on customers.customer_id = cases.customer_id"
        )
    };
}

/// How a list of one order is asked for, down and up.
struct Way {
    select: &'static str,
    count: &'static str,
    /// The walk by itself, for the last row of the window in which is looked for what its index does not know.
    walk: &'static str,
    /// Behind a place, and down to one: `[down, up]`.
    behind: [&'static str; 2],
    within: [&'static str; 2],
    rows: [&'static str; 2],
    end: [&'static str; 2],
}

const LATEST: Way = Way {
    select: select!("cases"),
    count: "select count(*) from (select 1 from cases",
    walk: "select last_at as at, cases.id as id from cases",
    behind: ["(last_at, cases.id) < (?, ?)", "(last_at, cases.id) > (?, ?)"],
    within: ["(last_at, cases.id) >= (?, ?)", "(last_at, cases.id) <= (?, ?)"],
    rows: ["order by last_at desc, cases.id desc limit 51", "order by last_at, cases.id limit 51"],
    end: ["order by last_at desc, cases.id desc limit 1 offset 1999", "order by last_at, cases.id limit 1 offset 1999"],
};
const MARKED: Way = Way {
    select: select!("marks join cases on cases.customer_id = marks.customer_id and cases.id = marks.case_id"),
    count: "select count(*) from (select 1 from marks
             join cases on cases.customer_id = marks.customer_id and cases.id = marks.case_id",
    walk: "select case_at as at, case_id as id from marks",
    behind: ["(case_at, case_id) < (?, ?)", "(case_at, case_id) > (?, ?)"],
    within: ["(case_at, case_id) >= (?, ?)", "(case_at, case_id) <= (?, ?)"],
    rows: ["order by case_at desc, case_id desc limit 51", "order by case_at, case_id limit 51"],
    end: ["order by case_at desc, case_id desc limit 1 offset 1999", "order by case_at, case_id limit 1 offset 1999"],
};
const DUE: Way = Way {
    select: select!("cases"),
    count: "select count(*) from (select 1 from cases",
    walk: "select due_at as at, cases.id as id from cases",
    behind: ["(due_at, cases.id) > (?, ?)", "(due_at, cases.id) < (?, ?)"],
    within: ["(due_at, cases.id) <= (?, ?)", "(due_at, cases.id) >= (?, ?)"],
    rows: ["order by due_at, cases.id limit 51", "order by due_at desc, cases.id desc limit 51"],
    end: ["order by due_at, cases.id limit 1 offset 1999", "order by due_at desc, cases.id desc limit 1 offset 1999"],
};
const WAKE: Way = Way {
    select: select!("cases"),
    count: "select count(*) from (select 1 from cases",
    walk: "select wake_at as at, cases.id as id from cases",
    behind: ["(wake_at, cases.id) > (?, ?)", "(wake_at, cases.id) < (?, ?)"],
    within: ["(wake_at, cases.id) <= (?, ?)", "(wake_at, cases.id) >= (?, ?)"],
    rows: ["order by wake_at, cases.id limit 51", "order by wake_at desc, cases.id desc limit 51"],
    end: ["order by wake_at, cases.id limit 1 offset 1999", "order by wake_at desc, cases.id desc limit 1 offset 1999"],
};
const PROMISED: Way = Way {
    select: select!("cases"),
    count: "select count(*) from (select 1 from cases",
    walk: "select promised_at as at, cases.id as id from cases",
    behind: ["(promised_at, cases.id) > (?, ?)", "(promised_at, cases.id) < (?, ?)"],
    within: ["(promised_at, cases.id) <= (?, ?)", "(promised_at, cases.id) >= (?, ?)"],
    rows: ["order by promised_at, cases.id limit 51", "order by promised_at desc, cases.id desc limit 51"],
    end: [
        "order by promised_at, cases.id limit 1 offset 1999",
        "order by promised_at desc, cases.id desc limit 1 offset 1999",
    ],
};

fn way(order: Order) -> &'static Way {
    match order {
        Order::Latest => &LATEST,
        Order::Marked => &MARKED,
        Order::Due => &DUE,
        Order::Wake => &WAKE,
        Order::Promise => &PROMISED,
    }
}

/// One case of which somebody knows that it may be seen.
pub(crate) async fn line(rx: &Read, customer: CustomerId, id: CaseId) -> Result<Option<Line>> {
    let one = Where::new(LATEST.select).and("cases.customer_id = ? and cases.id = ?", &[&customer, &id]);
    rx.find(one.sql(), one.args()).await
}

/// The case with this number, if the scope reaches it.
pub async fn numbered(rx: &Read, scope: &Scope, number: i64) -> Result<Option<Line>> {
    match within(rx, scope, number).await? {
        Some(it) => line(rx, it.customer, it.id).await,
        None => Ok(None),
    }
}

/// One page of what is asked for.
pub async fn page(rx: &Read, scope: &Scope, asked: &Asked, from: From) -> Result<Page> {
    if asked.aside.is_some() {
        scope.needs(Right::Desk)?;
    }
    if !asked.sought().is_empty() {
        return words::page(rx, scope, asked, from).await;
    }
    let up = matches!(from, From::After(_));
    // Whoever sees only their teams walks along these, and so their lists have all the same order.
    let by = asked.order(scope.teams().and_then(<[TeamId]>::first).copied());
    let (mut lines, end) = match scope.teams() {
        None => some(rx, asked, from, None).await?,
        // One index serves one team in order; the teams of one person are few.
        Some(teams) => {
            let (mut all, mut ends) = (Vec::new(), Vec::new());
            for team in teams {
                let (lines, end) = some(rx, asked, from, Some(team)).await?;
                all.extend(lines);
                ends.extend(end);
            }
            // Behind the nearest end there may be more of that team.
            let key = |it: &Cursor| (it.at, it.id);
            let ascends = up != (by == Order::Wake);
            let end = if ascends { ends.into_iter().min_by_key(key) } else { ends.into_iter().max_by_key(key) };
            all.retain(|it| {
                let at = key(&Cursor::of(it, by));
                end.as_ref().is_none_or(|end| if ascends { at <= key(end) } else { at >= key(end) })
            });
            all.sort_by_key(|it| key(&Cursor::of(it, by)));
            if !ascends {
                all.reverse();
            }
            (all, end)
        }
    };
    if lines.is_empty() && end.is_none() && up {
        // Whoever comes back to the first end sees it, and not an empty page before it.
        return Box::pin(page(rx, scope, asked, From::Newest)).await;
    }
    let more = lines.len() > PAGE;
    lines.truncate(PAGE);
    for line in lines.iter_mut().filter(|it| it.merged_into.is_some()) {
        if let Some(head) = customer::head(rx, line.customer).await? {
            (line.customer, line.customer_name, line.customer_kind) = (head.id, head.name, head.kind);
        }
    }
    let end = end.filter(|_| !more);
    if up {
        lines.reverse();
    }
    let place = |it: &Line| Cursor::of(it, by);
    let (first, last) = (lines.first().map(place), lines.last().map(place));
    let on = |edge: Option<Cursor>| if more { edge } else { end };
    let (older, newer) = match from {
        From::Newest => (on(last), None),
        From::Before(cursor) => (on(last), first.or(Some(cursor))),
        From::After(cursor) => (last.or(Some(cursor)), on(first)),
    };
    let searched = end.filter(|_| !up && matches!(by, Order::Latest | Order::Marked)).map(|it| it.at);
    Ok(Page { lines, older, newer, searched })
}

/// The rows of one team, or of all, and where their window ends, if it does.
async fn some(rx: &Read, asked: &Asked, from: From, team: Option<&TeamId>) -> Result<(Vec<Line>, Option<Cursor>)> {
    let way = way(asked.order(team.copied()));
    let up = usize::from(matches!(from, From::After(_)));
    let end = if asked.looks_around(team.copied()) {
        let along = behind(asked.along(way.walk, team), way, &from).then(way.end[up]);
        rx.find::<Cursor>(along.sql(), along.args()).await?
    } else {
        None
    };
    let filter = behind(asked.within(way.select, team), way, &from);
    let filter = match &end {
        None => filter,
        Some(end) => filter.and(way.within[up], &[&end.at, &end.id]),
    };
    let filter = filter.then(way.rows[up]);
    Ok((rx.all(filter.sql(), filter.args()).await?, end))
}

fn behind<'a>(filter: Where<'a>, way: &Way, from: &'a From) -> Where<'a> {
    match from {
        From::Newest => filter,
        From::Before(it) => filter.and(way.behind[0], &[&it.at, &it.id]),
        From::After(it) => filter.and(way.behind[1], &[&it.at, &it.id]),
    }
}

/// A count that stops: 100 means "99+".
pub const ENOUGH: i64 = 100;

/// How many cases there are of what is asked for, up to [`ENOUGH`]. What has to be looked for is counted in the newest
/// window; there may be more behind it.
pub async fn count(rx: &Read, scope: &Scope, asked: &Asked) -> Result<i64> {
    if asked.aside.is_some() {
        scope.needs(Right::Desk)?;
    }
    if !asked.sought().is_empty() {
        return words::count(rx, scope, asked).await;
    }
    let teams: Vec<Option<&TeamId>> = match scope.teams() {
        None => vec![None],
        Some(teams) => teams.iter().map(Some).collect(),
    };
    let mut count = 0;
    for team in teams {
        let way = way(asked.order(team.copied()));
        let end = if asked.looks_around(team.copied()) {
            let along = asked.along(way.walk, team).then(way.end[0]);
            rx.find::<Cursor>(along.sql(), along.args()).await?
        } else {
            None
        };
        let filter = asked.within(way.count, team);
        let filter = match &end {
            None => filter,
            Some(end) => filter.and(way.within[0], &[&end.at, &end.id]),
        };
        let filter = filter.then("limit 100) as enough");
        count += rx.one::<i64>(filter.sql(), filter.args()).await?;
    }
    Ok(count.min(ENOUGH))
}

/// How many cases each view has that everybody has; for [`View::All`] nobody counts. What is put aside is counted for those
/// who see it, if there is anything.
pub async fn counts(rx: &Read, scope: &Scope) -> Result<Vec<(View, i64)>> {
    let mut counts = Vec::new();
    for view in View::ALL.iter().copied().filter(|it| *it != View::All) {
        if view.aside().is_some() && scope.needs(Right::Desk).is_err() {
            continue;
        }
        let count = count(rx, scope, &Asked::of(view, scope)).await?;
        if count > 0 || (view.aside().is_none() && view != View::Snoozed) {
            counts.push((view, count));
        }
    }
    Ok(counts)
}
