//! The page of a case: everything it shows, put together.

use domain::block::Sender;
use domain::{Actor, ChannelId, DraftKind, Email, Field, Owner, Recipients, StaffId, Tag};
use maud::{Markup, html};
use store::channel::Name as ChannelName;
use store::staff::Colleague;
use uuid::Uuid;

use super::compose::{Written, attached, everybody, names, typed};
use super::read::Case;
use super::spine::entries;
use super::{Here, Part, card, head, merge, supplier};
use crate::app::App;
use crate::inbox::pane::Pane;
use crate::nav::{self, framed};
use crate::page::Page;
use crate::part::{Attached, Clock, Composer, Icon, Live, Mode, Place, Recipient, ToWhom, feed, icon, live};
use crate::presence;
use crate::session::Who;
use crate::text::t;

impl Case {
    pub(super) fn number(&self) -> i64 {
        self.spine.case.number
    }

    pub(super) fn channel(&self, id: ChannelId) -> Option<&ChannelName> {
        self.channels.iter().find(|it| it.id == id)
    }

    /// Every address that is ours.
    pub(super) fn own_addresses(&self) -> Vec<Email> {
        self.channels.iter().flat_map(ChannelName::addresses).cloned().collect()
    }

    /// What a colleague is called, also one who has left.
    pub(super) fn staff_name(&self, id: Option<StaffId>) -> &str {
        let found = self.colleagues.iter().find(|it| Some(it.id) == id);
        found.map_or(t("somebody"), |it| it.name.as_str())
    }

    /// What its tags are called, as far as they still exist.
    pub(super) fn own_tags(&self) -> impl Iterator<Item = &Tag> {
        self.spine.case.tags.iter().filter_map(|id| self.tags.iter().find(|it| it.id == *id))
    }

    /// What a team wants to know of each case.
    pub(super) fn own_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|it| it.owner == Owner::Case)
    }

    /// What whoever did something is called.
    pub(super) fn actor_name(&self, by: Actor) -> &str {
        match by {
            Actor::Staff(id) => self.staff_name(Some(id)),
            Actor::Contact(id) => self.card.people.iter().find(|it| it.id == id).map_or(t("somebody"), |it| &it.name),
            Actor::Channel(id) => self.channel(id).map_or(t("a-channel"), |it| &it.name),
            Actor::Rule(_) | Actor::Job | Actor::Operator => t("product"),
        }
    }

    /// The page, or the part of it that is asked for. `refused` is what could not be sent, and why.
    pub fn show(&self, app: &App, who: &Who, here: &Here, refused: Option<(&Written, &str)>) -> Page {
        let clock = self.around.clock(app);
        let here = here.beside(&self.listed.shown);
        match here.part {
            Some(Part::Live) => Page(html! {
                (self.head(app, who, &here, &clock))
                (self.suggest(&here))
                (self.spine(app, who, &here, &clock))
                (self.to_whom(&here, None))
                (self.side(app, who, &here, &clock))
            }),
            None => self.whole(app, who, &here, refused, &clock),
        }
    }

    fn whole(&self, app: &App, who: &Who, here: &Here, refused: Option<(&Written, &str)>, clock: &Clock) -> Page {
        let (me, current) = (&who.member, Some(self.number()));
        let (from, colleagues, teams, tags, kept) =
            (self.from, &self.colleagues, &self.teams, &self.tags, self.view_kept);
        let (list, page, macros) = (&self.listed, &self.list, &*self.macros);
        let listed = Pane { list, from, page, current, me, colleagues, teams, tags, macros, kept };
        let content = html! {
            div.inbox {
                (listed.render(&self.around, clock))
                main.pane.pane-conv #main {
                    bw-presence data-to={ "/cases/" (self.number()) "/presence" } data-topic={ "presence " (self.number()) } hidden {}
                    (self.head(app, who, here, clock))
                    (merge::was(here.was, self))
                    (self.suggest(here))
                    (self.spine(app, who, here, clock))
                    @if here.choose == Some(true) { (merge::choose(self, &here.query())) }
                    @else if self.is_closed() { p.closed-note { (icon(Icon::Lock)) span { (t("closed-note")) } } }
                    @if self.spine.case.aside.is_none() && here.choose != Some(true) { (self.composer(app, who, here, refused)) }
                }
                aside.pane.pane-side #side popover="auto" aria-label=(t("customer")) { (self.side(app, who, here, clock)) }
            }
        };
        let title = &self.spine.case.subject;
        let here = nav::Here { title, place: Place::Inbox, view: Some(&self.listed.shown), case_open: true };
        framed(app, who, &self.around, here, &content)
    }

    fn is_closed(&self) -> bool {
        self.spine.case.status == domain::Status::Closed && self.spine.case.aside.is_none()
    }

    fn can_reply(&self) -> bool {
        !self.is_closed() && self.spine.case.aside.is_none()
    }

    /// Who wrote last.
    pub(super) fn sender(&self) -> Option<&Email> {
        self.answered.as_ref()?.sender.address.as_ref()
    }

    /// Whether the address, or its domain, is not one of our mailboxes or of a provider that many people use.
    pub(super) fn may_block(&self, from: &Email, whole_domain: bool) -> bool {
        let own = self.own_addresses();
        let sender = if whole_domain { Sender::domain(from) } else { Sender::address(from) };
        sender.check(&own).is_ok()
    }

    fn spine(&self, app: &App, who: &Who, here: &Here, clock: &Clock) -> Markup {
        let choose = here.choose == Some(true);
        let entries = entries(self, &who.member, (&here.query(), choose), app.desk.keeps_mail(), clock);
        feed(self.number(), &self.source(here), &entries)
    }

    fn head(&self, app: &App, who: &Who, here: &Here, clock: &Clock) -> Markup {
        let faces = self.present(app, who, &|it| it.faces());
        let head = head::head(self, &who.member, (&self.listed.name, &here.query()), &faces, clock);
        self.part(
            "head",
            here,
            &html! {
                (head)
                @if self.untold { bw-seen data-to={ "/cases/" (self.number()) "/seen" } hidden {} }
            },
        )
    }

    fn side(&self, app: &App, who: &Who, here: &Here, clock: &Clock) -> Markup {
        let words = self.present(app, who, &|it| it.words());
        self.part("card", here, &html! { (words) (card::card(self, &who.member, &here.query(), clock)) })
    }

    /// Who else is here.
    fn present(&self, app: &App, who: &Who, show: &dyn Fn(&presence::Here<'_>) -> Markup) -> Markup {
        let present = app.presence.at(self.number(), who.member.id, app.desk.now());
        show(&presence::Here { case: self.number(), present: &present, colleagues: &self.colleagues })
    }

    fn suggest(&self, here: &Here) -> Markup {
        self.part("suggest", here, &merge::suggestions(self, &here.query()))
    }

    fn part(&self, id: &str, here: &Here, inner: &Markup) -> Markup {
        let topics =
            format!("case {},customer {},customer {}", self.number(), self.spine.customer.id, self.spine.case.customer);
        live(&Live { id, topics: &topics, source: &self.source(here), merge: false }, "bare", inner)
    }

    /// Where everything that changes is fetched again, all at once.
    fn source(&self, here: &Here) -> String {
        let address = Here { was: None, ..here.clone() }.address(self.number());
        let sign = if address.contains('?') { '&' } else { '?' };
        format!("{address}{sign}part=live")
    }

    /// Whom a reply goes to. While its writer has not chosen, that follows the newest message of theirs.
    fn to_whom(&self, here: &Here, refused: Option<&Written>) -> Markup {
        if !self.can_reply() {
            return self.part("recipients", here, &html! {});
        }
        let own = self.own_addresses();
        let for_customer = self.draft.as_ref().filter(|it| it.kind.forwarding().is_none());
        let drafted = for_customer.map(|it| &it.recipients).filter(|it| it.addresses().next().is_some());
        let recipients = match (drafted, &self.answered) {
            (Some(it), _) => it.clone(),
            (None, Some(answered)) => everybody(answered, &own, &self.known),
            (None, None) => Recipients::default(),
        };
        let refused = refused.filter(|it| it.mode == Mode::Reply);
        let (to, cc) = match refused {
            Some(written) => (written.to.clone(), written.cc.clone()),
            None => (typed(&recipients.to), typed(&recipients.cc)),
        };
        let known: Vec<Recipient<'_>> =
            self.known.iter().filter(|it| !own.iter().any(|own| own.as_str() == it.1)).map(recipient).collect();
        let names = names(&to, &cc, &self.known);
        let chosen = refused.is_some() || drafted.is_some();
        let dead: Vec<(&str, &str)> = self
            .spine
            .traits
            .iter()
            .filter_map(|it| Some((it.address.as_str(), it.undeliverable.as_ref()?.why.as_str())))
            .collect();
        self.part(
            "recipients",
            here,
            &ToWhom {
                to: &to,
                cc: &cc,
                names: &names,
                known: &known,
                dead: &dead,
                stuck: self.stuck.as_ref().map(Email::as_str),
                chosen,
            }
            .render(),
        )
    }

    /// Who can be named in a note.
    fn named(&self, who: &Who) -> Vec<&str> {
        let can = |it: &&Colleague| it.here && it.id != who.member.id && !self.blind.contains(&it.id);
        self.colleagues.iter().filter(can).map(|it| it.name.as_str()).collect()
    }

    /// What is written: what could not be sent, what a link asks for, or what was begun.
    fn mode(&self, here: &Here, refused: Option<&Written>) -> Mode {
        match (refused, here.forward, &self.draft) {
            (Some(written), ..) => written.mode,
            (None, Some(_), _) => Mode::Forward,
            (None, None, Some(draft)) => match draft.kind {
                DraftKind::Reply => Mode::Reply,
                DraftKind::Note => Mode::Note,
                DraftKind::Forward(_) => Mode::Forward,
            },
            (None, None, None) => Mode::Reply,
        }
    }

    fn composer(&self, app: &App, who: &Who, here: &Here, refused: Option<(&Written, &str)>) -> Markup {
        let clock = self.around.clock(app);
        let draft = self.draft.as_ref();
        // A picture that stands in the text is taken out there.
        let files = draft.iter().flat_map(|it| &it.files).filter(|it| !it.inline);
        let files: Vec<Attached<'_>> = files.map(attached).collect();
        Composer {
            clock: &clock,
            case: self.number(),
            id: &app.desk.id::<Uuid>().to_string(),
            me: &who.member.id.to_string(),
            to_whom: &self.to_whom(here, refused.map(|it| it.0)),
            html: refused.map(|it| it.0.html.as_str()).or(draft.and_then(|it| it.html.as_deref())).unwrap_or_default(),
            signature: &self.signature,
            colleagues: &self.named(who),
            text: refused.map(|it| it.0.text.as_str()).or(draft.map(|it| it.text.as_str())).unwrap_or_default(),
            mode: self.mode(here, refused.map(|it| it.0)),
            supplier: &supplier::fields(self, here.forward, refused.map(|it| it.0), &clock),
            focus: here.forward.is_some_and(|it| supplier::is_from_supplier(self, it)),
            query: &here.query(),
            macros: &crate::r#macro::apply::menu(&self.macros, self.number(), &here.query()),
            can_reply: self.can_reply(),
            files: &files,
            seen: self.spine.case.entries,
            kept_at: draft.map_or(0, |it| it.at.0),
            error: refused.map(|it| it.1),
        }
        .render()
    }
}

fn recipient((name, address): &(String, String)) -> Recipient<'_> {
    Recipient { name: if name.is_empty() { address } else { name }, address }
}
