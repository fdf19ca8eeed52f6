//! What is put aside, by page and by age, and whose mail is held back.

use domain::block::Sender;
use domain::{Aside, PutAside, Role, Unwanted, View};
use store::block::{self, Before};
use store::case::aside::until;
use store::case::list::{self, From, PAGE};
use store::filter::Asked;
use store::{Db, Error, Scope};

use crate::both;
use crate::support::{add_cases, add_customer, after, email, everything, id, scope};
use testkit::Home;

both!(
    what_is_put_aside_goes_on_by_position_and_stands_nowhere_else,
    the_longest_there_goes_first,
    the_block_of_an_address_counts_before_its_domain,
    blocks_are_listed_to_their_end,
);

/// Every number of a view, page by page.
async fn numbers(db: &Db, view: View) -> Vec<i64> {
    let (mut all, mut from) = (Vec::new(), From::Newest);
    loop {
        let page = db
            .read(async move |rx| list::page(rx, &everything(), &Asked::of(view, &everything()), from).await)
            .await
            .unwrap();
        assert!(page.lines.len() <= PAGE);
        all.extend(page.lines.iter().map(|it| it.number));
        match page.older {
            Some(older) => from = From::Before(older),
            None => return all,
        }
    }
}

fn put(to: Aside, at: i64) -> PutAside {
    PutAside { to, why: Unwanted::Person, by: Some(id()), at: after(at) }
}

async fn what_is_put_aside_goes_on_by_position_and_stands_nowhere_else(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let cases = add_cases(&db, ann, 3 * PAGE, |n, case| {
        // Seven at a time have the same time.
        case.last_at = after(i64::try_from(n / 7).unwrap());
        case.aside = [None, Some(put(Aside::Spam, 1)), Some(put(Aside::Trash, 2))][n % 3];
    })
    .await;
    for (view, wanted) in [(View::All, None), (View::Spam, Some(Aside::Spam)), (View::Trash, Some(Aside::Trash))] {
        let mut there: Vec<_> = cases.iter().filter(|it| it.aside.map(|it| it.to) == wanted).collect();
        there.sort_by_key(|it| std::cmp::Reverse((it.last_at, it.id)));
        let there: Vec<i64> = there.iter().map(|it| it.number).collect();
        assert_eq!(numbers(&db, view).await, there, "{view}");
    }
    assert_eq!(numbers(&db, View::Unassigned).await.len(), PAGE);
    let counts = async |scope: Scope| db.read(async move |rx| list::counts(rx, &scope).await).await.unwrap();
    let all = counts(everything()).await;
    assert_eq!(
        all[1..],
        [
            (View::Unassigned, 50),
            (View::Due, 0),
            (View::Us, 50),
            (View::Waiting, 0),
            (View::Spam, 50),
            (View::Trash, 50)
        ]
    );
    assert_eq!(counts(scope(Role::DepartmentMember, id(), &[id()])).await.len(), 5);
    let (customer, case) = (cases[1].customer, cases[1].id);
    let kept = db.read(async move |rx| store::case::find(rx, customer, case).await).await.unwrap().unwrap();
    assert_eq!(kept.aside, cases[1].aside);
}

async fn the_longest_there_goes_first(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let cases = add_cases(&db, ann, 6, |n, case| {
        let to = if n == 5 { Aside::Trash } else { Aside::Spam };
        case.aside = Some(put(to, 10 - i64::try_from(n).unwrap()));
    })
    .await;
    let found = async |aside, at, limit| {
        let places = db.read(async move |rx| until(rx, aside, after(at), limit).await).await.unwrap();
        places.into_iter().map(|it| it.case).collect::<Vec<_>>()
    };
    assert_eq!(found(Aside::Spam, 8, 10).await, [cases[4].id, cases[3].id, cases[2].id]);
    assert_eq!(found(Aside::Spam, 8, 1).await, [cases[4].id]);
    assert_eq!(found(Aside::Trash, 8, 10).await, [cases[5].id]);
    assert_eq!(found(Aside::Spam, 5, 10).await, []);
}

async fn add(db: &Db, sender: &str, at: i64) -> bool {
    let sender = Sender::parse(sender).unwrap();
    db.write([block::lock()], async move |tx| block::insert(tx, &sender, id(), after(at)).await).await.unwrap()
}

async fn the_block_of_an_address_counts_before_its_domain(home: &Home) {
    let db = home.open().await;
    assert!(add(&db, "x.example", 1).await && add(&db, "ann@x.example", 2).await);
    assert!(!add(&db, "Ann+tag@x.example", 3).await, "it is there");
    let of = async |from: &'static str| db.read(async move |rx| block::of(rx, &email(from)).await).await.unwrap();
    for (from, by) in [
        ("ann@x.example", Some("ann@x.example")),
        ("ann+shop@x.example", Some("ann@x.example")),
        ("bob@x.example", Some("x.example")),
        ("ann@sub.x.example", None),
        ("ann@xx.example", None),
    ] {
        assert_eq!(of(from).await.as_deref(), by, "{from}");
    }
    db.write([], async |tx| block::held(tx, "x.example", after(9)).await).await.unwrap();
    let (lines, _) =
        db.read(async |rx| block::page(rx, &scope(Role::Administrator, id(), &[]), None).await).await.unwrap();
    let held: Vec<_> = lines.iter().map(|it| (it.sender.as_str(), it.held, it.held_at)).collect();
    assert_eq!(held, [("ann@x.example", 0, None), ("x.example", 1, Some(after(9)))]);
    let gone = Sender::parse("x.example").unwrap();
    let gone = async || {
        let gone = gone.clone();
        db.write([block::lock()], async move |tx| block::delete(tx, &gone).await).await.unwrap()
    };
    assert!(gone().await && !gone().await);
    assert_eq!(of("bob@x.example").await, None);
}

async fn blocks_are_listed_to_their_end(home: &Home) {
    let db = home.open().await;
    for n in 0..105 {
        add(&db, &format!("p{n:03}@x.example"), n / 10).await;
    }
    let admin = scope(Role::Administrator, id(), &[]);
    let (mut all, mut before): (Vec<String>, Option<Before>) = (Vec::new(), None);
    loop {
        let (admin, from) = (admin.clone(), before.clone());
        let page = db.read(async move |rx| block::page(rx, &admin, from.as_ref()).await).await.unwrap();
        all.extend(page.0.into_iter().map(|it| it.sender));
        let Some(older) = page.1 else { break };
        assert_eq!(Before::parse(&older.to_string()), Some(older.clone()));
        before = Some(older);
    }
    let mut wanted: Vec<String> = (0..105).rev().map(|n| format!("p{n:03}@x.example")).collect();
    wanted.dedup();
    assert_eq!(all, wanted);
    let refused = db.read(async |rx| block::page(rx, &scope(Role::Lead, id(), &[]), None).await).await;
    assert!(matches!(refused, Err(Error::NotFound)));
    assert_eq!(Before::parse("x"), None);
}
