//! What was found, line by line.

use domain::sought::Snippet;
use domain::{CustomerKind, Member, Status};
use maud::{Markup, html};
use store::case::list::Line;
use store::search::answer::{Found, Voice};
use store::search::people::Person;
use store::staff::Colleague;

use crate::inbox::pane::first_name;
use crate::nav::{kind_name, status_name};
use crate::part::{
    AvatarSize, ChannelMark, Clock, Icon, MarkSize, channel_mark, icon, organization_avatar, their_avatar,
};
use crate::text::{t, t_with};

/// Customers and contacts, above the cases.
pub fn people(people: &[Person], more: Option<String>) -> Markup {
    html! {
        section.sec.mt3 aria-labelledby="sr-people" {
            header { h2 #sr-people { (t("search-people")) } }
            ul.list.list-lines {
                @for it in people {
                    li { a.row href={ "/customers/" (it.customer) } {
                        @if it.contact.is_none() && it.kind == CustomerKind::Organization { (organization_avatar(&it.name.text, AvatarSize::Normal)) }
                        @else { (their_avatar(&it.name.text, AvatarSize::Normal)) }
                        span.grow {
                            span.row-t { (marked(&it.name)) } br;
                            span.row-s.wrap-any {
                                @if let Some(address) = &it.address { (marked(address)) ", " }
                                @if it.contact.is_some() { (t_with("search-of", &[("name", it.customer_name.as_str().into())])) } @else { (kind_name(it.kind)) }
                            }
                        }
                    } }
                }
            }
            @if let Some(more) = more { p.sm { a.link href=(more) { (t("search-people-more")) } } }
        }
    }
}

/// Cases by their newest hit, or as filters alone list them.
pub fn list(found: &[Found], lines: &[Line], colleagues: &[Colleague], me: &Member, clock: &Clock) -> Markup {
    html! {
        ul.hits data-list {
            @for it in found { li { (hit(it, colleagues, me, clock)) } }
            @for it in lines { li { (plain(it, clock)) } }
        }
    }
}

fn hit(it: &Found, colleagues: &[Colleague], me: &Member, clock: &Clock) -> Markup {
    let named =
        |id: &Option<domain::StaffId>| colleagues.iter().find(|it| Some(it.id) == *id).map(|it| first_name(&it.name));
    let mark = if matches!(it.voice, Voice::Note(_)) { ChannelMark::Note } else { ChannelMark::Mail };
    html! {
        a.hit href={ "/cases/" (it.line.number) } {
            (channel_mark(mark, MarkSize::Normal))
            span.hit-t { (marked(&it.subject)) }
            (clock.long(it.at))
            @if let Some(snippet) = &it.snippet {
                span.hit-x {
                    @match &it.voice {
                        Voice::Theirs(name) => { (name) ": " },
                        Voice::Ours(id) if *id == Some(me.id) => { (t("we")) ": " },
                        Voice::Ours(id) => { (named(id).unwrap_or(t("we"))) ": " },
                        Voice::Supplier(name) => { (t_with("search-supplier", &[("name", name.as_str().into())])) ": " },
                        Voice::Asked(id) => { (t_with("search-asked", &[("name", named(id).unwrap_or(t("we")).into())])) ": " },
                        Voice::Note(id) => { @if let Some(name) = named(id) { (t_with("search-note-of", &[("name", name.into())])) } @else { (t("search-note")) } ": " },
                        Voice::Case => { (t("search-solved")) ": " },
                    }
                    (marked(snippet))
                }
            }
            (state(&it.line))
            (meta(&it.line, it.more))
        }
    }
}

fn plain(it: &Line, clock: &Clock) -> Markup {
    html! {
        a.hit href={ "/cases/" (it.number) } {
            (channel_mark(ChannelMark::Mail, MarkSize::Normal))
            span.hit-t { (it.subject) }
            (clock.long(it.last_at))
            span.hit-x { (it.preview) }
            (state(it))
            (meta(it, 0))
        }
    }
}

fn meta(it: &Line, more: usize) -> Markup {
    html! {
        span.hit-m {
            span { (t_with("search-case", &[("number", it.number.to_string().into())])) } span { "·" } span.nowrap { (it.customer_name) }
            @if more > 0 { span { "· " (t_with("search-more", &[("count", more.into())])) } }
        }
    }
}

fn state(it: &Line) -> Markup {
    let glyph = match it.status {
        Status::New | Status::Open => return html! {},
        Status::Waiting => Icon::Hourglass,
        Status::Resolved => Icon::Check,
        Status::Closed => Icon::Lock,
    };
    html! { span.due { (icon(glyph)) (status_name(it.status)) } }
}

fn marked(it: &Snippet) -> Markup {
    let mut at = 0;
    html! {
        @if it.begun { "…" }
        @for mark in &it.marks {
            (it.text.get(at..mark.start).unwrap_or_default())
            mark.hl { (it.text.get(mark.clone()).unwrap_or_default()) }
            @let () = at = mark.end;
        }
        (it.text.get(at..).unwrap_or_default())
        @if it.goes_on { "…" }
    }
}
