//! A morning at the desk by keyboard alone, over both databases: twenty cases are looked through, two are one issue, one is
//! two, both is taken back, several are tagged at once, a colleague is named, one is put off, one is found, and what is done
//! is resolved. Nothing is clicked, and no address is typed.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use bellwether::key_file;
use desk::Keys;
use domain::Role;
use testkit::browser::{Browser, Page};
use testkit::office::{INES, PASSWORD, US};
use testkit::program::Program;
use testkit::{Home, Letter, Office};

testkit::both!(a_morning_by_keyboard);

const DOWN: &str = "\u{e015}";
const ENTER: &str = "\u{e007}";
const TAB: &str = "\u{e004}";
const SPACE: &str = " ";

/// Twenty cases of the night. 1 and 2 are Ruth's and one issue; 3 is two.
async fn furnish(home: &Home) {
    let office = Office::found(home, Keys::new(key_file::open(&home.key_file()).unwrap())).await;
    office.desk.add_staff("Jonas Feld", "jonas@desk.example", Role::Agent, PASSWORD).await.unwrap();
    let ruth = |subject: &str| Letter::from("Ruth Alvarez <ruth@customer.example>").to(US).subject(subject);
    let tom = |subject: &str| Letter::from("Tom Hale <tom@other.example>").to(US).subject(subject);
    office.receive(&ruth("Smoke").text("The printer smokes.")).await;
    office.receive(&ruth("Sparks").text("And now it sparks.")).await;
    let dust = tom("Dust").text("The scale is full of dust.");
    office.receive(&dust).await;
    office.receive(&tom("Re: Dust").text("The invoice is wrong, too.").answers(&dust.id())).await;
    for nth in 4..=20 {
        let from = format!("Person {nth} <person{nth}@customer{nth}.example>");
        let letter = Letter::from(&from).to(US).subject(&format!("Question {nth}")).text(&format!("What about {nth}?"));
        office.receive(&letter).await;
    }
    office.desk.index_all().await.unwrap();
    office.close().await;
}

/// Keys of somebody who writes nowhere.
async fn free(page: &Page, keys: &str) {
    page.eval("document.activeElement.blur()").await;
    page.press(keys).await;
}

/// Opens a case by its words in the palette.
async fn open(page: &Page, words: &str, subject: &str) {
    take(page, words, "/cases/", subject).await;
    page.wait_for_text(".conv-h h1", subject).await;
    page.wait_for("#spine article").await;
}

/// Takes what the palette finds, of the addresses that begin so.
async fn take(page: &Page, words: &str, address: &str, name: &str) {
    page.press("\u{e009}k\u{e000}").await;
    page.wait_until("the palette has the cursor", "document.activeElement.matches('dialog[open] input')").await;
    page.press(words).await;
    page.wait_for_text(&format!("dialog[open] [role=option][href^='{address}']"), name).await;
    for _ in 0..20 {
        let chosen = page.eval("document.querySelector('dialog[open] [aria-selected=true]')?.textContent ?? ''").await;
        if chosen.as_str().is_some_and(|it| it.contains(name)) {
            break;
        }
        page.press(DOWN).await;
    }
    page.press(ENTER).await;
}

/// The cursor walks on with the tabulator until it is there.
async fn tab_to(page: &Page, css: &str) {
    for _ in 0..150 {
        let there = page.eval(&format!("document.activeElement.matches(\"{css}\")")).await;
        if there.as_bool() == Some(true) {
            return;
        }
        page.press(TAB).await;
    }
    panic!("the tabulator never comes to {css}");
}

async fn a_morning_by_keyboard(home: &Home) {
    furnish(home).await;
    let program = Program::serve(env!("CARGO_BIN_EXE_bellwether"), home, &["--log", "error"]).await;
    let browser = Browser::start().await;
    let page = browser.page(1440, 900, false).await;
    page.goto(&format!("{}/inbox?view=unassigned", program.url)).await;
    page.press(&format!("{INES}{TAB}{PASSWORD}{ENTER}")).await;
    page.wait_for(".nav").await;

    // Twenty are looked through: the list is walked down, each is opened, and the next is reached from there.
    page.wait_until("all are there", "document.querySelectorAll('a.case').length == 20").await;
    page.press("j").await;
    page.press(ENTER).await;
    page.wait_for_text(".conv-h h1", "Question 20").await;
    for nth in (4..20).rev() {
        free(&page, "j").await;
        page.press(ENTER).await;
        page.wait_for_text(".conv-h h1", &format!("Question {nth}")).await;
    }
    for subject in ["Dust", "Sparks", "Smoke"] {
        free(&page, "j").await;
        page.press(ENTER).await;
        page.wait_for_text(".conv-h h1", subject).await;
    }

    // Two are one issue.
    page.wait_for("#spine article").await;
    free(&page, "M").await;
    page.wait_until("the cursor is in the field", "document.activeElement.id == 'merge-with'").await;
    page.press(&format!("2{ENTER}")).await;
    page.wait_for_text("#spine", "And now it sparks.").await;
    // And after all they are not.
    tab_to(&page, "#spine .undo button").await;
    page.press(ENTER).await;
    page.wait_for_text("#spine", "took Case 2 out again").await;

    // One is two.
    open(&page, "dust", "Dust").await;
    free(&page, "X").await;
    page.wait_for("#split").await;
    tab_to(&page, "[name=message]").await;
    page.press(SPACE).await;
    tab_to(&page, "#split-subject").await;
    page.press(&format!("The invoice{ENTER}")).await;
    page.wait_for_text(".conv-h h1", "The invoice").await;
    open(&page, "dust", "Dust").await;
    page.wait_for("#spine .undo").await;
    tab_to(&page, "#spine .undo button").await;
    page.press(ENTER).await;
    page.wait_for_text("#spine", "joined Case 21 back into this case").await;
    page.wait_for_text("#spine", "The invoice is wrong, too.").await;

    // Several are tagged at once.
    take(&page, "unassigned", "/inbox", "Unassigned").await;
    page.wait_until("the list is there", "location.pathname == '/inbox' && document.querySelector('bw-select')").await;
    free(&page, "j").await;
    page.press("x").await;
    page.press("j").await;
    page.press("x").await;
    page.press("j").await;
    page.press("x").await;
    page.wait_for_text("[data-count]", "3").await;
    page.press("t").await;
    page.wait_until("the cursor is where the tag is written", "document.activeElement.id == 'bulk-tag-name'").await;
    page.press(&format!("night{ENTER}")).await;
    page.wait_for_text("bw-toast", "3 cases").await;
    assert_eq!(page.count("a.case .tag").await, 3);

    // A colleague is named in a note.
    open(&page, "smoke", "Smoke").await;
    free(&page, "n").await;
    page.press("@jon").await;
    page.wait_for("#mention-list [aria-selected=true]").await;
    page.press(&format!("{ENTER}please look.")).await;
    page.press("\u{e009}\u{e007}\u{e000}").await;
    page.wait_for_text("#spine", "@Jonas Feld please look.").await;

    // One is put off until tomorrow.
    free(&page, "s").await;
    page.wait_for("#snooze:popover-open").await;
    tab_to(&page, "#snooze button[name=until]").await;
    page.press(ENTER).await;
    page.wait_for_text("bw-toast", "snoozed until").await;
    page.press("z").await;
    page.wait_for_text("#spine", "took that back").await;

    // One is found by its words.
    free(&page, "/").await;
    page.wait_until("the cursor is in the search", "document.activeElement.id == 'q'").await;
    page.press("\"about 7\"").await;
    page.press(ENTER).await;
    page.wait_for_text(".hit", "Question 7").await;
    free(&page, "j").await;
    page.press(ENTER).await;
    page.wait_for_text(".conv-h h1", "Question 7").await;

    // What is done is resolved, with what solved it.
    page.wait_for("#spine article").await;
    free(&page, "e").await;
    page.wait_until("the cursor is where one says how", "document.activeElement.id == 'resolution'").await;
    page.press(&format!("Told them.{ENTER}")).await;
    page.wait_for_text(".conv-meta", "Resolved").await;
    page.wait_for_text("#spine", "You resolved this case: Told them.").await;
    assert_eq!(browser.console().await, [""; 0]);
    program.stop().await;
}
