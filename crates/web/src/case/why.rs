//! Why a message is in its case, in words: every reason with every decision.

use domain::{Association, Automatic, Decision, Reason};
use maud::{Markup, html};

use crate::text::{t, t_with};

/// Why a message is where it is. `follows` is the closed case that its case takes up.
pub fn why(it: &Association, follows: Option<i64>) -> Markup {
    let reason = match (it.reason, it.decision) {
        (Reason::Report, _) => t("why-report"),
        (Reason::Token, Decision::Join) => t("why-token"),
        (Reason::Token, _) => t("why-token-closed"),
        (Reason::Reference, Decision::Join) => t("why-reference"),
        (Reason::Reference, _) => t("why-reference-closed"),
        (Reason::TokenStranger, _) => t("why-token-stranger"),
        (Reason::TokenFailed, _) => t("why-token-failed"),
        (Reason::ReferenceStranger, _) => t("why-reference-stranger"),
        (Reason::ReferenceFailed, _) => t("why-reference-failed"),
        (Reason::SubjectNumber, _) => t("why-subject-number"),
        (Reason::Nothing, _) => t("why-nothing"),
        (Reason::Forwarded, _) => t("why-forwarded"),
        (Reason::Split, _) => t("why-split"),
        (Reason::Apart, _) => t("why-apart"),
    };
    html! {
        (reason)
        @if let Some(number) = follows { " " a href={ "/cases/" (number) } { (t_with("case-number", &[("number", number.to_string().into())])) } }
        @if it.decision != Decision::New { ", " span.pct { (percent(it.confidence)) } }
    }
}

/// Why what a supplier wrote is where it is.
pub fn why_supplier(it: &Association) -> Option<Markup> {
    let answers = matches!(it.reason, Reason::Token | Reason::TokenStranger | Reason::Reference);
    answers.then(|| html! { (t("why-supplier")) ", " span.pct { (percent(it.confidence)) } })
}

/// Why a message may belong to another case, and yet has one of its own.
pub fn suggested(it: &Association) -> String {
    let reason = match it.reason {
        Reason::Token | Reason::TokenStranger => t("suggested-token-stranger"),
        Reason::TokenFailed => t("suggested-token-failed"),
        Reason::Reference | Reason::ReferenceStranger => t("suggested-reference-stranger"),
        Reason::ReferenceFailed => t("suggested-reference-failed"),
        Reason::SubjectNumber
        | Reason::Nothing
        | Reason::Split
        | Reason::Forwarded
        | Reason::Apart
        | Reason::Report => t("suggested-subject-number"),
    };
    format!("{reason}, {}", percent(it.confidence))
}

/// How sure we are.
#[expect(clippy::cast_possible_truncation, reason = "a share of one, so at most a hundred")]
fn percent(share: f64) -> String {
    t_with("percent", &[("count", ((share.clamp(0.0, 1.0) * 100.0).round() as i64).into())])
}

/// What kind of machine wrote it.
pub fn automatic(kind: Automatic) -> &'static str {
    match kind {
        Automatic::AutoReply => t("automatic-reply"),
        Automatic::Bounce => t("automatic-bounce"),
        Automatic::Receipt => t("automatic-receipt"),
        Automatic::Challenge => t("automatic-challenge"),
        Automatic::List => t("automatic-list"),
        Automatic::OwnAddress => t("automatic-own-address"),
        Automatic::Bulk => t("automatic-bulk"),
    }
}
