//! The list of cases, beside a case or alone.

use std::fmt::Write as _;

use domain::{Macro, Member, Right, Tag, View};
use maud::{Markup, html};
use store::case::list::{Cursor, From, Line, Page};
use store::staff::Colleague;
use store::team::Team;
use uuid::Uuid;

use super::{bulk, page_address};
use crate::aside::above;
use crate::nav::Around;
use crate::part::{Button, CaseRow, Clock, Icon, Live, Pager, case_list, empty, icon, live, menu, menu_link, pager};
use crate::search;
use crate::text::t;
use crate::view::{Listed, Shown, save_form, told};

/// One page of a view.
#[derive(Clone, Copy, Debug)]
pub struct Pane<'a> {
    /// What it lists.
    pub list: &'a Listed,
    /// From where the page goes on.
    pub from: From,
    /// Its rows.
    pub page: &'a Page,
    /// The number of the case beside it.
    pub current: Option<i64>,
    /// Who looks.
    pub me: &'a Member,
    /// Everybody, to name whose a case is.
    pub colleagues: &'a [Colleague],
    /// All teams, with some of which a view may be shared.
    pub teams: &'a [Team],
    /// All tags.
    pub tags: &'a [Tag],
    /// The macros that whoever looks has.
    pub macros: &'a [Macro],
    /// After how many days what is put aside is deleted, in a view that shows it.
    pub kept: i64,
}

impl Pane<'_> {
    /// The pane with its head and foot.
    pub fn render(&self, around: &Around, clock: &Clock) -> Markup {
        html! {
            bw-select.pane.pane-list role="region" aria-label=(t("case-list")) {
                header.pane-h {
                    h2 {
                        button.btn.btn-quiet.view-switch type="button" popovertarget="views-menu" {
                            span.trunc { (self.list.name) } (self.count(around)) (icon(Icon::ChevronDown))
                        }
                    }
                    (menu("views-menu", t("views"), &html! {
                        @for it in around.views(Some(&self.list.shown)) { (menu_link(None, it.name, &it.address, it.current)) }
                        hr;
                        (menu_link(Some(Icon::Edit), t("views-edit"), "/views", false))
                    }))
                    @if self.me.role.may(Right::Desk) {
                        (Button::link(t("begin"), "/cases/new").small().quiet().only_icon(Icon::Plus).key("c").class("end"))
                    }
                }
                (self.filter())
                @if let Some(aside) = self.list.aside() { (above(aside, self.kept, self.me.role, !self.page.lines.is_empty())) }
                (self.list(clock))
                (bulk::bar(self, clock))
                footer.pane-f {
                    span { kbd { "j" } kbd { "k" } " " (t("keys-hint-move")) } span { kbd { "Enter" } " " (t("keys-hint-open")) } span { kbd { "x" } " " (t("keys-hint-select")) }
                    span { kbd { "?" } " " (t("keys-hint-all")) }
                }
            }
        }
    }

    /// What is asked, to be typed over.
    fn filter(&self) -> Markup {
        let (text, typed) = (&self.list.filter, matches!(self.list.shown, Shown::Typed(_)));
        let mistakes = &self.list.mistakes;
        html! {
            details.pane-q open[typed || !mistakes.is_empty()] {
                summary.btn.btn-quiet.btn-sm.btn-icon data-key="f" data-focus="filter" title={ (t("filter")) " (f)" } aria-label=(t("filter")) { (icon(Icon::Filter)) }
                bw-filter data-src="/inbox/completion" data-label=(t("filter-list")) {
                    form method="get" action="/inbox" role="search" {
                        label.vh for="filter" data-key="f" data-focus="filter" { (t("filter")) }
                        input.input #filter name="filter" value=(text) placeholder=(t("filter-example")) autocomplete="off" spellcheck="false"
                            autocapitalize="none" maxlength="500" aria-describedby="filter-e" aria-invalid=[(!mistakes.is_empty()).then_some("true")];
                        button.vh type="submit" tabindex="-1" { (t("filter-do")) }
                    }
                }
                div #filter-e {
                    @for it in mistakes { p.err.q-err { (icon(Icon::Alert)) span { (told(it, text)) } } }
                }
                @if typed && !self.list.asked.sought().is_empty() {
                    p.xs { a.link href=(search::address(text)) { (t("search-everything")) } }
                }
                @if typed && mistakes.is_empty() && !text.is_empty() { (save_form(text, self.me, self.teams)) }
            }
        }
    }

    /// How many there are, as it is fetched again with the rows.
    pub fn count(&self, around: &Around) -> Markup {
        let count = self.list.shown.built().and_then(|it| around.count(it));
        html! { @if let Some(count) = count { span.t3.n #list-count data-live="inbox" data-src=(self.source()) { (count) } } }
    }

    /// The rows, as they are fetched again.
    pub fn list(&self, clock: &Clock) -> Markup {
        let (newer, older) = (self.page.newer, self.page.older);
        let newer = newer.map(|it| page_address(&self.list.shown, "after", it));
        let older = older.map(|it| page_address(&self.list.shown, "before", it));
        let inner = html! {
            @if self.page.lines.is_empty() { (self.nothing()) } @else { (self.rows(clock)) }
            @if let Some(at) = self.page.searched { p.xs.t3.searched { (t("list-searched")) " " (clock.short(at)) "." } }
            (pager(&Pager { newer: newer.as_deref(), older: older.as_deref() }))
        };
        let source = self.source();
        live(&Live { id: "list", topics: "inbox", source: &source, merge: false }, "bare", &inner)
    }

    fn rows(&self, clock: &Clock) -> Markup {
        let addresses: Vec<String> = self.page.lines.iter().map(|it| self.address(it.number)).collect();
        let lines = self.page.lines.iter().zip(&addresses);
        let rows: Vec<CaseRow<'_>> = lines.map(|(line, address)| self.row(line, address)).collect();
        case_list(&self.list.name, &rows, clock)
    }

    fn row<'r>(&'r self, line: &'r Line, address: &'r str) -> CaseRow<'r> {
        let assignee = line.assignee.filter(|it| !self.list.is_mine() && *it != self.me.id);
        let named = assignee.and_then(|id| self.colleagues.iter().find(|it| it.id == id));
        CaseRow {
            number: line.number,
            address,
            subject: &line.subject,
            customer: &line.customer_name,
            undelivered: line.undelivered,
            due_at: line.due_at,
            wake_at: line.wake_at,
            tags: line
                .tags
                .iter()
                .filter_map(|id| self.tags.iter().find(|it| it.id == *id))
                .map(|it| it.name.as_str())
                .collect(),
            who: if line.theirs { "" } else { t("we") },
            preview: &line.preview,
            at: line.last_at,
            status: line.status,
            priority: line.priority,
            assignee: named.map(|it| first_name(&it.name)),
            current: self.current == Some(line.number),
        }
    }

    /// Where a case of this page opens: beside the same rows.
    pub fn address(&self, number: i64) -> String {
        let list = self.list.shown.query();
        match self.start() {
            Some(from) => format!("/cases/{number}?{list}&from={from}"),
            None => format!("/cases/{number}?{list}"),
        }
    }

    /// The position just before the first row, unless it is the newest.
    fn start(&self) -> Option<Cursor> {
        let first = self.page.lines.first()?;
        (self.from != From::Newest).then_some(Cursor { at: first.last_at, id: Uuid::max() })
    }

    /// Where its reader is: the list, or the case beside it.
    pub fn here(&self) -> String {
        match (self.current, self.from) {
            (Some(number), _) => self.address(number),
            (None, From::Newest) => self.list.shown.address(),
            (None, From::Before(at)) => page_address(&self.list.shown, "before", at),
            (None, From::After(at)) => page_address(&self.list.shown, "after", at),
        }
    }

    fn source(&self) -> String {
        let mut source = match self.from {
            From::Newest => self.list.shown.address(),
            From::Before(at) => page_address(&self.list.shown, "before", at),
            From::After(at) => page_address(&self.list.shown, "after", at),
        };
        source.push_str("&part=list");
        if let Some(number) = self.current {
            write!(source, "&case={number}").unwrap_or_default();
        }
        source
    }

    /// Where to begin: what waits longest, if all of it is here.
    pub fn first(&self) -> Option<&Line> {
        let whole = self.page.older.is_none() && matches!(self.list.shown, Shown::View(View::Mine | View::Unassigned));
        if whole { self.page.lines.last() } else { self.page.lines.first() }
    }

    /// What a view without cases says.
    pub fn nothing(&self) -> Markup {
        let (title, then) = match self.list.shown.built() {
            Some(View::Mine) => (t("none-mine"), t("none-mine-then")),
            Some(View::Unassigned) => (t("none-unassigned"), t("none-unassigned-then")),
            Some(View::Due) => (t("none-due"), t("none-due-then")),
            Some(View::Snoozed) => (t("none-snoozed"), t("none-snoozed-then")),
            Some(View::Us) => (t("none-us"), t("none-us-then")),
            Some(View::Waiting) => (t("none-waiting"), t("none-waiting-then")),
            Some(View::All) => (t("none-all"), t("none-all-then")),
            Some(View::Spam) => (t("none-spam"), t("none-spam-then")),
            Some(View::Trash) => (t("none-trash"), t("none-trash-then")),
            None if self.page.searched.is_some() => (t("none-yet"), t("none-yet-then")),
            None => (t("none-saved"), t("none-saved-then")),
        };
        let action = html! {
            @if self.list.is_mine() { (Button::link(t("none-mine-do"), &Shown::View(View::Unassigned).address()).class("mt2")) }
        };
        empty(Icon::Inbox, title, then, &action)
    }
}

/// What colleagues call each other.
pub fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}
