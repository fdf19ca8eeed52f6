//! Lists of cases, as the inbox shows them: newest first, page by page, by the position of the last row.

use domain::{CaseId, CustomerId, CustomerKind, Priority, Right, StaffId, Status, TeamId, Timestamp, View, Word};
use uuid::Uuid;

use crate::filter::Asked;
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

const SELECT: &str = "select cases.id, number, cases.customer_id, name, kind, subject, status, priority, assignee_id,
    team_id, preview, theirs, undelivered, last_at, customers.merged_into from cases join customers on customers.customer_id = cases.customer_id";
const NEWEST: &str = "order by last_at desc, cases.id desc limit 51";
const OLDEST: &str = "order by last_at, cases.id limit 51";
/// The walk by itself, and the last row of the window in which is looked for what its index does not know.
const WALK: &str = "select last_at as at, cases.id as id from cases";
const BACK: &str = "order by last_at desc, cases.id desc limit 1 offset 1999";
const FORTH: &str = "order by last_at, cases.id limit 1 offset 1999";

/// One page of what is asked for.
pub async fn page(rx: &Read, scope: &Scope, asked: &Asked, from: From) -> Result<Page> {
    if asked.aside.is_some() {
        scope.needs(Right::Desk)?;
    }
    let forward = matches!(from, From::After(_));
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
            let end = if forward { ends.into_iter().min_by_key(key) } else { ends.into_iter().max_by_key(key) };
            all.retain(|it| {
                let at = key(&Cursor::of(it));
                end.as_ref().is_none_or(|end| if forward { at <= key(end) } else { at >= key(end) })
            });
            all.sort_by_key(|it| (it.last_at, it.id));
            if !forward {
                all.reverse();
            }
            (all, end)
        }
    };
    if lines.is_empty() && end.is_none() && forward {
        // Whoever comes back to the newest end sees it, and not an empty page before it.
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
    if forward {
        lines.reverse();
    }
    let (first, last) = (lines.first().map(Cursor::of), lines.last().map(Cursor::of));
    let on = |edge: Option<Cursor>| if more { edge } else { end };
    let (older, newer) = match from {
        From::Newest => (on(last), None),
        From::Before(cursor) => (on(last), first.or(Some(cursor))),
        From::After(cursor) => (last.or(Some(cursor)), on(first)),
    };
    Ok(Page { lines, older, newer, searched: end.filter(|_| !forward).map(|it| it.at) })
}

/// The rows of one team, or of all, and where their window ends, if it does.
async fn some(rx: &Read, asked: &Asked, from: From, team: Option<&TeamId>) -> Result<(Vec<Line>, Option<Cursor>)> {
    let end = if asked.looks_around(team.copied()) {
        let along =
            after(asked.along(WALK, team), &from).then(if matches!(from, From::After(_)) { FORTH } else { BACK });
        rx.find::<Cursor>(along.sql(), along.args()).await?
    } else {
        None
    };
    let filter = after(asked.within(SELECT, team), &from);
    let filter = match (&end, &from) {
        (None, _) => filter,
        (Some(end), From::After(_)) => filter.and("(last_at, cases.id) <= (?, ?)", &[&end.at, &end.id]),
        (Some(end), _) => filter.and("(last_at, cases.id) >= (?, ?)", &[&end.at, &end.id]),
    };
    let filter = filter.then(if matches!(from, From::After(_)) { OLDEST } else { NEWEST });
    Ok((rx.all(filter.sql(), filter.args()).await?, end))
}

fn after<'a>(filter: Where<'a>, from: &'a From) -> Where<'a> {
    match from {
        From::Newest => filter,
        From::Before(it) => filter.and("(last_at, cases.id) < (?, ?)", &[&it.at, &it.id]),
        From::After(it) => filter.and("(last_at, cases.id) > (?, ?)", &[&it.at, &it.id]),
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
    let teams: Vec<Option<&TeamId>> = match scope.teams() {
        None => vec![None],
        Some(teams) => teams.iter().map(Some).collect(),
    };
    let mut count = 0;
    for team in teams {
        let end = if asked.looks_around(team.copied()) {
            let along = asked.along(WALK, team).then(BACK);
            rx.find::<Cursor>(along.sql(), along.args()).await?
        } else {
            None
        };
        let filter = asked.within("select count(*) from (select 1 from cases", team);
        let filter = match &end {
            None => filter,
            Some(end) => filter.and("(last_at, cases.id) >= (?, ?)", &[&end.at, &end.id]),
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
        if count > 0 || view.aside().is_none() {
            counts.push((view, count));
        }
    }
    Ok(counts)
}
