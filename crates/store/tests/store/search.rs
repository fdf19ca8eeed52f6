//! Search, against a model that reads everything.

use std::collections::HashMap;

use domain::sought::Sought;
use domain::tokens::tokens;
use domain::{
    Actor, Aside, Case, CaseId, Entry, Fact, Filter, Findable, Message, PutAside, Role, StaffId, Status, TeamId,
    Unwanted,
};
use store::case::list::{self, From};
use store::case::{self, Place};
use store::filter::{Asked, ask};
use store::search::answer::{Answer, Order, PAGE, answer};
use store::search::index::{self, Kept};
use store::search::people;
use store::{Db, Error, Lock, Scope, customer, entry, message};

use crate::both;
use crate::support::{
    add_case, add_cases, add_customer, add_staff, add_team, after, count, email, everything, id, new_message, scope,
};
use testkit::Home;

both!(
    what_is_found_is_what_a_reader_would_find,
    what_is_written_again_or_deleted_is_found_accordingly,
    a_crash_at_any_point_loses_nothing,
    an_index_of_another_day_is_made_anew,
    customers_and_contacts_are_found_by_those_who_may,
    what_fits_best_comes_first,
    many_hits_are_walked_in_windows,
);

/// Does all that waits.
async fn keep(db: &Db) {
    while index::keep(db).await.unwrap() != Kept::Nothing {}
}

/// Numbers that look like chance and come out the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

const VOCABULARY: &[&str] = &[
    "printer",
    "paper",
    "jam",
    "Crème",
    "creme",
    "INV-10874",
    "INV10874",
    "INV-10875",
    "credit",
    "note",
    "the",
    "the",
    "the",
    "ann.smith@northwind.example",
    "Straße",
    "東京都",
    "the",
];

const QUESTIONS: &[&str] = &[
    "printer",
    "the",
    "printer jam",
    "\"printer jam\"",
    "\"the the\"",
    "\"credit note\" paper",
    "creme",
    "CRÈME -the",
    "INV-10874",
    "inv10874",
    "inv 10875",
    "\"inv 10874\"",
    "10874",
    "ann.smith@northwind.example",
    "northwind -printer -\"credit note\"",
    "smith",
    "strasse",
    "京都",
    "東京都 printer",
    "printer is:open",
    "the team:finance",
    "the -team:finance status:closed",
    "paper assignee:me",
    "paper -assignee:me is:open",
    "jam before:30d",
    "jam after:40d",
    "the customer:ann@example.org",
    "the customer:bob is:open",
    "jam customer:bo",
    "is:spam the",
    "absent",
    "printer absent",
];

fn midnight(day: domain::filter::Day) -> Option<domain::Timestamp> {
    match day {
        domain::filter::Day::Ago(days) => Some(after(60 - i64::from(days))),
        domain::filter::Day::On { .. } => None,
    }
}

async fn asked(db: &Db, scope: &Scope, text: &str) -> (Asked, Sought) {
    let (filter, mistakes) = Filter::parse(text);
    assert_eq!(mistakes, [], "{text}");
    let (scope, sought) = (scope.clone(), filter.sought());
    let (asked, mistakes) = db.read(async move |rx| ask(rx, &scope, &filter, midnight).await).await.unwrap();
    assert_eq!(mistakes, [], "{text}");
    (asked, sought)
}

async fn found(db: &Db, scope: &Scope, asked: &Asked, order: Order, before: Option<i64>) -> Answer {
    let (scope, asked) = (scope.clone(), asked.clone());
    db.read(async move |rx| answer(rx, &scope, &asked, order, before).await).await.unwrap()
}

/// The numbers of all cases that are found, page by page.
async fn pages(db: &Db, scope: &Scope, asked: &Asked) -> Vec<i64> {
    let (mut numbers, mut before) = (Vec::new(), None);
    loop {
        let page = found(db, scope, asked, Order::Newest, before).await;
        assert!(page.found.len() <= PAGE);
        assert_eq!(page.building, None);
        numbers.extend(page.found.iter().map(|it| it.line.number));
        match page.older {
            Some(older) => before = Some(older),
            None => return numbers,
        }
    }
}

async fn numbers(db: &Db, scope: &Scope, text: &str) -> Vec<i64> {
    let (asked, _) = asked(db, scope, text).await;
    pages(db, scope, &asked).await
}

/// Writes a message into a case, as the last thing said there.
async fn say(db: &Db, case: &Case, text: &str, at: i64) -> Message {
    let mut it = new_message(case.customer, case.id, &format!("m{at}"), after(at));
    (it.subject, it.text, it.files) = (case.subject.clone(), text.to_owned(), Vec::new());
    let written = it.clone();
    let write = db.write([Lock::Customer(case.customer)], async move |tx| message::insert(tx, &written, None).await);
    write.await.unwrap();
    it
}

async fn note(db: &Db, case: &Case, text: &str, at: i64, number: i64) {
    let fact = Fact::Noted { text: text.to_owned(), files: Vec::new(), mentions: Vec::new(), status: case.status };
    let it = Entry { number: Some(number), at: after(at), by: Actor::Job, fact };
    let (customer, case) = (case.customer, case.id);
    let write =
        db.write([Lock::Customer(customer)], async move |tx| entry::append(tx, id(), customer, Some(case), &it).await);
    write.await.unwrap();
}

struct Spoken {
    case: usize,
    at: i64,
    texts: Vec<String>,
}

async fn what_is_found_is_what_a_reader_would_find(home: &Home) {
    let db = home.open().await;
    let (ann, bob) = (add_customer(&db, "ann@example.org").await, add_customer(&db, "Bob@example.org").await);
    let ada = add_staff(&db, "ada@example.com", Role::Agent).await;
    let (finance, docs) = (add_team(&db, "finance").await, add_team(&db, "docs").await);
    let statuses = [Status::New, Status::Open, Status::Waiting, Status::Closed];
    let mut cases = Vec::new();
    let mut dice = Dice(7);
    for n in 0..90_usize {
        let of = if n % 3 == 0 { bob } else { ann };
        let case = add_case(&db, of, after(i64::try_from(n).unwrap()), |case| {
            case.status = statuses[n % 4];
            VOCABULARY[n % 7].clone_into(&mut case.subject);
            case.assignee = (n % 5 == 0).then_some(ada);
            case.team = [None, Some(finance), Some(docs)][n / 2 % 3];
            let put = PutAside { to: Aside::Spam, why: Unwanted::Person, by: None, at: after(1) };
            case.aside = (n % 13 == 0).then_some(put);
        });
        cases.push(case.await);
    }
    let parties = ["Ann ann@example.org".to_owned(), "desk@example.com".to_owned()];
    let mut spoken: Vec<Spoken> = Vec::new();
    for (at, case) in cases.iter().enumerate() {
        let number = case.number.to_string();
        spoken.push(Spoken { case: at, at: i64::try_from(at).unwrap(), texts: vec![case.subject.clone(), number] });
    }
    for n in 0..260_i64 {
        let at = dice.below(cases.len());
        let words: Vec<&str> = (0..=dice.below(6)).map(|_| VOCABULARY[dice.below(VOCABULARY.len())]).collect();
        let (case, text) = (&cases[at], words.join(" "));
        let texts = if dice.below(5) == 0 {
            note(&db, case, &text, 100 + n, 100 + n).await;
            vec![text]
        } else {
            say(&db, case, &text, 100 + n).await;
            [vec![case.subject.clone(), text], parties.to_vec()].concat()
        };
        spoken.push(Spoken { case: at, at: 100 + n, texts });
        if n % 40 == 0 {
            keep(&db).await;
        }
    }
    keep(&db).await;
    let agent = scope(Role::Agent, ada, &[]);
    let member = scope(Role::DepartmentMember, ada, &[finance]);
    for text in QUESTIONS {
        for who in [&agent, &member] {
            if text.contains("is:spam") && who.teams().is_some() {
                let (asked, _) = asked(&db, &agent, text).await;
                let scope = who.clone();
                let refused = db.read(async move |rx| answer(rx, &scope, &asked, Order::Newest, None).await).await;
                assert!(matches!(refused, Err(Error::NotFound)));
                continue;
            }
            let (asked, sought) = asked(&db, who, text).await;
            let holds = |case: &Case| {
                holds(text, case, ada, finance, bob.customer)
                    && who.teams().is_none_or(|it| case.team.is_some_and(|team| it.contains(&team)))
            };
            let mut newest: HashMap<usize, i64> = HashMap::new();
            for it in spoken.iter().filter(|it| holds(&cases[it.case])) {
                let texts: Vec<_> = it.texts.iter().map(|it| tokens(it)).collect();
                if sought.fits(&texts) {
                    let at = newest.entry(it.case).or_insert(it.at);
                    *at = it.at.max(*at);
                }
            }
            let mut wanted: Vec<(i64, i64)> = newest.into_iter().map(|(case, at)| (at, cases[case].number)).collect();
            wanted.sort_unstable_by(|a, b| b.cmp(a));
            let mut wanted: Vec<i64> = wanted.into_iter().map(|it| it.1).collect();
            // Notes and messages of one moment come in the order of their batch; here each has its own.
            assert_eq!(pages(&db, who, &asked).await, wanted, "{text}, {:?}", who.teams());
            // The list of the inbox shows the same cases, in its own order.
            let (scope, listed) = (who.clone(), asked.clone());
            let first = db.read(async move |rx| list::page(rx, &scope, &listed, From::Newest).await).await.unwrap();
            let mut lines: Vec<i64> = first.lines.iter().map(|it| it.number).collect();
            if let Some(older) = first.older {
                let (scope, listed) = (who.clone(), asked.clone());
                let rest =
                    db.read(async move |rx| list::page(rx, &scope, &listed, From::Before(older)).await).await.unwrap();
                lines.extend(rest.lines.iter().map(|it| it.number));
                assert_eq!(rest.older, None);
                let (scope, listed, newer) = (who.clone(), asked.clone(), rest.newer.unwrap());
                let back =
                    db.read(async move |rx| list::page(rx, &scope, &listed, From::After(newer)).await).await.unwrap();
                assert_eq!(back.lines, first.lines);
            }
            assert!(lines.is_sorted_by(|a, b| a > b), "{text}");
            wanted.sort_unstable_by(|a, b| b.cmp(a));
            assert_eq!(lines, wanted, "{text}");
        }
    }
}

/// What the filters of [`QUESTIONS`] ask of a case besides their words.
fn holds(text: &str, case: &Case, me: StaffId, finance: TeamId, bob: domain::CustomerId) -> bool {
    let spam = case.aside.is_some();
    let all = [
        spam == text.contains("is:spam"),
        !text.contains("is:open") || case.is_live(),
        !text.contains("status:closed") || case.status == Status::Closed,
        !text.contains(" team:finance") || case.team == Some(finance),
        !text.contains("-team:finance") || case.team != Some(finance),
        !text.contains(" assignee:me") || case.assignee == Some(me),
        !text.contains("-assignee:me") || case.assignee != Some(me),
        !text.contains("before:30d") || case.last_at < after(30),
        !text.contains("after:40d") || case.last_at >= after(20),
        !text.contains("customer:ann") || case.customer != bob,
        !text.contains("customer:bo") || case.customer == bob,
    ];
    all.iter().all(|it| *it)
}

async fn what_is_written_again_or_deleted_is_found_accordingly(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let (first, other) = (add_case(&db, ann, after(1), |_| ()).await, add_case(&db, ann, after(2), |_| ()).await);
    let all = everything();
    let moved = say(&db, &first, "a zebra", 3).await;
    say(&db, &first, "a walrus", 4).await;
    say(&db, &other, "a walrus, too", 5).await;
    keep(&db).await;
    assert_eq!(numbers(&db, &all, "walrus").await, [other.number, first.number]);
    assert_eq!(numbers(&db, &all, &first.number.to_string()).await, [first.number], "by its number");

    // A message that is made a case of its own, and one that is taken back.
    let to = other.id;
    let (of, names) = (ann.customer, ["m3".to_owned()]);
    let write = db.write([Lock::Customer(of)], async move |tx| {
        message::move_to(tx, &moved, to, &names).await?;
        message::find(tx, of, to, moved.id).await
    });
    let moved = write.await.unwrap().unwrap();
    keep(&db).await;
    assert_eq!(numbers(&db, &all, "zebra").await, [other.number]);
    assert_eq!(numbers(&db, &all, "walrus").await, [other.number, first.number], "in the same order as before");
    let write = db.write([Lock::Customer(of)], async move |tx| {
        message::set_state(tx, &moved, domain::MessageState::TakenBack, None).await
    });
    write.await.unwrap();
    keep(&db).await;
    assert_eq!(numbers(&db, &all, "zebra").await, [0; 0]);

    // What solved it.
    let solved = first.clone();
    let write = db.write([Lock::Customer(of)], async move |tx| {
        let mut case = case::find(tx, solved.customer, solved.id).await?.ok_or(Error::NotFound)?;
        let entry = case.resolve("A new fuser", Actor::Job, after(6)).unwrap();
        entry::append(tx, id(), case.customer, Some(case.id), &entry).await?;
        case::save(tx, &case).await
    });
    write.await.unwrap();
    keep(&db).await;
    let (fuser, _) = asked(&db, &all, "fuser").await;
    let page = found(&db, &all, &fuser, Order::Newest, None).await;
    assert_eq!(page.found[0].line.number, first.number);
    assert_eq!(page.found[0].snippet.as_ref().unwrap().text, "A new fuser");

    // Deleted for good: neither found nor left in the file.
    let place = Place { customer: first.customer, case: first.id };
    db.write([Lock::Customer(of)], async move |tx| case::aside::delete(tx, place).await).await.unwrap();
    assert_eq!(numbers(&db, &all, "walrus").await, [other.number], "not even before the index knows");
    keep(&db).await;
    assert_eq!(numbers(&db, &all, "walrus").await, [other.number]);
    assert_eq!(count(&db, "select count(*) from search_docs where kind = 'message'").await, 1);
    assert_eq!(count(&db, "select count(*) from search_queue").await, 0);
    if !home.is_postgres() {
        let dir = std::path::Path::new(home.place());
        let bytes = [
            std::fs::read(dir.join("search.db")).unwrap(),
            std::fs::read(dir.join("search.db-wal")).unwrap_or_default(),
        ];
        let left = |word: &[u8]| bytes.iter().any(|it| it.windows(word.len()).any(|it| it == word));
        assert!(left(b"walrus"), "of the other case");
        assert!(!left(b"fuser") && !left(b"zebra"), "words of what was deleted");
    }
}

async fn a_crash_at_any_point_loses_nothing(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let case = add_case(&db, ann, after(1), |_| ()).await;
    keep(&db).await;
    say(&db, &case, "a zebra", 3).await;
    let waits = || async {
        db.read(async |rx| rx.all::<Vec<u8>>("select items from search_queue order by id", &[]).await).await.unwrap()
    };
    let queue = waits().await;
    keep(&db).await;
    // The index had it, and the queue had not forgotten it yet.
    let again = queue.clone();
    let write = db.write([], async move |tx| {
        for items in &again {
            tx.run("insert into search_queue (items) values ($1)", &[items]).await?;
        }
        tx.run("update search_marks set batch = batch - 1", &[]).await
    });
    write.await.unwrap();
    let docs = count(&db, "select count(*) from search_docs").await;
    let seq = count(&db, "select max(seq) from search_docs").await;
    say(&db, &case, "a walrus", 4).await;
    assert_eq!(index::keep(&db).await.unwrap(), Kept::Some, "and nothing is made anew");
    keep(&db).await;
    assert_eq!(count(&db, "select count(*) from search_docs").await, docs + 1);
    assert_eq!(count(&db, "select max(seq) from search_docs").await, seq + 1);
    assert_eq!(waits().await.len(), 0);
    for word in ["zebra", "walrus"] {
        assert_eq!(numbers(&db, &everything(), word).await, [case.number]);
    }
    // A write that fails leaves nothing to do, and one that is rolled back with its neighbours neither.
    let (customer, case) = (case.customer, case.id);
    let failed = db.write([Lock::Customer(customer)], async move |tx| {
        message::insert(tx, &new_message(customer, case, "failed", after(9)), None).await?;
        Err::<(), _>(Error::NotFound)
    });
    assert!(failed.await.is_err());
    assert_eq!(waits().await.len(), 0);
}

async fn an_index_of_another_day_is_made_anew(home: &Home) {
    let mut db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let mut cases = Vec::new();
    for n in 0..30 {
        let case = add_case(&db, ann, after(n), |_| ()).await;
        say(&db, &case, &format!("walrus number {n}"), 100 + n).await;
        note(&db, &case, "seen at the zoo", 200 - n, 90).await;
        cases.push(case.number);
    }
    let newest_first: Vec<i64> = cases.iter().rev().copied().collect();
    keep(&db).await;
    assert_eq!(numbers(&db, &everything(), "walrus").await, newest_first);
    // It was put back from a backup that is older than the database.
    db.write([], async |tx| tx.run("update search_marks set batch = batch + 7", &[]).await).await.unwrap();
    assert!(matches!(index::keep(&db).await.unwrap(), Kept::Building(0, _)));
    let page = {
        let (walrus, _) = asked(&db, &everything(), "walrus").await;
        found(&db, &everything(), &walrus, Order::Newest, None).await
    };
    assert_eq!((page.building, page.found.len()), (Some(0), 0));
    keep(&db).await;
    assert_eq!(numbers(&db, &everything(), "walrus").await, newest_first);
    assert_eq!(numbers(&db, &everything(), "zoo").await, cases, "notes have their own time");
    let made = count(&db, "select count(*) from search_docs").await;
    assert_eq!(made, 30 * 3 + 2);
    // Asked for, while something waits and something is deleted.
    say_more(&db, &cases).await;
    let total = index::rebuild(&db).await.unwrap();
    assert_eq!(total, made + 1);
    keep(&db).await;
    assert_eq!(count(&db, "select count(*) from search_docs").await, made + 1);
    assert_eq!(numbers(&db, &everything(), "penguin").await, [cases[3]]);
    if !home.is_postgres() {
        // Somebody removes the file, or a disk does.
        db.close().await;
        let file = std::path::Path::new(home.place()).join("search.db");
        std::fs::remove_file(&file).unwrap();
        db = home.open().await;
        keep(&db).await;
        assert_eq!(numbers(&db, &everything(), "walrus").await, newest_first);
        db.close().await;
        std::fs::write(&file, b"This is no database.").unwrap();
        db = home.open().await;
        keep(&db).await;
        assert_eq!(numbers(&db, &everything(), "walrus").await, newest_first);
    }
}

async fn say_more(db: &Db, cases: &[i64]) {
    let number = cases[3];
    let found = db.read(async move |rx| {
        let place = case::place(rx, number).await?.ok_or(Error::NotFound)?;
        case::find(rx, place.customer, place.case).await
    });
    say(db, &found.await.unwrap().unwrap(), "a penguin", 300).await;
}

async fn customers_and_contacts_are_found_by_those_who_may(home: &Home) {
    let db = home.open().await;
    let (ann, bob) =
        (add_customer(&db, "ann.smith@northwind.example").await, add_customer(&db, "bob@example.org").await);
    let finance = add_team(&db, "finance").await;
    add_case(&db, bob, after(1), |it| it.team = Some(finance)).await;
    let of = ann.customer;
    let write = db.write([Lock::Customer(of)], async move |tx| {
        let mut it = customer::find(tx, of).await?.ok_or(Error::NotFound)?;
        "Northwind Bäckerei".clone_into(&mut it.name);
        customer::save(tx, &it).await?;
        customer::add_domain(tx, of, "northwind.example").await
    });
    write.await.unwrap();
    keep(&db).await;
    let people = async |who: &Scope, text: &str, most: usize| {
        let (who, sought) = (who.clone(), Filter::parse(text).0.sought());
        let found = db.read(async move |rx| people::find(rx, &who, &sought, most).await).await.unwrap();
        (found.0.into_iter().map(|it| it.name.text).collect::<Vec<_>>(), found.1)
    };
    let all = everything();
    assert_eq!(people(&all, "backerei", 5).await, (vec!["Northwind Bäckerei".to_owned()], false));
    assert_eq!(people(&all, "northwind", 5).await.0, ["Northwind Bäckerei", "ann.smith@northwind.example"]);
    assert_eq!(people(&all, "northwind", 1).await, (vec!["Northwind Bäckerei".to_owned()], true));
    assert_eq!(people(&all, "smith northwind -bob", 5).await.0, ["ann.smith@northwind.example"]);
    let member = scope(Role::DepartmentMember, id(), &[finance]);
    assert_eq!(people(&member, "northwind", 5).await.0, [""; 0]);
    assert_eq!(people(&member, "bob", 5).await.0.len(), 2);
    // By their names in a filter: the beginning is enough, and who may not see them has never heard of them.
    let named = async |who: &Scope, text: &'static str| {
        let who = who.clone();
        db.read(async move |rx| ask(rx, &who, &Filter::parse(text).0, midnight).await).await.unwrap().1.len()
    };
    assert_eq!(named(&all, "customer:NORTH").await, 0);
    assert_eq!(named(&all, "customer:wind").await, 1);
    assert_eq!(named(&member, "customer:north").await, 1);
    assert_eq!(named(&member, "customer:bob").await, 0);
    assert_eq!(email("bob@example.org").as_str(), "bob@example.org");
}

async fn what_fits_best_comes_first(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let texts = [
        "The paper is fine. ".to_owned() + &"We go on about other things. ".repeat(30) + "There was a jam once.",
        "Paper jam again: the paper jam is in the tray.".to_owned(),
        "A jam, of paper.".to_owned(),
    ];
    let mut cases = Vec::new();
    for (at, text) in (0..).zip(&texts) {
        let case = add_case(&db, ann, after(at), |_| ()).await;
        say(&db, &case, text, 10 + at).await;
        cases.push(case.number);
    }
    keep(&db).await;
    let (asked, _) = asked(&db, &everything(), "paper jam").await;
    let page = found(&db, &everything(), &asked, Order::Best, None).await;
    assert_eq!(page.found.iter().map(|it| it.line.number).collect::<Vec<_>>(), [cases[1], cases[2], cases[0]]);
    assert_eq!(page.weighed, Some(3));
    assert_eq!(numbers(&db, &everything(), "paper jam").await, [cases[2], cases[1], cases[0]]);
}

async fn many_hits_are_walked_in_windows(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let cases = add_cases(&db, ann, 6_200, |n, case| {
        "walrus".clone_into(&mut case.subject);
        case.status = if n < 30 { Status::Closed } else { Status::New };
        case.opened_at = after(i64::try_from(n).unwrap());
        case.last_at = case.opened_at;
    })
    .await;
    keep(&db).await;
    let page = {
        let (walrus, _) = asked(&db, &everything(), "walrus").await;
        found(&db, &everything(), &walrus, Order::Newest, None).await
    };
    let wanted: Vec<i64> = cases.iter().rev().map(|it| it.number).collect();
    assert_eq!(page.found.iter().map(|it| it.line.number).collect::<Vec<_>>(), wanted[..PAGE]);
    assert_eq!((page.cases.len(), page.hits, page.whole), (1_000, 1_000, false));
    // What is rare among many is looked for so far, and then from there on.
    let (closed, _) = asked(&db, &everything(), "walrus status:closed").await;
    let page = found(&db, &everything(), &closed, Order::Newest, None).await;
    assert_eq!((page.found.len(), page.searched.is_some(), page.older.is_some()), (0, true, true));
    let wanted: Vec<i64> = cases[..30].iter().rev().map(|it| it.number).collect();
    assert_eq!(pages(&db, &everything(), &closed).await, wanted);
    // A day bounds the walk.
    let (old, _) = asked(&db, &everything(), "walrus before:50d").await;
    let page = found(&db, &everything(), &old, Order::Newest, None).await;
    assert_eq!((page.found.len(), page.whole), (10, true), "one window is enough");
    let kinds: Vec<Findable> = page.found.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [Findable::Case; 10]);
    let ids: Vec<CaseId> = page.cases.iter().map(|it| it.1.id).collect();
    assert_eq!(ids, cases[..10].iter().rev().map(|it| it.id).collect::<Vec<_>>());
}
