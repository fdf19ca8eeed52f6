//! A language model writes the Brief, in a real browser, over both databases: set up, tried, and seen when it comes.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use bellwether::key_file;
use desk::Keys;
use domain::Timestamp;
use testkit::browser::Browser;
use testkit::model::Says;
use testkit::office::{INES, PASSWORD, US};
use testkit::program::Program;
use testkit::{Home, Letter, Model, Office};

testkit::both!(a_brief_is_written_while_somebody_looks);

async fn furnish(home: &Home) {
    let office = Office::found(home, Keys::new(key_file::open(&home.key_file()).unwrap())).await;
    let text = "Hello, the invoice INV-10874 bills 14 printers, but we have only 12. Please correct the invoice.";
    let letter = Letter::from("Ruth Alvarez <ruth@customer.example>").to(US).subject("Invoice").text(text);
    // It has been quiet since.
    let earlier = Timestamp(office.desk.now().0 - i64::try_from(Duration::from_hours(1).as_micros()).unwrap());
    office.desk.receive(&office.mailbox, letter.raw(), earlier).await.unwrap();
    office.close().await;
}

async fn a_brief_is_written_while_somebody_looks(home: &Home) {
    furnish(home).await;
    let text = r#"{"issue": {"text": "Two printers too many are billed", "source": "s1"}}"#;
    let model = Model::start([Says::Text(text.to_owned())]).await;
    let program = Program::serve(env!("CARGO_BIN_EXE_bellwether"), home, &["--log", "error"]).await;
    let browser = Browser::start().await;
    let page = browser.page(1440, 900, false).await;
    page.sign_in(&format!("{}/settings/brief", program.url), INES, PASSWORD).await;

    page.wait_for("input[name=address]").await;
    page.click("input[name=on]").await;
    page.fill("input[name=address]", &model.address()).await;
    page.fill("input[name=key]", "sk-secret").await;
    page.fill("input[name=model]", "small-1").await;
    page.click("bw-try button").await;
    page.wait_for_text("#checks", "small-1 answered").await;
    page.wait_for_text("#checks", "Two printers too many are billed").await;
    page.wait_until("the key stays", "document.querySelector('[name=key]').value == 'sk-secret'").await;
    page.click("form .btn-primary").await;
    page.wait_for("form[action$='/key/removal']").await;

    page.goto(&format!("{}/cases/1", program.url)).await;
    page.wait_for_text(".brief", "14 printers").await;
    page.wait_for_text(".brief", "Written by small-1").await;
    page.wait_for_text(".brief", "Two printers too many are billed").await;
    page.click(".brief .ref").await;
    page.wait_until("the sentence is marked", "CSS.highlights.has('brief')").await;
    page.click(".brief-by a").await;
    page.wait_for_text("pre.brief-text", "one JSON object").await;
    assert_eq!(browser.console().await, [""; 0]);
    program.stop().await;
}
