//! Mail addresses.

use domain::Email;
use proptest::prelude::*;

fn parsed(text: &str) -> Option<String> {
    Email::parse(text).map(|it| it.to_string())
}

#[test]
fn an_address_is_kept_in_lower_case() {
    assert_eq!(parsed(" Ann.Lee+Shop@Northwind.Example ").as_deref(), Some("ann.lee+shop@northwind.example"));
    assert_eq!(parsed("ÄRGER@Müller.example").as_deref(), Some("ärger@müller.example"));
    // Not what the RFC allows without quotes, but what some providers have given out.
    assert_eq!(parsed("a..b.@docomo.example").as_deref(), Some("a..b.@docomo.example"));
}

#[test]
fn what_is_none_is_refused() {
    for text in ["", "@", "ann", "ann@", "@northwind.example", "ann@b..example", "ann@-b.example", "a b@c.example"] {
        assert_eq!(parsed(text), None, "{text}");
    }
    for text in ["<ann@b.example>", "\"a,b\"@c.example", "ann@b.example,bob@b.example", "a\r\nb@c.example", "a@b\0c"] {
        assert_eq!(parsed(text), None, "{text}");
    }
    assert_eq!(parsed(&format!("{}@b.example", "a".repeat(245))), None, "too long");
}

/// What is held can stand as it is in a header and in a command to a server: nothing in it ends the quotation.
#[test]
fn quotes_stay_only_where_spaces_need_them() {
    assert_eq!(parsed("\"Ann Lee\"@b.example").as_deref(), Some("\"ann lee\"@b.example"));
    assert_eq!(parsed("\"ann.lee\"@b.example").as_deref(), Some("ann.lee@b.example"));
    let tagged = Email::parse("\"ann lee+x\"@b.example").unwrap();
    assert_eq!(tagged.without_tag(), tagged);
    for local in
        ["\"\"", "\"", "\" \"", "\" a\"", "\"a  b\"", "\"a\"b c\"", "\"a\tb\"", "\"a\r\nb\"", "\"a\\ b\"", "\"a> b\""]
    {
        assert_eq!(parsed(&format!("{local}@b.example")), None, "{local}");
    }
}

#[test]
fn a_domain_may_be_the_number_of_a_host() {
    assert_eq!(parsed("ann@[192.0.2.1]").as_deref(), Some("ann@[192.0.2.1]"));
    assert_eq!(parsed("ann@[IPv6:2001:DB8::1]").as_deref(), Some("ann@[ipv6:2001:db8::1]"));
    for domain in ["[]", "[192.0.2]", "[192.0.2.1", "[b.example]", "[2001:db8::1]", "[192.0.2.1].example", "[ipv6:x]"] {
        assert_eq!(parsed(&format!("ann@{domain}")), None, "{domain}");
    }
}

/// Such an address, once filed, could not be read back, and its mailbox stood still for good.
#[test]
fn lower_case_may_be_another_text() {
    assert_eq!(parsed("x@aİb.example"), None, "its lower case holds U+0307, which no host has");
    assert_eq!(parsed(&format!("x@{}.example", "Ⱥ".repeat(31))), None, "62 bytes, and 93 in lower case");
    assert_eq!(parsed("İ@b.example").as_deref(), Some("i\u{307}@b.example"));
}

proptest! {
    #[test]
    fn what_was_parsed_parses_to_itself(text in "\\PC{0,40}@\\PC{0,40}|[İȺΣKa-cA-C.@+_-]{1,90}|.*") {
        if let Some(email) = Email::parse(&text) {
            prop_assert_eq!(Email::parse(email.as_str()), Some(email.clone()));
            let bare = email.without_tag();
            prop_assert_eq!(Email::parse(bare.as_str()), Some(bare));
            prop_assert_eq!(format!("{}@{}", email.local(), email.domain()), email.to_string());
        }
    }
}
