//! The program as people start it, stop it, and start it wrongly.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::time::Duration;

use bellwether::demo::{PASSWORD, SIGN_INS};
use bellwether::key_file;
use desk::mail::Receipt;
use desk::{Ctx, Desk, Keys, Post};
use domain::{Direction, Member, Reason, Status, View};
use store::case::list::{self, From};
use store::case::spine::spine;
use store::filter::Asked;
use store::{Db, Scope};
use testkit::program::{Program, Visitor, command, run};
use testkit::{Home, Letter};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const EXE: &str = env!("CARGO_BIN_EXE_bellwether");

testkit::both!(
    a_demo_is_filled_once_and_anew_when_asked,
    a_key_file_that_is_gone_is_not_made_anew,
    another_key_file_is_refused,
    generated_cases_are_a_desk_at_work,
    what_was_begun_is_finished_when_it_is_asked_to_end,
);

async fn ines(program: &Program) -> Visitor {
    Visitor::sign_in(&program.url, SIGN_INS[0].email, PASSWORD).await
}

async fn a_demo_is_filled_once_and_anew_when_asked(home: &Home) {
    let program = Program::demo(EXE, home, &["--log", "error"]).await;
    let inbox = ines(&program).await.get("/inbox?view=all").await.unwrap().body;
    assert!(inbox.matches("class=\"case").count() >= 20, "the inbox is full");
    let visitor = ines(&program).await;
    let note = "kind=note&to=&cc=&then=waiting&text=Only+in+the+first+one.";
    let noted = visitor.post("/cases/1/messages", note).await.unwrap();
    assert!(noted.status.is_redirection(), "{}", noted.body);
    program.stop().await;

    let program = Program::demo(EXE, home, &["--log", "error"]).await;
    let case = ines(&program).await.get("/cases/1").await.unwrap().body;
    assert!(case.contains("Only in the first one."), "it goes on with the same data");

    if home.is_postgres() {
        program.stop().await;
        let mut again = command(EXE, "demo", home);
        again.args(["--fresh", "--listen", "127.0.0.1:0"]);
        let said = run(again).await;
        assert!(!said.well && said.err.contains("give the demo an empty database instead"), "{said:?}");
        return;
    }
    fs::write(Path::new(home.place()).join("letter.odt"), "mine").unwrap();
    fresh_is_refused(home, "in use by another Bellwether").await;
    program.stop().await;
    let program = Program::demo(EXE, home, &["--log", "error", "--fresh"]).await;
    let case = ines(&program).await.get("/cases/1").await.unwrap().body;
    assert!(!case.contains("Only in the first one."), "it began anew");
    assert_eq!(fs::read_to_string(Path::new(home.place()).join("letter.odt")).unwrap(), "mine");
    program.stop().await;
}

async fn fresh_is_refused(home: &Home, why: &str) {
    let before = fs::read(Path::new(home.place()).join("bellwether.db")).unwrap();
    let mut fresh = command(EXE, "demo", home);
    fresh.args(["--fresh", "--listen", "127.0.0.1:0"]);
    let said = run(fresh).await;
    assert!(
        !said.well && said.err.contains(why) && said.err.to_lowercase().contains("nothing was deleted"),
        "{said:?}"
    );
    assert_eq!(fs::read(Path::new(home.place()).join("bellwether.db")).unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_installation_is_never_made_fresh() {
    let home = Home::sqlite();
    Program::serve(EXE, &home, &["--log", "error"]).await.stop().await;
    fresh_is_refused(&home, "is no demo").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demo_that_was_left_half_filled_is_made_fresh() {
    let home = Home::sqlite();
    let mut half = command(EXE, "demo", &home);
    let mut half = half.args(["--log", "error", "--listen", "127.0.0.1:0"]).kill_on_drop(true).spawn().unwrap();
    let begun = Path::new(home.place()).join("bellwether.db-wal");
    // The schema is in it by then, and the people, and some of the cases.
    let mut look = tokio::time::interval(Duration::from_millis(5));
    while fs::metadata(&begun).map_or(0, |it| it.len()) < 3_000_000 {
        assert!(half.try_wait().unwrap().is_none(), "it fills");
        look.tick().await;
    }
    half.kill().await.unwrap();
    let mut again = command(EXE, "demo", &home);
    again.args(["--log", "error", "--listen", "127.0.0.1:0"]);
    let said = run(again).await;
    assert!(!said.well && said.err.contains("--fresh"), "{said:?}");
    Program::demo(EXE, &home, &["--log", "error", "--fresh"]).await.stop().await;
}

async fn serve_is_refused(home: &Home, why: &str) {
    let mut serve = command(EXE, "serve", home);
    serve.args(["--listen", "127.0.0.1:0"]);
    let said = run(serve).await;
    assert!(!said.well && said.err.contains(why), "{said:?}");
}

async fn a_key_file_that_is_gone_is_not_made_anew(home: &Home) {
    Program::serve(EXE, home, &["--log", "error"]).await.stop().await;
    let copy = fs::read(home.key_file()).unwrap();
    fs::remove_file(home.key_file()).unwrap();
    serve_is_refused(home, "is not there, and this database was begun with one").await;
    assert!(!home.key_file().exists(), "no other key was made");
    put(&home.key_file(), &copy);
    Program::serve(EXE, home, &["--log", "error"]).await.stop().await;
}

async fn another_key_file_is_refused(home: &Home) {
    Program::serve(EXE, home, &["--log", "error"]).await.stop().await;
    let own = fs::read(home.key_file()).unwrap();
    let other = b"7 AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n";
    put(&home.key_file(), other);
    serve_is_refused(home, "is not the one of this database").await;
    // A new key on top of the one that is known is how keys are changed.
    put(&home.key_file(), &[other.as_slice(), &own].concat());
    Program::serve(EXE, home, &["--log", "error"]).await.stop().await;
    put(&home.key_file(), &own);
    serve_is_refused(home, "is not the one of this database").await;
}

fn put(file: &Path, text: &[u8]) {
    use std::os::unix::fs::PermissionsExt;
    fs::write(file, text).unwrap();
    fs::set_permissions(file, PermissionsExt::from_mode(0o600)).expect("its owner");
}

/// The desk over the same database, while the program does not run.
async fn desk(home: &Home) -> Desk {
    let ctx = Ctx::system();
    let node = ctx.id();
    let db = Db::open(home.place(), node).await.unwrap();
    Desk::new(db, ctx, Keys::new(key_file::existing(&home.key_file()).unwrap()), Post::Kept, node)
}

async fn generated_cases_are_a_desk_at_work(home: &Home) {
    let mut generate = command(EXE, "generate", home);
    generate.args(["--cases", "300", "--log", "error"]);
    let said = run(generate).await;
    assert!(said.well, "{said:?}");

    let program = Program::demo(EXE, home, &["--log", "error"]).await;
    let visitor = ines(&program).await;
    for view in ["all", "waiting", "unassigned"] {
        let inbox = visitor.get(&format!("/inbox?view={view}")).await.unwrap().body;
        assert!(inbox.contains("href=\"/cases/"), "no case is in {view}");
    }
    assert!(visitor.get("/cases/300").await.unwrap().status.is_success());
    assert_eq!(visitor.get("/cases/301").await.unwrap().status, 404);
    program.stop().await;

    let desk = desk(home).await;
    let jobs = async |rx: &store::Read| rx.one::<i64>("select count(*) from jobs", &[]).await;
    assert_eq!(desk.db.read(jobs).await.unwrap(), 0, "no job is left");
    let email = domain::Email::parse(SIGN_INS[0].email).unwrap();
    let it = desk.db.read(async move |rx| store::staff::by_email(rx, &email).await).await.unwrap().unwrap();
    let ines = Member { id: it.id, name: it.name, role: it.role, teams: Vec::new() };
    let scope = Scope::of(&ines);
    let page = desk
        .db
        .read(async move |rx| list::page(rx, &scope, &Asked::of(View::Waiting, &scope), From::Newest).await)
        .await
        .unwrap();
    let number = page.lines[0].number;
    let scope = Scope::of(&ines);
    let case = desk.db.read(async move |rx| spine(rx, &scope, number, None).await).await.unwrap();
    assert!(case.entries.iter().all(|it| it.at <= desk.now()), "nothing has happened that is yet to come");
    let ours = case.messages.values().find(|it| it.direction == Direction::Outbound).unwrap();
    assert!(ours.subject.starts_with("Re: "), "{}", ours.subject);
    let them = ours.recipients.addresses().next().unwrap();
    let answer = Letter::from(them.as_str()).text("It works now.").answers(ours.message_id.as_ref().unwrap());
    let mailbox = desk.mailbox(ours.channel).await.unwrap().unwrap();
    match desk.receive(&mailbox, answer.raw(), desk.now()).await.unwrap() {
        Receipt::Filed(it) => {
            assert_eq!((it.number, it.status, it.association.reason), (number, Status::Open, Reason::Token));
        }
        other => panic!("it was not filed: {other:?}"),
    }
    desk.db.close().await;
}

/// A mail that a program has begun to hand in, and has not finished.
struct Begun {
    program: Program,
    address: String,
    letter: Letter,
    line: TcpStream,
}

impl Begun {
    async fn new(home: &Home) -> Begun {
        let mut add = command(EXE, "channel add mail", home);
        add.arg("support@desk.example");
        let added = run(add).await;
        let value = |name: &str| {
            let line = added.out.lines().find_map(|it| it.strip_prefix(name));
            line.unwrap_or_else(|| panic!("{name} in {added:?}")).trim().to_owned()
        };
        let (channel, token) = (value("id"), value("token"));
        let program = Program::serve(EXE, home, &["--log", "error"]).await;
        let address = program.url.replace("http://localhost", "127.0.0.1");
        let letter = Letter::from("ruth@customer.example").subject("On the way when the light went out");
        let raw = letter.raw();
        let mut line = TcpStream::connect(&address).await.unwrap();
        let head = format!(
            "POST /api/v1/channels/{channel}/mail HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: message/rfc822\r\nContent-Length: {}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
            raw.len()
        );
        line.write_all(head.as_bytes()).await.unwrap();
        let mut said = [0; 12];
        line.read_exact(&mut said).await.unwrap();
        assert_eq!(&said, b"HTTP/1.1 100", "the program asks for the body");
        line.write_all(&raw[..raw.len() / 2]).await.unwrap();
        Begun { program, address, letter, line }
    }

    /// Asks the program to end, and waits until it has heard: it takes nobody else.
    async fn ask_to_end(&self) {
        self.program.ask_to_end();
        let mut look = tokio::time::interval(Duration::from_millis(5));
        while TcpStream::connect(&self.address).await.is_ok() {
            look.tick().await;
        }
    }
}

async fn what_was_begun_is_finished_when_it_is_asked_to_end(home: &Home) {
    let mut begun = Begun::new(home).await;
    begun.ask_to_end().await;
    let raw = begun.letter.raw();
    begun.line.write_all(&raw[raw.len() / 2..]).await.unwrap();
    let mut answer = String::new();
    begun.line.read_to_string(&mut answer).await.unwrap();
    assert!(answer.contains("HTTP/1.1 201 Created"), "{answer}");
    begun.program.ended().await;

    let (desk, id) = (desk(home).await, begun.letter.id());
    let known = desk.db.read(async move |rx| store::message::known(rx, &id).await).await.unwrap();
    assert!(known.is_some(), "what was acknowledged is there");
    desk.db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_twice_does_not_wait() {
    let home = Home::sqlite();
    let begun = Begun::new(&home).await;
    begun.ask_to_end().await;
    begun.program.ask_to_end();
    assert_eq!(begun.program.status().await.code(), Some(130), "what was begun is left");
}
