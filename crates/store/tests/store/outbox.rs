//! The outbox: what shall leave, and how it went.

use domain::{Direction, Message, MessageState, Role};
use store::outbox::{self, Sending, Undo};
use store::{Error, Lock, message};

use crate::both;
use testkit::Home;

use crate::support::{NOW, add_case, add_customer, after, everything, id, new_message, scope};

both!(what_leaves_is_kept_with_how_it_went, what_is_taken_back_was_not_begun, a_page_shows_the_newest_first);

async fn what_leaves_is_kept_with_how_it_went(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let case = add_case(&db, ann, NOW, |_| ()).await;
    let it = Sending {
        customer: case.customer,
        id: id(),
        case: case.id,
        message: id(),
        channel: id(),
        state: MessageState::Sending,
        tries: 0,
        at: NOW,
        unclear: false,
        job: id(),
        pending: None,
    };
    let customer = case.customer;
    db.write([Lock::Customer(customer)], async move |tx| {
        outbox::insert(tx, &it, None).await?;
        assert_eq!(outbox::take_back(tx, &it, NOW).await?, None, "nobody may");
        let slow = outbox::begin(tx, customer, it.id).await?.unwrap();
        assert!(outbox::handing(tx, &slow.sending).await?);
        let quick = outbox::begin(tx, customer, it.id).await?.unwrap();
        assert_eq!((slow.doubts, quick.doubts), (0, 1), "the first has not ended, and may have sent it");
        assert!(!outbox::handing(tx, &slow.sending).await?, "it counts no longer");
        let (slow, quick) = (slow.sending, quick.sending);
        assert_eq!((slow.tries, quick.tries), (1, 2));
        assert_eq!((slow.unclear, quick.unclear), (false, true));
        let failed = |it: &Sending| Sending { state: MessageState::Failed, unclear: true, ..it.clone() };
        assert!(!outbox::not_sent(tx, &failed(&slow), Some(after(9)), "too slow").await?);
        assert!(outbox::not_sent(tx, &failed(&quick), Some(after(9)), "550 no such user").await?);
        assert_eq!(outbox::find(tx, customer, it.id).await?, Some(failed(&quick)));
        assert_eq!(outbox::begin(tx, customer, it.id).await?, None, "nobody wants it sent");
        assert!(!outbox::sent(tx, &slow, after(9)).await?);

        outbox::again(tx, &quick, after(10)).await?;
        let again = outbox::begin(tx, customer, it.id).await?.unwrap();
        assert_eq!(again.doubts, 0, "whoever wants it sent again knows what became of it");
        let again = again.sending;
        assert_eq!(again, Sending { tries: 3, at: after(10), ..it.clone() });
        assert!(outbox::sent(tx, &slow, after(11)).await?, "the server took it, whoever says so");
        assert!(!outbox::not_sent(tx, &failed(&again), None, "too slow").await?);
        let last = outbox::of_message(tx, customer, it.case, it.message).await?.unwrap();
        assert_eq!(last, Sending { state: MessageState::Sent, ..again });
        assert_eq!(outbox::of_message(tx, customer, it.case, id()).await?, None);
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
}

async fn what_is_taken_back_was_not_begun(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let case = add_case(&db, ann, NOW, |_| ()).await;
    let customer = case.customer;
    let undo = Undo { before: case.before(), after: case.before() };
    let new = || Sending {
        customer,
        id: id(),
        case: case.id,
        message: id(),
        channel: id(),
        state: MessageState::Sending,
        tries: 0,
        at: NOW,
        unclear: false,
        job: id(),
        pending: None,
    };
    let (quick, slow) = (new(), new());
    db.write([Lock::Customer(customer)], async move |tx| {
        outbox::insert(tx, &quick, Some(&undo)).await?;
        assert_eq!(outbox::take_back(tx, &quick, after(1)).await?, Some(undo.clone()));
        assert_eq!(outbox::take_back(tx, &quick, after(1)).await?, None, "once");
        assert_eq!(outbox::begin(tx, customer, quick.id).await?, None, "it does not leave any more");
        outbox::insert(tx, &slow, Some(&undo)).await?;
        outbox::begin(tx, customer, slow.id).await?;
        assert_eq!(outbox::take_back(tx, &slow, after(1)).await?, None, "it has begun to leave");
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
                unclear: false,
                job: id(),
                pending: None,
            };
            outbox::insert(tx, &sending, None).await?;
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
