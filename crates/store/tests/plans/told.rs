//! What colleagues follow and are told.

use domain::{Choices, NotificationKind, Role, TeamId, Word};
use store::case::Place;
use store::case::list::Cursor;
use store::notification::digest::{self, Digest};
use store::notification::{self, New, choices};
use store::{Db, Error, Lock, Scope, follower, staff};

use crate::support::{NOW, after, id, scope};

pub async fn of_notifications(db: &Db, case: &domain::Case, all: Scope) {
    let (case, member, kinds) = (case.clone(), all.member, NotificationKind::ALL);
    let place = Place { customer: case.customer, case: case.id };
    let write = db.write([Lock::Customer(case.customer)], async move |tx| {
        let mut case = case.clone();
        follower::add(tx, &mut case, member).await?;
        follower::remove(tx, &mut case, member).await?;
        let new = New {
            place,
            id: id(),
            staff: member,
            kind: NotificationKind::Message,
            at: NOW,
            entry: Some(1),
            by: None,
            name: "Ann",
            line: "Hello",
            due: None,
        };
        for _ in 0..2 {
            notification::put(tx, &new).await?;
        }
        let digest = Digest { id: id(), staff: member, at: NOW, handed: false };
        digest::oldest(tx, member, kinds).await?;
        digest::begin(tx, &digest).await?;
        digest::find(tx, digest.id).await?;
        assert!(digest::hand(tx, digest.id).await?);
        digest::take_back(tx, digest.id).await?;
        digest::end(tx, digest.id).await?;
        choices::save(tx, member, &Choices::default()).await?;
        choices::all(tx).await?;
        notification::see_case(tx, member, place, NOW).await?;
        notification::see_all(tx, member, NOW).await?;
        notification::forget(tx, after(-60)).await?;
        staff::here(tx).await?;
        staff::blind(tx, case.team).await?;
        Ok::<_, Error>(())
    });
    write.await.unwrap();
    let cursor = Cursor { at: after(1), id: id() };
    let teams: Vec<TeamId> = vec![id()];
    for scope in [all, scope(Role::DepartmentMember, member, &teams)] {
        let read = db.read(async move |rx| {
            choices::own(rx, &scope).await?;
            for before in [None, Some(cursor)] {
                notification::page(rx, &scope, kinds, before).await?;
            }
            notification::fresh(rx, &scope, kinds, NOW).await?;
            notification::unseen(rx, &scope, kinds).await?;
            notification::waits_in(rx, &scope, place).await?;
            digest::lines(rx, &scope, id(), kinds).await?;
            Ok::<_, Error>(())
        });
        read.await.unwrap();
    }
}
