//! Who works here.

use std::sync::Arc;
use std::time::Duration;

use desk::Error;
use domain::Role;
use testkit::{Home, Stage};
use tokio::sync::Barrier;

testkit::both!(
    an_invitation_opens_once,
    an_invitation_expires_and_is_taken_back,
    only_administrators_decide_about_people,
    the_last_administrator_stays,
    a_desk_is_set_up_once,
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

async fn a_desk_is_set_up_once(home: &Home) {
    let stage = Stage::new(home).await;
    assert_eq!(stage.desk.setup_token().await.unwrap(), None);
    assert!(!stage.desk.may_set_up("").await.unwrap());
}
