//! Cases: how they are kept, listed, counted and shown, and from whom they are hidden.

use std::time::Duration;

use domain::{Actor, Case, DraftKind, Entry, Fact, Priority, Role, StaffId, Status, TeamId, View};
use store::case::list::{self, Cursor, From, Line, PAGE};
use store::case::{self, Place, spine};
use store::draft::{self, Draft, Key};
use store::filter::Asked;
use store::{Db, Error, Lock, Scope, entry, message};

use crate::both;
use testkit::Home;

use crate::support::{
    NOW, add_case, add_cases, add_customer, add_message, add_staff, add_team, after, email, everything, id,
    nothing_found, scope,
};

both!(
    a_case_comes_back_as_it_was,
    numbers_are_given_once,
    pages_go_back_and_forth,
    views_show_what_they_say,
    a_department_sees_its_teams,
    counts_stop,
    a_scope_hides,
    a_spine_pages_back_without_a_gap,
    resolved_cases_come_to_rest,
    a_draft_is_its_authors,
);

async fn a_case_comes_back_as_it_was(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let ada = add_staff(&db, "ada@example.com", Role::Agent).await;
    let team = add_team(&db, "finance").await;
    let mut case = add_case(&db, ann, NOW, |_| ()).await;
    assert_eq!(find(&db, &case).await, case);
    "Smoke".clone_into(&mut case.subject);
    case.status = Status::Resolved;
    case.priority = Priority::Urgent;
    case.assignee = Some(ada);
    case.team = Some(team);
    case.last_at = after(5);
    case.resolved_at = Some(after(6));
    case.resolution = Some("Turned the roll".to_owned());
    "It burns".clone_into(&mut case.preview);
    case.theirs = false;
    case.entries = 3;
    case.participants.push(email("bob@example.org"));
    let saved = case.clone();
    db.write([Lock::Customer(ann.customer)], async move |tx| case::save(tx, &saved).await).await.unwrap();
    assert_eq!(find(&db, &case).await, case);
    let unlocked = case.clone();
    let refused = db.write([], async move |tx| case::save(tx, &unlocked).await).await;
    assert!(matches!(refused, Err(Error::UseCase(_))));
}

async fn find(db: &Db, case: &Case) -> Case {
    let (customer, id) = (case.customer, case.id);
    db.read(async move |rx| case::find(rx, customer, id).await).await.unwrap().unwrap()
}

async fn numbers_are_given_once(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move { add_case(&db, ann, NOW, |_| ()).await.number })
        })
        .collect();
    let mut numbers = Vec::new();
    for task in tasks {
        numbers.push(task.await.unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
}

/// Newest first, as the lists are.
fn sorted(cases: &[Case]) -> Vec<i64> {
    let mut cases: Vec<&Case> = cases.iter().collect();
    cases.sort_by_key(|it| (it.last_at, it.id));
    cases.iter().rev().map(|it| it.number).collect()
}

async fn page(db: &Db, scope: &Scope, view: View, from: From) -> list::Page {
    let scope = scope.clone();
    db.read(async move |rx| list::page(rx, &scope, &Asked::of(view, &scope), from).await).await.unwrap()
}

fn numbers(lines: &[Line]) -> Vec<i64> {
    lines.iter().map(|it| it.number).collect()
}

/// Every page from the newest to the oldest, and back again.
async fn there_and_back(db: &Db, scope: &Scope, view: View, wanted: &[i64]) {
    let mut pages = vec![page(db, scope, view, From::Newest).await];
    assert_eq!(pages[0].newer, None);
    while let Some(older) = pages.last().unwrap().older {
        pages.push(page(db, scope, view, From::Before(older)).await);
    }
    let all: Vec<i64> = pages.iter().flat_map(|it| numbers(&it.lines)).collect();
    assert_eq!(all, wanted);
    assert!(pages.iter().rev().skip(1).all(|it| it.lines.len() == PAGE));
    for at in (1..pages.len()).rev() {
        let back = page(db, scope, view, From::After(pages[at].newer.unwrap())).await;
        assert_eq!(numbers(&back.lines), numbers(&pages[at - 1].lines));
        assert_eq!(back.older, pages[at - 1].older);
        assert_eq!(back.newer.is_some(), at > 1, "page {at}");
    }
}

async fn pages_go_back_and_forth(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    // Seven at a time have the same time, so that pages end in the middle of them.
    let cases = add_cases(&db, ann, 3 * PAGE + 20, |n, case| case.last_at = after((n / 7).try_into().unwrap())).await;
    there_and_back(&db, &everything(), View::All, &sorted(&cases)).await;
    there_and_back(&db, &everything(), View::Unassigned, &sorted(&cases)).await;
    let exact = &sorted(&cases)[3 * PAGE + 20 - PAGE..];
    let last = cases.iter().find(|it| it.number == sorted(&cases)[2 * PAGE + 19]).unwrap();
    let cursor = Cursor { at: last.last_at, id: last.id.0 };
    let rest = page(&db, &everything(), View::All, From::Before(cursor)).await;
    assert_eq!((numbers(&rest.lines).as_slice(), rest.older), (exact, None), "a page that ends with the list");
    assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
    for bad in ["", "1", ".", "1.x", "x.0190", "1.0190-"] {
        assert_eq!(Cursor::parse(bad), None, "{bad}");
    }
}

async fn views_show_what_they_say(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let ada = add_staff(&db, "ada@example.com", Role::Agent).await;
    let bob = add_staff(&db, "bob@example.com", Role::Agent).await;
    let statuses = [Status::New, Status::Open, Status::Waiting, Status::Resolved, Status::Closed];
    let cases = add_cases(&db, ann, 15, |n, case| {
        case.status = statuses[n % 5];
        case.assignee = [None, Some(ada), Some(bob)][n / 5];
        case.last_at = after(n.try_into().unwrap());
    })
    .await;
    let that = |wanted: fn(&Case, StaffId) -> bool| -> Vec<Case> {
        cases.iter().filter(|it| wanted(it, ada)).cloned().collect()
    };
    let scope = scope(Role::Agent, ada, &[]);
    for (view, wanted) in [
        (View::Mine, that(|it, ada| it.status.is_live() && it.assignee == Some(ada))),
        (View::Unassigned, that(|it, _| it.status.is_live() && it.assignee.is_none())),
        (View::Waiting, that(|it, _| it.status == Status::Waiting)),
        (View::All, that(|_, _| true)),
    ] {
        let found = page(&db, &scope, view, From::Newest).await;
        assert_eq!(numbers(&found.lines), sorted(&wanted), "{view}");
    }
    let line = page(&db, &scope, View::Mine, From::Newest).await.lines.remove(0);
    assert_eq!(
        (line.customer_name.as_str(), line.assignee, line.preview.as_str()),
        ("ann@example.org", Some(ada), "Smoke")
    );
    let counts = db.read(async move |rx| list::counts(rx, &scope).await).await.unwrap();
    assert_eq!(counts, [(View::Mine, 3), (View::Unassigned, 3), (View::Due, 0), (View::Us, 6), (View::Waiting, 3)]);
}

async fn a_department_sees_its_teams(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let teams: Vec<TeamId> = [add_team(&db, "finance").await, add_team(&db, "docs").await].into();
    let other = add_team(&db, "engineering").await;
    let cases = add_cases(&db, ann, 4 * PAGE, |n, case| {
        case.team = [Some(teams[0]), Some(teams[1]), Some(other), None][n % 4];
        case.last_at = after((n / 6).try_into().unwrap());
    })
    .await;
    let ours: Vec<Case> = cases.iter().filter(|it| it.team.is_some_and(|it| teams.contains(&it))).cloned().collect();
    assert_eq!(ours.len(), 2 * PAGE);
    let two = scope(Role::DepartmentMember, id(), &teams);
    there_and_back(&db, &two, View::All, &sorted(&ours)).await;
    there_and_back(&db, &two, View::Unassigned, &sorted(&ours)).await;
    let none = scope(Role::DepartmentMember, id(), &[]);
    assert_eq!(page(&db, &none, View::All, From::Newest).await.lines, []);
    let counts =
        db.read(async move |rx| Ok::<_, Error>((list::counts(rx, &two).await?, list::counts(rx, &none).await?)));
    let (two, none) = counts.await.unwrap();
    assert_eq!(two, [(View::Mine, 0), (View::Unassigned, 100), (View::Due, 0), (View::Us, 100), (View::Waiting, 0)]);
    assert!(none.iter().all(|it| it.1 == 0));
}

async fn counts_stop(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    add_cases(&db, ann, 99, |_, _| ()).await;
    let unassigned = async || db.read(async |rx| list::counts(rx, &everything()).await).await.unwrap()[1];
    assert_eq!(unassigned().await, (View::Unassigned, 99));
    add_cases(&db, ann, 30, |_, _| ()).await;
    assert_eq!(unassigned().await, (View::Unassigned, list::ENOUGH));
}

/// Everything by which a page may reach a case, asked with one scope: whether each finds it.
async fn reach(db: &Db, scope: Scope, case: &Case, message: domain::MessageId) -> Vec<bool> {
    let (place, number) = (Place { customer: case.customer, case: case.id }, case.number);
    let read = db.read(async move |rx| {
        Ok::<_, Error>(vec![
            case::is_visible(rx, &scope, number).await?,
            case::find_within(rx, &scope, place).await?.is_some(),
            found(spine::spine(rx, &scope, number, None).await),
            found(message::within(rx, &scope, number, message).await),
            found(message::html(rx, &scope, number, message).await),
            found(draft::own(rx, &scope, number).await),
            found(store::customer::card(rx, &scope, place.customer).await),
            !list::page(rx, &scope, &Asked::of(View::All, &scope), From::Newest).await?.lines.is_empty(),
        ])
    });
    read.await.unwrap()
}

/// What one may not see does not exist, and anything else is a failure.
fn found<T>(answer: Result<T, Error>) -> bool {
    match answer {
        Ok(_) => true,
        Err(Error::NotFound) => false,
        Err(err) => panic!("{err}"),
    }
}

async fn a_scope_hides(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let (finance, docs) = (add_team(&db, "finance").await, add_team(&db, "docs").await);
    let theirs = add_case(&db, ann, NOW, |it| it.team = Some(finance)).await;
    let message = add_message(&db, &theirs, "1", NOW).await.id;
    for role in [Role::Administrator, Role::Lead, Role::Agent, Role::SuccessManager] {
        assert_eq!(reach(&db, scope(role, id(), &[]), &theirs, message).await, [true; 8], "{role}");
    }
    let of = |teams: &[TeamId]| scope(Role::DepartmentMember, id(), teams);
    assert_eq!(reach(&db, of(&[finance]), &theirs, message).await, [true; 8]);
    assert_eq!(reach(&db, of(&[docs, finance]), &theirs, message).await, [true; 8]);
    assert_eq!(reach(&db, of(&[docs]), &theirs, message).await, [false; 8]);
    assert_eq!(reach(&db, of(&[]), &theirs, message).await, [false; 8]);

    // A message is not found under the number of another case either, nor a case under another customer.
    let bob = add_customer(&db, "bob@example.org").await;
    let other = add_case(&db, bob, NOW, |_| ()).await;
    let read = db.read(async move |rx| {
        let astray = Place { customer: bob.customer, case: theirs.id };
        assert_eq!(case::find_within(rx, &everything(), astray).await?, None);
        message::within(rx, &everything(), other.number, message).await
    });
    assert!(matches!(read.await, Err(Error::NotFound)));
    let unknown = db.read(async |rx| spine::spine(rx, &everything(), 4711, None).await.map(drop)).await;
    assert!(matches!(unknown, Err(Error::NotFound)));
}

async fn a_spine_pages_back_without_a_gap(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let case = add_case(&db, ann, NOW, |_| ()).await;
    let first = add_message(&db, &case, "1", NOW).await;
    let place = case.clone();
    db.write([Lock::Customer(ann.customer)], async move |tx| {
        let mut case = case::find(tx, place.customer, place.id).await?.ok_or(Error::NotFound)?;
        // A later decision about the message stands beside the first one.
        let later = domain::Association { suggest: vec![9], ..nothing_found() };
        let by = Actor::Staff(id());
        store::association::insert(tx, id(), case.customer, case.id, first.id, by, after(1), &later).await?;
        for n in 2..=130 {
            case.entries += 1;
            let fact =
                Fact::Noted { text: format!("note {n}"), files: Vec::new(), status: case.status, mentions: Vec::new() };
            // All at one time: only their numbers tell their order.
            let note = Entry { number: Some(n), at: after(2), by: Actor::Job, fact };
            entry::append(tx, id(), case.customer, Some(case.id), &note).await?;
        }
        case::save(tx, &case).await
    })
    .await
    .unwrap();

    let (mut numbers, mut before) = (Vec::new(), None);
    loop {
        let read = db.read(async move |rx| spine::spine(rx, &everything(), case.number, before.clone()).await);
        let page = read.await.unwrap();
        let here: Vec<i64> = page.entries.iter().map(|it| it.number.unwrap()).collect();
        assert!(here.is_sorted());
        numbers.splice(0..0, here);
        before = page.earlier;
        if before.is_none() {
            assert_eq!(page.messages[&first.id], domain::Message { has_html: true, ..first.clone() });
            assert_eq!(page.associations[&first.id].suggest, [9], "the last decision");
            assert_eq!(page.contact, (ann.contact, "ann@example.org".to_owned()));
            assert_eq!((page.customer.id, page.case.entries), (ann.customer, 130));
            break;
        }
    }
    assert_eq!(numbers, (1..=130).collect::<Vec<_>>());

    let (mut numbers, mut before) = (Vec::new(), None);
    loop {
        let read = db.read(async move |rx| entry::timeline(rx, &everything(), ann.customer, before, None).await);
        let part = read.await.unwrap();
        assert!(part.lines.len() <= 60);
        numbers.extend(part.lines.iter().filter_map(|it| it.entry.number));
        before = part.older;
        if before.is_none() {
            assert_eq!(part.names, [(ann.contact, "ann@example.org".to_owned())], "who wrote first");
            break;
        }
    }
    assert_eq!(numbers, (1..=130).rev().collect::<Vec<_>>());
}

async fn resolved_cases_come_to_rest(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let cases = add_cases(&db, ann, 6, |n, case| {
        case.status = if n == 5 { Status::Closed } else { Status::Resolved };
        case.resolved_at = Some(after((5 - n).try_into().unwrap()));
    })
    .await;
    let read = db.read(async move |rx| case::rested(rx, after(63), Duration::from_mins(1), 2).await);
    let rested: Vec<_> = read.await.unwrap().iter().map(|it| it.case).collect();
    assert_eq!(rested, [cases[4].id, cases[3].id], "the oldest first, and a few at a time");
}

async fn a_draft_is_its_authors(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let (ada, bob) = (id::<StaffId>(), id::<StaffId>());
    let case = add_case(&db, ann, NOW, |_| ()).await;
    let key = Key { customer: ann.customer, case: case.id, staff: ada };
    let mail = crate::support::new_message(ann.customer, case.id, "1", NOW);
    let begun = Draft {
        kind: DraftKind::Reply,
        text: "Dear Ann".to_owned(),
        html: None,
        recipients: mail.recipients,
        files: mail.files,
        at: NOW,
    };
    for (kind, text) in [(DraftKind::Note, "Dear"), (DraftKind::Reply, "Dear Ann")] {
        let draft = Draft { kind, text: text.to_owned(), ..begun.clone() };
        let write = db.write([Lock::Customer(ann.customer)], async move |tx| draft::save(tx, key, &draft).await);
        write.await.unwrap();
    }
    let own = async |who| {
        let scope = scope(Role::Agent, who, &[]);
        db.read(async move |rx| draft::own(rx, &scope, case.number).await).await.unwrap()
    };
    assert_eq!(own(ada).await, Some(begun));
    assert_eq!(own(bob).await, None, "nobody else sees it");
    db.write([Lock::Customer(ann.customer)], async move |tx| draft::delete(tx, key).await).await.unwrap();
    assert_eq!(own(ada).await, None);
}
