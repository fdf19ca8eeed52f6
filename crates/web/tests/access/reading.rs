//! What stands on a page, and that looking at one changes nothing.

use std::time::Duration;

use domain::{DraftKind, Recipients, Role};
use store::Sql;

use super::ask;
use super::support::{House, INES, mail};
use super::tries::tries;
use super::world::World;

#[tokio::test]
async fn what_is_out_of_reach_is_nowhere_on_a_page() {
    let house = House::new().await;
    let (world, email) = World::new(&house, Role::DepartmentMember).await;
    house.receive(&mail("Dan <dan@near.example>", "A secret of another team", "Only for the desk.")).await;
    let claire = house.signed_in(&email).await;
    let customer = world.near.customer("");
    for page in ["/inbox?view=all", "/inbox?view=unassigned", "/inbox?view=all&part=list", &customer] {
        claire.get(page).await.has_not("A secret of another team").has_not("About far");
    }
    claire.get("/inbox?view=all").await.has("About near");
    // Nor is it found, by its own words, by those of another filter, or by whose it is.
    house.desk.index_all().await.unwrap();
    for asked in
        ["secret", "secret+is%3Aopen", "far", "secret+-absent", "far.example", "dan", "is%3Aopen", "customer%3Afar"]
    {
        let page = claire.get(&format!("/search?q={asked}")).await;
        page.has_not("A secret of another team").has_not("About far").has_not("dan@");
        let listed = claire.get(&format!("/inbox?filter={asked}")).await;
        listed.has_not("A secret of another team").has_not("About far");
    }
    claire.get("/search?q=secret&order=best").await.has_not("A secret of another team");
    claire.get("/search?q=near").await.has("About <mark class=\"hl\">near</mark>");
    claire.get("/inbox/completion?before=customer%3A").await.has_not("far");
    house.signed_in(INES).await.get("/search?q=secret").await.has("A <mark class=\"hl\">secret</mark> of another team");
    claire.get(&customer).await.has("About near").has_not("The contract").has_not("Take near.example away");
}

#[tokio::test]
async fn a_draft_is_its_writers_own() {
    let house = House::new().await;
    let (world, email) = World::new(&house, Role::Agent).await;
    let (ines, other) = (house.signed_in(INES).await, house.signed_in(&email).await);
    let member = house.ines().await;
    house
        .desk
        .keep_draft(&member, world.near.number, DraftKind::Reply, "Not said yet", None, Recipients::default())
        .await
        .unwrap();
    let at = world.near.case("");
    ines.get(&at).await.has("Not said yet");
    other.get(&at).await.has_not("Not said yet");
}

#[tokio::test]
async fn looking_changes_nothing() {
    let house = House::new().await;
    let (world, email) = World::new(&house, Role::Administrator).await;
    let (ines, nobody) = (house.signed_in(&email).await, house.browser());
    let before = rows(&house).await;
    house.later(Duration::from_mins(10));
    for it in tries().filter(|it| it.method == "GET") {
        for browser in [&ines, &nobody] {
            ask(&house, browser, &world, it).await;
        }
        for (now, before) in rows(&house).await.iter().zip(&before) {
            assert_eq!(now, before, "{} has changed {}", it.route, before.0);
        }
    }
}

/// Every row of each table, word for word.
async fn rows(house: &House) -> Vec<(&'static str, String)> {
    let read = house.desk.db.read(async |rx| {
        let mut all = Vec::new();
        for (table, _) in store::schema::TABLES {
            let columns = format!("select name from pragma_table_info('{table}')");
            let columns: Vec<String> = rx.all(Sql::built(columns), &[]).await?;
            let row = columns.iter().map(|it| format!("quote({it})")).collect::<Vec<_>>().join("||','||");
            let rows =
                format!("select coalesce(group_concat(said, char(10)), '') from (select {row} as said from {table})");
            all.push((*table, rx.one::<String>(Sql::built(rows), &[]).await?));
        }
        Ok::<_, store::Error>(all)
    });
    read.await.unwrap()
}
