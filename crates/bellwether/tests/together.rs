//! Two people at one case, each in a browser of their own, over both databases: they see each other, name each other, and
//! take nothing out of each other's hands.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use bellwether::key_file;
use desk::Keys;
use domain::Role;
use testkit::browser::{Browser, Page};
use testkit::office::{INES, PASSWORD, US};
use testkit::program::Program;
use testkit::{Home, Letter, Office};

testkit::both!(
    colleagues_see_each_other_at_a_case,
    a_name_in_a_note_reaches_its_owner,
    whoever_answers_first_takes_nobodys_draft,
);

const JONAS: &str = "jonas@desk.example";
const DOWN: &str = "\u{e015}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

/// A desk with Ines, Jonas and a case of nobody's.
async fn furnish(home: &Home) {
    let office = Office::found(home, Keys::new(key_file::open(&home.key_file()).unwrap())).await;
    for name in ["Jonas Feld", "Jolanda Berg"] {
        let email = format!("{}@desk.example", name.split(' ').next().unwrap().to_lowercase());
        office.desk.add_staff(name, &email, Role::Agent, PASSWORD).await.unwrap();
    }
    let letter = Letter::from("Ruth Alvarez <ruth@customer.example>").to(US).subject("Smoke").text("It smokes.");
    office.receive(&letter).await;
    office.close().await;
}

/// Two browsers at the case.
struct Two {
    program: Program,
    /// Hers and his; each lives as long as its page is used.
    browsers: [Browser; 2],
    ines: Page,
    jonas: Page,
}

impl Two {
    async fn new(home: &Home, paths: [&str; 2]) -> Two {
        furnish(home).await;
        let program = Program::serve(env!("CARGO_BIN_EXE_bellwether"), home, &["--log", "error"]).await;
        let browsers = [Browser::start().await, Browser::start().await];
        let (ines, jonas) = (browsers[0].page(1440, 900, false).await, browsers[1].page(1440, 900, false).await);
        sign_in(&ines, &program, INES, paths[0]).await;
        sign_in(&jonas, &program, JONAS, paths[1]).await;
        Two { program, browsers, ines, jonas }
    }

    /// What went wrong in one of them.
    async fn console(&self) -> Vec<String> {
        let mut all = Vec::new();
        for it in &self.browsers {
            all.extend(it.console().await);
        }
        all
    }
}

async fn sign_in(page: &Page, program: &Program, email: &str, path: &str) {
    page.sign_in(&format!("{}{path}", program.url), email, PASSWORD).await;
    // What the page notices from here on is not missed by a stream that is not open yet.
    page.wait_until("the page is alive", "customElements.get('bw-live') !== undefined").await;
}

async fn write(page: &Page, key: &str, text: &str) {
    page.press(key).await;
    page.wait_until("the cursor is in the text", "document.activeElement.id == 'text'").await;
    page.press(text).await;
}

async fn colleagues_see_each_other_at_a_case(home: &Home) {
    let two = Two::new(home, ["/cases/1", "/cases/1"]).await;
    let Two { ines, jonas, .. } = &two;
    ines.wait_for_text("#here", "Jonas is viewing.").await;
    ines.wait_for("#here-faces .av-here").await;
    jonas.wait_for_text("#here", "Ines is viewing.").await;
    write(jonas, "r", "Pull the ").await;
    ines.wait_for_text("#here", "Jonas is writing.").await;
    ines.wait_for("#here-faces .av-writes").await;
    jonas.press(ESCAPE).await;
    write(jonas, "n", "a note").await;
    ines.wait_for_text("#here", "Jonas is writing a note.").await;
    jonas.press(ESCAPE).await;
    jonas.press("gi").await;
    ines.wait_gone("#here-faces .av-here").await;
    assert_eq!(two.console().await, [""; 0]);
    two.program.stop().await;
}

async fn a_name_in_a_note_reaches_its_owner(home: &Home) {
    let two = Two::new(home, ["/cases/1", "/inbox?view=all"]).await;
    let Two { ines, jonas, .. } = &two;
    // His device shows what comes; here a list stands in for it.
    let device = "(window.shown = [], window.Notification = class { static permission = 'granted';
         constructor(title, { body }) { window.shown.push(`${title}: ${body}`); } }, 1)";
    jonas.eval(device).await;
    write(ines, "n", "@jo").await;
    ines.wait_for("#mention-list:popover-open").await;
    assert_eq!(ines.texts("#mention-list li:not([hidden])").await.len(), 2);
    ines.press(&format!("{DOWN}{ENTER}")).await;
    ines.wait_gone("#mention-list:popover-open").await;
    ines.press("what is this?").await;
    let name = "document.getElementById('text').value.startsWith('@Jonas Feld what')";
    ines.wait_until("the name stands there", name).await;
    ines.press("\u{e009}\u{e007}\u{e000}").await;
    ines.wait_for_text("#spine .mention", "@Jonas Feld").await;
    // It reaches him where he is: the count, the device, the list beside the navigation.
    jonas.wait_for_text("#bell-count", "1").await;
    jonas.wait_until("his device tells him", "window.shown.length == 1").await;
    let shown = jonas.eval("window.shown[0]").await;
    assert_eq!(shown, "Ines Okafor mentions you in case 1: “@Jonas Feld what is this?”");
    jonas.press("gn").await;
    jonas.wait_for("#notes:popover-open .notei-new").await;
    let focused = "document.activeElement.matches('#notes .notei')";
    jonas.wait_until("the cursor is in the list", focused).await;
    jonas.press(ENTER).await;
    jonas.wait_for_text("#spine .mention", "@Jonas Feld").await;
    // Once it is on his screen it is read, and he follows the case.
    jonas.wait_gone("#bell-count:not([hidden])").await;
    jonas.wait_for(".btn.is-on[data-key=b]").await;
    jonas.press("b").await;
    jonas.wait_for("[data-key=b]:not(.is-on)").await;
    assert_eq!(two.console().await, [""; 0]);
    two.program.stop().await;
}

async fn whoever_answers_first_takes_nobodys_draft(home: &Home) {
    let two = Two::new(home, ["/cases/1", "/cases/1"]).await;
    let Two { ines, jonas, .. } = &two;
    write(jonas, "r", "Mine, not sent yet").await;
    ines.wait_for_text("#here", "Jonas is writing.").await;
    write(ines, "r", "Pull the plug.").await;
    ines.press("\u{e009}\u{e007}\u{e000}").await;
    ines.wait_for_text("#spine .msg-ours", "Pull the plug.").await;
    jonas
        .wait_for_text(".composer-warn:not([hidden])", "Ines Okafor has answered meanwhile. Your draft is kept.")
        .await;
    assert_eq!(jonas.eval("document.getElementById('text').value").await, "Mine, not sent yet");
    // Sent all the same without a look, it is refused, and still not lost.
    jonas.press("\u{e009}\u{e007}\u{e000}").await;
    jonas.wait_for_text(".composer-e", "A colleague has answered while you were writing.").await;
    assert_eq!(jonas.eval("document.getElementById('text').value").await, "Mine, not sent yet");
    assert_eq!(ines.count("#spine .msg-ours").await, 1);
    two.program.stop().await;
}
