//! Which mail joins which case: the table, row by row.

use domain::{Association, Decision, Evidence, Hit, Reason, Status, Verdict};

const NOTHING: Evidence =
    Evidence { report: None, token: None, reference: None, subject: None, verdict: Verdict::Unknown };

/// A pointer to case 7, from somebody known or not.
fn hit(known: bool) -> Hit {
    Hit { number: 7, status: Status::Open, known }
}

#[track_caller]
fn check(evidence: Evidence, decision: Decision, reason: Reason, suggest: &[i64]) {
    let it = Association::of_mail(&evidence);
    assert_eq!((it.decision, it.reason, it.suggest.as_slice()), (decision, reason, suggest));
    assert_eq!(it.verified, evidence.verdict == Verdict::Aligned);
}

#[test]
fn a_token_joins_for_whom_it_was_sent_to() {
    let token = Evidence { token: Some(hit(true)), ..NOTHING };
    check(token, Decision::Join, Reason::Token, &[]);
    check(Evidence { verdict: Verdict::Aligned, ..token }, Decision::Join, Reason::Token, &[]);
    check(Evidence { verdict: Verdict::Failed, ..token }, Decision::New, Reason::TokenFailed, &[7]);
    let stranger = Evidence { token: Some(hit(false)), ..NOTHING };
    check(stranger, Decision::New, Reason::TokenStranger, &[7]);
    check(Evidence { verdict: Verdict::Aligned, ..stranger }, Decision::New, Reason::TokenStranger, &[7]);
    check(Evidence { verdict: Verdict::Failed, ..stranger }, Decision::New, Reason::TokenFailed, &[7]);
}

#[test]
fn a_reference_joins_for_a_participant() {
    let reference = Evidence { reference: Some(hit(true)), ..NOTHING };
    check(reference, Decision::Join, Reason::Reference, &[]);
    check(Evidence { verdict: Verdict::Aligned, ..reference }, Decision::Join, Reason::Reference, &[]);
    check(Evidence { verdict: Verdict::Failed, ..reference }, Decision::New, Reason::ReferenceFailed, &[7]);
    check(Evidence { reference: Some(hit(false)), ..NOTHING }, Decision::New, Reason::ReferenceStranger, &[7]);
}

#[test]
fn a_number_in_the_subject_is_a_suggestion_at_most() {
    for verdict in [Verdict::Aligned, Verdict::Unknown, Verdict::Failed] {
        check(Evidence { subject: Some(9), verdict, ..NOTHING }, Decision::New, Reason::SubjectNumber, &[9]);
        check(Evidence { verdict, ..NOTHING }, Decision::New, Reason::Nothing, &[]);
    }
}

#[test]
fn the_first_row_that_fits_decides() {
    let all = Evidence {
        token: Some(hit(false)),
        reference: Some(hit(true)),
        subject: Some(9),
        verdict: Verdict::Aligned,
        ..NOTHING
    };
    check(all, Decision::New, Reason::TokenStranger, &[7]);
    check(Evidence { token: None, ..all }, Decision::Join, Reason::Reference, &[]);
}

#[test]
fn what_would_join_a_closed_case_follows_it_up() {
    let closed = |known| Some(Hit { number: 7, status: Status::Closed, known });
    check(Evidence { token: closed(true), ..NOTHING }, Decision::FollowUp, Reason::Token, &[]);
    check(Evidence { reference: closed(true), ..NOTHING }, Decision::FollowUp, Reason::Reference, &[]);
    check(Evidence { reference: closed(false), ..NOTHING }, Decision::New, Reason::ReferenceStranger, &[7]);
    let resolved = Some(Hit { number: 7, status: Status::Resolved, known: true });
    check(Evidence { token: resolved, ..NOTHING }, Decision::Join, Reason::Token, &[]);
}

#[test]
fn who_is_vouched_for_is_surer() {
    let confidence =
        |token, reference, verdict| Association::of_mail(&Evidence { token, reference, verdict, ..NOTHING }).confidence;
    let order = [
        confidence(Some(hit(true)), None, Verdict::Aligned),
        confidence(Some(hit(true)), None, Verdict::Unknown),
        confidence(None, Some(hit(true)), Verdict::Unknown),
        confidence(Some(hit(false)), None, Verdict::Unknown),
        confidence(Some(hit(true)), None, Verdict::Failed),
        confidence(None, None, Verdict::Aligned),
    ];
    assert!(order.is_sorted_by(|one, next| one > next), "{order:?}");
}

#[test]
fn a_report_joins_whoever_sends_it_even_a_closed_case() {
    for status in [Status::Waiting, Status::Closed] {
        let report = Some(Hit { number: 7, status, known: true });
        let stranger = Some(hit(false));
        let evidence = Evidence { report, token: stranger, verdict: Verdict::Failed, ..NOTHING };
        check(evidence, Decision::Join, Reason::Report, &[]);
    }
}
