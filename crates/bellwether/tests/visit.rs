//! Going from page to page in one document, in a real browser, over both databases: it changes what is different and
//! nothing else, loses nothing that is written, and leaves to the browser what is no page of the desk.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use bellwether::key_file;
use desk::Keys;
use testkit::browser::{Browser, Page};
use testkit::office::{INES, PASSWORD, US};
use testkit::program::Program;
use testkit::{Home, Letter, Office};

testkit::both!(
    a_page_becomes_another_and_keeps_what_is_the_same,
    what_is_written_is_there_when_one_comes_back,
    a_form_says_what_is_wrong_where_it_stands,
);

const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

/// Cases 1 to 3, in a list with the newest first, in a document that bears a mark.
struct Scene {
    program: Program,
    browser: Browser,
    page: Page,
}

impl Scene {
    async fn new(home: &Home) -> Scene {
        let office = Office::found(home, Keys::new(key_file::open(&home.key_file()).unwrap())).await;
        for subject in ["Smoke", "Sparks", "Dust"] {
            let letter =
                Letter::from("Ruth Alvarez <ruth@customer.example>").to(US).subject(subject).text("It smokes.");
            office.receive(&letter).await;
        }
        office.close().await;
        let program = Program::serve(env!("CARGO_BIN_EXE_bellwether"), home, &["--log", "error"]).await;
        let browser = Browser::start().await;
        let page = browser.page(1440, 900, false).await;
        page.sign_in(&format!("{}/inbox?view=all", program.url), INES, PASSWORD).await;
        page.wait_for("#list a.case").await;
        page.wait_until("the page is alive", "customElements.get('bw-live') !== undefined").await;
        page.eval("window.mark = true").await;
        Scene { program, browser, page }
    }

    /// Presses a key, and waits until the page it leads to is there.
    async fn go(&self, keys: &str, title: &str) {
        self.page.press(keys).await;
        self.page.wait_until(title, &format!("document.title.startsWith('{title} ·')")).await;
    }

    async fn is_same_document(&self) -> bool {
        self.page.eval("window.mark === true").await == true
    }

    async fn end(self) {
        assert_eq!(self.browser.console().await, [""; 0]);
        self.program.stop().await;
    }
}

async fn a_page_becomes_another_and_keeps_what_is_the_same(home: &Home) {
    let scene = Scene::new(home).await;
    let page = &scene.page;
    page.eval("window.live = document.querySelector('bw-live')").await;
    scene.go(&format!("j{ENTER}"), "Dust").await;
    assert!(page.url().await.ends_with("/cases/3?view=all"));
    assert_eq!(page.text("#arrived").await, "Dust · Bellwether", "whoever only hears it knows where they are");
    assert_eq!(page.eval("document.activeElement === document.body").await, true);
    page.eval("window.line = document.getElementById('row-1')").await;
    scene.go(&format!("j{ENTER}"), "Sparks").await;
    assert_eq!(page.texts("[data-list] [aria-current] .case-s").await, ["New.\nSparks"]);
    assert_eq!(page.eval("window.line === document.getElementById('row-1')").await, true, "the list stays");

    // What was done is seen there, and the page stays where it was in the history.
    page.press("b").await;
    page.wait_for("button[data-key=b].is-on").await;
    page.eval("history.back()").await;
    page.wait_until("the case before", "document.title.startsWith('Dust ·')").await;
    page.eval("history.forward()").await;
    page.wait_until("the case after it", "document.title.startsWith('Sparks ·')").await;
    scene.go("gc", "Customers").await;
    page.wait_for(".nav [href='/customers'][aria-current]").await;
    scene.go("gi", "My open").await;
    assert_eq!(page.eval("window.live === document.querySelector('bw-live')").await, true, "the stream goes on");
    assert!(scene.is_same_document().await);

    // Who signs out leaves the document.
    page.press("?").await;
    page.wait_for("dialog[open]").await;
    page.press(ESCAPE).await;
    page.click(".nav-me").await;
    page.click("#me form[action='/sign-out'] button").await;
    page.wait_for("input[name=password]").await;
    assert!(!scene.is_same_document().await);
    scene.end().await;
}

async fn what_is_written_is_there_when_one_comes_back(home: &Home) {
    let scene = Scene::new(home).await;
    let page = &scene.page;
    scene.go(&format!("j{ENTER}"), "Dust").await;
    page.press("r").await;
    page.wait_until("the cursor is in the text", "document.activeElement.id == 'text'").await;
    page.press(&format!("Half a thought{ESCAPE}")).await;
    scene.go(&format!("j{ENTER}"), "Sparks").await;
    page.wait_until("its reply is empty", "document.getElementById('text').value === ''").await;
    scene.go(&format!("k{ENTER}"), "Dust").await;
    page.wait_until("the thought", "document.getElementById('text').value === 'Half a thought'").await;

    // Nobody is thrown out of the desk because the line is down.
    page.set_offline(true).await;
    page.press(&format!("j{ENTER}")).await;
    page.wait_for("bw-offline:not([hidden])").await;
    assert_eq!(page.value("#text").await, "Half a thought");
    page.set_offline(false).await;
    page.wait_gone("bw-offline:not([hidden])").await;
    scene.go(ENTER, "Sparks").await;
    assert!(scene.is_same_document().await);
    scene.program.stop().await;
}

async fn a_form_says_what_is_wrong_where_it_stands(home: &Home) {
    let scene = Scene::new(home).await;
    let page = &scene.page;
    scene.go("gs", "Settings").await;
    page.click("main a[href='/settings/people']").await;
    for _ in 0..2 {
        page.wait_for("form[action='/settings/teams']").await;
        page.fill("form[action='/settings/teams'] [name=name]", &format!("Sales{ENTER}")).await;
    }
    page.wait_for("form[action='/settings/teams'] [aria-invalid=true]").await;
    page.wait_until("the cursor is where it is wrong", "document.activeElement.name === 'name'").await;
    assert!(page.url().await.ends_with("/settings/people"), "loaded again, it is the page, not the form");
    assert!(scene.is_same_document().await);
    scene.program.stop().await;
}
