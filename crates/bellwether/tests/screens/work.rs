//! The states of the work itself: what is found, chosen, promised, put off, asked, and offered by the palette.

use testkit::browser::Page;

use super::look::Look;

const ESCAPE: &str = "\u{e00c}";

/// What the search says: hits, the best of them, nothing, and a mistake.
pub async fn search(look: &mut Look<'_>, page: &Page, url: &str) {
    for (name, query, shows) in [
        ("search", "label", ".hit"),
        ("search-people", "ruth", ".hit"),
        ("search-best", "label+roll&order=best", ".hit"),
        ("search-nothing", "nothingofthekind", ".empty"),
        ("search-mistaken", "is%3Aopne+label", ".q-err"),
        ("search-begin", "", ".empty"),
    ] {
        page.goto(&format!("{url}/search?q={query}")).await;
        page.wait_for(shows).await;
        look.at(name).await;
    }
}

/// Everything that one may do, by its name.
pub async fn palette(look: &mut Look<'_>, page: &Page, url: &str) {
    page.goto(&format!("{url}/inbox?view=all")).await;
    for (name, words) in
        [("palette", ""), ("palette-typed", "label"), ("palette-do", ">a"), ("palette-nothing", "xyzzyxyzzy")]
    {
        page.press("\u{e009}k\u{e000}").await;
        page.wait_until("the palette has the cursor", "document.activeElement.matches('dialog[open] input')").await;
        page.press(words).await;
        page.wait_for("dialog[open] [role=option]").await;
        look.at(name).await;
        page.press(ESCAPE).await;
        page.wait_until("it is closed", "!document.querySelector('bw-palette dialog[open]')").await;
    }
}

/// Several cases that are chosen, what is done with them, and what is said of that.
pub async fn many(look: &mut Look<'_>, page: &Page, url: &str) {
    page.goto(&format!("{url}/inbox?view=all")).await;
    for key in ["j", "x", "j", "x"] {
        page.press(key).await;
    }
    page.wait_for_text("[data-count]", "2").await;
    look.at("many").await;
    for (key, menu) in [("a", "bulk-assign"), ("t", "bulk-tag"), ("s", "bulk-snooze")] {
        page.press(key).await;
        page.wait_for(&format!("#{menu}:popover-open")).await;
        look.at(&format!("many-{menu}")).await;
        page.press(ESCAPE).await;
        page.wait_until("it is closed", "!document.querySelector('.menu:popover-open')").await;
        page.eval("document.activeElement.blur()").await;
    }
    page.press("t").await;
    page.wait_until("the cursor is there", "document.activeElement.id == 'bulk-tag-name'").await;
    page.press("printers\u{e007}").await;
    page.wait_for_text("bw-toast", "2 cases").await;
    look.at("many-done").await;
}

/// What is offered beside a case, and in the box where one writes.
pub async fn case(look: &mut Look<'_>, page: &Page, case: &str) {
    for (key, menu) in [("s", "snooze"), ("t", "tag")] {
        page.goto(case).await;
        page.wait_for("#spine article").await;
        page.press(key).await;
        page.wait_for(&format!("#{menu}:popover-open")).await;
        look.at(&format!("menu-{menu}")).await;
    }
    page.goto(case).await;
    page.wait_for("#spine article").await;
    page.press("X").await;
    page.wait_for("#split").await;
    look.at("case-split").await;
    page.goto(case).await;
    page.wait_for("bw-composer").await;
    page.press("F").await;
    page.wait_until("the cursor says whom", "document.activeElement.id == 'supplier'").await;
    look.at("composer-forward").await;
    page.goto(case).await;
    page.wait_for("#text[contenteditable]").await;
    page.press("r").await;
    page.press(" I'll send you the corrected invoice by tomorrow.").await;
    page.wait_for("bw-promise label").await;
    look.at("composer-promise").await;
    page.eval("document.getElementById('send-as').showPopover()").await;
    look.at("composer-send").await;
}
