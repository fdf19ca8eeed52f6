//! A promise by keyboard alone, in a real browser, over both databases: seen while it is written, ticked, kept.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use bellwether::key_file;
use desk::Keys;
use testkit::browser::Browser;
use testkit::office::{INES, PASSWORD, US};
use testkit::program::Program;
use testkit::{Home, Letter, Office};

testkit::both!(a_promise_is_seen_while_it_is_written_and_kept_track_of);

/// Keys without a letter, and held ones, as the driver spells them.
const ALT_P: &str = "\u{e00a}p\u{e000}";
const CTRL_ENTER: &str = "\u{e009}\u{e007}\u{e000}";

async fn furnish(home: &Home) {
    let office = Office::found(home, Keys::new(key_file::open(&home.key_file()).unwrap())).await;
    let text = "Hello, the invoice INV-10874 bills 14 printers, but we have only 12. Please correct the invoice.";
    let letter = Letter::from("Ruth Alvarez <ruth@customer.example>").to(US).subject("Invoice").text(text);
    office.receive(&letter).await;
    office.close().await;
}

async fn a_promise_is_seen_while_it_is_written_and_kept_track_of(home: &Home) {
    furnish(home).await;
    let program = Program::serve(env!("CARGO_BIN_EXE_bellwether"), home, &["--log", "error"]).await;
    let browser = Browser::start().await;
    let page = browser.page(1440, 900, false).await;
    page.sign_in(&format!("{}/cases/1", program.url), INES, PASSWORD).await;
    page.wait_for("bw-composer").await;

    // The Brief leads to its sentence.
    page.wait_for_text(".brief", "14 printers").await;
    page.click(".brief .ref").await;
    page.wait_until("the sentence is marked", "CSS.highlights.has('brief')").await;
    page.wait_until("its entry has the focus", "document.activeElement.id == 'e1'").await;

    page.press("r").await;
    page.wait_until("the cursor is in the text", "document.activeElement.closest('bw-editor')").await;
    page.press("Hi Ruth, sorry. I'll send you the corrected invoice by tomorrow. I'll call you on Friday too.").await;
    page.wait_for_text("bw-promise", "Promise: send the corrected invoice by tomorrow. Keep track?").await;
    page.press(ALT_P).await;
    page.wait_for("bw-promise [value='send the corrected invoice']:checked").await;
    // What is ticked stays so while somebody writes on.
    page.press(" Have a nice day.").await;
    page.wait_until("the whole text was asked about", "document.querySelector('bw-promise').asked.endsWith('day.')")
        .await;
    page.wait_for("bw-promise [value='send the corrected invoice']:checked").await;
    // In a note there are none.
    page.eval("document.querySelector('[name=kind][value=note]').click()").await;
    page.wait_gone("bw-promise label").await;
    page.eval("document.querySelector('[name=kind][value=reply]').click()").await;
    page.wait_for("bw-promise label").await;
    page.click(".editor").await;
    page.press(ALT_P).await;
    page.wait_for("bw-promise :checked").await;
    page.press(CTRL_ENTER).await;
    page.wait_for_text(".promises", "Send the corrected invoice. by tomorrow").await;
    assert_eq!(page.count(".promises li").await, 1);
    page.click(".promises [value=kept]").await;
    page.wait_for_text(".promises", "kept").await;
    assert_eq!(browser.console().await, [""; 0]);
    program.stop().await;
}
