//! Who works here.

use std::sync::Arc;
use std::time::Duration;

use desk::channel::NewMailbox;
use desk::setup::FirstVisit;
use desk::{Ctx, Desk, Error, Fixed, Keys, Post, Seeded};
use domain::{Actor, Role, Status, Timestamp};
use testkit::{Home, Letter, Stage};
use tokio::sync::Barrier;
use uuid::Uuid;

testkit::both!(
    an_invitation_opens_once,
    an_invitation_expires_and_is_taken_back,
    only_administrators_decide_about_people,
    the_last_administrator_stays,
    a_desk_is_set_up_once,
    whoever_leaves_leaves_no_case_behind,
    a_desk_is_set_up_whole_or_not_at_all,
);

async fn an_invitation_opens_once(home: &Home) {
    let stage = Stage::new(home).await;
    let token = stage.desk.invite(&stage.ines, "Mara Lind", "Mara@desk.example", Role::Lead).await.unwrap();
    let start = Arc::new(Barrier::new(50));
    let tries: Vec<_> = (0..50)
        .map(|_| {
            let (desk, token, start) = (stage.desk.clone(), token.clone(), start.clone());
            tokio::spawn(async move {
                start.wait().await;
                desk.join(&token, "Mara Lind", "a long password").await
            })
        })
        .collect();
    let mut joined = Vec::new();
    for it in tries {
        joined.extend(it.await.unwrap());
    }
    assert_eq!(joined.len(), 1);
    let mara = stage.desk.staff_member(joined[0]).await.unwrap();
    assert_eq!((mara.name.as_str(), mara.role), ("Mara Lind", Role::Lead));
    assert!(matches!(stage.desk.invitation(&token).await, Err(Error::NotFound)));
}

async fn an_invitation_expires_and_is_taken_back(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let old = desk.invite(ines, "Mara", "mara@desk.example", Role::Agent).await.unwrap();
    stage.pass(Duration::from_hours(24 * 7));
    assert!(desk.join(&old, "Mara", "a long password").await.is_err());
    let taken = desk.invite(ines, "Mara", "mara@desk.example", Role::Agent).await.unwrap();
    let id = desk.invitation(&taken).await.unwrap().id;
    desk.revoke_invitation(ines, id).await.unwrap();
    assert!(desk.join(&taken, "Mara", "a long password").await.is_err());
    assert!(desk.invite(ines, "Jonas", "jonas@desk.example", Role::Agent).await.is_err(), "he works here");
}

async fn only_administrators_decide_about_people(home: &Home) {
    let stage = Stage::new(home).await;
    let desk = &stage.desk;
    for who in [&stage.jonas, &stage.claire] {
        let invited = desk.invite(who, "Mara", "mara@desk.example", Role::Administrator).await;
        assert!(matches!(invited, Err(Error::NotFound)));
        let promoted = desk.change_staff(who, who.id, Role::Administrator, Vec::new()).await;
        assert!(matches!(promoted, Err(Error::NotFound)));
        assert!(matches!(desk.leave(who, stage.ines.id).await, Err(Error::NotFound)));
        assert!(matches!(desk.add_team(who, "X", false).await, Err(Error::NotFound)));
    }
}

async fn the_last_administrator_stays(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines, jonas) = (&stage.desk, &stage.ines, &stage.jonas);
    assert!(matches!(desk.change_staff(ines, ines.id, Role::Agent, Vec::new()).await, Err(Error::Conflict(_))));
    assert!(matches!(desk.leave(ines, ines.id).await, Err(Error::Conflict(_))));
    desk.change_staff(ines, jonas.id, Role::Administrator, Vec::new()).await.unwrap();
    let jonas = desk.staff_member(jonas.id).await.unwrap();
    // Both at once: one of them stays.
    let (one, other) = tokio::join!(
        desk.change_staff(ines, ines.id, Role::Agent, Vec::new()),
        desk.change_staff(&jonas, jonas.id, Role::Agent, Vec::new()),
    );
    assert!(one.is_ok() != other.is_ok());
}

async fn whoever_leaves_leaves_no_case_behind(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines, jonas) = (&stage.desk, &stage.ines, &stage.jonas);
    let first = Letter::from("ruth@northwind.example");
    let (live, done) = (stage.file(&first).await.number, Letter::from("dan@northwind.example"));
    let resolved = stage.file(&done).await.number;
    for number in [live, resolved] {
        desk.assign(jonas, number, Some(jonas.id)).await.unwrap();
    }
    desk.resolve(jonas, resolved, "").await.unwrap();
    desk.leave(ines, jonas.id).await.unwrap();
    let spine = stage.spine(ines, live).await.unwrap();
    assert_eq!(spine.case.assignee, None);
    assert_eq!(spine.entries.last().unwrap().by, Actor::Staff(ines.id));
    // What he has resolved stays his, until the customer answers.
    assert_eq!(stage.spine(ines, resolved).await.unwrap().case.assignee, Some(jonas.id));
    stage.file(&Letter::from("dan@northwind.example").text("Not yet").answers(&done.id())).await;
    desk.reconcile_once(false).await.unwrap();
    let spine = stage.spine(ines, resolved).await.unwrap();
    assert_eq!((spine.case.status, spine.case.assignee), (Status::Open, None));
}

/// A first visit whose mailbox is refused leaves no half of a desk.
async fn a_desk_is_set_up_whole_or_not_at_all(home: &Home) {
    let ctx = Ctx::new(Fixed(Timestamp(1_800_000_000_000_000)), Seeded::new(3));
    let desk = Desk::new(home.open().await, ctx, Keys::new(vec![(1, [3; 32])]), Post::Kept, Uuid::from_u128(3));
    let token = desk.setup_token().await.unwrap().unwrap();
    let visit = || FirstVisit {
        organization: "Tareline".to_owned(),
        time_zone: "Europe/London".to_owned(),
        name: "Ines Okafor".to_owned(),
        email: "ines@desk.example".to_owned(),
        password: "six quiet herons".to_owned(),
    };
    let mailbox = |address: &str| NewMailbox {
        name: String::new(),
        address: address.to_owned(),
        reading: None,
        sending: None,
        user: String::new(),
        password: "its password".to_owned(),
        ..NewMailbox::default()
    };
    assert!(desk.set_up(&token, visit(), Some(mailbox("nowhere"))).await.is_err());
    // A fault of the database between the two, in its bluntest form.
    let dropped = async |tx: &mut store::Tx| tx.run("alter table channels rename to lost", &[]).await.map(drop);
    desk.db.write([], dropped).await.unwrap();
    assert!(desk.set_up(&token, visit(), Some(mailbox("support@desk.example"))).await.is_err());
    let back = async |tx: &mut store::Tx| tx.run("alter table lost rename to channels", &[]).await.map(drop);
    desk.db.write([], back).await.unwrap();
    assert!(desk.may_set_up(&token).await.unwrap(), "the link still opens");
    desk.set_up(&token, visit(), Some(mailbox("support@desk.example"))).await.unwrap();
    let channels = async |rx: &store::Read| rx.one::<i64>("select count(*) from channels", &[]).await;
    assert_eq!(desk.db.read(channels).await.unwrap(), 1);
    assert!(!desk.may_set_up(&token).await.unwrap());
}

async fn a_desk_is_set_up_once(home: &Home) {
    let stage = Stage::new(home).await;
    assert_eq!(stage.desk.setup_token().await.unwrap(), None);
    assert!(!stage.desk.may_set_up("").await.unwrap());
}
