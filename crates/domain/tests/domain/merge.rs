//! Two cases that are one issue: what they are together, and what each is again.

use domain::{
    Actor, Case, CaseId, ChannelId, ContactId, CustomerId, Fact, MessageId, Opening, Refusal, Status, Timestamp,
};
use uuid::Uuid;

use Status::{New, Open, Resolved, Waiting};

const BY: Actor = Actor::Operator;

fn case(number: i64, status: Status) -> Case {
    let opening = Opening {
        customer: CustomerId(Uuid::from_u128(3)),
        id: CaseId(Uuid::from_u128(u128::try_from(number).unwrap())),
        number,
        contact: ContactId(Uuid::from_u128(5)),
        channel: ChannelId(Uuid::from_u128(6)),
        follows: None,
        subject: "The oven is cold",
        message: MessageId(Uuid::from_u128(7)),
        text: &format!("said in {number}"),
        automatic: None,
    };
    let case = Case::open(&opening, BY, Timestamp(number)).0;
    let resolved_at = (status == Resolved).then_some(Timestamp(number));
    Case { status, resolved_at, ..case }
}

#[test]
fn whoever_owes_a_step_in_either_owes_it_in_both() {
    for (one, other, both) in [
        (New, New, New),
        (New, Waiting, Open),
        (Waiting, New, Open),
        (Resolved, New, Open),
        (Open, Resolved, Open),
        (Waiting, Resolved, Waiting),
        (Resolved, Waiting, Waiting),
        (Resolved, Resolved, Resolved),
    ] {
        let (mut head, mut member) = (case(1, one), case(2, other));
        let before = head.clone();
        let entry = head.merge(&mut member, BY, Timestamp(9)).unwrap();
        assert_eq!(entry.fact, Fact::Merged { number: 2, case: member.id });
        assert_eq!((head.status, head.preview.as_str()), (both, "said in 2"), "{one} and {other}");
        assert_eq!(head.resolved_at.is_some(), both == Resolved);
        assert_eq!((member.status, member.is_live()), (other, false), "the other stays what it was");
        let (_, untouched) = head.take_apart(&mut member, &mut [], &[], BY, Timestamp(10)).unwrap();
        assert!(untouched);
        assert_eq!(Case { entries: before.entries, ..head }, before);
        assert_eq!(member, case(2, other));
    }
}

#[test]
fn what_is_over_put_aside_or_one_already_is_not_merged() {
    let refused = |one: &mut Case, other: &mut Case| one.merge(other, BY, Timestamp(9)).unwrap_err();
    let (mut one, mut other) = (case(1, New), case(2, New));
    let mut copy = one.clone();
    assert_eq!(refused(&mut one, &mut copy), Refusal::SameCase);
    let mut foreign = Case { customer: CustomerId(Uuid::from_u128(4)), ..other.clone() };
    assert_eq!(refused(&mut one, &mut foreign), Refusal::OtherCustomer);
    assert_eq!(refused(&mut one, &mut case(3, Status::Closed)), Refusal::Closed);
    other.put_aside(domain::Aside::Trash, domain::Unwanted::Person, BY, Timestamp(9));
    assert_eq!(refused(&mut one, &mut other), Refusal::Aside);
    let mut third = case(3, New);
    one.merge(&mut third, BY, Timestamp(9)).unwrap();
    assert_eq!(refused(&mut case(4, New), &mut third), Refusal::SameCase);
    assert_eq!(one.take_apart(&mut case(5, New), &mut [], &[], BY, Timestamp(9)).unwrap_err(), Refusal::NotMerged);
}
