//! Who a sender is.

use desk::Error;
use domain::CustomerKind;
use store::{Scope, customer};
use testkit::{Home, Letter, Stage};

testkit::both!(
    an_unknown_sender_is_a_provisional_individual,
    a_known_domain_joins_its_organization,
    a_free_mail_domain_is_nobodys,
    a_domain_has_one_owner,
    a_person_names_a_customer,
    a_department_sees_no_other_customer,
);

async fn card(stage: &Stage, who: &domain::Member, id: domain::CustomerId) -> Result<customer::Card, store::Error> {
    let scope = Scope::of(who);
    stage.desk.db.read(async move |rx| customer::card(rx, &scope, id).await).await
}

async fn an_unknown_sender_is_a_provisional_individual(home: &Home) {
    let stage = Stage::new(home).await;
    let filed = stage.file(&Letter::from("Ruth Alvarez <ruth@northwind.example>")).await;
    let ruth = card(&stage, &stage.ines, filed.customer).await.unwrap();
    assert_eq!((ruth.customer.kind, ruth.customer.provisional), (CustomerKind::Individual, true));
    assert_eq!(ruth.customer.name, "Ruth Alvarez");
    assert_eq!((ruth.people.len(), ruth.cases.len()), (1, 1));
    // A colleague of hers is somebody else, as far as anybody knows.
    let dan = stage.file(&Letter::from("dan@northwind.example")).await;
    assert_ne!(dan.customer, filed.customer);
    assert_eq!(card(&stage, &stage.ines, dan.customer).await.unwrap().customer.name, "dan@northwind.example");
}

async fn a_known_domain_joins_its_organization(home: &Home) {
    let stage = Stage::new(home).await;
    let northwind = stage.organization("Northwind Bakery", "northwind.example").await;
    let ruth = stage.file(&Letter::from("Ruth <ruth@northwind.example>")).await;
    let dan = stage.file(&Letter::from("dan@NORTHWIND.example")).await;
    let elsewhere = stage.file(&Letter::from("ruth@northwind.example.evil.example")).await;
    assert_eq!((ruth.customer, dan.customer), (northwind, northwind));
    assert_ne!(ruth.contact, dan.contact);
    assert_ne!(elsewhere.customer, northwind);
    let card = card(&stage, &stage.ines, northwind).await.unwrap();
    assert_eq!(
        (card.people.len(), card.cases.len(), card.domains.as_slice()),
        (2, 2, &["northwind.example".to_owned()][..])
    );
}

async fn a_free_mail_domain_is_nobodys(home: &Home) {
    let stage = Stage::new(home).await;
    let filed = stage.file(&Letter::from("ruth.alvarez@gmail.com")).await;
    let refused = stage.desk.add_domain(&stage.ines, filed.customer, "Gmail.com").await.unwrap_err();
    assert!(matches!(refused, Error::Invalid { field: "domain", .. }), "{refused}");
    let other = stage.file(&Letter::from("someone@gmail.com")).await;
    assert_ne!(other.customer, filed.customer);
    for nonsense in ["", "northwind", "two words.example", "@", "ruth@northwind.example"] {
        assert!(stage.desk.add_domain(&stage.ines, filed.customer, nonsense).await.is_err(), "{nonsense}");
    }
}

async fn a_domain_has_one_owner(home: &Home) {
    let stage = Stage::new(home).await;
    let one = stage.organization("Northwind Bakery", "northwind.example").await;
    let two = stage.organization("Hafen Logistik", "hafen.example").await;
    assert!(stage.desk.add_domain(&stage.ines, two, "northwind.example").await.is_err());
    stage.desk.add_domain(&stage.ines, one, "northwind.example").await.unwrap();
    stage.desk.remove_domain(&stage.ines, one, "northwind.example").await.unwrap();
    assert!(matches!(stage.desk.remove_domain(&stage.ines, one, "northwind.example").await, Err(Error::NotFound)));
    stage.desk.add_domain(&stage.ines, two, "@Northwind.example ").await.unwrap();
    assert_eq!(stage.file(&Letter::from("ruth@northwind.example")).await.customer, two);
}

async fn a_person_names_a_customer(home: &Home) {
    let stage = Stage::new(home).await;
    let filed = stage.file(&Letter::from("ruth@northwind.example")).await;
    stage.desk.rename_customer(&stage.jonas, filed.customer, "  Ruth   Alvarez ").await.unwrap();
    let it = card(&stage, &stage.ines, filed.customer).await.unwrap().customer;
    assert_eq!((it.name.as_str(), it.provisional), ("Ruth Alvarez", false));
    assert!(stage.desk.rename_customer(&stage.jonas, filed.customer, " ").await.is_err());
    assert!(matches!(stage.desk.rename_customer(&stage.claire, filed.customer, "X").await, Err(Error::NotFound)));
}

async fn a_department_sees_no_other_customer(home: &Home) {
    let stage = Stage::new(home).await;
    let northwind = stage.organization("Northwind Bakery", "northwind.example").await;
    let shown = stage.file(&Letter::from("ruth@northwind.example")).await;
    stage.file(&Letter::from("dan@northwind.example")).await;
    assert!(card(&stage, &stage.claire, northwind).await.is_err());
    stage.desk.give_to(&stage.ines, shown.number, Some(stage.finance)).await.unwrap();
    let card = card(&stage, &stage.claire, northwind).await.unwrap();
    assert_eq!(card.cases.iter().map(|it| it.number).collect::<Vec<_>>(), [shown.number]);
}
