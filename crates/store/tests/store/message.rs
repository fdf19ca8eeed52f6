//! Messages, their names, and the decisions about them.

use domain::{Direction, MessageState};
use store::message::{self, Known};
use store::{Error, Lock, association};

use crate::both;
use testkit::Home;

use crate::support::{
    NOW, add_case, add_customer, add_message, after, count, everything, id, new_message, nothing_found,
};

both!(a_message_comes_back_as_it_was, the_first_to_have_a_name_keeps_it, an_answer_answers_the_newest);

async fn a_message_comes_back_as_it_was(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let case = add_case(&db, ann, NOW, |_| ()).await;
    let mut filed = add_message(&db, &case, "1", NOW).await;
    filed.has_html = true;
    let written = domain::Message {
        direction: Direction::Outbound,
        state: MessageState::Sending,
        contact: None,
        staff: Some(id()),
        sent_at: None,
        message_id: None,
        in_reply_to: None,
        references: Vec::new(),
        automatic: Some(domain::Automatic::AutoReply),
        altered: true,
        raw_hash: Some("00".repeat(32)),
        ..new_message(case.customer, case.id, "2", after(1))
    };
    let ours = written.clone();
    db.write([Lock::Customer(ann.customer)], async move |tx| {
        message::insert(tx, &ours, None).await?;
        message::set_state(tx, &ours, MessageState::Failed, Some("refused")).await
    })
    .await
    .unwrap();
    let unsent = domain::Message { state: MessageState::Failed, error: Some("refused".to_owned()), ..written };
    db.read(async move |rx| {
        let ids = (filed.id, unsent.id);
        assert_eq!(message::find(rx, case.customer, case.id, ids.0).await?.as_ref(), Some(&filed));
        assert_eq!(message::find(rx, case.customer, case.id, ids.1).await?.as_ref(), Some(&unsent));
        assert_eq!(message::within(rx, &everything(), case.number, ids.1).await?, unsent);
        assert_eq!(message::html(rx, &everything(), case.number, ids.0).await?.html, "<p>My printer</p>");
        let none = message::html(rx, &everything(), case.number, ids.1).await;
        assert!(matches!(none, Err(Error::NotFound)), "it has no HTML");
        let decision = association::last(rx, case.customer, case.id, ids.0).await?;
        assert_eq!(decision, Some(nothing_found()));
        assert_eq!(association::last(rx, case.customer, case.id, ids.1).await?, None);
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
}

async fn the_first_to_have_a_name_keeps_it(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let case = add_case(&db, ann, NOW, |_| ()).await;
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (db, message) = (db.clone(), id());
            let known = Known { customer: case.customer, case: case.id, message };
            // Each holds its customer, as two copies of one mail to two customers would: the name is all they share.
            let lock = Lock::Customer(known.customer);
            tokio::spawn(async move {
                let free = db.write([lock], async move |tx| message::refer(tx, "<a@b>", known).await).await.unwrap();
                free.then_some(known)
            })
        })
        .collect();
    let mut first = Vec::new();
    for task in tasks {
        first.extend(task.await.unwrap());
    }
    assert_eq!(first.len(), 1);
    let known = db.read(async |rx| message::known(rx, "<a@b>").await).await.unwrap();
    assert_eq!(known, Some(first[0]));
    assert_eq!(db.read(async |rx| message::known(rx, "<A@b>").await).await.unwrap(), None);
    assert_eq!(count(&db, "select count(*) from message_refs").await, 1);
}

async fn an_answer_answers_the_newest(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let case = add_case(&db, ann, NOW, |_| ()).await;
    let newest = async || {
        let read = db.read(async move |rx| message::newest_inbound(rx, case.customer, case.id).await);
        read.await.unwrap().map(|it| it.external_id)
    };
    assert_eq!(newest().await, None);
    add_message(&db, &case, "late", after(9)).await;
    add_message(&db, &case, "early", after(3)).await;
    let ours =
        domain::Message { direction: Direction::Outbound, ..new_message(case.customer, case.id, "o", after(20)) };
    let write = db.write([Lock::Customer(ann.customer)], async move |tx| message::insert(tx, &ours, None).await);
    write.await.unwrap();
    assert_eq!(newest().await.as_deref(), Some("late"));
    let automatic = Some(domain::Automatic::AutoReply);
    let machine = domain::Message { automatic, ..new_message(case.customer, case.id, "out of office", after(30)) };
    let write = db.write([Lock::Customer(ann.customer)], async move |tx| message::insert(tx, &machine, None).await);
    write.await.unwrap();
    assert_eq!(newest().await.as_deref(), Some("late"), "nobody answers a machine while there is a person");
}
