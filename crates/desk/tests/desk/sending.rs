//! An answer on its way: held, taken back, with some of its recipients, dressed, signed.

use std::time::Duration;

use channels::{Security, Tls};
use desk::case::{Reply, addresses};
use desk::channel::NewMailbox;
use desk::outbox::HOLD;
use desk::{Ctx, Desk, Error, Fixed, Post, Seeded, Upload};
use domain::{Automatic, Direction, DraftKind, Fact, Message, MessageId, MessageState, Obstacle, Status};
use store::draft::{Draft, own};
use store::{Lock, Scope, dkim};
use testkit::scripted::{Scripted, Turn};
use testkit::{Home, Letter, Stage};
use uuid::Uuid;

use crate::outbox::{accepts, hear, mailbox, message, same_keys, session};

testkit::both!(
    an_answer_waits_before_it_leaves,
    an_answer_leaves_when_its_writer_says,
    what_is_taken_back_is_a_draft_again_and_its_case_as_before,
    what_has_begun_to_leave_is_not_taken_back,
    a_case_that_went_on_stays_where_it_is,
    what_was_begun_since_is_not_lost,
    a_form_of_what_was_taken_back_is_not_sent_silently,
    whoever_can_get_it_does_and_the_others_are_named,
    only_those_who_may_get_it_later_are_asked_again,
    an_obstacle_has_a_kind_and_the_servers_words,
    what_waits_for_its_next_try_can_be_tried_now,
    a_dressed_answer_arrives_with_its_picture,
    a_signature_stands_below_both_parts,
    a_signed_mail_verifies,
    what_a_machine_writes_has_no_way_back,
    whom_it_reached_gets_no_second_one,
    another_domain_is_not_signed_for,
);

const RUTH: &str = "Ruth Alvarez <ruth@northwind.example>";
const BOB: &str = "bob@northwind.example";

async fn with(home: &Home, server: &Scripted) -> (Stage, i64) {
    let post = Post::Servers(Tls::new(None).unwrap());
    let stage = Stage::with(home, post, Some(mailbox(Some(server.server(Security::Plain))))).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    (stage, number)
}

fn reply(text: &str) -> Reply {
    crate::case::reply(text, "ruth@northwind.example")
}

async fn draft(stage: &Stage, number: i64) -> Option<Draft> {
    let scope = Scope::of(&stage.ines);
    stage.desk.db.read(async move |rx| own(rx, &scope, number).await).await.unwrap()
}

async fn status(stage: &Stage, number: i64) -> Status {
    stage.spine(&stage.ines, number).await.unwrap().case.status
}

async fn an_answer_waits_before_it_leaves(home: &Home) {
    let server = Scripted::start(vec![accepts()]).await;
    let (stage, number) = with(home, &server).await;
    let id = stage.desk.reply(&stage.ines, number, reply("Pull the plug.")).await.unwrap();
    stage.pass(Duration::from_micros(4_999_999));
    assert_eq!(stage.desk.work_off().await.unwrap(), 0);
    // The process dies; another sends it all the same.
    stage.pass(Duration::from_micros(1));
    let ctx = Ctx::new(Fixed(stage.desk.now()), Seeded::new(8));
    let post = Post::Servers(Tls::new(None).unwrap());
    let other = Desk::new(stage.desk.db.clone(), ctx, same_keys(), post, Uuid::from_u128(8));
    assert_eq!(other.work_off().await.unwrap(), 1);
    assert_eq!(message(&stage, number, id).await.state, MessageState::Sent);
}

async fn an_answer_leaves_when_its_writer_says(home: &Home) {
    let server = Scripted::start(vec![accepts()]).await;
    let (stage, number) = with(home, &server).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let at = desk.now().after(Duration::from_hours(15));
    for wrong in [desk.now(), desk.now().after(Duration::from_hours(24 * 400))] {
        let answer = Reply { leaves: Some(wrong), ..reply("Pull the plug.") };
        assert!(matches!(desk.reply(ines, number, answer).await, Err(Error::Invalid { .. })));
    }
    let later = |text: &str| Reply { leaves: Some(at), ..reply(text) };
    let first = desk.reply(ines, number, later("Pull the plug.")).await.unwrap();
    stage.pass(Duration::from_hours(14));
    assert_eq!(desk.work_off().await.unwrap(), 0);
    // Until then it can be taken back.
    desk.take_back(ines, number, first).await.unwrap();
    assert_eq!(draft(&stage, number).await.unwrap().text, "Pull the plug.");
    let second = desk.reply(ines, number, later("Pull the other plug.")).await.unwrap();
    stage.pass(Duration::from_micros(3_599_999_999));
    desk.work_off().await.unwrap();
    assert_eq!(server.connections(), 0, "nobody was spoken to");
    stage.pass(Duration::from_micros(1));
    desk.work_off().await.unwrap();
    assert_eq!(message(&stage, number, second).await.state, MessageState::Sent);
}

async fn what_is_taken_back_is_a_draft_again_and_its_case_as_before(home: &Home) {
    let server = Scripted::start(vec![]).await;
    let (stage, number) = with(home, &server).await;
    stage.desk.note(&stage.ines, number, "I know this one.".into()).await.unwrap();
    let before = stage.spine(&stage.ines, number).await.unwrap().case;
    let upload = Upload { name: "plan.pdf".to_owned(), media_type: "application/pdf".to_owned(), bytes: vec![1; 9] };
    let answer = Reply { uploads: vec![upload], then: desk::case::Then::Resolved, ..reply("Pull the plug.") };
    let recipients = answer.recipients.clone();
    let id = stage.desk.reply(&stage.ines, number, answer).await.unwrap();
    assert_eq!(status(&stage, number).await, Status::Resolved);
    assert!(matches!(stage.desk.take_back(&stage.jonas, number, id).await, Err(Error::Conflict(_))), "not his");
    assert!(matches!(stage.desk.take_back(&stage.claire, number, id).await, Err(Error::NotFound)), "not for her");
    stage.desk.take_back(&stage.ines, number, id).await.unwrap();
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    assert_eq!(
        (spine.case.status, &spine.case.preview, spine.case.last_at),
        (before.status, &before.preview, before.last_at)
    );
    assert_eq!((spine.case.resolved_at, spine.case.theirs), (None, true));
    assert_eq!(spine.messages[&id].state, MessageState::TakenBack);
    let fact = Fact::TakenBack { message: id, status: Status::Open };
    assert_eq!(spine.entries.last().unwrap().fact, fact);
    let draft = draft(&stage, number).await.unwrap();
    assert_eq!((draft.text.as_str(), draft.recipients, draft.kind), ("Pull the plug.", recipients, DraftKind::Reply));
    assert_eq!(draft.files[0].name, "plan.pdf");
    stage.pass(HOLD);
    stage.desk.work_off().await.unwrap();
    assert_eq!(server.connections(), 0, "nobody was spoken to");
    assert!(stage.desk.take_back(&stage.ines, number, id).await.is_err(), "once");
    // And it can be sent again, with its file.
    let again = Reply { files: vec![draft.files[0].hash.clone()], ..reply("Pull the other plug.") };
    let again = stage.desk.reply(&stage.ines, number, again).await.unwrap();
    assert_eq!(message(&stage, number, again).await.files.len(), 1);
}

async fn what_has_begun_to_leave_is_not_taken_back(home: &Home) {
    let stall = vec![Turn::Say("220 mx.example ESMTP\r\n".to_owned()), Turn::Stall];
    let server = Scripted::start(vec![stall, accepts()]).await;
    let (stage, number) = with(home, &server).await;
    let id = stage.desk.reply(&stage.ines, number, reply("Pull the plug.")).await.unwrap();
    stage.pass(HOLD);
    let desk = stage.desk.clone();
    let worker = tokio::spawn(async move { desk.work_off().await });
    server.wait_for_connections(1).await;
    let refused = stage.desk.take_back(&stage.ines, number, id).await.unwrap_err();
    assert!(refused.to_string().contains("too late"), "{refused}");
    server.hang_up();
    worker.await.unwrap().unwrap();
    // Also while it waits for its next try: somebody may have it already.
    assert!(stage.desk.take_back(&stage.ines, number, id).await.is_err());
    stage.pass(Duration::from_mins(5));
    stage.desk.work_off().await.unwrap();
    assert_eq!(message(&stage, number, id).await.state, MessageState::Sent);
    assert_eq!(draft(&stage, number).await, None);
}

async fn a_case_that_went_on_stays_where_it_is(home: &Home) {
    let stage = Stage::new(home).await;
    let first = Letter::from(RUTH);
    let number = stage.file(&first).await.number;
    let id = stage.desk.reply(&stage.ines, number, reply("Wait.")).await.unwrap();
    stage.pass(Duration::from_secs(1));
    stage.file(&Letter::from(RUTH).text("It is out.").answers(&first.id())).await;
    let id_2 = stage.desk.reply(&stage.ines, number, reply("Good.")).await.unwrap();
    stage.desk.take_back(&stage.ines, number, id).await.unwrap();
    let case = stage.spine(&stage.ines, number).await.unwrap().case;
    assert_eq!((case.status, case.preview.as_str()), (Status::Waiting, "Good."));
    stage.desk.take_back(&stage.ines, number, id_2).await.unwrap();
    let case = stage.spine(&stage.ines, number).await.unwrap().case;
    assert_eq!((case.status, case.preview.as_str()), (Status::Open, "It is out."));
}

async fn what_was_begun_since_is_not_lost(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let nobody = domain::Recipients::default;
    let id = stage.desk.reply(&stage.ines, number, reply("One.")).await.unwrap();
    stage.desk.keep_draft(&stage.ines, number, DraftKind::Reply, "Two.", None, nobody()).await.unwrap();
    stage.desk.take_back(&stage.ines, number, id).await.unwrap();
    assert_eq!(draft(&stage, number).await.unwrap().text, "One.\n\nTwo.");
    // Beside a note that was begun it is part of a note: nothing inside leaves by accident.
    let id = stage.desk.reply(&stage.ines, number, reply("Three.")).await.unwrap();
    stage.desk.keep_draft(&stage.ines, number, DraftKind::Note, "Margins.", None, nobody()).await.unwrap();
    stage.desk.take_back(&stage.ines, number, id).await.unwrap();
    let draft = draft(&stage, number).await.unwrap();
    assert_eq!((draft.text.as_str(), draft.kind), ("Three.\n\nMargins.", DraftKind::Note));
}

async fn a_form_of_what_was_taken_back_is_not_sent_silently(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let answer = Reply { id: Some(stage.desk.id()), ..reply("Once.") };
    let id = stage.desk.reply(&stage.ines, number, answer.clone()).await.unwrap();
    stage.desk.take_back(&stage.ines, number, id).await.unwrap();
    assert!(matches!(stage.desk.reply(&stage.ines, number, answer).await, Err(Error::Conflict(_))));
}

/// A server that takes the sender, and then does this.
fn after_mail(rest: Vec<Turn>) -> Vec<Turn> {
    session([vec![hear("MAIL", "250 ok\r\n")], rest].concat())
}

fn takes() -> Vec<Turn> {
    let mail = Turn::HearMail("250 2.0.0 queued\r\n".to_owned());
    vec![hear("DATA", "354 go on\r\n"), mail, hear("QUIT", "221 bye\r\n")]
}

async fn to_both(stage: &Stage, number: i64) -> MessageId {
    let mut answer = reply("Pull the plug.");
    answer.recipients.cc = addresses("cc", BOB).unwrap();
    let id = stage.desk.reply(&stage.ines, number, answer).await.unwrap();
    stage.pass(HOLD);
    id
}

async fn whoever_can_get_it_does_and_the_others_are_named(home: &Home) {
    let rest = vec![hear("RCPT TO:<ruth", "250 ok\r\n"), hear("RCPT TO:<bob", "550 5.1.1 who is bob\r\n")];
    let server = Scripted::start(vec![after_mail([rest, takes()].concat())]).await;
    let (stage, number) = with(home, &server).await;
    let id = to_both(&stage, number).await;
    stage.desk.work_off().await.unwrap();
    let it = message(&stage, number, id).await;
    assert_eq!((it.state, it.error), (MessageState::Sent, None));
    let missed = it.hindrance.unwrap().missed;
    assert_eq!((missed.len(), missed[0].address.as_str(), missed[0].kind), (1, BOB, Obstacle::NoSuchAddress));
    assert_eq!(missed[0].said, "550 5.1.1 who is bob");
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    let why = "There is no mailbox bob@northwind.example.".to_owned();
    assert_eq!(spine.entries.last().unwrap().fact, Fact::SendFailed { message: id, why });
    stage.desk.write_anew(&stage.ines, number, id, None).await.unwrap();
    let draft = draft(&stage, number).await.unwrap();
    assert!(draft.recipients.to.is_empty());
    assert_eq!((draft.text.as_str(), draft.recipients.cc[0].label()), ("Pull the plug.", BOB));
}

async fn only_those_who_may_get_it_later_are_asked_again(home: &Home) {
    let rest = vec![hear("RCPT TO:<ruth", "250 ok\r\n"), hear("RCPT TO:<bob", "451 4.7.1 later\r\n")];
    let again = vec![hear("RCPT TO:<bob", "250 ok\r\n")];
    let server =
        Scripted::start(vec![after_mail([rest, takes()].concat()), after_mail([again, takes()].concat())]).await;
    let (stage, number) = with(home, &server).await;
    let id = to_both(&stage, number).await;
    stage.desk.work_off().await.unwrap();
    let it = message(&stage, number, id).await;
    assert_eq!((it.state, it.hindrance.unwrap().kind), (MessageState::Sending, Obstacle::Later));
    stage.pass(Duration::from_mins(5));
    stage.desk.work_off().await.unwrap();
    let it = message(&stage, number, id).await;
    assert_eq!((it.state, it.hindrance), (MessageState::Sent, None));
    assert_eq!((server.surprises(), server.mails().len()), (Vec::<String>::new(), 2));
}

async fn an_obstacle_has_a_kind_and_the_servers_words(home: &Home) {
    let bye = || hear("QUIT", "221 bye\r\n");
    let refuses = |line: &str| after_mail(vec![hear("RCPT", line), bye()]);
    let no_sign_in = vec![
        Turn::Say("220 mx.example ESMTP\r\n".to_owned()),
        hear("EHLO", "250-mx.example\r\n250 AUTH PLAIN LOGIN\r\n"),
        hear("AUTH PLAIN", "535 5.7.8 no\r\n"),
    ];
    // Those that are tried again by themselves come last, and all before the first of them is.
    let all = [
        (refuses("550 5.1.1 no such user\r\n"), Obstacle::NoSuchAddress, MessageState::Failed),
        (refuses("550 5.7.1 looks like spam\r\n"), Obstacle::Refused, MessageState::Failed),
        (refuses("552 5.3.4 too big for us\r\n"), Obstacle::TooBig, MessageState::Failed),
        (refuses("552 5.2.2 his mailbox is full\r\n"), Obstacle::Refused, MessageState::Failed),
        (refuses("450 4.2.0 come back\r\n"), Obstacle::Later, MessageState::Sending),
        (no_sign_in, Obstacle::NoSignIn, MessageState::Sending),
        (vec![Turn::Close], Obstacle::NoServer, MessageState::Sending),
    ];
    let server = Scripted::start(all.iter().map(|it| it.0.clone()).collect()).await;
    let (stage, number) = with(home, &server).await;
    for (_, kind, state) in all {
        let id = stage.desk.reply(&stage.ines, number, reply("Pull the plug.")).await.unwrap();
        stage.pass(HOLD);
        assert_eq!(stage.desk.work_off().await.unwrap(), 1);
        let it = message(&stage, number, id).await;
        let hindrance = it.hindrance.unwrap();
        assert_eq!((hindrance.kind, it.state), (kind, state));
        assert_eq!(hindrance.next_at.is_some(), state == MessageState::Sending);
        assert!(!it.error.unwrap().is_empty());
    }
}

async fn what_waits_for_its_next_try_can_be_tried_now(home: &Home) {
    let later = after_mail(vec![hear("RCPT", "451 later\r\n"), hear("QUIT", "221 bye\r\n")]);
    let server = Scripted::start(vec![later, accepts()]).await;
    let (stage, number) = with(home, &server).await;
    let id = stage.desk.reply(&stage.ines, number, reply("Pull the plug.")).await.unwrap();
    assert!(stage.desk.send_again(&stage.ines, number, id).await.is_err(), "it is on its way");
    stage.pass(HOLD);
    stage.desk.work_off().await.unwrap();
    assert_eq!(stage.desk.work_off().await.unwrap(), 0);
    stage.desk.send_again(&stage.ines, number, id).await.unwrap();
    assert_eq!(stage.desk.work_off().await.unwrap(), 1);
    assert_eq!(message(&stage, number, id).await.state, MessageState::Sent);
}

fn back(bytes: &[u8]) -> mail::Mail {
    mail::read(bytes, &mail::Receiver::default()).unwrap()
}

async fn a_dressed_answer_arrives_with_its_picture(home: &Home) {
    let server = Scripted::start(vec![accepts()]).await;
    let (stage, number) = with(home, &server).await;
    let upload = |name: &str, bytes: &[u8]| Upload {
        name: name.to_owned(),
        media_type: "image/png".to_owned(),
        bytes: bytes.to_vec(),
    };
    let refused = stage.desk.attach_picture(&stage.ines, number, upload("x.png", b"<svg>")).await;
    assert!(matches!(refused, Err(Error::Invalid { .. })));
    let png = b"\x89PNG\r\n\x1a\nfire";
    let drafted = stage.desk.attach_picture(&stage.ines, number, upload("fire.png", png)).await.unwrap();
    stage.desk.attach_picture(&stage.ines, number, upload("unused.png", b"\x89PNG\r\n\x1a\nnot used")).await.unwrap();
    let hash = drafted.files[0].hash.clone();
    let html = format!("<div class=x>It <b>burns</b>: <img src=\"cid:{hash}\" alt=fire onerror=x></div>");
    let kept = stage.desk.keep_draft(
        &stage.ines,
        number,
        DraftKind::Reply,
        "It burns:",
        Some(&html),
        domain::Recipients::default(),
    );
    let kept = kept.await.unwrap();
    assert_eq!(kept.html.unwrap(), format!("<div>It <b>burns</b>: <img src=\"cid:{hash}\" alt=\"fire\"></div>"));
    let upload = Upload { name: "plan.pdf".to_owned(), media_type: "application/pdf".to_owned(), bytes: vec![1; 9] };
    let answer = Reply { html: Some(html), uploads: vec![upload], ..reply("It burns:") };
    let id = stage.desk.reply(&stage.ines, number, answer).await.unwrap();
    assert_eq!(draft(&stage, number).await, None, "the picture that it does not show is for nobody");
    stage.pass(HOLD);
    stage.desk.work_off().await.unwrap();
    assert_eq!(message(&stage, number, id).await.state, MessageState::Sent);
    let mail = back(server.mails()[0].as_bytes());
    assert_eq!(mail.text, "It burns: [fire]");
    assert!(mail.html.unwrap().contains("<b>burns</b>: <img src=\"inline/0\" alt=\"fire\">"));
    let files: Vec<(&str, bool)> = mail.files.iter().map(|it| (it.name.as_str(), it.inline)).collect();
    assert_eq!(files, [("fire.png", true), ("plan.pdf", false)]);
    assert_eq!(mail.files[0].bytes, png);
    // Nothing but lines is no HTML of its own.
    let plain = Reply { html: Some("<div>Two  spaces</div>".to_owned()), ..reply("Two  spaces") };
    let id = stage.desk.reply(&stage.ines, number, plain).await.unwrap();
    let it = message(&stage, number, id).await;
    assert_eq!((it.has_html, it.text.as_str()), (false, "Two  spaces"));
}

async fn a_signature_stands_below_both_parts(home: &Home) {
    let server = Scripted::start(vec![accepts(), accepts()]).await;
    let (stage, number) = with(home, &server).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    desk.set_mailbox_signature(ines, stage.mailbox.id, "{signature}\n{organization}, {address}").await.unwrap();
    desk.set_signature(ines, "{first_name} & Co").await.unwrap();
    assert!(matches!(desk.set_mailbox_signature(&stage.jonas, stage.mailbox.id, "x").await, Err(Error::NotFound)));
    let below = "-- \nInes & Co\nTareline, support@desk.example";
    let plain = desk.reply(ines, number, reply("Pull the plug.\n")).await.unwrap();
    let dressed = Reply { html: Some("<div>Pull <b>it</b>.</div>".to_owned()), ..reply("Pull it.") };
    let dressed = desk.reply(ines, number, dressed).await.unwrap();
    let it = message(&stage, number, plain).await;
    assert_eq!((it.text.as_str(), it.own_text()), (format!("Pull the plug.\n\n{below}").as_str(), "Pull the plug."));
    // Taken back, it comes without; sent again, with it once.
    desk.take_back(ines, number, dressed).await.unwrap();
    let kept = draft(&stage, number).await.unwrap();
    assert_eq!((kept.text.as_str(), kept.html.as_deref()), ("Pull it.", Some("<div>Pull <b>it</b>.</div>")));
    desk.reply(ines, number, Reply { html: kept.html, ..reply(&kept.text) }).await.unwrap();
    stage.pass(HOLD);
    desk.work_off().await.unwrap();
    let mut mails: Vec<mail::Mail> = server.mails().iter().map(|it| back(it.as_bytes())).collect();
    mails.sort_by_key(|it| it.text.len());
    assert_eq!(mails[0].text, format!("Pull it.\n\n{below}"));
    assert!(
        mails[0].html.as_ref().unwrap().contains("<div>-- <br>Ines &amp; Co<br>Tareline, support@desk.example</div>")
    );
    assert_eq!(mails[1].text, format!("Pull the plug.\n\n{below}"));
}

async fn a_signed_mail_verifies(home: &Home) {
    let server = Scripted::start(vec![accepts(), accepts()]).await;
    let (stage, number) = with(home, &server).await;
    let (desk, ines, mailbox) = (&stage.desk, &stage.ines, stage.mailbox.id);
    assert!(matches!(desk.make_dkim_key(&stage.jonas, mailbox).await, Err(Error::NotFound)));
    desk.make_dkim_key(ines, mailbox).await.unwrap();
    for on in [false, true] {
        desk.sign_mail(ines, mailbox, on).await.unwrap();
        desk.reply(ines, number, reply("Pull  the plug: ünsafe.\n\n\nBye")).await.unwrap();
        stage.pass(HOLD);
        desk.work_off().await.unwrap();
    }
    let found = desk.db.read(async move |rx| {
        Ok::<_, store::Error>((dkim::find(rx, mailbox).await?, store::channel::find(rx, mailbox).await?))
    });
    let (key, channel) = found.await.unwrap();
    let record = desk::dkim::record(&channel.unwrap(), &key.unwrap().public);
    let mails = server.mails();
    assert_eq!(
        testkit::dkim::verify(mails[0].as_bytes(), &record.name, &record.text.concat()).await.unwrap_err(),
        "0 signatures"
    );
    testkit::dkim::verify(mails[1].as_bytes(), &record.name, &record.text.concat()).await.unwrap();
    let text = &mails[1];
    let forged = [
        text.replacen("Subject: ", "Subject: Not ", 1),
        text.replacen("From: ", "From: eve@desk.example\r\nFrom: ", 1),
        format!("{text}More\r\n"),
    ];
    for forged in forged {
        let verdict = testkit::dkim::verify(forged.as_bytes(), &record.name, &record.text.concat()).await;
        assert!(verdict.is_err(), "{forged}");
    }
    // Whatever unfolds or widens white space on the way changes nothing.
    let relaxed = text.replacen("Subject: ", "SUBJECT:   ", 1);
    testkit::dkim::verify(relaxed.as_bytes(), &record.name, &record.text.concat()).await.unwrap();
}

async fn what_a_machine_writes_has_no_way_back(home: &Home) {
    let server = Scripted::start(vec![accepts()]).await;
    let (stage, number) = with(home, &server).await;
    let id = stage.desk.reply(&stage.ines, number, reply("We have it.")).await.unwrap();
    let written = message(&stage, number, id).await;
    stage.desk.take_back(&stage.ines, number, id).await.unwrap();
    let (desk, new) = (stage.desk.clone(), stage.desk.id::<MessageId>());
    let write = stage.desk.db.write([Lock::Customer(written.customer)], async move |tx| {
        let message = Message {
            id: new,
            direction: Direction::Outbound,
            state: MessageState::Sending,
            staff: None,
            external_id: format!("<{new}@desk.example>"),
            message_id: Some(format!("<{new}@desk.example>")),
            automatic: Some(Automatic::AutoReply),
            ..written.clone()
        };
        store::message::insert(tx, &message, None).await?;
        desk.send_later(tx, &message).await
    });
    write.await.unwrap();
    assert_eq!(stage.desk.work_off().await.unwrap(), 1, "it waits for nobody");
    let heard = server.heard().join("\n");
    assert!(heard.contains("MAIL FROM:<> ") || heard.contains("MAIL FROM:<>\n"), "{heard}");
    let mail = back(server.mails()[0].as_bytes());
    assert_eq!(mail.automatic, Some(Automatic::AutoReply));
}

async fn whom_it_reached_gets_no_second_one(home: &Home) {
    let first = vec![hear("RCPT TO:<ruth", "250 ok\r\n"), hear("RCPT TO:<bob", "451 later\r\n")];
    let vain = vec![hear("RCPT TO:<bob", "451 later\r\n"), hear("QUIT", "221 bye\r\n")];
    let server = Scripted::start(vec![after_mail([first, takes()].concat()), after_mail(vain)]).await;
    let (stage, number) = with(home, &server).await;
    let id = to_both(&stage, number).await;
    stage.desk.work_off().await.unwrap();
    // A week later nobody tries any more.
    stage.pass(Duration::from_hours(24 * 7));
    stage.desk.work_off().await.unwrap();
    let it = message(&stage, number, id).await;
    let missed = it.hindrance.unwrap().missed;
    assert_eq!(missed.iter().map(|it| it.address.as_str()).collect::<Vec<_>>(), [BOB]);
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    assert!(matches!(spine.entries.last().unwrap().fact, Fact::SendFailed { message, .. } if message == id));
    assert!(matches!(stage.desk.send_again(&stage.ines, number, id).await, Err(Error::Conflict(_))), "Ruth has it");
    stage.desk.write_anew(&stage.ines, number, id, None).await.unwrap();
    let draft = draft(&stage, number).await.unwrap();
    assert_eq!(draft.recipients.addresses().map(ToString::to_string).collect::<Vec<_>>(), [BOB]);
    assert_eq!((server.surprises(), server.mails().len()), (Vec::<String>::new(), 1));
}

async fn another_domain_is_not_signed_for(home: &Home) {
    let server = Scripted::start(vec![accepts()]).await;
    let (stage, _) = with(home, &server).await;
    let (desk, ines, id) = (&stage.desk, &stage.ines, stage.mailbox.id);
    desk.make_dkim_key(ines, id).await.unwrap();
    desk.sign_mail(ines, id, true).await.unwrap();
    let signs = async || desk.db.read(async move |rx| dkim::find(rx, id).await).await.unwrap().unwrap().public.on;
    let moved =
        |address: &str| NewMailbox { address: address.to_owned(), ..mailbox(Some(server.server(Security::Plain))) };
    desk.set_mailbox(ines, Some(id), moved("help@desk.example")).await.unwrap();
    assert!(signs().await, "the record of the domain still holds");
    desk.set_mailbox(ines, Some(id), moved("help@elsewhere.example")).await.unwrap();
    assert!(!signs().await, "nobody has put a record there");
}
