//! The head of a case: what it is about, and what can be done with it.

use desk::case::RESOLUTION;
use domain::{Field, Member, Priority, Right, Status, Word};
use maud::{Markup, html};

use super::read::Case;
use super::{aside, follow, merge};
use crate::field;
use crate::inbox::pane::first_name;
use crate::nav::{priority_name, status_name};
use crate::part::{
    AvatarSize, Button, ChannelMark, Clock, Icon, MarkSize, channel_mark, due, icon, menu, menu_button, menu_do,
    our_avatar, told,
};
use crate::text::{t, t_with};

/// The head. What is done posts to an address that ends with `query`.
pub fn head(case: &Case, me: &Member, (list_name, query): (&str, &str), faces: &Markup, clock: &Clock) -> Markup {
    let it = &case.spine.case;
    let base = format!("/cases/{}", it.number);
    // Where the list stands that is beside the case; its own address calls that `before`.
    let list = format!("/inbox{}", query.replacen("&from=", "&before=", 1));
    let back = t_with("back-to", &[("view", list_name.into())]);
    html! {
        header.conv-h {
            div.row-flex {
                (Button::link(&back, &list).quiet().only_icon(Icon::ChevronLeft).key("Escape").class("conv-back"))
                h1 title=(it.subject) { (it.subject) }
            }
            div.conv-act {
                (faces)
                (follow::button(case.followers.contains(&me.id), &base, query))
                @if it.aside.is_none() {
                    @if it.status != Status::Closed {
                        (assignee(case, me, &base, query))
                        (snooze(it, &base, query, clock))
                        (turn(case, &base, query))
                    }
                    @if it.status != Status::Closed || me.role.may(Right::Desk) { (more(case, me, &base, query)) }
                }
                (Button::open(t("customer"), "side").small().quiet().only_icon(Icon::Panel).class("only-m").key("i"))
            }
            (meta(case, clock))
            (tags(case, &base, query))
        }
        (aside::notice(case, me, &base, query, clock))
    }
}

fn assignee(case: &Case, me: &Member, base: &str, query: &str) -> Markup {
    let now = case.spine.case.assignee;
    let others = case.colleagues.iter().filter(|it| it.here && it.id != me.id);
    html! {
        button.btn.btn-sm.assign type="button" popovertarget="assign" data-key="a" title={ (t("assign")) " (a)" } {
            @if now.is_some() {
                @let name = case.staff_name(now);
                (our_avatar(name, AvatarSize::Tiny)) span.vh { (t("assigned-to")) " " } span.vh-s { (first_name(name)) }
            } @else {
                (icon(Icon::Assign)) span.vh-s { (t("assign")) }
            }
            kbd aria-hidden="true" { "a" }
        }
        form method="post" action={ (base) "/assignment" (query) } {
            (menu("assign", t("assign"), &html! {
                (menu_button(Some(Icon::User), t("assign-me"), ("assignee", &me.id.to_string()), None, now == Some(me.id)))
                @for it in others { (menu_button(None, &it.name, ("assignee", &it.id.to_string()), None, now == Some(it.id))) }
                hr;
                (menu_button(Some(Icon::Minus), t("assign-nobody"), ("assignee", ""), None, now.is_none()))
            }))
        }
    }
}

/// When it comes back, or that it comes back now.
fn snooze(it: &domain::Case, base: &str, query: &str, clock: &Clock) -> Markup {
    if it.wake_at.is_some() {
        return html! {
            form method="post" action={ (base) "/waking" (query) } {
                (Button::submit(t("wake")).small().icon(Icon::Clock).key("s"))
            }
        };
    }
    if !it.status.is_live() {
        return html! {};
    }
    html! {
        button.btn.btn-sm type="button" popovertarget="snooze" data-key="s" title={ (t("snooze")) " (s)" } {
            (icon(Icon::Clock)) span.vh-s { (t("snooze")) }
            kbd aria-hidden="true" { "s" }
        }
        (menu("snooze", t("snooze"), &html! {
            form method="post" action={ (base) "/snooze" (query) } {
                @for (word, at) in clock.later() {
                    button.menu-item type="submit" name="until" value=(at.0) {
                        span.trunc { (t(word)) } span.t3.xs.end { (clock.short_ahead(at)) }
                    }
                }
            }
            hr;
            form method="post" action={ (base) "/snooze" (query) } {
                div.field {
                    label for="snooze-at" { (t("snooze-until")) }
                    input.input #snooze-at type="datetime-local" name="at" required min=(clock.field(clock.now()));
                }
                (menu_do(Icon::Clock, t("snooze"), None))
            }
        }))
    }
}

/// What it is marked with.
fn tags(case: &Case, base: &str, query: &str) -> Markup {
    let it = &case.spine.case;
    let may = it.aside.is_none() && it.status != Status::Closed;
    html! {
        div.conv-tags {
            form.row-flex.gap-1 method="post" action={ (base) "/tags" (query) } {
                @for tag in case.own_tags() {
                    span.tag {
                        (tag.name)
                        @if may {
                            button type="submit" name="off" value=(tag.id) aria-label=(t_with("tag-off", &[("tag", tag.name.as_str().into())])) { (icon(Icon::X)) }
                        }
                    }
                }
            }
            @if may {
                button.btn.btn-quiet.btn-xs type="button" popovertarget="tag" data-key="t" data-focus="tag-name" title={ (t("tag")) " (t)" } {
                    (icon(Icon::Tag)) span.vh[!it.tags.is_empty()] { (t("tag")) }
                }
                form method="post" action={ (base) "/tags" (query) } {
                    (menu("tag", t("tag"), &html! {
                        div.field {
                            label for="tag-name" { (t("tag-add")) }
                            input.input #tag-name name="on" list="tags" autocomplete="off" maxlength="400" required aria-describedby="tag-h";
                            datalist #tags { @for tag in &case.tags { @if !it.tags.contains(&tag.id) { option value=(tag.name) {} } } }
                            p.hint #tag-h { (t("tag-hint")) }
                        }
                        (menu_do(Icon::Tag, t("tag-do"), None))
                    }))
                }
            }
        }
    }
}

/// Resolve, or take that back.
fn turn(case: &Case, base: &str, query: &str) -> Markup {
    let it = &case.spine.case;
    if it.status == Status::Resolved {
        return html! {
            form method="post" action={ (base) "/reopening" (query) } {
                (Button::submit(t("reopen")).small().icon(Icon::Refresh).key("e"))
            }
        };
    }
    let known = it.resolution.as_deref();
    let fields: Vec<Field> = case.own_fields().cloned().collect();
    let missing = it.missing(&fields);
    html! {
        button.btn.btn-sm type="button" popovertarget="resolve" data-key="e" data-focus="resolution" title={ (t("resolve")) " (e)" } {
            (icon(Icon::Check)) span.vh-s { (t("resolve")) }
            kbd aria-hidden="true" { "e" }
        }
        form method="post" action={ (base) "/resolution" (query) } {
            (menu("resolve", t("resolve"), &html! {
                @for it in &missing { (field::input(it, None, "resolve")) }
                div.field {
                    label for="resolution" { (t("resolution-ask")) }
                    input.input #resolution name="resolution" value=[known] maxlength=(RESOLUTION) autocomplete="off" aria-describedby="resolution-h";
                    p.hint #resolution-h { (t("resolution-hint")) }
                }
                (menu_do(Icon::Check, t("resolve"), None))
            }))
        }
    }
}

/// Priority and team of an open case; away with it, and its sender.
fn more(case: &Case, me: &Member, base: &str, query: &str) -> Markup {
    let open = case.spine.case.status != Status::Closed;
    html! {
        (Button::open(t("case-more"), "case-more").small().quiet().only_icon(Icon::More))
        (menu("case-more", t("case-more"), &html! {
            @if open { (weight(case, base, query)) hr; (merge::lines(me, base, query)) }
            @if me.role.may(Right::Desk) {
                @if open { hr; }
                (aside::lines(base, query))
                (aside::block_lines(case, base, query))
            }
        }))
        @if open { (merge::with(case, base, query)) }
    }
}

fn weight(case: &Case, base: &str, query: &str) -> Markup {
    let it = &case.spine.case;
    html! {
            form method="post" action={ (base) "/priority" (query) } {
                p.menu-h { (t("priority")) }
                @for word in Priority::ALL.iter().rev() {
                    (menu_button(None, priority_name(*word), ("priority", word.word()), None, it.priority == *word))
                }
            }
            @if !case.teams.is_empty() {
                hr;
                form method="post" action={ (base) "/team" (query) } {
                    p.menu-h { (t("team")) }
                    @for team in &case.teams {
                        (menu_button(None, &team.name, ("team", &team.id.to_string()), None, it.team == Some(team.id)))
                    }
                    (menu_button(None, t("no-team"), ("team", ""), None, it.team.is_none()))
                }
            }
    }
}

fn meta(case: &Case, clock: &Clock) -> Markup {
    let it = &case.spine.case;
    let team = it.team.and_then(|id| case.teams.iter().find(|it| it.id == id));
    html! {
        p.conv-meta {
            a.trunc href={ "/customers/" (case.spine.customer.id) } { (case.spine.customer.name) }
            span { (t_with("case-number", &[("number", it.number.to_string().into())])) }
            span { (status_name(it.status)) }
            @match it.priority {
                Priority::Normal => {},
                Priority::Urgent => span { b.risk { (priority_name(it.priority)) } },
                Priority::High => span { b.watch { (priority_name(it.priority)) } },
                Priority::Low => span { (priority_name(it.priority)) },
            }
            @if let Some(at) = it.due_at.filter(|_| matches!(it.status, Status::New | Status::Open)) { span { (due(at, clock)) } }
            @if let Some(at) = it.wake_at { span { (told("snoozed-until", &[("when", html! { (clock.long_said(at)) })])) } }
            @if let Some(team) = team { span { (team.name) } }
            @if let Some(number) = it.follows {
                span { (told("case-follows", &[("case", html! { a href={ "/cases/" (number) } { (number) } })])) }
            }
            span.row-flex.gap-1.hide-s {
                (channel_mark(ChannelMark::Mail, MarkSize::Tiny))
                span title=(t("opened")) { (clock.long(it.opened_at)) }
            }
        }
    }
}
