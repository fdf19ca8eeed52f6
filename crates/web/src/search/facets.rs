//! What narrows a search down: counted among the cases of the hits that were looked at.

use domain::filter::{Day, quoted};
use domain::{ChannelId, CustomerId, StaffId, Status, Timestamp, Word};
use maud::{Markup, html};

use super::Results;
use crate::nav::status_name;
use crate::part::Clock;
use crate::text::t;

/// More of one kind nobody reads.
const MOST: usize = 5;

/// A way to narrow down: what it says, the word that it adds, how many cases are left.
type Choice = (String, String, usize);

pub(super) fn facets(it: &Results, clock: &Clock) -> Markup {
    let cases = &it.answer.cases;
    if cases.len() < 2 {
        return html! {};
    }
    let statuses = Status::ALL.iter().map(|status| {
        let count = cases.iter().filter(|it| it.1.status == *status).count();
        (status_name(*status).to_owned(), format!("status:{status}"), count)
    });
    let since = |days: u16| clock.midnight(Day::Ago(days)).unwrap_or(Timestamp(i64::MAX));
    let when = [("facet-week", 7_u16), ("facet-month", 30), ("facet-year", 365)].map(|(name, days)| {
        let count = cases.iter().filter(|it| it.1.last_at >= since(days)).count();
        (t(name).to_owned(), format!("after:{days}d"), count)
    });
    let named = |id: ChannelId| it.channels.iter().find(|it| it.id == id);
    let channels = counted(cases.iter().map(|it| it.1.channel)).into_iter().filter_map(|(id, count)| {
        let channel = named(id)?;
        Some((channel.name.clone(), format!("channel:{}", quoted(channel.address.as_str())), count))
    });
    let whose = counted(cases.iter().map(|it| it.1.assignee)).into_iter().filter_map(|(id, count)| who(it, id, count));
    let customer = |id: CustomerId| {
        it.answer.found.iter().find(|it| it.line.customer == id).map(|it| it.line.customer_name.clone())
    };
    let customers = counted(cases.iter().map(|it| it.0)).into_iter().filter_map(|(id, count)| {
        let name = customer(id)?;
        let word = format!("customer:{}", quoted(&name));
        Some((name, word, count))
    });
    html! {
        aside.sr-side aria-label=(t("facets")) {
            (facet(it, t("facet-status"), statuses.collect()))
            (facet(it, t("facet-customer"), customers.collect()))
            (facet(it, t("facet-who"), whose.collect()))
            (facet(it, t("facet-channel"), channels.collect()))
            (facet(it, t("facet-when"), when.to_vec()))
            @if !it.answer.whole { p.xs.t3.mt3 { (t("facets-newest")) } }
        }
    }
}

fn who(it: &Results, id: Option<StaffId>, count: usize) -> Option<Choice> {
    let Some(id) = id else { return Some((t("facet-nobody").to_owned(), "assignee:nobody".to_owned(), count)) };
    let name = &it.colleagues.iter().find(|it| it.id == id)?.name;
    Some((name.clone(), format!("assignee:{}", quoted(name)), count))
}

/// Only what is a choice: where all cases are the same, there is none.
fn facet(it: &Results, title: &str, choices: Vec<Choice>) -> Markup {
    let choices: Vec<Choice> = choices.into_iter().filter(|it| it.2 > 0).take(MOST).collect();
    let all = it.answer.cases.len();
    if choices.iter().all(|it| it.2 == all) {
        return html! {};
    }
    html! {
        section.facet {
            h3 { (title) }
            @for (name, word, count) in choices.iter().filter(|it| it.2 < all) {
                a href=(it.with(word)) { span.trunc { (name) } span.n { (count) } }
            }
        }
    }
}

/// Each once, the most frequent first.
fn counted<T: PartialEq + Copy>(all: impl Iterator<Item = T>) -> Vec<(T, usize)> {
    let mut counts: Vec<(T, usize)> = Vec::new();
    for it in all {
        match counts.iter_mut().find(|known| known.0 == it) {
            Some(known) => known.1 += 1,
            None => counts.push((it, 1)),
        }
    }
    counts.sort_by_key(|it| std::cmp::Reverse(it.1));
    counts
}
