//! The first conversation, for real: set up in a browser, a mail over IMAP, an answer over SMTP, and the thread goes on.
//!
//! Real Dovecot and Postfix, real Chromium, both databases. Pictures land in `target/screenshots/`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::PathBuf;

use channels::{Security, Server};
use testkit::browser::{Browser, Page};
use testkit::mail_server::MailServer;
use testkit::program::Program;
use testkit::scripted::Scripted;
use testkit::{Home, Letter};

testkit::both!(a_mail_becomes_a_case_and_is_answered);

const PASSWORD: &str = "correct horse battery";
const US: &str = "support@desk.example";
const THEM: &str = "ruth@customer.example";

async fn a_mail_becomes_a_case_and_is_answered(home: &Home) {
    let server = MailServer::start().await;
    server.add_user(US, "mailbox secret");
    server.add_user(THEM, "ruth's secret");
    let old = Letter::from(THEM).to(US).subject("From before").text("This lay in the mailbox long ago.");
    server.deliver(&old.raw(), US).await;
    let ca = server.ca_file().display().to_string();
    let exe = env!("CARGO_BIN_EXE_bellwether");
    let program = Program::serve(exe, home, &["--extra-ca-file", &ca, "--log", "warn"]).await;

    let browser = Browser::start().await;
    let ines = browser.page(1440, 900, false).await;
    set_up(&ines, &program, &server).await;
    let (_his, jonas) = invited(&ines, &program, home).await;

    // Ten tabs of one browser, and another browser, are looking on.
    let mut tabs = Vec::new();
    for _ in 0..9 {
        let tab = browser.page(1000, 700, false).await;
        tab.goto(&format!("{}/inbox?view=unassigned", program.url)).await;
        tabs.push(tab);
    }
    ines.goto(&format!("{}/inbox?view=unassigned", program.url)).await;
    jonas.goto(&format!("{}/inbox?view=unassigned", program.url)).await;

    // A mail arrives, and appears without reloading.
    let elsewhere = Scripted::start(vec![vec![]]).await;
    let port = elsewhere.server(Security::Tls).port;
    let html = format!(
        "<p>Smoke comes <b>out</b> of it.</p><script>top.document.title='owned'</script>\
         <img src=http://127.0.0.1:{port}/p.png onerror=\"top.document.title='owned'\">"
    );
    let first =
        Letter::from("Ruth Alvarez <ruth@customer.example>").to(US).subject("The printer is on fire").html(&html);
    server.deliver(&first.raw(), US).await;
    for tab in tabs.iter().chain([&ines, &jonas]) {
        tab.wait_for_text(".cases", "The printer is on fire").await;
    }
    assert!(!ines.text("body").await.contains("From before"), "only new mail becomes cases");
    ines.click("a.case").await;
    ines.wait_for_text(".conv-h h1", "The printer is on fire").await;
    assert!(ines.frame_text("#spine iframe").await.contains("Smoke comes out of it."));
    jonas.click("a.case").await;
    jonas.wait_for("#spine article").await;

    // A colleague's note appears beside a draft that is not touched.
    ines.type_into("#text", "Dear Ruth, pull the pl").await;
    jonas.click("label[data-key=n]").await;
    jonas.type_into("#text", "She rang as well.").await;
    jonas.click(".for-note button[type=submit]").await;
    ines.wait_for_text("#spine", "She rang as well.").await;
    assert_eq!(ines.value("#text").await, "Dear Ruth, pull the pl");
    ines.type_into("#text", "ug.\nInes").await;
    ines.wait_for_text(".composer-state", "Draft saved").await;
    ines.reload().await;
    assert_eq!(ines.value("#text").await, "Dear Ruth, pull the plug.\nInes", "the draft was kept by the server");
    pictures(&ines, home, "case").await;
    ines.click(".for-reply .btn-primary[type=submit]").await;
    ines.wait_for_text("#spine", "pull the plug").await;
    jonas.wait_for_text("#spine", "pull the plug").await;
    jonas.wait_for_text(".conv-meta", "Waiting").await;

    // The answer is in the customer's mailbox, in the right thread.
    let raw = server.wait_for(THEM, 1).await.pop().unwrap();
    let answer = mail::read(&raw, &mail::Receiver { authserv_id: None, own: &[] }).unwrap();
    let ours = answer.message_id.clone().unwrap();
    assert_eq!(answer.subject, "Re: The printer is on fire");
    assert_eq!((answer.in_reply_to, answer.references), (vec![first.id()], vec![first.id()]));
    assert_eq!(answer.from.as_str(), US);
    let reply_to = answer.reply_to[0].address.clone().unwrap();
    assert!(reply_to.as_str().starts_with("support+"), "the test has proven where answers may go: {reply_to}");
    assert_eq!(answer.to[0].address.as_ref().unwrap().as_str(), THEM);
    assert!(answer.text.contains("pull the plug") && answer.html.is_some());
    assert!(ours.ends_with("@desk.example>"), "{ours}");
    let text = String::from_utf8(raw).unwrap();
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "no bare CR or LF");

    // And what answers it joins the case, without reloading.
    let thanks = Letter::from("Ruth Alvarez <ruth@customer.example>")
        .to(US)
        .subject("Re: The printer is on fire")
        .text("It stopped. Thank you!")
        .answers(&ours);
    server.deliver(&thanks.raw(), US).await;
    ines.wait_for_text("#spine", "It stopped. Thank you!").await;
    ines.wait_for_text("#spine .why", "Answers our mail").await;
    ines.wait_for_text(".conv-meta", "Open").await;
    for tab in &tabs {
        tab.goto(&format!("{}/inbox?view=all", program.url)).await;
        assert_eq!(tab.count("a.case").await, 1, "it is one case");
    }
    assert_eq!(server.marked(US), 0, "nothing was flagged in the mailbox");
    let title = ines.title().await;
    assert!(title.contains("The printer is on fire"), "no script of the mail ran: {title}");
    assert_eq!(elsewhere.connections(), 0, "nothing remote was loaded");

    // Keys press the buttons.
    ines.press("e").await;
    ines.wait_until("the cursor is where one says how", "document.activeElement.id == 'resolution'").await;
    ines.press("Water.\u{e007}").await;
    ines.wait_for_text(".conv-meta", "Resolved").await;
    ines.wait_for_text("#spine", "You resolved this case: Water.").await;
    ines.goto(&format!("{}/inbox?view=all", program.url)).await;
    pictures(&ines, home, "inbox").await;
    program.stop().await;
}

/// The first visit: the wrong password is named, the right one opens the desk.
async fn set_up(page: &Page, program: &Program, server: &MailServer) {
    page.goto(&format!("{}/setup/{}", program.url, program.setup.as_ref().unwrap())).await;
    for (name, value) in [
        ("organization", "Tareline"),
        ("name", "Ines Okafor"),
        ("email", "ines@desk.example"),
        ("password", PASSWORD),
        ("address", US),
        ("mailbox_password", "wrong"),
    ] {
        page.fill(&format!("input[name={name}]"), value).await;
    }
    page.click("#servers summary").await;
    servers(page, "reading", &server.imap_server(Security::Tls)).await;
    servers(page, "sending", &server.smtp_server(Security::Starttls)).await;
    page.click("bw-try button").await;
    page.wait_for("#checks .bad").await;
    page.fill("input[name=mailbox_password]", "mailbox secret").await;
    page.click("bw-try button").await;
    page.wait_until(
        "every step to be fine",
        "document.querySelectorAll('#checks .ok').length == 6 && !document.querySelector('#checks .bad')",
    )
    .await;
    let told = page.text("#checks").await;
    assert!(told.contains("A message to ourselves came back") && told.contains("an address of their own"), "{told}");
    page.click("form .btn-primary[type=submit]").await;
    page.wait_for(".nav").await;
}

async fn servers(page: &Page, side: &str, server: &Server) {
    page.fill(&format!("input[name={side}_host]"), &server.host).await;
    page.fill(&format!("input[name={side}_port]"), &server.port.to_string()).await;
    let security = if server.security == Security::Tls { "tls" } else { "starttls" };
    page.choose(&format!("select[name={side}_security]"), security).await;
}

/// A colleague joins by a link, in a browser of his own.
async fn invited(ines: &Page, program: &Program, home: &Home) -> (Browser, Page) {
    ines.goto(&format!("{}/settings/people", program.url)).await;
    ines.fill("form[action='/settings/invitations'] input[name=name]", "Jonas Feld").await;
    ines.fill("form[action='/settings/invitations'] input[name=email]", "jonas@desk.example").await;
    ines.choose("form[action='/settings/invitations'] select[name=role]", "agent").await;
    ines.click("form[action='/settings/invitations'] button[type=submit]").await;
    ines.wait_for_text("main", "/join/").await;
    let link =
        ines.eval("document.querySelector('main').innerHTML.match(/https?:[^\"<\\s]*\\/join\\/[a-z0-9]+/)[0]").await;
    let his = Browser::start().await;
    let jonas = his.page(1200, 800, true).await;
    jonas.goto(&format!("{}/sign-in", program.url)).await;
    pictures(&jonas, home, "sign-in").await;
    jonas.goto(link.as_str().unwrap()).await;
    jonas.fill("input[name=password]", PASSWORD).await;
    jonas.click("button[type=submit]").await;
    jonas.wait_for(".nav").await;
    (his, jonas)
}

/// Light, dark, and on a phone; once is enough.
async fn pictures(page: &Page, home: &Home, name: &str) {
    if home.is_postgres() {
        return;
    }
    let at = |kind: &str| {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../target/screenshots/{name}-{kind}.png"))
    };
    page.set_dark(false).await;
    page.screenshot(at("light")).await;
    let root = "document.scrollingElement";
    let fits = format!("{root}.scrollHeight <= innerHeight && {root}.scrollWidth <= innerWidth");
    assert_eq!(page.eval(&fits).await, true, "{name} fits the window, and only its panes scroll");
    page.set_dark(true).await;
    page.screenshot(at("dark")).await;
    page.set_dark(false).await;
    page.resize(390, 844).await;
    page.screenshot(at("phone")).await;
    page.resize(1440, 900).await;
}
