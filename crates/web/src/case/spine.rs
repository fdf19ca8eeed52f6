//! The conversation: every entry of a case in words.

use std::borrow::Cow;

use domain::mention::mentions;
use domain::{
    Actor, Aside, Association, BounceOutcome, ChannelId, CustomerId, Decision, Direction, Entry, Fact, File, FileKind,
    Fold, FoldKind, Member, Message, MessageState, Party, Reason, Right, StaffId, Status, TeamId, Unwanted, Verdict,
    subject,
};
use maud::{Markup, html};

use store::case::spine::Reach;

use super::merge;
use super::promise;
use super::read::Case;
use super::sending::Leaving;
use super::supplier;
use super::why::{automatic, why, why_supplier};
use crate::inbox::pane::first_name;
use crate::nav::priority_name;
use crate::part::{
    Button, Clock, Icon, MessageBody, MessageEntry, NoteEntry, entry_line, entry_line_with, icon_sm, invitation,
    sealed, told,
};
use crate::text::{t, t_with};

/// The entries, oldest first.
pub fn entries(case: &Case, me: &Member, (query, choose): (&str, bool), demo: bool, clock: &Clock) -> Markup {
    let telling = Telling { case, me, query, choose, demo, clock };
    html! {
        @if let Some(before) = &case.spine.earlier {
            a.btn.btn-sm.earlier #earlier data-rev=(before) href={ "/cases/" (case.number()) (amid(query, before)) } { (t("entries-earlier")) }
        }
        @for at in 0..case.spine.entries.len() { (telling.entry(at)) }
        @if case.is_earlier {
            a.btn.btn-sm.earlier #newest data-rev="0" href={ "/cases/" (case.number()) (query) } { (t("entries-newest")) }
        }
    }
}

/// The query with the entry before which the conversation ends.
pub(super) fn amid(query: &str, before: &Reach) -> String {
    let sign = if query.is_empty() { '?' } else { '&' };
    format!("{query}{sign}before={before}")
}

/// Where an entry stands on the page; `other` is the number of the case in which it was written, if that was taken in.
pub(super) fn anchor(other: Option<i64>, number: i64) -> String {
    other.map_or_else(|| format!("e{number}"), |other| format!("e{other}-{number}"))
}

struct Telling<'a> {
    case: &'a Case,
    me: &'a Member,
    query: &'a str,
    choose: bool,
    demo: bool,
    clock: &'a Clock,
}

impl Telling<'_> {
    fn entry(&self, at: usize) -> Markup {
        let spine = &self.case.spine;
        let (Some(entry), Some(written_in)) = (spine.entries.get(at), spine.written_in.get(at)) else {
            return html! {};
        };
        let number = entry.number.unwrap_or_default();
        // In which case it was written, where that was taken into this one.
        let other = (*written_in != spine.case.id).then(|| spine.number_of(*written_in));
        let id = anchor(other, number);
        match &entry.fact {
            Fact::Opened { .. }
            | Fact::Received { .. }
            | Fact::Replied { .. }
            | Fact::Acknowledged { .. }
            | Fact::Forwarded { .. }
            | Fact::SupplierAnswered { .. } => {
                let Some(message) = spine.message_at(at) else { return html! {} };
                let (Fact::Received { reopened, .. } | Fact::SupplierAnswered { reopened, .. }) = entry.fact else {
                    return self.message(&id, message);
                };
                html! {
                    (self.message(&id, message))
                    @if reopened { (entry_line(&format!("{id}-again"), &told("entry-came-back", &[]), entry.at, self.clock)) }
                }
            }
            Fact::Noted { text, files, mentions, .. } => {
                self.note(&id, (other.unwrap_or(spine.case.number), number), entry, (text, mentions), files)
            }
            fact => {
                let undo = spine.undoable.contains(&(*written_in, number)) && spine.case.changeable().is_ok();
                let undo = undo.then(|| merge::undo(other.unwrap_or(spine.case.number), number, self.query));
                html! {
                    @if let Some(sentence) = self.sentence(entry.by, fact) {
                        (entry_line_with(&id, &sentence, undo.as_ref(), entry.at, self.clock))
                    }
                }
            }
        }
    }

    /// What happened, in one line; none for what a case does not show.
    fn sentence(&self, by: Actor, fact: &Fact) -> Option<Markup> {
        let who = ("who", self.actor(by));
        Some(match fact {
            Fact::Begun => told("entry-began", &[who]),
            Fact::Assigned { to: Some(to), .. } if by == Actor::Staff(*to) => told("entry-took", &[who]),
            Fact::Assigned { to: Some(to), .. } => told("entry-gave", &[who, ("whom", self.whom(*to))]),
            Fact::Assigned { to: None, from: Some(from), .. } if by == Actor::Staff(*from) => {
                told("entry-left", &[who])
            }
            Fact::Assigned { to: None, .. } => told("entry-took-away", &[who]),
            Fact::TeamChanged { to: Some(to), .. } => told("entry-team", &[who, ("team", self.team(*to))]),
            Fact::TeamChanged { to: None, .. } => told("entry-no-team", &[who]),
            Fact::PriorityChanged { to, .. } => {
                told("entry-priority", &[who, ("priority", html! { b { (priority_name(*to)) } })])
            }
            Fact::Resolved { resolution: None } => told("entry-resolved", &[who]),
            Fact::Resolved { resolution: Some(it) } => told("entry-resolved-so", &[who, ("how", html! { (it) })]),
            Fact::Reopened => told("entry-reopened", &[who]),
            Fact::Closed => told("entry-closed", &[]),
            Fact::PutAside { to, why } => told(put_aside(*to, *why), &[who]),
            Fact::PutBack { from: Aside::Spam, .. } => told("entry-not-spam", &[who]),
            Fact::PutBack { from: Aside::Trash, .. } => told("entry-restored", &[who]),
            Fact::Suspected { why: Unwanted::Blocked, .. } => told("entry-suspected-blocked", &[]),
            Fact::Suspected { .. } => told("entry-suspected", &[]),
            Fact::FollowedUp { number } => told("entry-followed-up", &[("case", case_link(*number))]),
            Fact::SplitOff { number, .. } => told("entry-split-off", &[who, ("case", case_link(*number))]),
            Fact::SplitFrom { number } => told("entry-split-from", &[who, ("case", case_link(*number))]),
            Fact::SplitUndone { number } => told("entry-split-undone", &[who, ("case", case_link(*number))]),
            Fact::Merged { number, .. } => told("entry-merged", &[who, ("case", case_link(*number))]),
            Fact::MergeUndone { number } => told("entry-merge-undone", &[who, ("case", case_link(*number))]),
            Fact::Moved(it) => told(
                "entry-moved",
                &[who, ("from", customer_link(it.from, &it.from_name)), ("to", customer_link(it.to, &it.to_name))],
            ),
            Fact::MovedBack(it) => told("entry-moved-back", &[who, ("to", customer_link(it.to, &it.to_name))]),
            Fact::AlsoArrived { channel, .. } => told("entry-also-arrived", &[("channel", self.channel(*channel))]),
            Fact::Bounced { why, outcome: BounceOutcome::Delayed, .. } => {
                told("entry-delayed", &[("why", html! { (why) })])
            }
            Fact::Bounced { why, .. } => told("entry-bounced", &[("why", html! { (why) })]),
            Fact::Snoozed { until, .. } => {
                told("entry-snoozed", &[who, ("when", html! { (self.clock.long_said(*until)) })])
            }
            Fact::Woken if by == Actor::Job => told("entry-woken", &[]),
            Fact::Woken => told("entry-woken-by", &[who]),
            Fact::Tagged { added, removed } => match (&added[..], &removed[..]) {
                (_, []) => told("entry-tagged", &[who, ("tags", tags(added))]),
                ([], _) => told("entry-untagged", &[who, ("tags", tags(removed))]),
                _ => told("entry-retagged", &[who, ("added", tags(added)), ("removed", tags(removed))]),
            },
            Fact::FieldChanged { field, to: Some(to), .. } => {
                told("entry-field", &[who, ("field", html! { b { (field) } }), ("to", html! { b { (to) } })])
            }
            Fact::FieldChanged { field, to: None, .. } => {
                told("entry-field-empty", &[who, ("field", html! { b { (field) } })])
            }
            Fact::PromiseMade { text, due: None } => told("entry-promised", &[who, ("what", html! { (text) })]),
            Fact::PromiseMade { text, due: Some(at) } => {
                let day = html! { (self.clock.by(*at)) };
                told("entry-promised-by", &[who, ("what", html! { (text) }), ("day", day)])
            }
            Fact::PromiseKept { text } => told("entry-promise-kept", &[who, ("what", html! { (text) })]),
            Fact::PromiseBroken { text } => told("entry-promise-broken", &[who, ("what", html! { (text) })]),
            Fact::PromiseReopened { text } => told("entry-promise-reopened", &[who, ("what", html! { (text) })]),
            Fact::Undone { .. } => told("entry-undone", &[who]),
            Fact::TakenBack { message, .. } if supplier::is_with_supplier(self.case, *message) => {
                told("entry-forward-taken-back", &[who])
            }
            Fact::TakenBack { .. } => told("entry-taken-back", &[who]),
            Fact::SendFailed { why, .. } => told("entry-send-failed", &[("why", html! { (why) })]),
            _ => return None,
        })
    }

    fn note(
        &self,
        id: &str,
        (case, number): (i64, i64),
        entry: &Entry,
        (text, named): (&str, &[StaffId]),
        files: &[File],
    ) -> Markup {
        let address = |at: usize| format!("/cases/{case}/entries/{number}/files/{at}");
        let addresses: Vec<String> = (0..files.len()).map(address).collect();
        let files: Vec<(&str, u64, &str)> =
            files.iter().zip(&addresses).map(|(it, at)| (it.name.as_str(), it.size, at.as_str())).collect();
        let name = self.case.actor_name(entry.by);
        let named: Vec<(StaffId, &str)> = named.iter().map(|it| (*it, self.case.staff_name(Some(*it)))).collect();
        NoteEntry { id, name, at: entry.at, text, mentions: &mentions(text, &named), files: &files }.render(self.clock)
    }

    fn message(&self, id: &str, it: &Message) -> Markup {
        let ours = it.direction == Direction::Outbound;
        let base = format!("/cases/{}/messages/{}", self.case.number(), it.id);
        let association = self.case.spine.associations.get(&it.id).filter(|_| !ours);
        let follows = association.filter(|it| it.decision == Decision::FollowUp).and(self.case.spine.case.follows);
        let of_supplier = association.filter(|_| it.supplier.is_some()).and_then(why_supplier);
        let reason = of_supplier.or_else(|| association.map(|it| why(it, follows)));
        let frame = format!("{base}/html");
        let frame_name = format!("mail-{id}");
        let raw = format!("{base}/raw");
        let pieces = pieces(&it.text, &it.folded);
        let body = if it.has_html {
            MessageBody::Frame { address: &frame, name: &frame_name }
        } else {
            MessageBody::Text(&pieces)
        };
        // A picture inside the mail is shown there, if the mail is shown as it was written.
        let below: Vec<(&File, String)> = it
            .files
            .iter()
            .enumerate()
            .filter(|(_, file)| !(file.inline && it.has_html))
            .map(|(at, file)| (file, format!("{base}/files/{at}")))
            .collect();
        let names: Vec<Cow<'_, str>> = below.iter().map(|(file, _)| named(file)).collect();
        let files: Vec<(&str, u64, &str)> =
            below.iter().zip(&names).map(|((file, at), name)| (&**name, file.size, at.as_str())).collect();
        let via = self.via(it);
        let state = self.state(it, &base).or_else(|| supplier::answer(self.case, it, self.query));
        let forward = supplier::forwarding(self.case, it, self.query);
        let above = [
            it.sealed.map(sealed),
            it.invitation.as_deref().map(|it| invitation(it, self.clock)),
            self.split(it, association, &base),
            self.pictures(it, &base, &frame_name),
            promise::offers(self.case, it, self.me, &base, self.query, self.clock),
        ];
        let offers: Vec<Markup> = above.into_iter().flatten().collect();
        let choice = self.choose.then(|| merge::choice(self.case, it)).flatten();
        let passed_on =
            it.forwarded_by.map(|who| t_with("passed-on", &[("who", self.case.staff_name(Some(who)).into())]));
        let stranger = association.is_some_and(|of| it.supplier.is_some() && of.reason == Reason::TokenStranger);
        let passed_on = passed_on.or_else(|| stranger.then(|| t("supplier-stranger").to_owned()));
        let warning = passed_on.or_else(|| it.altered.then(|| t("altered").to_owned()));
        MessageEntry {
            id,
            revision: revision(it),
            name: match (ours, it.staff) {
                (true, None) => t("acknowledgement-sender"),
                (true, staff) => self.case.staff_name(staff),
                (false, _) => it.sender.label(),
            },
            via: &via,
            at: it.at,
            verdict: (!ours).then_some(it.verdict),
            automatic: it.automatic.map(automatic),
            why: reason.as_ref(),
            warning: warning.as_deref(),
            offers: &offers,
            raw: it.raw_hash.as_ref().map(|_| raw.as_str()),
            body,
            files: &files,
            state: state.as_ref(),
            supplier: it.supplier.is_some(),
            forward: forward.as_deref(),
            failed: it.state == MessageState::Failed,
            choice: choice.as_ref(),
        }
        .render(self.clock)
    }

    /// How it came, or to whom it went.
    fn via(&self, it: &Message) -> String {
        match it.direction {
            Direction::Inbound => {
                let address = self.case.channel(it.channel).map(|it| it.address.as_str());
                match (&it.sender.address, address) {
                    (Some(from), Some(to)) if !it.sender.name.is_empty() => {
                        t_with("via-from", &[("from", from.as_str().into()), ("to", to.into())])
                    }
                    (_, Some(to)) => t_with("via-to", &[("to", to.into())]),
                    _ => t("via-mail").to_owned(),
                }
            }
            Direction::Outbound => {
                let all: Vec<&str> =
                    it.recipients.to.iter().chain(&it.recipients.cc).map(|it| self.label(it)).collect();
                t_with("via-sent", &[("to", all.join(", ").into())])
            }
        }
    }

    /// Whoever writes about something else in an old thread has another issue.
    fn split(&self, it: &Message, association: Option<&Association>, base: &str) -> Option<Markup> {
        let case = &self.case.spine.case;
        let joined = association.is_some_and(|it| it.decision == Decision::Join);
        let offered = joined
            && it.supplier.is_none()
            && it.automatic.is_none()
            && case.status != Status::Closed
            && subject::is_another(&case.subject, &it.subject);
        offered.then(|| {
            html! {
                form.offer method="post" action={ (base) "/case" (self.query) } {
                    (icon_sm(Icon::Split))
                    span { (t_with("offer-split", &[("subject", it.subject.as_str().into())])) }
                    (Button::submit(t("split")).small())
                }
            }
        })
    }

    /// Pictures that are elsewhere are loaded for one look, or from now on; both are their reader's decision.
    fn pictures(&self, it: &Message, base: &str, frame: &str) -> Option<Markup> {
        let sender = it.sender.address.as_ref().filter(|_| it.remote)?;
        let shown = it.verdict != Verdict::Failed
            && self.case.spine.traits.iter().any(|it| it.address == *sender && it.pictures);
        let always = |value: bool, label: &'static str| {
            html! {
                form method="post" action={ (base) "/pictures" (self.query) } {
                    input type="hidden" name="always" value=(value);
                    button.link type="submit" { (label) }
                }
            }
        };
        Some(html! {
            div.offer {
                (icon_sm(Icon::Eye))
                @if shown {
                    span { (t_with("pictures-shown", &[("sender", sender.as_str().into())])) }
                    (always(false, t("pictures-never")))
                } @else {
                    span { (t("pictures-blocked")) }
                    a.link href={ (base) "/html?pictures=load" } target=(frame) { (t("pictures-load")) }
                    @if it.verdict != Verdict::Failed && it.supplier.is_none() { (always(true, t("pictures-always"))) }
                }
            }
        })
    }

    /// The name by which somebody is known here, or else the address.
    fn label<'p>(&'p self, party: &'p Party) -> &'p str {
        let known = party.address.as_ref().and_then(|address| {
            self.case.known.iter().find(|it| it.1 == address.as_str() && !it.0.is_empty()).map(|it| it.0.as_str())
        });
        known.unwrap_or_else(|| party.label())
    }

    /// Where a message of ours is on its way; nothing once it has arrived at a server.
    fn state(&self, it: &Message, base: &str) -> Option<Markup> {
        let leaving = Leaving {
            message: it,
            base,
            query: self.query,
            demo: self.demo,
            mine: it.staff == Some(self.me.id),
            may_mend: self.me.role.may(Right::Settings),
            known: &self.case.known,
            clock: self.clock,
        };
        (it.direction == Direction::Outbound).then(|| leaving.render()).flatten()
    }

    fn actor(&self, by: Actor) -> Markup {
        match by {
            Actor::Staff(id) => self.staff(id),
            other => html! { b { (self.case.actor_name(other)) } },
        }
    }

    fn staff(&self, id: StaffId) -> Markup {
        let name = first_name(self.case.staff_name(Some(id)));
        html! { b { @if id == self.me.id { (t("you")) } @else { (name) } } }
    }

    /// The same in the middle of a sentence.
    fn whom(&self, id: StaffId) -> Markup {
        if id == self.me.id {
            html! { b { (t("you-too")) } }
        } else {
            self.staff(id)
        }
    }

    fn team(&self, id: TeamId) -> Markup {
        let name = self.case.teams.iter().find(|it| it.id == id).map_or(t("a-team"), |it| it.name.as_str());
        html! { b { (name) } }
    }

    fn channel(&self, id: ChannelId) -> Markup {
        html! { b { (self.case.channel(id).map_or(t("a-channel"), |it| it.address.as_str())) } }
    }
}

fn put_aside(to: Aside, why: Unwanted) -> &'static str {
    match (to, why) {
        (Aside::Trash, _) => "entry-trash",
        (Aside::Spam, Unwanted::Person) => "entry-spam",
        (Aside::Spam, Unwanted::Server) => "entry-spam-server",
        (Aside::Spam, Unwanted::Blocked) => "entry-spam-blocked",
    }
}

/// The file's name, and what it is, where people wonder about that.
fn named(file: &File) -> Cow<'_, str> {
    let Some(what) = file.what() else { return Cow::Borrowed(&file.name) };
    let what = match what {
        FileKind::SmimeSignature | FileKind::PgpSignature => t("file-signature"),
        FileKind::SmimeMail | FileKind::PgpEncrypted => t("file-encrypted"),
        FileKind::PgpKey => t("file-key"),
        FileKind::Winmail => t("file-winmail"),
        FileKind::Calendar => t("file-calendar"),
        FileKind::Card => t("file-card"),
        FileKind::Mail => t("file-mail"),
        FileKind::DeliveryReport => t("file-delivery-report"),
        FileKind::ReadReceipt => t("file-read-receipt"),
        FileKind::MailHeader => t("file-mail-header"),
    };
    Cow::Owned(format!("{} ({what})", file.name))
}

fn tags(names: &[String]) -> Markup {
    html! { @for (at, it) in names.iter().enumerate() { @if at > 0 { " " } span.tag { (it) } } }
}

fn case_link(number: i64) -> Markup {
    html! { a href={ "/cases/" (number) } { (t_with("case-number", &[("number", number.to_string().into())])) } }
}

fn customer_link(id: CustomerId, name: &str) -> Markup {
    html! { a href={ "/customers/" (id) } { (name) } }
}

/// Changes with everything about a message that may change while somebody looks at it.
fn revision(it: &Message) -> i64 {
    let state = match it.state {
        MessageState::Received | MessageState::Sent => 0,
        MessageState::Quarantined => 1,
        MessageState::Sending => 2,
        MessageState::Failed => 3,
        MessageState::TakenBack => 4,
    };
    let error = it.error.as_deref().unwrap_or_default();
    let tried = it
        .hindrance
        .as_ref()
        .map_or(0, |it| it.next_at.map_or(0, |at| at.0 % 1_000_003) + i64::try_from(it.missed.len()).unwrap_or(0));
    let state = state + tried;
    error.bytes().fold(state, |sum, byte| (sum * 31 + i64::from(byte)) % 1_000_003)
}

/// The text in pieces, the folded ones with what they are. What does not fit the text is left unfolded.
fn pieces<'t>(text: &'t str, folded: &[Fold]) -> Vec<(Option<FoldKind>, &'t str)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for fold in folded {
        let (start, end) = (fold.start as usize, fold.end as usize);
        let (Some(before), Some(part)) = (text.get(at..start), text.get(start..end)) else { continue };
        if !before.trim().is_empty() {
            pieces.push((None, before));
        }
        pieces.push((Some(fold.kind), part));
        at = end;
    }
    match text.get(at..) {
        Some(rest) if !rest.trim().is_empty() => pieces.push((None, rest)),
        _ => {}
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_cut_a_text_into_pieces_and_a_wrong_one_loses_nothing() {
        let fold = |start, end| Fold { kind: FoldKind::Quote, start, end };
        let text = "Hello\n> old\nBye";
        assert_eq!(
            pieces(text, &[fold(6, 12)]),
            [(None, "Hello\n"), (Some(FoldKind::Quote), "> old\n"), (None, "Bye")]
        );
        for wrong in [fold(12, 6), fold(6, 99), fold(99, 100)] {
            assert_eq!(pieces(text, &[wrong]), [(None, text)]);
        }
        assert_eq!(pieces("ä", &[fold(1, 2)]), [(None, "ä")], "in the middle of a letter");
    }
}
