//! Jobs and leases: work is shared, and a crash loses none of it.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::{JobId, Timestamp};
use store::job::{self, Job};
use store::{Db, lease};
use uuid::Uuid;

use crate::both;
use testkit::Home;

use crate::support::{NOW, after, count, id};

both!(
    a_crash_loses_no_job,
    a_job_is_put_off_or_given_up,
    a_job_is_held_as_long_as_somebody_is_at_it,
    work_of_a_newer_program_is_left_to_it,
    what_a_dead_process_held_is_due_again,
    what_a_process_without_a_lease_held_is_due_again,
    what_a_process_does_not_know_that_it_holds_is_due_again,
    leases_can_be_ended,
    workers_share_the_jobs,
    a_lease_has_one_holder,
);

const KINDS: [&str; 2] = ["send", "close"];

async fn enqueue(db: &Db, name: &'static str, due_at: Timestamp) -> JobId {
    let job = id();
    db.write([], async move |tx| job::enqueue(tx, job, name, "{}", due_at).await).await.unwrap();
    job
}

async fn finish(db: &Db, job: &Job) -> bool {
    let job = job.clone();
    db.write([], async move |tx| job::finish(tx, &job).await).await.unwrap()
}

async fn put_off(db: &Db, job: &Job, due_at: Option<Timestamp>) -> bool {
    let job = job.clone();
    db.write([], async move |tx| job::put_off(tx, &job, due_at, "the server refused").await).await.unwrap()
}

async fn a_crash_loses_no_job(home: &Home) {
    let db = home.open().await;
    let sent = enqueue(&db, "send", after(100)).await;
    assert_eq!(job::claim(&db, id(), &KINDS, after(99), 10).await.unwrap(), [], "not yet due");
    let lost = job::claim(&db, id(), &KINDS, after(100), 10).await.unwrap();
    assert_eq!(lost, [Job { id: sent, name: "send".to_owned(), payload: "{}".to_owned(), tries: 1 }]);
    db.close().await; // The worker dies here, with the job in its hands.

    let db = home.open().await;
    assert_eq!(job::claim(&db, id(), &KINDS, after(101), 10).await.unwrap(), [], "leased");
    let later = after(100).after(job::LEASE);
    assert_eq!(job::next(&db, &KINDS).await.unwrap(), Some(later));
    let again = job::claim(&db, id(), &KINDS, later, 10).await.unwrap();
    assert_eq!((again[0].id, again[0].tries), (sent, 2));
    assert!(!finish(&db, &lost[0]).await, "the first worker comes back too late");
    assert!(!put_off(&db, &lost[0], None).await, "and has no say");
    assert!(finish(&db, &again[0]).await);
    assert_eq!(job::next(&db, &KINDS).await.unwrap(), None);
    assert_eq!(count(&db, "select count(*) from jobs").await, 0);
}

async fn a_job_is_put_off_or_given_up(home: &Home) {
    let db = home.open().await;
    enqueue(&db, "send", NOW).await;
    let first = job::claim(&db, id(), &KINDS, NOW, 10).await.unwrap().remove(0);
    assert!(put_off(&db, &first, Some(after(30))).await);
    assert_eq!(job::next(&db, &KINDS).await.unwrap(), Some(after(30)));
    assert_eq!(job::claim(&db, id(), &KINDS, after(29), 10).await.unwrap(), []);
    let second = job::claim(&db, id(), &KINDS, after(30), 10).await.unwrap().remove(0);
    assert_eq!(second.tries, 2);
    assert!(put_off(&db, &second, None).await);
    assert_eq!(job::next(&db, &KINDS).await.unwrap(), None, "it waits for a person");
    assert_eq!(job::claim(&db, id(), &KINDS, Timestamp(i64::MAX / 2), 10).await.unwrap(), []);
    let kept = "select count(*) from jobs where due_at is null and error = 'the server refused' and holder is null";
    assert_eq!(count(&db, kept).await, 1);
}

/// The server of a mail may be slower than a lease is long.
async fn a_job_is_held_as_long_as_somebody_is_at_it(home: &Home) {
    let db = home.open().await;
    enqueue(&db, "send", NOW).await;
    let slow = job::claim(&db, id(), &KINDS, NOW, 1).await.unwrap().remove(0);
    let renew = async |it: &Job, until| {
        let it = it.clone();
        db.write([], async move |tx| job::renew(tx, &it, after(until)).await).await.unwrap()
    };
    assert!(renew(&slow, 900).await);
    assert_eq!(job::claim(&db, id(), &KINDS, after(899), 1).await.unwrap(), []);
    let other = job::claim(&db, id(), &KINDS, after(900), 1).await.unwrap().remove(0);
    assert!(!renew(&slow, 2000).await, "another has it now");
    assert!(put_off(&db, &other, Some(after(1000))).await);
    assert!(!renew(&other, 2000).await, "nobody is at it");
    assert_eq!(job::next(&db, &KINDS).await.unwrap(), Some(after(1000)));
}

/// Two versions of the program share a database while one takes over from the other.
async fn work_of_a_newer_program_is_left_to_it(home: &Home) {
    let db = home.open().await;
    let (new, known) = (enqueue(&db, "survey", NOW).await, enqueue(&db, "send", after(9)).await);
    assert_eq!(job::next(&db, &KINDS).await.unwrap(), Some(after(9)), "nobody looks for it in vain");
    let claimed = job::claim(&db, id(), &KINDS, after(9), 10).await.unwrap();
    assert_eq!(claimed.iter().map(|it| it.id).collect::<Vec<_>>(), [known]);
    let claimed = job::claim(&db, id(), &["survey"], after(9), 10).await.unwrap();
    assert_eq!(claimed.iter().map(|it| (it.id, it.tries)).collect::<Vec<_>>(), [(new, 1)]);
}

async fn what_a_dead_process_held_is_due_again(home: &Home) {
    let db = home.open().await;
    let held = enqueue(&db, "send", NOW).await;
    let later = enqueue(&db, "close", after(3600)).await;
    job::claim(&db, id(), &KINDS, NOW, 10).await.unwrap();
    let released = db.write([], async |tx| job::release(tx, after(1)).await).await.unwrap();
    assert_eq!(released, 1);
    let due: Vec<JobId> = job::claim(&db, id(), &KINDS, after(1), 10).await.unwrap().iter().map(|it| it.id).collect();
    assert_eq!(due, [held], "what nobody held is not hurried: {later}");
}

/// A claim whose answer was lost, or what an earlier process of the same name held.
async fn what_a_process_does_not_know_that_it_holds_is_due_again(home: &Home) {
    let db = home.open().await;
    let (node, other): (Uuid, Uuid) = (id(), id());
    let (known, lost) = (enqueue(&db, "send", NOW).await, enqueue(&db, "send", NOW).await);
    assert_eq!(job::claim(&db, node, &KINDS, NOW, 2).await.unwrap().len(), 2);
    enqueue(&db, "send", NOW).await;
    assert_eq!(job::claim(&db, other, &KINDS, NOW, 1).await.unwrap().len(), 1);
    let released = db.write([], async move |tx| job::release_lost(tx, node, &[known], after(1)).await).await.unwrap();
    assert_eq!(released, 1);
    let due: Vec<JobId> = job::claim(&db, node, &KINDS, after(1), 10).await.unwrap().iter().map(|it| it.id).collect();
    assert_eq!(due, [lost]);
}

/// Where one process alone works, whoever held a lease before it is dead.
async fn leases_can_be_ended(home: &Home) {
    let db = home.open().await;
    assert!(lease::take(&db, "mailbox", id(), NOW, Duration::from_mins(1)).await.unwrap());
    assert!(!lease::take(&db, "mailbox", id(), NOW, Duration::from_mins(1)).await.unwrap());
    assert_eq!(db.write([], async |tx| lease::void(tx).await).await.unwrap(), 1);
    assert!(lease::take(&db, "mailbox", id(), NOW, Duration::from_mins(1)).await.unwrap());
}

async fn what_a_process_without_a_lease_held_is_due_again(home: &Home) {
    let db = home.open().await;
    let (alive, dead): (Uuid, Uuid) = (id(), id());
    for node in [alive, dead] {
        enqueue(&db, "send", NOW).await;
        assert_eq!(job::claim(&db, node, &KINDS, NOW, 1).await.unwrap().len(), 1);
        let name = format!("node {node}");
        let term = Duration::from_secs(if node == alive { 40 } else { 30 });
        assert!(lease::take(&db, &name, node, NOW, term).await.unwrap());
    }
    let release = async |at| db.write([], async move |tx| job::release_abandoned(tx, after(at)).await).await.unwrap();
    assert_eq!(release(29).await, 0, "both live");
    assert_eq!(release(30).await, 1, "one does not");
    assert_eq!(job::claim(&db, alive, &KINDS, after(30), 10).await.unwrap().len(), 1);
}

async fn workers_share_the_jobs(home: &Home) {
    let db = home.open().await;
    db.write([], async |tx| {
        for _ in 0..40 {
            job::enqueue(tx, id(), "send", "{}", NOW).await?;
        }
        Ok::<_, store::Error>(())
    })
    .await
    .unwrap();
    // Spawned, so that the compiler proves all of this `Send`.
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let (db, node) = (db.clone(), id());
            tokio::spawn(async move {
                let mut done = Vec::new();
                loop {
                    let jobs = job::claim(&db, node, &KINDS, after(1), 3).await.unwrap();
                    if jobs.is_empty() {
                        return done;
                    }
                    for job in jobs {
                        assert!(finish(&db, &job).await);
                        done.push(job.id);
                    }
                }
            })
        })
        .collect();
    let mut done = Vec::new();
    for worker in workers {
        done.extend(worker.await.unwrap());
    }
    assert_eq!(done.len(), 40);
    assert_eq!(done.into_iter().collect::<BTreeSet<_>>().len(), 40, "each by one worker");
    assert_eq!(count(&db, "select count(*) from jobs").await, 0);
}

async fn a_lease_has_one_holder(home: &Home) {
    let db = home.open().await;
    let (a, b): (Uuid, Uuid) = (id(), id());
    let term = Duration::from_mins(1);
    let take = async |holder, at| lease::take(&db, "mailbox 7", holder, after(at), term).await.unwrap();
    assert!(take(a, 0).await);
    assert!(!take(b, 30).await, "it is held");
    assert!(take(a, 30).await, "the holder renews it");
    assert!(!take(b, 89).await);
    assert!(take(b, 90).await, "it has run out");
    assert!(!take(a, 91).await);
    lease::give_back(&db, "mailbox 7", a).await.unwrap();
    assert!(!take(a, 92).await, "who does not hold it gives nothing back");
    lease::give_back(&db, "mailbox 7", b).await.unwrap();
    assert!(take(a, 93).await);
    assert!(lease::take(&db, "mailbox 8", b, after(93), term).await.unwrap(), "each name is one lease");
}
