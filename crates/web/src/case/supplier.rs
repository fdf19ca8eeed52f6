//! What goes to a supplier: to whom, what of the case goes along, and how it is answered.

use domain::{Case as Row, Direction, File, Message, MessageId, MessageState, Party};
use maud::{Markup, html};

use super::compose::{Written, everybody, typed};
use super::read::Case;
use crate::part::{Clock, Icon, Mode, icon_sm, size};
use crate::text::{t, t_with};

/// So many messages are offered to go along: the newest.
const OFFERED: usize = 20;

/// Whether a message was said with a supplier.
pub fn is_with_supplier(case: &Case, id: MessageId) -> bool {
    case.spine.messages.get(&id).is_some_and(|it| it.supplier.is_some())
}

/// Whether a supplier wrote it.
pub fn is_from_supplier(case: &Case, id: MessageId) -> bool {
    case.spine.messages.get(&id).is_some_and(from_supplier)
}

fn from_supplier(it: &Message) -> bool {
    it.supplier.is_some() && it.direction == Direction::Inbound
}

fn may_write(case: &Row) -> bool {
    case.changeable().is_ok()
}

/// To the composer, which takes the cursor: with a fragment in the address the browser would not let it.
fn link(case: &Case, id: MessageId, query: &str) -> String {
    let sign = if query.is_empty() { '?' } else { '&' };
    format!("/cases/{}{query}{sign}forward={id}", case.number())
}

/// Where what the customer wrote is forwarded. What else was said is added in the composer.
pub fn forwarding(case: &Case, it: &Message, query: &str) -> Option<String> {
    let can = may_write(&case.spine.case) && it.direction == Direction::Inbound && it.supplier.is_none();
    can.then(|| link(case, it.id, query))
}

/// Below what a supplier wrote: the way to answer them, and nobody else.
pub fn answer(case: &Case, it: &Message, query: &str) -> Option<Markup> {
    let can = from_supplier(it) && it.automatic.is_none() && may_write(&case.spine.case);
    can.then(|| {
        html! {
            p.entry-state {
                a.btn.btn-sm href=(link(case, it.id, query)) {
                    (icon_sm(Icon::Reply)) (t_with("supplier-answer", &[("who", it.sender.label().into())]))
                }
            }
        }
    })
}

/// What a machine of ours said, or nobody got, is nothing to pass on.
fn goes_along(it: &Message) -> bool {
    let said = it.direction == Direction::Inbound || it.staff.is_some();
    said && !matches!(it.state, MessageState::TakenBack | MessageState::Failed)
}

/// What was begun for a supplier.
struct Begun {
    to: String,
    answers: Option<MessageId>,
    along: Vec<MessageId>,
    /// Hashes of the files that go along; all that do not stand in a text, if none were chosen yet.
    files: Option<Vec<String>>,
}

impl Begun {
    /// As it could not be sent, as a link asks for it, as it was kept, or else with the customer's newest message.
    fn of(case: &Case, asked: Option<MessageId>, refused: Option<&Written>) -> Begun {
        let refused = refused.filter(|it| it.mode == Mode::Forward);
        let asked = asked.and_then(|id| case.spine.messages.get(&id));
        let drafted = case.draft.as_ref().and_then(|it| Some((it.kind.forwarding()?, &it.recipients)));
        match (refused, asked, drafted) {
            (Some(it), ..) => Begun {
                to: it.supplier.clone(),
                answers: it.with.answers,
                along: it.with.along.clone(),
                files: Some(it.with.files.clone()),
            },
            (None, Some(it), _) if from_supplier(it) => {
                let to = typed(&everybody(it, &case.own_addresses(), &[]).to);
                Begun { to, answers: Some(it.id), along: Vec::new(), files: None }
            }
            (None, Some(it), drafted) => {
                let to = drafted.map(|it| typed(&it.1.to)).unwrap_or_default();
                Begun { to, answers: None, along: vec![it.id], files: None }
            }
            (None, None, Some((with, to))) => Begun {
                to: typed(&to.to),
                answers: with.answers,
                along: with.along.clone(),
                files: Some(with.files.clone()),
            },
            (None, None, None) => {
                let along = case.answered.iter().map(|it| it.id).collect();
                Begun { to: String::new(), answers: None, along, files: None }
            }
        }
    }

    fn has(&self, file: &File) -> bool {
        self.files.as_ref().map_or(!file.inline, |it| it.contains(&file.hash))
    }
}

/// The part of the composer that is for a supplier.
pub fn fields(case: &Case, asked: Option<MessageId>, refused: Option<&Written>, clock: &Clock) -> Markup {
    let begun = Begun::of(case, asked, refused);
    let mut all: Vec<&Message> = case.spine.messages.values().filter(|it| goes_along(it)).collect();
    all.extend(case.answered.iter().filter(|it| !case.spine.messages.contains_key(&it.id)));
    all.sort_by_key(|it| std::cmp::Reverse((it.at, it.id)));
    let (along, others): (Vec<&Message>, Vec<&Message>) = all.into_iter().partition(|it| begun.along.contains(&it.id));
    let answers = begun.answers.and_then(|id| case.spine.messages.get(&id));
    html! {
        div.composer-to.for-forward {
            div.field.row-flex {
                label for="supplier" { (t("forward-to")) }
                input.input.grow #supplier name="supplier" value=(begun.to) list="suppliers" data-known="suppliers" autocomplete="off"
                    autofocus[asked.is_some_and(|id| !is_from_supplier(case, id))];
                datalist #suppliers { @for it in &case.suppliers { (offered(it)) } }
            }
            @if let Some(it) = answers {
                label.check.xs {
                    input type="checkbox" name="answers" value=(it.id) checked;
                    span { (t_with("forward-answers", &[("who", it.sender.label().into())])) " " (clock.long(it.at)) }
                }
            }
            div.along role="group" aria-label=(t("forward-along")) {
                span.xs.t3 { @if along.is_empty() { (t("forward-nothing-along")) } @else { (t("forward-along")) } }
                @for it in &along { (chosen(case, it, &begun, clock)) }
            }
            @if !others.is_empty() {
                details.along-more {
                    summary.xs.t3 { (t("forward-more")) }
                    ul { @for it in others.iter().take(OFFERED) { li { (choice(case, it, &begun, clock)) } } }
                }
            }
        }
    }
}

fn offered(it: &Party) -> Markup {
    html! { @if let Some(address) = &it.address { option value=(address) { (it.label()) } } }
}

/// Who wrote it.
fn who<'c>(case: &'c Case, it: &'c Message) -> &'c str {
    if it.direction == Direction::Inbound { it.sender.label() } else { case.staff_name(it.staff) }
}

/// A message that goes along, with its files; each can be taken out.
fn chosen(case: &Case, it: &Message, begun: &Begun, clock: &Clock) -> Markup {
    html! {
        span.along-of {
            label.file.along-on title=(t("forward-take-out")) {
                input.vh type="checkbox" name="along" value=(it.id) checked;
                (icon_sm(Icon::Mail)) b.trunc { (who(case, it)) } (clock.long(it.at)) (icon_sm(Icon::X))
            }
            @for file in &it.files {
                label.file.along-on.along-file title=(t("forward-take-out")) {
                    input.vh type="checkbox" name="along-file" value=(file.hash) checked[begun.has(file)];
                    (icon_sm(Icon::Clip)) b.trunc { (file.name) } span { (size(file.size)) } (icon_sm(Icon::X))
                }
            }
        }
    }
}

/// A message that may go along, too.
fn choice(case: &Case, it: &Message, begun: &Begun, clock: &Clock) -> Markup {
    html! {
        span.along-of {
            label.check.sm {
                input type="checkbox" name="along" value=(it.id);
                span.trunc {
                    b { (who(case, it)) } @if it.supplier.is_some() { " (" (t("supplier")) ")" } " " (clock.long(it.at))
                }
            }
            @for file in &it.files {
                label.check.sm.along-file {
                    input type="checkbox" name="along-file" value=(file.hash) checked[begun.has(file)];
                    span.trunc { (file.name) " " span.t3 { (size(file.size)) } }
                }
            }
        }
    }
}
