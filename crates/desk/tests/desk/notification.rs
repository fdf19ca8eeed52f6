//! Who is told of what, in the desk and by mail; nobody of their own act, and each once.

use std::time::Duration;

use channels::{Security, Tls};
use desk::{Ctx, Desk, Error, Fixed, Post, Seeded};
use domain::{Away, Choices, Fact, MailRhythm, Member, NotificationKind, Role, Timestamp, Word};
use store::notification::{self, Line};
use store::{Lock, Scope, follower};
use testkit::scripted::{Scripted, Turn};
use testkit::{Home, Letter, Stage, both};
use uuid::Uuid;

use crate::case::reply;
use crate::outbox::{accepts, hear, mailbox, same_keys, session};

both!(
    whose_case_it_is_is_told_and_nobody_of_their_own_act,
    what_is_not_seen_is_one_line,
    whoever_follows_is_told_of_messages,
    who_is_named_in_a_note_is_told_and_follows,
    who_cannot_see_a_case_is_not_named_in_it,
    what_one_may_see_no_longer_is_not_told,
    a_clock_is_told_of_once,
    a_mail_tells_once_what_is_not_seen,
    a_mail_that_was_handed_over_is_not_sent_again,
    a_server_that_says_later_is_asked_again,
    what_is_seen_or_away_or_unwanted_is_not_mailed,
    a_case_that_is_deleted_takes_what_was_told_along,
);

const RUTH: &str = "Ruth Alvarez <ruth@northwind.example>";
const ALL: &[NotificationKind] = NotificationKind::ALL;

pub async fn lines(stage: &Stage, who: &Member) -> Vec<Line> {
    let scope = Scope::of(who);
    stage.desk.db.read(async move |rx| notification::page(rx, &scope, ALL, None).await).await.unwrap().lines
}

/// What somebody has not seen, newest first: the kind, and how often.
pub async fn told(stage: &Stage, who: &Member) -> Vec<(&'static str, i64)> {
    lines(stage, who).await.iter().filter(|it| !it.seen).map(|it| (it.kind.word(), it.count)).collect()
}

async fn count(stage: &Stage, who: &Member) -> i64 {
    let scope = Scope::of(who);
    stage.desk.db.read(async move |rx| notification::unseen(rx, &scope, ALL).await).await.unwrap()
}

/// A case, and a letter of its thread.
async fn case(stage: &Stage) -> (i64, Letter) {
    let letter = Letter::from(RUTH).subject("Smoke").text("It smokes.");
    let number = stage.file(&letter).await.number;
    (number, Letter::from(RUTH).subject("Re: Smoke").text("It burns.").answers(&letter.id()))
}

async fn writes(stage: &Stage, letter: &Letter, id: &str) {
    stage.pass(Duration::from_secs(1));
    stage.file(&letter.clone().message_id(id)).await;
}

async fn whose_case_it_is_is_told_and_nobody_of_their_own_act(home: &Home) {
    let stage = Stage::new(home).await;
    let Stage { desk, ines, jonas, .. } = &stage;
    let (number, again) = case(&stage).await;
    assert_eq!(told(&stage, jonas).await, [], "a case of nobody's is told to nobody");
    desk.assign(jonas, number, Some(jonas.id)).await.unwrap();
    assert_eq!(told(&stage, jonas).await, [], "he took it himself");
    desk.assign(ines, number, None).await.unwrap();
    desk.assign(ines, number, Some(jonas.id)).await.unwrap();
    writes(&stage, &again, "<2@mail.example>").await;
    assert_eq!(told(&stage, jonas).await, [("message", 1), ("assigned", 1)]);
    let line = lines(&stage, jonas).await.remove(0);
    assert_eq!((line.name.as_str(), line.line.as_str(), line.by), ("Ruth Alvarez", "It burns.", None));
    assert_eq!((line.number, line.subject.as_str(), line.customer.as_str()), (number, "Smoke", "Ruth Alvarez"));
    desk.reply(jonas, number, reply("Pull the plug.", "ruth@northwind.example")).await.unwrap();
    assert_eq!(told(&stage, jonas).await.len(), 2, "what he writes himself is no news to him");
    assert_eq!(told(&stage, ines).await, [], "nothing is hers");
    // A machine is no reason to look.
    writes(&stage, &again.header("Auto-Submitted", "auto-replied"), "<3@mail.example>").await;
    assert_eq!(told(&stage, jonas).await.len(), 2);
}

async fn what_is_not_seen_is_one_line(home: &Home) {
    let stage = Stage::new(home).await;
    let Stage { desk, ines, jonas, claire, .. } = &stage;
    let (number, again) = case(&stage).await;
    desk.assign(ines, number, Some(jonas.id)).await.unwrap();
    for id in ["<2@mail.example>", "<3@mail.example>", "<4@mail.example>"] {
        writes(&stage, &again, id).await;
    }
    assert_eq!(told(&stage, jonas).await, [("message", 3), ("assigned", 1)]);
    assert_eq!(count(&stage, jonas).await, 2);
    assert!(matches!(desk.see_case(claire, number).await, Err(Error::NotFound)), "she does not see the case");
    desk.see_case(ines, number).await.unwrap();
    assert_eq!(count(&stage, jonas).await, 2, "what Ines looks at, Jonas has not seen");
    desk.see_case(jonas, number).await.unwrap();
    desk.see_case(jonas, number).await.unwrap();
    assert_eq!(count(&stage, jonas).await, 0);
    writes(&stage, &again, "<5@mail.example>").await;
    assert_eq!(told(&stage, jonas).await, [("message", 1)]);
    assert_eq!(lines(&stage, jonas).await.len(), 3, "what was seen stays in the list");
    desk.see_all(ines).await.unwrap();
    assert_eq!(count(&stage, jonas).await, 1, "each reads their own");
    desk.see_all(jonas).await.unwrap();
    assert_eq!(count(&stage, jonas).await, 0);
}

async fn whoever_follows_is_told_of_messages(home: &Home) {
    let stage = Stage::new(home).await;
    let Stage { desk, ines, jonas, claire, .. } = &stage;
    let (number, again) = case(&stage).await;
    assert!(matches!(desk.follow(claire, number).await, Err(Error::NotFound)), "not a case of hers");
    let entries = stage.spine(ines, number).await.unwrap().entries.len();
    for _ in 0..2 {
        desk.follow(ines, number).await.unwrap();
    }
    assert_eq!(stage.spine(ines, number).await.unwrap().entries.len(), entries, "it is quiet");
    writes(&stage, &again, "<2@mail.example>").await;
    desk.reply(jonas, number, reply("Pull the plug.", "ruth@northwind.example")).await.unwrap();
    assert_eq!(told(&stage, ines).await, [("message", 2)]);
    desk.follow(jonas, number).await.unwrap();
    desk.unfollow(ines, number).await.unwrap();
    desk.see_all(ines).await.unwrap();
    writes(&stage, &again, "<3@mail.example>").await;
    assert_eq!(told(&stage, ines).await, []);
    assert_eq!(told(&stage, jonas).await, [("message", 1)], "his and followed: told once");
    desk.unfollow(jonas, number).await.unwrap();
    assert!(!stage.spine(ines, number).await.unwrap().case.followed);
}

async fn who_is_named_in_a_note_is_told_and_follows(home: &Home) {
    let stage = Stage::new(home).await;
    let Stage { desk, ines, jonas, .. } = &stage;
    let (number, again) = case(&stage).await;
    desk.note(ines, number, "@Jonas Feld and @ines, who knows? jonas@feld.example".into()).await.unwrap();
    let spine = stage.spine(ines, number).await.unwrap();
    let Fact::Noted { mentions, .. } = &spine.entries.last().unwrap().fact else { panic!("no note") };
    assert_eq!(mentions[..], [jonas.id, ines.id]);
    assert_eq!(told(&stage, jonas).await, [("mentioned", 1)]);
    assert_eq!(told(&stage, ines).await, [], "whoever names themselves knows");
    let line = lines(&stage, jonas).await.remove(0);
    assert_eq!((line.by, line.entry), (Some(ines.id), spine.entries.last().unwrap().number));
    assert!(line.line.starts_with("@Jonas Feld and @ines"), "{}", line.line);
    writes(&stage, &again, "<2@mail.example>").await;
    assert_eq!(told(&stage, jonas).await, [("message", 1), ("mentioned", 1)], "he follows it now");
    desk.unfollow(jonas, number).await.unwrap();
    writes(&stage, &again, "<3@mail.example>").await;
    assert_eq!(told(&stage, jonas).await, [("message", 1), ("mentioned", 1)], "and may leave");
}

async fn who_cannot_see_a_case_is_not_named_in_it(home: &Home) {
    let stage = Stage::new(home).await;
    let Stage { desk, ines, claire, finance, .. } = &stage;
    let (number, _) = case(&stage).await;
    let refused = desk.note(ines, number, "@Claire Dubois, is this paid?".into()).await.unwrap_err();
    let Error::Invalid { field: "text", why } = refused else { panic!("{refused:?}") };
    assert!(why.starts_with("Claire Dubois cannot see this case."), "{why}");
    desk.give_to(ines, number, Some(*finance)).await.unwrap();
    desk.note(ines, number, "@Claire, is this paid?".into()).await.unwrap();
    assert_eq!(told(&stage, claire).await, [("mentioned", 1)]);
}

async fn what_one_may_see_no_longer_is_not_told(home: &Home) {
    let stage = Stage::new(home).await;
    let Stage { desk, ines, claire, finance, .. } = &stage;
    let (number, again) = case(&stage).await;
    desk.give_to(ines, number, Some(*finance)).await.unwrap();
    desk.note(ines, number, "@Claire, is this paid?".into()).await.unwrap();
    desk.give_to(ines, number, None).await.unwrap();
    writes(&stage, &again, "<2@mail.example>").await;
    assert_eq!((lines(&stage, claire).await, count(&stage, claire).await), (Vec::new(), 0));
}

async fn a_clock_is_told_of_once(home: &Home) {
    let stage = Stage::new(home).await;
    let Stage { desk, ines, jonas, .. } = &stage;
    let (number, _) = case(&stage).await;
    desk.assign(jonas, number, Some(jonas.id)).await.unwrap();
    desk.follow(ines, number).await.unwrap();
    desk.follow(jonas, number).await.unwrap();
    let case = stage.spine(ines, number).await.unwrap().case;
    let due = desk.now().after(Duration::from_mins(15));
    for _ in 0..2 {
        let (it, case) = (desk.clone(), case.clone());
        let warn =
            desk.db.write([Lock::Customer(case.customer)], async move |tx| it.notify_clock(tx, &case, due).await);
        warn.await.unwrap();
    }
    assert_eq!(told(&stage, jonas).await, [("clock", 2)]);
    assert_eq!(lines(&stage, ines).await[0].due, Some(due));
}

/// A stage whose mail is taken by a server.
async fn by_mail(home: &Home, scripts: Vec<Vec<Turn>>) -> (Stage, Scripted, i64, Letter) {
    let server = Scripted::start(scripts).await;
    let post = Post::Servers(Tls::new(None).unwrap());
    let mut stage = Stage::with(home, post, Some(mailbox(Some(server.server(Security::Plain))))).await;
    stage.desk = stage.desk.reached_at("https://desk.example/");
    let (number, again) = case(&stage).await;
    (stage, server, number, again)
}

async fn rhythm(stage: &Stage, who: &Member, rhythm: MailRhythm) {
    let choices = Choices { rhythm, mail: ALL.to_vec(), ..Choices::default() };
    stage.desk.choose(who, choices).await.unwrap();
}

async fn a_mail_tells_once_what_is_not_seen(home: &Home) {
    let (stage, server, number, again) = by_mail(home, vec![accepts()]).await;
    let Stage { desk, ines, jonas, .. } = &stage;
    rhythm(&stage, jonas, MailRhythm::Soon).await;
    desk.note(ines, number, "@Jonas Feld, is <this> yours?".into()).await.unwrap();
    writes(&stage, &again, "<2@mail.example>").await;
    desk.reconcile_once(false).await.unwrap();
    assert_eq!(desk.work_off().await.unwrap(), 0, "it waits a while, for he may look");
    stage.pass(Duration::from_mins(10));
    for _ in 0..3 {
        desk.reconcile_once(false).await.unwrap();
    }
    // A process that dies with the job in its hands leaves it to another.
    let names = ["digest"];
    let held = store::job::claim(&desk.db, Uuid::from_u128(99), &names, desk.now(), 9).await.unwrap();
    assert_eq!(held.len(), 1, "one mail");
    stage.pass(Duration::from_mins(6));
    let ctx = Ctx::new(Fixed(desk.now()), Seeded::new(8));
    let post = Post::Servers(Tls::new(None).unwrap());
    let other =
        Desk::new(desk.db.clone(), ctx, same_keys(), post, Uuid::from_u128(8)).reached_at("https://desk.example");
    assert_eq!(other.work_off().await.unwrap(), 1);
    desk.reconcile_once(false).await.unwrap();
    assert_eq!(desk.work_off().await.unwrap(), 0);
    let mails = server.mails();
    assert_eq!(mails.len(), 1, "{mails:?}");
    let mail = mails[0].replace("=\r\n", "");
    for part in [
        "2 notifications",
        "To: \"Jonas Feld\" <jonas@desk.example>",
        "Ines Okafor mentions you in case 1",
        "It burns.",
    ] {
        assert!(mail.contains(part), "no {part} in {mail}");
    }
    assert!(mail.contains("https://desk.example/cases/1"), "{mail}");
    assert!(mail.contains("Auto-Submitted"), "nobody's machine answers: {mail}");
    // What comes after is told by another.
    writes(&stage, &again, "<3@mail.example>").await;
    stage.pass(Duration::from_mins(10));
    desk.reconcile_once(false).await.unwrap();
    desk.work_off().await.unwrap();
    assert_eq!(server.mails().len(), 2);
    assert!(server.mails()[1].contains("2 new messages in case 1"), "{}", server.mails()[1]);
}

async fn digests(stage: &Stage) -> Vec<domain::DigestId> {
    let sql = "select id from digests order by id";
    stage.desk.db.read(async move |rx| rx.all(sql, &[]).await).await.unwrap_or_else(|err: store::Error| panic!("{err}"))
}

async fn a_mail_that_was_handed_over_is_not_sent_again(home: &Home) {
    let (stage, server, number, _) = by_mail(home, vec![accepts()]).await;
    let Stage { desk, ines, jonas, .. } = &stage;
    desk.assign(ines, number, Some(jonas.id)).await.unwrap();
    stage.pass(Duration::from_hours(1));
    desk.reconcile_once(false).await.unwrap();
    // The process died after the end of the mail, before it could write down what the server said.
    let id = digests(&stage).await[0];
    let handed = desk.db.write([], async move |tx| notification::digest::hand(tx, id).await).await;
    assert!(handed.unwrap_or_else(|err: store::Error| panic!("{err}")));
    desk.work_off().await.unwrap();
    assert_eq!((server.connections(), digests(&stage).await.len()), (0, 0));
    assert_eq!(told(&stage, jonas).await, [("assigned", 1)], "it stands in his list");
}

async fn a_server_that_says_later_is_asked_again(home: &Home) {
    let busy = session(vec![hear("MAIL", "451 later\r\n"), Turn::Close]);
    let (stage, server, number, _) = by_mail(home, vec![busy, accepts()]).await;
    let Stage { desk, ines, jonas, .. } = &stage;
    desk.assign(ines, number, Some(jonas.id)).await.unwrap();
    stage.pass(Duration::from_hours(1));
    desk.reconcile_once(false).await.unwrap();
    desk.work_off().await.unwrap();
    assert_eq!(server.mails().len(), 0);
    stage.pass(Duration::from_secs(15));
    desk.work_off().await.unwrap();
    assert_eq!((server.mails().len(), digests(&stage).await.len()), (1, 0));
    assert!(server.mails()[0].contains("Ines Okafor gave you case 1: Smoke"), "{}", server.mails()[0]);
}

async fn what_is_seen_or_away_or_unwanted_is_not_mailed(home: &Home) {
    let (stage, server, number, again) = by_mail(home, vec![accepts()]).await;
    let Stage { desk, ines, jonas, .. } = &stage;
    let mailed = async || {
        stage.pass(Duration::from_hours(1));
        desk.reconcile_once(false).await.unwrap();
        desk.work_off().await.unwrap();
        server.mails().len()
    };
    desk.assign(ines, number, Some(jonas.id)).await.unwrap();
    desk.see_case(jonas, number).await.unwrap();
    assert_eq!(mailed().await, 0, "he has seen it");
    writes(&stage, &again, "<2@mail.example>").await;
    assert_eq!(mailed().await, 0, "messages are not told by mail unless somebody wants it");
    rhythm(&stage, jonas, MailRhythm::Never).await;
    assert_eq!(mailed().await, 0);
    rhythm(&stage, jonas, MailRhythm::Hourly).await;
    assert!(matches!(desk.set_away(jonas, Some(Away { until: Some(Timestamp(0)) })).await, Err(Error::Invalid { .. })));
    desk.set_away(jonas, Some(Away { until: Some(desk.now().after(Duration::from_hours(3))) })).await.unwrap();
    assert_eq!((mailed().await, mailed().await), (0, 0), "he is away");
    assert_eq!(count(&stage, jonas).await, 1, "the list goes on");
    assert_eq!(mailed().await, 1, "and back");
    // It is told to nobody who does not work here any more.
    let gone =
        desk.add_staff("Priya Raman", "priya@desk.example", Role::Agent, testkit::stage::PASSWORD).await.unwrap();
    desk.assign(ines, number, Some(gone)).await.unwrap();
    desk.leave(ines, gone).await.unwrap();
    assert_eq!(mailed().await, 1);
}

async fn a_case_that_is_deleted_takes_what_was_told_along(home: &Home) {
    let stage = Stage::new(home).await;
    let Stage { desk, ines, jonas, .. } = &stage;
    let (number, _) = case(&stage).await;
    desk.assign(ines, number, Some(jonas.id)).await.unwrap();
    desk.follow(jonas, number).await.unwrap();
    let case = stage.spine(ines, number).await.unwrap().case;
    desk.put_aside(ines, number, domain::Aside::Trash).await.unwrap();
    desk.delete_for_good(ines, number).await.unwrap();
    let (customer, id) = (case.customer, case.id);
    let followers = desk.db.read(async move |rx| follower::of(rx, customer, id).await).await.unwrap();
    assert_eq!((followers, lines(&stage, jonas).await), (Vec::new(), Vec::new()));
}
