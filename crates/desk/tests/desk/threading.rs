//! Which mail joins which case: every row of the table in ARCHITECTURE.md, through the door that mail takes.

use std::time::Duration;

use desk::case::{Reply, Then};
use domain::{Decision, MessageId, Reason, Recipients, Status};
use testkit::{Home, Letter, Stage};

testkit::both!(
    a_token_from_a_recipient_joins,
    a_token_in_the_address_joins,
    a_token_from_a_stranger_is_a_suggestion,
    a_token_that_the_domain_denies_is_a_suggestion,
    a_forged_token_is_nothing,
    a_token_or_reference_without_a_sole_author_is_a_suggestion,
    a_reference_from_a_participant_joins,
    a_reference_from_anybody_else_is_a_suggestion,
    a_reference_that_the_domain_denies_is_a_suggestion,
    a_number_in_the_subject_is_a_suggestion,
    nothing_is_a_new_case,
    a_closed_case_is_followed_up,
    the_answer_that_went_to_them_decides,
    our_id_under_a_foreign_name_is_a_message,
    somebody_in_copy_takes_no_part,
    somebody_we_wrote_to_takes_part,
);

const RUTH: &str = "Ruth Alvarez <ruth@northwind.example>";

/// A case of Ruth's, and our answer to it: the case's number and the `Message-ID` of the answer.
async fn answered(stage: &Stage) -> (i64, MessageId, String) {
    let filed = stage.file(&Letter::from(RUTH)).await;
    let message = reply(stage, filed.number, "ruth@northwind.example").await;
    let spine = stage.spine(&stage.ines, filed.number).await.unwrap();
    let ours = &spine.messages[&message];
    (filed.number, message, ours.message_id.clone().unwrap())
}

async fn reply(stage: &Stage, number: i64, to: &str) -> MessageId {
    let to = desk::case::addresses("to", to).unwrap();
    let reply = Reply {
        id: None,
        text: "Pull the plug, please.".to_owned(),
        html: None,
        recipients: Recipients { to, cc: Vec::new() },
        then: Then::Waiting,
        seen: None,
        leaves: None,
        files: Vec::new(),
        uploads: Vec::new(),
    };
    stage.desk.reply(&stage.ines, number, reply).await.unwrap()
}

async fn a_token_from_a_recipient_joins(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, _, ours) = answered(&stage).await;
    for (dmarc, verified) in [("pass", true), ("none", false)] {
        let filed = stage.file(&Letter::from(RUTH).text(dmarc).answers(&ours).verdict(dmarc)).await;
        let it = filed.association;
        assert_eq!((filed.number, it.decision, it.reason), (number, Decision::Join, Reason::Token), "{dmarc}");
        assert_eq!((it.verified, it.suggest.as_slice(), filed.status), (verified, [].as_slice(), Status::Open));
    }
    // Some servers write names of addresses in capitals, and add tags.
    let shouted = Letter::from("RUTH+shop@Northwind.Example").text("again").answers(&ours.to_uppercase());
    assert_eq!(stage.file(&shouted).await.number, number);
}

async fn a_token_in_the_address_joins(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, _, ours) = answered(&stage).await;
    let token = ours.trim_start_matches('<').split_once('@').unwrap().0.to_owned();
    let to = format!("support+{token}@desk.example");
    let filed = stage.file(&Letter::from(RUTH).to(&to).text("by the address alone")).await;
    assert_eq!((filed.number, filed.association.reason), (number, Reason::Token));
    let filed = stage.file(&Letter::from("mallory@evil.example").to(&to).text("let me in")).await;
    assert_eq!(filed.association.reason, Reason::TokenStranger);
    assert_ne!(filed.number, number);
}

async fn a_token_from_a_stranger_is_a_suggestion(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, _, ours) = answered(&stage).await;
    // Even one whose own domain vouches for them.
    let filed = stage.file(&Letter::from("mallory@evil.example").answers(&ours).verdict("pass")).await;
    let it = filed.association;
    assert_ne!(filed.number, number);
    assert_eq!((it.decision, it.reason, it.suggest), (Decision::New, Reason::TokenStranger, vec![number]));
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    assert_ne!(spine.customer.id, filed.customer, "a stranger stands under a customer of their own");
    assert_eq!(spine.case.status, Status::Waiting, "nothing happened to the case");
}

async fn a_token_that_the_domain_denies_is_a_suggestion(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, _, ours) = answered(&stage).await;
    let filed = stage.file(&Letter::from(RUTH).text("forged").answers(&ours).verdict("fail")).await;
    let it = filed.association;
    assert_ne!(filed.number, number);
    assert_eq!((it.decision, it.reason, it.suggest), (Decision::New, Reason::TokenFailed, vec![number]));
}

async fn a_forged_token_is_nothing(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, message, ours) = answered(&stage).await;
    let (id, _) = ours.trim_start_matches('<').split_once('.').unwrap();
    for forged in [
        format!("<{id}.aaaaaaaaaaaaaaaaaaaaaaaaaa@desk.example>"),
        format!("<{id}@desk.example>"),
        format!("<{message}@desk.example>"),
        format!("<message {message}>"),
    ] {
        let filed = stage.file(&Letter::from(RUTH).text(&forged).answers(&forged)).await;
        assert_ne!(filed.number, number);
        assert_eq!(filed.association.reason, Reason::Nothing, "{forged}");
    }
}

/// `From` vouches for nobody, or for several: the address that remains is only how to answer.
async fn a_token_or_reference_without_a_sole_author_is_a_suggestion(home: &Home) {
    let stage = Stage::new(home).await;
    let first = Letter::from(RUTH);
    let (number, _, ours) = answered(&stage).await;
    for (pointer, reason) in [(ours.as_str(), Reason::TokenStranger), (&first.id(), Reason::ReferenceStranger)] {
        for letter in [
            Letter::from("Ruth Alvarez").header("Sender", "ruth@northwind.example"),
            Letter::from("Ruth Alvarez").header("Return-Path", "<ruth@northwind.example>"),
            Letter::from("ruth@northwind.example, mallory@evil.example"),
        ] {
            let filed = stage.file(&letter.answers(pointer).verdict("pass")).await;
            let it = filed.association;
            assert_ne!(filed.number, number);
            assert_eq!((it.decision, it.reason, it.suggest), (Decision::New, reason, vec![number]));
        }
    }
}

async fn a_reference_from_a_participant_joins(home: &Home) {
    let stage = Stage::new(home).await;
    let first = Letter::from(RUTH);
    let number = stage.file(&first).await.number;
    for (dmarc, verified) in [("pass", true), ("none", false)] {
        let filed = stage.file(&Letter::from(RUTH).text(dmarc).answers(&first.id()).verdict(dmarc)).await;
        let it = filed.association;
        assert_eq!((filed.number, it.decision, it.reason), (number, Decision::Join, Reason::Reference));
        assert_eq!((it.verified, filed.status), (verified, Status::New), "nobody answered yet");
    }
}

async fn a_reference_from_anybody_else_is_a_suggestion(home: &Home) {
    let stage = Stage::new(home).await;
    let first = Letter::from(RUTH);
    let number = stage.file(&first).await.number;
    let filed = stage.file(&Letter::from("dan@northwind.example").answers(&first.id()).verdict("pass")).await;
    let it = filed.association;
    assert_ne!(filed.number, number);
    assert_eq!((it.decision, it.reason, it.suggest), (Decision::New, Reason::ReferenceStranger, vec![number]));
}

async fn a_reference_that_the_domain_denies_is_a_suggestion(home: &Home) {
    let stage = Stage::new(home).await;
    let first = Letter::from(RUTH);
    let number = stage.file(&first).await.number;
    let filed = stage.file(&Letter::from(RUTH).text("forged").answers(&first.id()).verdict("fail")).await;
    let it = filed.association;
    assert_eq!((it.decision, it.reason, it.suggest), (Decision::New, Reason::ReferenceFailed, vec![number]));
}

async fn a_number_in_the_subject_is_a_suggestion(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    for subject in [format!("About #{number}"), format!("Re: Case {number}, please"), format!("[case #{number}]")] {
        let filed = stage.file(&Letter::from(RUTH).subject(&subject)).await;
        let it = filed.association;
        assert_ne!(filed.number, number);
        assert_eq!(
            (it.decision, it.reason, it.suggest),
            (Decision::New, Reason::SubjectNumber, vec![number]),
            "{subject}"
        );
    }
    for subject in ["About #999999", "12 printers", "Suitcase 1"] {
        let filed = stage.file(&Letter::from(RUTH).subject(subject)).await;
        assert_eq!(filed.association.reason, Reason::Nothing, "{subject}");
    }
}

async fn nothing_is_a_new_case(home: &Home) {
    let stage = Stage::new(home).await;
    let first = stage.file(&Letter::from(RUTH)).await;
    let second = stage.file(&Letter::from(RUTH).subject("Something else")).await;
    assert_ne!(first.number, second.number);
    assert_eq!((second.association.decision, second.association.reason), (Decision::New, Reason::Nothing));
    assert_eq!((first.customer, first.contact), (second.customer, second.contact));
    assert_eq!(second.status, Status::New);
}

async fn a_closed_case_is_followed_up(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, _, ours) = answered(&stage).await;
    stage.desk.resolve(&stage.ines, number, "").await.unwrap();
    stage.pass(Duration::from_hours(24 * 8));
    stage.desk.reconcile_once(false).await.unwrap();
    let filed = stage.file(&Letter::from(RUTH).text("It burns again").answers(&ours)).await;
    assert_eq!((filed.association.decision, filed.status), (Decision::FollowUp, Status::New));
    assert_ne!(filed.number, number);
    let next = stage.spine(&stage.ines, filed.number).await.unwrap();
    assert_eq!(next.case.follows, Some(number));
    let closed = stage.spine(&stage.ines, number).await.unwrap();
    assert_eq!(closed.case.status, Status::Closed);
    let last = &closed.entries.last().unwrap().fact;
    assert_eq!(*last, domain::Fact::FollowedUp { number: filed.number });
    assert_eq!(next.customer.id, closed.customer.id);
    // The thread still points to the closed case, and goes on where it was taken up.
    let again = stage.file(&Letter::from(RUTH).text("Hello?").answers(&ours)).await;
    assert_eq!((again.association.decision, again.number), (Decision::Join, filed.number));
    // Once that is closed too, the next message takes up the newer one.
    stage.desk.resolve(&stage.ines, filed.number, "").await.unwrap();
    stage.pass(Duration::from_hours(24 * 8));
    stage.desk.reconcile_once(false).await.unwrap();
    let third = stage.file(&Letter::from(RUTH).text("Once more").answers(&ours)).await;
    assert_eq!(third.association.decision, Decision::FollowUp);
    assert_eq!(stage.spine(&stage.ines, third.number).await.unwrap().case.follows, Some(filed.number));
}

/// Two answers of ours stand in one thread, and only one of them went to whoever writes now.
async fn the_answer_that_went_to_them_decides(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, _, to_ruth) = answered(&stage).await;
    let message = reply(&stage, number, "dan@northwind.example").await;
    let to_dan = stage.spine(&stage.ines, number).await.unwrap().messages[&message].message_id.clone().unwrap();
    let references = format!("{to_ruth} {to_dan}");
    let letter = Letter::from(RUTH).header("In-Reply-To", &to_dan).header("References", &references);
    let filed = stage.file(&letter).await;
    assert_eq!((filed.number, filed.association.reason), (number, Reason::Token));
}

/// A `Message-ID` of ours under somebody else's name is no copy of our mail.
async fn our_id_under_a_foreign_name_is_a_message(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, _, ours) = answered(&stage).await;
    let filed = stage.file(&Letter::from("mallory@evil.example").message_id(&ours)).await;
    assert_ne!(filed.number, number);
    let spine = stage.spine(&stage.ines, filed.number).await.unwrap();
    assert!(spine.messages[&filed.message].altered, "it is marked");
}

/// A CC gets no rights: whoever is only named in a mail of somebody else's has not been written to.
async fn somebody_in_copy_takes_no_part(home: &Home) {
    let stage = Stage::new(home).await;
    let first = Letter::from(RUTH).header("Cc", "mallory@evil.example");
    let number = stage.file(&first).await.number;
    let filed = stage.file(&Letter::from("mallory@evil.example").answers(&first.id())).await;
    assert_eq!(filed.association.reason, Reason::ReferenceStranger);
    assert_ne!(filed.number, number);
}

async fn somebody_we_wrote_to_takes_part(home: &Home) {
    let stage = Stage::new(home).await;
    let first = Letter::from(RUTH);
    let number = stage.file(&first).await.number;
    let message = reply(&stage, number, "ruth@northwind.example, dan@northwind.example").await;
    let ours = stage.spine(&stage.ines, number).await.unwrap().messages[&message].message_id.clone().unwrap();
    let by_token = stage.file(&Letter::from("dan@northwind.example").text("one").answers(&ours)).await;
    let by_reference = stage.file(&Letter::from("dan@northwind.example").text("two").answers(&first.id())).await;
    assert_eq!((by_token.number, by_reference.number), (number, number));
    assert_eq!(by_token.contact, by_reference.contact, "he is one contact of this customer");
}
