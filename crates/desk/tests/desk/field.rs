//! Fields of customers and of people: filled in, told, joined where two are one, and found by.

use desk::Error;
use desk::field::NewField;
use domain::filter::customers::{Filter, Why};
use domain::{ContactId, CustomerId, Fact, FieldId, FieldKind, Owner};
use store::customer::list::{self, From};
use store::customer::page::{self, From as Beginning};
use store::{Scope, entry, field};
use testkit::{Home, Letter, Stage};

testkit::both!(
    fields_say_what_was_typed_and_the_timeline_tells_it,
    a_choice_and_a_field_that_are_gone_say_nothing,
    where_a_customer_says_nothing_those_count_who_were_merged_into_them,
    where_a_person_says_nothing_those_count_who_turned_out_to_be_them,
    customers_are_found_by_what_their_fields_say,
    what_is_found_goes_on_to_the_last,
    a_person_who_comes_along_with_a_case_says_the_same,
    whoever_is_known_by_a_field_stays,
);

async fn add(stage: &Stage, owner: Owner, kind: FieldKind, name: &str) -> FieldId {
    let (name, choices) = (name.to_owned(), vec!["Gold".to_owned(), "Silver".to_owned()]);
    stage.desk.add_field(&stage.ines, NewField { owner, kind, name, choices, required: true }).await.unwrap()
}

async fn shown(stage: &Stage, id: CustomerId) -> page::Page {
    let scope = Scope::of(&stage.ines);
    stage.desk.db.read(async move |rx| page::page(rx, &scope, id, Beginning::default()).await).await.unwrap()
}

/// What a field says, as people read it.
async fn says(stage: &Stage, id: CustomerId, field: FieldId) -> Option<String> {
    let values = shown(stage, id).await.fields;
    let known = stage.desk.db.read(async |rx| field::of(rx, Owner::Customer).await).await.unwrap();
    known.iter().find(|it| it.id == field)?.said(&values).map(str::to_owned)
}

/// What a field of a person says.
async fn person_says(stage: &Stage, id: CustomerId, contact: ContactId, field: FieldId) -> Option<String> {
    let scope = Scope::of(&stage.ines);
    let read = stage.desk.db.read(async move |rx| page::person(rx, &scope, id, contact).await);
    read.await.unwrap().fields.get(&field).cloned()
}

async fn told(stage: &Stage, id: CustomerId) -> Vec<Fact> {
    let scope = Scope::of(&stage.ines);
    let read = stage.desk.db.read(async move |rx| entry::timeline(rx, &scope, id, None, None).await);
    read.await.unwrap().lines.into_iter().map(|it| it.entry.fact).collect()
}

/// The names that the list has, and whether a word of the filter says nothing.
async fn listed(stage: &Stage, text: &str) -> (Vec<String>, bool) {
    let (scope, filter) = (Scope::of(&stage.ines), Filter::parse(text).0);
    let read = stage.desk.db.read(async move |rx| {
        let (asked, mistakes) = list::ask(rx, &scope, &filter).await?;
        let from = if filter.is_by_name() { From::Name(None) } else { From::Recent(None) };
        Ok::<_, store::Error>((list::page(rx, &scope, &asked, from).await?, mistakes))
    });
    let (page, mistakes) = read.await.unwrap();
    assert!(mistakes.iter().all(|it| it.why == Why::UnknownField));
    (page.lines.into_iter().map(|it| it.customer.name).collect(), !mistakes.is_empty())
}

async fn fill(stage: &Stage, id: CustomerId, field: FieldId, typed: &str) -> desk::Result<()> {
    stage.desk.fill_customer(&stage.jonas, id, vec![(field, typed.to_owned())]).await
}

async fn fields_say_what_was_typed_and_the_timeline_tells_it(home: &Home) {
    let stage = Stage::new(home).await;
    let id = stage.organization("Northwind Bakery", "northwind.example").await;
    let plan = add(&stage, Owner::Customer, FieldKind::Choice, "Plan").await;
    let seats = add(&stage, Owner::Customer, FieldKind::Number, "Seats").await;
    let order = add(&stage, Owner::Case, FieldKind::Text, "Order").await;
    let role = add(&stage, Owner::Contact, FieldKind::Text, "Plan").await;
    let ruth = stage.file(&Letter::from("Ruth <ruth@northwind.example>")).await;
    let contact = ruth.contact.unwrap();
    let required = stage.desk.db.read(async |rx| field::of(rx, Owner::Customer).await).await.unwrap();
    assert!(required.iter().all(|it| !it.required), "only a case is resolved");

    for (field, wrong, why) in
        [(plan, "Iron", "Plan"), (seats, "many", "Seats"), (plan, "x".repeat(501).as_str(), "Plan")]
    {
        let refused = fill(&stage, id, field, wrong).await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid { field: "fields", why: it } if it.contains(why)), "{refused}");
    }
    assert!(matches!(fill(&stage, id, order, "7").await, Err(Error::NotFound)), "it is a case's");
    assert!(matches!(fill(&stage, id, role, "7").await, Err(Error::NotFound)), "it is a person's");
    let both = vec![(plan, "gold".to_owned()), (seats, "012".to_owned())];
    assert!(matches!(stage.desk.fill_customer(&stage.claire, id, both.clone()).await, Err(Error::NotFound)));
    for _ in 0..2 {
        stage.desk.fill_customer(&stage.jonas, id, both.clone()).await.unwrap();
    }
    assert_eq!(
        (says(&stage, id, plan).await.as_deref(), says(&stage, id, seats).await.as_deref()),
        (Some("Gold"), Some("12"))
    );

    let typed = |it: &str| vec![(role, it.to_owned())];
    assert!(matches!(stage.desk.fill_contact(&stage.claire, id, contact, typed("Buyer")).await, Err(Error::NotFound)));
    for _ in 0..2 {
        stage.desk.fill_contact(&stage.jonas, id, contact, typed("  Head   buyer ")).await.unwrap();
    }
    assert_eq!(person_says(&stage, id, contact, role).await.as_deref(), Some("Head buyer"));
    stage.desk.rename_contact(&stage.ines, id, contact, "Ruth Alvarez").await.unwrap();
    stage.desk.rename_customer(&stage.ines, id, "Northwind").await.unwrap();
    assert_eq!(person_says(&stage, id, contact, role).await.as_deref(), Some("Head buyer"));
    stage.desk.fill_contact(&stage.jonas, id, contact, typed("")).await.unwrap();
    fill(&stage, id, plan, "Silver").await.unwrap();
    fill(&stage, id, plan, " ").await.unwrap();
    let text = |it: &str| Some(it.to_owned());
    let changed = |field: &str, from, to| Fact::CustomerFieldChanged { field: field.to_owned(), from, to };
    let person = |from, to| Fact::ContactFieldChanged { contact, field: "Plan".to_owned(), from, to };
    let mut all = told(&stage, id).await;
    all.retain(|it| matches!(it, Fact::CustomerFieldChanged { .. } | Fact::ContactFieldChanged { .. }));
    all.sort_by_key(|it| format!("{it:?}"));
    let mut expected = vec![
        changed("Plan", None, text("Gold")),
        changed("Seats", None, text("12")),
        person(None, text("Head buyer")),
        person(text("Head buyer"), None),
        changed("Plan", text("Gold"), text("Silver")),
        changed("Plan", text("Silver"), None),
    ];
    expected.sort_by_key(|it| format!("{it:?}"));
    assert_eq!(all, expected);
}

async fn a_choice_and_a_field_that_are_gone_say_nothing(home: &Home) {
    let stage = Stage::new(home).await;
    let id = stage.organization("Northwind Bakery", "northwind.example").await;
    let plan = add(&stage, Owner::Customer, FieldKind::Choice, "Plan").await;
    fill(&stage, id, plan, "Gold").await.unwrap();
    let new = |choices: &[&str]| NewField {
        owner: Owner::Case,
        kind: FieldKind::Text,
        name: "Contract".to_owned(),
        choices: choices.iter().map(|it| (*it).to_owned()).collect(),
        required: false,
    };
    stage.desk.change_field(&stage.ines, plan, new(&["Tin", "Gold"])).await.unwrap();
    assert_eq!(says(&stage, id, plan).await.as_deref(), Some("Gold"), "the field and the choice stay the same");
    assert_eq!(listed(&stage, "field:Contract=gold").await.0, ["Northwind Bakery"]);
    stage.desk.change_field(&stage.ines, plan, new(&["Tin"])).await.unwrap();
    assert_eq!(says(&stage, id, plan).await, None);
    assert!(listed(&stage, "field:Contract=gold").await.1);
    let before = told(&stage, id).await.len();
    fill(&stage, id, plan, "").await.unwrap();
    assert_eq!(told(&stage, id).await.len(), before, "nobody sees a change");
    fill(&stage, id, plan, "Tin").await.unwrap();
    stage.desk.delete_field(&stage.ines, plan).await.unwrap();
    assert_eq!(says(&stage, id, plan).await, None);
    assert!(matches!(fill(&stage, id, plan, "Tin").await, Err(Error::NotFound)));
}

async fn where_a_customer_says_nothing_those_count_who_were_merged_into_them(home: &Home) {
    let stage = Stage::new(home).await;
    let head = stage.organization("Northwind Bakery", "northwind.example").await;
    let other = stage.organization("Northwind Shops", "shops.example").await;
    let plan = add(&stage, Owner::Customer, FieldKind::Choice, "Plan").await;
    let town = add(&stage, Owner::Customer, FieldKind::Text, "Town").await;
    fill(&stage, head, plan, "Gold").await.unwrap();
    fill(&stage, other, plan, "Silver").await.unwrap();
    fill(&stage, other, town, "Bristol").await.unwrap();
    stage.desk.merge_customers(&stage.ines, other, head).await.unwrap();
    assert_eq!(says(&stage, head, plan).await.as_deref(), Some("Gold"));
    assert_eq!(says(&stage, head, town).await.as_deref(), Some("Bristol"));
    assert!(matches!(fill(&stage, other, town, "Bath").await, Err(Error::Conflict(_))));
    // What the page shows and somebody saves as it is changes nothing.
    let before = told(&stage, head).await.len();
    fill(&stage, head, town, "Bristol").await.unwrap();
    assert_eq!(told(&stage, head).await.len(), before);
    assert_eq!(listed(&stage, "field:Town=bristol").await.0, ["Northwind Bakery"]);
    assert_eq!(listed(&stage, "field:Plan=Silver").await.0, [""; 0]);
    fill(&stage, head, town, "").await.unwrap();
    assert_eq!(says(&stage, head, town).await, None);
    assert_eq!(listed(&stage, "field:Town=bristol").await.0, [""; 0]);
    stage.desk.part_customers(&stage.ines, other, head).await.unwrap();
    assert_eq!(says(&stage, other, town).await.as_deref(), Some("Bristol"));
    assert_eq!(listed(&stage, "field:Town=bristol").await.0, ["Northwind Shops"]);
    assert_eq!(listed(&stage, "field:Plan=Silver").await.0, ["Northwind Shops"]);
}

async fn where_a_person_says_nothing_those_count_who_turned_out_to_be_them(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let id = stage.organization("Northwind Bakery", "northwind.example").await;
    let role = add(&stage, Owner::Contact, FieldKind::Text, "Role").await;
    let dan = desk.add_contact(ines, id, "Dan", None).await.unwrap();
    let daniel = desk.add_contact(ines, id, "Daniel", None).await.unwrap();
    desk.fill_contact(ines, id, daniel, vec![(role, "Buyer".to_owned())]).await.unwrap();
    desk.merge_contacts(ines, id, daniel, dan).await.unwrap();
    assert_eq!(person_says(&stage, id, dan, role).await.as_deref(), Some("Buyer"));
    desk.fill_contact(ines, id, dan, vec![(role, "Baker".to_owned())]).await.unwrap();
    assert_eq!(person_says(&stage, id, dan, role).await.as_deref(), Some("Baker"));
    let gone = desk.fill_contact(ines, id, daniel, vec![(role, "Baker".to_owned())]).await;
    assert!(matches!(gone, Err(Error::NotFound)));
    desk.part_contacts(ines, id, daniel).await.unwrap();
    assert_eq!(person_says(&stage, id, daniel, role).await.as_deref(), Some("Buyer"));
}

async fn customers_are_found_by_what_their_fields_say(home: &Home) {
    let stage = Stage::new(home).await;
    let plan = add(&stage, Owner::Customer, FieldKind::Choice, "Plan").await;
    let seats = add(&stage, Owner::Customer, FieldKind::Number, "Seats").await;
    let mut all = Vec::new();
    for (name, says) in [("Zeta", "Gold"), ("alpha", "Gold"), ("Mid", "Silver"), ("Other", "")] {
        let id = stage.organization(name, &format!("{}.example", name.to_lowercase())).await;
        stage.file(&Letter::from(&format!("ann@{}.example", name.to_lowercase()))).await;
        fill(&stage, id, plan, says).await.unwrap();
        all.push(id);
    }
    fill(&stage, all[0], seats, "7.50").await.unwrap();
    for (text, expected) in [
        ("field:\"plan=gold\"", &["alpha", "Zeta"][..]),
        ("field:Plan=Gold,Plan=Silver", &["alpha", "Mid", "Zeta"]),
        ("field:Plan=Gold field:Seats=007.5", &["Zeta"]),
        ("field:Plan=Gold ze", &["Zeta"]),
        ("field:Plan=Gold -field:Seats=7.5 is:organization", &["alpha"]),
        ("-field:Plan=Gold m", &["Mid"]),
        ("-field:Plan=Gold", &["Other", "Mid"]),
    ] {
        assert_eq!(listed(&stage, text).await, (expected.iter().map(|it| (*it).to_owned()).collect(), false), "{text}");
    }
    for unknown in ["field:Plan=Iron", "field:Colour=Red", "field:Seats=many"] {
        assert!(listed(&stage, unknown).await.1, "{unknown}");
    }
    stage.desk.rename_customer(&stage.ines, all[1], "Zulu").await.unwrap();
    assert_eq!(listed(&stage, "field:Plan=Gold").await.0, ["Zeta", "Zulu"]);
}

async fn what_is_found_goes_on_to_the_last(home: &Home) {
    let stage = Stage::new(home).await;
    let plan = add(&stage, Owner::Customer, FieldKind::Choice, "Plan").await;
    for at in 0..60 {
        let by = domain::Actor::Operator;
        let name = format!("Customer {:02}", (at * 7) % 60);
        let id = stage.desk.add_customer(by, domain::CustomerKind::Individual, &name).await.unwrap();
        fill(&stage, id, plan, if at % 5 == 0 { "Silver" } else { "Gold" }).await.unwrap();
    }
    let (mut from, mut names) = (From::Name(None), Vec::new());
    loop {
        let (scope, filter) = (Scope::of(&stage.ines), Filter::parse("customer field:Plan=Silver,Plan=Gold").0);
        let read = stage.desk.db.read(async move |rx| {
            let asked = list::ask(rx, &scope, &filter).await?.0;
            list::page(rx, &scope, &asked, from).await
        });
        let page = read.await.unwrap();
        names.extend(page.lines.into_iter().map(|it| it.customer.name));
        let Some(more) = page.more else { break };
        from = more;
    }
    assert_eq!(names, (0..60).map(|at| format!("Customer {at:02}")).collect::<Vec<_>>());
}

async fn a_person_who_comes_along_with_a_case_says_the_same(home: &Home) {
    let stage = Stage::new(home).await;
    let role = add(&stage, Owner::Contact, FieldKind::Text, "Role").await;
    let from = stage.file(&Letter::from("Ruth <ruth@home.example>")).await;
    let to = stage.organization("Northwind Bakery", "northwind.example").await;
    let typed = vec![(role, "Buyer".to_owned())];
    stage.desk.fill_contact(&stage.ines, from.customer, from.contact.unwrap(), typed).await.unwrap();
    stage.desk.move_case(&stage.ines, from.number, to).await.unwrap();
    let ruth = shown(&stage, to).await.people[0].id;
    assert_eq!(person_says(&stage, to, ruth, role).await.as_deref(), Some("Buyer"));
}

async fn whoever_is_known_by_a_field_stays(home: &Home) {
    let stage = Stage::new(home).await;
    let plan = add(&stage, Owner::Customer, FieldKind::Choice, "Plan").await;
    let role = add(&stage, Owner::Contact, FieldKind::Text, "Role").await;
    let mut gone = Vec::new();
    for (at, field) in [None, Some(plan), Some(role)].into_iter().enumerate() {
        let it = stage.file(&Letter::from(&format!("p{at}@home.example"))).await;
        match field {
            Some(field) if field == plan => fill(&stage, it.customer, plan, "Gold").await.unwrap(),
            Some(field) => {
                let typed = vec![(field, "Buyer".to_owned())];
                stage.desk.fill_contact(&stage.ines, it.customer, it.contact.unwrap(), typed).await.unwrap();
            }
            None => {}
        }
        stage.desk.put_aside(&stage.ines, it.number, domain::Aside::Trash).await.unwrap();
        stage.desk.delete_for_good(&stage.ines, it.number).await.unwrap();
        let find = stage.desk.db.read(async move |rx| store::customer::find(rx, it.customer).await);
        gone.push(find.await.unwrap().is_none());
    }
    assert_eq!(gone, [true, false, false]);
}
