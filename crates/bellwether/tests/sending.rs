//! Sending in a real browser and by real servers: taken back in time, dressed, with a picture, signed.
//!
//! Over SQLite alone: nothing here depends on the database.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use bellwether::key_file;
use channels::Security;
use desk::channel::NewMailbox;
use desk::dkim::{Record, record};
use desk::{Desk, Keys};
use domain::{ChannelId, Member};
use store::{channel, dkim};
use testkit::browser::{Browser, Page};
use testkit::mail_server::MailServer;
use testkit::office::{INES, PASSWORD, US, open};
use testkit::program::{Method, Program, Visitor};
use testkit::{Home, Letter, Office};

const THEM: &str = "ruth@customer.example";
const RUTH: &str = "Ruth Alvarez <ruth@customer.example>";
/// Holding a key, as the driver spells it.
const CTRL_ENTER: &str = "\u{e009}\u{e007}\u{e000}";
const CTRL_A: &str = "\u{e009}a\u{e000}";
const CTRL_B: &str = "\u{e009}b\u{e000}";

/// A desk that sends by a real server, with one case, and Ines before it.
struct Scene {
    server: MailServer,
    home: Home,
    program: Program,
    page: Page,
    _browser: Browser,
    ines: Member,
    channel: ChannelId,
}

impl Scene {
    async fn new(prepare: impl AsyncFnOnce(&Desk, &Member, ChannelId)) -> Scene {
        let server = MailServer::start().await;
        server.add_user(US, "mailbox secret");
        server.add_user(THEM, "ruth's secret");
        let home = Home::sqlite();
        let mailbox = NewMailbox {
            sending: Some(server.smtp_server(Security::Starttls)),
            password: "mailbox secret".to_owned(),
            ..NewMailbox::default()
        };
        let Office { desk, ines, mailbox } = Office::found_with(&home, keys(&home), mailbox).await;
        let channel = mailbox.id;
        let token = desk.channel_token(channel).await.unwrap();
        prepare(&desk, &ines, channel).await;
        desk.db.close().await;
        let ca = server.ca_file().display().to_string();
        let exe = env!("CARGO_BIN_EXE_bellwether");
        let program = Program::serve(exe, &home, &["--extra-ca-file", &ca, "--log", "error"]).await;
        let first = Letter::from(RUTH).to(US).subject("Smoke").text("It smokes.").raw();
        let bearer = format!("Bearer {token}");
        let headers = [("content-type", "message/rfc822"), ("authorization", bearer.as_str())];
        let path = format!("/api/v1/channels/{channel}/mail");
        let answer = Visitor::new(&program.url).ask(Method::POST, &path, &headers, first).await.unwrap();
        assert!(answer.status.is_success(), "{}", answer.body);
        let browser = Browser::start().await;
        let page = browser.page(1440, 900, false).await;
        page.sign_in(&format!("{}/cases/1", program.url), INES, PASSWORD).await;
        page.wait_for("bw-composer").await;
        Scene { server, home, program, page, _browser: browser, ines, channel }
    }

    /// The mails that have reached her, once there are so many.
    async fn arrived(&self, count: usize) -> Vec<(Vec<u8>, mail::Mail)> {
        let raw = self.server.wait_for(THEM, count).await;
        let read = |raw: Vec<u8>| {
            let mail = mail::read(&raw, &mail::Receiver { authserv_id: None, own: &[] }).unwrap();
            (raw, mail)
        };
        raw.into_iter().map(read).collect()
    }
}

fn keys(home: &Home) -> Keys {
    Keys::new(key_file::open(&home.key_file()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_taken_back_in_time_and_only_what_is_sent_later_leaves() {
    let scene = Scene::new(async |_, _, _| ()).await;
    let page = &scene.page;
    // Who took part is found by the beginning of their name.
    page.click("button[popovertarget=to-whom]").await;
    page.fill("#to", "Alv").await;
    page.wait_for_text(".known", "Ruth Alvarez").await;
    page.type_into("#to", "\u{e007}").await;
    assert_eq!(page.value("#to").await, "Ruth Alvarez <ruth@customer.example>, ");
    page.press("\u{e00c}").await;
    page.type_into("#text", "Pull the plg.").await;
    page.type_into("#text", CTRL_ENTER).await;
    page.wait_for_text("bw-hold", "Leaves in").await;
    page.wait_for_text(".conv-meta", "Waiting").await;
    // What is begun in the meantime comes along.
    page.type_into("#text", "And wait.").await;
    page.click("bw-hold button").await;
    page.wait_for_text("#spine", "Taken back before it left").await;
    page.wait_for_text(".conv-meta", "Open").await;
    assert_eq!(page.value("#text").await, "Pull the plg.\n\nAnd wait.");
    page.type_into("#text", CTRL_A).await;
    page.type_into("#text", "Pull the plug.").await;
    page.type_into("#text", CTRL_ENTER).await;
    page.wait_for_text("bw-hold", "Leaves in").await;
    // With nothing begun since, too.
    page.click("bw-hold button").await;
    page.wait_for_text(".conv-meta", "Open").await;
    assert_eq!(page.value("#text").await, "Pull the plug.");
    page.type_into("#text", CTRL_ENTER).await;
    page.wait_for_text("bw-hold", "Leaves in").await;
    // Whoever leaves the page sends all the same.
    page.goto("about:blank").await;
    let mails = scene.arrived(1).await;
    assert!(mails[0].1.text.starts_with("Pull the plug."), "{}", mails[0].1.text);
    scene.program.stop().await;
    assert_eq!(scene.server.mailbox(THEM).len(), 1, "what was taken back did not leave");
}

/// Pastes what `fill` puts on the clipboard, a `DataTransfer`.
async fn paste(page: &Page, fill: &str) {
    let js = format!(
        "(() => {{ const data = new DataTransfer(); {fill}; const box = document.querySelector('#text'); box.focus(); \
         box.dispatchEvent(new ClipboardEvent('paste', {{clipboardData: data, bubbles: true, cancelable: true}})); \
         return true; }})()"
    );
    page.eval(&js).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dressed_reply_arrives_with_its_picture_its_signature_and_signed() {
    let scene = Scene::new(async |desk, ines, channel| {
        desk.set_signature(ines, "{name}\n{organization}").await.unwrap();
        desk.make_dkim_key(ines, channel).await.unwrap();
        desk.sign_mail(ines, channel, true).await.unwrap();
    })
    .await;
    let page = &scene.page;
    page.wait_for_text(".composer-sig", "Your signature is added below").await;
    page.type_into("#text", "It ").await;
    page.type_into("#text", CTRL_B).await;
    page.type_into("#text", "burns").await;
    page.type_into("#text", CTRL_B).await;
    page.type_into("#text", ", look:\n").await;
    let picture = "const bytes = Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='), it => it.charCodeAt(0)); \
         data.items.add(new File([bytes], 'fire.png', {type: 'image/png'}))";
    paste(page, picture).await;
    page.wait_for("#text img").await;
    let word = "data.setData('text/html', '<html><head><style>p.MsoNormal{color:red}</style></head><body>\
         <p class=MsoNormal style=\"margin:0cm\">Pull <span style=\"font-weight:700\">both</span> plugs<o:p></o:p></p>\
         <img src=\"https://elsewhere.example/spy.gif\"></body></html>'); data.setData('text/plain', 'Pull both plugs')";
    paste(page, word).await;
    page.wait_for_text("#text", "Pull both plugs").await;
    page.wait_for_text(".composer-state", "Draft saved").await;
    // It comes back as it was.
    page.reload().await;
    page.wait_for("#text img").await;
    assert_eq!(page.text("#text b").await, "burns");
    page.wait_until("the picture", "document.querySelector('#text img').naturalWidth === 1").await;
    page.type_into("#text", CTRL_ENTER).await;
    page.wait_for("#spine iframe").await;
    assert!(page.frame_text("#spine iframe").await.contains("It burns, look:"));

    let (raw, mail) = scene.arrived(1).await.pop().unwrap();
    let text = &mail.text;
    assert!(
        text.starts_with("It burns, look:") && text.contains("[fire.png]") && text.contains("Pull both plugs"),
        "{text}"
    );
    assert!(text.ends_with("\n\n-- \nInes Okafor\nTareline"), "{text}");
    let html = mail.html.unwrap();
    assert!(html.contains("It <b>burns</b>, look:") && html.contains("Pull <b>both</b> plugs"), "{html}");
    assert!(
        html.contains("<img src=\"inline/0\" alt=\"fire.png\">") && html.contains("-- <br>Ines Okafor<br>Tareline"),
        "{html}"
    );
    assert!(!html.contains("Mso") && !html.contains("elsewhere"), "{html}");
    assert_eq!((mail.files.len(), mail.files[0].name.as_str(), mail.files[0].inline), (1, "fire.png", true));

    scene.program.stop().await;
    let desk = open(&scene.home, keys(&scene.home)).await;
    let id = scene.channel;
    let found =
        desk.db.read(async move |rx| Ok::<_, store::Error>((channel::find(rx, id).await?, dkim::find(rx, id).await?)));
    let (channel, key) = found.await.unwrap();
    let Record { name, text, .. } = record(&channel.unwrap(), &key.unwrap().public);
    testkit::dkim::verify(&raw, &name, &text.concat()).await.unwrap();
    assert!(desk.sign_mail(&scene.ines, id, false).await.is_ok());
    desk.db.close().await;
}
