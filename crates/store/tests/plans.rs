//! No statement of the store reads a large table from end to end, and there is none that this does not ask about.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "plans/asked.rs"]
mod asked;
#[path = "plans/gone.rs"]
mod gone;
#[path = "plans/many.rs"]
mod many;
#[path = "plans/marked.rs"]
mod marked;
#[path = "plans/promised.rs"]
mod promised;
#[path = "plans/searched.rs"]
mod searched;
mod support;
#[path = "plans/told.rs"]
mod told;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use domain::{
    ChannelId, ChannelKind, DraftKind, Filter, Hindrance, HistoryState, IdentityKind, InboundState, MailboxState,
    MessageState, Obstacle, Role, SavedView, Sharing, Tag, TeamId, View, Word,
};
use store::arrival::{self, Arrival};
use store::blob::{self, Blob};
use store::block;
use store::case::list::{self, Cursor, From};
use store::case::{self, Place, spine};
use store::channel::{self, Channel};
use store::draft::{self, Draft, Key};
use store::filter::{self, Asked};
use store::history::{self, History};
use store::inbound::{self, Inbound};
use store::invitation::{self, Invitation};
use store::outbox::{self, Sending};
use store::sign_in::{self, SignIn};
use store::{
    Db, Error, Lock, Scope, acknowledgement, association, attempt, contact, customer, dkim, entry, grave, identity,
    job, lease, macros, mailbox, message, organization, signature, staff, supplier, tag, team, view,
};
use testkit::Home;
use testkit::plans::{Collector, plan_of_postgres, plan_of_sqlite, scans_of_postgres, scans_of_sqlite};

use support::{
    NOW, add_case, add_customer, add_message, add_staff, add_team, after, email, everything, id, new_message, scope,
};

#[tokio::test(flavor = "multi_thread")]
async fn no_statement_scans_and_none_is_forgotten() {
    let collector = Collector::listen().expect("no other subscriber");
    let home = Home::sqlite();
    let (db, file) = (home.open().await, Path::new(home.place()).join("bellwether.db"));
    use_everything(&db, Some(Path::new(home.place()))).await;
    let mut seen = of_tables(collector.take());
    let mut scans = scans_of_sqlite(&file, &seen);
    for (index, text) in walks(&db, &collector).await {
        let plan = plan_of_sqlite(&file, &text);
        assert!(plan.split_whitespace().any(|it| it == index), "SQLite: not {index} but {plan}: {text}");
    }

    let home = Home::postgres().await;
    let db = home.open().await;
    use_everything(&db, None).await;
    let there = of_tables(collector.take());
    let client = testkit::postgres::connect(home.place()).await;
    client.batch_execute(many::MANY).await.unwrap();
    scans.extend(scans_of_postgres(&client, &there).await);
    for (index, text) in walks(&db, &collector).await {
        let plan = plan_of_postgres(&client, &text).await;
        assert!(plan.split_whitespace().any(|it| it == index), "PostgreSQL: not {index} but {plan}: {text}");
    }
    home.remove().await;
    assert!(scans.is_empty(), "{}", scans.join("\n"));

    seen.extend(there);
    let seen: Vec<String> = seen.iter().map(|it| plain(it)).collect();
    let forgotten: Vec<String> =
        written().into_iter().filter(|it| !seen.iter().any(|seen| seen.contains(it))).collect();
    assert!(forgotten.is_empty(), "no test ran\n{}", forgotten.join("\n"));
}

/// Older mail that is wanted.
fn older(channel: ChannelId) -> History {
    History {
        channel,
        state: HistoryState::Running,
        since: NOW,
        validity: 1,
        uid: 0,
        last: 9,
        done: 0,
        total: 9,
        left_out: 0,
        error: None,
        begun_at: NOW,
        begun_done: 0,
    }
}

/// What belongs to opening and locking asks about no table of ours.
fn of_tables(mut seen: BTreeSet<String>) -> BTreeSet<String> {
    seen.retain(|it| !it.contains("migrations") && !it.contains("pg_"));
    seen
}

/// On one line, as `written` has it.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The statements of the inbox, each with the index that it has to walk along: with another one it would pass over
/// every case that its view does not show.
async fn walks(db: &Db, collector: &Collector) -> Vec<(&'static str, String)> {
    let (all, part) = (everything(), scope(Role::DepartmentMember, id(), &[id()]));
    let shapes = [
        (&all, View::Mine.filter(), "cases_mine"),
        (&all, View::Unassigned.filter(), "cases_unassigned"),
        (&all, View::Us.filter(), "cases_live"),
        (&all, View::Waiting.filter(), "cases_waiting"),
        (&all, View::All.filter(), "cases_all"),
        (&part, View::All.filter(), "cases_team"),
        (&all, View::Spam.filter(), "cases_spam"),
        (&all, View::Trash.filter(), "cases_trash"),
        (&all, "is:open -priority:low -assignee:me", "cases_live"),
        (&all, "is:open assignee:me priority:high,urgent", "cases_mine"),
        (&all, "status:closed,new -is:undelivered after:30d", "cases_all"),
        (&part, "is:open priority:high", "cases_team_live"),
        (&all, View::Due.filter(), "cases_due"),
        (&all, "due:any priority:high", "cases_due"),
        (&all, "promise:late", "cases_promised"),
        (&all, "promise:open assignee:me", "cases_promised"),
        (&all, View::Snoozed.filter(), "cases_snoozed"),
        (&all, "tag:billing", "marks_all"),
        (&all, "tag:billing before:3d", "marks_all"),
        (&all, "tag:billing is:open -assignee:me", "marks_live"),
        (&all, "-tag:billing is:open assignee:me", "cases_mine"),
        (&all, "customer:zoe", "cases_customer"),
        (&all, "is:followed", "followers_staff"),
        (&all, "is:followed is:open -assignee:me", "followers_staff"),
    ];
    let billing = Tag { id: id(), name: "Billing".to_owned() };
    db.write([tag::lock()], async move |tx| tag::save(tx, &billing).await).await.unwrap();
    let cursor = Cursor { at: after(1), id: id() };
    let mut walks = Vec::new();
    for (scope, text, index) in shapes {
        let (filter, looker) = (Filter::parse(text).0, scope.clone());
        let asked = db.read(async move |rx| filter::ask(rx, &looker, &filter, |_| Some(after(0))).await);
        let asked = asked.await.unwrap().0;
        collector.take();
        for from in [From::Newest, From::Before(cursor), From::After(cursor)] {
            let (scope, asked) = (scope.clone(), asked.clone());
            db.read(async move |rx| list::page(rx, &scope, &asked, from).await).await.unwrap();
        }
        let lists: Vec<_> = collector.take().into_iter().filter(|it| it.contains("limit 51")).collect();
        assert!(lists.len() >= 3, "{lists:?}");
        walks.extend(lists.into_iter().map(|it| (index, it)));
    }
    walks
}

/// Every statement, or beginning of one, that stands in the source of the modules of the concepts, however deep.
fn written() -> BTreeSet<String> {
    const BEGINNINGS: [&str; 6] = ["select ", "insert into ", "update ", "delete from ", "with ", "where "];
    const DOOR: [&str; 5] = ["db.rs", "migrate.rs", "news.rs", "postgres.rs", "sqlite.rs"];
    let mut dirs = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found = BTreeSet::new();
    while let Some(dir) = dirs.pop() {
        for file in fs::read_dir(dir).unwrap().map(|it| it.unwrap().path()) {
            if file.is_dir() {
                dirs.push(file);
                continue;
            }
            if DOOR.contains(&file.file_name().unwrap().to_str().unwrap()) {
                continue;
            }
            let text = fs::read_to_string(&file).unwrap();
            let code: String = text
                .lines()
                .filter(|it| !it.trim_start().starts_with("//"))
                .fold(String::new(), |code, line| code + line + "\n");
            // Between two quotes; none of our statements holds an escaped one.
            let literals = code.split('"').skip(1).step_by(2).map(plain);
            found.extend(literals.filter(|it| BEGINNINGS.iter().any(|word| it.starts_with(word))));
        }
    }
    assert!(found.len() > 80, "{} statements", found.len());
    found
}

/// Runs every function that has a statement, once or with each of its texts.
async fn use_everything(db: &Db, dir: Option<&Path>) {
    let ann = add_customer(db, "ann@example.org").await;
    let ada = add_staff(db, "ada@example.com", Role::Administrator).await;
    let team = add_team(db, "finance").await;
    let case = add_case(db, ann, NOW, |it| it.team = Some(team)).await;
    let mail = add_message(db, &case, "1", NOW).await;
    let place = Place { customer: case.customer, case: case.id };
    let all = scope(Role::Administrator, ada, &[]);
    let part = scope(Role::DepartmentMember, ada, &[team, id()]);
    of_people(db, all.clone(), team).await;
    of_channels(db, all.clone()).await;
    let other = add_case(db, ann, NOW, |_| ()).await.id;
    of_blobs(db, place, other, dir).await;
    of_writing(db, place, &mail, all.clone()).await;
    marked::of_marks(db, place, all.clone()).await;
    told::of_notifications(db, &case, all.clone()).await;
    of_work(db).await;
    searched::of_bulk(db).await;
    for scope in [all, part] {
        of_pages(db, scope.clone(), place, case.number, mail.id).await;
        searched::of_search(db, scope).await;
    }
    of_merging(db, ann, place, &mail).await;
    gone::of_deletion(db, &case).await;
    searched::keep_index(db).await;
}

/// Cases and customers that are one, that are taken apart, and that move.
async fn of_merging(db: &Db, ann: identity::Known, at: Place, mail: &domain::Message) {
    let other = add_customer(db, "other@example.org").await;
    let younger = add_case(db, ann, NOW, |_| ()).await;
    let (mail, to) = (mail.clone(), other.customer);
    let write = db.write([Lock::Customer(at.customer), Lock::Customer(to)], async move |tx| {
        let by = domain::Actor::Job;
        let mut head = case::find(tx, at.customer, at.case).await?.unwrap();
        let mut member = younger.clone();
        head.merge(&mut member, by, NOW).unwrap();
        case::merge::save(tx, &member, &[member.number], head.id).await?;
        case::merge::members(tx, at.customer, at.case).await?;
        case::merge::standing(tx, at.customer, member.id).await?;
        case::merge::bearer(tx, at, member.number).await?;
        message::of_case(tx, at.customer, at.case).await?;
        message::newest(tx, at.customer, at.case).await?;
        draft::writers(tx, at.customer, at.case).await?;
        entry::numbered(tx, at, 1).await?;
        entry::last_move(tx, at).await?;
        entry::has_inner_words(tx, at).await?;
        entry::merge_of(tx, &[at.customer], id()).await?;
        association::of_case(tx, at.customer, at.case).await?;
        association::forget_split(tx, at.customer, at.case, mail.id).await?;
        outbox::is_leaving(tx, at.customer, at.case).await?;
        case::moving::people(tx, at).await?;
        case::moving::lead(tx, mail.id, &["1".to_owned()], to).await?;
        case::moving::rename(tx, at, id(), id()).await?;
        let place = Place { case: member.id, ..at };
        case::moving::move_rows(tx, place, to, &[member.number]).await?;
        case::moving::move_rows(tx, Place { customer: to, ..place }, at.customer, &[member.number]).await?;
        let (family, contact) = (customer::family_of(tx, at.customer).await?, head.contact);
        let mut person = contact::find(tx, &family, contact).await?.unwrap();
        contact::standing(tx, &family, contact).await?;
        contact::said(tx, &family, &person).await?;
        contact::save(tx, &person).await?;
        contact::is_idle(tx, at.customer, contact).await?;
        contact::remove(tx, at.customer, id()).await?;
        person.merged_into = None;
        identity::of_contact(tx, at.customer, contact).await?;
        identity::prefer(tx, at.customer, contact, IdentityKind::Email, "x").await?;
        let address = identity::Address { kind: IdentityKind::Email, address: "x".to_owned() };
        identity::remove(tx, at.customer, &address).await?;
        let (kind, customer) = (IdentityKind::Email, at.customer);
        let address = domain::entry::Address { kind, address: "x".to_owned(), customer };
        identity::lead(tx, &address, contact, id()).await?;
        customer::merge::one_person(tx, &family).await?;
        Ok::<_, Error>(())
    });
    write.await.unwrap();
}

async fn of_pages(db: &Db, scope: Scope, at: Place, number: i64, mail: domain::MessageId) {
    let read = db.read(async move |rx| {
        let cursor = Cursor { at: after(1), id: id() };
        for view in View::ALL.iter().copied().filter(|it| it.aside().is_none() || scope.teams().is_none()) {
            for from in [From::Newest, From::Before(cursor), From::After(cursor)] {
                list::page(rx, &scope, &Asked::of(view, &scope), from).await?;
            }
        }
        let filter = Filter::parse("team:mine,nobody priority:high assignee:me").0;
        let asked = filter::ask(rx, &scope, &filter, |_| None).await?.0;
        for from in [From::Newest, From::Before(cursor), From::After(cursor)] {
            list::page(rx, &scope, &asked, from).await?;
        }
        list::count(rx, &scope, &asked).await?;
        for text in [
            "tag:kept priority:high",
            "due:any priority:high",
            "promise:open priority:high",
            "is:snoozed priority:high",
        ] {
            let asked = filter::ask(rx, &scope, &Filter::parse(text).0, |_| None).await?.0;
            for from in [From::Newest, From::Before(cursor), From::After(cursor)] {
                list::page(rx, &scope, &asked, from).await?;
            }
            list::count(rx, &scope, &asked).await?;
        }
        list::counts(rx, &scope).await?;
        promised::of_page(rx, &scope, spine::spine(rx, &scope, number, None).await?).await?;
        case::is_visible(rx, &scope, number).await?;
        case::find_within(rx, &scope, at).await?;
        case::number(rx, at.customer, at.case).await?;
        case::exists(rx, number).await?;
        for aside in domain::Aside::ALL {
            case::aside::until(rx, *aside, NOW, 10).await?;
        }
        customer::addresses(rx, at.customer).await?;
        let from = email("ann@example.org");
        arrival::look(rx, &Arrival { name: "a", names: ["a", "b", "c"], from: &from, channel: id() }).await?;
        grave::is_there(rx, "a").await?;
        block::of(rx, &email("ann@example.org")).await?;
        block::shown(rx, &scope, &email("ann@example.org")).await?;
        block::own(rx).await?;
        case::rested(rx, NOW, Duration::ZERO, 10).await?;
        case::live_of(rx, scope.member, 10).await?;
        customer::card(rx, &scope, at.customer).await?;
        customer::is_visible(rx, &scope, at.customer).await?;
        let further = customer::page::From { open: Some(cursor), cases: Some(cursor), people: Some(id()) };
        for from in [customer::page::From::default(), further] {
            customer::page::page(rx, &scope, at.customer, from).await?;
        }
        asked::of_customers(rx, &scope, at, cursor).await?;
        customer::of_domain(rx, "example.org").await?;
        identity::find(rx, IdentityKind::Email, "ann@example.org").await?;
        message::within(rx, &scope, number, mail).await?;
        message::html(rx, &scope, number, mail).await?;
        message::newest_inbound(rx, at.customer, at.case).await?;
        association::last(rx, at.customer, at.case, mail).await?;
        entry::noted(rx, &scope, number, 1).await.ok(); // It is no note.
        entry::recent(rx, at.customer, at.case, 0, id()).await?;
        entry::answered_since(rx, at.customer, at.case, 0, scope.member).await?;
        draft::own(rx, &scope, number).await.map(drop)
    });
    read.await.unwrap();
}

async fn of_people(db: &Db, all: Scope, team: TeamId) {
    let ada = all.member;
    let invited = Invitation {
        id: id(),
        name: "Bob".to_owned(),
        email: email("bob@example.com"),
        role: Role::Agent,
        invited_by: ada,
        created_at: NOW,
        expires_at: after(60),
    };
    let session = SignIn {
        id: id(),
        staff: ada,
        label: "Firefox".to_owned(),
        created_at: NOW,
        seen_at: NOW,
        expires_at: after(60),
    };
    let desk =
        organization::Organization { name: "Acme".to_owned(), time_zone: "Europe/Berlin".to_owned(), set_up_at: NOW };
    let locks = [Lock::Name("ada".to_owned()), organization::lock(), staff::lock(), view::lock(), macros::lock()];
    let write = db.write(locks, async move |tx| {
        let known = staff::by_email(tx, &email("ada@example.com")).await?.ok_or(Error::NotFound)?;
        staff::set_password(tx, known.id, &known.password_hash).await?;
        staff::set_role(tx, known.id, known.role).await?;
        staff::set_left(tx, known.id, None).await?;
        staff::administrators(tx).await?;
        signature::set_of_staff(tx, known.id, Some("Ada")).await?;
        signature::own(tx, &all).await?;
        staff::gone(tx).await?;
        staff::colleagues(tx, &all).await?;
        staff::own_email(tx, &all).await?;
        staff::all(tx, &all).await?;
        team::set_memberships(tx, ada, &[team]).await?;
        team::find(tx, team).await?;
        team::all(tx, &all).await?;
        team::memberships(tx, &all).await?;
        let sharing = Sharing::Team(team);
        let saved = SavedView {
            id: id(),
            name: "Docs".into(),
            filter: String::new(),
            sharing,
            position: view::last(tx).await?,
        };
        view::save(tx, &saved).await?;
        view::all(tx, &all).await?;
        view::count(tx).await?;
        view::delete(tx, saved.id).await?;
        let actions = domain::Actions::default();
        let kept = domain::Macro { id: id(), name: "Hi".into(), body: "Hello".into(), actions, sharing };
        macros::save(tx, &kept).await?;
        macros::all(tx, &all).await?;
        macros::count(tx).await?;
        macros::delete(tx, kept.id).await?;
        invitation::insert(tx, &invited, &[1; 32]).await?;
        invitation::open(tx, &[1; 32], NOW).await?;
        invitation::waiting(tx, &all, NOW).await?;
        invitation::use_up(tx, invited.id, NOW).await?;
        invitation::revoke(tx, invited.id).await?;
        sign_in::insert(tx, &session, &[1; 32]).await?;
        sign_in::member(tx, &[1; 32], NOW).await?;
        sign_in::seen(tx, session.id, after(1), Duration::ZERO, after(60)).await?;
        sign_in::own(tx, &all, NOW).await?;
        sign_in::end(tx, ada, session.id).await?;
        sign_in::end_others(tx, ada, Some(session.id)).await?;
        sign_in::end_others(tx, ada, None).await?;
        sign_in::sweep(tx, NOW).await?;
        attempt::add(tx, "ada", NOW, Duration::ZERO).await?;
        attempt::take_back(tx, "ada").await?;
        attempt::clear(tx, "ada").await?;
        attempt::sweep(tx, NOW).await?;
        organization::save(tx, &desk).await?;
        organization::find(tx).await?;
        organization::set(tx, "rest", "7").await?;
        organization::setting(tx, "rest").await
    });
    write.await.unwrap();
}

async fn of_channels(db: &Db, all: Scope) {
    let desk = Channel {
        id: id(),
        kind: ChannelKind::Mail,
        name: "Support".to_owned(),
        address: email("desk@example.com"),
        aliases: Vec::new(),
        setup: "{}".to_owned(),
        secret: None,
        created_at: NOW,
    };
    let raw = Inbound {
        id: id(),
        channel: desk.id,
        at: NOW,
        state: InboundState::Waiting,
        tries: 0,
        error: None,
        hash: blob::hash(b""),
        whole: true,
        raw: Vec::new().into(),
    };
    let write = db.write([channel::lock(), block::lock(), inbound::lock(raw.channel, &raw.hash)], async move |tx| {
        channel::save(tx, &desk).await?;
        acknowledgement::save(tx, desk.id, &acknowledgement::Acknowledgement::default()).await?;
        acknowledgement::find(tx, desk.id).await?;
        channel::set_token(tx, desk.id, &[1; 32]).await?;
        channel::token_hash(tx, desk.id).await?;
        signature::set_of_channel(tx, desk.id, None).await?;
        signature::of_channel(tx, desk.id).await?;
        dkim::save(tx, desk.id, None).await?;
        dkim::shown(tx, &all, desk.id).await?;
        channel::line(tx, &all, desk.id).await?;
        mailbox::begin_at(tx, desk.id, 1, 0, NOW).await?;
        mailbox::set_position(tx, desk.id, 1, 1, NOW).await?;
        mailbox::set_state(tx, desk.id, MailboxState::Live, None, NOW).await?;
        mailbox::mail_at(tx, desk.id, NOW).await?;
        history::save(tx, &older(desk.id)).await?;
        history::find(tx, desk.id).await?;
        history::reached(tx, desk.id, 1, 1, 1, 0).await?;
        history::forget(tx, desk.id).await?;
        channel::lines(tx, &all).await?;
        channel::names(tx, &all).await?;
        mailbox::forget(tx, desk.id).await?;
        inbound::insert(tx, &raw).await?;
        inbound::quarantined_after(tx, desk.id, None).await?;
        inbound::quarantined_after(tx, desk.id, Some(Cursor { at: NOW, id: id() })).await?;
        inbound::wait_again(tx, raw.id).await?;
        inbound::waiting(tx, &all, desk.id).await?;
        let sender = domain::block::Sender::parse("example.org").map_err(|_| Error::NotFound)?;
        block::insert(tx, &sender, all.member, NOW).await?;
        block::held(tx, "example.org", NOW).await?;
        block::page(tx, &all, None).await?;
        block::page(tx, &all, Some(&block::Before { at: NOW, sender: String::new() })).await?;
        block::delete(tx, &sender).await?;
        inbound::copy(tx, desk.id, &raw.hash).await?;
        inbound::find(tx, raw.id).await?;
        inbound::save(tx, raw.id, InboundState::Quarantined, 1, None).await?;
        inbound::raw(tx, &all, raw.channel, raw.id).await?;
        inbound::page(tx, &all, raw.channel, None).await?;
        inbound::page(tx, &all, raw.channel, Some(Cursor { at: NOW, id: id() })).await?;
        inbound::discard(tx, raw.channel, id()).await?;
        inbound::delete(tx, raw.id).await
    });
    write.await.unwrap();
}

async fn of_blobs(db: &Db, at: Place, other: domain::CaseId, dir: Option<&Path>) {
    let large = Blob::new(vec![7; 100_000]);
    blob::keep(db, std::slice::from_ref(&large)).await.unwrap();
    let write = db.write([Lock::Customer(at.customer)], async move |tx| {
        blob::insert(tx, at.customer, at.case, &large).await?;
        blob::read(tx, at.customer, at.case, &large.hash).await?;
        blob::share(tx, at.customer, at.case, other, &large.hash).await?;
        blob::let_go(tx, at.customer, at.case, &large.hash).await?;
        case::aside::delete(tx, Place { customer: at.customer, case: other }).await
    });
    write.await.unwrap();
    if let Some(dir) = dir {
        let left = dir.join("blobs").join("aa");
        fs::create_dir_all(&left).unwrap();
        fs::File::create(left.join("aa7")).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(blob::collect(db).await.unwrap(), 1);
    }
}

async fn of_writing(db: &Db, at: Place, mail: &domain::Message, all: Scope) {
    let mail = mail.clone();
    let write = db.write([Lock::Customer(at.customer)], async move |tx| {
        let head = customer::lock_head(tx, at.customer).await?;
        let mut known = customer::find(tx, head).await?.ok_or(Error::NotFound)?;
        known.fields.insert(id(), "Gold".to_owned());
        customer::save(tx, &known).await?;
        known.fields.clear();
        customer::save(tx, &known).await?;
        customer::add_domain(tx, head, "example.org").await?;
        customer::remove_domain(tx, head, "example.org").await?;
        message::set_state(tx, &mail, MessageState::Received, None).await?;
        message::find(tx, at.customer, at.case, mail.id).await?;
        message::set_hindrance(tx, &mail, &Hindrance::of(Obstacle::Later)).await?;
        message::own_html(tx, (&mail).into()).await?;
        message::known(tx, "1").await?;
        let known = message::Known { customer: at.customer, case: at.case, message: mail.id };
        message::exchange(tx, known).await?;
        message::external_id(tx, known).await?;
        message::set_sent(tx, known).await?;
        message::newest(tx, at.customer, at.case).await?;
        message::newest_answer(tx, at.customer, at.case).await?;
        supplier::asked(tx, &email("fuser@example.org"), "Fuser", NOW).await?;
        supplier::known(tx, &all).await?;
        message::move_to(tx, &mail, at.case, &["1".to_owned()]).await?;
        entry::opened_with(tx, at.customer, at.case).await?;
        let ann = email("ann@example.org");
        identity::traits(tx, &[at.customer], std::slice::from_ref(&ann)).await?;
        identity::set_pictures(tx, at.customer, &ann, true).await?;
        identity::set_undeliverable(tx, at.customer, &ann, None).await?;
        entry::follow_up(tx, at.customer, at.case).await?;
        let draft = new_message(at.customer, at.case, "2", NOW);
        let draft = Draft {
            kind: DraftKind::Note,
            text: String::new(),
            html: None,
            recipients: draft.recipients,
            files: draft.files,
            at: NOW,
        };
        let key = Key { customer: at.customer, case: at.case, staff: all.member };
        draft::save(tx, key, &draft).await?;
        draft::find(tx, key).await?;
        draft::delete(tx, key).await?;
        let sending = Sending {
            customer: at.customer,
            id: id(),
            case: at.case,
            message: mail.id,
            channel: mail.channel,
            state: MessageState::Sending,
            tries: 0,
            at: NOW,
            unclear: false,
            job: id(),
            pending: None,
        };
        outbox::insert(tx, &sending, None).await?;
        outbox::take_back(tx, &sending, NOW).await?;
        outbox::begin(tx, at.customer, sending.id).await?;
        outbox::handing(tx, &sending).await?;
        outbox::not_sent(tx, &sending, None, "refused").await?;
        outbox::sent(tx, &sending, NOW).await?;
        outbox::again(tx, &sending, NOW).await?;
        outbox::find(tx, at.customer, sending.id).await?;
        outbox::of_message(tx, at.customer, at.case, mail.id).await?;
        outbox::page(tx, &all, None).await?;
        outbox::page(tx, &everything(), Some(Cursor { at: NOW, id: id() })).await
    });
    write.await.unwrap();
}

async fn of_work(db: &Db) {
    let node = id();
    db.write([], async |tx| job::enqueue(tx, id(), "send", "{}", NOW).await).await.unwrap();
    job::next(db, &["send"]).await.unwrap();
    let job = job::claim(db, node, &["send"], NOW, 1).await.unwrap().remove(0);
    let write = db.write([], async move |tx| {
        job::release_lost(tx, node, &[], NOW).await?;
        job::renew(tx, &job, NOW).await?;
        job::put_off(tx, &job, None, "refused").await?;
        job::hurry(tx, job.id, NOW).await?;
        job::hurry_all(tx, "send", NOW).await?;
        job::finish(tx, &job).await?;
        job::release(tx, NOW).await?;
        job::release_abandoned(tx, NOW).await
    });
    write.await.unwrap();
    lease::take(db, "detector", node, NOW, Duration::ZERO).await.unwrap();
    lease::give_back(db, "detector", node).await.unwrap();
    db.write([], async |tx| lease::void(tx).await).await.unwrap();
}
