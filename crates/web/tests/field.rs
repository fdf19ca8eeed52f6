//! Fields of customers and people: set up, filled in, read beside a case, and found by.

mod support;

use axum::http::StatusCode;
use desk::field::NewField;
use domain::{FieldKind, Owner, Role};
use support::{House, INES, mail};

#[tokio::test]
async fn fields_are_filled_in_on_the_page_read_beside_a_case_and_found_by() {
    let house = House::new().await;
    let filed = house.receive(&mail("Dan Whitlock <dan@northwind.example>", "One", "One")).await;
    house.receive(&mail("Ruth <ruth@harrow.example>", "Two", "Two")).await;
    let ines = house.signed_in(INES).await;
    let settings = ines.get("/settings/fields").await;
    settings.has("New field of customers").has("New field of people");
    assert_eq!(settings.text().matches("name=\"required\"").count(), 1, "only a case is resolved");
    let wrong = [("owner", "customer"), ("kind", "choice"), ("name", "Plan"), ("choices", "")];
    let wrong = ines.post("/settings/fields", &wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.has("<details class=\"mend\" open><summary>").has("value=\"Plan\"").has("each on a line of its own");
    let new = [("owner", "customer"), ("kind", "choice"), ("name", "Plan"), ("choices", "Gold\nPure silver")];
    assert_eq!(ines.post("/settings/fields", &new).await.status, StatusCode::SEE_OTHER);
    assert_eq!(ines.post("/settings/fields", &[("owner", "desk")]).await.status, StatusCode::BAD_REQUEST);
    let text = ines.get("/settings/fields").await.text();
    let change = text.split("action=\"/settings/fields/").nth(1).unwrap().split('"').next().unwrap();
    let renamed = [("name", "Plan"), ("choices", "Gold\nPure silver\nTin")];
    ines.post(&format!("/settings/fields/{change}"), &renamed).await;
    ines.get("/settings/fields").await.has("Gold\nPure silver\nTin</textarea>");
    let me = house.ines().await;
    let add = async |owner, kind, name: &str| {
        let new = NewField { owner, kind, name: name.to_owned(), choices: Vec::new(), required: false };
        format!("field-{}", house.desk.add_field(&me, new).await.unwrap())
    };
    let seats = add(Owner::Customer, FieldKind::Number, "Seats").await;
    let role = add(Owner::Contact, FieldKind::Text, "Role").await;
    let at = format!("/customers/{}", filed.customer);
    let case = format!("/cases/{}", filed.number);
    ines.get(&case).await.has_not("Seats").has_not(&format!("{at}#fields"));

    let page = ines.get(&at).await;
    page.has("Pure silver").has("Seats").has_not("Role");
    let text = page.text();
    let select = text.split("<select class=\"input\" id=\"own-").nth(1).unwrap();
    let plan = format!("field-{}", select.split('"').next().unwrap());
    let refused = ines.post(&format!("{at}/fields"), &[(&plan, "gold"), (&seats, "<b>many</b>")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.has("Seats: This is no number.").has("value=\"&lt;b&gt;many&lt;/b&gt;\"");
    let saved = ines.post(&format!("{at}/fields"), &[(&plan, "gold"), (&seats, "12")]).await;
    assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, &*at));
    ines.get(&at).await.has("selected>Gold</option>").has("set “Plan” to “Gold”").has("set “Seats” to “12”");
    assert_eq!(ines.post(&format!("{at}/fields"), &[("seats", "1")]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(ines.post(&format!("{at}/fields"), &[(&role, "x")]).await.status, StatusCode::NOT_FOUND);

    let person = format!("{at}/contacts/{}", filed.contact.unwrap());
    ines.get(&person).await.has("Role").has_not("Seats");
    let long = "x".repeat(501);
    let refused = ines.post(&format!("{person}/fields"), &[(&role, &long)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.has("at most 500 characters").has(&long);
    let saved = ines.post(&format!("{person}/fields"), &[(&role, "<i>Buyer</i>")]).await;
    assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, &*person));
    ines.get(&at).await.has("set “Role” of Dan Whitlock to “&lt;i&gt;Buyer&lt;/i&gt;”");
    let page = ines.get(&case).await;
    page.has("<dt>Plan</dt><dd class=\"wrap-any\">Gold</dd>")
        .has("&lt;i&gt;Buyer&lt;/i&gt;")
        .has(&format!("{at}#fields"));
    page.has(&format!("{person}#fields")).has_not("Pure silver");

    let found = ines.get("/customers?filter=field%3APlan%3DGold").await;
    found.has("<b>Dan Whitlock</b>").has_not("<b>Ruth</b>");
    ines.get("/customers?filter=field%3A%22Plan%3DPure+silver%22&part=list").await.has_not("<b>Dan Whitlock</b>");
    ines.get("/customers?filter=field%3APlan%3DIron+field%3APlan")
        .await
        .has("No field of customers is called so")
        .has("such as field:&quot;Plan=Gold&quot;");
    ines.get("/customers/completion?before=field%3Aplan").await.has("data-insert=\"&quot;Plan=Pure silver&quot; \"");

    // Whoever sees only the cases of their teams reads what is filled in.
    let team = house.desk.add_team(&me, "Finance", true).await.unwrap();
    let claire = house.colleague("Claire", Role::DepartmentMember).await;
    house.desk.change_staff(&me, claire, Role::DepartmentMember, vec![team]).await.unwrap();
    house.desk.give_to(&me, filed.number, Some(team)).await.unwrap();
    let browser = house.signed_in("claire@tareline.example").await;
    browser.get(&at).await.has("<dt>Plan</dt>").has_not("Pure silver").has_not("name=\"field-");
    browser.get(&case).await.has("<dt>Plan</dt>").has_not("#fields");
}
