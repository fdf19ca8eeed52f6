use mail::token::{Keys, from_address, message_id, open};
use proptest::prelude::*;
use uuid::Uuid;

use crate::email;

fn keys() -> Keys {
    Keys::new([7; 32], vec![[8; 32]])
}

const ID: Uuid = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001);

#[test]
fn our_ids_are_known_again() {
    let id = message_id(&keys(), ID, "example.com");
    assert!(id.starts_with('<') && id.ends_with("@example.com>"));
    assert_eq!(id, id.to_lowercase());
    assert_eq!(open(&keys(), &id), Some(ID));
    assert_eq!(open(&keys(), &id.to_uppercase()), Some(ID));
    assert_eq!(open(&keys(), id.trim_matches(['<', '>'])), Some(ID));
    // What an older key made is still ours; what a lost one made is not.
    let older = Keys::new([8; 32], Vec::new());
    assert_eq!(open(&keys(), &message_id(&older, ID, "example.com")), Some(ID));
    assert_eq!(open(&older, &id), None);
}

#[test]
fn our_addresses_are_known_again() {
    let id = message_id(&keys(), ID, "example.com");
    let to = format!("support+{}", id.trim_matches(['<', '>']));
    assert_eq!(from_address(&keys(), &email(&to)), Some(ID));
    assert_eq!(from_address(&keys(), &email("support@example.com")), None);
    assert_eq!(from_address(&keys(), &email("support+news@example.com")), None);
}

#[test]
fn an_id_is_ascii_whatever_the_domain() {
    let id = message_id(&keys(), ID, "bücher.example");
    assert!(id.ends_with("@xn--bcher-kva.example>"), "{id}");
    assert_eq!(open(&keys(), &id), Some(ID));
}

#[test]
fn nothing_else_is_ours() {
    for text in [
        "",
        "<>",
        "<@>",
        "<a.b@c>",
        "<1@northwind.example>",
        "<aaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaa@example.com>",
    ] {
        assert_eq!(open(&keys(), text), None, "{text}");
    }
    let id = message_id(&keys(), ID, "example.com");
    let other = message_id(&keys(), Uuid::from_u128(2), "example.com");
    let mixed = format!("{}{}", &id[..27], &other[27..]);
    assert_eq!(open(&keys(), &mixed), None);
}

proptest! {
    #[test]
    fn a_changed_token_is_not_ours(at in 1..54_usize, to in "[a-z2-7.]") {
        let id = message_id(&keys(), ID, "example.com");
        let mut changed = id.clone();
        changed.replace_range(at..=at, &to);
        prop_assert_eq!(open(&keys(), &changed).is_some(), changed == id);
    }

    #[test]
    fn any_text_is_asked_about(text in ".{0,80}") {
        prop_assert_eq!(open(&keys(), &text), None);
    }
}
