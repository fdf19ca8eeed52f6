//! Mails that a server lists and does not give, or gives otherwise than it said.

mod support;

use channels::Security;
use channels::imap::{Left, Position, State};
use support::Turn;
use support::talk::{eager, hear, polite, scripted};

const EIGHT_IS_THERE: &str =
    "* 8 FETCH (UID 8 RFC822.SIZE 6 INTERNALDATE \"23-Nov-2026 10:00:00 +0000\")\r\n{tag} OK done\r\n";

/// A conversation in which the server lists 8 and 9 and, asked for both and for 8 alone, answers with `refusal`.
fn withholding(refusal: &str) -> Vec<Turn> {
    let mut turns = polite();
    turns.extend([
        hear("UID FETCH 8,9 (UID BODY.PEEK[]", refusal),
        hear("UID FETCH 8 (UID BODY.PEEK[]", refusal),
        hear("UID FETCH 8 (UID RFC822.SIZE", EIGHT_IS_THERE),
        hear("UID FETCH 9 (UID BODY.PEEK[]", "* 9 FETCH (UID 9 BODY[]<0> {6}\r\na: 9\r\n)\r\n{tag} OK done\r\n"),
    ]);
    turns
}

/// One in which 8 is asked for alone, first for its headers.
fn withholding_alone(headers: &str, refusal: &str) -> Vec<Turn> {
    let mut turns = polite();
    turns.push(hear("UID FETCH 8 (UID BODY.PEEK[HEADER]", headers));
    turns.push(hear("UID FETCH 8 (UID BODY.PEEK[]", refusal));
    if refusal.contains("{tag}") {
        turns.push(hear("UID FETCH 8 (UID RFC822.SIZE", EIGHT_IS_THERE));
    } else {
        turns.push(Turn::Close);
    }
    turns
}

/// One in which 8 is left where it is: of another the server gives the beginning.
fn passing_over() -> Vec<Turn> {
    let mut turns = polite();
    turns.extend([
        hear("FETCH 9 (UID BODY.PEEK[]<0.1>)", "* 9 FETCH (UID 9 BODY[]<0> {1}\r\na)\r\n{tag} OK done\r\n"),
        hear("UID FETCH 9 (UID BODY.PEEK[]", "* 9 FETCH (UID 9 BODY[]<0> {6}\r\na: 9\r\n)\r\n{tag} OK done\r\n"),
        hear("IDLE", "+ idling\r\n"),
        Turn::Stall,
    ]);
    turns
}

#[tokio::test]
async fn a_mail_that_the_server_never_gives_is_passed_over_with_its_reason() {
    let header = "* 8 FETCH (UID 8 BODY[HEADER]<0> {6}\r\na: 8\r\n)\r\n{tag} OK done\r\n";
    let (no, nil) = ("{tag} NO [SERVERBUG] corrupt\r\n", "* 8 FETCH (UID 8 BODY[]<0> NIL)\r\n{tag} OK done\r\n");
    for (headers, refusal, why) in [
        (no, no, "It said: [SERVERBUG] corrupt"),
        (header, nil, "It said: (nothing)"),
        (header, "{tag} OK done\r\n", "It said: (nothing)"),
        // Some hang up, with a word or without.
        (header, "* BYE internal error\r\n", "The server ended the connection. It said: internal error"),
        (header, "", "The connection to the server was lost."),
    ] {
        let mut first = withholding(refusal);
        let mut scripts = Vec::new();
        if !refusal.contains("{tag}") {
            first.truncate(8);
            first.push(Turn::Close);
            // Once may be chance.
            scripts.push(first.clone());
        }
        let alone = || withholding_alone(headers, refusal);
        let mut last = passing_over();
        if scripts.len() == 1 {
            // 9 is as suspect as 8 then.
            last.insert(8, hear("UID FETCH 9 (UID BODY.PEEK[HEADER]", "{tag} OK done\r\n"));
        }
        scripts.extend([first, alone(), alone(), last]);
        let connections = scripts.len();
        let (server, shelf, reading) = scripted(scripts, Security::Plain, eager()).await;
        shelf.wait_until(|known| known.position.is_some_and(|it| it.uid == 9)).await;
        shelf.wait_for_live().await;
        reading.stop().await;
        assert_eq!(server.surprises(), Vec::<String>::new(), "{refusal}");
        let known = shelf.known();
        let kept = if headers == no { Vec::new() } else { b"a: 8\r\n".to_vec() };
        let why = Left::Withheld { why: why.to_owned() };
        assert_eq!(known.left, [(kept, why, 6, Position { validity: 1, uid: 8 })], "{refusal}");
        assert_eq!(known.mails.iter().map(|mail| mail.position.uid).collect::<Vec<_>>(), [9]);
        let broken = known.states.iter().filter(|it| matches!(it, State::Broken { .. })).count();
        assert_eq!(broken, connections - 1, "{:?}", known.states);
    }
}

#[tokio::test]
async fn where_the_server_gives_no_mail_at_all_none_is_passed_over() {
    let no = "{tag} NO [UNAVAILABLE] the disk is away\r\n";
    let mut first = withholding(no);
    first.pop();
    first.extend([
        hear("UID FETCH 9 (UID BODY.PEEK[]", no),
        hear("UID FETCH 9 (UID RFC822.SIZE", "* 9 FETCH (UID 9 RFC822.SIZE 6)\r\n{tag} OK done\r\n"),
    ]);
    let alone = || withholding_alone(no, no);
    let mut without_proof = alone();
    let none = ["FETCH 9 (UID", "FETCH 1 (UID", "FETCH 5 (UID", "FETCH 8 (UID"].map(|it| hear(it, no));
    let mut again = without_proof.clone();
    without_proof.splice(7..7, none.clone());
    // Each time it begins with another.
    again.splice(7..7, [none[1].clone(), none[2].clone(), none[3].clone(), none[0].clone()]);
    let scripts = vec![first, alone(), alone(), without_proof, again];
    let (_server, shelf, reading) = scripted(scripts, Security::Plain, eager()).await;
    let away = |it: &State| matches!(it, State::Broken { why, .. } if why.contains("disk is away"));
    shelf.wait_until(|known| known.states.iter().filter(|it| away(it)).count() >= 5).await;
    reading.stop().await;
    let known = shelf.known();
    assert!(known.left.is_empty() && known.mails.is_empty(), "{:?}", known.left);
    assert_eq!(known.position, Some(Position { validity: 1, uid: 7 }));
}

/// A conversation in which 9 is left, up to its list.
fn polite_behind_8() -> Vec<Turn> {
    let mut turns = polite();
    turns.pop();
    turns.push(hear("UID FETCH 9:*", "* 9 FETCH (UID 9 RFC822.SIZE 6)\r\n{tag} OK done\r\n"));
    turns
}

#[tokio::test]
async fn two_mails_that_break_the_connection_are_both_passed_over() {
    let breaks = |mut turns: Vec<Turn>, more: &[(&'static str, &str)]| {
        turns.extend(more.iter().map(|it| hear(it.0, it.1)));
        turns.push(Turn::Close);
        turns
    };
    let header = "* 8 FETCH (UID 8 BODY[HEADER]<0> {6}\r\na: 8\r\n)\r\n{tag} OK done\r\n";
    let (first, ninth) =
        ("* 1 FETCH (UID 1 BODY[]<0> {1}\r\na)\r\n{tag} OK done\r\n", "UID FETCH 9 (UID BODY.PEEK[HEADER]");
    let both = || breaks(polite(), &[("UID FETCH 8,9", "")]);
    let eight =
        || breaks(polite(), &[("UID FETCH 8 (UID BODY.PEEK[HEADER]", header), ("UID FETCH 8 (UID BODY.PEEK[]", "")]);
    let mut end = polite_behind_8();
    end.extend([
        hear("FETCH 9 (UID", "* 9 FETCH (UID 9 BODY[]<0> {1}\r\na)\r\n{tag} OK done\r\n"),
        hear("FETCH 1 (UID", first),
        hear("IDLE", "+ idling\r\n"),
        Turn::Stall,
    ]);
    let scripts = vec![
        both(),
        both(),
        eight(),
        eight(),
        // The one that would prove that the server gives mails breaks the connection as well.
        breaks(polite(), &[("FETCH 9 (UID", "")]),
        breaks(polite(), &[("FETCH 1 (UID", first), (ninth, "")]),
        breaks(polite_behind_8(), &[(ninth, "")]),
        end,
    ];
    let (server, shelf, reading) = scripted(scripts, Security::Plain, eager()).await;
    shelf.wait_until(|known| known.position.is_some_and(|it| it.uid == 9)).await;
    shelf.wait_for_live().await;
    reading.stop().await;
    assert_eq!(server.surprises(), Vec::<String>::new());
    let left: Vec<(Vec<u8>, u32)> = shelf.known().left.iter().map(|it| (it.0.clone(), it.3.uid)).collect();
    assert_eq!(left, [(b"a: 8\r\n".to_vec(), 8), (Vec::new(), 9)]);
}

#[tokio::test]
async fn what_was_not_asked_for_is_not_kept_and_mails_that_are_larger_than_told_come_in_parts() {
    let large = format!("a: {}\r\n", "x".repeat(3 << 20));
    let fetched = |uid: u32| format!("* {uid} FETCH (UID {uid} BODY[]<0> {{{}}}\r\n{large})\r\n", large.len());
    let mut turns = polite();
    *turns.last_mut().unwrap() = hear(
        "UID FETCH 8:*",
        "* 8 FETCH (UID 8 RFC822.SIZE 6)\r\n* 9 FETCH (UID 9 RFC822.SIZE 6)\r\n* 10 FETCH (UID 10 RFC822.SIZE 6)\r\n\
         {tag} OK done\r\n",
    );
    let (strange, two) = (fetched(77), [fetched(8), fetched(9)].concat());
    turns.extend([
        hear("UID FETCH 8,9,10 (UID BODY", &format!("{strange}{two}{}{{tag}} OK done\r\n", fetched(10))),
        // The first two were enough to be handed over.
        hear("UID FETCH 10 (UID BODY", &format!("{}{{tag}} OK done\r\n", fetched(10))),
        hear("IDLE", "+ idling\r\n"),
        Turn::Stall,
    ]);
    let (server, shelf, reading) = scripted(vec![turns], Security::Plain, eager()).await;
    shelf.wait_until(|known| known.position.is_some_and(|it| it.uid == 10)).await;
    shelf.wait_for_live().await;
    reading.stop().await;
    assert_eq!(server.surprises(), Vec::<String>::new());
    let known = shelf.known();
    let mut uids: Vec<u32> = known.mails.iter().map(|mail| mail.position.uid).collect();
    uids.sort_unstable();
    assert_eq!(uids, [8, 9, 10]);
    assert!(known.mails.iter().all(|mail| mail.raw == large.as_bytes()));
}
