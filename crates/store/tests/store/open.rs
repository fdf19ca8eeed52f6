//! Opening: who may, and with which schema.

use store::{Db, Error};

use crate::both;
use testkit::Home;

use crate::support::{count, id};

both!(migrations_run_once, a_newer_database_is_refused, a_changed_migration_is_refused, the_house_is_built_once);

const ONE: &str =
    "create table a (id bigint primary key) /*sqlite without rowid sqlite*/; insert into a (id) values (1);";
const TWO: &str = "insert into a (id) values (2); /*postgres insert into a (id) values (3); postgres*/";

async fn migrations_run_once(home: &Home) {
    for (migrations, rows) in [(&[ONE][..], 1), (&[ONE, TWO], 2), (&[ONE, TWO], 2)] {
        let db = Db::open_with(home.place(), id(), migrations).await.unwrap();
        let only_here = i64::from(home.is_postgres() && rows == 2);
        assert_eq!(count(&db, "select count(*) from a").await, rows + only_here);
        db.close().await;
    }
}

async fn refusal(home: &Home, migrations: &'static [&'static str]) -> String {
    match Db::open_with(home.place(), id(), migrations).await {
        Err(Error::Refused(sentence)) => sentence,
        other => panic!("{:?}", other.err()),
    }
}

async fn a_newer_database_is_refused(home: &Home) {
    Db::open_with(home.place(), id(), &[ONE, TWO]).await.unwrap().close().await;
    // More than once: whoever was refused has let go of the directory.
    for _ in 0..3 {
        let sentence = refusal(home, &[ONE]).await;
        assert!(sentence.contains("newer Bellwether (schema 2; this program knows 1)"), "{sentence}");
    }
}

async fn a_changed_migration_is_refused(home: &Home) {
    Db::open_with(home.place(), id(), &[ONE]).await.unwrap().close().await;
    assert!(refusal(home, &[TWO]).await.contains("migration 1 has changed"));
}

async fn the_house_is_built_once(home: &Home) {
    home.open().await.close().await;
    let db = home.open().await;
    assert_eq!(count(&db, "select count(*) from migrations").await, 1);
    assert_eq!(db.is_shared(), home.is_postgres());
}

#[tokio::test]
async fn sqlite_has_one_owner() {
    let home = Home::sqlite();
    let db = home.open().await;
    let sentence = refusal(&home, &[]).await;
    assert!(sentence.contains("in use by another Bellwether"), "{sentence}");
    db.close().await;
    home.open().await;
}

/// Several nodes start at once, on an empty database.
#[tokio::test(flavor = "multi_thread")]
async fn postgres_migrates_under_a_lock() {
    let home = Home::postgres().await;
    let (a, b, c) = tokio::join!(home.open(), home.open(), home.open());
    assert_eq!(count(&a, "select count(*) from migrations").await, 1);
    drop((a, b, c));
    home.remove().await;
}

/// Earlier ones can corrupt a database whose write-ahead log is reset.
#[tokio::test]
async fn sqlite_is_new_enough() {
    let home = Home::sqlite();
    let db = home.open().await;
    let read = db.read(async |rx| rx.one::<String>("select sqlite_version()", &[]).await);
    let version = read.await.unwrap();
    let parts: Vec<u32> = version.split('.').map(|it| it.parse().unwrap()).collect();
    assert!(parts.as_slice() >= &[3, 51, 3][..], "{version}");
}

/// A server without TLS, or with a certificate that nobody vouches for, is not spoken with in plain instead.
#[tokio::test(flavor = "multi_thread")]
async fn postgres_speaks_tls_or_not_at_all() {
    let home = Home::postgres().await;
    let refused = Db::open(&format!("{}&sslmode=require", home.place()), id()).await.err().unwrap();
    assert!(refused.to_string().contains("TLS"), "{refused}");
    home.remove().await;
}
