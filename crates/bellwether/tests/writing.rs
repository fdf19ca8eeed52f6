//! Writing in a real browser: what leaves is what its writer saw, once; and what cannot leave is not lost.
//!
//! Over SQLite alone: nothing here depends on the database.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use bellwether::key_file;
use desk::Keys;
use domain::{ChannelId, Direction, Fact, Message};
use store::case::spine::{Spine, spine};
use testkit::browser::{Browser, Page};
use testkit::office::{INES, PASSWORD, US, open};
use testkit::program::{Method, Program, Visitor};
use testkit::{Home, Letter, Office};

const RUTH: &str = "Ruth Alvarez <ruth@customer.example>";
/// Holding a key, as the driver spells it.
const CTRL_ENTER: &str = "\u{e009}\u{e007}\u{e000}";

/// A desk with one case, and Ines before it.
struct Scene {
    home: Home,
    program: Program,
    browser: Browser,
    page: Page,
    first: Letter,
    channel: ChannelId,
    token: String,
    member: domain::Member,
}

impl Scene {
    async fn new() -> Scene {
        let home = Home::sqlite();
        let Office { desk, ines: member, mailbox } = Office::found(&home, keys(&home)).await;
        let channel = mailbox.id;
        let token = desk.channel_token(channel).await.unwrap();
        desk.db.close().await;
        let program = serve(&home).await;
        let browser = Browser::start().await;
        let page = browser.page(1440, 900, false).await;
        let first = Letter::from(RUTH).to(US).subject("Smoke").text("It smokes.");
        let scene = Scene { home, program, browser, page, first, channel, token, member };
        scene.receive(&scene.first).await;
        scene.page.sign_in(&scene.case(), INES, PASSWORD).await;
        scene.page.wait_for("bw-composer").await;
        scene
    }

    fn case(&self) -> String {
        format!("{}/cases/1", self.program.url)
    }

    async fn receive(&self, letter: &Letter) {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("content-type", "message/rfc822"), ("authorization", bearer.as_str())];
        let path = format!("/api/v1/channels/{}/mail", self.channel);
        let answer = Visitor::new(&self.program.url).ask(Method::POST, &path, &headers, letter.raw()).await.unwrap();
        assert!(answer.status.is_success(), "{}", answer.body);
    }

    /// What the desk has in the end.
    async fn end(self) -> Spine {
        self.program.stop().await;
        let desk = open(&self.home, keys(&self.home)).await;
        let scope = store::Scope::of(&self.member);
        let spine = desk.db.read(async move |rx| spine(rx, &scope, 1, None).await).await.unwrap();
        desk.db.close().await;
        spine
    }
}

fn keys(home: &Home) -> Keys {
    Keys::new(key_file::open(&home.key_file()).unwrap())
}

async fn serve(home: &Home) -> Program {
    Program::serve(env!("CARGO_BIN_EXE_bellwether"), home, &["--log", "error"]).await
}

/// The same at a given address.
async fn serve_at(home: &Home, listen: &str) -> Program {
    Program::serve_at(env!("CARGO_BIN_EXE_bellwether"), home, listen, &["--log", "error"]).await
}

fn sent(spine: &Spine) -> Vec<&Message> {
    spine.messages.values().filter(|it| it.direction == Direction::Outbound).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_waits_for_its_file_and_is_sent_once() {
    let scene = Scene::new().await;
    let file = scene.home.dir().join("manual.pdf");
    std::fs::write(&file, vec![b'x'; 10_000_000]).unwrap();
    scene.page.type_into("#text", "See page 7.").await;
    // A slow line, so that the file is on its way when the keys are pressed.
    let slow =
        serde_json::json!({"offline": false, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 8_000_000});
    scene.page.devtools("Network.enable", serde_json::json!({})).await;
    scene.page.devtools("Network.emulateNetworkConditions", slow).await;
    scene.page.attach("input[name=files]", &file).await;
    scene.page.wait_for(".file progress").await;
    scene.page.type_into("#text", CTRL_ENTER).await;
    scene.page.type_into("#text", CTRL_ENTER).await;
    scene.page.wait_for_text("#spine", "See page 7.").await;
    let spine = scene.end().await;
    let sent = sent(&spine);
    assert_eq!(sent.len(), 1);
    assert_eq!(
        sent[0].files.iter().map(|it| (it.name.as_str(), it.size)).collect::<Vec<_>>(),
        [("manual.pdf", 10_000_000)]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_refused_says_why_and_holds_the_reply_back() {
    let scene = Scene::new().await;
    let file = scene.home.dir().join("film.mov");
    std::fs::write(&file, vec![b'x'; 19 << 20]).unwrap();
    scene.page.type_into("#text", "See the film.").await;
    scene.page.attach("input[name=files]", &file).await;
    scene.page.wait_for_text(".file[role=alert]", "larger than 18 MB").await;
    scene.page.type_into("#text", CTRL_ENTER).await;
    scene.page.wait_for_text(".composer-e", "Not sent").await;
    scene.page.click(".file-away").await;
    scene.page.type_into("#text", CTRL_ENTER).await;
    scene.page.wait_for_text("#spine", "See the film.").await;
    assert_eq!(sent(&scene.end().await).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_and_keys_pressed_elsewhere_send_nothing() {
    let scene = Scene::new().await;
    scene.page.type_into("#text", "Half a sent").await;
    scene.page.eval("document.querySelector('[name=kind]').focus()").await;
    scene.page.press("\u{e007}").await;
    scene.page.eval("document.querySelector('.conv-meta a').focus()").await;
    scene.page.eval("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true}))").await;
    scene.page.wait_for_text(".composer-state", "Draft saved").await;
    assert_eq!(scene.page.value("#text").await, "Half a sent");
    assert_eq!(sent(&scene.end().await).len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_while_the_desk_is_away_is_kept_and_not_sent() {
    let mut scene = Scene::new().await;
    scene.page.type_into("#text", "Between").await;
    scene.page.wait_for_text(".composer-state", "Draft saved").await;
    scene.program.kill().await;
    scene.page.type_into("#text", " two lines.").await;
    scene.page.wait_for_text(".composer-e", "kept in this browser").await;
    scene.page.wait_for("bw-offline:not([hidden])").await;
    scene.page.type_into("#text", CTRL_ENTER).await;
    scene.page.wait_for_text(".composer-e", "Not sent").await;
    // The desk comes back at the same address, and has the draft without another key.
    let (host, listen) = (scene.program.url.clone(), scene.program.url.replace("http://localhost", "127.0.0.1"));
    scene.program = serve_at(&scene.home, &listen).await;
    assert_eq!(scene.program.url, host);
    scene.page.wait_for_text(".composer-state", "Draft saved").await;
    scene.page.wait_gone("bw-offline:not([hidden])").await;
    scene.page.type_into("#text", CTRL_ENTER).await;
    scene.page.wait_for_text("#spine", "Between two lines.").await;
    assert_eq!(sent(&scene.end().await).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn offline_there_is_a_banner_and_the_draft_survives_a_new_page() {
    let scene = Scene::new().await;
    scene.page.click("label[data-key=n]").await;
    scene.page.set_offline(true).await;
    scene.page.type_into("#text", "Written in a tunnel.").await;
    scene.page.wait_for_text(".composer-e", "kept in this browser").await;
    scene.page.wait_for("bw-offline:not([hidden])").await;
    scene.page.type_into("#text", CTRL_ENTER).await;
    scene.page.wait_for_text(".composer-e", "Not sent").await;
    // Whoever goes on elsewhere, and comes back, finds it as it was: a note.
    scene.page.eval("(window.fetch = () => Promise.reject(new Error('never again')), true)").await;
    scene.page.set_offline(false).await;
    scene.page.reload().await;
    assert_eq!(scene.page.value("#text").await, "Written in a tunnel.");
    assert_eq!(scene.page.eval("document.querySelector('[name=kind]:checked').value").await, "note");
    scene.page.wait_for_text(".composer-state", "Draft saved").await;
    scene.page.wait_gone("bw-offline:not([hidden])").await;
    scene.page.type_into("#text", CTRL_ENTER).await;
    scene.page.wait_for_text(".msg-note", "Written in a tunnel.").await;
    let spine = scene.end().await;
    let notes = spine.entries.iter().filter(|it| matches!(it.fact, Fact::Noted { .. })).count();
    assert_eq!((notes, sent(&spine).len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn recipients_follow_the_newest_mail_until_somebody_chooses() {
    let scene = Scene::new().await;
    scene.page.wait_for_text(".to-names", "Ruth").await;
    scene.page.type_into("#text", "Dear all").await;
    scene.page.wait_for_text(".composer-state", "Draft saved").await;
    // She writes again, and takes a colleague along.
    let more = Letter::from(RUTH).to(US).header("Cc", "Bob <bob@customer.example>").subject("Re: Smoke");
    scene.receive(&more.text("Bob knows more.").answers(&scene.first.id())).await;
    scene.page.wait_for_text("#spine", "Bob knows more.").await;
    scene.page.wait_for_text(".to-names", "Bob").await;
    scene.page.wait_for_text(".composer-warn", "Something new").await;
    // Once somebody has chosen, nobody else does.
    scene.page.click("button[popovertarget=to-whom]").await;
    scene.page.fill("#cc", "Ann Lee <ann@customer.example>").await;
    scene.page.wait_for_text(".to-names", "ann@customer.example").await;
    scene.page.press("\u{e00c}").await;
    let last = Letter::from(RUTH).to(US).subject("Re: Smoke").text("Never mind Bob.").answers(&scene.first.id());
    scene.receive(&last).await;
    scene.page.wait_for_text("#spine", "Never mind Bob.").await;
    scene.page.type_into("#text", CTRL_ENTER).await;
    scene.page.wait_for_text("#spine", "Dear all").await;
    let spine = scene.end().await;
    let cc: Vec<&str> = sent(&spine)[0].recipients.cc.iter().map(domain::Party::label).collect();
    assert_eq!(cc, ["Ann Lee"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ended_says_so_and_leads_back_to_the_draft() {
    let scene = Scene::new().await;
    let other = scene.browser.page(800, 600, false).await;
    other.goto(&format!("{}/inbox", scene.program.url)).await;
    other.wait_for(".nav").await;
    other.eval("fetch('/sign-out', {method: 'POST'}).then(() => true)").await;
    scene.page.type_into("#text", "Not lost.").await;
    scene.page.wait_for("bw-signed-out:not([hidden])").await;
    scene.page.wait_for_text(".composer-e", "kept in this browser").await;
    scene.page.click("bw-signed-out a").await;
    scene.page.fill("input[name=email]", INES).await;
    scene.page.fill("input[name=password]", PASSWORD).await;
    scene.page.click("button[type=submit]").await;
    scene.page.wait_for("bw-composer").await;
    assert_eq!(scene.page.value("#text").await, "Not lost.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_waits_says_so_and_keys_work_from_inside_a_mail() {
    let scene = Scene::new().await;
    let html =
        Letter::from(RUTH).to(US).subject("Re: Smoke").html("<p>It <b>burns</b>.</p>").answers(&scene.first.id());
    scene.receive(&html).await;
    scene.page.wait_for("#spine iframe").await;
    assert!(scene.page.frame_text("#spine iframe").await.contains("It burns."));
    let press = "document.querySelector('#spine iframe').contentDocument.body.dispatchEvent(\
        new KeyboardEvent('keydown', {key: 'n', bubbles: true, cancelable: true}))";
    scene.page.eval(press).await;
    scene.page.wait_until("the note", "document.querySelector('[name=kind]:checked').value === 'note'").await;
    // While the cursor is in the list, nothing moves in it until somebody says so.
    scene.page.eval("document.querySelector('[data-list] a').focus()").await;
    scene.receive(&Letter::from("bob@other.example").to(US).subject("Another thing").text("Hello")).await;
    scene.page.wait_for_text(".pane-list .pill-new", "Changed meanwhile").await;
    assert!(!scene.page.text(".cases").await.contains("Another thing"));
    scene.page.click(".pane-list .pill-new").await;
    scene.page.wait_for_text(".cases", "Another thing").await;
    scene.page.wait_gone(".pane-list .pill-new").await;
    scene.program.stop().await;
}

/// The keys press what stands in a closed menu, and the same key takes it back.
#[tokio::test]
async fn a_key_puts_a_case_aside_and_takes_it_back() {
    let scene = Scene::new().await;
    for (key, says, back) in [("!", "marked this case as spam", "Not spam"), ("#", "deleted this case", "Restore")] {
        scene.page.press(key).await;
        scene.page.wait_for_text(".aside-note", says).await;
        scene.page.wait_for_text(".aside-note form button", back).await;
        assert!(!scene.page.exists("bw-composer").await, "nobody works on it there");
        scene.page.press(key).await;
        scene.page.wait_gone(".aside-note").await;
        scene.page.wait_for("bw-composer").await;
    }
    let facts: Vec<&str> = scene.end().await.entries.iter().map(|it| it.fact.word()).collect();
    assert_eq!(facts, ["opened", "put_aside", "put_back", "put_aside", "put_back"]);
}
