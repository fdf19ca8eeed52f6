//! The program as people start it, stop it, and start it wrongly.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;

use bellwether::demo::{PASSWORD, SIGN_INS};
use testkit::Home;
use testkit::program::{Program, Visitor, command, run};

const EXE: &str = env!("CARGO_BIN_EXE_bellwether");

testkit::both!(
    a_demo_is_filled_once_and_anew_when_asked,
    a_key_file_that_is_gone_is_not_made_anew,
    another_key_file_is_refused,
);

async fn ines(program: &Program) -> Visitor {
    Visitor::sign_in(&program.url, SIGN_INS[0].email, PASSWORD).await
}

/// What the inbox shows, and a customer whom somebody gave another name, if it is there.
async fn a_demo_is_filled_once_and_anew_when_asked(home: &Home) {
    let program = Program::demo(EXE, home, &["--log", "error"]).await;
    let inbox = ines(&program).await.get("/inbox?view=all").await.unwrap().body;
    assert!(inbox.matches("class=\"case").count() >= 20, "{inbox}");
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
        let (began, said) = run(again).await;
        assert!(!began && said.contains("give the demo an empty database instead"), "{said}");
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
    let (began, said) = run(fresh).await;
    assert!(!began && said.contains(why) && said.to_lowercase().contains("nothing was deleted"), "{said}");
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
    // The people alone take longer than this file to grow.
    while fs::metadata(&begun).map_or(0, |it| it.len()) < 400_000 {
        assert!(half.try_wait().unwrap().is_none(), "it fills");
        tokio::task::yield_now().await;
    }
    half.kill().await.unwrap();
    let mut again = command(EXE, "demo", &home);
    again.args(["--log", "error", "--listen", "127.0.0.1:0"]);
    let (began, said) = run(again).await;
    assert!(!began && said.contains("--fresh"), "{said}");
    Program::demo(EXE, &home, &["--log", "error", "--fresh"]).await.stop().await;
}

async fn serve_is_refused(home: &Home, why: &str) {
    let mut serve = command(EXE, "serve", home);
    serve.args(["--listen", "127.0.0.1:0"]);
    let (began, said) = run(serve).await;
    assert!(!began && said.contains(why), "{said}");
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
