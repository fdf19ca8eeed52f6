//! Lists of cases whose messages have the words of a filter: in the order of lists, of what the newest hits belong to.

use std::collections::HashMap;

use domain::{CaseId, CustomerId, Timestamp};
use futures_util::future::try_join_all;

use super::hits::Walk;
use crate::case::list::{self, Cursor, ENOUGH, From, Line, PAGE, Page};
use crate::filter::Asked;
use crate::{Read, Result, Scope};

/// So many windows of hits are looked at.
const WINDOWS: usize = 2;

/// Every case that the newest hits belong to, newest first, and how far back that goes, if it is not to the end.
async fn cases(rx: &Read, scope: &Scope, asked: &Asked) -> Result<(Vec<(Cursor, CustomerId)>, Option<Timestamp>)> {
    let mut walk = Walk::new(rx, scope, asked, None).await?;
    let mut found: HashMap<CaseId, (Cursor, CustomerId)> = HashMap::new();
    let mut last = None;
    for _ in 0..WINDOWS {
        let window = walk.next().await?;
        last = window.hits.last().map(|it| it.at).or(last);
        for (hit, of) in window.hits.iter().filter_map(|it| Some((it, it.case?))) {
            found.insert(of.id, (Cursor { at: of.last_at, id: of.id.0 }, hit.item.customer));
        }
    }
    let mut all: Vec<_> = found.into_values().collect();
    all.sort_by_key(|it| std::cmp::Reverse((it.0.at, it.0.id)));
    Ok((all, last.filter(|_| !walk.is_over())))
}

pub(crate) async fn page(rx: &Read, scope: &Scope, asked: &Asked, from: From) -> Result<Page> {
    let (all, searched) = cases(rx, scope, asked).await?;
    let key = |it: &(Cursor, CustomerId)| (it.0.at, it.0.id);
    let start = match from {
        From::Newest => 0,
        From::Before(it) => all.partition_point(|case| key(case) >= (it.at, it.id)),
        From::After(it) => all.partition_point(|case| key(case) > (it.at, it.id)).saturating_sub(PAGE),
    };
    let end = (start + PAGE).min(all.len());
    let lines = all[start..end].iter().map(|(at, customer)| list::line(rx, *customer, CaseId(at.id)));
    let lines: Vec<Line> = try_join_all(lines).await?.into_iter().flatten().collect();
    let older = all.get(end).and_then(|_| all.get(end.checked_sub(1)?)).map(|it| it.0);
    let newer = all.get(start).filter(|_| start > 0).map(|it| it.0);
    Ok(Page { lines, older, newer, searched: searched.filter(|_| older.is_none()) })
}

pub(crate) async fn count(rx: &Read, scope: &Scope, asked: &Asked) -> Result<i64> {
    let (all, _) = cases(rx, scope, asked).await?;
    Ok(i64::try_from(all.len()).unwrap_or(ENOUGH).min(ENOUGH))
}
