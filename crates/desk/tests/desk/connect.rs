//! A mailbox is connected, for real: the test that sends a mail to itself, further addresses, another name for sending,
//! older mail, and a server that numbers its mails anew.

use std::time::Duration;

use channels::{Security, Tls};
use desk::Post;
use desk::channel::{Detail, How, NewMailbox, Outcome, StepName, servers};
use domain::{Automatic, ChannelId, Email, HistoryState, Status};
use store::history::{self, History};
use store::{Scope, inbound};
use testkit::mail_server::MailServer;
use testkit::{Home, Letter, Stage};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

testkit::both!(
    a_test_proves_where_answers_may_go,
    an_address_leads_into_one_mailbox_and_is_ours,
    older_mail_comes_closed_and_silent_and_once,
    a_server_that_numbers_its_mails_anew_loses_and_doubles_nothing,
    what_the_server_does_not_give_is_told_and_holds_nothing_up,
);

const US: &str = "support@desk.example";
const RELAY: &str = "relay@desk.example";
const RUTH: &str = "ruth@customer.example";

struct House {
    server: MailServer,
    stage: Stage,
}

async fn house(home: &Home) -> House {
    let server = MailServer::start().await;
    server.add_user(US, "mailbox secret");
    server.add_user(RELAY, "relay secret");
    server.add_user(RUTH, "ruth's secret");
    let tls = Tls::new(Some(&server.ca_file())).unwrap();
    let stage = Stage::with(home, Post::Servers(tls), Some(mailbox(&server))).await;
    House { server, stage }
}

fn mailbox(server: &MailServer) -> NewMailbox {
    NewMailbox {
        name: "Tareline Support".to_owned(),
        address: US.to_owned(),
        reading: Some(server.imap_server(Security::Tls)),
        sending: Some(server.smtp_server(Security::Starttls)),
        password: "mailbox secret".to_owned(),
        sending_user: RELAY.to_owned(),
        sending_password: "relay secret".to_owned(),
        ..NewMailbox::default()
    }
}

impl House {
    fn id(&self) -> ChannelId {
        self.stage.mailbox.id
    }

    /// Reads the mailbox until it is stopped.
    fn read(&self) -> (CancellationToken, JoinHandle<()>) {
        let (desk, stop) = (self.stage.desk.clone(), CancellationToken::new());
        let until = stop.clone();
        (stop, tokio::spawn(async move { desk.read_mailboxes(until).await }))
    }

    /// Waits until the database says so.
    async fn until(&self, what: &str, so: impl AsyncFn(&Stage) -> bool) {
        let mut news = self.stage.desk.db.news();
        let wait = async {
            while !so(&self.stage).await {
                // What was hushed is not heard of.
                tokio::time::timeout(Duration::from_millis(50), news.recv()).await.ok();
            }
        };
        let waited = tokio::time::timeout(Duration::from_mins(1), wait).await;
        assert!(waited.is_ok(), "not {what}: {:?}, {:?}", subjects(&self.stage).await, history_of(&self.stage).await);
    }
}

/// The subject and status of every case, in order.
async fn subjects(stage: &Stage) -> Vec<(String, Status)> {
    let read = stage.desk.db.read(async |rx| {
        let subjects = rx.all::<String>("select subject from cases order by number", &[]).await?;
        let states = rx.all::<Status>("select status from cases order by number", &[]).await?;
        Ok::<_, store::Error>(subjects.into_iter().zip(states).collect())
    });
    read.await.unwrap()
}

async fn messages(stage: &Stage) -> i64 {
    let read = stage.desk.db.read(async |rx| rx.one::<i64>("select count(*) from messages", &[]).await);
    read.await.unwrap()
}

async fn history_of(stage: &Stage) -> Option<History> {
    let id = stage.mailbox.id;
    stage.desk.db.read(async move |rx| history::find(rx, id).await).await.unwrap()
}

async fn is_live(stage: &Stage) -> bool {
    let id = stage.mailbox.id;
    let it = stage.desk.db.read(async move |rx| store::mailbox::find(rx, id).await).await.unwrap();
    it.is_some_and(|it| it.validity > 0 && it.state == domain::MailboxState::Live)
}

async fn proof(stage: &Stage) -> Option<desk::channel::Proof> {
    let id = stage.mailbox.id;
    let channel = stage.desk.db.read(async move |rx| store::channel::find(rx, id).await).await.unwrap().unwrap();
    servers(&channel).unwrap().proof
}

async fn a_test_proves_where_answers_may_go(home: &Home) {
    let it = house(home).await;
    let (stage, id) = (&it.stage, it.id());
    let (stop, task) = it.read();
    it.until("live", is_live).await;

    // With the passwords that are kept; the other name signs in for sending.
    let empty = NewMailbox { password: String::new(), sending_password: String::new(), ..mailbox(&it.server) };
    let trial = stage.desk.try_mailbox(Some(id), &empty, How::Given).await.unwrap();
    let tested = trial.run(|_| ()).await.unwrap();
    let fine = tested.steps.iter().all(|it| matches!(it.outcome, Outcome::Ok(_)));
    assert!(fine && tested.steps.len() == 6, "{:?}", tested.steps);
    let last = tested.steps.last().unwrap();
    assert!(matches!(&last.outcome, Outcome::Ok(Detail::PlusKept { .. })) && last.name == StepName::PlusAddress);
    assert!(proof(stage).await.is_some_and(|it| it.plus), "it is kept with the mailbox");

    // What was proven goes with these servers alone, and with whoever hands it in.
    let kept = NewMailbox { tested: tested.receipt.clone(), ..mailbox(&it.server) };
    let other = NewMailbox { sending: Some(it.server.smtp_server(Security::Tls)), ..kept.clone() };
    stage.desk.set_mailbox(&stage.ines, Some(id), other).await.unwrap();
    assert_eq!(proof(stage).await, None, "another way was not tested");
    stage.desk.set_mailbox(&stage.ines, Some(id), kept).await.unwrap();
    assert!(proof(stage).await.is_some_and(|it| it.plus));

    // An answer goes to an address of its own, and finds its case without any other trace.
    let first = Letter::from(&format!("Ruth Alvarez <{RUTH}>")).to(US).subject("The printer is on fire").text("Help.");
    it.server.deliver(&first.raw(), US).await;
    it.until("one case", async |stage| subjects(stage).await.len() == 1).await;
    let number = stage.desk.db.read(async |rx| rx.one::<i64>("select number from cases", &[]).await).await.unwrap();
    stage.desk.reply(&stage.ines, number, crate::case::reply("Pull the plug.", RUTH)).await.unwrap();
    stage.pass(desk::outbox::HOLD);
    stage.desk.work_off().await.unwrap();
    let raw = it.server.wait_for(RUTH, 1).await.remove(0);
    let answer = mail::read(&raw, &mail::Receiver { authserv_id: None, own: &[] }).unwrap();
    let reply_to = answer.reply_to[0].address.clone().unwrap();
    assert!(reply_to.as_str().starts_with("support+") && reply_to.domain() == "desk.example", "{reply_to}");
    let bare = Letter::from(RUTH).to(reply_to.as_str()).subject("It stopped").text("Thank you!");
    it.server.deliver(&bare.raw(), reply_to.as_str()).await;
    it.until("joined", async |stage| messages(stage).await == 3).await;
    assert_eq!(subjects(stage).await.len(), 1, "the mails of the test are no cases, and the answer joined");
    stop.cancel();
    task.await.unwrap();
}

async fn an_address_leads_into_one_mailbox_and_is_ours(home: &Home) {
    let stage = Stage::new(home).await;
    let with = |address: &str, aliases: &[&str]| NewMailbox {
        address: address.to_owned(),
        aliases: aliases.iter().map(|it| (*it).to_owned()).collect(),
        ..NewMailbox::default()
    };
    let sales = with("sales@desk.example", &["orders@desk.example", " ", "Orders@desk.example", "sales@desk.example"]);
    let id = stage.desk.set_mailbox(&stage.ines, None, sales.clone()).await.unwrap();
    let channel = stage.desk.db.read(async move |rx| store::channel::find(rx, id).await).await.unwrap().unwrap();
    assert_eq!(channel.aliases, [Email::parse("orders@desk.example").unwrap()], "each once");
    stage.desk.set_mailbox(&stage.ines, Some(id), sales).await.unwrap();

    for (taken, field) in [
        (with("orders@desk.example", &[]), "address"),
        (with("billing@desk.example", &["sales@desk.example"]), "aliases"),
        (with("billing@desk.example", &["orders@desk.example"]), "aliases"),
        (with("billing@desk.example", &["no address"]), "aliases"),
    ] {
        let refused = stage.desk.set_mailbox(&stage.ines, None, taken.clone()).await.unwrap_err();
        assert!(matches!(refused, desk::Error::Invalid { field: at, .. } if at == field), "{taken:?}: {refused:?}");
    }
    // Whoever reads asks which addresses are ours each time.
    let mailbox = stage.desk.mailbox(stage.mailbox.id).await.unwrap().unwrap();
    let letter = Letter::from("Orders <orders@desk.example>").text("from ourselves");
    match stage.desk.receive(&mailbox, letter.raw(), stage.desk.now()).await.unwrap() {
        desk::mail::Receipt::Filed(it) => assert_eq!(it.automatic, Some(Automatic::OwnAddress)),
        other => panic!("{other:?}"),
    }
}

async fn older_mail_comes_closed_and_silent_and_once(home: &Home) {
    let it = house(home).await;
    let stage = &it.stage;
    let first = Letter::from(RUTH).to(US).subject("Old question").text("How?");
    it.server.deliver(&first.raw(), US).await;
    let second = Letter::from(RUTH).to(US).subject("Re: Old question").text("I found out.").answers(&first.id());
    it.server.deliver(&second.raw(), US).await;
    for count in 0..70 {
        let old = Letter::from(RUTH).to(US).subject(&format!("Old {count}")).text("Long ago.");
        it.server.deliver(&old.raw(), US).await;
    }
    let mut news = stage.desk.db.news();
    stage.desk.bring_in(&stage.ines, it.id(), 30).await.unwrap();
    assert!(stage.desk.bring_in(&stage.jonas, it.id(), 30).await.is_err(), "an agent changes no settings");
    let (stop, task) = it.read();
    it.until("begun", async |stage| history_of(stage).await.is_some_and(|it| it.done > 0)).await;
    // The desk stops in the middle, and goes on where it was.
    stop.cancel();
    task.await.unwrap();
    let (stop, task) = it.read();
    let done = async |stage: &Stage| history_of(stage).await.is_some_and(|it| it.state == HistoryState::Done);
    it.until("all there", done).await;
    let history = history_of(stage).await.unwrap();
    assert_eq!((history.done, history.total, history.left_out), (72, 72, 0));
    let cases = subjects(stage).await;
    assert_eq!((cases.len(), messages(stage).await), (71, 72), "a thread is one case");
    assert!(cases.iter().all(|it| it.1 == Status::Closed), "{cases:?}");
    let mut told = 0;
    while let Ok(hint) = news.try_recv() {
        told += usize::from(matches!(hint, store::News::Changed(hint) if hint.as_str().starts_with("case ")));
    }
    assert_eq!(told, 0, "nobody is told of a case");

    // Once more changes nothing, and what is new is as new as ever.
    stage.desk.bring_in(&stage.ines, it.id(), 30).await.unwrap();
    it.until("looked at again", done).await;
    let new = Letter::from(RUTH).to(US).subject("Re: Old question").text("Once more.").answers(&first.id());
    it.server.deliver(&new.raw(), US).await;
    it.until("a new case", async |stage| messages(stage).await == 73).await;
    let cases = subjects(stage).await;
    assert_eq!(cases.last().map(|it| it.1), Some(Status::New), "an answer to a closed case opens another");
    assert_eq!(cases.len(), 72);
    stop.cancel();
    task.await.unwrap();
}

async fn a_server_that_numbers_its_mails_anew_loses_and_doubles_nothing(home: &Home) {
    let it = house(home).await;
    let (stop, task) = it.read();
    it.until("live", is_live).await;
    for subject in ["one", "two"] {
        it.server.deliver(&Letter::from(RUTH).to(US).subject(subject).text(subject).raw(), US).await;
    }
    it.until("two cases", async |stage| subjects(stage).await.len() == 2).await;
    it.server.stop();
    it.server.number_anew(US);
    it.server.restart().await;
    it.server.deliver(&Letter::from(RUTH).to(US).subject("three").text("three").raw(), US).await;
    it.until("three cases", async |stage| subjects(stage).await.len() == 3).await;
    let number = it.stage.mailbox.id;
    let place = it.stage.desk.db.read(async move |rx| store::mailbox::find(rx, number).await).await.unwrap().unwrap();
    assert_eq!(place.validity, 1_234_567, "under the new numbers");
    assert_eq!(messages(&it.stage).await, 3);
    stop.cancel();
    task.await.unwrap();
}

/// What lies in quarantine, in the order of what stands with it.
async fn kept_back(stage: &Stage) -> Vec<inbound::Line> {
    let (id, scope) = (stage.mailbox.id, Scope::of(&stage.ines));
    let mut lines = stage.desk.db.read(async move |rx| inbound::page(rx, &scope, id, None).await).await.unwrap().0;
    lines.sort_by(|one, other| one.error.cmp(&other.error));
    lines
}

async fn what_the_server_does_not_give_is_told_and_holds_nothing_up(home: &Home) {
    let it = house(home).await;
    let stage = &it.stage;
    let (stop, task) = it.read();
    it.until("live", is_live).await;
    stop.cancel();
    task.await.unwrap();

    let letter = |subject: &str| Letter::from(RUTH).to(US).subject(subject).text(subject);
    it.server.deliver(&letter("Before").raw(), US).await;
    it.server.deliver(&letter("Locked away").raw(), US).await;
    it.server.withhold(US, "Locked away");
    it.server.deliver(&letter("Huge").file("film.mov", &vec![7; 38 << 20]).raw(), US).await;
    it.server.deliver(&letter("After").raw(), US).await;
    let (stop, task) = it.read();
    it.until("the last one is here", async |stage| subjects(stage).await.len() == 2).await;
    assert_eq!(subjects(stage).await.iter().map(|it| it.0.as_str()).collect::<Vec<_>>(), ["Before", "After"]);

    let lines = kept_back(stage).await;
    let why: Vec<&str> = lines.iter().filter_map(|it| it.error.as_deref()).collect();
    assert!(why[0].contains("does not give it") && why[1].contains("MB, which is more"), "{why:?}");
    assert!(why.iter().all(|it| it.contains("still in the mailbox")) && lines.iter().all(|it| !it.whole), "{lines:?}");

    // To try what is not here is in vain, and loses nothing; whoever wants it gets a case with what is known of it.
    let (desk, huge) = (&stage.desk, lines[1].id);
    desk.try_all_again(&stage.ines, it.id()).await.unwrap();
    desk.try_again(&stage.ines, it.id(), huge).await.unwrap();
    desk.work_off().await.unwrap();
    assert_eq!(kept_back(stage).await, lines);
    let number = desk.release_inbound(&stage.ines, it.id(), huge).await.unwrap().unwrap();
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    assert_eq!(spine.case.subject, "Huge");
    let message = spine.messages.values().next().unwrap();
    assert!(message.sender.address.as_ref().is_some_and(|it| it.as_str() == RUTH), "{:?}", message.sender);

    // Nor does it hold up older mail.
    desk.bring_in(&stage.ines, it.id(), 30).await.unwrap();
    let done = async |stage: &Stage| history_of(stage).await.is_some_and(|it| it.state == HistoryState::Done);
    it.until("all looked at", done).await;
    let history = history_of(stage).await.unwrap();
    assert_eq!((history.done, history.total, history.left_out), (4, 4, 2));
    assert_eq!(subjects(stage).await.len(), 3, "the others are here already");
    stop.cancel();
    task.await.unwrap();
}
