//! A meeting that a mail is about, readable without a calendar; and mail that is sealed.

use domain::{Attendance, Invitation, InvitationMethod, MeetingStatus, Moment, Party, Sealed};
use maud::{Markup, html};

use super::icon::{Icon, icon};
use super::time::Clock;
use crate::text::{t, t_with};

/// How many people are named.
const NAMED: usize = 12;

/// The meeting.
pub fn invitation(it: &Invitation, clock: &Clock) -> Markup {
    html! {
        section.meeting aria-label=(title(it)) {
            (icon(Icon::Calendar))
            div.grow {
                p { b { (title(it)) } @if !it.summary.is_empty() { ": " (it.summary) } }
                dl.meeting-facts {
                    @if let Some(starts) = &it.starts { dt { (t("meeting-when")) } dd { (when(starts, it.ends.as_ref(), clock)) } }
                    @if let Some(again) = &it.recurrence { dt { (t("meeting-again")) } dd { (again) } }
                    @if !it.location.is_empty() { dt { (t("meeting-where")) } dd { (it.location) } }
                    @if let Some(who) = &it.organizer { dt { (t("meeting-organizer")) } dd { (label(who)) } }
                    @if !it.attendees.is_empty() { dt { (t("meeting-people")) } dd { (people(it)) } }
                }
            }
        }
    }
}

/// That a mail is sealed, and what can be done about it.
pub fn sealed(it: Sealed) -> Markup {
    let why = match it {
        Sealed::SmimeEncrypted => t("sealed-smime-encrypted"),
        Sealed::SmimeSigned => t("sealed-smime-signed"),
        Sealed::PgpEncrypted | Sealed::PgpInline => t("sealed-pgp"),
        Sealed::Winmail => t("sealed-winmail"),
    };
    html! { p.offer { (icon(Icon::Lock)) span { (why) } } }
}

fn title(it: &Invitation) -> &'static str {
    match (it.method, it.status) {
        (InvitationMethod::Cancel, _) | (_, Some(MeetingStatus::Cancelled)) => t("meeting-cancel"),
        (InvitationMethod::Reply, _) => t("meeting-reply"),
        (InvitationMethod::Counter, _) => t("meeting-counter"),
        (InvitationMethod::DeclineCounter, _) => t("meeting-decline-counter"),
        (InvitationMethod::Request | InvitationMethod::Add, _) if it.sequence > 0 => t("meeting-changed"),
        (InvitationMethod::Request | InvitationMethod::Add | InvitationMethod::Refresh, _) => t("meeting-request"),
        (InvitationMethod::Publish, _) => t("meeting-publish"),
    }
}

fn when(starts: &Moment, ends: Option<&Moment>, clock: &Clock) -> Markup {
    html! {
        (moment(starts, clock))
        @if let Some(ends) = ends.filter(|it| *it != starts) { " – " (moment(ends, clock)) }
    }
}

fn moment(it: &Moment, clock: &Clock) -> Markup {
    match it {
        Moment::Day(day) => html! { (day) },
        Moment::Local(time) => html! { (time.replace('T', " ")) },
        Moment::Instant { at, zone } => html! {
            (clock.long(*at))
            @if let Some(zone) = zone { span.t3 { " (" (t_with("meeting-zone", &[("zone", zone.as_str().into())])) ")" } }
        },
    }
}

fn label(who: &Party) -> &str {
    who.label()
}

fn people(it: &Invitation) -> Markup {
    html! {
        @for (at, who) in it.attendees.iter().take(NAMED).enumerate() {
            @if at > 0 { ", " }
            (label(&who.party))
            @if let Some(answer) = answer(who.attendance) { span.t3 { " (" (answer) ")" } }
        }
        @if it.attendees.len() > NAMED { " " (t_with("meeting-more", &[("count", (it.attendees.len() - NAMED).into())])) }
    }
}

fn answer(it: Attendance) -> Option<&'static str> {
    Some(match it {
        Attendance::Unanswered => return None,
        Attendance::Accepted => t("meeting-accepted"),
        Attendance::Declined => t("meeting-declined"),
        Attendance::Tentative => t("meeting-tentative"),
        Attendance::Delegated => t("meeting-delegated"),
    })
}
