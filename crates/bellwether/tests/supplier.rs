//! A supplier is asked by keyboard, over real servers, and its answer stays inside the case; the customer hears nothing.
//!
//! Over SQLite alone: nothing here depends on the database. Pictures land in `target/screenshots/`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::PathBuf;

use bellwether::key_file;
use channels::Security;
use desk::Keys;
use desk::channel::NewMailbox;
use testkit::browser::{Browser, Page};
use testkit::mail_server::MailServer;
use testkit::office::{INES, PASSWORD, US};
use testkit::program::Program;
use testkit::{Home, Letter, Office};

const THEM: &str = "ruth@customer.example";
const FUSER: &str = "repairs@fuser.example";
const RUTH: &str = "Ruth Alvarez <ruth@customer.example>";
/// Keys without a letter, as the driver spells them.
const CTRL_ENTER: &str = "\u{e009}\u{e007}\u{e000}";

/// A desk that reads and sends by a real server.
async fn furnish(home: &Home, server: &MailServer) {
    let mailbox = NewMailbox {
        reading: Some(server.imap_server(Security::Tls)),
        sending: Some(server.smtp_server(Security::Starttls)),
        password: "mailbox secret".to_owned(),
        ..NewMailbox::default()
    };
    let keys = Keys::new(key_file::open(&home.key_file()).unwrap());
    Office::found_with(home, keys, mailbox).await.close().await;
}

async fn picture(page: &Page, name: &str) {
    page.screenshot(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../target/screenshots/{name}.png")))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supplier_is_asked_by_keyboard_and_answers_inside_the_case() {
    let server = MailServer::start().await;
    for (address, secret) in [(US, "mailbox secret"), (THEM, "ruth's secret"), (FUSER, "fuser's secret")] {
        server.add_user(address, secret);
    }
    let home = Home::sqlite();
    furnish(&home, &server).await;
    let ca = server.ca_file().display().to_string();
    let exe = env!("CARGO_BIN_EXE_bellwether");
    let program = Program::serve(exe, &home, &["--extra-ca-file", &ca, "--log", "error"]).await;
    let browser = Browser::start().await;
    let page = browser.page(1440, 900, false).await;
    page.sign_in(&format!("{}/inbox?view=all", program.url), INES, PASSWORD).await;
    let first = Letter::from(RUTH).to(US).subject("The printer is on fire").text("Smoke comes out of it.");
    server.deliver(&first.file("label.pdf", b"%PDF-1.7 blank").raw(), US).await;
    page.wait_for_text(".cases", "The printer is on fire").await;
    page.click("a.case").await;
    page.wait_for("bw-composer").await;

    // One key, the address, the words, and away.
    page.press("F").await;
    page.wait_until("the cursor is where one says to whom", "document.activeElement.id == 'supplier'").await;
    page.press(FUSER).await;
    page.click(".editor").await;
    page.press("Can you repair it?").await;
    page.wait_for_text(".composer-state", "Draft saved").await;
    picture(&page, "forward").await;
    page.reload().await;
    assert_eq!(page.value("#supplier").await, FUSER, "the draft was kept as what it is");
    assert_eq!(page.eval("document.querySelector('[name=kind]:checked').value").await, "forward");
    page.type_into("#text", CTRL_ENTER).await;
    page.wait_for_text(".entry-supplier bw-hold", "Leaves in").await;
    // It is taken back in time, with what goes along, and sent again.
    page.press("z").await;
    page.wait_for_text("#spine", "took a mail to a supplier back").await;
    assert_eq!(page.value("#supplier").await, FUSER);
    assert_eq!(page.count(".along [name=along]:checked").await, 1);
    page.type_into("#text", CTRL_ENTER).await;
    page.wait_for_text(".entry-supplier bw-hold", "Leaves in").await;

    let raw = server.wait_for(FUSER, 1).await.pop().unwrap();
    let mail = mail::read(&raw, &mail::Receiver { authserv_id: None, own: &[] }).unwrap();
    assert_eq!((mail.subject.as_str(), mail.files.len()), ("Fwd: The printer is on fire", 1));
    assert!(
        mail.text.starts_with("Can you repair it?") && mail.text.contains("Smoke comes out of it."),
        "{}",
        mail.text
    );
    assert!(mail.references.is_empty() && mail.cc.is_empty());

    // The answer comes in by IMAP, and appears without reloading.
    let answer = Letter::from("Jane Fuser <jane@fuser.example>").to(US).subject("Re: Fwd: The printer is on fire");
    let answer = answer.text("On Thursday.").answers(mail.message_id.as_ref().unwrap());
    server.deliver(&answer.raw(), US).await;
    page.wait_for_text("#spine", "On Thursday.").await;
    page.wait_for_text(".entry-supplier header", "Supplier").await;
    assert_eq!(page.count("a.case").await, 1, "it is one case");
    picture(&page, "supplier").await;

    // What goes to the customer goes to her alone, and does not say what the supplier said.
    page.press("r").await;
    page.wait_until("a reply is written", "document.querySelector('[name=kind]:checked').value == 'reply'").await;
    assert_eq!(page.value("#to").await, RUTH);
    page.type_into("#text", "Thursday it is.").await;
    page.type_into("#text", CTRL_ENTER).await;
    page.wait_for_text(".conv-meta", "Waiting").await;
    let raw = server.wait_for(THEM, 1).await.pop().unwrap();
    let reply = mail::read(&raw, &mail::Receiver { authserv_id: None, own: &[] }).unwrap();
    assert_eq!(reply.to.iter().chain(&reply.cc).count(), 1);
    assert!(!String::from_utf8_lossy(&raw).contains("fuser.example"), "she does not hear of it");

    // The supplier is answered from what it wrote, once nothing moves any more.
    page.wait_gone("#spine bw-hold").await;
    page.click(".entry-supplier a[href*='forward=']").await;
    page.wait_until("the answer is begun", "document.querySelector('[name=kind]:checked')?.value == 'forward'").await;
    assert_eq!(page.value("#supplier").await, "Jane Fuser <jane@fuser.example>");
    assert_eq!(page.count(".along [name=along]").await, 0);
    page.resize(390, 800).await;
    picture(&page, "forward-small").await;
    assert_eq!(browser.console().await, [""; 0]);
    program.stop().await;
    assert_eq!(server.mailbox(THEM).len(), 1);
    assert_eq!(server.mailbox(FUSER).len(), 1, "what was taken back did not leave");
}
