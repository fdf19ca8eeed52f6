//! Acknowledged is durable: a process is killed in the middle of its writes, and every write it told us of is there.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod support;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use store::{Error, blob, message};
use support::{count, receive};
use testkit::Home;

const PLACE: &str = "TEST_CHILD_PLACE";
const ROUNDS: usize = 5;
const TASKS: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_loses_nothing_that_was_acknowledged() {
    kill_9_loses_nothing(&Home::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_loses_nothing_that_was_acknowledged() {
    let home = Home::postgres().await;
    kill_9_loses_nothing(&home).await;
    home.remove().await;
}

async fn kill_9_loses_nothing(home: &Home) {
    let mut acknowledged = BTreeSet::new();
    for round in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--nocapture"])
            .env(PLACE, home.place())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let told = lines.by_ref().filter_map(|it| it.strip_prefix("ack ").map(str::to_owned));
        // A different place in its work each time.
        acknowledged.extend(told.take(30 + 7 * round));
        child.kill().unwrap(); // SIGKILL
        acknowledged.extend(lines.filter_map(|it| it.strip_prefix("ack ").map(str::to_owned)));
        child.wait().unwrap();
    }
    assert!(acknowledged.len() > 100);
    let db = home.open().await;
    let told = acknowledged.len();
    let read = db.read(async move |rx| {
        for external_id in &acknowledged {
            let known = message::known(rx, external_id).await?.ok_or(Error::NotFound)?;
            message::find(rx, known.customer, known.case, known.message).await?.ok_or(Error::NotFound)?;
            let hash = blob::hash(&attachment(external_id));
            blob::read(rx, known.customer, known.case, &hash).await?;
        }
        Ok::<_, Error>(())
    });
    read.await.unwrap();
    let kept = usize::try_from(count(&db, "select count(*) from messages").await).unwrap();
    assert!((told..=told + ROUNDS * TASKS).contains(&kept), "{told} acknowledged, {kept} kept");
    let doubled = "select count(*) from (select 1 from messages group by external_id having count(*) > 1) as it";
    assert_eq!(count(&db, doubled).await, 0);
    // Entries are numbered without a gap, whenever the process died.
    let gaps = "select count(*) from cases where entries <>
                (select count(*) from entries where entries.customer_id = cases.customer_id and case_id = cases.id)";
    assert_eq!(count(&db, gaps).await, 0);
    if !home.is_postgres() {
        let sound = db.read(async |rx| rx.one::<String>("pragma integrity_check", &[]).await).await.unwrap();
        assert_eq!(sound, "ok");
    }
}

#[expect(clippy::disallowed_methods, reason = "the process that is killed is told where to work by its environment")]
fn told(variable: &str) -> Option<String> {
    std::env::var(variable).ok()
}

/// Too long for a row.
fn attachment(external_id: &str) -> Vec<u8> {
    external_id.as_bytes().iter().copied().cycle().take(70_000).collect()
}

/// The process that is killed; without its place it has nothing to do.
#[tokio::test(flavor = "multi_thread")]
async fn child() {
    let Some(place) = told(PLACE) else { return };
    let db = store::Db::open(&place, support::id()).await.unwrap();
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let db = db.clone();
            tokio::spawn(async move {
                for n in 0.. {
                    let external_id = format!("{}.{task}.{n}", std::process::id());
                    let it = blob::Blob::new(attachment(&external_id));
                    blob::keep(&db, std::slice::from_ref(&it)).await.unwrap();
                    receive(&db, &format!("{task}@example.org"), &external_id, Some(it)).await.unwrap();
                    println!("ack {external_id}");
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

const SYNC: &str = "TEST_CHILD_SYNC";

/// After a failed sync nobody knows what the disk holds: the process ends, and the next one looks.
#[test]
fn a_failed_sync_ends_the_process() {
    use std::os::unix::process::ExitStatusExt;
    for code in [rusqlite::ffi::SQLITE_IOERR_FSYNC, rusqlite::ffi::SQLITE_IOERR_DIR_FSYNC] {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_whose_disk_fails"])
            .env(SYNC, code.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert_eq!(child.signal(), Some(6), "SIGABRT: {child}");
    }
}

/// The process that meets the fault; without it, it has nothing to do.
#[test]
fn child_whose_disk_fails() {
    let Some(code) = told(SYNC) else { return };
    let failure = rusqlite::ffi::Error::new(code.parse().unwrap());
    drop(Error::from(rusqlite::Error::SqliteFailure(failure, None)));
}
