//! A customer's mail that one of ours passes on to the desk.

use domain::{Direction, Reason, Verdict};
use testkit::{Home, Letter, Stage};

testkit::both!(
    a_colleague_who_passes_a_mail_on_opens_the_case_of_its_sender,
    a_mail_that_is_passed_on_as_a_file_is_read,
    nobody_else_can_put_words_into_a_customers_mouth,
);

const INES: &str = "Ines Okafor <ines@desk.example>";
const PASSED: &str = "Can you take this?\n\n---------- Forwarded message ---------\nFrom: Ruth Alvarez <ruth@northwind.example>\n\
    Date: Tue, 10 Nov 2026 at 08:00\nSubject: Labels come out blank\nTo: <sales@desk.example>\n\n\
    Hello, since Monday every label is blank.\nRuth\n";

fn passed(from: &str, verdict: &str) -> Letter {
    Letter::from(from).subject("Fwd: Labels come out blank").text(PASSED).verdict(verdict)
}

async fn a_colleague_who_passes_a_mail_on_opens_the_case_of_its_sender(home: &Home) {
    let stage = Stage::new(home).await;
    crate::acknowledgement::acknowledging(&stage).await;
    let filed = stage.file(&passed(INES, "pass")).await;
    let spine = stage.spine(&stage.ines, filed.number).await.unwrap();
    let message = &spine.messages[&filed.message];
    assert_eq!(message.sender.address.as_ref().unwrap().as_str(), "ruth@northwind.example");
    assert_eq!((message.forwarded_by, message.verdict), (Some(stage.ines.id), Verdict::Unknown));
    assert_eq!(filed.association.reason, Reason::Forwarded);
    assert_eq!(spine.case.subject, "Labels come out blank");
    assert!(spine.case.preview.starts_with("Hello, since Monday"), "{}", spine.case.preview);
    assert!(message.text.starts_with("Can you take this?"), "nothing of it is lost");
    assert_eq!(spine.customer.name, "Ruth Alvarez");
    let ours = spine.messages.values().filter(|it| it.direction == Direction::Outbound).count();
    assert_eq!(ours, 0, "she has not written to us, so nothing is acknowledged");
    // What she writes herself is of the same customer.
    let own = stage.file(&Letter::from("ruth@northwind.example").subject("Another thing")).await;
    assert_eq!(own.customer, filed.customer);
}

async fn a_mail_that_is_passed_on_as_a_file_is_read(home: &Home) {
    let stage = Stage::new(home).await;
    let raw = "Authentication-Results: mx.desk.example; dmarc=pass\nFrom: Ines Okafor <ines@desk.example>\n\
        To: support@desk.example\nSubject: Fwd: Labels\nMessage-ID: <passed@desk.example>\nMIME-Version: 1.0\n\
        Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nPlease.\n\n\
        --b\nContent-Type: message/rfc822\n\nFrom: Ruth Alvarez <ruth@northwind.example>\nTo: ines@desk.example\n\
        Subject: Labels\nDate: Mon, 9 Nov 2026 08:00:00 +0000\n\nEvery label is blank.\n\n--b--\n";
    let desk::mail::Receipt::Filed(filed) = stage.receive_raw(raw.replace('\n', "\r\n").into_bytes()).await else {
        panic!("it is filed")
    };
    let spine = stage.spine(&stage.ines, filed.number).await.unwrap();
    let message = &spine.messages[&filed.message];
    assert_eq!(message.sender.address.as_ref().unwrap().as_str(), "ruth@northwind.example");
    assert!(message.text.contains("Please.") && message.text.contains("Every label is blank."), "{}", message.text);
    assert_eq!((message.files.len(), spine.case.preview.as_str()), (1, "Every label is blank."));
}

async fn nobody_else_can_put_words_into_a_customers_mouth(home: &Home) {
    let stage = Stage::new(home).await;
    for letter in [
        passed(INES, "none"),
        passed(INES, "fail"),
        passed("Mallory <mallory@evil.example>", "pass"),
        passed(INES, "pass").text(&PASSED.replace("ruth@northwind.example", "jonas@desk.example")),
    ] {
        let filed = stage.file(&letter).await;
        let spine = stage.spine(&stage.ines, filed.number).await.unwrap();
        let message = &spine.messages[&filed.message];
        let sender = message.sender.address.as_ref().unwrap().as_str();
        assert!(message.forwarded_by.is_none() && !sender.contains("ruth"), "{letter:?}");
    }
}
