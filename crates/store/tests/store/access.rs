//! Who may come in: staff and their teams, invitations, sign-ins, wrong passwords; and whose desk it is.

use std::time::Duration;

use domain::{Email, Member, Role, SignInId, StaffId, TeamId};
use store::invitation::{self, Invitation};
use store::sign_in::{self, SignIn};
use store::{Db, Error, attempt, organization, staff, team};

use crate::both;
use testkit::Home;

use crate::support::{NOW, add_staff, add_team, after, count, email, everything, id, scope};

both!(
    staff_come_and_leave,
    what_changes_at_once_is_all_kept,
    teams_have_members,
    an_invitation_is_used_once,
    an_invitation_is_open_for_a_while,
    a_sign_in_lasts_until_it_ends,
    attempts_are_counted_in_a_window,
    the_organization_and_its_settings,
);

async fn find(db: &Db, who: StaffId) -> staff::Staff {
    db.read(async move |rx| staff::find(rx, who).await).await.unwrap().unwrap()
}

async fn leave(db: &Db, who: StaffId) {
    let write = db.write([staff::lock()], async move |tx| staff::set_left(tx, who, Some(after(1))).await);
    write.await.unwrap();
}

/// Each change writes what it changes and nothing else: a person who leaves while they change their password is gone.
async fn what_changes_at_once_is_all_kept(home: &Home) {
    let db = home.open().await;
    let ada = add_staff(&db, "ada@example.com", Role::Administrator).await;
    let all = tokio::join!(
        db.write([staff::lock()], async move |tx| staff::set_password(tx, ada, "$new$").await),
        db.write([staff::lock()], async move |tx| staff::set_role(tx, ada, Role::Lead).await),
        db.write([staff::lock()], async move |tx| staff::set_left(tx, ada, Some(after(1))).await),
    );
    assert!(all.0.is_ok() && all.1.is_ok() && all.2.is_ok());
    let it = find(&db, ada).await;
    assert_eq!((it.password_hash.as_str(), it.role, it.left_at), ("$new$", Role::Lead, Some(after(1))));
    let unheld = db.write([], async move |tx| staff::set_left(tx, ada, None).await).await;
    assert!(matches!(unheld, Err(Error::UseCase(_))));
}

async fn staff_come_and_leave(home: &Home) {
    let db = home.open().await;
    let ada = add_staff(&db, "ada@example.com", Role::Administrator).await;
    let bob = add_staff(&db, "bob@example.com", Role::Administrator).await;
    let administrators = async || db.read(async |rx| staff::administrators(rx).await).await.unwrap();
    assert_eq!(administrators().await, 2);
    leave(&db, bob).await;
    assert_eq!(administrators().await, 1);
    let address = email("bob@example.com");
    let found = db.read(async move |rx| staff::by_email(rx, &address).await).await.unwrap().unwrap();
    assert_eq!((found.id, found.left_at), (bob, Some(after(1))));
    let twice = staff::Staff { id: id(), ..find(&db, ada).await };
    let twice = db.write([staff::lock()], async move |tx| staff::insert(tx, &twice).await).await;
    assert!(matches!(twice, Err(Error::Duplicate)));
    let colleagues = db.read(async |rx| staff::colleagues(rx, &everything()).await).await.unwrap();
    assert_eq!(colleagues.iter().map(|it| (it.id, it.here)).collect::<Vec<_>>(), [(ada, true), (bob, false)]);
    let administrator = scope(Role::Administrator, ada, &[]);
    assert_eq!(db.read(async move |rx| staff::all(rx, &administrator).await).await.unwrap().len(), 2);
    assert!(matches!(db.read(async |rx| staff::all(rx, &everything()).await).await, Err(Error::NotFound)));
}

async fn teams_have_members(home: &Home) {
    let db = home.open().await;
    let ada = add_staff(&db, "ada@example.com", Role::Agent).await;
    let (finance, docs) = (add_team(&db, "Finance").await, add_team(&db, "docs").await);
    let set = async |teams: &[TeamId]| {
        let teams = teams.to_vec();
        db.write([staff::lock()], async move |tx| team::set_memberships(tx, ada, &teams).await).await.unwrap();
    };
    set(&[finance, docs]).await;
    set(&[docs]).await;
    assert_eq!(db.read(async move |rx| team::of(rx, ada).await).await.unwrap(), [docs]);
    let administrator = scope(Role::Administrator, ada, &[]);
    let all = db.read(async move |rx| {
        let memberships = team::memberships(rx, &administrator).await?;
        Ok::<_, Error>((memberships, team::all(rx, &administrator).await?, team::find(rx, finance).await?))
    });
    let (memberships, all, found) = all.await.unwrap();
    assert_eq!(memberships, [(docs, ada)]);
    assert_eq!(all.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["docs", "Finance"], "whatever their case");
    assert_eq!(found.map(|it| it.id), Some(finance));
    assert!(matches!(db.read(async |rx| team::memberships(rx, &everything()).await).await, Err(Error::NotFound)));
}

fn new_invitation(address: &str) -> Invitation {
    Invitation {
        id: id(),
        name: "Bob".to_owned(),
        email: email(address),
        role: Role::Agent,
        invited_by: id(),
        created_at: NOW,
        expires_at: after(60),
    }
}

async fn invite(db: &Db, it: &Invitation, token: [u8; 32]) {
    let it = it.clone();
    db.write([], async move |tx| invitation::insert(tx, &it, &token).await).await.unwrap();
}

async fn an_invitation_is_used_once(home: &Home) {
    const TOKEN: [u8; 32] = [9; 32];
    let db = home.open().await;
    invite(&db, &new_invitation("bob@example.com"), TOKEN).await;
    let tries: Vec<_> = (0..50)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                // Without the lock: what decides is the row.
                let write = db.write([], async move |tx| {
                    let Some(it) = invitation::open(tx, &TOKEN, after(1)).await? else { return Ok(false) };
                    invitation::use_up(tx, it.id, after(1)).await
                });
                write.await.unwrap()
            })
        })
        .collect();
    let mut used = 0;
    for it in tries {
        used += usize::from(it.await.unwrap());
    }
    assert_eq!(used, 1);
    assert_eq!(invitation::lock(&TOKEN), invitation::lock(&TOKEN));
}

async fn an_invitation_is_open_for_a_while(home: &Home) {
    let db = home.open().await;
    let (ann, bob) = (new_invitation("ann@example.com"), new_invitation("bob@example.com"));
    invite(&db, &ann, [1; 32]).await;
    invite(&db, &bob, [2; 32]).await;
    let open = async |token: u8, at| {
        db.read(async move |rx| invitation::open(rx, &[token; 32], after(at)).await).await.unwrap().map(|it| it.email)
    };
    assert_eq!(open(1, 59).await, Some(ann.email.clone()));
    assert_eq!(open(1, 60).await, None, "it has run out");
    assert_eq!(open(3, 0).await, None, "nobody has this token");
    let late = db.write([], async move |tx| invitation::use_up(tx, ann.id, after(60)).await).await.unwrap();
    assert!(!late);
    let revoke = async || db.write([], async move |tx| invitation::revoke(tx, bob.id).await).await.unwrap();
    assert!(revoke().await);
    assert!(!revoke().await);
    assert_eq!(open(2, 1).await, None);
    let administrator = scope(Role::Administrator, id(), &[]);
    let waiting = db.read(async move |rx| invitation::waiting(rx, &administrator, after(1)).await).await.unwrap();
    let waiting: Vec<Email> = waiting.into_iter().map(|it| it.email).collect();
    assert_eq!(waiting, [ann.email]);
    let hidden = db.read(async |rx| invitation::waiting(rx, &everything(), NOW).await).await;
    assert!(matches!(hidden, Err(Error::NotFound)));
}

async fn sign_in(db: &Db, who: StaffId, token: u8) -> SignInId {
    let it = SignIn {
        id: id(),
        staff: who,
        label: "Firefox".to_owned(),
        created_at: NOW,
        seen_at: NOW,
        expires_at: after(600),
    };
    let session = it.id;
    db.write([], async move |tx| sign_in::insert(tx, &it, &[token; 32]).await).await.unwrap();
    session
}

async fn member(db: &Db, token: u8, at: i64) -> Option<Member> {
    let read = db.read(async move |rx| sign_in::member(rx, &[token; 32], after(at)).await);
    read.await.unwrap().map(|it| it.1)
}

async fn a_sign_in_lasts_until_it_ends(home: &Home) {
    let db = home.open().await;
    let ada = add_staff(&db, "ada@example.com", Role::DepartmentMember).await;
    let bob = add_staff(&db, "bob@example.com", Role::Agent).await;
    let docs = add_team(&db, "docs").await;
    db.write([staff::lock()], async move |tx| team::set_memberships(tx, ada, &[docs]).await).await.unwrap();
    let first = sign_in(&db, ada, 1).await;
    let second = sign_in(&db, ada, 2).await;
    let third = sign_in(&db, ada, 3).await;
    sign_in(&db, bob, 4).await;
    let name = "ada@example.com".to_owned();
    assert_eq!(
        member(&db, 1, 0).await,
        Some(Member { id: ada, name, role: Role::DepartmentMember, teams: vec![docs] })
    );
    assert_eq!(member(&db, 5, 0).await, None, "nobody has this token");

    // Use prolongs it, and is noted once in a while.
    let step = Duration::from_mins(5);
    let seen = async |at| {
        let write = db.write([], async move |tx| sign_in::seen(tx, first, after(at), step, after(at + 600)).await);
        write.await.unwrap();
    };
    seen(100).await;
    assert!(member(&db, 1, 600).await.is_none(), "too soon to be noted");
    seen(301).await;
    assert!(member(&db, 1, 900).await.is_some());
    assert!(member(&db, 1, 901).await.is_none());

    let own = async |who| {
        let scope = scope(Role::Agent, who, &[]);
        let read = db.read(async move |rx| sign_in::own(rx, &scope, NOW).await);
        read.await.unwrap().iter().map(|it| it.id).collect::<Vec<_>>()
    };
    assert_eq!(own(ada).await, [third, second, first]);
    let end = async |who, which| db.write([], async move |tx| sign_in::end(tx, who, which).await).await.unwrap();
    assert!(!end(bob, second).await, "another's");
    assert!(end(ada, second).await);
    assert_eq!(member(&db, 2, 0).await, None);
    let others = db.write([], async move |tx| sign_in::end_others(tx, ada, Some(third)).await).await.unwrap();
    assert_eq!((others, own(ada).await), (1, vec![third]));

    leave(&db, bob).await;
    assert_eq!(member(&db, 4, 2).await, None, "who has left is nobody");
    assert_eq!(db.write([], async move |tx| sign_in::end_others(tx, bob, None).await).await.unwrap(), 1);
    assert_eq!(db.write([], async |tx| sign_in::sweep(tx, after(599)).await).await.unwrap(), 0);
    assert_eq!(db.write([], async |tx| sign_in::sweep(tx, after(600)).await).await.unwrap(), 1);
    assert_eq!(count(&db, "select count(*) from sign_ins").await, 0);
}

async fn attempts_are_counted_in_a_window(home: &Home) {
    const WINDOW: Duration = Duration::from_mins(1);
    const NAME: &str = "ada from here";
    let db = home.open().await;
    let lock = || store::Lock::Name(NAME.to_owned());
    let add = async |at| {
        let write = db.write([lock()], async move |tx| attempt::add(tx, NAME, after(at), WINDOW).await);
        write.await.unwrap()
    };
    assert_eq!((add(0).await, add(59).await, add(60).await), (1, 2, 1), "a window begins with its first");
    assert_eq!((add(61).await, add(119).await, add(120).await), (2, 3, 1));
    for _ in 0..3 {
        db.write([lock()], async |tx| attempt::take_back(tx, NAME).await).await.unwrap();
    }
    assert_eq!(add(121).await, 1, "there is none to take back below nothing");
    db.write([lock()], async |tx| attempt::clear(tx, NAME).await).await.unwrap();
    assert_eq!(add(121).await, 1);
    assert_eq!(db.write([], async |tx| attempt::sweep(tx, after(120)).await).await.unwrap(), 0);
    assert_eq!(db.write([], async |tx| attempt::sweep(tx, after(121)).await).await.unwrap(), 1);
    assert_eq!(count(&db, "select count(*) from attempts").await, 0);
}

async fn the_organization_and_its_settings(home: &Home) {
    let db = home.open().await;
    let find = async || db.read(async |rx| organization::find(rx).await).await.unwrap();
    assert_eq!(find().await, None);
    for (name, at) in [("Acme", 0), ("Acme & Sons", 9)] {
        let it = organization::Organization {
            name: name.to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            set_up_at: after(at),
        };
        db.write([organization::lock()], async move |tx| organization::save(tx, &it).await).await.unwrap();
    }
    let it = find().await.unwrap();
    assert_eq!((it.name.as_str(), it.set_up_at), ("Acme & Sons", NOW), "it was set up once");
    let setting = async || db.read(async |rx| organization::setting(rx, "close after").await).await.unwrap();
    assert_eq!(setting().await, None);
    for value in ["7", "14"] {
        db.write([], async move |tx| organization::set(tx, "close after", value).await).await.unwrap();
    }
    assert_eq!(setting().await.as_deref(), Some("14"));
}
