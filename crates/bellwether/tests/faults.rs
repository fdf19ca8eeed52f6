//! What the program leans on goes away under it: its database is stopped, stands still, or has no room. Nothing that was
//! accepted is lost, nothing is accepted in vain, and it goes on by itself.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and says what it did"
)]

mod load;

use std::time::{Duration, Instant};

use load::{EXE, Ended, INES, Load, PASSWORD};
use testkit::program::{Answer, Method, Program, StatusCode, Visitor, command, encoded, run};
use testkit::{Home, Letter, PostgresServer, SmallDisk};

testkit::both!(a_lost_password_is_replaced_by_a_link_of_the_operator);

const LATER: StatusCode = StatusCode::SERVICE_UNAVAILABLE;
/// Within this a desk serves again whose database does.
const BACK: Duration = Duration::from_secs(10);

/// Three times the database is stopped as by a power cut, while mail comes in and goes out.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_restarts_loses_nothing_and_is_served_from_at_once() {
    let database = PostgresServer::start().await;
    let home = Home::postgres_at(&database.url()).await;
    let load = Load::found(&home).await;
    let program = load.serve(&home).await;
    let ines = Visitor::sign_in(&program.url, INES, PASSWORD).await;
    let mut live = ines.listen("/live").await;
    let work = load.begin(&program).await;
    for _ in 0..3 {
        load.busy(&program).await;
        database.stop_at_once();
        load.says_later(20).await;
        let page = ines.get("/inbox").await.unwrap();
        assert_eq!((page.status, page.headers["retry-after"].as_bytes()), (LATER, &b"5"[..]));
        assert_eq!(page.headers["refresh"], "5", "the page asks again by itself");
        assert!(page.body.contains("cannot reach its data") && page.body.contains("Try again"), "{}", page.body);
        let ready = ines.get("/readyz").await.unwrap();
        assert!(ready.status == LATER && ready.body.contains("does not answer"), "{}", ready.body);
        assert_eq!(ines.get("/healthz").await.unwrap().status, StatusCode::OK, "the program lives");
        load.deliver().await;
        // What was told before is nothing new.
        database.start_again().await;
        let back = Instant::now();
        while ines.get("/inbox").await.unwrap().status != StatusCode::OK {}
        load.accepts(1).await;
        let took = back.elapsed();
        println!("serves again {took:?} after its database");
        assert!(took < BACK, "{took:?}");
        live.until("event: gap").await;
        live.until("\"inbox\"").await;
    }
    load.end();
    work.ended(Ended::Told).await;
    load.read_out(&program).await;
    load.sent_out().await;
    program.stop().await;
    // The program lived all the time, and knows what it has sent.
    load.check(&home, 1).await;
}

/// Its connections stay open, and nothing is answered any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_stands_still_is_told_to_whoever_asks() {
    let database = PostgresServer::start().await;
    let home = Home::postgres_at(&database.url()).await;
    let load = Load::found(&home).await;
    let program = load.serve(&home).await;
    let ines = Visitor::sign_in(&program.url, INES, PASSWORD).await;
    let work = load.begin(&program).await;
    load.accepts(20).await;
    database.freeze();
    let pages = (0..24).map(|_| {
        let ines = ines.clone();
        tokio::spawn(async move { ines.get("/inbox").await })
    });
    let pages: Vec<_> = pages.collect();
    let ready = ines.get("/readyz").await.unwrap();
    assert!(ready.status == LATER && ready.body.contains("does not answer"), "{}", ready.body);
    for page in pages {
        let page = tokio::time::timeout(Duration::from_mins(1), page).await.expect("nobody waits without end");
        let page = page.unwrap().expect("the program answers");
        assert_eq!((page.status, page.headers["retry-after"].as_bytes()), (LATER, &b"5"[..]));
    }
    load.says_later(6).await;
    database.thaw();
    let back = Instant::now();
    while ines.get("/inbox").await.unwrap().status != StatusCode::OK {}
    load.accepts(10).await;
    println!("serves again {:?} after its database", back.elapsed());
    load.end();
    work.ended(Ended::Told).await;
    load.read_out(&program).await;
    load.sent_out().await;
    program.stop().await;
    load.check(&home, 1).await;
}

/// Where there is no room nothing is said to be saved, what is there can be read, and it goes on without a restart.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_takes_nothing_and_loses_nothing() {
    let disk = SmallDisk::new(64);
    let home = Home::sqlite_in(disk.path());
    let load = Load::found(&home).await;
    let program = load.serve(&home).await;
    let ines = Visitor::sign_in(&program.url, INES, PASSWORD).await;
    let case = number(&mail(&program, &load, &Letter::from("eve@customer.example")).await);
    let work = load.begin(&program).await;
    for round in 0..3 {
        load.busy(&program).await;
        disk.fill();
        load.says_later(20).await;
        is_full(&program, &load, &ines, case, round).await;
        load.deliver().await;
        disk.free();
        load.accepts(20).await;
        ines.until("/readyz", "ok").await;
    }
    load.end();
    work.ended(Ended::Told).await;
    load.read_out(&program).await;
    load.sent_out().await;
    let kept = ines.get(&format!("/cases/{case}")).await.unwrap().body;
    assert!(!kept.contains("An hour of work"), "nobody was told that it is there");
    program.stop().await;
    load.check(&home, 1).await;
    let db = home.open().await;
    let sound = db.read(async |rx| rx.one::<String>("pragma integrity_check", &[]).await).await.unwrap();
    assert_eq!(sound, "ok");
    db.close().await;
}

/// What everybody is told while the disk is full.
async fn is_full(program: &Program, load: &Load, ines: &Visitor, case: i64, round: u8) {
    let refused = mail(program, load, &Letter::from("mallory@customer.example")).await;
    let told = (refused.status, refused.headers["retry-after"].as_bytes());
    assert!(told == (LATER, b"30") && refused.body.contains("\"disk_full\""), "{refused:?}");
    // Too large for a row: a file.
    let large = Letter::from("mallory@customer.example").file("plan.pdf", &vec![round; 2 << 20]);
    let refused = mail(program, load, &large).await;
    assert!(refused.status == LATER && refused.body.contains("\"disk_full\""), "{refused:?}");
    for page in ["/inbox".to_owned(), format!("/cases/{case}"), "/outbox".to_owned()] {
        assert_eq!(ines.get(&page).await.unwrap().status, StatusCode::OK, "{page} can be read");
    }
    let written = format!("kind=note&to=&cc=&then=keep&text={}", encoded("An hour of work"));
    let refused = ines.post(&format!("/cases/{case}/messages"), &written).await.unwrap();
    assert_eq!(refused.status, LATER);
    assert!(refused.body.contains("The disk is full: nothing was saved"), "{}", refused.body);
    assert!(refused.body.contains("An hour of work") && refused.body.contains("Copy it before you leave"));
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    let draft = ines.ask(Method::PUT, &format!("/cases/{case}/draft"), &kind, written.into_bytes()).await.unwrap();
    assert_eq!(draft.status, LATER, "the page keeps what it cannot bring to the desk");
    let ready = ines.get("/readyz").await.unwrap();
    assert!(ready.status == LATER && ready.body.contains("disk is full"), "{}", ready.body);
}

async fn mail(program: &Program, load: &Load, letter: &Letter) -> Answer {
    let bearer = format!("Bearer {}", load.token);
    let headers = [("content-type", "message/rfc822"), ("authorization", bearer.as_str())];
    let path = format!("/api/v1/channels/{}/mail", load.channel);
    Visitor::new(&program.url).ask(Method::POST, &path, &headers, letter.raw()).await.expect("the program answers")
}

fn number(answer: &Answer) -> i64 {
    let told: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    told["case"]["number"].as_i64().unwrap()
}

/// Two nodes are started at once on an empty database, and one of an older version later.
#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_start_at_once_agree_and_an_older_one_is_refused() {
    let home = Home::postgres().await;
    let serve = || {
        let mut serve = command(EXE, "serve", &home);
        serve.args(["--log", "error"]);
        Program::start(serve)
    };
    let (one, other) = tokio::join!(serve(), serve());
    for node in [one.unwrap(), other.unwrap()] {
        assert_eq!(Visitor::new(&node.url).get("/sign-in").await.unwrap().status, StatusCode::OK);
        node.stop().await;
    }
    let client = testkit::postgres::connect(home.place()).await;
    client.batch_execute("insert into migrations (number, checksum) values (99, '\\x00')").await.unwrap();
    let mut serve = command(EXE, "serve", &home);
    serve.args(["--listen", "127.0.0.1:0"]);
    let refused = run(serve).await;
    assert!(!refused.well && refused.err.contains("newer Bellwether"), "{refused:?}");
    assert!(refused.err.contains("start the newer one"), "{refused:?}");
    home.remove().await;
}

async fn a_lost_password_is_replaced_by_a_link_of_the_operator(home: &Home) {
    let load = Load::found(home).await;
    let reset = async |email: &str| run(command(EXE, &format!("staff reset {email}"), home)).await;
    let link = async || {
        let made = reset(INES).await;
        assert!(made.well && made.out.contains("once, within 2 hours"), "{made:?}");
        let at = made.out.find("/reset/").expect("a link");
        made.out[at..].lines().next().unwrap().to_owned()
    };
    let unused = link().await; // The program does not run.
    let program = load.serve(home).await;
    let before = Visitor::sign_in(&program.url, INES, PASSWORD).await;
    let at = link().await; // The program runs.
    let nobody = Visitor::new(&program.url);
    assert!(nobody.get(&at).await.unwrap().body.contains("Choose a new password"));
    let set = nobody.post(&at, "password=another+good+sentence").await.unwrap();
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.body);
    assert!(set.headers.contains_key("set-cookie"), "they are in");
    assert_eq!(before.get("/you").await.unwrap().status, StatusCode::SEE_OTHER, "all other sign-ins have ended");
    Visitor::sign_in(&program.url, INES, "another good sentence").await;
    for over in [at, unused] {
        assert_eq!(nobody.get(&over).await.unwrap().status, StatusCode::NOT_FOUND);
        let again = nobody.post(&over, "password=yet+another+sentence").await.unwrap();
        assert_eq!(again.status, StatusCode::NOT_FOUND);
    }
    let unknown = reset("nobody@desk.example").await;
    assert!(!unknown.well && unknown.err.contains("Nobody signs in with nobody@desk.example"), "{unknown:?}");
    program.stop().await;
}
