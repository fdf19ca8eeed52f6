use domain::{Bounce, BounceKind, BounceOutcome, Email, Word};

fn bounce(outcome: BounceOutcome, kind: BounceKind, address: Option<&str>) -> Bounce {
    let address = address.and_then(Email::parse);
    Bounce { message_id: None, address, outcome, kind, status: None, said: String::new() }
}

#[test]
fn every_bounce_has_plain_words() {
    for outcome in BounceOutcome::ALL {
        for kind in BounceKind::ALL {
            for address in [Some("ann@x.example"), None] {
                let words = bounce(*outcome, *kind, address).words();
                assert!(words.ends_with('.') && !words.contains('_'), "{words}");
                assert_eq!(words.contains("x.example"), address.is_some(), "{words}");
            }
        }
    }
    let gone = bounce(BounceOutcome::FailedForGood, BounceKind::NoSuchAddress, Some("ann@x.example"));
    assert_eq!(gone.words(), "There is no mailbox ann@x.example. Check the address.");
}

#[test]
fn only_an_address_that_does_not_exist_is_dead() {
    let dead = |outcome, kind| bounce(outcome, kind, None).address_is_dead();
    assert!(dead(BounceOutcome::FailedForGood, BounceKind::NoSuchAddress));
    assert!(dead(BounceOutcome::FailedForGood, BounceKind::NoSuchServer));
    assert!(!dead(BounceOutcome::FailedForNow, BounceKind::NoSuchServer));
    assert!(!dead(BounceOutcome::FailedForGood, BounceKind::Refused));
    assert!(!dead(BounceOutcome::FailedForGood, BounceKind::TooBig));
    assert!(!dead(BounceOutcome::Delayed, BounceKind::NoSuchAddress));
}
