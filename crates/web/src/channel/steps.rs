//! A connection test on the page: its steps as they come, in words.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use desk::channel::{Detail, How, Outcome, Step, StepName, Trial};
use domain::Timestamp;
use futures_util::stream;
use maud::{Markup, html};
use tokio::sync::mpsc;

use super::form::Entered;
use crate::Trouble;
use crate::app::App;
use crate::form::Wrong;
use crate::part::{Check, CheckState, Clock, checks};
use crate::text::{t, t_with};

/// What a test has come to so far; by default there was none.
#[derive(Clone, Debug, Default)]
pub struct Round {
    /// Its steps.
    pub steps: Vec<Step>,
    /// What it has proven, for whoever saves the same.
    pub receipt: String,
    /// What was found and stands in no field yet.
    pub found: Found,
    /// The mailbox of this name is tried as it was saved: there is nothing to fill in, or to go on with.
    pub saved: Option<String>,
}

/// Servers that were found from the address.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The fields of the form that they fill.
    pub fields: Vec<(&'static str, String)>,
    /// Both servers in words.
    pub said: String,
}

impl Found {
    /// Nothing was.
    pub const NOTHING: Found = Found { fields: Vec::new(), said: String::new() };

    /// What `full` says beyond what was entered.
    pub fn of(full: &Entered, entered: &Entered) -> Found {
        let fields = full.changes(entered).into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        Found { fields, said: full.servers_said() }
    }
}

impl Round {
    /// Whether the servers are what somebody has to look at.
    pub fn doubts_servers(&self) -> bool {
        let doubtful = |it: &Step| {
            matches!(it.name, StepName::FoundServer | StepName::Secure) && matches!(it.outcome, Outcome::Failed { .. })
        };
        self.steps.iter().any(doubtful)
    }
}

/// What somebody has to be told of a form whose mailbox is tried, or the test itself.
pub enum Start {
    /// Something is wrong with it.
    Wrong(Wrong, Entered),
    /// It can be run.
    Ready(Box<Trial>, Entered),
}

/// Makes a test of what was entered ready; what was left empty is found from the address.
pub async fn begin(app: &App, id: Option<domain::ChannelId>, it: &Entered, fields: &[&str]) -> Result<Start, Trouble> {
    let (full, how, wrong) = it.found(app).await;
    if !wrong.is_above() {
        return Ok(Start::Wrong(wrong, full));
    }
    let ready = async { app.desk.try_mailbox(id, &full.mailbox()?, how).await };
    match ready.await {
        Ok(trial) => Ok(Start::Ready(Box::new(trial), full)),
        Err(err) => Ok(Start::Wrong(Wrong::of(err, fields)?, full)),
    }
}

/// Runs a test to its end.
pub async fn run(trial: Trial, begun: Round) -> Result<Round, Trouble> {
    let tested = trial.run(|_| ()).await?;
    Ok(Round { steps: tested.steps, receipt: tested.receipt, ..begun })
}

/// Runs a test while somebody looks on: each line of the answer is the list of steps as it stands then. Whoever goes away
/// ends it.
pub fn follow(trial: Trial, begun: Round, clock: Clock) -> Response {
    let (tell, told) = mpsc::unbounded_channel::<Bytes>();
    tokio::spawn(async move {
        let line = |round: &Round| {
            let html = tried(round, &clock, &Wrong::default()).into_string();
            Bytes::from(html.replace(['\r', '\n'], " ") + "\n")
        };
        let so_far = |steps: &[Step]| {
            let round = Round { steps: steps.to_vec(), ..begun.clone() };
            tell.send(line(&round)).ok();
        };
        tokio::select! {
            () = tell.closed() => {}
            tested = trial.run(so_far) => match tested {
                Ok(it) => {
                    let round = Round { steps: it.steps, receipt: it.receipt, ..begun.clone() };
                    tell.send(line(&round)).ok();
                }
                Err(err) => tracing::warn!(%err, "what a connection test has proven could not be kept"),
            }
        }
    });
    let lines = stream::unfold(told, async |mut told| {
        let line = told.recv().await?;
        Some((Ok::<_, Infallible>(line), told))
    });
    let mut answer = Body::from_stream(lines).into_response();
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    // A compressor would hold lines back until it has enough of them.
    answer.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("identity"));
    answer
}

/// Where the steps of a test stand: none before the first.
pub fn tried(round: &Round, clock: &Clock, wrong: &Wrong) -> Markup {
    let told: Vec<Told> = round.steps.iter().map(|it| told(it, clock)).collect();
    let list: Vec<Check<'_>> = told.iter().map(Told::check).collect();
    html! {
        div #checks aria-live="polite" {
            (wrong.above())
            @if let Some(name) = &round.saved { p.sm.t2.mb3 { (t_with("mailbox-test-of", &[("name", name.as_str().into())])) } }
            @if !list.is_empty() { (checks(&list)) }
            @if !round.receipt.is_empty() && round.saved.is_none() { input type="hidden" name="tested" value=(round.receipt); }
            @for (name, value) in &round.found.fields { data.vh hidden data-field=(name) value=(value) {} }
            @if !round.found.said.is_empty() { data.vh hidden data-said="servers-said" value=(round.found.said) {} }
            @if round.doubts_servers() { data.vh hidden data-open="servers" {} }
            @if round.saved.is_none() && reads_only(&round.steps) {
                p.row-flex.wrap {
                    button.btn type="submit" name="reading_only" value="yes" { (t("reading-only")) }
                    span.xs.t3 { (t("reading-only-so")) }
                }
            }
        }
    }
}

/// Whether it is read and cannot send, so that one may go on without.
fn reads_only(steps: &[Step]) -> bool {
    let step = |name| steps.iter().find(|it| it.name == name).map(|it| &it.outcome);
    let over = steps.iter().all(|it| it.outcome != Outcome::Now);
    let sends = |it: &Outcome| !matches!(it, Outcome::Ok(_));
    over && matches!(step(StepName::SignedInForReading), Some(Outcome::Ok(_)))
        && (step(StepName::SignedInForSending).is_some_and(sends) || step(StepName::CameBack).is_some_and(sends))
}

/// A step in words.
struct Told {
    state: CheckState,
    title: &'static str,
    detail: String,
    said: String,
    took_ms: u64,
}

impl Told {
    fn check(&self) -> Check<'_> {
        Check {
            state: self.state,
            title: self.title,
            detail: &self.detail,
            said: (!self.said.is_empty()).then_some(&*self.said),
            took: matches!(self.state, CheckState::Good | CheckState::Bad)
                .then(|| std::time::Duration::from_millis(self.took_ms)),
        }
    }
}

fn told(step: &Step, clock: &Clock) -> Told {
    let (good, bad) = match step.name {
        StepName::FoundServer => (t("step-found"), t("step-found-not")),
        StepName::Secure => (t("step-secure"), t("step-secure-not")),
        StepName::SignedInForReading => (t("step-reading"), t("step-reading-not")),
        StepName::SignedInForSending => (t("step-sending"), t("step-sending-not")),
        StepName::CameBack => (t("step-back"), t("step-back-not")),
        StepName::PlusAddress => (t("step-plus"), t("step-plus-not")),
    };
    let (state, title, detail, said) = match &step.outcome {
        Outcome::Ok(Detail::PlusLost { said }) => {
            (CheckState::Later, t("step-plus-not"), t("step-plus-lost").to_owned(), said.clone())
        }
        Outcome::Ok(it) => (CheckState::Good, good, detail(it, clock), String::new()),
        Outcome::Now => (CheckState::Now, good, t("step-now").to_owned(), String::new()),
        Outcome::Failed { words, said } => (CheckState::Bad, bad, words.clone(), said.clone()),
        Outcome::Waits => (CheckState::Later, good, t("step-waits").to_owned(), String::new()),
    };
    Told { state, title, detail, said, took_ms: step.took_ms }
}

fn detail(it: &Detail, clock: &Clock) -> String {
    match it {
        Detail::Found { reading, sending, how } => {
            let found = if sending.is_empty() {
                reading.clone()
            } else {
                t_with(
                    "step-found-detail",
                    &[("reading", reading.as_str().into()), ("sending", sending.as_str().into())],
                )
            };
            [found, how_found(*how)].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(", ")
        }
        Detail::Secured { by, certificate_ends: None } => (*by).to_owned(),
        Detail::Secured { by, certificate_ends: Some(ends) } => {
            let day = clock.day(Timestamp(*ends));
            t_with("step-secure-detail", &[("by", (*by).into()), ("day", day.into())])
        }
        Detail::Inbox { mails, newest, idle } => {
            let newest = newest.map_or_else(String::new, |at| {
                t_with("step-reading-newest", &[("day", clock.day(Timestamp(at)).into())])
            });
            let news = if *idle { t("step-reading-idle") } else { t("step-reading-asks") };
            let count = t_with("step-reading-detail", &[("count", (*mails).into())]);
            [count.as_str(), &newest, news].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
        }
        Detail::MaySend { address } => t_with("step-sending-detail", &[("address", address.as_str().into())]),
        Detail::Returned => t("step-back-detail").to_owned(),
        Detail::PlusKept { .. } => t("step-plus-kept").to_owned(),
        Detail::PlusLost { .. } => t("step-plus-lost").to_owned(),
    }
}

fn how_found(how: How) -> String {
    match how {
        How::Given => String::new(),
        How::Known(name) => t_with("found-known", &[("name", name.into())]),
        How::Exchanger(name) => t_with("found-exchanger", &[("name", name.into())]),
        How::Records => t("found-records").to_owned(),
        How::Tried => t("found-tried").to_owned(),
        How::Nothing => t("found-nothing").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    fn step(name: StepName, outcome: Outcome) -> Step {
        Step { name, outcome, took_ms: 31 }
    }

    fn shown(steps: Vec<Step>) -> String {
        let clock = Clock::new(Timestamp(1_795_435_200_000_000), TimeZone::UTC);
        let found =
            Found { fields: vec![("reading_host", "imap.x.example".into())], said: "imap.x.example:993".into() };
        let round = Round { steps, receipt: "proof".into(), found, saved: None };
        tried(&round, &clock, &Wrong::default()).into_string()
    }

    #[test]
    fn a_test_is_told_step_by_step() {
        let how = How::Exchanger("Gmail");
        let found = Detail::Found { reading: "imap.x.example:993".into(), sending: "smtp.x.example:587".into(), how };
        let secured = Detail::Secured { by: "TLS 1.3", certificate_ends: Some(1_804_032_000_000_000) };
        let inbox = Detail::Inbox { mails: 1, newest: Some(1_795_435_200_000_000), idle: false };
        let failed = Outcome::Failed { words: "Use an app password.".into(), said: "535 5.7.8 <no>".into() };
        let html = shown(vec![
            step(StepName::FoundServer, Outcome::Ok(found)),
            step(StepName::Secure, Outcome::Ok(secured)),
            step(StepName::SignedInForReading, Outcome::Ok(inbox)),
            step(StepName::SignedInForSending, failed),
            step(StepName::CameBack, Outcome::Waits),
        ]);
        for said in [
            "imap.x.example:993 and smtp.x.example:587, because Gmail takes the mail of your domain",
            "TLS 1.3, certificate valid until",
            "One message in the inbox. Nothing was changed. The newest: Today.",
            "asked for new mail every half minute",
            "Could not sign in for sending",
            "Use an app password.",
            "535 5.7.8 &lt;no&gt;",
            "Waits for the step before",
            "31 ms",
            "Go on, reading only",
            "data-field=\"reading_host\" value=\"imap.x.example\"",
            "data-said=\"servers-said\" value=\"imap.x.example:993\"",
            "name=\"tested\" value=\"proof\"",
        ] {
            assert!(html.contains(said), "{said} in {html}");
        }
    }

    #[test]
    fn what_is_under_way_and_what_the_server_keeps_are_told() {
        let html = shown(vec![
            step(StepName::SignedInForReading, Outcome::Ok(Detail::PlusKept { fields: vec!["to".into()] })),
            step(StepName::CameBack, Outcome::Now),
            step(StepName::PlusAddress, Outcome::Ok(Detail::PlusLost { said: "550 5.1.1 no".into() })),
        ]);
        for said in ["Under way", "550 5.1.1 no", "Answers are found by their references"] {
            assert!(html.contains(said), "{said} in {html}");
        }
        assert!(!html.contains("Go on, reading only"), "it is not over yet");
        assert!(!html.contains("data-open"), "the servers are right");
        let failed = Outcome::Failed { words: "Nothing listens on this port.".into(), said: String::new() };
        assert!(shown(vec![step(StepName::FoundServer, failed)]).contains("data-open=\"servers\""));
    }
}
