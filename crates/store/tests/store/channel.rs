//! Channels, how far a mailbox is read, and raw mail that waits.

use domain::{ChannelId, ChannelKind, InboundId, InboundState, MailboxState, Role};
use store::channel::{self, Channel};
use store::inbound::{self, Inbound};
use store::{Db, Error, mailbox};

use crate::both;
use testkit::Home;

use crate::support::{NOW, after, count, email, everything, id, scope};

both!(
    a_channel_keeps_its_secret,
    a_position_goes_back_only_where_a_connection_begins,
    raw_mail_waits_until_it_is_filed,
    a_quarantine_is_listed_to_its_end,
);

fn new_channel(address: &str) -> Channel {
    Channel {
        id: id(),
        kind: ChannelKind::Mail,
        name: "Support".to_owned(),
        address: email(address),
        aliases: Vec::new(),
        setup: "{}".to_owned(),
        secret: Some(vec![0, 1, 255]),
        created_at: NOW,
    }
}

async fn save(db: &Db, it: &Channel) -> Result<(), Error> {
    let it = it.clone();
    db.write([channel::lock()], async move |tx| channel::save(tx, &it).await).await
}

async fn a_channel_keeps_its_secret(home: &Home) {
    let db = home.open().await;
    let mut desk = new_channel("desk@example.com");
    save(&db, &desk).await.unwrap();
    assert!(matches!(save(&db, &new_channel("desk@example.com")).await, Err(Error::Duplicate)));
    let channel = desk.id;
    let hash = async || db.read(async move |rx| channel::token_hash(rx, channel).await).await.unwrap();
    assert_eq!(hash().await, None);
    db.write([channel::lock()], async move |tx| channel::set_token(tx, channel, &[7; 32]).await).await.unwrap();
    "Help".clone_into(&mut desk.name);
    save(&db, &desk).await.unwrap();
    assert_eq!(hash().await, Some(vec![7; 32]), "another name leaves the token");
    assert_eq!(db.read(async move |rx| channel::find(rx, channel).await).await.unwrap().as_ref(), Some(&desk));
    assert_eq!(db.read(async |rx| channel::all(rx).await).await.unwrap(), [desk]);

    let administrator = scope(Role::Administrator, id(), &[]);
    let lines = db.read(async move |rx| channel::lines(rx, &administrator).await).await.unwrap();
    assert_eq!((lines.len(), lines[0].channel.secret.as_ref(), &lines[0].mailbox), (1, None, &None));
    let hidden = db.read(async |rx| channel::lines(rx, &everything()).await).await;
    assert!(matches!(hidden, Err(Error::NotFound)));
}

async fn a_position_goes_back_only_where_a_connection_begins(home: &Home) {
    let db = home.open().await;
    let channel: ChannelId = id();
    let position = async || {
        let read = db.read(async move |rx| mailbox::find(rx, channel).await);
        read.await.unwrap().map(|it| (it.validity, it.uid, it.read_at))
    };
    let begin = async |validity, uid, at| {
        let write = db.write([], async move |tx| mailbox::begin_at(tx, channel, validity, uid, after(at)).await);
        write.await.unwrap();
    };
    let set = async |validity, uid, at| {
        let write = db.write([], async move |tx| mailbox::set_position(tx, channel, validity, uid, after(at)).await);
        write.await.unwrap();
    };
    set(1, 5, 1).await;
    assert_eq!(position().await, None, "no connection has begun");
    begin(1, 10, 1).await;
    for (at, then) in [
        ((1, 10, 1), (1, 10, 1)),
        ((1, 7, 2), (1, 10, 1)),
        ((1, 12, 3), (1, 12, 3)),
        ((1, 13, 2), (1, 13, 3)),
        ((2, 20, 4), (1, 13, 3)),
    ] {
        set(at.0, at.1, at.2).await;
        assert_eq!(position().await, Some((then.0, then.1, Some(after(then.2)))), "{at:?}");
    }
    begin(1, 4, 9).await;
    assert_eq!(position().await, Some((1, 4, Some(after(3)))), "the folder was put back");
    begin(2, 2, 9).await;
    assert_eq!(position().await, Some((2, 2, Some(after(3)))), "the folder was numbered anew");
    db.write([], async move |tx| {
        mailbox::set_state(tx, channel, MailboxState::Broken, Some("no answer"), after(1)).await
    })
    .await
    .unwrap();
    set(2, 9, 10).await;
    let it = db.read(async move |rx| mailbox::find(rx, channel).await).await.unwrap().unwrap();
    assert_eq!((it.uid, it.state, it.error.as_deref()), (9, MailboxState::Broken, Some("no answer")), "two things");
    db.write([], async move |tx| {
        mailbox::set_state(tx, channel, MailboxState::Live, None, after(5)).await?;
        mailbox::mail_at(tx, channel, after(4)).await?;
        mailbox::mail_at(tx, channel, after(3)).await
    })
    .await
    .unwrap();
    let it = db.read(async move |rx| mailbox::find(rx, channel).await).await.unwrap().unwrap();
    assert_eq!((it.error, it.since, it.last_at), (None, after(5), Some(after(4))), "the newest counts");
    let last = (it.last_error.as_deref(), it.last_error_at);
    assert_eq!(last, (Some("no answer"), Some(after(1))), "what was wrong last is told when it works again");
    db.write([channel::lock()], async move |tx| mailbox::forget(tx, channel).await).await.unwrap();
    assert_eq!(position().await, None);
}

fn raw(channel: ChannelId, bytes: &[u8]) -> Inbound {
    Inbound {
        id: id(),
        channel,
        at: NOW,
        state: InboundState::Waiting,
        tries: 0,
        error: None,
        hash: store::blob::hash(bytes),
        whole: true,
        raw: bytes.to_vec().into(),
    }
}

async fn keep(db: &Db, it: &Inbound) {
    let it = it.clone();
    let lock = inbound::lock(it.channel, &it.hash);
    db.write([lock], async move |tx| inbound::insert(tx, &it).await).await.unwrap();
}

async fn raw_mail_waits_until_it_is_filed(home: &Home) {
    let db = home.open().await;
    let (desk, sales): (ChannelId, ChannelId) = (id(), id());
    let first = raw(desk, b"From: \xff\n\nHi");
    keep(&db, &first).await;
    keep(&db, &raw(desk, b"From: \xff\n\nHi")).await;
    keep(&db, &raw(sales, b"From: \xff\n\nHi")).await;
    assert_eq!(count(&db, "select count(*) from inbound").await, 2, "the same bytes once for each channel");
    let hash = first.hash.clone();
    let copy = db.read(async move |rx| inbound::copy(rx, desk, &hash).await).await.unwrap();
    assert_eq!(copy, Some(first.id));
    let it: InboundId = first.id;
    let find = async || db.read(async move |rx| inbound::find(rx, it).await).await.unwrap();
    assert_eq!(find().await, Some(first));
    db.write([], async move |tx| inbound::save(tx, it, InboundState::Quarantined, 3, Some("too deep")).await)
        .await
        .unwrap();
    let kept = find().await.unwrap();
    assert_eq!((kept.state, kept.tries, kept.error.as_deref()), (InboundState::Quarantined, 3, Some("too deep")));
    let quarantined = async |channel| db.read(async move |rx| inbound::quarantined(rx, channel).await).await.unwrap();
    assert_eq!((quarantined(desk).await, quarantined(sales).await), (1, 0));
    db.write([], async move |tx| inbound::delete(tx, it).await).await.unwrap();
    assert_eq!(find().await, None);
}

async fn a_quarantine_is_listed_to_its_end(home: &Home) {
    let db = home.open().await;
    let (desk, sales): (ChannelId, ChannelId) = (id(), id());
    let mut kept = Vec::new();
    for n in 0..45_u8 {
        let it = Inbound { at: after(i64::from(n / 7)), error: Some("too deep".to_owned()), ..raw(desk, &[n; 200]) };
        keep(&db, &it).await;
        kept.push(it);
    }
    keep(&db, &raw(sales, b"another mailbox")).await;
    db.write([], async |tx| tx.run("update inbound set state = 'quarantined'", &[]).await).await.unwrap();
    keep(&db, &raw(desk, b"waits for another try")).await;
    let admin = scope(Role::Administrator, id(), &[]);
    let (mut listed, mut before) = (Vec::new(), None);
    loop {
        let asks = admin.clone();
        let page = db.read(async move |rx| inbound::page(rx, &asks, desk, before).await);
        let (lines, older) = page.await.unwrap();
        assert!(lines.iter().all(|it| (it.size, it.error.as_deref()) == (200, Some("too deep"))));
        listed.extend(lines.iter().map(|it| it.id));
        before = older;
        if before.is_none() {
            break;
        }
    }
    kept.sort_by_key(|it| (it.at, it.id));
    assert_eq!(listed, kept.iter().rev().map(|it| it.id).collect::<Vec<_>>());
    let (asks, it) = (admin.clone(), kept[0].id);
    let bytes = db.read(async move |rx| inbound::raw(rx, &asks, desk, it).await).await.unwrap();
    assert_eq!(bytes, kept[0].raw);
    let elsewhere = db.read(async move |rx| inbound::raw(rx, &admin, sales, it).await).await;
    assert!(matches!(elsewhere, Err(Error::NotFound)), "by another mailbox it is not there");
    let agent = scope(Role::Agent, id(), &[]);
    let hidden = db.read(async move |rx| inbound::page(rx, &agent, desk, None).await).await;
    assert!(matches!(hidden, Err(Error::NotFound)));
}
