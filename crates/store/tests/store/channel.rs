//! Channels, how far a mailbox is read, and raw mail that waits.

use domain::{ChannelId, ChannelKind, InboundId, Role};
use store::channel::{self, Channel};
use store::inbound::{self, Inbound};
use store::{Db, Error};

use crate::both;
use testkit::Home;

use crate::support::{NOW, after, count, email, everything, id, scope};

both!(a_channel_keeps_its_secret, a_position_never_goes_back, raw_mail_waits_until_it_is_filed);

fn new_channel(address: &str) -> Channel {
    Channel {
        id: id(),
        kind: ChannelKind::Mail,
        name: "Support".to_owned(),
        address: email(address),
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

async fn a_position_never_goes_back(home: &Home) {
    let db = home.open().await;
    let channel: ChannelId = id();
    let position = async || {
        let read = db.read(async move |rx| channel::mailbox(rx, channel).await);
        read.await.unwrap().map(|it| (it.validity, it.uid, it.state, it.error))
    };
    let set = async |validity, uid| {
        let write = db.write([], async move |tx| channel::set_position(tx, channel, validity, uid, NOW).await);
        write.await.unwrap();
    };
    assert_eq!(position().await, None);
    let live = |validity, uid| Some((validity, uid, "live".to_owned(), None));
    for (at, then) in [((1, 10), (1, 10)), ((1, 7), (1, 10)), ((1, 12), (1, 12)), ((2, 3), (2, 3)), ((2, 2), (2, 3))] {
        set(at.0, at.1).await;
        assert_eq!(position().await, live(then.0, then.1));
    }
    db.write([], async move |tx| channel::set_state(tx, channel, "broken", Some("no answer"), after(1)).await)
        .await
        .unwrap();
    set(2, 9).await;
    let broken = (2, 9, "broken".to_owned(), Some("no answer".to_owned()));
    assert_eq!(position().await, Some(broken), "how it is and how far it is read are two things");
}

fn raw(channel: ChannelId, bytes: &[u8]) -> Inbound {
    Inbound {
        id: id(),
        channel,
        at: NOW,
        state: "waiting".to_owned(),
        tries: 0,
        error: None,
        hash: store::blob::hash(bytes),
        raw: bytes.to_vec(),
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
    db.write([], async move |tx| inbound::save(tx, it, "quarantined", 3, Some("too deep")).await).await.unwrap();
    let kept = find().await.unwrap();
    assert_eq!((kept.state.as_str(), kept.tries, kept.error.as_deref()), ("quarantined", 3, Some("too deep")));
    let quarantined = async |channel| db.read(async move |rx| inbound::quarantined(rx, channel).await).await.unwrap();
    assert_eq!((quarantined(desk).await, quarantined(sales).await), (1, 0));
    db.write([], async move |tx| inbound::delete(tx, it).await).await.unwrap();
    assert_eq!(find().await, None);
}
