//! The labelled cases, and how well the Brief does on them: for the test, and for the bench.
#![expect(clippy::expect_used, reason = "a case that cannot be read fails whoever asks for it")]

use std::fs;
use std::path::Path;

use insight::{Brief, From, Promise, Span, Turn, Waiting, brief};
use jiff::civil::DateTime;
use serde_json::Value;

/// One case as a person has labelled it.
pub struct Case {
    pub id: String,
    pub split: String,
    messages: Vec<(From, DateTime, String)>,
    issue: Option<Span>,
    promises: Vec<(Span, Option<String>)>,
    waiting: Option<Waiting>,
}

/// How often the Brief is right.
#[derive(Clone, Copy, Default)]
pub struct Score {
    pub cases: usize,
    issues: usize,
    issues_right: usize,
    found: usize,
    found_right: usize,
    wanted: usize,
    wanted_found: usize,
    dues: usize,
    dues_right: usize,
    waitings: usize,
    waitings_right: usize,
}

/// Every labelled case.
pub fn cases() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/brief/cases.jsonl");
    let text = fs::read_to_string(path).expect("the labelled cases");
    text.lines().filter(|it| !it.trim().is_empty()).map(Case::read).collect()
}

/// The cases of one split.
pub fn of_split<'a>(cases: &'a [Case], split: &str) -> Vec<&'a Case> {
    cases.iter().filter(|it| it.split == split).collect()
}

/// The score of some cases, and what is missed in each.
pub fn score(cases: &[&Case]) -> (Score, Vec<String>) {
    let (mut score, mut misses) = (Score::default(), Vec::new());
    for case in cases {
        case.judge(brief(&case.turns()).as_ref(), &mut score, &mut misses);
    }
    (score, misses)
}

impl Score {
    pub fn issue(&self) -> f64 {
        share(self.issues_right, self.issues)
    }

    pub fn precision(&self) -> f64 {
        share(self.found_right, self.found)
    }

    pub fn recall(&self) -> f64 {
        share(self.wanted_found, self.wanted)
    }

    pub fn due(&self) -> f64 {
        share(self.dues_right, self.dues)
    }

    pub fn waiting(&self) -> f64 {
        share(self.waitings_right, self.waitings)
    }
}

impl Case {
    fn read(line: &str) -> Self {
        let case: Value = serde_json::from_str(line).expect("a case");
        let text = |it: &Value| it.as_str().expect("a text").to_owned();
        let list = |it: &Value| it.as_array().cloned().unwrap_or_default();
        let messages: Vec<(From, DateTime, String)> = list(&case["messages"])
            .iter()
            .map(|it| {
                let from = match it["from"].as_str() {
                    Some("customer") => From::Customer,
                    Some("desk") => From::Desk,
                    _ => From::Note,
                };
                (from, text(&it["at"]).parse().expect("a time"), text(&it["text"]))
            })
            .collect();
        let id = text(&case["id"]);
        let span = |it: &Value| {
            let turn = usize::try_from(it["message"].as_u64().expect("a message")).expect("an index");
            let sentence = text(&it["sentence"]);
            let start = messages[turn].2.find(&sentence).unwrap_or_else(|| panic!("{id}: no {sentence:?}"));
            Span { turn, start, end: start + sentence.len() }
        };
        let issue = Some(&case["issue"]).filter(|it| !it.is_null()).map(span);
        let promises =
            list(&case["promises"]).iter().map(|it| (span(it), it["due"].as_str().map(str::to_owned))).collect();
        let waiting = match case["waiting"].as_str() {
            Some("us") => Some(Waiting::OnUs),
            Some("customer") => Some(Waiting::OnCustomer),
            Some("nobody") => Some(Waiting::Nobody),
            _ => None,
        };
        Self { split: text(&case["split"]), id, messages, issue, promises, waiting }
    }

    /// The case as the Brief takes it.
    pub fn turns(&self) -> Vec<Turn<'_>> {
        self.messages.iter().map(|(from, at, text)| Turn { from: *from, at: *at, text }).collect()
    }

    fn judge(&self, brief: Option<&Brief>, score: &mut Score, misses: &mut Vec<String>) {
        let mut miss = |what: &str, span: Option<Span>, more: &str| {
            let said = span.and_then(|it| self.messages[it.turn].2.get(it.start..it.end)).unwrap_or("-");
            misses.push(format!("{} {what}: {} {more}", self.id, said.replace('\n', " ")));
        };
        score.cases += 1;

        let issue = brief.and_then(|it| it.issue.as_ref()).map(|it| it.at);
        score.issues += 1;
        let right = match (self.issue, issue) {
            (Some(wanted), Some(found)) => same(wanted, found),
            (wanted, found) => wanted.is_none() && found.is_none(),
        };
        score.issues_right += usize::from(right);
        if !right {
            miss("issue taken", issue, "");
            miss("issue wanted", self.issue, "");
        }

        let promised: &[Promise] = brief.map(|it| &it.promised[..]).unwrap_or_default();
        score.found += promised.len();
        score.wanted += self.promises.len();
        let mut left: Vec<&Promise> = promised.iter().collect();
        for (wanted, due) in &self.promises {
            let Some(at) = left.iter().position(|it| same(it.at, *wanted)) else {
                miss("promise missed", Some(*wanted), "");
                continue;
            };
            let found = left.remove(at);
            score.found_right += 1;
            score.wanted_found += 1;
            score.dues += 1;
            let said = due_as_text(found, due.as_deref());
            if said == *due {
                score.dues_right += 1;
            } else {
                miss("due", Some(*wanted), &format!("| {said:?}, wanted {due:?}"));
            }
        }
        for it in left {
            miss("promise invented", Some(it.at), &it.text);
        }

        let waiting = brief.and_then(|it| it.waiting);
        // Of a case in a language that is not read, nothing is said.
        if let Some(wanted) = self.waiting.filter(|_| brief.is_some()) {
            score.waitings += 1;
            if waiting.map(|it| it.0) == Some(wanted) {
                score.waitings_right += 1;
            } else {
                miss("waiting", waiting.map(|it| it.1), &format!("| {waiting:?}, wanted {wanted:?}"));
            }
        }
    }
}

/// Whether two spans overlap by more than half of the shorter one.
fn same(one: Span, other: Span) -> bool {
    let both = one.end.min(other.end).saturating_sub(one.start.max(other.start));
    one.turn == other.turn && 2 * both > (one.end - one.start).min(other.end - other.start)
}

/// When it is due, written as the label is: a label without a time asks for the day only.
fn due_as_text(promise: &Promise, label: Option<&str>) -> Option<String> {
    let due = promise.due?;
    let timed = label.is_some_and(|it| it.contains('T'));
    let time = due.time.filter(|_| timed).map(|it| format!("T{:02}:{:02}", it.hour(), it.minute()));
    Some(format!("{}{}", due.date, time.unwrap_or_default()))
}

#[expect(clippy::cast_precision_loss, reason = "figures are rounded anyway")]
fn share(of: usize, all: usize) -> f64 {
    of as f64 / all.max(1) as f64
}
