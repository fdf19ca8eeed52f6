//! A page of what was found: the newest hit of each case, with the piece of it that has the words.

use std::collections::HashMap;

use domain::sought::{Snippet, Sought, marked, snippet};
use domain::{Actor, CaseId, CustomerId, EntryId, Findable, MessageId, Right, Side, Timestamp};
use futures_util::future::try_join_all;

use super::best;
use super::document::{self, Noted, Said};
use super::hits::{Hit, Of, Walk, has_newer};
use super::index::{self, State};
use crate::case::list::{self, Line};
use crate::filter::Asked;
use crate::{Read, Result, Scope};

/// How many cases a page has.
pub const PAGE: usize = 25;
/// So many windows of hits are looked at for one page.
const WINDOWS: usize = 5;

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// What came last first.
    #[default]
    Newest,
    /// What fits best first, of the newest.
    Best,
}

/// Who says what was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Voice {
    /// One of theirs, of this name.
    Theirs(String),
    /// One of ours, or the desk itself.
    Ours(Option<domain::StaffId>),
    /// A supplier of this name.
    Supplier(String),
    /// One of ours, to a supplier.
    Asked(Option<domain::StaffId>),
    /// One of ours, among us.
    Note(Option<domain::StaffId>),
    /// The case itself.
    Case,
}

/// A case that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The case.
    pub line: Line,
    /// Its subject, with marks.
    pub subject: Snippet,
    /// Who says it.
    pub voice: Voice,
    /// When that was.
    pub at: Timestamp,
    /// The piece that has the words; none if only its subject, its files or its people have them.
    pub snippet: Option<Snippet>,
    /// How many more of its messages and notes have them.
    pub more: usize,
    /// The entry or message, for a link to it.
    pub kind: Findable,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// A page of it.
    pub found: Vec<Found>,
    /// All cases among the hits that were looked at, each once.
    pub cases: Vec<(CustomerId, Of)>,
    /// How many hits in them.
    pub hits: usize,
    /// Whether that is all there is.
    pub whole: bool,
    /// Where the next page begins, if there may be one.
    pub older: Option<i64>,
    /// As far back as was looked, if the page is not full and that was not to the end.
    pub searched: Option<Timestamp>,
    /// How many hits were weighed, in the order of what fits best.
    pub weighed: Option<usize>,
    /// How much of the index is there, if it is being made anew: in percent.
    pub building: Option<i64>,
}

/// A case among the hits, with the one that stands for it.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub hit: Hit,
    pub of: Of,
    pub hits: usize,
}

/// What is found of what is asked, before the number `before` of the index, or at last.
pub async fn answer(rx: &Read, scope: &Scope, asked: &Asked, order: Order, before: Option<i64>) -> Result<Answer> {
    scope.needs(Right::Cases)?;
    if asked.aside.is_some() {
        scope.needs(Right::Desk)?;
    }
    let state = index::state(rx).await?;
    let building = state.map_or(Some(0), |it| it.percent());
    let mut walk = Walk::new(rx, scope, asked, before).await?;
    let mut answer = match order {
        Order::Best if before.is_none() => best::answer(rx, asked, &mut walk).await?,
        _ => newest(rx, asked, &mut walk, before).await?,
    };
    answer.building = building;
    Ok(answer)
}

impl State {
    /// How much of it is there, while it is made anew.
    pub fn percent(&self) -> Option<i64> {
        self.built.map(|it| it * 100 / self.total.max(1))
    }
}

async fn newest(rx: &Read, asked: &Asked, walk: &mut Walk<'_>, before: Option<i64>) -> Result<Answer> {
    let mut cases: Vec<Candidate> = Vec::new();
    let mut last = None;
    for _ in 0..WINDOWS {
        let window = walk.next().await?;
        last = window.hits.last().map(|it| (it.at, it.seq)).or(last);
        let fresh = gather(&mut cases, window.hits);
        if let Some(before) = before {
            not_shown(rx, asked, &mut cases, fresh, before).await?;
        }
        if cases.len() > PAGE || walk.is_over() {
            break;
        }
    }
    let shown = cases.len().min(PAGE);
    let found = shown_of(rx, asked.sought(), &cases[..shown]).await?;
    let more = cases.len() > PAGE;
    let (older, searched) = match last {
        _ if more => (cases[..shown].last().map(|it| it.hit.seq), None),
        Some((at, seq)) if !walk.is_over() => (Some(seq), Some(at)),
        _ => (None, None),
    };
    let hits = cases.iter().map(|it| it.hits).sum();
    let cases = cases.into_iter().map(|it| (it.hit.item.customer, it.of)).collect();
    Ok(Answer { found, cases, hits, whole: walk.is_over(), older, searched, ..Answer::default() })
}

/// Adds hits to their cases; answers where the new ones begin.
pub(super) fn gather(cases: &mut Vec<Candidate>, hits: Vec<Hit>) -> usize {
    let fresh = cases.len();
    let mut places: HashMap<CaseId, usize> = cases.iter().enumerate().map(|(at, it)| (it.of.id, at)).collect();
    for hit in hits {
        let Some(of) = hit.case else { continue };
        let Some(at) = places.get(&of.id) else {
            places.insert(of.id, cases.len());
            cases.push(Candidate { hit, of, hits: 1 });
            continue;
        };
        let case = &mut cases[*at];
        case.hits += 1;
        // What somebody said tells more than that the case has such a subject.
        if case.hit.item.kind == Findable::Case {
            case.hit = Hit { seq: case.hit.seq, ..hit };
        }
    }
    fresh
}

/// Leaves out what stands on an earlier page, by a newer hit.
async fn not_shown(rx: &Read, asked: &Asked, cases: &mut Vec<Candidate>, fresh: usize, before: i64) -> Result<()> {
    let mut kept = cases.split_off(fresh).into_iter();
    while cases.len() <= PAGE && kept.len() > 0 {
        let part: Vec<Candidate> = kept.by_ref().take(PAGE + 1).collect();
        let newer = part.iter().map(|it| has_newer(rx, asked, it.hit.item.customer, it.of.id, before));
        let newer = try_join_all(newer).await?;
        cases.extend(part.into_iter().zip(newer).filter(|it| !it.1).map(|it| it.0));
    }
    Ok(())
}

/// What a page shows of these.
pub(super) async fn shown_of(rx: &Read, sought: &Sought, cases: &[Candidate]) -> Result<Vec<Found>> {
    let all = try_join_all(cases.iter().map(|it| one(rx, sought, it))).await?;
    Ok(all.into_iter().flatten().collect())
}

async fn one(rx: &Read, sought: &Sought, it: &Candidate) -> Result<Option<Found>> {
    let (item, case) = (it.hit.item, it.of.id);
    let Some(line) = list::line(rx, item.customer, case).await? else { return Ok(None) };
    // What has just left the case does not take it along: the index hears of that a moment later.
    let gone = (Voice::Case, line.last_at, None);
    let (voice, at, snippet) = match item.kind {
        Findable::Message => match document::said(rx, item.customer, case, MessageId(item.id)).await? {
            Some(said) => (voice(&said), said.at, piece(said, sought)),
            None => gone,
        },
        Findable::Note => match document::noted(rx, item.customer, case, EntryId(item.id)).await? {
            Some(Noted { by, at, text, .. }) => {
                let by = if let Actor::Staff(id) = by { Some(id) } else { None };
                (Voice::Note(by), at, snippet(&text, sought))
            }
            None => gone,
        },
        _ => {
            let solved = document::resolution(rx, item.customer, case).await?;
            (Voice::Case, line.last_at, solved.and_then(|it| snippet(&it, sought)))
        }
    };
    let subject = marked(&line.subject, sought);
    Ok(Some(Found { line, subject, voice, at, snippet, more: it.hits - 1, kind: item.kind }))
}

fn voice(said: &Said) -> Voice {
    match (said.ours, said.side) {
        (true, Side::Customer) => Voice::Ours(said.staff),
        (true, Side::Supplier) => Voice::Asked(said.staff),
        (false, Side::Customer) => Voice::Theirs(said.sender.label().to_owned()),
        (false, Side::Supplier) => Voice::Supplier(said.sender.label().to_owned()),
    }
}

/// From what is new in it, or else from what it quotes, or else from whatever else it was found by.
fn piece(said: Said, sought: &Sought) -> Option<Snippet> {
    let own = said.own_words();
    if let Some(it) = snippet(own, sought).or_else(|| snippet(&said.text, sought)) {
        return Some(it);
    }
    let start: String = own.chars().take(300).collect();
    let others = said.texts().into_iter().skip(1).find_map(|it| snippet(&it, sought));
    others.or_else(|| Some(marked(start.lines().find(|it| !it.trim().is_empty())?, sought)))
}
