//! The outbox: what shall leave, and how it went.

use domain::{Direction, Message, MessageState, Role};
use store::outbox::{self, Sending};
use store::{Error, Lock, message};

use crate::both;
use testkit::Home;

use crate::support::{NOW, add_case, add_customer, after, everything, id, new_message, scope};

both!(what_leaves_is_kept_with_how_it_went, a_page_shows_the_newest_first);

async fn what_leaves_is_kept_with_how_it_went(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let case = add_case(&db, ann, NOW, |_| ()).await;
    let mut it = Sending {
        customer: case.customer,
        id: id(),
        case: case.id,
        message: id(),
        channel: id(),
        state: MessageState::Sending,
        tries: 0,
        at: NOW,
    };
    let (customer, first) = (case.customer, it.clone());
    db.write([Lock::Customer(customer)], async move |tx| outbox::insert(tx, &first).await).await.unwrap();
    (it.state, it.tries) = (MessageState::Failed, 3);
    let failed = it.clone();
    db.write([Lock::Customer(customer)], async move |tx| {
        outbox::save(tx, &failed, Some(after(9)), Some("550 no such user")).await
    })
    .await
    .unwrap();
    db.read(async move |rx| {
        assert_eq!(outbox::find(rx, it.customer, it.id).await?.as_ref(), Some(&it));
        assert_eq!(outbox::of_message(rx, it.customer, it.case, it.message).await?.as_ref(), Some(&it));
        assert_eq!(outbox::of_message(rx, it.customer, it.case, id()).await?, None);
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
}

async fn a_page_shows_the_newest_first(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let case = add_case(&db, ann, NOW, |_| ()).await;
    let (customer, number) = (case.customer, case.number);
    db.write([Lock::Customer(customer)], async move |tx| {
        for n in 0..120 {
            let it = Message {
                direction: Direction::Outbound,
                state: MessageState::Sending,
                ..new_message(customer, case.id, &format!("{n}"), after(n / 7))
            };
            message::insert(tx, &it, None).await?;
            let sending = Sending {
                customer,
                id: id(),
                case: case.id,
                message: it.id,
                channel: it.channel,
                state: it.state,
                tries: 0,
                at: it.at,
            };
            outbox::insert(tx, &sending).await?;
        }
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    let (mut times, mut sizes, mut before) = (Vec::new(), Vec::new(), None);
    loop {
        let page = db.read(async move |rx| outbox::page(rx, &everything(), before).await).await.unwrap();
        assert!(page.0.iter().all(|it| it.number == number && it.addresses().count() == 1));
        times.extend(page.0.iter().map(|it| (it.at, it.id)));
        sizes.push(page.0.len());
        before = page.1;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(sizes, [50, 50, 20]);
    assert!(times.is_sorted_by(|a, b| a > b), "newest first, each once");
    let member = scope(Role::DepartmentMember, id(), &[]);
    let hidden = db.read(async move |rx| outbox::page(rx, &member, None).await).await;
    assert!(matches!(hidden, Err(Error::NotFound)));
}
