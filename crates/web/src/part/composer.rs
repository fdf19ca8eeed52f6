//! Reply and note in one box. What it is chosen by a radio button, so that it works without script.

use maud::{Markup, html};

use super::button::{Button, hidden, keycap};
use super::file::size;
use super::icon::{Icon, icon, icon_sm};
use super::menu::menu_button;
use crate::text::t;

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

/// The box, as its draft left it.
#[derive(Clone, Copy, Debug)]
pub struct Composer<'a> {
    /// The case.
    pub case: i64,
    /// Whom a reply goes to, as the draft has it: addresses with commas between.
    pub to: &'a str,
    /// And who gets a copy.
    pub cc: &'a str,
    /// Who that is, shortly: "Dan, Ruth".
    pub to_names: &'a str,
    /// Everybody who took part, to choose from.
    pub known: &'a [Recipient<'a>],
    /// The text.
    pub text: &'a str,
    /// Whether it is a note.
    pub note: bool,
    /// What its form's address ends with: the view that the page shows.
    pub query: &'a str,
    /// Whether a reply can be sent at all; a closed case takes notes only.
    pub can_reply: bool,
    /// The files that the draft holds.
    pub files: &'a [Attached<'a>],
    /// The number of the newest entry that its author has seen.
    pub seen: i64,
    /// When the draft was kept, in words; empty if there is none.
    pub kept: &'a str,
    /// What is wrong with what was sent.
    pub error: Option<&'a str>,
}

impl Composer<'_> {
    /// The form.
    pub fn render(&self) -> Markup {
        let case = format!("/cases/{}", self.case);
        html! {
            bw-composer.composer-wrap data-draft={ (case) "/draft" } data-attach={ (case) "/draft/files" } data-case=(self.case)
                data-saved=(t("draft-saved")) data-saving=(t("draft-saving")) data-kept=(t("draft-kept"))
                data-lost=(t("draft-lost")) data-too-large=(t("attach-failed")) {
                form #composer method="post" action={ (case) "/messages" (self.query) } enctype="multipart/form-data" aria-label=(t("reply")) {
                    (hidden("seen", &self.seen.to_string()))
                    p.banner.composer-warn hidden role="status" {
                        (icon(Icon::Info)) span.grow { (t("someone-replied")) }
                        (Button::script(t("show")).small())
                    }
                    div.composer {
                        (self.top())
                        @if let Some(error) = self.error { p.err.composer-e role="alert" { (icon_sm(Icon::Alert)) span { (error) } } }
                        label.vh for="text" { (t("composer-text")) }
                        textarea #text name="text" rows="4" placeholder=(t("composer-placeholder")) { (self.text) }
                        (self.attachments())
                        (self.foot())
                    }
                }
            }
        }
    }

    fn top(&self) -> Markup {
        let note = self.note || !self.can_reply;
        html! {
            div.composer-top {
                div.seg role="group" aria-label=(t("composer-kind")) {
                    @if self.can_reply {
                        label data-key="r" data-focus="text" {
                            input.vh type="radio" name="kind" value="reply" checked[!note];
                            (icon(Icon::Mail)) span { (t("reply")) } (keycap("r"))
                        }
                    }
                    label data-key="n" data-focus="text" {
                        input.vh type="radio" name="kind" value="note" checked[note];
                        (icon(Icon::Note)) span { (t("note")) } (keycap("n"))
                    }
                }
                span.note-t.xs.for-note { (t("note-stays")) }
                @if self.can_reply {
                    button.btn.btn-quiet.btn-sm.end.for-reply type="button" popovertarget="to-whom" {
                        span.t3 { (t("to")) } span.trunc.to-names { (self.to_names) } (icon_sm(Icon::ChevronDown))
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

    fn attachments(&self) -> Markup {
        html! {
            div.composer-att {
                span.composer-files.row-flex.wrap {
                    @for it in self.files { (it.render()) }
                }
                span.xs.t3.end.composer-state role="status" { (self.kept) }
            }
        }
    }

    fn foot(&self) -> Markup {
        html! {
            div.composer-foot {
                label.btn.btn-quiet.btn-sm.attach title=(t("attach")) data-key="f" {
                    (icon(Icon::Clip)) span.vh-s { (t("attach")) }
                    input.vh type="file" name="files" multiple;
                }
                span.composer-send {
                    @if self.can_reply {
                        span.btn-split.for-reply {
                            (Button::submit_as(t("send-waiting"), "then", "waiting").primary().key("Ctrl+Enter"))
                            (Button::open(t("send-others"), "send-as").primary().only_icon(Icon::ChevronDown))
                        }
                    }
                    span.for-note { (Button::submit_as(t("add-note"), "then", "keep").primary().key("Ctrl+Enter")) }
                }
                @if self.can_reply {
                    span.for-reply {
                        div.menu #send-as popover="auto" data-menu aria-label=(t("send-others")) {
                            (menu_button(Some(Icon::Hourglass), t("send-waiting"), ("then", "waiting"), None, false))
                            (menu_button(Some(Icon::CheckCircle), t("send-resolve"), ("then", "resolved"), Some("Ctrl+Shift+Enter"), false))
                            (menu_button(Some(Icon::Send), t("send-open"), ("then", "open"), None, false))
                        }
                    }
                }
            }
        }
    }
}
