//! Conversations with a server that says what a test tells it to.

use std::time::Duration;

use channels::imap::{self, Mailbox, Pace, Position};
use channels::{Login, Secret, Security, Server, Tls};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::shelf::Shelf;
use super::{Scripted, Turn};

/// Patience for tests: tries again at once.
pub fn eager() -> Pace {
    Pace { first_retry: Duration::from_millis(20), last_retry: Duration::from_millis(200), ..Pace::new(7) }
}

pub struct Reading {
    pub stop: CancellationToken,
    pub task: JoinHandle<()>,
}

impl Reading {
    pub fn start(server: Server, login: Login, tls: &Tls, pace: Pace, shelf: &Shelf) -> Reading {
        let stop = CancellationToken::new();
        let mailbox = Mailbox { server, login, folder: "INBOX".to_owned() };
        let task = tokio::spawn(imap::run(mailbox, tls.clone(), pace, shelf.clone(), stop.clone()));
        Reading { stop, task }
    }

    pub async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }
}

pub fn say(text: &str) -> Turn {
    Turn::Say(text.to_owned())
}

pub fn hear(prefix: &'static str, reply: &str) -> Turn {
    Turn::Hear(prefix, reply.to_owned())
}

pub const INSIDE: &str = "* CAPABILITY IMAP4rev1 AUTH=PLAIN IDLE\r\n{tag} OK done\r\n";

/// A conversation up to the list of mails: two of them, 8 and 9, behind the position 7.
pub fn polite() -> Vec<Turn> {
    vec![
        say("* OK there\r\n"),
        hear("CAPABILITY", INSIDE),
        hear("AUTHENTICATE PLAIN", "+ \r\n"),
        hear("AGRlc2sAaHVudGVyMg==", "b2 OK in\r\n"),
        hear("CAPABILITY", INSIDE),
        hear(
            "EXAMINE \"INBOX\"",
            "* 9 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 10] x\r\n{tag} OK [READ-ONLY] done\r\n",
        ),
        hear(
            "UID FETCH 8:* (UID RFC822.SIZE INTERNALDATE)",
            "* 8 FETCH (UID 8 RFC822.SIZE 6 INTERNALDATE \"23-Nov-2026 10:00:00 +0000\")\r\n\
             * 9 FETCH (UID 9 RFC822.SIZE 6 INTERNALDATE \"23-Nov-2026 10:00:01 +0000\")\r\n{tag} OK done\r\n",
        ),
    ]
}

/// The rest: both mails, then IDLE without end.
pub fn polite_to_the_end() -> Vec<Turn> {
    let mut turns = polite();
    turns.extend([
        hear(
            "UID FETCH 8,9 (UID BODY.PEEK[]<0.4194304>)",
            "* 8 FETCH (UID 8 BODY[]<0> {6}\r\na: 8\r\n)\r\n* 9 FETCH (UID 9 BODY[]<0> {6}\r\na: 9\r\n)\r\n{tag} OK done\r\n",
        ),
        hear("IDLE", "+ idling\r\n"),
        Turn::Stall,
    ]);
    turns
}

pub async fn scripted(scripts: Vec<Vec<Turn>>, security: Security, pace: Pace) -> (Scripted, Shelf, Reading) {
    let server = Scripted::start(scripts).await;
    let shelf = Shelf::new();
    shelf.known().position = Some(Position { validity: 1, uid: 7 });
    let login = Login { user: "desk".to_owned(), password: Secret::new("hunter2") };
    let tls = Tls::new(None).unwrap();
    let reading = Reading::start(server.server(security), login, &tls, pace, &shelf);
    (server, shelf, reading)
}
