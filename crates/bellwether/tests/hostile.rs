//! Hostile pages in a real browser, under the real policy: nothing of them runs, and nothing is fetched unasked.
//!
//! Every page of `crates/mail/tests/html` comes as a mail of its own and is looked at in its case. Then each is shown as it
//! came, under the policy of the frame alone: what the sanitiser might miss one day is held back there too.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bellwether::key_file;
use desk::Keys;
use serde_json::Value;
use testkit::browser::{Browser, Page};
use testkit::office::{INES, PASSWORD, US};
use testkit::program::{Method, Program, Visitor};
use testkit::{Home, Letter, Office};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const RUTH: &str = "Ruth Alvarez <ruth@customer.example>";
/// Mails on one page.
const TOGETHER: usize = 25;

/// What every frame holds that must be in none: scripts, other frames, elements of forms, handlers, what loads.
const ACTS: &str = "[...document.querySelectorAll('iframe')].map(frame => frame.contentDocument).flatMap(page => \
    [...page.querySelectorAll('body *')].filter(it => \
        ['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'FORM', 'INPUT', 'BUTTON', 'STYLE', 'LINK', 'META', 'BASE', 'SVG', 'MATH', 'VIDEO', 'AUDIO'].includes(it.tagName.toUpperCase()) \
        || it.getAttributeNames().some(name => name.startsWith('on') || ['id', 'name', 'srcset', 'background', 'ping'].includes(name)) \
        || ['fixed', 'absolute', 'sticky'].includes(getComputedStyle(it).position)).map(it => it.outerHTML.slice(0, 200)))";
/// Frames that are not where their message is.
const OUTSIDE: &str = "[...document.querySelectorAll('bw-frame iframe')].filter(frame => { \
    const inner = frame.getBoundingClientRect(), outer = frame.closest('article').getBoundingClientRect(); \
    return inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1; }).length";
/// Whether every frame has loaded.
const LOADED: &str = "[...document.querySelectorAll('iframe')].every(frame => { frame.loading = 'eager'; \
    return frame.contentDocument && frame.contentDocument.URL !== 'about:blank' && frame.contentDocument.readyState === 'complete' })";
/// Titles of the pages in frames; a script of theirs would have changed the outermost.
const FRAMES: &str = "document.querySelectorAll('iframe').length";

/// A server that notes what it is asked for.
struct Elsewhere {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Elsewhere {
    /// `answer` is the whole answer to a request for a path.
    async fn start(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Elsewhere {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (notes, answer) = (Arc::clone(&asked), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (notes, answer) = (Arc::clone(&notes), Arc::clone(&answer));
                tokio::spawn(async move {
                    let mut request = vec![0; 16 << 10];
                    let length = stream.read(&mut request).await.unwrap_or(0);
                    let request = String::from_utf8_lossy(&request[..length]).into_owned();
                    let Some(path) = request.split(' ').nth(1) else { return };
                    notes.lock().unwrap().push(path.to_owned());
                    stream.write_all(&answer(path)).await.unwrap_or_default();
                });
            }
        });
        Elsewhere { port, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// The pages, naming `port` of this machine wherever they would load something from.
fn pages(port: u16) -> Vec<(String, String)> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mail/tests/html");
    let mut found: Vec<_> = fs::read_dir(corpus).unwrap().map(|it| it.unwrap().path()).collect();
    found.retain(|it| it.extension().is_some_and(|it| it == "html"));
    found.sort();
    assert!(found.len() >= 150, "{} pages", found.len());
    let page = |path: &std::path::PathBuf| {
        let page =
            String::from_utf8_lossy(&fs::read(path).unwrap()).replace("remote.example", &format!("127.0.0.1:{port}"));
        (path.file_stem().unwrap().to_string_lossy().into_owned(), page)
    };
    found.iter().map(page).collect()
}

fn answer(headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}"
    )
    .into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_mail_runs_or_loads() {
    let remote = Elsewhere::start(|_| answer("Access-Control-Allow-Origin: *\r\n", "top.document.title='owned'")).await;
    let pages = pages(remote.port);
    let home = Home::sqlite();
    let (program, channel, token) = desk(&home).await;
    let bearer = format!("Bearer {token}");
    let headers = [("content-type", "message/rfc822"), ("authorization", bearer.as_str())];
    let path = format!("/api/v1/channels/{channel}/mail");
    let visitor = Visitor::new(&program.url);
    let mut cases: Vec<(i64, Vec<String>)> = Vec::new();
    let mut first = String::new();
    for (nth, (name, page)) in pages.iter().enumerate() {
        let id = format!("<{name}@customer.example>");
        let letter = Letter::from(RUTH).to(US).subject(&format!("About {name}")).message_id(&id).html(page);
        let letter = if nth % TOGETHER == 0 { letter } else { letter.answers(&first) };
        let answer = visitor.ask(Method::POST, &path, &headers, letter.raw()).await.unwrap();
        assert!(answer.status.is_success(), "{name}: {}", answer.body);
        let filed: Value = serde_json::from_str(&answer.body).unwrap();
        let number = filed["case"]["number"].as_i64().unwrap();
        if nth % TOGETHER == 0 {
            first = id;
            cases.push((number, Vec::new()));
        }
        let last = cases.last_mut().unwrap();
        assert_eq!(last.0, number, "{name} joins its case");
        last.1.push(filed["message"]["id"].as_str().unwrap().to_owned());
    }

    let browser = Browser::start().await;
    let page = browser.page(1440, 900, false).await;
    page.sign_in(&format!("{}/inbox", program.url), INES, PASSWORD).await;
    page.wait_until("the inbox", "location.pathname.startsWith('/inbox')").await;
    let mut shown = 0;
    for (number, _) in &cases {
        page.goto(&format!("{}/cases/{number}", program.url)).await;
        page.wait_for("#spine article").await;
        // Earlier messages are folded; a person opens them.
        page.eval("document.querySelectorAll('#spine details').forEach(it => it.open = true)").await;
        shown += harmless(&page, &format!("case {number}")).await;
        assert_eq!(page.eval(OUTSIDE).await, 0, "case {number}: frames are in their messages");
        assert!(page.title().await.contains("About"), "case {number}: its title is ours");
    }
    assert!(shown >= 150, "{shown} frames");
    assert_eq!(remote.asked(), Vec::<String>::new(), "nothing was fetched");
    program.stop().await;
}

/// Waits for the frames of a page, asserts that nothing in them acts, and tells how many they are.
async fn harmless(page: &Page, what: &str) -> u64 {
    page.wait_until("its frames", LOADED).await;
    assert_eq!(page.eval(ACTS).await, Value::Array(Vec::new()), "{what}");
    page.eval(FRAMES).await.as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_alone_holds_them_back() {
    let remote = Elsewhere::start(|_| answer("Access-Control-Allow-Origin: *\r\n", "top.document.title='owned'")).await;
    let pages = pages(remote.port);
    let count = pages.len();
    let hits = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&hits);
    // The frames of one page, and each page of the corpus under the policy of a mail.
    let server = Elsewhere::start(move |path| {
        let number = path.rsplit('/').next().and_then(|it| it.parse::<usize>().ok());
        match (path.split('/').nth(1), number) {
            (Some("frames"), Some(from)) => {
                let mut body = "<!DOCTYPE html><title>ours</title>".to_owned();
                for nth in from..(from + TOGETHER).min(count) {
                    let _ = write!(body, "<iframe src=\"/raw/{nth}\"></iframe>");
                }
                answer("", &body)
            }
            (Some("raw"), Some(nth)) => {
                seen.fetch_add(1, Ordering::SeqCst);
                let policy = format!("Content-Security-Policy: {}\r\n", web::policy::MAIL);
                answer(&policy, &format!("<!DOCTYPE html><body>{}", pages[nth].1))
            }
            _ => answer("", ""),
        }
    })
    .await;
    let browser = Browser::start().await;
    let page = browser.page(1440, 900, false).await;
    for from in (0..count).step_by(TOGETHER) {
        page.goto(&format!("http://127.0.0.1:{}/frames/{from}", server.port)).await;
        assert_eq!(page.title().await, "ours", "pages from {from} on: no script ran");
    }
    assert!(hits.load(Ordering::SeqCst) >= count, "every page was shown");
    assert_eq!(remote.asked(), Vec::<String>::new(), "nothing was fetched");
}

/// A desk with one mailbox and Ines, and the program that serves it.
async fn desk(home: &Home) -> (Program, domain::ChannelId, String) {
    let office = Office::found(home, Keys::new(key_file::open(&home.key_file()).unwrap())).await;
    let channel = office.mailbox.id;
    let token = office.desk.channel_token(channel).await.unwrap();
    office.close().await;
    let program = Program::serve(env!("CARGO_BIN_EXE_bellwether"), home, &["--log", "error"]).await;
    (program, channel, token)
}
