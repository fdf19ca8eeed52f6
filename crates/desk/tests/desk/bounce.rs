//! What mail servers report on a mail of ours.

use domain::{BounceKind, BounceOutcome, Fact, MessageState, Reason, Status, View};
use store::Scope;
use store::case::list::{self, From};
use store::filter::Asked;
use store::identity::Traits;
use testkit::{Home, Letter, Stage};

testkit::both!(
    what_came_back_for_good_says_so_and_marks_the_address,
    what_came_back_for_now_marks_nobody,
    a_delay_is_no_failure,
    a_server_that_names_our_mail_anew_is_understood,
    a_closed_case_takes_the_report_and_stays_closed,
    a_report_on_a_mail_that_is_not_ours_changes_nothing,
    one_of_several_recipients_is_named,
    a_server_that_reports_is_nobody_of_the_customers,
    what_resolved_a_case_and_came_back_is_seen,
    a_dead_address_to_which_mail_is_passed_on_marks_nobody,
);

const RUTH: &str = "Ruth Alvarez <ruth@northwind.example>";

/// A report as Postfix writes it.
pub fn report(message_id: &str, address: &str, action: &str, status: &str, said: &str) -> Vec<u8> {
    format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.desk.example (Mail Delivery System)\nTo: support@desk.example\n\
         Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n\
         Message-ID: <{status}.{action}@mx.desk.example>\nDate: Tue, 10 Nov 2026 09:00:00 +0000\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n\
         --b\nContent-Type: text/plain\n\nThis is the mail system. Your message could not be delivered.\n\n\
         --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.desk.example\n\n\
         Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; {said}\n\n\
         --b\nContent-Type: text/rfc822-headers\n\nFrom: support@desk.example\nTo: {address}\n\
         Subject: Re: The printer is on fire\nMessage-ID: {message_id}\n\n--b--\n"
    )
    .replace('\n', "\r\n")
    .into_bytes()
}

/// A case with our answer to these people: its number, the answer and its `Message-ID`.
async fn answered(stage: &Stage, to: &str) -> (i64, domain::MessageId, String) {
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let id = stage.desk.reply(&stage.ines, number, crate::case::reply("Pull the plug.", to)).await.unwrap();
    let message = stage.spine(&stage.ines, number).await.unwrap().messages[&id].clone();
    (number, id, message.message_id.unwrap())
}

pub async fn filed(stage: &Stage, raw: Vec<u8>) -> desk::mail::Filed {
    match stage.receive_raw(raw).await {
        desk::mail::Receipt::Filed(filed) => *filed,
        other => panic!("{other:?}"),
    }
}

async fn known(stage: &Stage, number: i64, address: &str) -> Traits {
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    spine.traits.into_iter().find(|it| it.address.as_str() == address).unwrap()
}

async fn what_came_back_for_good_says_so_and_marks_the_address(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, id, message_id) = answered(&stage, "ruth@northwind.example").await;
    let said = "550 5.1.1 <ruth@northwind.example>: Recipient address rejected: User unknown";
    let it = filed(&stage, report(&message_id, "ruth@northwind.example", "failed", "5.1.1", said)).await;
    assert_eq!((it.number, it.association.reason, it.status), (number, Reason::Report, Status::Waiting));
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    let message = &spine.messages[&id];
    assert_eq!(message.state, MessageState::Failed);
    assert!(message.error.as_deref().unwrap().contains("ruth@northwind.example"), "{:?}", message.error);
    let Fact::Bounced { kind, outcome, .. } = spine.entries.last().unwrap().fact else { panic!() };
    assert_eq!((kind, outcome), (BounceKind::NoSuchAddress, BounceOutcome::FailedForGood));
    assert!(known(&stage, number, "ruth@northwind.example").await.undeliverable.is_some());
    assert!(spine.case.undelivered, "the lists say so");
    // The same report once more tells nothing new.
    let again = stage.receive_raw(report(&message_id, "ruth@northwind.example", "failed", "5.1.1", said)).await;
    assert!(matches!(again, desk::mail::Receipt::Known(_)), "{again:?}");
    // Whoever writes is reached again.
    stage.file(&Letter::from(RUTH).text("I am here.").answers(&message_id)).await;
    assert_eq!(known(&stage, number, "ruth@northwind.example").await.undeliverable, None);
    assert!(!stage.spine(&stage.ines, number).await.unwrap().case.undelivered);
}

async fn what_came_back_for_now_marks_nobody(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, id, message_id) = answered(&stage, "ruth@northwind.example").await;
    let said = "452 4.2.2 The mailbox is over quota";
    filed(&stage, report(&message_id, "ruth@northwind.example", "failed", "4.2.2", said)).await;
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    assert_eq!(spine.messages[&id].state, MessageState::Failed);
    let Fact::Bounced { kind, outcome, .. } = spine.entries.last().unwrap().fact else { panic!() };
    assert_eq!((kind, outcome), (BounceKind::MailboxFull, BounceOutcome::FailedForNow));
    assert_eq!(known(&stage, number, "ruth@northwind.example").await.undeliverable, None);
}

async fn a_delay_is_no_failure(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, id, message_id) = answered(&stage, "ruth@northwind.example").await;
    filed(&stage, report(&message_id, "ruth@northwind.example", "delayed", "4.4.1", "connection timed out")).await;
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    assert_ne!(spine.messages[&id].state, MessageState::Failed);
    let Fact::Bounced { outcome, .. } = spine.entries.last().unwrap().fact else { panic!() };
    assert_eq!(outcome, BounceOutcome::Delayed);
}

async fn a_server_that_names_our_mail_anew_is_understood(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, id, message_id) = answered(&stage, "ruth@northwind.example").await;
    let token = message_id.trim_start_matches('<').split('@').next().unwrap();
    let renamed = "<0100018c-000000@eu-west-1.relay.example>";
    let report = |token: &str| {
        let raw = report(renamed, "ruth@northwind.example", "failed", "5.1.1", "550 5.1.1 no such user");
        let answers = format!("Reply-To: support+{token}@desk.example\r\nMessage-ID: {renamed}");
        String::from_utf8(raw).unwrap().replace(&format!("Message-ID: {renamed}"), &answers).into_bytes()
    };
    let it = filed(&stage, report(&token.replace(&token[..4], "aaaa"))).await;
    assert_ne!(it.number, number, "only with its code");
    let it = filed(&stage, report(token)).await;
    let it = (it.number, stage.spine(&stage.ines, number).await.unwrap().messages[&id].state);
    assert_eq!(it, (number, MessageState::Failed));
}

async fn a_closed_case_takes_the_report_and_stays_closed(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, id, message_id) = answered(&stage, "ruth@northwind.example").await;
    stage.desk.resolve(&stage.ines, number, "").await.unwrap();
    stage.pass(std::time::Duration::from_hours(24 * 8));
    stage.desk.reconcile_once(true).await.unwrap();
    let said = "550 5.1.1 no such user";
    let it = filed(&stage, report(&message_id, "ruth@northwind.example", "failed", "5.1.1", said)).await;
    assert_eq!((it.number, it.status), (number, Status::Closed));
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    assert_eq!(spine.messages[&id].state, MessageState::Failed);
    // Neither does an answer of a machine open another case.
    let away = Letter::from(RUTH).text("I am away.").answers(&message_id).header("Auto-Submitted", "auto-replied");
    let it = stage.file(&away).await;
    assert_eq!((it.number, it.status), (number, Status::Closed));
}

async fn a_report_on_a_mail_that_is_not_ours_changes_nothing(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, id, message_id) = answered(&stage, "ruth@northwind.example").await;
    let forged = message_id.replace('.', "x.");
    for (message_id, address) in
        [("<spam@elsewhere.example>", "ruth@northwind.example"), (forged.as_str(), "ruth@northwind.example")]
    {
        let it = filed(&stage, report(message_id, address, "failed", "5.1.1", "550 no such user")).await;
        assert_ne!(it.number, number, "{message_id}");
        let message = stage.spine(&stage.ines, number).await.unwrap().messages[&id].clone();
        assert_ne!(message.state, MessageState::Failed);
    }
    assert_eq!(known(&stage, number, "ruth@northwind.example").await.undeliverable, None);
}

async fn one_of_several_recipients_is_named(home: &Home) {
    let stage = Stage::new(home).await;
    stage.file(&Letter::from("dan@northwind.example")).await;
    let (number, id, message_id) = answered(&stage, "ruth@northwind.example, dan@northwind.example").await;
    let said = "550 5.1.1 no such user";
    // Nobody was written to at this address: who says so knows the mail, but not whom it went to.
    filed(&stage, report(&message_id, "eve@northwind.example", "failed", "5.1.0", said)).await;
    assert_ne!(stage.spine(&stage.ines, number).await.unwrap().messages[&id].state, MessageState::Failed);
    filed(&stage, report(&message_id, "dan@northwind.example", "failed", "5.1.1", said)).await;
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    assert_eq!(spine.messages[&id].state, MessageState::Failed);
    let Fact::Bounced { address: Some(address), .. } = &spine.entries.last().unwrap().fact else { panic!() };
    assert_eq!(address.as_str(), "dan@northwind.example");
    assert_eq!(known(&stage, number, "ruth@northwind.example").await.undeliverable, None);
}

async fn a_server_that_reports_is_nobody_of_the_customers(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, _, message_id) = answered(&stage, "ruth@northwind.example").await;
    let said = "550 5.1.1 no such user";
    filed(&stage, report(&message_id, "ruth@northwind.example", "failed", "5.1.1", said)).await;
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    assert!(spine.case.participants.iter().all(|it| !it.as_str().contains("mailer-daemon")));
    assert_eq!(spine.traits.iter().filter(|it| it.address.as_str().contains("mailer-daemon")).count(), 0);
    // A report without our code says nothing about them, whoever it comes from.
    let other = report("<spam@elsewhere.example>", "amy@elsewhere.example", "failed", "5.1.1", said);
    let it = filed(&stage, other).await;
    assert_ne!(it.customer, spine.customer.id);
}

async fn what_resolved_a_case_and_came_back_is_seen(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, id, message_id) = answered(&stage, "ruth@northwind.example").await;
    stage.desk.resolve(&stage.ines, number, "").await.unwrap();
    let scope = Scope::of(&stage.ines);
    let mine = async || {
        let scope = scope.clone();
        let page = stage
            .desk
            .db
            .read(async move |rx| list::page(rx, &scope, &Asked::of(View::Mine, &scope), From::Newest).await)
            .await;
        page.unwrap().lines.iter().map(|it| it.number).collect::<Vec<_>>()
    };
    assert_eq!(mine().await, [0; 0]);
    let said = "550 5.1.1 no such user";
    filed(&stage, report(&message_id, "ruth@northwind.example", "failed", "5.1.1", said)).await;
    assert_eq!(mine().await, [number]);
    stage.pass(std::time::Duration::from_hours(24 * 8));
    stage.desk.reconcile_once(true).await.unwrap();
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    assert_eq!((spine.case.status, spine.messages[&id].state), (Status::Resolved, MessageState::Failed));
}

async fn a_dead_address_to_which_mail_is_passed_on_marks_nobody(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, id, message_id) = answered(&stage, "ruth@northwind.example").await;
    let said = "550 5.1.1 no such user";
    filed(&stage, report(&message_id, "ruth.private@elsewhere.example", "failed", "5.1.1", said)).await;
    let message = stage.spine(&stage.ines, number).await.unwrap().messages[&id].clone();
    assert!(message.error.unwrap().contains("ruth.private@elsewhere.example"));
    assert_eq!(known(&stage, number, "ruth@northwind.example").await.undeliverable, None);
}
