//! Writing: what the door promises about use cases, whichever engine is behind it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use domain::CustomerId;
use store::{Db, Error, Hint, Lock, News};
use tokio::sync::Barrier;

use crate::both;
use testkit::Home;

use crate::support::{self, count, id, is_program_error};

both!(
    one_customer_and_one_case,
    a_refusal_leaves_the_others_alone,
    a_panic_fails_one_use_case,
    a_swallowed_failure_dooms,
    a_duplicate_has_a_name,
    what_is_put_is_there_for_the_next_question,
    what_is_put_in_vain_fails_the_write,
    a_forgotten_lock_is_refused,
    news_come_after_the_commit,
    no_update_is_lost,
    a_caller_may_go_away,
    a_failed_commit_fails_the_write,
);

const ADD: &str = "insert into settings (name, value) values ($1, $2)";
const SETTINGS: &str = "select count(*) from settings";

async fn one_customer_and_one_case(home: &Home) {
    let db = home.open().await;
    for round in 0..20 {
        let start = Arc::new(Barrier::new(8));
        let tasks: Vec<_> = (0..8)
            .map(|task| {
                let (db, start) = (db.clone(), start.clone());
                tokio::spawn(async move {
                    start.wait().await;
                    // Two copies of each of four mails.
                    let external_id = format!("{round}.{}", task % 4);
                    support::receive(&db, &format!("new{round}@example.org"), &external_id, None).await.unwrap()
                })
            })
            .collect();
        let mut messages = Vec::new();
        for task in tasks {
            messages.push(task.await.unwrap());
        }
        messages.sort();
        messages.dedup();
        assert_eq!(messages.len(), 4);
    }
    assert_eq!(count(&db, "select count(*) from customers").await, 20);
    assert_eq!(count(&db, "select count(*) from cases").await, 20);
    assert_eq!(count(&db, "select count(*) from messages").await, 80);
    assert_eq!(count(&db, "select cast(sum(entries) as bigint) from cases").await, 80);
    let distinct = "select count(*) from (select distinct customer_id, case_id, number from entries) as it";
    assert_eq!(count(&db, distinct).await, 80, "entries are numbered without gaps and doubles");
}

async fn a_refusal_leaves_the_others_alone(home: &Home) {
    let db = home.open().await;
    let writes = (0..64_i64).map(|n| {
        let db = db.clone();
        tokio::spawn(async move {
            db.write([], async move |tx| {
                tx.run(ADD, &[&n.to_string(), &""]).await?;
                if n % 4 == 0 { Err(Error::NotFound) } else { Ok(n) }
            })
            .await
        })
    });
    for (n, write) in (0..).zip(writes.collect::<Vec<_>>()) {
        match write.await.unwrap() {
            Ok(it) => assert_eq!(it, n),
            Err(err) => assert!(n % 4 == 0 && matches!(err, Error::NotFound), "{err}"),
        }
    }
    assert_eq!(count(&db, SETTINGS).await, 48);
}

async fn a_panic_fails_one_use_case(home: &Home) {
    let db = home.open().await;
    let panics = db.write([], async |tx| {
        tx.run(ADD, &[&"lost", &""]).await?;
        if true { panic!("this is the test") } else { Ok::<(), Error>(()) }
    });
    let works = db.write([], async |tx| tx.run(ADD, &[&"kept", &""]).await);
    let (panics, works) = tokio::join!(panics, works);
    assert!(is_program_error(&panics.unwrap_err()));
    assert_eq!(works.unwrap(), 1);
    let reads = db.read(async |_| if true { panic!("this is the test") } else { Ok::<(), Error>(()) }).await;
    assert!(is_program_error(&reads.unwrap_err()));
    assert_eq!(count(&db, SETTINGS).await, 1);
}

async fn a_swallowed_failure_dooms(home: &Home) {
    let db = home.open().await;
    let result = db
        .write([], async |tx| {
            tx.run(ADD, &[&"twice", &""]).await?;
            tx.run(ADD, &[&"twice", &""]).await.ok();
            Ok::<_, Error>(())
        })
        .await;
    assert!(is_program_error(&result.unwrap_err()));
    assert_eq!(count(&db, SETTINGS).await, 0);
}

async fn a_duplicate_has_a_name(home: &Home) {
    let db = home.open().await;
    for first in [true, false] {
        let result = db.write([], async |tx| tx.run(ADD, &[&"a", &""]).await).await;
        assert!(if first { result.is_ok() } else { matches!(result, Err(Error::Duplicate)) });
    }
}

async fn what_is_put_is_there_for_the_next_question(home: &Home) {
    let db = home.open().await;
    let many = 50_i64;
    let seen = db.write([], async move |tx| {
        for n in 0..many {
            tx.put(ADD, &[&n.to_string(), &""]).await?;
            tx.put("update settings set value = value || $2 where name <= $1", &[&n.to_string(), &"."]).await?;
        }
        let seen: i64 = tx.one(SETTINGS, &[]).await?;
        tx.put("delete from settings where name = $1", &[&"7"]).await?;
        let deleted = tx.run("delete from settings where name in ('7', '8')", &[]).await?;
        tx.put(ADD, &[&"last", &""]).await?;
        Ok::<_, Error>((seen, deleted))
    });
    assert_eq!(seen.await.unwrap(), (many, 1));
    assert_eq!(count(&db, SETTINGS).await, many - 1);
    let first = "select count(*) from settings where name = '0' and length(value) = 50";
    assert_eq!(count(&db, first).await, 1, "each in its turn");
}

async fn what_is_put_in_vain_fails_the_write(home: &Home) {
    let db = home.open().await;
    for asks in [false, true] {
        let refused = db.write([], async move |tx| {
            tx.put(ADD, &[&"a", &""]).await?;
            tx.put(ADD, &[&"a", &""]).await?;
            tx.put(ADD, &[&"b", &""]).await?;
            if asks { tx.one::<i64>(SETTINGS, &[]).await } else { Ok(0) }
        });
        assert!(matches!(refused.await, Err(Error::Duplicate)), "the first refusal is the one that is told");
        assert_eq!(count(&db, SETTINGS).await, 0);
    }
    let left = db.write([], async |tx| {
        tx.put(ADD, &[&"a", &""]).await?;
        Err::<(), _>(Error::NotFound)
    });
    assert!(matches!(left.await, Err(Error::NotFound)));
    assert_eq!(db.write([], async |tx| tx.run(ADD, &[&"b", &""]).await).await.unwrap(), 1);
    assert_eq!(count(&db, SETTINGS).await, 1, "what was left behind went with its write");
}

async fn a_forgotten_lock_is_refused(home: &Home) {
    let db = home.open().await;
    let id: CustomerId = id();
    let result = db.write([Lock::Name("other".into())], async move |tx| tx.holds(&Lock::Customer(id))).await;
    assert!(is_program_error(&result.unwrap_err()));
}

async fn news_come_after_the_commit(home: &Home) {
    let db = home.open().await;
    let mut news = db.news();
    let refused = db.write([], async |tx| {
        tx.announce(Hint::new("rolled back"));
        Err::<(), _>(Error::NotFound)
    });
    assert!(refused.await.is_err());
    let writer = db.clone();
    let write = tokio::spawn(async move {
        let write = writer.write([], async |tx| {
            tx.announce(Hint::new("committed"));
            tx.run(ADD, &[&"seen", &""]).await
        });
        write.await.unwrap()
    });
    // The ear for other nodes may open meanwhile, and tells a gap.
    let hint = loop {
        if let News::Changed(hint) = news.recv().await.unwrap() {
            break hint;
        }
    };
    assert_eq!(hint, Hint::new("committed"));
    assert_eq!(count(&db, SETTINGS).await, 1, "told before it could be read");
    write.await.unwrap();
}

/// Read, compute, write: the pattern that loses updates on PostgreSQL without the lock.
async fn no_update_is_lost(home: &Home) {
    let db = home.open().await;
    let tries = Arc::new(AtomicU32::new(0));
    db.write([], async move |tx| tx.run(ADD, &[&"it", &"0"]).await).await.unwrap();
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let (db, tries) = (db.clone(), tries.clone());
            tokio::spawn(async move {
                db.write([Lock::Name("it".into())], async move |tx| {
                    tries.fetch_add(1, SeqCst);
                    let value: String = tx.one("select value from settings where name = 'it'", &[]).await?;
                    let value = value.parse::<i64>().unwrap() + 1;
                    tx.run("update settings set value = $1 where name = 'it'", &[&value.to_string()]).await
                })
                .await
                .unwrap()
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let value: String = db.read(async move |rx| rx.one("select value from settings", &[]).await).await.unwrap();
    assert_eq!(value, "64");
    assert_eq!(tries.load(SeqCst), 64, "nobody had to try again");
}

/// What has begun is finished, on either engine.
async fn a_caller_may_go_away(home: &Home) {
    let db = home.open().await;
    let mut news = db.news();
    let mut write = db.write([], async |tx| {
        tx.announce(Hint::new("done"));
        tx.run(ADD, &[&"kept", &""]).await
    });
    let begun = std::future::poll_fn(|cx| std::task::Poll::Ready(write.as_mut().poll(cx).is_pending()));
    assert!(begun.await);
    drop(write);
    while news.recv().await.unwrap() != News::Changed(Hint::new("done")) {}
    assert_eq!(count(&db, SETTINGS).await, 1);
}

/// A key that is checked at the commit. On SQLite it takes the whole group along: they share the transaction.
async fn a_failed_commit_fails_the_write(home: &Home) {
    let db = home.open().await;
    let mut news = db.news();
    db.write([], async move |tx| {
        tx.run("create table early (id bigint primary key)", &[]).await?;
        let late = "create table late (early bigint references early (id) deferrable initially deferred)";
        tx.run(late, &[]).await
    })
    .await
    .unwrap();
    let result = db.write([], async |tx| {
        tx.announce(Hint::new("never"));
        tx.run("insert into late (early) values (7)", &[]).await
    });
    assert!(matches!(result.await, Err(Error::Sql(_))));
    db.write([], async |tx| tx.run(ADD, &[&"after", &""]).await).await.unwrap();
    assert_eq!(count(&db, SETTINGS).await, 1);
    assert_eq!(count(&db, "select count(*) from late").await, 0);
    while let Ok(it) = news.try_recv() {
        assert_eq!(it, News::Gap);
    }
}

/// On SQLite all writers would wait with it; PostgreSQL cannot see it, but every use case runs on both.
#[tokio::test]
async fn sqlite_refuses_a_foreign_await() {
    let home = Home::sqlite();
    let db = home.open().await;
    let result = db
        .write([], async |tx| {
            tx.run(ADD, &[&"lost", &""]).await?;
            tokio::task::yield_now().await;
            Ok::<_, Error>(())
        })
        .await;
    assert!(is_program_error(&result.unwrap_err()));
    assert_eq!(count(&db, SETTINGS).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_tries_again() {
    let home = Home::postgres().await;
    let db = home.open().await;
    db.write([], async |tx| tx.run("insert into settings (name, value) values ('a', 'a'), ('b', 'b')", &[]).await)
        .await
        .unwrap();
    // A real deadlock: each holds one row and wants the other. Both meet once at the barrier, then one runs alone.
    let (meet, tries) = (Arc::new(Barrier::new(2)), Arc::new(AtomicU32::new(0)));
    let cross = |first: &'static str, second: &'static str| {
        let (db, meet, tries) = (db.clone(), meet.clone(), tries.clone());
        tokio::spawn(async move {
            let sql = "update settings set value = value || '.' where name = $1";
            db.write([], async move |tx| {
                tx.run(sql, &[&first]).await?;
                if tries.fetch_add(1, SeqCst) < 2 {
                    meet.wait().await;
                }
                tx.run(sql, &[&second]).await
            })
            .await
        })
    };
    let (one, other) = (cross("a", "b"), cross("b", "a"));
    assert_eq!(one.await.unwrap().unwrap(), 1);
    assert_eq!(other.await.unwrap().unwrap(), 1);
    assert_eq!(tries.load(SeqCst), 3);
    let values = db.read(async |rx| rx.all::<String>("select value from settings order by value", &[]).await).await;
    assert_eq!(values.unwrap(), ["a..", "b.."]);

    // And one that never ends is given up; it does not matter whether that shows at once or with the commit.
    for waits in [true, false] {
        let tries = Arc::new(AtomicU32::new(0));
        let counter = tries.clone();
        let result = db.write([], async move |tx| {
            counter.fetch_add(1, SeqCst);
            let sql = "do $$ begin raise exception 'again' using errcode = '40001'; end $$";
            if waits { tx.run(sql, &[]).await.map(drop) } else { tx.put(sql, &[]).await }
        });
        assert!(matches!(result.await, Err(Error::Conflict(_))));
        assert_eq!(tries.load(SeqCst), 5);
    }
    home.remove().await;
}

async fn announce(db: &Db, hints: &[Hint]) {
    let hints = hints.to_vec();
    let write = db.write([], async move |tx| {
        for hint in &hints {
            tx.announce(hint.clone());
        }
        Ok::<_, Error>(())
    });
    write.await.unwrap();
}

/// The ear of the other node opens a little after its door.
async fn until_heard(here: &Db, news: &mut tokio::sync::broadcast::Receiver<News>) {
    loop {
        announce(here, &[Hint::new("anyone?")]).await;
        let heard = tokio::time::timeout(std::time::Duration::from_millis(200), news.recv()).await;
        if heard.is_ok_and(|it| it.unwrap() == News::Changed(Hint::new("anyone?"))) {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_tells_the_other_nodes() {
    let home = Home::postgres().await;
    let (here, there) = (home.open().await, home.open().await);
    let (mut own, mut news) = (here.news(), there.news());
    until_heard(&here, &mut news).await;
    while own.try_recv().is_ok() {}
    let hints: Vec<Hint> = (100..300).map(|n| Hint::new(format!("case {n} {}", "x".repeat(150)))).collect();
    announce(&here, &hints).await;
    for hint in hints {
        // An earlier question may still have been on its way.
        let mut told = news.recv().await.unwrap();
        while told == News::Changed(Hint::new("anyone?")) {
            told = news.recv().await.unwrap();
        }
        assert_eq!(told, News::Changed(hint));
    }
    let mut heard = 0;
    while own.try_recv().is_ok() {
        heard += 1;
    }
    assert_eq!(heard, 200, "own news come once");

    // A broken connection is made again, and admits that something may be missing.
    // Those of other tests are broken too, which harms nobody.
    let kill = "select pg_terminate_backend(pid) from pg_stat_activity
                where pid <> pg_backend_pid() and query like '%listen %'";
    testkit::postgres::connect(home.place()).await.execute(kill, &[]).await.unwrap();
    assert_eq!(news.recv().await.unwrap(), News::Gap);
    home.remove().await;
}

/// As when the server restarts: every connection is gone, and nobody has to be told twice.
#[tokio::test(flavor = "multi_thread")]
async fn postgres_goes_on_after_a_restart() {
    // A name of its own, so that no other test's connections are cut.
    let home = Home::postgres().await;
    let name = format!("restart{}", id::<uuid::Uuid>().simple());
    let place = format!("{}&application_name={name}", home.place());
    let (db, there) = (Db::open(&place, id()).await.unwrap(), Db::open(&place, id()).await.unwrap());
    let mut news = there.news();
    until_heard(&db, &mut news).await;
    let add = async |key: &'static str| db.write([], async move |tx| tx.run(ADD, &[&key, &""]).await).await;
    add("before").await.unwrap();
    let kill = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = $1";
    testkit::postgres::connect(home.place()).await.execute(kill, &[&name]).await.unwrap();
    add("after").await.unwrap();
    while news.recv().await.unwrap() != News::Gap {}
    assert_eq!(count(&db, SETTINGS).await, 2);
    home.remove().await;
}

/// What was announced last is told too.
#[tokio::test(flavor = "multi_thread")]
async fn postgres_tells_the_others_before_it_goes() {
    let home = Home::postgres().await;
    let (here, there) = (home.open().await, home.open().await);
    let mut news = there.news();
    until_heard(&here, &mut news).await;
    announce(&here, &[Hint::new("goodbye")]).await;
    here.close().await;
    while news.recv().await.unwrap() != News::Changed(Hint::new("goodbye")) {}
    home.remove().await;
}

/// A fault of the engine is no fault of what was asked.
#[tokio::test(flavor = "multi_thread")]
async fn postgres_that_has_no_time_is_away() {
    let home = Home::postgres().await;
    let db = home.open().await;
    let raise = async |code: &'static str| {
        let sql = match code {
            "57014" => "do $$ begin raise exception 'late' using errcode = '57014'; end $$",
            "53100" => "do $$ begin raise exception 'full' using errcode = '53100'; end $$",
            "55P03" => "do $$ begin raise exception 'locked' using errcode = '55P03'; end $$",
            _ => "do $$ begin raise exception 'wrong' using errcode = '22021'; end $$",
        };
        db.write([], async move |tx| tx.run(sql, &[]).await).await.unwrap_err()
    };
    for code in ["57014", "53100", "55P03"] {
        let err = raise(code).await;
        assert!(err.is_passing(), "{err}");
    }
    assert!(!raise("22021").await.is_passing());
    db.close().await;
    assert!(db.write([], async |tx| tx.run(ADD, &[&"x", &""]).await).await.unwrap_err().is_passing());
    let nobody = Db::open("postgres://postgres@127.0.0.1:1/x", id()).await.err().unwrap();
    assert!(nobody.is_passing(), "{nobody}");
    home.remove().await;
}

/// A refusal may rest on what another of the group had written; where the group is lost, so is its reason.
#[tokio::test(flavor = "multi_thread")]
async fn sqlite_answers_no_refusal_of_a_lost_group() {
    let home = Home::sqlite();
    let db = home.open().await;
    db.write([], async move |tx| {
        tx.run("create table early (id bigint primary key)", &[]).await?;
        let late = "create table late (early bigint references early (id) deferrable initially deferred)";
        tx.run(late, &[]).await
    })
    .await
    .unwrap();
    // The writer is kept busy until both others wait: they are one group.
    let (busy, free) = (Arc::new(std::sync::Barrier::new(2)), Arc::new(std::sync::Barrier::new(2)));
    let (begun, ended) = (busy.clone(), free.clone());
    let first = tokio::spawn(db.write([], async move |_| {
        begun.wait();
        ended.wait();
        Err::<(), _>(Error::NotFound)
    }));
    tokio::task::spawn_blocking(move || busy.wait()).await.unwrap();
    let mut breaks = db.write([], async |tx| {
        tx.run(ADD, &[&"taken", &""]).await?;
        tx.run("insert into late (early) values (7)", &[]).await
    });
    let mut rests = db.write([], async |tx| {
        let taken: i64 = tx.one("select count(*) from settings where name = 'taken'", &[]).await?;
        if taken == 1 { Err::<(), _>(Error::Duplicate) } else { Ok(()) }
    });
    let asked = std::future::poll_fn(|cx| {
        std::task::Poll::Ready(breaks.as_mut().poll(cx).is_pending() && rests.as_mut().poll(cx).is_pending())
    });
    assert!(asked.await);
    tokio::task::spawn_blocking(move || free.wait()).await.unwrap();
    let (breaks, rests) = tokio::join!(breaks, rests);
    assert!(matches!(breaks, Err(Error::Sql(_))) && matches!(rests, Err(Error::Sql(_))), "{breaks:?} {rests:?}");
    first.await.unwrap().unwrap_err();
}
