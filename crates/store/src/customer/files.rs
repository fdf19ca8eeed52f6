//! The files of a customer's messages, newest first: of all of their cases that the scope reaches.

use domain::{CaseId, CustomerId, File, MessageId, TeamId, Timestamp};

use super::family;
use crate::case::list::Cursor;
use crate::case::merge;
use crate::param::from_json;
use crate::{FromRow, Read, Result, Row, Scope, Where};

/// A message with files.
#[derive(Clone, Debug, PartialEq)]
pub struct Filed {
    /// The message.
    pub message: MessageId,
    /// The number of the case in which it stands.
    pub number: i64,
    /// When it came, or was written.
    pub at: Timestamp,
    /// All of its files, each at its place; those that stand in its text as well.
    pub files: Vec<File>,
    customer: CustomerId,
    case: CaseId,
    team: Option<TeamId>,
    aside: bool,
    merged: bool,
}

impl FromRow for Filed {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Filed {
            message: row.get("id")?,
            number: row.get("number")?,
            at: row.get("at")?,
            files: from_json(row, "files")?,
            customer: row.get("customer_id")?,
            case: row.get("case_id")?,
            team: row.get("team_id")?,
            aside: row.get::<Option<String>>("aside")?.is_some(),
            merged: row.get::<Option<CaseId>>("merged_into")?.is_some(),
        })
    }
}

/// How many messages a part has.
const PART: usize = 20;
/// How many are looked at for somebody who may see few of them.
const LOOK: usize = 100;

/// The messages with files before `before`, or the newest; and where the rest begins.
pub async fn files(
    rx: &Read,
    scope: &Scope,
    id: CustomerId,
    before: Option<Cursor>,
) -> Result<(Vec<Filed>, Option<Cursor>)> {
    let select =
        "select messages.customer_id, messages.case_id, messages.id, messages.at, messages.files, cases.number,
                cases.team_id, cases.aside, cases.merged_into from messages
               join cases on cases.customer_id = messages.customer_id and cases.id = messages.case_id";
    let mut all: Vec<Filed> = Vec::new();
    for id in family(rx, id).await? {
        // The literal stands in the index, too.
        let mut filter = Where::new(select).and("messages.customer_id = ? and messages.files <> '[]'", &[&id]);
        if let Some(it) = &before {
            filter = filter.and("(messages.at, messages.id) < (?, ?)", &[&it.at, &it.id]);
        }
        let filter = filter.then("order by messages.at desc, messages.id desc limit 101");
        all.extend(rx.all::<Filed>(filter.sql(), filter.args()).await?);
    }
    all.sort_by_key(|it| std::cmp::Reverse((it.at, it.message)));
    let place = |it: &Filed| Cursor { at: it.at, id: it.message.0 };
    let more = all.len() > LOOK;
    all.truncate(LOOK);
    let mut older = all.last().filter(|_| more).map(place);
    for it in all.iter_mut().filter(|it| it.merged) {
        if let Some(case) = merge::standing(rx, it.customer, it.case).await? {
            (it.number, it.team, it.aside) = (case.number, case.team, case.aside.is_some());
        }
    }
    all.retain(|it| !it.aside);
    if let Some(teams) = scope.teams() {
        all.retain(|it| it.team.is_some_and(|team| teams.contains(&team)));
    }
    if all.len() > PART {
        all.truncate(PART);
        older = all.last().map(place);
    }
    Ok((all, older))
}
