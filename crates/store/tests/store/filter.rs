//! Filters over cases: what is asked is what is shown, on whatever index a list walks.

use domain::case::Live;
use domain::field::Choice;
use domain::filter::{Day, Key, Why};
use domain::{
    Aside, Case, ChoiceId, Field, FieldId, FieldKind, Filter, Owner, Priority, PutAside, Role, SavedView, Sharing,
    StaffId, Status, Tag, TagId, TeamId, Unwanted, View, Word,
};
use store::case::list::{self, Cursor, From, PAGE};
use store::filter::{Asked, ask};
use store::{Db, Error, Scope, team, view};

use crate::both;
use crate::support::{add_cases, add_customer, add_staff, add_team, after, everything, id, scope};
use testkit::Home;
use uuid::Uuid;

both!(
    what_is_asked_is_what_is_shown,
    what_is_due_or_comes_back_first_stands_first,
    what_is_rare_is_looked_for_window_by_window,
    names_are_found_or_pointed_at,
    a_view_is_seen_by_those_it_is_for,
);

/// Of a calendar whose day `n` began `n` seconds before the end of what the tests write.
fn midnight(day: Day) -> Option<domain::Timestamp> {
    match day {
        Day::Ago(days) => Some(after(60 - i64::from(days))),
        Day::On { .. } => None,
    }
}

async fn asked(db: &Db, scope: &Scope, text: &str) -> Asked {
    let (filter, mistakes) = Filter::parse(text);
    assert_eq!(mistakes, [], "{text}");
    let scope = scope.clone();
    let (asked, mistakes) = db.read(async move |rx| ask(rx, &scope, &filter, midnight).await).await.unwrap();
    assert_eq!(mistakes, [], "{text}");
    asked
}

async fn page(db: &Db, scope: &Scope, asked: &Asked, from: From) -> list::Page {
    let (scope, asked) = (scope.clone(), asked.clone());
    db.read(async move |rx| list::page(rx, &scope, &asked, from).await).await.unwrap()
}

/// Every number from the newest on, and how many pages that took.
async fn all(db: &Db, scope: &Scope, asked: &Asked) -> (Vec<i64>, usize) {
    let (mut numbers, mut from, mut pages) = (Vec::new(), From::Newest, 0);
    loop {
        let page = page(db, scope, asked, from).await;
        assert!(page.lines.len() <= PAGE);
        assert!(page.searched.is_none_or(|it| page.older.is_some_and(|older| older.at == it)));
        numbers.extend(page.lines.iter().map(|it| it.number));
        pages += 1;
        match page.older {
            Some(older) => from = From::Before(older),
            None => return (numbers, pages),
        }
    }
}

fn numbers<'a>(cases: impl Iterator<Item = &'a Case>) -> Vec<i64> {
    let mut cases: Vec<&Case> = cases.collect();
    cases.sort_by_key(|it| std::cmp::Reverse((it.last_at, it.id)));
    cases.iter().map(|it| it.number).collect()
}

type Holds = fn(&Case, StaffId, TeamId) -> bool;

fn open(it: &Case) -> bool {
    it.live() == Live::Yes
}

const BILLING: TagId = TagId(Uuid::from_u128(1));
const URGENT: TagId = TagId(Uuid::from_u128(2));
const ROUTER: Uuid = Uuid::from_u128(3);

const ASKED: &[(&str, Holds)] = &[
    ("", |_, _, _| true),
    ("is:open", |it, _, _| open(it)),
    ("is:open assignee:me", |it, me, _| open(it) && it.assignee == Some(me)),
    ("is:open is:unassigned", |it, _, _| open(it) && it.assignee.is_none()),
    ("is:unassigned", |it, _, _| it.assignee.is_none()),
    ("-assignee:me", |it, me, _| it.assignee != Some(me)),
    ("is:open -assignee:me,nobody", |it, me, _| open(it) && it.assignee.is_some_and(|it| it != me)),
    ("assignee:me,nobody", |it, me, _| it.assignee.is_none_or(|it| it == me)),
    ("assignee:bob@example.com is:open", |it, me, _| open(it) && it.assignee.is_some_and(|it| it != me)),
    ("waiting:us", |it, _, _| open(it) && it.status != Status::Waiting),
    ("waiting:customer", |it, _, _| open(it) && it.status == Status::Waiting),
    ("waiting:customer assignee:me", |it, me, _| open(it) && it.status == Status::Waiting && it.assignee == Some(me)),
    ("status:new,closed", |it, _, _| it.live() != Live::Snoozed && matches!(it.status, Status::New | Status::Closed)),
    ("-status:new is:open", |it, _, _| open(it) && it.status != Status::New),
    ("is:resolved", |it, _, _| it.status == Status::Resolved),
    ("is:open,closed", |it, _, _| open(it) || it.status == Status::Closed),
    ("priority:urgent", |it, _, _| it.priority == Priority::Urgent),
    ("priority:high,urgent is:open", |it, _, _| open(it) && it.priority >= Priority::High),
    ("team:finance", |it, _, team| it.team == Some(team)),
    ("team:finance is:open", |it, _, team| open(it) && it.team == Some(team)),
    ("team:mine is:open assignee:me", |it, me, team| open(it) && it.team == Some(team) && it.assignee == Some(me)),
    ("team:nobody", |it, _, _| it.team.is_none()),
    ("-team:finance waiting:us", |it, _, team| open(it) && it.status != Status::Waiting && it.team != Some(team)),
    ("is:undelivered", |it, _, _| it.undelivered),
    ("before:30d", |it, _, _| it.last_at < after(30)),
    ("after:30d", |it, _, _| it.last_at >= after(30)),
    ("after:40d before:20d is:open", |it, _, _| open(it) && it.last_at >= after(20) && it.last_at < after(40)),
    ("-after:30d is:open", |it, _, _| open(it) && it.last_at < after(30)),
    ("is:open is:closed", |_, _, _| false),
    ("tag:Billing", |it, _, _| it.tags.contains(&BILLING)),
    ("tag:billing is:open", |it, _, _| open(it) && it.tags.contains(&BILLING)),
    ("tag:billing,urgent is:open", |it, _, _| open(it) && (it.tags.contains(&BILLING) || it.tags.contains(&URGENT))),
    ("tag:billing tag:urgent", |it, _, _| it.tags.contains(&BILLING) && it.tags.contains(&URGENT)),
    ("-tag:billing is:open assignee:me", |it, me, _| {
        open(it) && it.assignee == Some(me) && !it.tags.contains(&BILLING)
    }),
    ("tag:billing assignee:me is:open before:30d", |it, me, _| {
        open(it) && it.tags.contains(&BILLING) && it.assignee == Some(me) && it.last_at < after(30)
    }),
    ("tag:billing before:30d after:40d", |it, _, _| {
        it.tags.contains(&BILLING) && it.last_at < after(30) && it.last_at >= after(20)
    }),
    ("tag:none is:open", |it, _, _| open(it) && it.tags.is_empty()),
    ("field:\"Product=Router\"", |it, _, _| it.fields.values().any(|it| *it == ROUTER.to_string())),
    ("field:product=router is:open", |it, _, _| open(it) && it.fields.values().any(|it| *it == ROUTER.to_string())),
    ("-is:snoozed waiting:customer", |it, _, _| open(it) && it.status == Status::Waiting),
];

/// Two tags and a field with a choice.
async fn add_words(db: &Db) -> FieldId {
    let router = Choice { id: ChoiceId(ROUTER), name: "Router".to_owned() };
    let (owner, kind, name) = (Owner::Case, FieldKind::Choice, "Product".to_owned());
    let field = Field { id: id(), owner, name, kind, choices: vec![router], required: false, position: 0 };
    let product = field.id;
    db.write([store::tag::lock(), store::field::lock()], async move |tx| {
        store::tag::save(tx, &Tag { id: BILLING, name: "Billing".to_owned() }).await?;
        store::tag::save(tx, &Tag { id: URGENT, name: "urgent".to_owned() }).await?;
        store::field::save(tx, &field).await
    })
    .await
    .unwrap();
    product
}

async fn what_is_asked_is_what_is_shown(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let (ada, bob) =
        (add_staff(&db, "ada@example.com", Role::Agent).await, add_staff(&db, "bob@example.com", Role::Agent).await);
    let (finance, docs) = (add_team(&db, "finance").await, add_team(&db, "docs").await);
    db.write([store::staff::lock()], async move |tx| team::set_memberships(tx, ada, &[finance]).await).await.unwrap();
    let product = add_words(&db).await;
    let statuses = [Status::New, Status::Open, Status::Waiting, Status::Resolved, Status::Closed];
    let priorities = [
        Priority::Normal,
        Priority::Low,
        Priority::High,
        Priority::Urgent,
        Priority::Normal,
        Priority::Normal,
        Priority::Normal,
    ];
    let cases = add_cases(&db, ann, 330, |n, case| {
        case.status = statuses[n % 5];
        case.assignee = [None, Some(ada), Some(bob)][n % 3];
        case.team = [None, Some(finance), Some(docs), None][n / 2 % 4];
        case.priority = priorities[n % 7];
        case.undelivered = n % 11 == 0;
        case.last_at = after(i64::try_from(n / 6).unwrap());
        let put = PutAside { to: Aside::Spam, why: Unwanted::Person, by: Some(id()), at: after(1) };
        case.aside = (n % 13 == 0).then_some(put);
        case.tags = [vec![], vec![BILLING], vec![URGENT, BILLING], vec![URGENT], vec![]][(n + n / 5) % 5].clone();
        case.wake_at = (n % 17 == 0 && case.status.is_live()).then(|| after(400));
        if n % 9 == 0 {
            case.fields.insert(product, ROUTER.to_string());
        }
    })
    .await;
    let here = || cases.iter().filter(|it| it.aside.is_none());
    let agent = scope(Role::Agent, ada, &[]);
    let member = scope(Role::DepartmentMember, ada, &[finance, docs]);
    for (text, holds) in ASKED {
        let it = asked(&db, &agent, text).await;
        let wanted = numbers(here().filter(|it| holds(it, ada, finance)));
        assert_eq!(all(&db, &agent, &it).await.0, wanted, "{text}");
        let (counted, scope) = (it.clone(), agent.clone());
        let count = db.read(async move |rx| list::count(rx, &scope, &counted).await).await.unwrap();
        assert_eq!(count, i64::try_from(wanted.len()).unwrap().min(list::ENOUGH), "{text}");
        let theirs = numbers(here().filter(|it| it.team.is_some() && holds(it, ada, finance)));
        assert_eq!(all(&db, &member, &it).await.0, theirs, "{text}, as far as two teams go");
    }
    for view in View::ALL {
        assert_eq!(asked(&db, &agent, view.filter()).await, Asked::of(*view, &agent), "{view} is what its words say");
    }
    let spam = asked(&db, &agent, "is:spam assignee:me").await;
    let wanted = numbers(cases.iter().filter(|it| it.aside.is_some() && it.assignee == Some(ada)));
    assert_eq!(all(&db, &agent, &spam).await.0, wanted);
    let refused = db.read(async move |rx| list::page(rx, &member, &spam, From::Newest).await).await;
    assert!(matches!(refused, Err(Error::NotFound)));
}

async fn what_is_due_or_comes_back_first_stands_first(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let cases = add_cases(&db, ann, 120, |n, case| {
        let at = |n: usize| after(i64::try_from(n * 37 % 120).unwrap() * 60);
        case.due_at = (n % 3 > 0).then(|| at(n));
        case.wake_at = (n % 5 == 0).then(|| at(n + 1));
        case.priority = if n % 2 == 0 { Priority::High } else { Priority::Normal };
    })
    .await;
    let now = everything().at(after(30 * 60));
    let ordered = |holds: &dyn Fn(&Case) -> bool, key: fn(&Case) -> Option<domain::Timestamp>| {
        let mut all: Vec<&Case> = cases.iter().filter(|it| holds(it)).collect();
        all.sort_by_key(|it| (key(it), it.id));
        all.into_iter().map(|it| it.number).collect::<Vec<_>>()
    };
    let due = |until: i64| move |it: &Case| open(it) && it.due_at.is_some_and(|it| it <= after(until * 60));
    for (text, wanted) in [
        ("due:any", ordered(&due(1_000), |it| it.due_at)),
        ("due:late", ordered(&due(30), |it| it.due_at)),
        ("due:20m", ordered(&due(50), |it| it.due_at)),
        ("due:1h priority:high", ordered(&|it| due(90)(it) && it.priority == Priority::High, |it| it.due_at)),
        ("is:snoozed", ordered(&|it| it.live() == Live::Snoozed, |it| it.wake_at)),
        ("is:snoozed priority:high", {
            ordered(&|it| it.live() == Live::Snoozed && it.priority == Priority::High, |it| it.wake_at)
        }),
    ] {
        let it = asked(&db, &now, text).await;
        assert!(!wanted.is_empty());
        assert_eq!(all(&db, &now, &it).await.0, wanted, "{text}");
    }
    // And back from the last.
    let it = asked(&db, &now, "due:any").await;
    let wanted = ordered(&due(1_000), |it| it.due_at);
    let back = page(&db, &now, &it, From::After(Cursor { at: after(100_000), id: id() })).await;
    assert_eq!(back.lines.iter().map(|it| it.number).collect::<Vec<_>>(), wanted[wanted.len() - PAGE..]);
}

async fn what_is_rare_is_looked_for_window_by_window(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let cases = add_cases(&db, ann, 4_100, |n, case| {
        case.priority = if n % 1_500 == 0 { Priority::Urgent } else { Priority::Normal };
        case.last_at = after(i64::try_from(n / 3).unwrap());
    })
    .await;
    let rare = asked(&db, &everything(), "priority:urgent").await;
    let wanted = numbers(cases.iter().filter(|it| it.priority == Priority::Urgent));
    assert_eq!(all(&db, &everything(), &rare).await, (wanted.clone(), 3));
    // And back again, from the oldest.
    let oldest = Cursor { at: after(-1), id: id() };
    let back = page(&db, &everything(), &rare, From::After(oldest)).await;
    assert_eq!(back.lines.iter().map(|it| it.number).collect::<Vec<_>>(), wanted[1..]);
    let further = page(&db, &everything(), &rare, From::After(back.newer.unwrap())).await;
    assert_eq!(further.lines.iter().map(|it| it.number).collect::<Vec<_>>(), wanted[..1]);
}

async fn names_are_found_or_pointed_at(home: &Home) {
    let db = home.open().await;
    add_staff(&db, "ada@example.com", Role::Agent).await;
    for name in ["Field service", "Docs", "Docs of old"] {
        add_team(&db, name).await;
    }
    let mistakes = async |text: &'static str| {
        let found =
            db.read(async move |rx| ask(rx, &everything(), &Filter::parse(text).0, midnight).await).await.unwrap();
        found.1.into_iter().map(|it| (it.at, it.why)).collect::<Vec<_>>()
    };
    assert_eq!(mistakes("team:\"field SERVICE\" assignee:ADA@example.com").await, []);
    assert_eq!(mistakes("team:field").await, [], "its first word is enough");
    assert_eq!(mistakes("team:docs").await, [], "its whole name counts before the first word of another");
    assert_eq!(mistakes("is:open team:finance").await, [(8..20, Why::Nobody(Key::Team))]);
    assert_eq!(mistakes("assignee:zoe").await, [(0..12, Why::Nobody(Key::Assignee))]);
    add_team(&db, "Field sales").await;
    assert_eq!(mistakes("team:field").await, [(0..10, Why::Several(Key::Team))]);
    assert_eq!(mistakes("channel:nowhere").await, [(0..15, Why::Nobody(Key::Channel))]);
    assert_eq!(mistakes("after:2026-02-30").await, [(0..16, Why::NotADay)]);
}

async fn a_view_is_seen_by_those_it_is_for(home: &Home) {
    let db = home.open().await;
    let (ada, bob) =
        (add_staff(&db, "ada@example.com", Role::Agent).await, add_staff(&db, "bob@example.com", Role::Agent).await);
    let finance = add_team(&db, "finance").await;
    db.write([store::staff::lock()], async move |tx| team::set_memberships(tx, bob, &[finance]).await).await.unwrap();
    let saved = |name: &str, sharing, position| SavedView {
        id: id(),
        name: name.to_owned(),
        filter: "is:open".to_owned(),
        sharing,
        position,
    };
    let views = [
        saved("everybody's", Sharing::Everybody, 3),
        saved("finance", Sharing::Team(finance), 1),
        saved("ada's", Sharing::Own(ada), 2),
    ];
    for it in views.clone() {
        db.write([view::lock()], async move |tx| view::save(tx, &it).await).await.unwrap();
    }
    let seen = async |who: StaffId| {
        let scope = scope(Role::Agent, who, &[]);
        let all = db.read(async move |rx| view::all(rx, &scope).await).await.unwrap();
        all.into_iter().map(|it| it.name).collect::<Vec<_>>()
    };
    assert_eq!(seen(ada).await, ["ada's", "everybody's"]);
    assert_eq!(seen(bob).await, ["finance", "everybody's"]);
    let moved = SavedView { position: 9, sharing: Sharing::Everybody, ..views[2].clone() };
    db.write([view::lock()], async move |tx| view::save(tx, &moved).await).await.unwrap();
    assert_eq!(seen(bob).await, ["finance", "everybody's", "ada's"]);
    let gone = views[0].id;
    db.write([view::lock()], async move |tx| view::delete(tx, gone).await).await.unwrap();
    assert_eq!(seen(ada).await, ["ada's"]);
}
