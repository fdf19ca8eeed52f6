//! The desk's own test mail, and what only looks like one.

use mail::probe;
use mail::token::{self, Keys};
use uuid::Uuid;

use crate::email;

fn keys() -> Keys {
    Keys::new([1; 32], vec![[2; 32]])
}

#[test]
fn a_test_mail_says_what_it_is_and_is_known_again() {
    let (us, tagged) = (email("support@desk.example"), email("support+x@desk.example"));
    let it = probe::compose(&keys(), Uuid::from_u128(7), &us, &tagged, 1_795_435_200_000_000).unwrap();
    let text = String::from_utf8(it.bytes.clone()).unwrap();
    for line in [
        "Date: Mon, 23 Nov 2026 12:00:00 +0000",
        "To: support+x@desk.example",
        "Auto-Submitted: auto-generated",
        &format!("X-Bellwether-Test: {}", it.mark),
    ] {
        assert!(text.lines().any(|it| it == line), "{line} in {text}");
    }
    assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']));
    assert!(probe::is_ours(&keys(), &it.bytes));
    assert!(probe::carries(&it.bytes, &it.mark));
    assert_eq!(probe::naming(&it.bytes, &tagged), ["to"]);
    assert!(probe::is_ours(&Keys::new([9; 32], vec![[1; 32]]), &it.bytes), "an older key still knows it");

    let stranger = probe::compose(&Keys::new([3; 32], Vec::new()), Uuid::from_u128(7), &us, &us, 0).unwrap();
    assert!(!probe::is_ours(&keys(), &stranger.bytes), "nobody else can write one");
    let in_text = format!("Subject: what is this?\r\n\r\n{text}");
    assert!(!probe::is_ours(&keys(), in_text.as_bytes()), "somebody who asks about it is heard");
    let report = format!("Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n{text}");
    assert!(probe::is_ours(&keys(), report.as_bytes()), "a report about it is none of anybody’s business");
    let reply_token = token::message_id(&keys(), Uuid::from_u128(7), "desk.example");
    assert!(token::open(&keys(), &format!("<{}@desk.example>", it.mark)).is_none(), "a mark is no reply token");
    assert!(!probe::is_ours(&keys(), format!("X-Bellwether-Test: {reply_token}\r\n\r\n").as_bytes()));
}

#[test]
fn an_address_with_a_token_finds_its_message() {
    let id = Uuid::from_u128(42);
    let address = token::address(&keys(), id, &email("support@desk.example")).unwrap();
    assert!(address.as_str().starts_with("support+") && address.as_str().ends_with("@desk.example"));
    assert!(address.local().len() <= 64);
    assert_eq!(token::from_address(&keys(), &address), Some(id));
    assert_eq!(token::from_address(&Keys::new([9; 32], Vec::new()), &address), None);
    let tagged = token::address(&keys(), id, &email("a+desk@desk.example")).unwrap();
    assert_eq!(token::from_address(&keys(), &tagged), Some(id));
    assert!(token::address(&keys(), id, &email("tenletters@desk.example")).is_some());
    assert_eq!(token::address(&keys(), id, &email("elevenchars@desk.example")), None, "its local part has 65 octets");
}
