//! Values: what goes in comes out, and both engines agree on equality and order.

use store::{Db, Error, Where};
use uuid::Uuid;

use crate::both;
use testkit::Home;

use crate::support::id;

both!(
    null_is_never_zero,
    values_come_back,
    order_is_that_of_bytes,
    ids_order_by_time,
    lists_of_any_length,
    arguments_are_counted
);

const ADD: &str = "insert into settings (name, value) values ($1, $2)";

async fn one<T: store::FromRow + Send + 'static>(db: &Db, sql: &'static str) -> Result<T, Error> {
    db.read(async move |rx| rx.one::<T>(sql, &[]).await).await
}

async fn null_is_never_zero(home: &Home) {
    let db = home.open().await;
    assert!(matches!(one::<i64>(&db, "select cast(null as bigint)").await, Err(Error::Column { found: "NULL", .. })));
    assert!(one::<f64>(&db, "select cast(null as double precision)").await.is_err());
    assert!(one::<String>(&db, "select cast(null as text)").await.is_err());
    assert!(one::<bool>(&db, "select cast(null as bigint)").await.is_err());
    assert!(one::<Vec<u8>>(&db, "select cast(null as bytea)").await.is_err());
    assert!(one::<Uuid>(&db, "select cast(null as uuid)").await.is_err());
    assert_eq!(one::<Option<i64>>(&db, "select cast(null as bigint)").await.unwrap(), None);
    assert!(one::<i64>(&db, "select 'seven'").await.is_err());
    // `sum(bigint)` is numeric on PostgreSQL: without the cast it is refused there, never misread.
    assert_eq!(one::<Option<i64>>(&db, "select cast(sum(tries) as bigint) from jobs").await.unwrap(), None);
    assert!(matches!(one::<i64>(&db, "select tries from jobs").await, Err(Error::NotFound)));
}

async fn values_come_back(home: &Home) {
    let db = home.open().await;
    db.write([], async |tx| {
        tx.run("create table v (id uuid primary key, i bigint, r double precision, t text, b bytea)", &[]).await?;
        let (first, none) = (id::<Uuid>(), None::<String>);
        let sql = "insert into v (id, i, r, t, b) values ($1, $2, $3, $4, $5)";
        tx.run(sql, &[&first, &i64::MIN, &1e300, &none, &vec![0_u8, 255]]).await?;
        tx.run(sql, &[&id::<Uuid>(), &7_i64, &7.5, &"0012", &b"text".as_slice()]).await?;
        assert_eq!(tx.one::<i64>("select i from v where id = $1", &[&first]).await?, i64::MIN);
        assert_eq!(tx.one::<f64>("select r from v where id = $1", &[&first]).await?.to_bits(), 1e300_f64.to_bits());
        assert_eq!(tx.one::<Option<String>>("select t from v where id = $1", &[&first]).await?, None);
        assert_eq!(tx.one::<Vec<u8>>("select b from v where id = $1", &[&first]).await?, [0, 255]);
        let both = "select id from v where b = $1 and id = $2";
        assert_eq!(tx.one::<Uuid>(both, &[&vec![0_u8, 255], &first]).await?, first);
        assert_eq!(tx.one::<String>("select t from v where i = $1", &[&7_i64]).await?, "0012");
        // Parameters may come in any order, and more than once.
        let twice = "select r from v where t = $2 and i = $1 and i <= $1";
        assert_eq!(tx.one::<f64>(twice, &[&7_i64, &"0012"]).await?.to_bits(), 7.5_f64.to_bits());
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
}

async fn order_is_that_of_bytes(home: &Home) {
    let db = home.open().await;
    let mut names =
        ["zebra", "Zebra", "äpfel", "apfel", "Ä", "_", "a b", "a-b", "ab", "10", "9", "é", "日本", "😀", "\u{ffff}"];
    db.write([], async move |tx| {
        for name in names {
            tx.run(ADD, &[&name, &""]).await?;
        }
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    names.sort_unstable();
    let sql = "select name from settings order by name";
    let sorted = db.read(async move |rx| rx.all::<String>(sql, &[]).await).await.unwrap();
    assert_eq!(sorted, names);
    let above =
        db.read(async |rx| rx.all::<String>("select name from settings where name > 'a' order by name", &[]).await);
    assert_eq!(above.await.unwrap(), names.into_iter().filter(|it| *it > "a").collect::<Vec<_>>());
}

async fn ids_order_by_time(home: &Home) {
    let db = home.open().await;
    let mut ids: Vec<Uuid> = (0..500).map(|_| id()).chain((0..200).map(|n| Uuid::from_u128(n << 120))).collect();
    let written = ids.clone();
    db.write([], async move |tx| {
        for id in written.iter().rev() {
            tx.run("insert into teams (id, name, department) values ($1, $2, 0)", &[id, &id.to_string()]).await?;
        }
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    ids.sort();
    let sorted = db.read(async |rx| rx.all::<Uuid>("select id from teams order by id", &[]).await).await.unwrap();
    assert_eq!(sorted, ids);
}

async fn lists_of_any_length(home: &Home) {
    let db = home.open().await;
    let names: Vec<String> = (0..40).map(|n| format!("{n:02}")).collect();
    let wanted = names.clone();
    db.write([], async move |tx| {
        for name in &names {
            tx.run(ADD, &[name, &""]).await?;
        }
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    for length in [0, 1, 2, 3, 5, 33, 40] {
        let list = wanted[..length].to_vec();
        let found = db.read(async move |rx| {
            let filter = Where::new("select name from settings")
                .and("name <> ?", &[&"03"])
                .any_of("name", &list)
                .then("order by name");
            rx.all::<String>(filter.sql(), filter.args()).await
        });
        assert_eq!(found.await.unwrap().len(), length - usize::from(length > 3));
    }
}

async fn arguments_are_counted(home: &Home) {
    let db = home.open().await;
    let few = db.read(async |rx| rx.all::<String>("select name from settings where name = $1", &[]).await).await;
    assert!(few.is_err());
    let many = db.read(async |rx| rx.all::<String>("select name from settings", &[&7_i64]).await).await;
    assert!(many.is_err());
    let read_only = db.read(async |rx| rx.all::<String>("delete from settings returning name", &[]).await).await;
    assert!(read_only.is_err(), "a reader cannot write");
}
