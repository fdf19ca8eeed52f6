//! The demo: as many customers, cases and messages as it promises, every page's reads work on it, and the same moment
//! gives the same desk.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use std::collections::BTreeMap;

use bellwether::demo::{self, PASSWORD, SIGN_INS, Summary};
use desk::{Ctx, Desk, Fixed, Keys, Post, Seeded};
use domain::{Email, Member, Role, Status, Timestamp, View};
use store::case::list::{self, From};
use store::filter::Asked;
use store::{Db, Scope, case::spine};
use testkit::home::Home;
use uuid::Uuid;

/// Tuesday 24 November 2026, 09:05 in London.
const NOW: Timestamp = Timestamp(1_795_511_100_000_000);

async fn desk(home: &Home, seed: u64) -> Desk {
    let node = Uuid::from_u128(1);
    let db = Db::open(home.place(), node).await.unwrap();
    Desk::new(db, Ctx::new(Fixed(NOW), Seeded::new(seed)), Keys::new(vec![(1, [7; 32])]), Post::Kept, node)
}

async fn ines(desk: &Desk) -> Member {
    let email = Email::parse(SIGN_INS[0].email).unwrap();
    let it = desk.db.read(async move |rx| store::staff::by_email(rx, &email).await).await.unwrap().unwrap();
    Member { id: it.id, name: it.name, role: it.role, teams: Vec::new() }
}

/// Number and subject of every case, as the inbox lists them.
async fn cases(desk: &Desk, scope: &Scope) -> BTreeMap<i64, (String, Status, Timestamp)> {
    let mut cases = BTreeMap::new();
    let mut from = From::Newest;
    loop {
        let scope = scope.clone();
        let page = desk
            .db
            .read(async move |rx| list::page(rx, &scope, &Asked::of(View::All, &scope), from).await)
            .await
            .unwrap();
        cases.extend(page.lines.into_iter().map(|it| (it.number, (it.subject, it.status, it.last_at))));
        match page.older {
            Some(older) => from = From::Before(older),
            None => return cases,
        }
    }
}

testkit::both!(it_is_a_desk_at_work);

async fn it_is_a_desk_at_work(home: &Home) {
    let other = Home::sqlite();
    let (desk, twin) = (desk(home, 1).await, desk(&other, 2).await);
    assert!(!demo::is_filled(&desk).await.unwrap());

    let summary = demo::fill(&desk, NOW, |done, of| assert!(done <= of)).await.unwrap();
    let Summary { customers, cases: count, messages } = summary;
    assert!(customers >= 60 && count >= 400 && messages >= 3000, "{summary:?}");

    // It is not filled twice.
    assert!(demo::is_filled(&desk).await.unwrap());
    assert!(matches!(demo::fill(&desk, NOW, |_, _| ()).await, Err(demo::Error::Taken)));

    // Every case of the list can be read, and nothing has happened that is yet to come.
    let ines = ines(&desk).await;
    let scope = Scope::of(&ines);
    let all = cases(&desk, &scope).await;
    assert_eq!(all.len(), count);
    let mut read = 0;
    for (number, (_, status, last_at)) in &all {
        let (scope, number) = (scope.clone(), *number);
        let spine = desk.db.read(async move |rx| spine::spine(rx, &scope, number, None).await).await.unwrap();
        assert_eq!(spine.case.status, *status);
        assert!(*last_at <= NOW && spine.entries.iter().all(|it| it.at <= NOW));
        assert_eq!(spine.entries.len(), usize::try_from(spine.case.entries).unwrap());
        read += spine.messages.len();
        for message in spine.messages.values() {
            assert!(!message.text.trim().is_empty(), "#{number} has a message without words");
            assert!(!message.text.contains(['{', '\u{fffd}']), "#{number}: {}", message.text);
        }
    }
    assert_eq!(read, messages);

    // Numbers rise with time: the first entry of a case is its opening.
    let mut opened = Vec::new();
    for number in all.keys().copied() {
        let scope = scope.clone();
        let spine = desk.db.read(async move |rx| spine::spine(rx, &scope, number, None).await).await.unwrap();
        opened.push(spine.case.opened_at);
    }
    assert!(opened.is_sorted());

    // The inbox is alive: a handful each to do, and somebody wrote a few minutes ago.
    let counts = desk.db.read(async move |rx| list::counts(rx, &scope).await).await.unwrap();
    let counts: BTreeMap<_, _> = counts.into_iter().collect();
    assert!((9..=12).contains(&counts[&View::Mine]), "{counts:?}");
    assert!((4..=8).contains(&counts[&View::Unassigned]), "{counts:?}");
    assert!((15..=25).contains(&counts[&View::Waiting]), "{counts:?}");
    let newest = all.values().map(|it| it.2).max().unwrap();
    assert!(NOW.since(newest).as_secs() < 30 * 60);
    for status in [Status::New, Status::Open, Status::Waiting, Status::Resolved, Status::Closed] {
        assert!(all.values().any(|it| it.1 == status), "no case is {status}");
    }

    // The mail that came from elsewhere has a suggestion, the case in which its thread goes on, and no case of ours; the
    // follow-up knows what it follows.
    let stranger = all.iter().filter(|it| it.1.0 == "Re: Return two LP-40, RMA-2291");
    let follow_up = all.iter().find(|it| it.1.0.starts_with("Follow-up: is RMA-2291")).unwrap().0;
    let first = all.iter().find(|it| it.1.0 == "Return two LP-40, RMA-2291").unwrap().0;
    for (number, expected) in stranger.map(|it| (*it.0, "token_stranger")) {
        let scope = Scope::of(&ines);
        let spine = desk.db.read(async move |rx| spine::spine(rx, &scope, number, None).await).await.unwrap();
        let association = spine.associations.values().next().unwrap();
        assert_eq!((association.reason.to_string().as_str(), &association.suggest), (expected, &vec![*follow_up]));
    }
    let (scope, follow_up) = (Scope::of(&ines), *follow_up);
    let spine = desk.db.read(async move |rx| spine::spine(rx, &scope, follow_up, None).await).await.unwrap();
    assert_eq!(spine.case.follows, Some(*first));

    // No job is left.
    assert_eq!(store::job::next(&desk.db, &["send", "file_inbound"]).await.unwrap(), None);

    // Whoever is listed can sign in, in every role.
    for role in [Role::Administrator, Role::Lead, Role::Agent, Role::SuccessManager, Role::DepartmentMember] {
        assert!(SIGN_INS.iter().any(|it| it.role == role));
    }
    assert!(PASSWORD.chars().count() >= 12);

    // The same moment gives the same desk, whatever its ids and its engine are.
    assert_eq!(demo::fill(&twin, NOW, |_, _| ()).await.unwrap(), summary);
    let ines = self::ines(&twin).await;
    assert_eq!(cases(&twin, &Scope::of(&ines)).await, all);
    desk.db.close().await;
}
