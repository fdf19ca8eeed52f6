//! Faults of a PostgreSQL that is asked: it stands still, it has too few connections, its disk is full.

use std::time::Duration;

use store::{Db, Error, News, blob};
use testkit::postgres_server::{give, signal};
use testkit::{Home, PostgresServer, SmallDisk};
use tokio::task::JoinSet;

use crate::support::count;

const ADD: &str = "insert into settings (name, value) values ($1, $2)";
const SETTINGS: &str = "select count(*) from settings";

async fn add(db: &Db, name: String) -> store::Result<u64> {
    db.write([], async move |tx| tx.run(ADD, &[&name, &""]).await).await
}

/// Connections to a server that stands still look as well as ever. Whoever asks is told so, all of them, and afterwards it
/// goes on as before.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stands_still_is_waited_for_no_longer_than_is_sensible() {
    let server = PostgresServer::start().await;
    let home = Home::postgres_at(&server.url()).await;
    let db = home.open().await;
    add(&db, "before".into()).await.unwrap();
    server.freeze();
    let mut all = JoinSet::new();
    for n in 0..20 {
        let db = db.clone();
        all.spawn(async move {
            let read = db.read(async |rx| rx.one::<i64>(SETTINGS, &[]).await).await;
            let write = add(&db, format!("meanwhile {n}")).await;
            [read.err(), write.err()]
        });
    }
    let told = tokio::time::timeout(Duration::from_mins(2), all.join_all()).await.expect("nobody waits without end");
    for err in told.into_iter().flatten() {
        assert!(matches!(err, Some(Error::Away(_))), "{err:?}");
    }
    server.thaw();
    // What was asked in vain is given up by the server when it finds nobody there.
    while add(&db, "after".into()).await.is_err() {}
    assert_eq!(count(&db, SETTINGS).await, 2);
    db.close().await;
}

/// The connection that listens says nothing when it is well, and nothing when it is not: it is asked.
#[tokio::test(flavor = "multi_thread")]
async fn an_ear_that_has_gone_deaf_is_replaced() {
    let server = PostgresServer::start().await;
    let home = Home::postgres_at(&server.url()).await;
    let db = home.open().await;
    let mut news = db.news();
    let client = testkit::postgres::connect(home.place()).await;
    let ears = "select pid from pg_stat_activity where query like 'do %listen %'";
    let ear = loop {
        if let Some(row) = client.query_opt(ears, &[]).await.unwrap() {
            break row.get::<_, i32>(0);
        }
    };
    while let Ok(heard) = tokio::time::timeout(Duration::from_millis(500), news.recv()).await {
        assert_eq!(heard, Ok(News::Gap), "it has begun to listen");
    }
    signal("STOP", &[u32::try_from(ear).unwrap()]);
    assert_eq!(news.recv().await, Ok(News::Gap), "another listens, and something may have been missed");
    let others: Vec<i32> = client.query(ears, &[]).await.unwrap().iter().map(|it| it.get(0)).collect();
    assert!(others.iter().any(|it| *it != ear), "{others:?}");
    signal("KILL", &[u32::try_from(ear).unwrap()]);
    db.close().await;
}

/// Whoever finds all connections taken is told so, and in time.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_long_for_a_connection() {
    let home = Home::postgres().await;
    let db = home.open().await;
    let sleepers: Vec<_> = (0..16)
        .map(|_| {
            let nap = db.read(async |rx| rx.one::<String>("select cast(pg_sleep(13) as text)", &[]).await);
            tokio::spawn(nap)
        })
        .collect();
    let client = testkit::postgres::connect(home.place()).await;
    let asleep = "select count(*) from pg_stat_activity where query like '%pg_sleep(13)%' and pid <> pg_backend_pid()";
    while client.query_one(asleep, &[]).await.unwrap().get::<_, i64>(0) < 16 {}
    let late = db.read(async |rx| rx.one::<i64>(SETTINGS, &[]).await).await.unwrap_err();
    assert!(matches!(late, Error::Away(_)), "{late}");
    add(&db, "elsewhere".into()).await.expect("those who write have connections of their own");
    for it in sleepers {
        it.await.unwrap().unwrap();
    }
    assert_eq!(count(&db, SETTINGS).await, 1);
    db.close().await;
    home.remove().await;
}

/// What finds no room is not written, may be tried again, and goes through when there is room.
#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_whose_disk_is_full_goes_on_when_there_is_room() {
    let disk = SmallDisk::new(24);
    let server = PostgresServer::start().await;
    let space = disk.path().join("space");
    std::fs::create_dir(&space).unwrap();
    give(&space);
    let client = testkit::postgres::connect(&server.url()).await;
    let create = format!("create tablespace small location '{}'", space.display());
    client.batch_execute(&create).await.unwrap();
    let home = Home::postgres_at(&server.url()).await.with_setting("default_tablespace", "small");
    let db = home.open().await;
    add(&db, "before".into()).await.unwrap();
    assert!(db.has_room());
    disk.fill();
    let big = async |name: &'static str| {
        // So much that it needs new pages of the table, and cannot be made small.
        let text: String = (0..600).map(|n| blob::hash(format!("{name} {n}").as_bytes())).collect();
        db.write([], async move |tx| tx.run(ADD, &[&name, &text]).await).await
    };
    let mut taken = 0;
    let full = loop {
        match big(["a", "b", "c", "d", "e", "f", "g", "h"][taken]).await {
            Ok(_) => taken += 1,
            Err(err) => break err,
        }
    };
    assert!(matches!(full, Error::Full(_)) && full.is_passing(), "{full}");
    assert!(!db.has_room());
    assert_eq!(count(&db, SETTINGS).await, 1 + i64::try_from(taken).unwrap(), "what is there can be read");
    disk.free();
    big("after").await.unwrap();
    assert!(db.has_room());
    db.close().await;
}
