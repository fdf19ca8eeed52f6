//! How much time is left for a reply.

use domain::Timestamp;
use maud::{Markup, html};

use super::icon::{Icon, icon};
use super::time::Clock;
use crate::text::{t, t_with};

/// From then on the time is told in colour.
const SOON: u64 = 60 * 60;

/// The time that is left, or by how much a reply is late. It gets a colour when it matters.
pub fn due(at: Timestamp, clock: &Clock) -> Markup {
    let (left, late) = (clock.until(at).as_secs(), clock.since(at).as_secs());
    let whole = clock.long_said(at);
    if late > 0 {
        let said = t_with("due-late", &[("time", span(late).into())]);
        return html! { span.due.due-risk title=(whole) { (icon(Icon::Alert)) (said) } };
    }
    html! {
        span.due.due-watch[left <= SOON] title={ (t("due")) " " (whole) } { (icon(Icon::Clock)) span.vh { (t("due")) " " } (span(left)) }
    }
}

/// A span of time, as short as it is useful: "42 min", "3 h", "2 d".
pub fn span(seconds: u64) -> String {
    let minutes = seconds.div_ceil(60);
    match minutes {
        0..100 => t_with("span-minutes", &[("count", minutes.to_string().into())]),
        100..2880 => t_with("span-hours", &[("count", (minutes / 60).to_string().into())]),
        _ => t_with("span-days", &[("count", (minutes / 1440).to_string().into())]),
    }
}
