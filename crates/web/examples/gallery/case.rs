//! The inbox and a case.

use domain::{FoldKind, Priority, Status, Verdict};
use maud::{Markup, html};
use web::part::{
    Attached, AvatarSize, Button, CaseRow, ChannelMark, Composer, Icon, Live, MarkSize, MessageBody, MessageEntry,
    Mode, NoteEntry, Pager, Place, Recipient, ToWhom, case_list, channel_mark, crumbs, empty, entry_line, feed, icon,
    icon_sm, live, organization_avatar, our_avatar, pager, suggestion,
};

use super::{ago, clock, desk};

/// A mail as the frame shows it.
pub(crate) const MAIL: &str = "<!doctype html><meta charset=utf-8><style>body{margin:16px;font:14px/1.5 Georgia,serif}</style>\
    <p>Dear <b>Tareline</b>,</p><p>attached is the <i>photo of the label</i> you asked for. Line 3 is still labelling by \
    hand, and the truck leaves at eleven.</p><table border=1 cellpadding=6><tr><td>LP-40</td><td>SN 88-1042</td></tr>\
    </table><p>Kind regards<br>Jörg Hansen</p>";

pub(crate) fn inbox() -> String {
    let content = html! {
        main.inbox.inbox-none #main {
            h1.vh { "Inbox" }
            (list(None))
            section.pane.pane-conv aria-label="No case open" {
                div.empty-tall { (empty(Icon::Inbox, "Nine open, the oldest from Monday", "Pick a case, or start with the one that waits longest.",
                    &Button::link("Open Hafen Logistik", "case.html").primary().class("mt2").render_markup())) }
            }
        }
    };
    desk("My open", Place::Inbox, false, &content)
}

pub(crate) fn case() -> String {
    with_composer(false)
}

pub(crate) fn note() -> String {
    with_composer(true)
}

fn with_composer(note: bool) -> String {
    let to_whom = ToWhom {
        dead: &[],
        stuck: None,
        to: "dan@northwind.example, ruth@northwind.example",
        cc: "",
        names: "Dan, Ruth",
        known: &[Recipient { name: "Dan Whitlock", address: "dan@northwind.example" }],
        chosen: false,
    }
    .render();
    let composer = Composer {
        clock: &clock(),
        colleagues: &["Jonas Feld", "Claire Dubois"],
        case: 1042,
        id: "",
        me: "",
        to_whom: &to_whom,
        text: "Hi Dan, you are right, and I’m sorry. The hold covered letters but not the automatic reminder; I switched \
               that off at 9:00 today. Credit note CN-2207 over €676 is attached.",
        html: "",
        signature: "Ines Okafor\nTareline Support",
        mode: if note { Mode::Note } else { Mode::Reply },
        supplier: &html! {},
        focus: false,
        can_reply: true,
        files: &[Attached { id: "1", name: "CN-2207.pdf", bytes: 61_200 }],
        query: "",
        macros: &html! {},
        seen: 7,
        kept_at: 1,
        error: None,
    };
    let content = html! {
        div.inbox {
            (list(Some(1042)))
            main.pane.pane-conv #main {
                (header())
                (suggestion(1033, "Invoice for October", "its subject names that case, but nothing else does", &html! {}))
                (feed(1042, "/cases/1042?part=live", &entries()))
                (composer.render())
            }
            (side())
        }
    };
    desk("Invoice bills 14 printers, we have 12", Place::Inbox, true, &content)
}

fn header() -> Markup {
    html! {
        header.conv-h {
            div.row-flex {
                (Button::link("Back to My open", "inbox.html").quiet().only_icon(Icon::ChevronLeft).class("only-m"))
                h1 { "Invoice bills 14 printers, we have 12" }
            }
            div.conv-act {
                button.btn.btn-sm.hide-s type="button" data-key="a" { (our_avatar("Ines Okafor", AvatarSize::Tiny)) "Ines" kbd { "a" } }
                (Button::submit("Resolve").small().icon(Icon::Check).key("e"))
                (Button::open("Customer", "side").small().quiet().only_icon(Icon::Panel).class("only-m").key("i"))
            }
            p.conv-meta { a href="customer.html" { "Northwind Bakery" } span { "Case 1042" } span { "Open" } span.row-flex.gap-1 { (channel_mark(ChannelMark::Mail, MarkSize::Tiny)) span { "4 messages since Monday" } } }
        }
    }
}

fn entries() -> Markup {
    let clock = clock();
    let opened = html! { "Started this case" };
    let token = html! { "Answers our mail, and comes from somebody we sent it to" };
    let failed = html! { div.failed { p.err { (icon_sm(Icon::Alert)) span { "Not delivered: the mailbox of Dan Whitlock is full." } } div.failed-a { (Button::submit("Send again").small()) } } };
    let quote = "> On Tue, Ines wrote:\n> both printers reached our returns desk on 22 September.";
    html! {
        (MessageEntry { choice: None, supplier: false, forward: None, id: "e1", revision: 0, offers: &[], name: "Ruth Alvarez", via: "by email to billing@tareline.example", at: ago(4_400),
            verdict: Some(Verdict::Unknown), warning: None, raw: Some("#"), automatic: None, why: Some(&opened), failed: false, state: None,
            body: MessageBody::Text(&[(None, "Hello, our November invoice INV-10874 (€2,366) lists 14 LP-40 subscriptions. We sent two of them back in September under RMA-2291, so it should be 12. October had the same mistake.\n\nCould you correct it before our payment run on the 20th? See https://northwind.example/ap.\n\nThanks, Ruth"), (Some(FoldKind::Signature), "Ruth Alvarez\nAccounts")]),
            files: &[("INV-10874.pdf", 84_000, "#")] }.render(&clock))
        (entry_line("e2", &html! { b { "Ines" } " took this case" }, ago(4_390), &clock))
        (entry_line("e3", &html! { b { "Jonas" } " set the priority to " b { "high" } }, ago(4_300), &clock))
        (MessageEntry { choice: None, supplier: false, forward: None, id: "e4", revision: 0, offers: &[], name: "Ines Okafor", via: "replied by email", at: ago(4_240),
            verdict: None, warning: None, raw: None, automatic: None, why: None, failed: false, state: None,
            body: MessageBody::Text(&[(None, "Hi Ruth, both printers reached our returns desk on 22 September, so you are right. I have asked Finance to correct the invoice and will confirm by Wednesday.")]),
            files: &[] }.render(&clock))
        (NoteEntry { id: "e5", name: "Jonas Feld", at: ago(1_300), text: "The RMA closed at the returns desk but the devices never left the subscription. Same as 16 other cases.", mentions: &[], files: &[] }.render(&clock))
        (MessageEntry { choice: None, supplier: false, forward: None, id: "e6", revision: 0, offers: &[], name: "Dan Whitlock", via: "by email", at: ago(70),
            verdict: Some(Verdict::Aligned), warning: None, raw: Some("#"), automatic: None, why: Some(&token), failed: false, state: None,
            body: MessageBody::Text(&[(None, "Morning, we got a payment reminder for INV-10874 today. You said these were on hold?"), (Some(FoldKind::Quote), quote)]),
            files: &[] }.render(&clock))
        (MessageEntry { choice: None, supplier: false, forward: None, id: "e7", revision: 0, offers: &[], name: "Ruth Alvarez", via: "by email", at: ago(40),
            verdict: Some(Verdict::Aligned), warning: None, raw: Some("#"), automatic: Some("Out of office"), why: Some(&token), failed: false, state: None,
            body: MessageBody::Frame { address: "/messages/mail.html", name: "mail-e7" },
            files: &[("label.jpg", 2_340_000, "#")] }.render(&clock))
        (MessageEntry { choice: None, supplier: false, forward: None, id: "e8", revision: 0, offers: &[], name: "Ines Okafor", via: "to Dan Whitlock", at: ago(12),
            verdict: None, warning: None, raw: None, automatic: None, why: None, failed: true, state: Some(&failed),
            body: MessageBody::Text(&[(None, "The hold covered letters, not the automatic reminder.")]), files: &[] }.render(&clock))
    }
}

/// Number, customer, subject, who spoke last, what they said, how many minutes ago, status, priority.
type Row = (i64, &'static str, &'static str, &'static str, &'static str, u64, Status, Priority);

#[rustfmt::skip]
const ROWS: [Row; 8] = [
    (1042, "Northwind Bakery", "Invoice bills 14 printers, we have 12", "Dan", "Morning, we got a payment reminder for INV-10874 today.", 18, Status::Open, Priority::High),
    (1057, "Hafen Logistik", "LP-40 skips every second label since Tuesday", "Jörg", "line 3 is labelling by hand, truck leaves at 11", 34, Status::New, Priority::Urgent),
    (1056, "Harrow Street Grocers", "Anyone else’s label printer skipping?", "Amy", "second day in a row, queue at the deli", 53, Status::New, Priority::Normal),
    (1031, "Casa Verde Markets", "Cannot import the product list from the old scales", "Lucía", "column H is the PLU number, not the price", 1_000, Status::Open, Priority::Normal),
    (1029, "Fjord Seafood", "Cold-room scale drifts after washing down", "You", "could you send one photo of the load cell label?", 1_100, Status::Waiting, Priority::Normal),
    (1024, "Brewster & Daughters", "Excise report for the second site", "You", "the template is in your account under Reports", 2_900, Status::Waiting, Priority::Normal),
    (1011, "Kowalski Pharma", "Signed calibration certificate for the audit", "Agnieszka", "auditor is here on 24 November", 4_400, Status::Open, Priority::Normal),
    (988, "Atelier Moreau", "Allergen template in French for the pralines", "Camille", "the font is too small once there are 14 lines", 14_400, Status::Resolved, Priority::Normal),
];

fn list(current: Option<i64>) -> Markup {
    let rows = ROWS.map(|(number, customer, subject, who, preview, minutes, status, priority)| CaseRow {
        due_at: None,
        wake_at: None,
        tags: Vec::new(),
        undelivered: false,
        number,
        address: "case.html",
        subject,
        customer,
        who,
        preview,
        at: ago(minutes),
        status,
        priority,
        assignee: None,
        current: current == Some(number),
    });
    html! {
        section.pane.pane-list aria-label="Case list" {
            header.pane-h {
                h2 { button.btn.btn-quiet.view-switch type="button" popovertarget="views-menu" { "My open" span.t3.n { "9" } (icon(Icon::ChevronDown)) } }
            }
            (live(&Live { id: "list", topics: "inbox", source: "/inbox?part=list", merge: false }, "bare", &case_list("My open", &rows, &clock())))
            (pager(&Pager { newer: None, older: Some("#") }))
            footer.pane-f { span { kbd { "j" } kbd { "k" } " move" } span { kbd { "Enter" } " open" } }
        }
    }
}

fn side() -> Markup {
    html! {
        aside.pane.pane-side #side popover="auto" aria-label="Customer" {
            div.side-top.only-m { h2 { "Case 1042" } (Button::close("Close", "side").quiet().only_icon(Icon::X)) }
            section.side-sec {
                header.row-flex { (organization_avatar("Northwind Bakery", AvatarSize::Large)) div.grow { h2.trunc { a href="customer.html" { "Northwind Bakery" } } span.xs.t3 { "Organization, northwind.example" } } }
            }
            section.side-sec {
                header { h2 { "People" } }
                ul.side-list { li { a.trunc href="#" { "Ruth Alvarez" } span.xs.t3 { "ruth@northwind.example" } } li { a.trunc href="#" { "Dan Whitlock" } span.xs.t3 { "dan@northwind.example" } } }
            }
            section.side-sec {
                header { h2 { "Also from Northwind" } }
                ul.side-list { li { a.trunc href="#" { "Add the Clifton shop to waste report" } span.xs.t3 { "Open, Jonas" } } li { a.trunc href="#" { "Return two LP-40, RMA-2291" } span.xs.t3 { "Closed Sep" } } }
            }
        }
    }
}

/// A button where markup is asked for.
trait RenderMarkup {
    fn render_markup(&self) -> Markup;
}

impl RenderMarkup for Button<'_> {
    fn render_markup(&self) -> Markup {
        html! { (self) }
    }
}

/// A page below others, with nothing to do.
pub(crate) fn crumb(above: &[(&str, &str)], here: &str) -> Markup {
    crumbs(above, here, &html! {})
}
