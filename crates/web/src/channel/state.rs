//! How a mailbox stands: a line of the list, a warning, and what its own page says.

use desk::channel::servers;
use domain::MailboxState;
use maud::{Markup, html};
use store::channel::Line;

use super::address;
use super::button::test_saved_button;
use crate::part::{Button, ChannelMark, Clock, Icon, MarkSize, Tone, banner_with, channel_mark, icon};
use crate::text::{t, t_with};

/// A mailbox that cannot be read.
pub fn warning(line: &Line) -> Markup {
    let broken = |it: MailboxState| matches!(it, MailboxState::Broken | MailboxState::LockedOut);
    let error = line.mailbox.as_ref().filter(|it| broken(it.state)).and_then(|it| it.error.as_deref());
    html! {
        @if let Some(error) = error {
            div.mb4 {
                (banner_with(
                    Tone::Risk,
                    &html! { b { (line.channel.name) } ": " (error) " " (t("channel-broken-safe")) },
                    &html! { (Button::link(t("channel-mend"), &address(line.channel.id)).small()) },
                ))
            }
        }
    }
}

/// The state in words.
fn word(line: &Line, clock: &Clock) -> Markup {
    let servers = servers(&line.channel);
    let sends = servers.as_ref().is_ok_and(|it| it.sending.is_some());
    let by_program = servers.is_ok_and(|it| it.reading.is_none());
    html! {
        @match &line.mailbox {
            Some(it) => @match it.state {
                MailboxState::Live if sends => span.st-good { (icon(Icon::CheckCircle)) (t("channel-live-both")) },
                MailboxState::Live => span.st-good { (icon(Icon::CheckCircle)) (t("channel-live")) },
                MailboxState::LockedOut => span.st-risk { (icon(Icon::Alert)) (t("channel-locked-out")) },
                MailboxState::Broken => span.st-risk { (icon(Icon::Alert)) span { (t("channel-broken")) " " (clock.short(it.since)) } },
                MailboxState::Connecting => span.st-watch { (icon(Icon::Clock)) (t("channel-connecting")) },
            },
            None if by_program => span { (icon(Icon::Code)) (t("way-api")) },
            None => span { (icon(Icon::Minus)) (t("channel-idle")) },
        }
    }
}

/// A line of the list.
pub fn row(line: &Line, clock: &Clock) -> Markup {
    let name = t_with("channel-settings-of", &[("name", line.channel.name.as_str().into())]);
    let last = line.mailbox.as_ref().and_then(|it| it.last_at);
    html! {
        li {
            (channel_mark(ChannelMark::from(line.channel.kind), MarkSize::Large))
            div.chan-n { b { (line.channel.name) } span { (line.channel.address) } }
            div.chan-s {
                (word(line, clock))
                @if line.quarantined > 0 {
                    a.link.xs href={ (address(line.channel.id)) "#quarantine" } { (t_with("channel-quarantined", &[("count", line.quarantined.into())])) }
                }
            }
            div.chan-l.hide-s {
                @if line.mailbox.is_some() {
                    span.xs.t3 {
                        @match last {
                            Some(at) => { (t("channel-last")) " " (clock.short(at)) },
                            None => (t("channel-last-none")),
                        }
                    }
                }
            }
            div.chan-b {
                @if servers(&line.channel).is_ok_and(|it| it.reading.is_some()) { (test_saved_button(&format!("{}/test", address(line.channel.id)), &line.channel.name)) }
                (Button::link(t("channel-settings"), &address(line.channel.id)).small().name(&name))
            }
        }
    }
}

/// How one mailbox stands, above its form.
pub fn standing(line: &Line, clock: &Clock) -> Markup {
    let proof = servers(&line.channel).ok().and_then(|it| it.proof);
    html! {
        div.mb4.stack.stack-sm #standing data-live="channels" data-src=(address(line.channel.id)) {
            div.chan-s { (word(line, clock)) }
            @if let Some(it) = &line.mailbox {
                p.sm.t2 {
                    @match it.last_at {
                        Some(at) => { (t("channel-last-mail")) " " (clock.long(at)) "." },
                        None => { (t("channel-last-none")) "." },
                    }
                }
                @if let (Some(error), Some(at)) = (&it.last_error, it.last_error_at) {
                    p.sm.t2 { (t("channel-last-error")) " " (clock.long(at)) ": " (error) }
                }
            }
            @if let Some(it) = proof {
                p.sm.t2 {
                    (t("channel-proven")) " " (clock.long(it.at)) ". "
                    (if it.plus { t("channel-plus") } else { t("channel-plus-not") })
                }
            }
        }
    }
}
