//! Search: what was written is found, and shown with its words marked.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

mod support;

use std::time::Duration;

use axum::http::StatusCode;
use desk::case::Note;
use support::{House, INES, mail};

fn note(text: &str) -> Note {
    Note { text: text.to_owned(), ..Note::default() }
}

/// Three cases, and a note.
async fn house() -> (House, [i64; 3]) {
    let house = House::new().await;
    let ines = house.ines().await;
    let letters = [
        (
            "Ruth Alvarez <ruth@northwind.example>",
            "Invoice bills 14 printers",
            "We have 12. The credit note for INV-10874 is missing.",
        ),
        (
            "Léa Moreau <lea@atelier.example>",
            "Still paying",
            "The CREDIT  NOTE you sent shows one month.\n\nRegards, Léa",
        ),
        ("Sato <sato@provisions.example>", "Printer", "It prints nothing. No note, no credit, <b>nothing</b>."),
    ];
    let mut numbers = [0; 3];
    for (at, (from, subject, text)) in letters.iter().enumerate() {
        numbers[at] = house.receive(&mail(from, subject, text)).await.number;
        house.later(Duration::from_mins(1));
    }
    house.desk.note(&ines, numbers[2], note("Déjà vu: another fuser")).await.unwrap();
    house.desk.index_all().await.unwrap();
    (house, numbers)
}

#[tokio::test]
async fn words_are_found_newest_first_with_their_marks() {
    let (house, [invoice, paying, printer]) = house().await;
    let ines = house.signed_in(INES).await;
    let page = ines.get("/search?q=credit+note").await;
    page.has("3 cases")
        .has(&format!("/cases/{invoice}"))
        .has(&format!("/cases/{paying}"))
        .has(&format!("/cases/{printer}"));
    let page = ines.get("/search?q=%22credit+note%22").await;
    page.has("2 cases").has("Ruth Alvarez: ").has("The <mark class=\"hl\">credit note</mark> for INV-10874");
    page.has("<mark class=\"hl\">CREDIT NOTE</mark> you sent").has_not(&format!("/cases/{printer}"));
    let (first, second) = (page.text().find("Still paying").unwrap(), page.text().find("Invoice bills").unwrap());
    assert!(first < second, "newest first");
    for (asked, found) in [
        ("inv10874", "<mark class=\"hl\">INV-10874</mark>"),
        ("deja", "Ines, note: <mark class=\"hl\">Déjà</mark> vu: another fuser"),
        ("nothing+-credit", "Nothing has these words"),
        ("14", "Invoice bills <mark class=\"hl\">14</mark> printers"),
        ("%3Cb%3Enothing", "&lt;<mark class=\"hl\">b&gt;nothing</mark>&lt;/b&gt;"),
        ("credit+customer%3Aruth", "1 case"),
        ("is%3Aopen", "3 cases"),
        ("", "What are you looking for?"),
    ] {
        ines.get(&format!("/search?q={asked}")).await.has(found);
    }
    ines.get("/search?q=credit+note&order=best").await.has("3 cases").has("Newest first");
    // People stand above.
    let page = ines.get("/search?q=ruth%40northwind.example").await;
    page.has("Customers and contacts").has("<mark class=\"hl\">ruth@northwind.example</mark>").has("Invoice bills");
    ines.get("/search?q=lea").await.has("<mark class=\"hl\">Léa</mark> Moreau");
}

#[tokio::test]
async fn what_was_understood_can_be_left_out_and_narrowed_down() {
    let (house, [invoice, ..]) = house().await;
    let ines = house.signed_in(INES).await;
    house.desk.assign(&house.ines().await, invoice, Some(house.ines().await.id)).await.unwrap();
    let page = ines.get("/search?q=credit+status%3Anew%2Copen+-absent").await;
    page.has("href=\"/search?q=status%3Anew%2Copen+-absent\"")
        .has("href=\"/search?q=credit+-absent\"")
        .has("status:<b>new,open</b>");
    page.has("Narrow down").has("assignee%3Anobody").has("Save as a view");
    let page = ines.get("/search?q=credit+chanel%3Amail+is%3Aopne").await;
    page.has("<mark class=\"q-bad\">chanel</mark>:mail is:<mark class=\"q-bad\">opne</mark>")
        .has("aria-invalid=\"true\"");
    page.has("href=\"/search?q=credit+channel%3Amail+is%3Aopne\"").has("the rest is searched").has("3 cases");
    page.has_not("Save as a view");
    assert_eq!(ines.get("/search?q=credit&before=x").await.status, StatusCode::BAD_REQUEST);
    ines.get("/search?q=%22%3Cscript%3E").await.has_not("<script>\"");
}

#[tokio::test]
async fn the_inbox_takes_words_too_and_a_view_keeps_them() {
    let (house, _) = house().await;
    let ines = house.signed_in(INES).await;
    let page = ines.get("/inbox?filter=%22credit+note%22+is%3Aopen").await;
    page.has("Still paying").has("Invoice bills").has_not("It prints nothing").has("Search everything");
    page.has("href=\"/search?q=%22credit+note%22+is%3Aopen\"");
    let saved = ines.post("/views", &[("name", "Credits"), ("filter", "\"credit note\""), ("sharing", "own")]).await;
    ines.get(saved.location()).await.has("Credits").has("Still paying").has_not("It prints nothing");
    ines.get("/inbox?view=mine&part=views").await.has("Credits").has("<span class=\"n\">2</span>");
    ines.get("/inbox/completion?before=customer%3Alea").await.has("&quot;Léa Moreau&quot; ");
}

#[tokio::test]
async fn a_long_list_goes_on_and_every_case_stands_once() {
    let house = House::new().await;
    let ines = house.ines().await;
    for n in 0..30 {
        let number =
            house.receive(&mail(&format!("Dan <dan{n}@x.example>"), &format!("Walrus {n}"), "A walrus.")).await.number;
        house.later(Duration::from_mins(1));
        // An old case that was written in since then.
        if n == 0 {
            house.desk.note(&ines, number, note("The first walrus")).await.unwrap();
        }
    }
    house.desk.note(&ines, 1, note("Still a walrus")).await.unwrap();
    house.desk.index_all().await.unwrap();
    let browser = house.signed_in(INES).await;
    let first = browser.get("/search?q=walrus").await;
    first.has("30 cases").has("in this case");
    let text = first.text();
    let older = text.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let second = browser.get(&older).await;
    second.has("Further back");
    for n in 1..=30 {
        let link = format!("href=\"/cases/{n}\"");
        let times = first.text().matches(&link).count() + second.text().matches(&link).count();
        assert_eq!(times, 1, "case {n}");
    }
}

#[tokio::test]
async fn while_the_index_is_made_the_page_says_so() {
    let house = House::new().await;
    house.receive(&mail("Dan <dan@x.example>", "Walrus", "A walrus.")).await;
    let ines = house.signed_in(INES).await;
    ines.get("/search?q=walrus").await.has("The index is being made: 0 %");
    house.desk.index_all().await.unwrap();
    ines.get("/search?q=walrus").await.has("1 case").has_not("The index is being made");
}

#[tokio::test]
async fn a_number_leads_to_its_case() {
    let (house, [invoice, paying, _]) = house().await;
    let ines = house.signed_in(INES).await;
    for asked in [format!("%23{paying}"), paying.to_string()] {
        let page = ines.get(&format!("/search?q={asked}")).await;
        page.has("Still paying");
        ines.get(&format!("/palette?q={asked}")).await.has(&format!("/cases/{paying}\""));
    }
    ines.get("/search?q=%23999").await.has("Nothing has these words");
    ines.get(&format!("/search?q={invoice}+credit")).await.has_not("Still paying");
}
