//! Reply, note and what goes to a supplier in one box. Which it is is chosen by a radio button, so that it works without script.

use maud::{Markup, html};

use super::Clock;
use super::avatar::{AvatarSize, our_avatar};
use super::button::{Button, hidden, keycap};
use super::file::size;
use super::icon::{Icon, icon, icon_sm};
use super::menu::menu_button;
use crate::text::{t, t_with};

/// Somebody the reply may go to.
#[derive(Clone, Copy, Debug)]
pub struct Recipient<'a> {
    /// Their name, or else their address.
    pub name: &'a str,
    /// Their address.
    pub address: &'a str,
}

/// A file of the draft, with a tick that takes it out. The answer to an upload is this, too.
#[derive(Clone, Copy, Debug)]
pub struct Attached<'a> {
    /// What names it among the draft's files.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its size.
    pub bytes: u64,
}

impl Attached<'_> {
    /// The file. `had` says that the page knew it: what it did not know, it cannot have taken out.
    pub fn render(&self) -> Markup {
        html! {
            label.file.file-on title=(t("attached-hint")) {
                (hidden("had", self.id))
                input.vh type="checkbox" name="file" value=(self.id) checked;
                (icon_sm(Icon::Clip)) b.trunc { (self.name) } span { (size(self.bytes)) } (icon_sm(Icon::X))
            }
        }
    }
}

/// Whom a reply goes to: their names, and behind them the addresses.
#[derive(Clone, Copy, Debug)]
pub struct ToWhom<'a> {
    /// Addresses with commas between.
    pub to: &'a str,
    /// And who gets a copy.
    pub cc: &'a str,
    /// Who that is, shortly: "Dan, Ruth".
    pub names: &'a str,
    /// Everybody who took part, to choose from.
    pub known: &'a [Recipient<'a>],
    /// Those of them where mail does not arrive, with the reason; shown while they are among the recipients.
    pub dead: &'a [(&'a str, &'a str)],
    /// The mailbox from which a reply could not leave.
    pub stuck: Option<&'a str>,
    /// Whether the writer has chosen them: then they follow nothing any more.
    pub chosen: bool,
}

impl ToWhom<'_> {
    fn goes_to(&self, address: &str) -> bool {
        let all = [self.to, self.cc].into_iter().flat_map(|it| it.split([',', ';', '<', '>', ' ']));
        all.map(str::to_lowercase).any(|it| it == address)
    }

    /// The button with the names, and what it opens.
    pub fn render(&self) -> Markup {
        html! {
            span.bare data-dirty[self.chosen] {
                button.btn.btn-quiet.btn-sm.end.for-reply type="button" popovertarget="to-whom" {
                    span.t3 { (t("to")) } span.trunc.to-names data-nobody=(t("to-nobody")) { (self.names) } (icon_sm(Icon::ChevronDown))
                }
                @if let Some(address) = self.stuck {
                    p.err.to-stuck.for-reply role="status" {
                        (icon_sm(Icon::Alert)) span { (t_with("to-stuck", &[("address", address.into())])) }
                    }
                }
                @for (address, why) in self.dead {
                    p.err.to-dead.for-reply role="status" data-address=(address) hidden[!self.goes_to(address)] {
                        (icon_sm(Icon::Alert)) span { (t_with("to-dead", &[("address", (*address).into())])) " " (why) }
                    }
                }
                div.menu.to-whom #to-whom popover="auto" aria-label=(t("to-whom")) {
                    div.field { label for="to" { (t("to")) } input.input #to name="to" value=(self.to) list="known" autocomplete="off"; }
                    div.field { label for="cc" { (t("cc")) } input.input #cc name="cc" value=(self.cc) list="known" autocomplete="off"; }
                    p.hint { (t("to-hint")) }
                    datalist #known { @for it in self.known { option value=(it.address) { (it.name) } } }
                }
            }
        }
    }
}

/// What dresses words; shown once script can do it.
fn toolbar() -> Markup {
    let tools = [
        ("bold", Icon::Bold, t("tool-bold"), "Ctrl+B"),
        ("italic", Icon::Italic, t("tool-italic"), "Ctrl+I"),
        ("link", Icon::Link, t("tool-link"), "Ctrl+K"),
        ("bullets", Icon::List, t("tool-bullets"), "Ctrl+Shift+8"),
        ("numbers", Icon::Numbers, t("tool-numbers"), "Ctrl+Shift+7"),
        ("quote", Icon::Quote, t("tool-quote"), "Ctrl+Shift+9"),
        ("code", Icon::Code, t("tool-code"), "Ctrl+E"),
    ];
    html! {
        div.tools.for-mail role="toolbar" aria-label=(t("tools")) aria-controls="text" hidden {
            @for (nth, (name, glyph, label, key)) in tools.into_iter().enumerate() {
                button.tool type="button" data-do=(name) aria-label=(label) title={ (label) " (" (key.replace('+', " ")) ")" }
                    aria-keyshortcuts=(key.replace("Ctrl", "Control")) tabindex=(if nth == 0 { "0" } else { "-1" })
                    aria-pressed=[(name != "link").then_some("false")] { (icon(glyph)) }
            }
            span.tool-link hidden {
                input.input #tool-address type="url" aria-label=(t("tool-link-to")) placeholder="https://" autocomplete="off";
                (Button::script(t("tool-link-set")).small())
            }
        }
    }
}

/// What is written in the box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// A reply to the customer.
    #[default]
    Reply,
    /// An internal note.
    Note,
    /// Something for a supplier.
    Forward,
}

/// The box, as its draft left it.
#[derive(Clone, Copy, Debug)]
pub struct Composer<'a> {
    /// The case.
    pub case: i64,
    /// What is written gets this id, so that it is one thing however often it comes.
    pub id: &'a str,
    /// Who writes: what a browser keeps is theirs alone.
    pub me: &'a str,
    /// Now.
    pub clock: &'a Clock,
    /// Whom a reply goes to.
    pub to_whom: &'a Markup,
    /// The text.
    pub text: &'a str,
    /// The same dressed, if there is more than the text says.
    pub html: &'a str,
    /// What will stand below it; empty if nothing.
    pub signature: &'a str,
    /// Who can be named in a note.
    pub colleagues: &'a [&'a str],
    /// What it is.
    pub mode: Mode,
    /// To which supplier it goes, and what goes along.
    pub supplier: &'a Markup,
    /// Whether one begins to write at once.
    pub focus: bool,
    /// What its form's address ends with: the view that the page shows.
    pub query: &'a str,
    /// The menu of macros.
    pub macros: &'a Markup,
    /// Whether a reply can be sent at all; a closed case takes notes only.
    pub can_reply: bool,
    /// The files that the draft holds.
    pub files: &'a [Attached<'a>],
    /// The number of the newest entry that its author has seen.
    pub seen: i64,
    /// When the draft was kept; zero if there is none.
    pub kept_at: i64,
    /// What is wrong with what was sent.
    pub error: Option<&'a str>,
}

impl Composer<'_> {
    /// The form.
    pub fn render(&self) -> Markup {
        let case = format!("/cases/{}", self.case);
        html! {
            bw-composer.composer-wrap data-draft={ (case) "/draft" } data-attach={ (case) "/draft/files" } data-me=(self.me)
                data-at=(self.kept_at) data-saved=(t("draft-saved")) data-saving=(t("draft-saving")) data-kept=(t("draft-kept"))
                data-unsent=(t("draft-unsent")) data-attaching=(t("attach-waiting")) data-unattached=(t("attach-stopped")) data-pictures={ (case) "/draft/pictures" }
                data-refused=(t("attach-failed")) data-away=(t("attach-away")) {
                form #composer method="post" action={ (case) "/messages" (self.query) } enctype="multipart/form-data" aria-label=(t("reply")) {
                    // A browser that comes back to the page must not fill in those of an earlier form.
                    input type="hidden" name="id" value=(self.id) autocomplete="off";
                    input type="hidden" name="seen" value=(self.seen) autocomplete="off";
                    p.banner.composer-warn hidden role="status" {
                        (icon(Icon::Info)) span.grow data-answered=(t_with("someone-answered", &[("who", "{who}".into())])) { (t("someone-replied")) }
                        (Button::script(t("show")).small())
                    }
                    div.composer {
                        (self.top())
                        @if self.can_reply { (self.supplier) }
                        p.err.composer-e #composer-e role="alert" hidden[self.error.is_none()] {
                            (icon_sm(Icon::Alert)) span { (self.error.unwrap_or_default()) }
                        }
                        bw-editor data-html=(self.html) data-pictures={ (case) "/draft/pictures" } {
                            label.vh for="text" { (t("composer-text")) }
                            textarea #text name="text" rows="4" placeholder=(t("composer-placeholder")) aria-describedby="composer-e"
                                aria-invalid=[self.error.map(|_| "true")] autofocus[self.error.is_some() || self.focus] { (self.text) }
                            (toolbar())
                            (self.naming())
                        }
                        @if self.can_reply { bw-promise.for-reply data-found={ (case) "/promises/found" } role="status" {} }
                        (self.below())
                        (self.attachments())
                        (self.foot())
                    }
                }
            }
        }
    }

    fn top(&self) -> Markup {
        let mode = if self.can_reply { self.mode } else { Mode::Note };
        html! {
            div.composer-top {
                div.seg role="group" aria-label=(t("composer-kind")) {
                    @if self.can_reply {
                        label data-key="r" data-focus="text" {
                            input.vh type="radio" name="kind" value="reply" checked[mode == Mode::Reply];
                            (icon(Icon::Mail)) span { (t("reply")) } (keycap("r"))
                        }
                    }
                    label data-key="n" data-focus="text" {
                        input.vh type="radio" name="kind" value="note" checked[mode == Mode::Note];
                        (icon(Icon::Note)) span { (t("note")) } (keycap("n"))
                    }
                    @if self.can_reply {
                        label data-key="F" data-focus="supplier" {
                            input.vh type="radio" name="kind" value="forward" checked[mode == Mode::Forward];
                            (icon(Icon::Forward)) span { (t("forward")) } (keycap("F"))
                        }
                    }
                }
                span.note-t.xs.for-note { (t("note-stays")) }
                span.xs.t3.for-forward { (t("forward-stays")) }
                (self.to_whom)
            }
        }
    }

    /// Who can be named behind an `@`; script shows those who fit.
    fn naming(&self) -> Markup {
        html! {
            ul.menu.mention-list #mention-list popover="manual" role="listbox" aria-label=(t("mention-list")) {
                @for (at, name) in self.colleagues.iter().enumerate() {
                    li.menu-item role="option" id={ "mention-" (at) } aria-selected="false" data-name=(name) {
                        (our_avatar(name, AvatarSize::Tiny)) (name)
                    }
                }
            }
        }
    }

    /// What is put below a reply when it is sent.
    fn below(&self) -> Markup {
        html! {
            @if self.can_reply && !self.signature.is_empty() {
                details.composer-sig.for-mail {
                    summary.xs.t3 { (t("signature-below")) }
                    p.said.sm.t2 { (self.signature) }
                }
            }
        }
    }

    fn attachments(&self) -> Markup {
        html! {
            div.composer-att {
                span.composer-files.row-flex.wrap {
                    @for it in self.files { (it.render()) }
                }
                span.xs.t3.end.composer-state { @if self.kept_at > 0 { (t("draft-saved")) } }
            }
        }
    }

    fn foot(&self) -> Markup {
        html! {
            div.composer-foot {
                label.btn.btn-quiet.btn-sm.attach title=(t("attach")) {
                    (icon(Icon::Clip)) span.vh-s { (t("attach")) }
                    input.vh type="file" name="files" multiple;
                }
                (self.macros)
                span.composer-send {
                    @if self.can_reply {
                        span.btn-split.for-reply {
                            (Button::submit_as(t("send-waiting"), "then", "waiting").primary().key("Ctrl+Enter"))
                            (Button::open(t("send-others"), "send-as").primary().only_icon(Icon::ChevronDown))
                        }
                    }
                    @if self.can_reply {
                        span.for-forward { (Button::submit_as(t("forward-do"), "then", "keep").primary().key("Ctrl+Enter")) }
                    }
                    span.for-note { (Button::submit_as(t("add-note"), "then", "keep").primary().key("Ctrl+Enter")) }
                }
                @if self.can_reply {
                    span.for-reply {
                        div.menu #send-as popover="auto" data-menu aria-label=(t("send-others")) {
                            (menu_button(Some(Icon::Hourglass), t("send-waiting"), ("then", "waiting"), None, false))
                            (menu_button(Some(Icon::CheckCircle), t("send-resolve"), ("then", "resolved"), Some("Ctrl+Shift+Enter"), false))
                            (menu_button(Some(Icon::Send), t("send-open"), ("then", "open"), None, false))
                            hr;
                            p.menu-h { (t("send-later")) }
                            @for (word, at) in self.clock.later() {
                                button.menu-item type="submit" name="leaves" value=(at.0) {
                                    (icon(Icon::Clock)) span.trunc { (t(word)) } span.t3.xs.end { (self.clock.short_ahead(at)) }
                                }
                            }
                            div.field {
                                label for="leaves-at" { (t("send-at")) }
                                input.input #leaves-at type="datetime-local" name="leaves-at" min=(self.clock.field(self.clock.now())) autocomplete="off";
                            }
                            (menu_button(Some(Icon::Clock), t("send-then"), ("leaves", "at"), None, false))
                        }
                    }
                }
            }
        }
    }
}
