//! A case that is forwarded to a supplier, whose answer stays inside it.

use std::time::Duration;

use channels::{Security, Tls};
use desk::case::{Then, addresses};
use desk::outbox::HOLD;
use desk::supplier::Forward;
use desk::{Error, Post, Upload};
use domain::{
    Case, Decision, DraftKind, Email, Fact, FoldKind, Forwarding, Message, MessageId, MessageState, Reason, Recipients,
    Refusal, Status,
};
use store::draft::{Draft, own};
use store::{Scope, message, supplier};
use testkit::scripted::Scripted;
use testkit::{Home, Letter, Stage};

use crate::bounce::{filed, report};
use crate::notification::{lines, told};
use crate::outbox::{accepts, mailbox};

testkit::both!(
    it_goes_to_the_supplier_alone_and_says_what_it_is_about,
    the_answer_stays_inside_the_case,
    whoever_answers_for_the_supplier_is_known_by_its_domain_and_a_stranger_is_not,
    the_customer_in_the_suppliers_thread_is_still_the_customer,
    the_supplier_is_answered_in_its_own_thread,
    what_was_over_comes_back_and_what_is_closed_stays_so,
    an_absence_note_and_a_bounce_are_the_forwards,
    what_did_not_arrive_is_seen_until_another_goes,
    it_is_taken_back_with_what_goes_along,
    drafts_for_different_readers_become_a_note,
    it_is_not_written_to_the_customer_or_to_us,
    only_who_sees_the_case_forwards_it,
    a_form_that_comes_twice_is_one_mail,
    the_brief_and_the_promises_do_not_hear_it,
    it_goes_along_when_a_case_is_split,
    a_merge_that_is_undone_keeps_the_supplier_out,
    whoever_was_asked_is_offered_again,
);

const RUTH: &str = "Ruth Alvarez <ruth@northwind.example>";
const FUSER: &str = "Fuser Repairs <repairs@fuser.example>";

/// A case of Ruth's with a file: its number, and her message.
async fn asked(stage: &Stage) -> (i64, MessageId) {
    let it = stage.file(&Letter::from(RUTH).file("label.pdf", b"%PDF-1.7 blank")).await;
    (it.number, it.message)
}

fn forward(text: &str, along: &[MessageId]) -> Forward {
    let recipients = Recipients { to: addresses("supplier", FUSER).unwrap(), cc: Vec::new() };
    let with = Forwarding { along: along.to_vec(), ..Forwarding::default() };
    Forward { text: text.to_owned(), recipients, with, ..Forward::default() }
}

async fn send(stage: &Stage, number: i64, it: Forward) -> Message {
    let id = stage.desk.forward(&stage.ines, number, it).await.unwrap();
    shown(stage, number, id).await
}

async fn shown(stage: &Stage, number: i64, id: MessageId) -> Message {
    stage.spine(&stage.ines, number).await.unwrap().messages[&id].clone()
}

async fn case(stage: &Stage, number: i64) -> Case {
    stage.spine(&stage.ines, number).await.unwrap().case
}

/// The supplier's answer to a forward.
fn answer(to: &Message, text: &str) -> Letter {
    Letter::from(FUSER).subject("Re: Fwd: The printer is on fire").text(text).answers(to.message_id.as_ref().unwrap())
}

async fn draft(stage: &Stage, number: i64) -> Option<Draft> {
    let scope = Scope::of(&stage.ines);
    stage.desk.db.read(async move |rx| own(rx, &scope, number).await).await.unwrap()
}

fn all(recipients: &Recipients) -> Vec<&str> {
    recipients.addresses().map(Email::as_str).collect()
}

async fn it_goes_to_the_supplier_alone_and_says_what_it_is_about(home: &Home) {
    let server = Scripted::start(vec![accepts()]).await;
    let post = Post::Servers(Tls::new(None).unwrap());
    let stage = Stage::with(home, post, Some(mailbox(Some(server.server(Security::Plain))))).await;
    let (number, hers) = asked(&stage).await;
    let before = case(&stage, number).await;
    stage.pass(Duration::from_mins(3));
    let file = shown(&stage, number, hers).await.files[0].hash.clone();
    let mut it = forward("Can you repair it by Friday?", &[hers]);
    it.with.files.push(file);
    let ours = send(&stage, number, it).await;
    assert_eq!((ours.state, ours.subject.as_str()), (MessageState::Sending, "Fwd: The printer is on fire"));
    assert_eq!((ours.own_text(), ours.folded[0].kind), ("Can you repair it by Friday?", FoldKind::Forward));
    assert_eq!((ours.in_reply_to, ours.references), (None, Vec::new()), "the customer's thread is another");

    // The customer waits as before.
    let after = case(&stage, number).await;
    assert_eq!((after.status, after.assignee), (Status::Open, Some(stage.ines.id)));
    assert_eq!((after.owed_since, after.due_at), (before.owed_since, before.due_at));
    assert_eq!((after.preview, after.theirs, after.participants), (before.preview, true, before.participants));
    assert!(after.last_at > before.last_at);

    stage.pass(HOLD);
    stage.desk.work_off().await.unwrap();
    assert_eq!(shown(&stage, number, ours.id).await.state, MessageState::Sent);
    let to: Vec<String> = server.heard().into_iter().filter(|it| it.starts_with("RCPT")).collect();
    assert_eq!(to, ["RCPT TO:<repairs@fuser.example>"]);
    let mail = server.mails().remove(0);
    let mail = String::from_utf8_lossy(mail.as_ref());
    let read = mail::read(mail.as_bytes(), &mail::Receiver::default()).unwrap();
    assert_eq!(read.to[0].address.as_ref().unwrap().as_str(), "repairs@fuser.example");
    assert!(read.cc.is_empty() && read.in_reply_to.is_empty() && read.references.is_empty());
    for said in ["From: Ruth Alvarez <ruth@northwind.example>", "Date: Tue, 10 Nov 2026, 08:47 GMT"] {
        assert!(read.text.contains(said), "{}", read.text);
    }
    assert!(read.text.contains("Smoke comes out of it."), "{}", read.text);
    assert_eq!((read.files[0].name.as_str(), &read.files[0].bytes[..]), ("label.pdf", &b"%PDF-1.7 blank"[..]));
}

async fn the_answer_stays_inside_the_case(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, hers) = asked(&stage).await;
    stage.desk.follow(&stage.jonas, number).await.unwrap();
    let ours = send(&stage, number, forward("Can you?", &[hers])).await;
    assert_eq!(told(&stage, &stage.jonas).await, [("message", 1)], "a follower is told that somebody was asked");
    let before = stage.spine(&stage.ines, number).await.unwrap();
    stage.pass(Duration::from_hours(1));
    let it = stage.file(&answer(&ours, "On Thursday.").verdict("pass")).await;
    assert_eq!((it.number, it.contact, it.customer), (number, None, before.customer.id));
    assert_eq!((it.association.decision, it.association.reason), (Decision::Join, Reason::Token));

    let spine = stage.spine(&stage.ines, number).await.unwrap();
    let theirs = &spine.messages[&it.message];
    assert!(theirs.supplier.is_some() && theirs.contact.is_none());
    let last = spine.entries.last().unwrap();
    assert!(matches!(last.fact, Fact::SupplierAnswered { message, reopened: false, .. } if message == it.message));
    // Nothing about the customer has changed.
    let (case, was) = (&spine.case, &before.case);
    assert_eq!((case.contact, &case.participants), (was.contact, &was.participants));
    assert_eq!((&case.preview, case.theirs, case.owed_since), (&was.preview, was.theirs, was.owed_since));
    let line = &lines(&stage, &stage.ines).await[0];
    assert_eq!((line.name.as_str(), line.line.as_str()), ("Fuser Repairs", "On Thursday."));
    let card = {
        let (scope, id) = (Scope::of(&stage.ines), spine.customer.id);
        stage.desk.db.read(async move |rx| store::customer::card(rx, &scope, id).await).await.unwrap()
    };
    let people: Vec<&str> = card.people.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(people, ["Ruth Alvarez"]);

    // What is written to the customer next goes on in their own thread.
    let reply = crate::case::reply("On Thursday, they say.", "ruth@northwind.example");
    let reply = stage.desk.reply(&stage.ines, number, reply).await.unwrap();
    let reply = shown(&stage, number, reply).await;
    assert_eq!(all(&reply.recipients), ["ruth@northwind.example"]);
    assert_eq!(reply.in_reply_to, spine.messages[&hers].message_id);
    assert!(!reply.text.contains("Can you?") && reply.references.len() == 1);
    // And what it says of the same mail once more is known.
    assert!(matches!(
        stage.receive(&answer(&ours, "On Thursday.").verdict("pass")).await,
        desk::mail::Receipt::Known(_)
    ));
}

async fn whoever_answers_for_the_supplier_is_known_by_its_domain_and_a_stranger_is_not(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, hers) = asked(&stage).await;
    let ours = send(&stage, number, forward("Can you?", &[hers])).await;
    let id = ours.message_id.clone().unwrap();
    let jane = stage.file(&Letter::from("Jane <jane@fuser.example>").text("We can.").answers(&id)).await;
    assert_eq!(jane.number, number);
    assert!(shown(&stage, number, jane.message).await.supplier.is_some());
    // Jane's own mail is answered without a word of ours in the header.
    let hers_id = Letter::from("Jane <jane@fuser.example>").text("We can.").answers(&id).id();
    let more = stage.file(&Letter::from("Jim <jim@fuser.example>").text("I come along.").answers(&hers_id)).await;
    assert_eq!((more.number, more.association.reason), (number, Reason::Reference));
    assert!(shown(&stage, number, more.message).await.supplier.is_some());

    // Whoever has the token has it from the supplier: a ticket system, perhaps. It is told, and speaks for nobody else.
    let courier = stage.file(&Letter::from("ann@courier.example").text("I bring it.").answers(&id)).await;
    assert_eq!((courier.number, courier.association.reason), (number, Reason::TokenStranger));
    assert!(courier.association.suggest.is_empty() && courier.contact.is_none());
    assert!(shown(&stage, number, courier.message).await.supplier.is_some());
    // One of the customer's people whom the case does not know is not the supplier.
    let bob = stage.file(&Letter::from("bob@northwind.example").subject("Another")).await;
    let customer = case(&stage, number).await.customer;
    stage.desk.move_case(&stage.ines, bob.number, customer).await.unwrap();
    let bob = stage.file(&Letter::from("bob@northwind.example").text("And me?").answers(&id)).await;
    assert_ne!(bob.number, number);
    assert_eq!(bob.association.suggest, [number]);

    // What its domain denies has a case of its own, and no key makes it the customer's word.
    let forged = stage.file(&answer(&ours, "Pay here.").verdict("fail")).await;
    assert_ne!(forged.number, number);
    assert_eq!(forged.association.suggest, [number]);
    let joined = stage.desk.join_suggested(&stage.ines, forged.number, number).await;
    assert!(matches!(joined, Err(Error::Conflict(_))), "{joined:?}");
    let joined = stage.desk.join_suggested(&stage.ines, bob.number, number).await;
    assert_eq!(joined.unwrap(), number);
    let participants = case(&stage, number).await.participants;
    assert!(participants.iter().all(|it| it.domain() == "northwind.example"), "{participants:?}");
}

async fn the_customer_in_the_suppliers_thread_is_still_the_customer(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, hers) = asked(&stage).await;
    let ours = send(&stage, number, forward("Can you?", &[hers])).await;
    // The supplier has brought her in, and she answers all.
    let letter = Letter::from(RUTH).text("Thursday suits me.").answers(ours.message_id.as_ref().unwrap());
    let it = stage.file(&letter).await;
    assert_eq!(it.number, number);
    let message = shown(&stage, number, it.message).await;
    assert!(message.supplier.is_none() && message.contact.is_some());
    assert_eq!(case(&stage, number).await.preview, "Thursday suits me.");
}

async fn the_supplier_is_answered_in_its_own_thread(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, hers) = asked(&stage).await;
    let ours = send(&stage, number, forward("Can you?", &[hers])).await;
    let theirs = stage.file(&answer(&ours, "Which model?")).await.message;
    let with = Forwarding { answers: Some(theirs), ..Forwarding::default() };
    let again = send(&stage, number, Forward { with, ..forward("The old one.", &[]) }).await;
    assert_eq!(again.subject, "Re: Fwd: The printer is on fire");
    assert_eq!(again.in_reply_to, shown(&stage, number, theirs).await.message_id);
    assert_eq!((again.text.as_str(), all(&again.recipients)), ("The old one.", vec!["repairs@fuser.example"]));
    let last = stage.file(&answer(&again, "On Thursday.")).await;
    assert!(last.number == number && shown(&stage, number, last.message).await.supplier.is_some());
    // Nothing to say is refused, and so is a message of another case.
    let empty = stage.desk.forward(&stage.ines, number, forward(" ", &[])).await;
    assert!(matches!(empty, Err(Error::Refused(Refusal::Empty))));
    let other = stage.file(&Letter::from("bob@elsewhere.example").subject("Mine")).await.message;
    let foreign = stage.desk.forward(&stage.ines, number, forward("Look", &[other])).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    let nobody = Forward { recipients: Recipients::default(), ..forward("Look", &[]) };
    let nobody = stage.desk.forward(&stage.ines, number, nobody).await;
    assert!(matches!(nobody, Err(Error::Refused(Refusal::NoRecipient))));
}

async fn what_was_over_comes_back_and_what_is_closed_stays_so(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, hers) = asked(&stage).await;
    let ours = send(&stage, number, forward("Can you?", &[hers])).await;
    let reply = desk::case::Reply { then: Then::Waiting, ..crate::case::reply("Soon.", "ruth@northwind.example") };
    stage.desk.reply(&stage.ines, number, reply).await.unwrap();
    stage.file(&answer(&ours, "Which model?")).await;
    let waits = case(&stage, number).await;
    assert_eq!((waits.status, waits.owed_since), (Status::Open, None), "our turn, and nobody's clock runs");
    stage.desk.resolve(&stage.ines, number, "Replaced").await.unwrap();
    stage.pass(Duration::from_mins(1));
    stage.file(&answer(&ours, "We found something else.")).await;
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    assert_eq!((spine.case.status, spine.case.resolved_at), (Status::Open, None));
    assert!(matches!(spine.entries.last().unwrap().fact, Fact::SupplierAnswered { reopened: true, .. }));

    stage.desk.resolve(&stage.ines, number, "Replaced").await.unwrap();
    stage.pass(Duration::from_hours(24 * 30));
    stage.desk.reconcile_once(true).await.unwrap();
    assert_eq!(case(&stage, number).await.status, Status::Closed);
    stage.desk.see_all(&stage.ines).await.unwrap();
    let late = stage.file(&answer(&ours, "Here is the invoice.")).await;
    assert_eq!((late.number, late.status), (number, Status::Closed), "a supplier has no issue of their own");
    assert_eq!(told(&stage, &stage.ines).await, [("message", 1)]);
    let refused = stage.desk.forward(&stage.ines, number, forward("Thanks.", &[])).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Closed))));
}

async fn an_absence_note_and_a_bounce_are_the_forwards(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, hers) = asked(&stage).await;
    let ours = send(&stage, number, forward("Can you?", &[hers])).await;
    let before = case(&stage, number).await;
    let away = stage.file(&answer(&ours, "I am away.").header("Auto-Submitted", "auto-replied")).await;
    assert!(away.automatic.is_some() && shown(&stage, number, away.message).await.supplier.is_some());
    assert_eq!(case(&stage, number).await.last_at, before.last_at);
    assert_eq!(told(&stage, &stage.ines).await, []);

    let id = ours.message_id.clone().unwrap();
    let it = filed(&stage, report(&id, "repairs@fuser.example", "failed", "5.1.1", "550 no such user")).await;
    assert_eq!(it.number, number);
    assert!(shown(&stage, number, it.message).await.supplier.is_some(), "it is none of the customer's");
    let failed = shown(&stage, number, ours.id).await;
    assert_eq!((failed.state, failed.hindrance.is_some()), (MessageState::Failed, true));
    assert!(failed.error.unwrap().contains("repairs@fuser.example"));
    let case = case(&stage, number).await;
    assert!(case.undelivered && case.owed_since == before.owed_since);
    assert_eq!(case.participants, before.participants);
}

async fn what_did_not_arrive_is_seen_until_another_goes(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, hers) = asked(&stage).await;
    let ours = send(&stage, number, forward("Can you?", &[hers])).await;
    let id = ours.message_id.clone().unwrap();
    filed(&stage, report(&id, "repairs@fuser.example", "failed", "5.1.1", "550 no such user")).await;
    // It is written anew, as what it was.
    stage.desk.write_anew(&stage.ines, number, ours.id, None).await.unwrap();
    let anew = draft(&stage, number).await.unwrap();
    assert_eq!((anew.text.as_str(), all(&anew.recipients)), ("Can you?", vec!["repairs@fuser.example"]));
    assert_eq!(anew.kind.forwarding().unwrap().along, [hers]);
    send(&stage, number, forward("Can you?", &[hers])).await;
    assert!(!case(&stage, number).await.undelivered);

    // What the customer has not got is not forgotten over it.
    let reply = crate::case::reply("Soon.", "ruth@northwind.example");
    let reply = stage.desk.reply(&stage.ines, number, reply).await.unwrap();
    let id = shown(&stage, number, reply).await.message_id.unwrap();
    filed(&stage, report(&id, "ruth@northwind.example", "failed", "5.1.1", "550 gone")).await;
    send(&stage, number, forward("And?", &[])).await;
    assert!(case(&stage, number).await.undelivered);
}

async fn it_is_taken_back_with_what_goes_along(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, hers) = asked(&stage).await;
    stage.desk.note(&stage.ines, number, "I know this one.".into()).await.unwrap();
    let before = case(&stage, number).await;
    let upload = Upload { name: "plan.pdf".to_owned(), media_type: "application/pdf".to_owned(), bytes: vec![1; 9] };
    let file = shown(&stage, number, hers).await.files[0].hash.clone();
    stage.pass(Duration::from_secs(1));
    let mut it = forward("Can you?", &[hers]);
    it.with.files.push(file);
    let html = Some("<p><b>Can</b> you?</p>".to_owned());
    let ours = send(&stage, number, Forward { html, uploads: vec![upload], ..it }).await;
    assert!(ours.has_html && case(&stage, number).await.last_at > before.last_at);
    assert!(matches!(stage.desk.take_back(&stage.jonas, number, ours.id).await, Err(Error::Conflict(_))));
    stage.desk.take_back(&stage.ines, number, ours.id).await.unwrap();
    let after = case(&stage, number).await;
    assert_eq!((after.status, after.last_at, after.owed_since), (before.status, before.last_at, before.owed_since));
    let it = draft(&stage, number).await.unwrap();
    assert_eq!(it.text, "Can you?");
    let html = it.html.unwrap();
    assert!(html.contains("<b>Can</b>") && !html.contains("Forwarded") && !html.contains("Smoke"), "{html}");
    let names: Vec<&str> = it.files.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["plan.pdf", "label.pdf"]);
    assert_eq!(it.kind, DraftKind::Forward(Forwarding { along: vec![hers], ..Forwarding::default() }));
    stage.pass(HOLD);
    stage.desk.work_off().await.unwrap();
    assert_eq!(shown(&stage, number, ours.id).await.state, MessageState::TakenBack);
}

async fn drafts_for_different_readers_become_a_note(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let (number, hers) = asked(&stage).await;
    let with = Forwarding { along: vec![hers], ..Forwarding::default() };
    let to = |it: &str| Recipients { to: addresses("to", it).unwrap(), cc: Vec::new() };
    let kept =
        desk.keep_draft(ines, number, DraftKind::Forward(with.clone()), "Begun.", None, to(FUSER)).await.unwrap();
    assert_eq!(kept.kind, DraftKind::Forward(with.clone()));
    // A reply is taken back while something for the supplier is begun.
    desk.keep_draft(ines, number, DraftKind::Reply, "", None, Recipients::default()).await.unwrap();
    let reply = desk.reply(ines, number, crate::case::reply("Dear Ruth.", "ruth@northwind.example")).await.unwrap();
    desk.keep_draft(ines, number, DraftKind::Forward(with), "They moan.", None, to(FUSER)).await.unwrap();
    desk.take_back(ines, number, reply).await.unwrap();
    let both = draft(&stage, number).await.unwrap();
    assert_eq!((both.text.as_str(), both.kind), ("Dear Ruth.\n\nThey moan.", DraftKind::Note));
    // And the other way round.
    desk.keep_draft(ines, number, DraftKind::Reply, "", None, Recipients::default()).await.unwrap();
    let ours = send(&stage, number, forward("They moan.", &[hers])).await;
    desk.keep_draft(ines, number, DraftKind::Reply, "Dear Ruth.", None, to("ruth@northwind.example")).await.unwrap();
    desk.take_back(ines, number, ours.id).await.unwrap();
    let both = draft(&stage, number).await.unwrap();
    assert_eq!((both.text.as_str(), both.kind), ("They moan.\n\nDear Ruth.", DraftKind::Note));
    assert_eq!(all(&both.recipients), ["ruth@northwind.example"], "nobody outside by accident");
}

async fn it_is_not_written_to_the_customer_or_to_us(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, hers) = asked(&stage).await;
    for (to, why) in [("ruth@northwind.example", "speaks for the customer"), ("support@desk.example", "our own")] {
        let recipients = Recipients { to: addresses("supplier", to).unwrap(), cc: Vec::new() };
        let it = Forward { recipients, ..forward("Look at that.", &[hers]) };
        let refused = stage.desk.forward(&stage.ines, number, it).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid { field: "supplier", .. }), "{refused:?}");
        assert!(refused.to_string().contains(why), "{refused}");
    }
    assert_eq!(stage.spine(&stage.ines, number).await.unwrap().messages.len(), 1);
}

async fn only_who_sees_the_case_forwards_it(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, hers) = asked(&stage).await;
    let refused = stage.desk.forward(&stage.claire, number, forward("Can you?", &[hers])).await;
    assert!(matches!(refused, Err(Error::NotFound)));
    stage.desk.give_to(&stage.ines, number, Some(stage.finance)).await.unwrap();
    stage.desk.forward(&stage.claire, number, forward("Can you?", &[hers])).await.unwrap();
}

async fn a_form_that_comes_twice_is_one_mail(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, hers) = asked(&stage).await;
    let id = Some(stage.desk.id());
    let it = Forward { id, ..forward("Can you?", &[hers]) };
    let first = stage.desk.forward(&stage.ines, number, it.clone()).await.unwrap();
    assert_eq!(stage.desk.forward(&stage.ines, number, it).await.unwrap(), first);
    let other = Forward { id, ..forward("Will you?", &[hers]) };
    assert!(matches!(stage.desk.forward(&stage.ines, number, other).await, Err(Error::Conflict(_))));
    assert_eq!(stage.spine(&stage.ines, number).await.unwrap().messages.len(), 2);
}

async fn the_brief_and_the_promises_do_not_hear_it(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, hers) = asked(&stage).await;
    let brief = async || {
        let scope = Scope::of(&stage.ines);
        let read = stage.desk.db.read(async move |rx| {
            let spine = store::case::spine::spine(rx, &scope, number, None).await?;
            let beyond = store::brief::beyond(rx, &spine).await?;
            Ok::<_, store::Error>(desk::brief::brief(&spine, &beyond, &jiff::tz::TimeZone::UTC))
        });
        read.await.unwrap()
    };
    let before = brief().await;
    let ours = send(&stage, number, forward("We will send you the broken fuser tomorrow.", &[hers])).await;
    stage.file(&answer(&ours, "The fuser is broken. We are angry that you ask again! When do we get it?")).await;
    assert_eq!(brief().await, before);
    let track = stage.desk.track(&stage.ines, number, ours.id, "send you the broken fuser").await;
    assert!(matches!(track, Err(Error::NotFound)));
}

async fn it_goes_along_when_a_case_is_split(home: &Home) {
    let stage = Stage::new(home).await;
    let first = Letter::from(RUTH);
    let number = stage.file(&first).await.number;
    let other = stage.file(&Letter::from(RUTH).subject("Blank labels").text("And blank.").answers(&first.id())).await;
    let ours = send(&stage, number, forward("Can you?", &[other.message])).await;
    let theirs = stage.file(&answer(&ours, "We can.")).await.message;
    stage.pass(HOLD);
    let alone = stage.desk.split_off(&stage.ines, number, vec![theirs], "").await;
    assert!(matches!(alone, Err(Error::Refused(Refusal::NotTheirs))), "a supplier has no case of their own");
    // It is on its way in a desk whose mail stays, so it stays behind; the answer goes.
    let new = stage.desk.split_off(&stage.ines, number, vec![other.message, theirs], "Labels").await.unwrap();
    let spine = stage.spine(&stage.ines, new).await.unwrap();
    assert_eq!(spine.case.participants.iter().map(Email::as_str).collect::<Vec<_>>(), ["ruth@northwind.example"]);
    assert_eq!((spine.case.preview.as_str(), spine.case.contact), ("And blank.", spine.contact.0));
    assert!(spine.messages[&theirs].supplier.is_some());
    let fact = |it: &Fact| matches!(it, Fact::SupplierAnswered { message, .. } if *message == theirs);
    assert!(spine.entries.iter().any(|it| fact(&it.fact)));
    assert_eq!(case(&stage, number).await.preview, "Smoke comes out of it. What shall we do?");
}

async fn a_merge_that_is_undone_keeps_the_supplier_out(home: &Home) {
    let stage = Stage::new(home).await;
    let (one, _) = asked(&stage).await;
    let two = stage.file(&Letter::from(RUTH).subject("Blank").text("All blank.").file("b.pdf", b"%PDF b")).await;
    let ours = send(&stage, two.number, forward("Can you?", &[two.message])).await;
    stage.desk.merge(&stage.ines, one, two.number).await.unwrap();
    // The files of what goes along are where the case was that was taken in.
    let file = shown(&stage, one, two.message).await.files[0].hash.clone();
    let mut more = forward("And this?", &[two.message]);
    more.with.files.push(file);
    let more = send(&stage, one, more).await;
    let found =
        stage.desk.db.read(async move |rx| store::blob::read(rx, more.customer, more.case, &more.files[0].hash).await);
    assert_eq!(found.await.unwrap(), b"%PDF b");
    stage.pass(Duration::from_mins(1));
    let theirs = stage.file(&answer(&ours, "We can.")).await;
    assert_eq!(theirs.number, one);
    let told = stage.spine(&stage.ines, one).await.unwrap();
    let merged = told.entries.iter().find(|it| matches!(it.fact, Fact::Merged { .. })).unwrap().number.unwrap();
    stage.desk.undo_entry(&stage.ines, one, merged).await.unwrap();
    let back = stage.spine(&stage.ines, two.number).await.unwrap();
    assert!(back.messages[&theirs.message].supplier.is_some(), "it goes with what it answers");
    for number in [one, two.number] {
        let case = case(&stage, number).await;
        assert_eq!(case.participants.iter().map(Email::as_str).collect::<Vec<_>>(), ["ruth@northwind.example"]);
        let newest = stage.desk.db.read(async move |rx| message::newest_inbound(rx, case.customer, case.id).await);
        assert!(newest.await.unwrap().unwrap().supplier.is_none());
    }
}

async fn whoever_was_asked_is_offered_again(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, hers) = asked(&stage).await;
    send(&stage, number, forward("Can you?", &[hers])).await;
    stage.pass(Duration::from_secs(1));
    let to = addresses("supplier", "repairs@fuser.example, Ann <ann@courier.example>").unwrap();
    send(&stage, number, Forward { recipients: Recipients { to, cc: Vec::new() }, ..forward("And you?", &[]) }).await;
    let scope = Scope::of(&stage.jonas);
    let known = stage.desk.db.read(async move |rx| supplier::known(rx, &scope).await).await.unwrap();
    let known: Vec<(&str, &str)> = known.iter().map(|it| (it.label(), it.address.as_ref().unwrap().as_str())).collect();
    assert_eq!(known, [("Fuser Repairs", "repairs@fuser.example"), ("Ann", "ann@courier.example")]);
}
