//! What somebody is told, as a mail says it.

use domain::NotificationKind;
use store::notification::Line;

/// One line of it: what happened, in a sentence, and what about.
pub(super) fn sentence(it: &Line, who: &str, time: &str, is_theirs: bool) -> String {
    let number = it.number;
    match (it.kind, it.count) {
        (NotificationKind::Mentioned, 1) => format!("{who} mentions you in case {number}"),
        (NotificationKind::Mentioned, count) => format!("{who} and others mention you {count} times in case {number}"),
        (NotificationKind::Assigned, _) if who.is_empty() => format!("Case {number} is yours now"),
        (NotificationKind::Assigned, _) => format!("{who} gave you case {number}"),
        (NotificationKind::Message, 1) if is_theirs => format!("{who} wrote in your case {number}"),
        (NotificationKind::Message, 1) => format!("{who} wrote in case {number}, which you follow"),
        (NotificationKind::Message, count) => format!("{count} new messages in case {number}"),
        (NotificationKind::Clock, _) => format!("A reply to {} is due at {time}, in case {number}", it.customer),
    }
}
