//! Customers, who speaks for them, and what is theirs.

use domain::{Case, CustomerKind, IdentityKind, Role, Status};
use store::customer::page::{From, page};
use store::customer::{self, Customer, Person};
use store::identity::{self, Known};
use store::{Error, Lock, Scope, contact};

use crate::both;
use testkit::Home;

use crate::support::{
    NOW, add_case, add_cases, add_customer, add_message, add_team, after, email, everything, id, scope,
};

both!(
    a_card_shows_who_they_are,
    a_card_shows_a_department_its_own,
    a_page_goes_on_to_the_last_case_and_person,
    a_domain_is_one_customers,
    new_rows_go_to_the_head,
    one_address_may_lead_to_several
);

async fn a_card_shows_who_they_are(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let (bob, phone) = (id(), id());
    db.write([Lock::Customer(ann.customer)], async move |tx| {
        let customer = ann.customer;
        contact::insert(tx, customer, bob, "Bob", NOW).await?;
        contact::insert(tx, customer, phone, "Phone only", NOW).await?;
        for address in ["bob@example.org", "b@example.org"] {
            identity::insert(tx, IdentityKind::Email, address, Known { customer, contact: bob, undeliverable: false })
                .await?;
        }
        identity::insert(
            tx,
            IdentityKind::Phone,
            "+49 30 1234",
            Known { customer, contact: phone, undeliverable: false },
        )
        .await?;
        let named = Customer {
            id: customer,
            kind: CustomerKind::Organization,
            name: "Northwind".to_owned(),
            provisional: false,
            merged_into: None,
            fields: std::collections::BTreeMap::new(),
            created_at: NOW,
        };
        customer::save(tx, &named).await
    })
    .await
    .unwrap();
    let older = add_case(&db, ann, NOW, |_| ()).await;
    let newer = add_case(&db, ann, after(1), |_| ()).await;
    add_message(&db, &older, "1", NOW).await;
    let card = db.read(async move |rx| customer::card(rx, &everything(), ann.customer).await).await.unwrap();
    assert_eq!((card.customer.name.as_str(), card.customer.provisional), ("Northwind", false));
    assert_eq!(card.cases.iter().map(|it| it.number).collect::<Vec<_>>(), [newer.number, older.number]);
    let person =
        |id, name: &str, address: Option<&str>| Person { id, name: name.to_owned(), address: address.map(email) };
    let people = [
        person(ann.contact, "ann@example.org", Some("ann@example.org")),
        person(bob, "Bob", Some("b@example.org")),
        person(bob, "Bob", Some("bob@example.org")),
        person(phone, "Phone only", None),
    ];
    assert_eq!(card.people, people);
    let unknown = db.read(async |rx| customer::card(rx, &everything(), id()).await).await;
    assert!(matches!(unknown, Err(Error::NotFound)));
}

async fn a_card_shows_a_department_its_own(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let team = add_team(&db, "finance").await;
    let member = scope(Role::DepartmentMember, id(), &[team]);
    add_case(&db, ann, NOW, |_| ()).await;
    let asks = member.clone();
    let hidden = db.read(async move |rx| customer::card(rx, &asks, ann.customer).await).await;
    assert!(matches!(hidden, Err(Error::NotFound)), "they have no case of this team");
    let theirs = add_case(&db, ann, NOW, |it| it.team = Some(team)).await;
    let card = db.read(async move |rx| customer::card(rx, &member, ann.customer).await).await.unwrap();
    assert_eq!(card.cases.iter().map(|it| it.number).collect::<Vec<_>>(), [theirs.number]);
}

async fn a_page_goes_on_to_the_last_case_and_person(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let team = add_team(&db, "finance").await;
    let cases = add_cases(&db, ann, 45, |n, case| {
        case.team = (n % 2 == 0).then_some(team);
        if n < 5 {
            case.status = Status::Closed;
        }
    })
    .await;
    db.write([Lock::Customer(ann.customer)], async move |tx| {
        for n in 0..120 {
            contact::insert(tx, ann.customer, id(), &format!("Person {n}"), NOW).await?;
        }
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    let read = async |scope: Scope, from| {
        let page = db.read(async move |rx| page(rx, &scope, ann.customer, from).await).await.unwrap();
        assert_eq!(page.people_count, 100, "a count that stops");
        page
    };
    let walk = async |scope: Scope| {
        let (mut numbers, mut people, mut from) = (Vec::new(), 0, From::default());
        let mut part = read(scope.clone(), from).await;
        // First those that are open, then those that are done.
        numbers.extend(part.open.iter().map(|it| it.number));
        while let Some(older) = part.older_open {
            from.open = Some(older);
            part = read(scope.clone(), from).await;
            numbers.extend(part.open.iter().map(|it| it.number));
        }
        numbers.extend(part.cases.iter().map(|it| it.number));
        let open = part.open_cases;
        while let Some(older) = part.older_cases {
            from.cases = Some(older);
            part = read(scope.clone(), from).await;
            numbers.extend(part.cases.iter().map(|it| it.number));
        }
        loop {
            people += part.people.len();
            let Some(more) = part.more_people else { return (numbers, people, open) };
            from.people = Some(more);
            part = read(scope.clone(), from).await;
        }
    };
    let newest_first = |cases: &[Case]| {
        let mut cases: Vec<&Case> = cases.iter().collect();
        cases.sort_by_key(|it| (it.last_at, it.id));
        cases.iter().rev().map(|it| it.number).collect::<Vec<_>>()
    };
    assert_eq!(walk(everything()).await, (newest_first(&cases), 121, 40));
    let theirs: Vec<Case> = cases.iter().filter(|it| it.team.is_some()).cloned().collect();
    assert_eq!(walk(scope(Role::DepartmentMember, id(), &[team])).await, (newest_first(&theirs), 121, 20));
    let other = scope(Role::DepartmentMember, id(), &[id()]);
    let hidden = db.read(async move |rx| page(rx, &other, ann.customer, From::default()).await).await;
    assert!(matches!(hidden, Err(Error::NotFound)));
}

async fn a_domain_is_one_customers(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await.customer;
    let bob = add_customer(&db, "bob@example.org").await.customer;
    let add = async |whose| {
        let write = db
            .write([Lock::Customer(whose)], async move |tx| customer::add_domain(tx, whose, "northwind.example").await);
        write.await
    };
    add(ann).await.unwrap();
    assert!(matches!(add(bob).await, Err(Error::Duplicate)));
    let owner = async || db.read(async |rx| customer::of_domain(rx, "northwind.example").await).await.unwrap();
    assert_eq!(owner().await, Some(ann));
    let card = db.read(async move |rx| customer::card(rx, &everything(), ann).await).await.unwrap();
    assert_eq!(card.domains, ["northwind.example"]);
    let remove = async |whose| {
        let write = db.write([Lock::Customer(whose)], async move |tx| {
            customer::remove_domain(tx, whose, "northwind.example").await
        });
        write.await.unwrap()
    };
    assert!(!remove(bob).await, "it is not theirs");
    assert!(remove(ann).await);
    assert_eq!(owner().await, None);
}

async fn new_rows_go_to_the_head(home: &Home) {
    let db = home.open().await;
    let mut ids = Vec::new();
    for address in ["a@example.org", "b@example.org", "c@example.org"] {
        ids.push(add_customer(&db, address).await.customer);
    }
    let (a, b, c) = (ids[0], ids[1], ids[2]);
    db.write([], async move |tx| {
        for (from, into) in [(a, b), (b, c)] {
            tx.run("update customers set merged_into = $2 where customer_id = $1", &[&from, &into]).await?;
        }
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    let head = db.write([], async move |tx| {
        let head = customer::lock_head(tx, a).await?;
        tx.holds(&Lock::Customer(head))?;
        Ok::<_, Error>(head)
    });
    assert_eq!(head.await.unwrap(), c);
    let unknown = db.write([], async |tx| customer::lock_head(tx, id()).await).await;
    assert!(matches!(unknown, Err(Error::NotFound)));
}

async fn one_address_may_lead_to_several(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let firm = add_customer(&db, "office@example.org").await;
    db.write([Lock::Customer(firm.customer)], async move |tx| {
        let also = Known { customer: firm.customer, contact: id(), undeliverable: false };
        contact::insert(tx, also.customer, also.contact, "Ann", NOW).await?;
        identity::insert(tx, IdentityKind::Email, "ann@example.org", also).await
    })
    .await
    .unwrap();
    let find = async |kind| {
        let read = db.read(async move |rx| identity::find(rx, kind, "ann@example.org").await);
        read.await.unwrap().iter().map(|it| it.customer).collect::<Vec<_>>()
    };
    assert_eq!(find(IdentityKind::Email).await, [ann.customer, firm.customer]);
    assert_eq!(find(IdentityKind::Phone).await, []);
    let twice = db.write([Lock::Customer(ann.customer)], async move |tx| {
        identity::insert(tx, IdentityKind::Email, "ann@example.org", ann).await
    });
    assert!(matches!(twice.await, Err(Error::Duplicate)));
}
