//! The Brief beside a case: what someone new to it must know, each line with its sentence, and corrected by hand.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use desk::brief::{LINE, Mood, Piece, Source, Waiting};
use domain::{BriefLine, Correction};
use maud::{Markup, html};
use serde::Deserialize;

use super::Here;
use super::read::Case;
use super::spine::{amid, anchor};
use crate::Trouble;
use crate::app::App;
use crate::extract::{Form, Path, Query};
use crate::inbox::pane::first_name;
use crate::part::{Button, Clock, Icon, icon_sm};
use crate::session::Who;
use crate::text::{t, t_with};

/// So many of the promises that were found are told: the newest.
const PROMISES: usize = 3;

/// What a line shall say, or that it shall say again what is found.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Better {
    #[serde(default)]
    text: String,
    as_found: Option<String>,
}

/// `POST /cases/{number}/brief/{line}`
pub async fn correct(
    State(app): State<App>,
    who: Who,
    Path((number, line)): Path<(i64, BriefLine)>,
    Query(here): Query<Here>,
    Form(it): Form<Better>,
) -> Result<Redirect, Trouble> {
    if it.as_found.is_some() {
        app.desk.brief_as_found(&who.member, number, line).await?;
    } else {
        app.desk.correct_brief(&who.member, number, line, &it.text).await?;
    }
    Ok(here.back(number))
}

/// `POST /cases/{number}/brief/writing`: somebody has the case open, and its Brief is to be written.
pub async fn ask(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    app.desk.ask_for_brief(&who.member, number).await?;
    if headers.contains_key("x-fragment") {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(here.back(number).into_response())
}

/// The section; nothing where nothing is known.
pub fn section(case: &Case, query: &str, clock: &Clock) -> Markup {
    if case.found.brief.is_none() && case.corrections.is_empty() {
        return asking(case, query);
    }
    let telling = Telling { case, query, clock };
    let read = case.found.brief.as_ref().map_or(0, |it| it.read);
    html! {
        bw-brief.bare {
            section.brief aria-labelledby="brief-h" {
                header {
                    h2 #brief-h { (t("brief")) }
                    @if read > 0 { span.xs.t3.end { (t_with("brief-read", &[("count", read.into())])) } }
                }
                dl.brief-dl {
                    @for line in [BriefLine::Issue, BriefLine::Tried, BriefLine::Promised, BriefLine::Waiting, BriefLine::Mood, BriefLine::Next] {
                        (telling.line(line))
                    }
                }
                (marked(case))
                (asking(case, query))
            }
        }
    }
}

/// Who wrote it, where no rules did, and the way to what they were told.
fn marked(case: &Case) -> Markup {
    let Some(by) = &case.found.writer else { return html! {} };
    let said = t_with("brief-written", &[("model", by.model.as_str().into()), ("host", by.host.as_str().into())]);
    html! {
        p.xs.t3.brief-by {
            span title=(t("brief-written-lines")) { (said) } " "
            a.link href={ "/cases/" (case.number()) "/brief/sent" } { (t("brief-sent")) }
        }
    }
}

/// Asks for it by itself, once somebody stays; without script a button does.
fn asking(case: &Case, query: &str) -> Markup {
    let Some(by) = &case.found.ask else { return html! {} };
    let address = format!("/cases/{}/brief/writing", case.number());
    let label = t_with("brief-ask", &[("model", by.model.as_str().into())]);
    html! {
        bw-ask data-to=(address) hidden {}
        noscript { form method="post" action={ (address) (query) } { (Button::submit(&label).small()) } }
    }
}

struct Telling<'a> {
    case: &'a Case,
    query: &'a str,
    clock: &'a Clock,
}

impl Telling<'_> {
    fn line(&self, line: BriefLine) -> Markup {
        let correction = self.case.corrections.iter().find(|it| it.line == line);
        let found = self.found(line);
        if correction.is_none() && found.is_none() {
            return html! {};
        }
        let words = correction.map_or_else(|| self.words(line), |it| it.text.clone());
        html! {
            div.brief-next[line == BriefLine::Next] {
                dt { (name(line)) }
                dd {
                    @match (correction, found) {
                        (Some(it), _) => (self.corrected(it)),
                        (None, Some(found)) => (found),
                        (None, None) => {},
                    }
                    @if self.case.spine.case.aside.is_none() { (self.mend(line, &words, correction.is_some())) }
                }
            }
        }
    }

    fn corrected(&self, it: &Correction) -> Markup {
        let by = first_name(self.case.staff_name(Some(it.by)));
        html! {
            @if it.text.is_empty() { span.t3 { (t("brief-empty")) } } @else { (it.text) }
            " " span.xs.t3.nowrap title=(self.clock.long_said(it.at)) { (t_with("brief-by", &[("who", by.into())])) }
        }
    }

    /// What was found, each part with its source.
    fn found(&self, line: BriefLine) -> Option<Markup> {
        let brief = self.case.found.brief.as_ref()?;
        let pieces = self.pieces(line);
        if !pieces.is_empty() {
            return Some(html! {
                @for (nth, it) in pieces.into_iter().enumerate() {
                    @if nth > 0 { " " }
                    (self.said(it)) " " (self.source(&it.source))
                }
            });
        }
        match line {
            BriefLine::Waiting => {
                let (who, source) = &brief.waiting;
                Some(html! { b { (waits(*who)) } @if let Some(it) = source { " " (self.source(it)) } })
            }
            BriefLine::Mood => brief.mood.as_ref().map(|it| html! { (mood(it.0)) " " (self.source(&it.1)) }),
            _ => None,
        }
    }

    fn pieces(&self, line: BriefLine) -> Vec<&Piece> {
        let Some(brief) = &self.case.found.brief else { return Vec::new() };
        match line {
            BriefLine::Issue => brief.issue.iter().collect(),
            BriefLine::Tried => brief.tried.iter().collect(),
            BriefLine::Promised => brief.promised.iter().rev().take(PROMISES).rev().collect(),
            BriefLine::Next => brief.next.iter().collect(),
            BriefLine::Waiting | BriefLine::Mood => Vec::new(),
        }
    }

    fn said(&self, it: &Piece) -> String {
        let text = match it.due_at {
            Some(at) => t_with("promise-by", &[("text", it.text.as_str().into()), ("day", self.clock.by(at).into())]),
            None => it.text.clone(),
        };
        sentence(&text)
    }

    /// The same without sources, to be changed.
    fn words(&self, line: BriefLine) -> String {
        let Some(brief) = &self.case.found.brief else { return String::new() };
        match line {
            BriefLine::Waiting => waits(brief.waiting.0).to_owned(),
            BriefLine::Mood => brief.mood.as_ref().map(|it| mood(it.0).to_owned()).unwrap_or_default(),
            _ => self.pieces(line).into_iter().map(|it| self.said(it)).collect::<Vec<_>>().join(" "),
        }
    }

    /// Leads to the sentence, also where it stands on another page of the conversation.
    fn source(&self, it: &Source) -> Markup {
        let spine = &self.case.spine;
        let mut entries = spine.entries.iter().zip(&spine.written_in);
        let shown = entries.any(|(entry, case)| entry.number == Some(it.entry) && spine.number_of(*case) == it.case);
        let number = self.case.number();
        let page =
            if shown { String::new() } else { format!("/cases/{number}{}", amid(self.query, &(it.entry + 1).into())) };
        let anchor = anchor((it.case != number).then_some(it.case), it.entry);
        let label = t_with("brief-source", &[("number", it.entry.to_string().into())]);
        html! { a.ref href={ (page) "#" (anchor) } title=(it.sentence) aria-label=(label) { (it.entry) } }
    }

    fn mend(&self, line: BriefLine, words: &str, corrected: bool) -> Markup {
        let label = t_with("brief-correct", &[("line", name(line).into())]);
        let address = format!("/cases/{}/brief/{}{}", self.case.number(), domain::Word::word(line), self.query);
        html! {
            details.brief-mend {
                summary aria-label=(label) title=(label) { (icon_sm(Icon::Edit)) }
                form.stack.stack-sm method="post" action=(address) {
                    textarea.input name="text" rows="2" maxlength=(LINE) aria-label=(name(line)) { (words) }
                    div.row-flex.gap-1 {
                        (Button::submit(t("save")).small())
                        @if corrected { (Button::submit_as(t("brief-as-found"), "as_found", "yes").small().quiet()) }
                    }
                }
            }
        }
    }
}

/// What a line is called.
pub fn name(line: BriefLine) -> &'static str {
    match line {
        BriefLine::Issue => t("brief-issue"),
        BriefLine::Tried => t("brief-tried"),
        BriefLine::Promised => t("brief-promised"),
        BriefLine::Waiting => t("brief-waiting"),
        BriefLine::Mood => t("brief-mood"),
        BriefLine::Next => t("brief-next"),
    }
}

fn waits(on: Waiting) -> &'static str {
    match on {
        Waiting::OnUs => t("brief-us"),
        Waiting::OnCustomer => t("brief-customer"),
        Waiting::Nobody => t("brief-nobody"),
    }
}

fn mood(it: Mood) -> &'static str {
    match it {
        Mood::Angry => t("mood-angry"),
        Mood::Frustrated => t("mood-frustrated"),
        Mood::Worried => t("mood-worried"),
        Mood::Pleased => t("mood-pleased"),
    }
}

/// The mood that a model named, as it is shown.
pub fn mood_said(word: &str) -> Option<&'static str> {
    desk::brief::mood(word).map(mood)
}

/// With a great letter before it and a full stop behind it.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let stop = if text.ends_with(['.', '!', '?', '…', ':']) { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}
