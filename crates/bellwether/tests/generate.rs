//! Many cases, fast: the copies are cases like those that went through the use cases. Lists, counts, pages and search
//! agree with what is there, and an answer to one of our messages joins its case.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use std::collections::{BTreeMap, BTreeSet};

use bellwether::demo::SIGN_INS;
use bellwether::generate::{self, Progress};
use desk::mail::Receipt;
use desk::{Ctx, Desk, Fixed, Keys, Post, Seeded};
use domain::tokens::tokens;
use domain::{Direction, Email, Filter, Member, Message, Status, Timestamp, View};
use store::case::list::{self, From, Line};
use store::case::spine::{self, Spine};
use store::filter::{Asked, ask};
use store::search::answer::{Order, answer};
use store::{Db, Scope};
use testkit::Letter;
use testkit::home::Home;
use uuid::Uuid;

/// Tuesday 24 November 2026, 09:05 in London.
const NOW: Timestamp = Timestamp(1_795_511_100_000_000);
const PLAYED: usize = 60;
const CASES: usize = 400;

testkit::both!(copies_are_cases_like_any_other);

async fn desk(home: &Home) -> Desk {
    let node = Uuid::from_u128(1);
    let db = Db::open(home.place(), node).await.unwrap();
    Desk::new(db, Ctx::new(Fixed(NOW), Seeded::new(1)), Keys::new(vec![(1, [7; 32])]), Post::Kept, node)
}

async fn scope(desk: &Desk) -> Scope {
    let email = Email::parse(SIGN_INS[0].email).unwrap();
    let it = desk.db.read(async move |rx| store::staff::by_email(rx, &email).await).await.unwrap().unwrap();
    Scope::of(&Member { id: it.id, name: it.name, role: it.role, teams: Vec::new() })
}

/// A list from its beginning to its end.
async fn listed(desk: &Desk, scope: &Scope, view: View) -> Vec<Line> {
    let (mut all, mut from) = (Vec::new(), From::Newest);
    loop {
        let scope = scope.clone();
        let page = desk.db.read(async move |rx| list::page(rx, &scope, &Asked::of(view, &scope), from).await);
        let page = page.await.unwrap();
        all.extend(page.lines);
        match page.older {
            Some(older) => from = From::Before(older),
            None => return all,
        }
    }
}

async fn opened(desk: &Desk, scope: &Scope, number: i64) -> Spine {
    let scope = scope.clone();
    desk.db.read(async move |rx| spine::spine(rx, &scope, number, None).await).await.unwrap()
}

/// The numbers of the cases that are found.
async fn found(desk: &Desk, scope: &Scope, text: &str) -> BTreeSet<i64> {
    let (scope, filter) = (scope.clone(), Filter::parse(text).0);
    let found = desk.db.read(async move |rx| {
        let asked = ask(rx, &scope, &filter, |_| None).await?.0;
        answer(rx, &scope, &asked, Order::Newest, None).await
    });
    found.await.unwrap().found.into_iter().map(|it| it.line.number).collect()
}

/// Whether one of a case's texts has the word.
fn says(spine: &Spine, word: &str) -> bool {
    let has = |text: &str| tokens(text).words.iter().any(|it| it.text == word);
    let party =
        |it: &Message| [it.sender.name.as_str(), it.sender.address.as_ref().map_or("", |it| it.as_str())].join(" ");
    let said = |it: &Message| has(&it.text) || has(&it.subject) || has(&party(it));
    has(&spine.case.subject) || spine.messages.values().any(said)
}

async fn copies_are_cases_like_any_other(home: &Home) {
    let desk = desk(home).await;
    let last = std::sync::Mutex::new(0);
    let progress = |it: Progress| {
        if let Progress::Cases(done, of) = it {
            assert!(done <= of);
            *last.lock().unwrap() = done;
        }
    };
    generate::after(&desk, PLAYED, CASES, NOW, progress).await.unwrap();
    assert_eq!(*last.lock().unwrap(), CASES);
    let scope = scope(&desk).await;

    // All are listed, in order, and the views have what they say.
    let all = listed(&desk, &scope, View::All).await;
    assert_eq!(all.iter().map(|it| it.number).collect::<BTreeSet<_>>().len(), CASES);
    assert!(all.is_sorted_by_key(|it| std::cmp::Reverse(it.last_at)));
    let looker = scope.clone();
    let counts = desk.db.read(async move |rx| list::counts(rx, &looker).await).await.unwrap();
    for (view, count) in counts {
        assert_eq!(listed(&desk, &scope, view).await.len(), usize::try_from(count).unwrap(), "{view:?}");
    }

    // Every one can be opened, is whole, and nothing of it is yet to come.
    let mut cases = BTreeMap::new();
    for it in &all {
        let spine = opened(&desk, &scope, it.number).await;
        assert_eq!(spine.entries.len(), usize::try_from(spine.case.entries).unwrap(), "#{}", it.number);
        assert!(spine.entries.iter().zip(1..).all(|(it, nth)| it.number == Some(nth) && it.at <= NOW));
        assert!(spine.case.opened_at <= spine.case.last_at && !spine.messages.is_empty());
        for message in spine.messages.values() {
            assert!(message.folded.iter().all(|it| message.text.get(it.start as usize..it.end as usize).is_some()));
            if message.direction == Direction::Inbound {
                assert_eq!(message.sender.name, spine.contact.1, "#{}", it.number);
                assert!(message.text.contains(message.sender.name.split(' ').next().unwrap()), "{}", message.text);
            }
        }
        cases.insert(it.number, spine);
    }
    let messages: usize = cases.values().map(|it| it.messages.len()).sum();
    assert!((CASES * 4..CASES * 6).contains(&messages), "{messages} messages");
    let live = cases.values().filter(|it| it.case.is_live()).count();
    assert!((CASES / 50..CASES / 20).contains(&live), "{live} are live");

    // Search finds what a reader would find, and the same when its index is made anew.
    let mut answers = BTreeMap::new();
    for spine in cases.iter().filter(|it| it.0 % 40 == 1).map(|it| it.1) {
        let surname = spine.contact.1.split(' ').nth(1).unwrap().to_lowercase();
        let model: BTreeSet<i64> = cases.iter().filter(|it| says(it.1, &surname)).map(|it| *it.0).collect();
        let hits = found(&desk, &scope, &surname).await;
        assert!(if model.len() < 25 { hits == model } else { hits.is_subset(&model) }, "{surname}: {hits:?} {model:?}");
        answers.insert(surname, hits);
    }
    for text in ["label", "\"thank you\"", "is:open the", "status:closed please -label"] {
        answers.insert(text.to_owned(), found(&desk, &scope, text).await);
        assert!(!answers[text].is_empty(), "{text}");
    }
    desk.rebuild_search(|_, _| ()).await.unwrap();
    desk.index_all().await.unwrap();
    for (text, hits) in &answers {
        assert_eq!(found(&desk, &scope, text).await, *hits, "{text}");
    }

    // An answer to what we wrote in a copy joins it, and is found.
    let copies = cases.range(i64::try_from(PLAYED).unwrap() + 1..).filter(|it| it.1.case.status != Status::Closed);
    let ours = |it: &&Message| it.direction == Direction::Outbound;
    let mut written = copies.filter_map(|(number, it)| it.messages.values().find(ours).map(|ours| (*number, ours)));
    let (number, ours) = written.next().unwrap();
    let to = ours.recipients.to[0].address.clone().unwrap();
    let mailbox = desk.mailbox(ours.channel).await.unwrap().unwrap();
    let letter = Letter::from(to.as_str()).to(mailbox.address.as_str()).answers(ours.message_id.as_ref().unwrap());
    let letter = letter.text("The cormorant has come back.");
    let receipt = desk.receive(&mailbox, letter.raw(), NOW).await.unwrap();
    let Receipt::Filed(filed) = receipt else { panic!("it was not filed: {receipt:?}") };
    assert_eq!(filed.number, number);
    assert!(opened(&desk, &scope, number).await.case.entries > cases[&number].case.entries);
    desk.index_all().await.unwrap();
    assert_eq!(found(&desk, &scope, "cormorant").await, BTreeSet::from([filed.number]));
    desk.db.close().await;
}
