//! Who speaks for a customer, and by which addresses they are known.

use desk::Error;
use desk::contact::Typed;
use domain::{ContactId, CustomerId, IdentityKind, Timestamp};
use store::customer::page::{self, From};
use store::{Scope, customer};
use testkit::{Home, Letter, Stage};

use crate::dump::dump;

testkit::both!(
    a_person_is_added_mended_and_found_by_a_further_address,
    an_address_leads_to_one_person_of_a_customer,
    two_contacts_are_one_person_until_that_is_taken_back,
    merges_of_people_are_undone_in_either_order,
    customers_are_one_until_that_is_taken_back,
    merged_customers_have_their_people_in_common,
    merges_of_customers_at_once_lead_in_no_circle,
    a_department_changes_nobody,
);

const RUTH: &str = "Ruth Alvarez <ruth@northwind.example>";

fn email(address: &str) -> Typed {
    Typed { kind: IdentityKind::Email, address: address.to_owned() }
}

async fn shown(stage: &Stage, id: CustomerId) -> page::Page {
    let scope = Scope::of(&stage.ines);
    stage.desk.db.read(async move |rx| page::page(rx, &scope, id, From::default()).await).await.unwrap()
}

/// Each person with their addresses, as the page has them.
async fn people(stage: &Stage, id: CustomerId) -> Vec<String> {
    let line = |it: &page::Known| {
        let addresses: Vec<&str> = it.identities.iter().map(|it| it.address.as_str()).collect();
        format!("{}: {}", it.name, addresses.join(" "))
    };
    let mut all: Vec<String> = shown(stage, id).await.people.iter().map(line).collect();
    all.sort();
    all
}

async fn a_person_is_added_mended_and_found_by_a_further_address(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let id = stage.organization("Northwind Bakery", "northwind.example").await;
    let dan = desk.add_contact(ines, id, " Dan   Whitlock", Some(email("Dan@home.example"))).await.unwrap();
    for (kind, typed, kept) in [
        (IdentityKind::Phone, "+44 (117) 496-0142", "+441174960142"),
        (IdentityKind::SocialHandle, "@dan", "@dan"),
        (IdentityKind::Email, "dan@work.example", "dan@work.example"),
    ] {
        let typed = Typed { kind, address: typed.to_owned() };
        desk.add_identity(ines, id, dan, typed).await.unwrap();
        assert!(people(&stage, id).await[0].contains(kept), "{kept}");
    }
    for (kind, wrong) in [(IdentityKind::Email, "dan"), (IdentityKind::Phone, "12"), (IdentityKind::ProductUserId, " ")]
    {
        let refused = desk.add_identity(ines, id, dan, Typed { kind, address: wrong.to_owned() }).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "address", .. })), "{wrong}");
    }
    // Whoever writes from there is them.
    let filed = stage.file(&Letter::from("dan@work.example")).await;
    assert_eq!((filed.customer, filed.contact), (id, Some(dan)));
    desk.prefer_identity(ines, id, dan, email("dan@work.example")).await.unwrap();
    let first = &shown(&stage, id).await.people[0].identities[0];
    assert_eq!((first.address.as_str(), first.main), ("dan@work.example", true));
    desk.rename_contact(ines, id, dan, "Daniel Whitlock").await.unwrap();
    assert_eq!(stage.spine(ines, filed.number).await.unwrap().contact.1, "Daniel Whitlock");
    desk.remove_identity(ines, id, dan, email("dan@work.example")).await.unwrap();
    assert!(matches!(desk.remove_identity(ines, id, dan, email("dan@work.example")).await, Err(Error::NotFound)));
    let other = stage.file(&Letter::from("dan@work.example").text("again")).await;
    assert_ne!((other.customer, other.contact), (id, Some(dan)));
    let scope = Scope::of(ines);
    let told = desk
        .db
        .read(async move |rx| store::entry::timeline(rx, &scope, id, None, Some(domain::entry::Topic::People)).await);
    let told = told.await.unwrap();
    assert_eq!(told.lines.len(), 10);
    assert_eq!(told.names, [(dan, "Daniel Whitlock".to_owned())]);
}

async fn an_address_leads_to_one_person_of_a_customer(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let id = stage.organization("Northwind Bakery", "northwind.example").await;
    let ruth = stage.file(&Letter::from(RUTH)).await.contact.unwrap();
    let refused = desk.add_contact(ines, id, "Somebody", Some(email("ruth@northwind.example"))).await.unwrap_err();
    assert_eq!(refused.to_string(), "This is an address of Ruth Alvarez already.");
    let (one, other) = tokio::join!(
        desk.add_contact(ines, id, "One", Some(email("new@northwind.example"))),
        desk.add_contact(&stage.jonas, id, "Other", Some(email("new@northwind.example"))),
    );
    assert_ne!(one.is_ok(), other.is_ok());
    // Of another customer it may be, too.
    stage.pass(std::time::Duration::from_mins(1));
    let oakridge = stage.organization("Oakridge", "oakridge.example").await;
    desk.add_contact(ines, oakridge, "Ruth", Some(email("ruth@northwind.example"))).await.unwrap();
    assert_eq!(stage.file(&Letter::from(RUTH).text("x")).await.contact, Some(ruth), "whom we have known longest");
}

async fn three(stage: &Stage, id: CustomerId) -> [ContactId; 3] {
    let mut all = Vec::new();
    for name in ["one", "two", "three"] {
        let at = email(&format!("{name}@northwind.example"));
        all.push(stage.desk.add_contact(&stage.ines, id, name, Some(at)).await.unwrap());
    }
    all.try_into().unwrap()
}

async fn two_contacts_are_one_person_until_that_is_taken_back(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let id = stage.organization("Northwind Bakery", "northwind.example").await;
    let [one, two, _] = three(&stage, id).await;
    let filed = stage.file(&Letter::from("two@northwind.example")).await;
    let before = dump(home, &stage).await;
    desk.merge_contacts(ines, id, two, one).await.unwrap();
    assert_eq!(
        people(&stage, id).await,
        ["one: one@northwind.example two@northwind.example", "three: three@northwind.example"]
    );
    assert_eq!(stage.spine(ines, filed.number).await.unwrap().contact, (one, "one".to_owned()));
    assert!(desk.merge_contacts(ines, id, two, one).await.is_err());
    assert!(matches!(desk.merge_contacts(ines, id, one, one).await, Err(Error::Conflict(_))));
    let later = stage.file(&Letter::from("two@northwind.example").text("later")).await;
    assert_eq!(later.contact, Some(one));
    desk.part_contacts(ines, id, two).await.unwrap();
    assert!(matches!(desk.part_contacts(ines, id, two).await, Err(Error::Conflict(_))));
    assert_eq!(stage.spine(ines, filed.number).await.unwrap().contact.1, "two");
    let after = dump(home, &stage).await;
    assert!(before.iter().all(|it| after.contains(it)));
    let last = stage.file(&Letter::from("two@northwind.example").text("last")).await;
    assert_eq!(last.contact, Some(two));
}

async fn merges_of_people_are_undone_in_either_order(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let id = stage.organization("Northwind Bakery", "northwind.example").await;
    let [one, two, three] = three(&stage, id).await;
    let before = dump(home, &stage).await;
    for order in [[three, two], [two, three]] {
        desk.merge_contacts(ines, id, three, two).await.unwrap();
        stage.pass(std::time::Duration::from_secs(1));
        desk.merge_contacts(ines, id, two, one).await.unwrap();
        assert_eq!(people(&stage, id).await.len(), 1);
        desk.part_contacts(ines, id, order[0]).await.unwrap();
        assert_eq!(people(&stage, id).await.len(), 2);
        desk.part_contacts(ines, id, order[1]).await.unwrap();
        assert_eq!(dump(home, &stage).await, before);
        stage.pass(std::time::Duration::from_secs(1));
    }
}

async fn customers_are_one_until_that_is_taken_back(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let id = stage.organization("Northwind Bakery", "northwind.example").await;
    let first = stage.file(&Letter::from(RUTH)).await;
    let stranger = Letter::from("Ruth at home <ruth@home.example>");
    let at_home = stage.file(&stranger).await;
    let before = dump(home, &stage).await;
    desk.merge_customers(ines, at_home.customer, id).await.unwrap();
    assert_eq!(dump(home, &stage).await, before, "no row moves");
    let both = shown(&stage, id).await;
    assert_eq!((both.open.len(), both.people_count, both.open_cases), (2, 2, 2));
    let spine = stage.spine(ines, at_home.number).await.unwrap();
    assert_eq!((spine.customer.id, spine.contact.1.as_str()), (id, "Ruth at home"));
    let scope = Scope::of(ines);
    let listed = desk.db.read(async move |rx| {
        let asked = store::filter::Asked::of(domain::View::All, &scope);
        store::case::list::page(rx, &scope, &asked, store::case::list::From::Newest).await
    });
    let names: Vec<String> = listed.await.unwrap().lines.into_iter().map(|it| it.customer_name).collect();
    assert_eq!(names, ["Northwind Bakery", "Northwind Bakery"]);
    // Threads go on where they are; what is new comes to the one that stays, from a person it has.
    let answer = stage.file(&Letter::from("ruth@home.example").text("more").answers(&stranger.id())).await;
    assert_eq!((answer.number, answer.contact), (at_home.number, at_home.contact));
    let new = stage.file(&Letter::from("ruth@home.example").text("new")).await;
    assert_eq!((new.customer, new.contact), (id, at_home.contact));
    assert_eq!(stage.spine(ines, new.number).await.unwrap().contact.1, "Ruth at home");
    assert!(matches!(desk.merge_customers(ines, at_home.customer, id).await, Err(Error::Conflict(_))));
    assert!(matches!(
        desk.rename_contact(ines, at_home.customer, at_home.contact.unwrap(), "x").await,
        Err(Error::Conflict(_))
    ));
    // Cases of both are one customer's, so they merge after one has moved; and are told from afar.
    assert!(desk.merge(ines, first.number, at_home.number).await.is_err());

    desk.part_customers(ines, at_home.customer, id).await.unwrap();
    assert!(matches!(desk.part_customers(ines, at_home.customer, id).await, Err(Error::Conflict(_))));
    assert_eq!(shown(&stage, at_home.customer).await.open.len(), 1);
    let left = shown(&stage, id).await;
    assert_eq!((left.open.len(), left.people_count), (2, 1));
    let scope = Scope::of(ines);
    let told = desk.db.read(async move |rx| store::entry::timeline(rx, &scope, id, None, None).await).await.unwrap();
    let words: Vec<&str> = told.lines.iter().map(|it| it.entry.fact.word()).collect();
    assert!(words.contains(&"customer_merged") && words.contains(&"customer_merge_undone"), "{words:?}");
    let next = stage.file(&Letter::from("ruth@home.example").text("after")).await;
    assert_eq!(next.customer, at_home.customer);
}

async fn merged_customers_have_their_people_in_common(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let id = stage.organization("Northwind Bakery", "northwind.example").await;
    let ruth = stage.file(&Letter::from(RUTH)).await.contact.unwrap();
    let at_home = stage.file(&Letter::from("Ruth at home <ruth@home.example>")).await;
    desk.merge_customers(ines, at_home.customer, id).await.unwrap();
    desk.merge_contacts(ines, id, at_home.contact.unwrap(), ruth).await.unwrap();
    assert_eq!(people(&stage, id).await, ["Ruth Alvarez: ruth@home.example ruth@northwind.example"]);
    assert_eq!(stage.spine(ines, at_home.number).await.unwrap().contact.1, "Ruth Alvarez");
    assert_eq!(stage.file(&Letter::from("ruth@home.example").text("x")).await.contact, Some(ruth));
    let refused = desk.part_customers(ines, at_home.customer, id).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "first the people");
    desk.part_contacts(ines, id, at_home.contact.unwrap()).await.unwrap();
    desk.part_customers(ines, at_home.customer, id).await.unwrap();
    assert_eq!(people(&stage, at_home.customer).await, ["Ruth at home: ruth@home.example"]);
}

async fn merges_of_customers_at_once_lead_in_no_circle(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let one = stage.organization("One", "one.example").await;
    let two = stage.organization("Two", "two.example").await;
    let three = stage.organization("Three", "three.example").await;
    let (a, b) = tokio::join!(desk.merge_customers(ines, one, two), desk.merge_customers(&stage.jonas, two, one));
    assert_ne!(a.is_ok(), b.is_ok());
    let head = if a.is_ok() { two } else { one };
    desk.merge_customers(ines, head, three).await.unwrap();
    for id in [one, two, three] {
        let found = desk.db.read(async move |rx| customer::head(rx, id).await).await.unwrap().unwrap();
        assert_eq!(found.id, three);
    }
    assert_eq!(shown(&stage, three).await.domains, ["one.example", "three.example", "two.example"]);
    desk.remove_domain(ines, three, "one.example").await.unwrap();
    assert_eq!(stage.file(&Letter::from("x@two.example")).await.customer, three);
    assert!(matches!(desk.merge_customers(ines, three, three).await, Err(Error::Conflict(_))));
    assert!(desk.now() > Timestamp(0));
}

async fn a_department_changes_nobody(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, claire) = (&stage.desk, &stage.claire);
    let filed = stage.file(&Letter::from(RUTH)).await;
    let (id, contact) = (filed.customer, filed.contact.unwrap());
    desk.give_to(&stage.ines, filed.number, Some(stage.finance)).await.unwrap();
    let refused = [
        desk.add_contact(claire, id, "x", None).await.map(drop),
        desk.rename_contact(claire, id, contact, "x").await,
        desk.add_identity(claire, id, contact, email("x@x.example")).await,
        desk.remove_identity(claire, id, contact, email("ruth@northwind.example")).await,
        desk.prefer_identity(claire, id, contact, email("ruth@northwind.example")).await,
        desk.merge_contacts(claire, id, contact, desk.id()).await,
        desk.part_contacts(claire, id, contact).await,
        desk.merge_customers(claire, id, desk.id()).await,
        desk.part_customers(claire, id, desk.id()).await,
    ];
    for it in refused {
        assert!(matches!(it, Err(Error::NotFound)));
    }
}
