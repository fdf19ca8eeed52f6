//! Mailboxes: where they are read, and whose password goes where.

use std::time::Duration;

use channels::{Security, Server, Tls};
use desk::channel::{How, NewMailbox};
use desk::{Error, Post};
use domain::{Automatic, ChannelId, Message, Timestamp};
use store::mailbox;
use testkit::mail_server::MailServer;
use testkit::{Home, Letter, Stage};
use tokio_util::sync::CancellationToken;

testkit::both!(
    another_mailbox_is_read_from_its_own_beginning,
    a_password_goes_to_no_other_server,
    an_address_is_ours_from_the_moment_it_is_added,
);

fn server(host: &str, port: u16) -> Server {
    Server { host: host.to_owned(), port, security: Security::Tls }
}

fn mailbox(address: &str) -> NewMailbox {
    NewMailbox {
        name: String::new(),
        address: address.to_owned(),
        reading: Some(server("imap.desk.example", 993)),
        sending: Some(server("smtp.desk.example", 465)),
        password: "app password".to_owned(),
        ..NewMailbox::default()
    }
}

async fn uid(stage: &Stage, id: ChannelId) -> Option<i64> {
    stage.desk.db.read(async move |rx| mailbox::find(rx, id).await).await.unwrap().map(|it| it.uid)
}

async fn another_mailbox_is_read_from_its_own_beginning(home: &Home) {
    let stage = Stage::new(home).await;
    let old = mailbox("sales@desk.example");
    let id = stage.desk.set_mailbox(&stage.ines, None, old.clone()).await.unwrap();
    let read = async || {
        let now = stage.desk.now();
        stage.desk.db.write([], async move |tx| mailbox::begin_at(tx, id, 7, 42, now).await).await.unwrap();
    };
    read().await;
    let reading = old.reading.clone().unwrap();
    let keeps = [
        NewMailbox { name: "Sales".to_owned(), password: String::new(), ..old.clone() },
        NewMailbox { reading: Some(Server { host: "IMAP.desk.example".to_owned(), ..reading.clone() }), ..old.clone() },
        NewMailbox { sending: None, password: "another".to_owned(), ..old.clone() },
    ];
    for it in keeps {
        stage.desk.set_mailbox(&stage.ines, Some(id), it).await.unwrap();
        assert_eq!(uid(&stage, id).await, Some(42), "it is the same mailbox");
    }
    let others = [
        NewMailbox { reading: Some(server("imap.other.example", 993)), ..old.clone() },
        NewMailbox { reading: Some(server("imap.desk.example", 1993)), ..old.clone() },
        NewMailbox { user: "ines".to_owned(), ..old.clone() },
        NewMailbox { reading: None, ..old.clone() },
    ];
    for it in others {
        stage.desk.set_mailbox(&stage.ines, Some(id), old.clone()).await.unwrap();
        read().await;
        stage.desk.set_mailbox(&stage.ines, Some(id), it).await.unwrap();
        assert_eq!(uid(&stage, id).await, None, "what was read of the old one means nothing");
    }
}

async fn a_password_goes_to_no_other_server(home: &Home) {
    let stage = Stage::new(home).await;
    let old = mailbox("sales@desk.example");
    let id = stage.desk.set_mailbox(&stage.ines, None, old.clone()).await.unwrap();
    let silent = NewMailbox { password: String::new(), ..old.clone() };
    let asks = |outcome: Result<(), Error>| {
        assert!(matches!(outcome, Err(Error::Invalid { field: "password", .. })), "{outcome:?}");
    };
    for it in [
        NewMailbox { reading: Some(server("imap.evil.example", 993)), ..silent.clone() },
        NewMailbox { sending: Some(server("smtp.evil.example", 465)), ..silent.clone() },
        NewMailbox { user: "ines".to_owned(), ..silent.clone() },
    ] {
        asks(stage.desk.try_mailbox(Some(id), &it, How::Given).await.map(drop));
        asks(stage.desk.set_mailbox(&stage.ines, Some(id), it).await.map(drop));
    }
    stage.desk.set_mailbox(&stage.ines, Some(id), silent).await.unwrap();
}

/// The message that a letter became, once it has.
async fn arrived(stage: &Stage, letter: &Letter) -> Message {
    let mut news = stage.desk.db.news();
    let id = letter.id();
    let found = async || {
        let id = id.clone();
        let read = stage.desk.db.read(async move |rx| {
            let Some(it) = store::message::known(rx, &id).await? else { return Ok(None) };
            store::message::find(rx, it.customer, it.case, it.message).await
        });
        read.await.unwrap()
    };
    let wait = async {
        loop {
            if let Some(it) = found().await {
                return it;
            }
            news.recv().await.ok();
        }
    };
    tokio::time::timeout(Duration::from_secs(30), wait).await.unwrap()
}

async fn an_address_is_ours_from_the_moment_it_is_added(home: &Home) {
    let servers = MailServer::start().await;
    servers.add_user("support@desk.example", "app password");
    let tls = Tls::new(Some(&servers.ca_file())).unwrap();
    let reading = Some(servers.imap_server(Security::Tls));
    let user = servers.login("support@desk.example").user;
    let it = NewMailbox { reading, sending: None, user, ..mailbox("support@desk.example") };
    let stage = Stage::with(home, Post::Servers(tls), Some(it)).await;
    let (desk, stop) = (stage.desk.clone(), CancellationToken::new());
    let id = stage.mailbox.id;
    // It was read before and numbered anew since, so whatever is there when the connection begins is read.
    let begin = async move |tx: &mut store::Tx| mailbox::begin_at(tx, id, 1, 0, Timestamp(0)).await;
    stage.desk.db.write([], begin).await.unwrap();
    let task = tokio::spawn({
        let stop = stop.clone();
        async move { desk.read_mailboxes(stop).await }
    });
    let letter = Letter::from("Billing <billing@desk.example>").text("one");
    servers.deliver(&letter.raw(), "support@desk.example").await;
    assert_eq!(arrived(&stage, &letter).await.automatic, None);
    let billing = NewMailbox { reading: None, sending: None, ..mailbox("billing@desk.example") };
    stage.desk.set_mailbox(&stage.ines, None, billing).await.unwrap();
    let letter = Letter::from("Billing <billing@desk.example>").text("two");
    servers.deliver(&letter.raw(), "support@desk.example").await;
    assert_eq!(arrived(&stage, &letter).await.automatic, Some(Automatic::OwnAddress));
    stop.cancel();
    task.await.unwrap();
}
