//! The palette: what it finds for whom.

mod support;

use domain::Role;
use support::{House, INES, mail};

#[tokio::test]
async fn views_pages_cases_and_customers_are_found_as_far_as_somebody_may_see_them() {
    let house = House::new().await;
    house.receive(&mail("Ruth Alvarez <ruth@northwind.example>", "Invoice", "It bills 14 printers.")).await;
    house.desk.index_all().await.unwrap();
    let ines = house.signed_in(INES).await;
    ines.get("/palette").await.has("My open").has_not("Invoice");
    ines.get("/palette?q=reply").await.has("Reply clock").has("Search for “reply”").has_not("My open");
    ines.get("/palette?q=invoice").await.has("href=\"/cases/1\"").has("Case 1");
    ines.get("/palette?q=ruth").await.has("Ruth Alvarez").has("/customers/");
    ines.get("/palette?q=%40ines").await.has("Ines").has("assignee%3A").has_not("My open");
    let finance = house.desk.add_team(&house.ines().await, "Finance", true).await.unwrap();
    let claire = house.colleague("Claire", Role::DepartmentMember).await;
    house.desk.change_staff(&house.ines().await, claire, Role::DepartmentMember, vec![finance]).await.unwrap();
    let claire = house.signed_in("claire@tareline.example").await;
    claire.get("/palette?q=invoice").await.has_not("/cases/1").has("Search for");
    claire.get("/palette?q=reply").await.has_not("/settings/clock");
    claire.get("/palette?q=spam").await.has_not("view=spam");
}
