//! Mail comes in: from a real Dovecot, and from servers that misbehave.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails with its test")]

mod support;

use std::time::Duration;

use channels::imap::{self, Left, Mailbox, Pace, Position, State};
use channels::{Login, Secret, Security, Tls};
use support::shelf::Shelf;
use support::talk::{Reading, eager, hear, polite, polite_to_the_end, say, scripted};
use support::{MailServer, Turn};
use tokio_util::sync::CancellationToken;

const DESK: &str = "desk@desk.example";

async fn servers() -> (MailServer, Tls) {
    let servers = MailServer::start().await;
    servers.add_user(DESK, "pass \"word\" \\ ü");
    let tls = Tls::new(Some(&servers.ca_file())).unwrap();
    (servers, tls)
}

fn mail(subject: &str) -> Vec<u8> {
    format!("Subject: {subject}\r\nMessage-ID: <{subject}@customer.example>\r\n\r\nHello.\r\n.\r\n").into_bytes()
}

fn subjects(shelf: &Shelf) -> Vec<String> {
    let known = shelf.known();
    let mut mails: Vec<_> = known.mails.iter().collect();
    mails.sort_by_key(|mail| mail.position);
    let subject = |raw: &[u8]| {
        let text = String::from_utf8_lossy(raw).into_owned();
        text.lines().find_map(|line| line.strip_prefix("Subject: ").map(str::to_owned)).unwrap()
    };
    mails.iter().map(|mail| subject(&mail.raw)).collect()
}

#[tokio::test]
async fn the_first_connection_gives_only_new_mail_as_it_arrives_and_changes_nothing() {
    let (servers, tls) = servers().await;
    for old in ["one", "two", "three"] {
        servers.deliver(&mail(old), DESK).await;
    }
    let shelf = Shelf::new();
    let reading = Reading::start(servers.imap_server(Security::Tls), servers.login(DESK), &tls, Pace::new(1), &shelf);
    shelf.wait_for_live().await;
    assert_eq!(shelf.known().states, [State::Connecting, State::Live { idle: true }]);
    assert_eq!(shelf.known().position.map(|it| it.uid), Some(3));

    // The reader sleeps in IDLE for a minute and a half now; only the server's word wakes it.
    servers.deliver(&mail("new"), DESK).await;
    shelf.wait_until(|known| known.position.is_some_and(|it| it.uid == 4)).await;
    assert_eq!(subjects(&shelf), ["new"]);
    {
        let known = shelf.known();
        assert!(known.mails[0].raw.ends_with(&mail("new")));
        assert!(known.mails[0].at.is_some_and(|at| at > 1_700_000_000_000_000), "{:?}", known.mails[0].at);
    }
    servers.deliver(&mail("newer"), DESK).await;
    shelf.wait_until(|known| known.position.is_some_and(|it| it.uid == 5)).await;
    reading.stop().await;
    assert_eq!(subjects(&shelf), ["new", "newer"]);
    assert_eq!((servers.mailbox(DESK).len(), servers.marked(DESK)), (5, 0));
}

#[tokio::test]
async fn an_empty_mailbox_is_read_from_its_first_mail_on_by_every_way() {
    for security in [Security::Tls, Security::Starttls, Security::Plain] {
        let (servers, tls) = servers().await;
        let shelf = Shelf::new();
        let reading = Reading::start(servers.imap_server(security), servers.login(DESK), &tls, Pace::new(1), &shelf);
        shelf.wait_for_live().await;
        servers.deliver(&mail("first"), DESK).await;
        shelf.wait_until(|known| known.position.is_some_and(|it| it.uid == 1)).await;
        assert_eq!(subjects(&shelf), ["first"]);
        reading.stop().await;
    }
}

#[tokio::test]
async fn reading_goes_on_where_it_ended() {
    let (servers, tls) = servers().await;
    let shelf = Shelf::new();
    let start = || Reading::start(servers.imap_server(Security::Starttls), servers.login(DESK), &tls, eager(), &shelf);
    let reading = start();
    shelf.wait_for_live().await;
    reading.stop().await;

    // The desk was off.
    for away in ["a", "b", "c"] {
        servers.deliver(&mail(away), DESK).await;
    }
    let reading = start();
    shelf.wait_until(|known| known.position.is_some_and(|it| it.uid == 3)).await;

    // The server was off.
    servers.stop();
    shelf.wait_until(|known| matches!(known.states.last(), Some(State::Broken { .. }))).await;
    servers.restart().await;
    servers.deliver(&mail("d"), DESK).await;
    shelf.wait_until(|known| known.position.is_some_and(|it| it.uid == 4)).await;
    reading.stop().await;
    assert_eq!(subjects(&shelf), ["a", "b", "c", "d"]);
}

#[tokio::test]
async fn many_mails_and_large_ones_come_whole_and_in_order() {
    let (servers, tls) = servers().await;
    let shelf = Shelf::new();
    let start = || Reading::start(servers.imap_server(Security::Tls), servers.login(DESK), &tls, eager(), &shelf);
    let reading = start();
    shelf.wait_for_live().await;
    reading.stop().await;

    let mut expected = Vec::new();
    for number in 0..150 {
        let mut raw = mail(&format!("n{number}"));
        // The second fills its parts exactly, the third needs two parts.
        let target = match number {
            50 => 4 << 20,
            51 => 8 << 20,
            52 => 9 << 20,
            _ => 0,
        };
        while raw.len() < target {
            raw.extend_from_slice(b"A line of a large attachment, over and over again.\r\n");
        }
        servers.deliver(&raw, DESK).await;
        expected.push(raw);
    }
    let reading = start();
    shelf.wait_until(|known| known.position.is_some_and(|it| it.uid == 150)).await;
    reading.stop().await;
    let mut known = shelf.known();
    known.mails.sort_by_key(|mail| mail.position);
    assert_eq!(known.mails.len(), 150);
    for (arrived, sent) in known.mails.iter().zip(&expected) {
        assert!(arrived.raw.ends_with(sent), "{:?}", arrived.position);
    }
}

#[tokio::test]
async fn what_the_desk_could_not_take_comes_again() {
    let (servers, tls) = servers().await;
    let shelf = Shelf::new();
    let start = || Reading::start(servers.imap_server(Security::Tls), servers.login(DESK), &tls, eager(), &shelf);
    let reading = start();
    shelf.wait_for_live().await;
    reading.stop().await;
    for number in 1..=40 {
        servers.deliver(&mail(&number.to_string()), DESK).await;
    }
    shelf.known().refused = vec![3, 20];
    let reading = start();
    shelf.wait_until(|known| known.position.is_some_and(|it| it.uid == 40)).await;
    reading.stop().await;

    let mut taken: Vec<u32> = shelf.known().mails.iter().map(|mail| mail.position.uid).collect();
    taken.sort_unstable();
    taken.dedup();
    assert_eq!(taken, (1..=40).collect::<Vec<_>>());
    assert_eq!(shelf.wait_for_broken().await, "The disk is full.");
}

#[tokio::test]
async fn a_mailbox_that_is_numbered_anew_is_read_again_by_date() {
    let (servers, tls) = servers().await;
    let shelf = Shelf::new();
    let start = || Reading::start(servers.imap_server(Security::Tls), servers.login(DESK), &tls, eager(), &shelf);
    let reading = start();
    shelf.wait_for_live().await;
    for before in ["a", "b"] {
        servers.deliver(&mail(before), DESK).await;
    }
    shelf.wait_until(|known| known.position.is_some_and(|it| it.uid == 2)).await;
    let newest = shelf.known().mails.iter().filter_map(|mail| mail.at).max();
    assert!(newest.is_some());
    reading.stop().await;

    servers.stop();
    servers.number_anew(DESK);
    servers.restart().await;
    servers.deliver(&mail("c"), DESK).await;
    let old = shelf.known().position.unwrap();
    shelf.known().newest = newest;
    shelf.known().mails.clear();
    let reading = start();
    shelf.wait_until(|known| known.mails.len() == 3).await;
    reading.stop().await;
    assert_eq!(shelf.known().lost, 1);
    assert_ne!(shelf.known().position.unwrap().validity, old.validity);
    let mut again = subjects(&shelf);
    again.sort();
    assert_eq!(again, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_wrong_password_a_strange_certificate_and_a_missing_folder_say_so() {
    let (servers, tls) = servers().await;
    let server = servers.imap_server(Security::Tls);
    let right = servers.login(DESK);

    let shelf = Shelf::new();
    let wrong = Login { password: Secret::new("guess"), ..right.clone() };
    let reading = Reading::start(server.clone(), wrong, &tls, eager(), &shelf);
    let why = shelf.wait_for_broken().await;
    assert!(why.contains("name and password") && why.contains("AUTHENTICATIONFAILED"), "{why}");
    reading.stop().await;

    for security in [Security::Tls, Security::Starttls] {
        let shelf = Shelf::new();
        let strangers = Tls::new(None).unwrap();
        let reading = Reading::start(servers.imap_server(security), right.clone(), &strangers, eager(), &shelf);
        let why = shelf.wait_for_broken().await;
        assert!(why.contains("signed by nobody this machine trusts"), "{why}");
        reading.stop().await;
    }

    let shelf = Shelf::new();
    let stop = CancellationToken::new();
    let mailbox = Mailbox { server, login: right, folder: "Nowhere".to_owned() };
    let task = tokio::spawn(imap::run(mailbox, tls.clone(), eager(), shelf.clone(), stop.clone()));
    let why = shelf.wait_for_broken().await;
    assert!(why.contains("Nowhere"), "{why}");
    stop.cancel();
    task.await.unwrap();
}

// ---- servers that misbehave ----

fn impatient() -> Pace {
    let short = Duration::from_millis(150);
    Pace { connect: short, answer: short, silence: short, idle: short, poll: short, ..eager() }
}

#[tokio::test]
async fn a_server_that_stalls_or_hangs_up_frees_the_reader_at_every_step() {
    for end in [Turn::Stall, Turn::Close] {
        for at in 0..polite_to_the_end().len() {
            let mut turns = polite_to_the_end();
            turns.truncate(at);
            turns.push(end.clone());
            // The second connection goes well, so nothing may be missing in the end.
            let (server, shelf, reading) =
                scripted(vec![turns, polite_to_the_end()], Security::Plain, impatient()).await;
            shelf.wait_until(|known| known.position == Some(Position { validity: 1, uid: 9 })).await;
            let why = shelf.wait_for_broken().await;
            let expected = if matches!(end, Turn::Stall) { "stopped answering" } else { "was lost" };
            // The last step of all is the silence of IDLE.
            if at < polite_to_the_end().len() - 1 || matches!(end, Turn::Stall) {
                assert!(why.contains(expected), "{end:?} at {at}: {why}");
            }
            reading.stop().await;
            let mut bodies: Vec<_> = shelf.known().mails.iter().map(|mail| mail.raw.clone()).collect();
            bodies.sort();
            bodies.dedup();
            assert_eq!(bodies, [b"a: 8\r\n".to_vec(), b"a: 9\r\n".to_vec()], "{end:?} at {at}");
            drop(server);
        }
    }
}

#[tokio::test]
async fn a_list_that_breaks_off_skips_nothing() {
    // The server tells of both mails, gives one, and refuses, hangs up, or says goodbye.
    let one = "* 8 FETCH (UID 8 BODY[]<0> {6}\r\na: 8\r\n)\r\n";
    for end in ["{tag} NO [SERVERBUG] sorry\r\n", "", "* BYE going down\r\n"] {
        let mut broken = polite();
        broken.extend([hear("UID FETCH 8,9", &format!("{one}{end}")), Turn::Close]);
        let (_server, shelf, reading) = scripted(vec![broken, polite_to_the_end()], Security::Plain, eager()).await;
        shelf.wait_until(|known| known.position.is_some_and(|it| it.uid == 9)).await;
        reading.stop().await;
        assert_eq!(shelf.known().mails.len(), 2);
        if end.contains("BYE") {
            assert!(shelf.wait_for_broken().await.contains("going down"));
        }
    }
}

#[tokio::test]
async fn absurd_announcements_end_the_connection_before_they_are_held() {
    let gigantic = "* 8 FETCH (UID 8 BODY[]<0> {4000000000}\r\n";
    for reply in [gigantic.to_owned(), format!("* 8 FETCH (UID 8 BODY[]<0> \"{}", "x".repeat(5 << 20))] {
        let mut turns = polite();
        turns.extend([hear("UID FETCH 8,9", &reply), Turn::Stall]);
        let (_server, shelf, reading) = scripted(vec![turns], Security::Plain, eager()).await;
        let why = shelf.wait_for_broken().await;
        assert!(why.contains("not IMAP"), "{why}");
        reading.stop().await;
        assert!(shelf.known().mails.is_empty());
    }
}

#[tokio::test]
async fn a_mail_that_is_too_large_is_told_by_its_headers() {
    let mut turns = polite();
    *turns.last_mut().unwrap() = hear(
        "UID FETCH 8:*",
        "* 8 FETCH (UID 8 RFC822.SIZE 99000000 INTERNALDATE \"23-Nov-2026 10:00:00 +0000\")\r\n\
         * 9 FETCH (UID 9 RFC822.SIZE 6 INTERNALDATE \"23-Nov-2026 10:00:01 +0000\")\r\n{tag} OK done\r\n",
    );
    turns.extend([
        hear(
            "UID FETCH 8 (UID BODY.PEEK[HEADER]<0.262144>)",
            "* 8 FETCH (UID 8 BODY[HEADER]<0> {8}\r\na: big\r\n)\r\n{tag} OK done\r\n",
        ),
        hear("UID FETCH 9 (", "* 9 FETCH (UID 9 BODY[]<0> {6}\r\na: 9\r\n)\r\n{tag} OK done\r\n"),
        Turn::Stall,
    ]);
    let (server, shelf, reading) = scripted(vec![turns], Security::Plain, eager()).await;
    shelf.wait_until(|known| known.position.is_some_and(|it| it.uid == 9)).await;
    reading.stop().await;
    assert_eq!(server.surprises(), Vec::<String>::new());
    let known = shelf.known();
    assert_eq!(known.left, [(b"a: big\r\n".to_vec(), Left::TooBig, 99_000_000, Position { validity: 1, uid: 8 })]);
    assert_eq!(known.mails.len(), 1);
}

#[tokio::test]
async fn a_mail_that_is_gone_when_it_is_fetched_holds_nothing_up() {
    let mut turns = polite();
    turns.extend([
        hear("UID FETCH 8,9", "* 8 FETCH (UID 8 BODY[]<0> {6}\r\na: 8\r\n)\r\n* 9 EXPUNGE\r\n{tag} OK done\r\n"),
        hear("UID FETCH 9 (UID BODY", "{tag} OK done\r\n"),
        hear("UID FETCH 9 (UID RFC822.SIZE", "{tag} OK done\r\n"),
        hear("IDLE", "+ idling\r\n"),
        Turn::Stall,
    ]);
    let (_server, shelf, reading) = scripted(vec![turns], Security::Plain, eager()).await;
    shelf.wait_for_live().await;
    reading.stop().await;
    assert_eq!(shelf.known().position, Some(Position { validity: 1, uid: 9 }));
    assert_eq!(shelf.known().mails.len(), 1);
}

/// A conversation in which nothing came, up to IDLE.
fn polite_without_mail() -> Vec<Turn> {
    let mut turns = polite();
    turns[6] = hear("UID FETCH 8:*", "{tag} OK done\r\n");
    turns
}

#[tokio::test]
async fn a_server_that_does_not_keep_to_idle_is_asked_in_turns() {
    // It refuses, or ends it by itself.
    for idle in ["{tag} NO not today\r\n", "+ idling\r\n{tag} OK enough\r\n"] {
        let mut turns = polite_without_mail();
        turns.extend([
            hear("IDLE", idle),
            hear("UID FETCH 8:*", "{tag} OK done\r\n"),
            hear("NOOP", "* 10 EXISTS\r\n{tag} OK something\r\n"),
            hear("UID FETCH 8:*", "* 10 FETCH (UID 12 RFC822.SIZE 6)\r\n{tag} OK done\r\n"),
            hear("UID FETCH 12 (", "* 10 FETCH (UID 12 BODY[]<0> {6}\r\na: 1\r\n)\r\n{tag} OK done\r\n"),
            Turn::Stall,
        ]);
        let pace = Pace { poll: Duration::from_millis(10), ..eager() };
        let (server, shelf, reading) = scripted(vec![turns], Security::Plain, pace).await;
        shelf.wait_until(|known| known.position.is_some_and(|it| it.uid == 12)).await;
        reading.stop().await;
        assert_eq!(server.surprises(), Vec::<String>::new(), "{idle}");
        let states = shelf.known().states.clone();
        assert_eq!(states, [State::Connecting, State::Live { idle: true }, State::Live { idle: false }], "{idle}");
    }
}

#[tokio::test]
async fn a_server_that_lets_us_in_and_breaks_off_is_asked_ever_more_rarely() {
    let mut turns = polite_without_mail();
    turns.extend([hear("IDLE", "+ idling\r\n"), Turn::Close]);
    let (server, shelf, reading) = scripted(vec![turns], Security::Plain, eager()).await;
    server.wait_for_connections(5).await;
    reading.stop().await;
    let known = shelf.known();
    let waits: Vec<Duration> = known
        .states
        .iter()
        .filter_map(|state| match state {
            State::Broken { retry_in, .. } => Some(*retry_in),
            _ => None,
        })
        .collect();
    assert!(waits[3] >= Duration::from_millis(100), "{waits:?}");
}

#[tokio::test]
async fn a_folder_that_was_put_back_is_read_from_where_it_ends() {
    let opened = |next: u32| {
        let mut turns = polite();
        turns[5] = hear(
            "EXAMINE \"INBOX\"",
            &format!(
                "* 3 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT {next}] x\r\n{{tag}} OK [READ-ONLY] done\r\n"
            ),
        );
        turns.truncate(6);
        turns
    };
    // The place is behind the end: 5 is the last mail of the older copy, 6 comes later.
    let mut first = opened(6);
    first.extend([
        hear("UID FETCH 6:*", "* 4 FETCH (UID 6 RFC822.SIZE 6)\r\n{tag} OK done\r\n"),
        hear("UID FETCH 6 (", "* 4 FETCH (UID 6 BODY[]<0> {6}\r\na: 6\r\n)\r\n{tag} OK done\r\n"),
        hear("IDLE", ""),
        Turn::Close,
    ]);
    // Meanwhile the folder has outgrown the old place; nothing in between may be passed over.
    let mut second = opened(10);
    second.extend([
        hear("UID FETCH 7:*", "* 5 FETCH (UID 7 RFC822.SIZE 6)\r\n{tag} OK done\r\n"),
        hear("UID FETCH 7 (", "* 5 FETCH (UID 7 BODY[]<0> {6}\r\na: 7\r\n)\r\n{tag} OK done\r\n"),
        Turn::Stall,
    ]);
    let (server, shelf, reading) = scripted(vec![first, second], Security::Plain, eager()).await;
    shelf.wait_until(|known| known.mails.len() == 2 && known.position.is_some_and(|it| it.uid == 7)).await;
    reading.stop().await;
    assert_eq!(server.surprises(), Vec::<String>::new());
    let known = shelf.known();
    assert_eq!((known.mails.len(), known.lost), (2, 1));
}

#[tokio::test]
async fn a_mail_that_goes_while_it_is_fetched_is_not_taken_for_whole() {
    let mut turns = polite();
    turns[6] = hear("UID FETCH 8:*", "* 8 FETCH (UID 8 RFC822.SIZE 5000000)\r\n{tag} OK done\r\n");
    let part = "x".repeat(4 << 20);
    turns.extend([
        hear("UID FETCH 8 (", &format!("* 8 FETCH (UID 8 BODY[]<0> {{4194304}}\r\n{part})\r\n{{tag}} OK done\r\n")),
        hear("UID FETCH 8 (", "* 8 EXPUNGE\r\n{tag} OK done\r\n"),
        hear("UID FETCH 8 (UID RFC822.SIZE", "{tag} OK done\r\n"),
        hear("IDLE", "+ idling\r\n"),
        Turn::Stall,
    ]);
    let (_server, shelf, reading) = scripted(vec![turns], Security::Plain, eager()).await;
    shelf.wait_for_live().await;
    reading.stop().await;
    assert_eq!(shelf.known().position, Some(Position { validity: 1, uid: 8 }));
    assert!(shelf.known().mails.is_empty(), "half a mail is none");
}

#[tokio::test]
async fn a_server_without_idle_is_asked_in_turns() {
    let mut turns = polite();
    turns[4] = hear("CAPABILITY", "* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n");
    turns[6] = hear("UID FETCH 8:*", "* 7 FETCH (UID 7 RFC822.SIZE 6)\r\n{tag} OK done\r\n");
    turns.extend([
        hear("NOOP", "{tag} OK nothing\r\n"),
        hear("UID FETCH 8:*", "{tag} OK done\r\n"),
        hear("NOOP", "* 10 EXISTS\r\n{tag} OK something\r\n"),
        hear("UID FETCH 8:*", "* 10 FETCH (UID 12 RFC822.SIZE 6)\r\n{tag} OK done\r\n"),
        hear("UID FETCH 12 (", "* 10 FETCH (UID 12 BODY[]<0> {6}\r\na: 1\r\n)\r\n{tag} OK done\r\n"),
        Turn::Stall,
    ]);
    let pace = Pace { poll: Duration::from_millis(10), ..eager() };
    let (server, shelf, reading) = scripted(vec![turns], Security::Plain, pace).await;
    shelf.wait_until(|known| known.position.is_some_and(|it| it.uid == 12)).await;
    reading.stop().await;
    assert_eq!(server.surprises(), Vec::<String>::new());
    assert!(shelf.known().states.contains(&State::Live { idle: false }));
    assert_eq!(shelf.known().mails[0].at, None, "the server said nothing of a date");
}

#[tokio::test]
async fn starttls_never_falls_back() {
    for turns in [
        vec![say("* OK there\r\n"), hear("STARTTLS", "{tag} NO not today\r\n"), Turn::Stall],
        vec![say("* OK there\r\n"), hear("STARTTLS", "{tag} BAD what\r\n"), Turn::Stall],
        // Somebody has signed in on our behalf already.
        vec![say("* PREAUTH welcome\r\n"), Turn::Stall],
        // What is slipped in behind the answer is not taken for the server's words after TLS.
        vec![
            say("* OK there\r\n"),
            hear("STARTTLS", "{tag} OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nb1 OK\r\nb2 OK\r\n"),
            Turn::Stall,
        ],
    ] {
        let (server, shelf, reading) = scripted(vec![turns], Security::Starttls, impatient()).await;
        let why = shelf.wait_for_broken().await;
        reading.stop().await;
        assert!(shelf.known().states.iter().all(|state| !matches!(state, State::Live { .. })), "{why}");
        let heard = server.heard();
        assert!(heard.iter().all(|line| line.ends_with("STARTTLS")), "{heard:?}");
    }
}

#[tokio::test]
async fn a_server_that_speaks_something_else_does_not_end_the_reader() {
    let page = "HTTP/1.1 400 Bad Request\r\n\r\n";
    let trap = "* OK [ALERT]\u{e9}\r\n";
    for text in [page, trap, "\0\0\0\r\n", "* BYE no\r\n"] {
        let (server, shelf, reading) = scripted(vec![vec![say(text), Turn::Stall]], Security::Plain, impatient()).await;
        shelf.wait_for_broken().await;
        server.wait_for_connections(2).await;
        reading.stop().await;
    }
}
