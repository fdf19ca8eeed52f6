//! What is put aside, and whom one may block.

use domain::block::{Sender, Unblockable};
use domain::{Actor, Aside, Case, Email, Fact, Opening, Refusal, StaffId, Status, Timestamp, Unwanted};
use uuid::Uuid;

const NOW: Timestamp = Timestamp(1_000);

fn case() -> Case {
    let id = Uuid::nil();
    let opening = Opening {
        customer: id.into(),
        id: id.into(),
        number: 7,
        contact: id.into(),
        channel: id.into(),
        follows: None,
        subject: "Help",
        message: id.into(),
        text: "Please",
        automatic: None,
    };
    Case::open(&opening, Actor::Job, NOW).0
}

#[test]
fn a_case_comes_back_with_the_status_that_it_had() {
    let ines = StaffId(Uuid::nil());
    for status in [Status::New, Status::Open, Status::Waiting, Status::Resolved, Status::Closed] {
        let mut case = Case { status, ..case() };
        let entry = case.put_aside(Aside::Spam, Unwanted::Person, Actor::Staff(ines), NOW).unwrap();
        assert_eq!(entry.fact, Fact::PutAside { to: Aside::Spam, why: Unwanted::Person });
        assert_eq!((case.is_live(), case.aside.unwrap().by), (false, Some(ines)));
        assert_eq!(case.put_aside(Aside::Spam, Unwanted::Blocked, Actor::Job, NOW), None, "it is there");
        assert!(case.put_aside(Aside::Trash, Unwanted::Person, Actor::Job, NOW).is_some());
        let entry = case.put_back(Actor::Staff(ines), NOW).unwrap();
        assert_eq!(entry.fact, Fact::PutBack { from: Aside::Trash, status });
        assert_eq!((case.status, case.is_live(), entry.number), (status, status.is_live(), Some(4)));
        assert_eq!(case.put_back(Actor::Job, NOW).unwrap_err(), Refusal::NotAside);
    }
}

#[test]
fn nobody_works_on_what_is_put_aside_but_mail_still_comes() {
    let mut case = case();
    case.put_aside(Aside::Spam, Unwanted::Server, Actor::Job, NOW);
    let message = Uuid::nil().into();
    assert_eq!(case.reply(message, "Hi", false, Actor::Job, NOW).unwrap_err(), Refusal::Aside);
    assert_eq!(case.note("Hi", Vec::new(), Vec::new(), Actor::Job, NOW).unwrap_err(), Refusal::Aside);
    assert_eq!(case.assign(None, Actor::Job, NOW).unwrap_err(), Refusal::Aside);
    assert_eq!(case.resolve("", Actor::Job, NOW).unwrap_err(), Refusal::Aside);
    case.receive(message, "More", None, Actor::Job, NOW).unwrap();
    assert!(case.aside.is_some());
    case.put_back(Actor::Job, NOW).unwrap();
    case.resolve("", Actor::Job, NOW).unwrap();
    case.put_aside(Aside::Trash, Unwanted::Person, Actor::Job, NOW);
    assert_eq!(case.close(std::time::Duration::ZERO, Actor::Job, NOW).unwrap_err(), Refusal::NotDue);
}

#[test]
fn a_sender_is_an_address_without_its_tag_or_a_domain() {
    for (typed, kept, whole) in [
        ("Ann+shop@X.example", "ann@x.example", false),
        (" @X.example ", "x.example", true),
        ("x.example", "x.example", true),
    ] {
        let sender = Sender::parse(typed).unwrap();
        assert_eq!((sender.as_str(), sender.is_domain()), (kept, whole), "{typed}");
    }
    for typed in ["", "@", "example", "a@b@", "x example.org", "ann@", "@ann@x.example@"] {
        assert_eq!(Sender::parse(typed), Err(Unblockable::Unreadable), "{typed}");
    }
    let own = [Email::parse("support@tareline.example").unwrap()];
    for (typed, may) in [
        ("gmail.com", false),
        ("ann@gmail.com", true),
        ("tareline.example", false),
        ("support+x@tareline.example", false),
        ("ann@tareline.example", true),
        ("sub.tareline.example", true),
    ] {
        assert_eq!(Sender::parse(typed).unwrap().check(&own).is_ok(), may, "{typed}");
    }
}
