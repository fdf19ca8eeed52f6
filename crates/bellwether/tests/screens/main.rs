//! Every screen in every state, as people see it: light, dark and on a phone, without anything that keeps somebody out.
//!
//! Over SQLite alone: nothing here depends on the database. Pictures land in `target/screenshots/screens/`. axe-core says
//! what cannot be used; it is a tool of this test (`tests/tools`), and no part of the program.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod look;
mod mails;
mod place;
mod work;

use look::Look;
use place::{INES, PASSWORD, Place};
use testkit::Home;
use testkit::browser::{Browser, Page};
use testkit::program::Program;

async fn serve(home: &Home) -> Program {
    Program::serve(env!("CARGO_BIN_EXE_bellwether"), home, &["--log", "error"]).await
}

/// A desk on which much has happened.
#[tokio::test(flavor = "multi_thread")]
async fn every_screen_of_a_busy_desk() {
    let home = Home::sqlite();
    let place = Place::new(&home).await;
    let program = serve(&home).await;
    let browser = Browser::start().await;
    let page = browser.page(1440, 900, false).await;
    let mut look = Look::by(&page).await;
    let url = |path: &str| format!("{}{path}", program.url);
    page.sign_in(&url("/sign-in"), INES, PASSWORD).await;
    for view in ["mine", "unassigned", "waiting", "all", "spam", "trash"] {
        look.visit(&format!("inbox-{view}"), &url(&format!("/inbox?view={view}"))).await;
    }
    for (name, number) in &place.cases {
        page.goto(&url(&format!("/cases/{number}"))).await;
        page.wait_for("#spine article").await;
        if *name == "acknowledged" {
            page.wait_for_text(".to-stuck", "only receives, so a reply cannot leave").await;
        }
        look.at(&format!("case-{name}")).await;
    }
    look.visit("customer", &url(&format!("/customers/{}", place.customer.unwrap()))).await;
    let (family, person, merged) = place.family.unwrap();
    for (name, path) in [
        ("customers", "/customers".to_owned()),
        ("customers-mistaken", "/customers?by=name&filter=is%3Aorganizaton+owner%3Ame+o".to_owned()),
        ("customers-nobody", "/customers?filter=nobody+at+all".to_owned()),
        ("customer-family", format!("/customers/{family}")),
        ("customer-changes", format!("/customers/{family}?topic=changes")),
        ("customer-merge", format!("/customers/{family}/merge?find=ruth")),
        ("person", format!("/customers/{family}/contacts/{person}")),
        ("case-choose", format!("/cases/{merged}?choose=true")),
        ("case-move", format!("/cases/{merged}/customer?find=ruth")),
        ("case-move-nobody", format!("/cases/{merged}/customer?find=nobody")),
        ("case-was", format!("/cases/{merged}?was=4711")),
    ] {
        look.visit(name, &url(&path)).await;
    }
    page.goto(&url(&format!("/cases/{merged}"))).await;
    page.press("M").await;
    page.wait_for("#merge:popover-open").await;
    look.at("case-merge").await;
    for (name, path) in [
        ("outbox", "/outbox"),
        ("keys-all", "/keys"),
        ("you", "/you"),
        ("notifications", "/notifications"),
        ("notifications-choices", "/you/notifications"),
        ("not-found", "/nowhere"),
    ] {
        look.visit(name, &url(path)).await;
    }
    look.done();
    program.stop().await;
}

/// The settings of that desk, its open menus, and what is said while it cannot be reached.
#[tokio::test(flavor = "multi_thread")]
async fn every_setting_and_menu_of_a_busy_desk() {
    let home = Home::sqlite();
    let place = Place::new(&home).await;
    let program = serve(&home).await;
    let browser = Browser::start().await;
    let page = browser.page(1440, 900, false).await;
    let mut look = Look::by(&page).await;
    let url = |path: &str| format!("{}{path}", program.url);
    look.visit("sign-in", &url("/sign-in")).await;
    page.fill("input[name=email]", INES).await;
    page.fill("input[name=password]", "wrong").await;
    page.click("button[type=submit]").await;
    page.wait_for(".err, .field-e, .banner").await;
    look.at("sign-in-wrong").await;
    look.visit("join", &url(&format!("/join/{}", place.join))).await;
    look.visit("join-over", &url("/join/0123456789abcdef")).await;
    look.visit("reset", &url(&format!("/reset/{}", place.reset))).await;
    look.visit("reset-over", &url("/reset/0123456789abcdef")).await;
    page.sign_in(&url("/sign-in"), INES, PASSWORD).await;
    for path in ["organization", "channels", "channels/new", "hours", "unwanted", "people"] {
        look.visit(&format!("settings-{}", path.replace('/', "-")), &url(&format!("/settings/{path}"))).await;
    }
    for (name, id) in &place.channels {
        look.visit(&format!("channel-{name}"), &url(&format!("/settings/channels/{id}"))).await;
        look.visit(&format!("reply-of-{name}"), &url(&format!("/settings/channels/{id}/acknowledgement"))).await;
    }
    let broken = place.channels.last().unwrap().1;
    page.goto(&url(&format!("/settings/channels/{broken}"))).await;
    page.click("bw-try button").await;
    page.wait_for("#checks .bad").await;
    look.at("channel-tested").await;
    page.goto(&url("/settings/channels")).await;
    page.click("[aria-label='Test Billing']").await;
    page.wait_for("#checks .bad").await;
    look.at("channels-tested").await;

    let (_, thread) = place.cases.iter().find(|it| it.0 == "thread").unwrap();
    for menu in ["views-menu", "assign", "resolve", "case-more", "to-whom", "me", "macros"] {
        page.goto(&url(&format!("/cases/{thread}"))).await;
        page.wait_for("#spine article").await;
        let open = "document.getElementById('MENU')
            .showPopover({ source: document.querySelector('[popovertarget=MENU]') })";
        page.eval(&open.replace("MENU", menu)).await;
        look.at(&format!("menu-{menu}")).await;
        // What changed meanwhile takes no menu from under anybody's pointer.
        let open = page.eval(&format!("document.getElementById('{menu}').matches(':popover-open')")).await;
        assert_eq!(open, true, "{menu} is still open");
    }
    page.goto(&url(&format!("/cases/{thread}"))).await;
    page.click("label[data-key=n]").await;
    look.at("composer-note").await;
    page.goto(&url(&format!("/cases/{thread}"))).await;
    page.click("label[data-key=n]").await;
    page.click("#text").await;
    page.press(" @jo").await;
    page.wait_for("#mention-list:popover-open").await;
    look.at("composer-mention").await;
    page.goto(&url("/inbox?view=all")).await;
    page.click("bw-bell a").await;
    page.wait_for("#notes:popover-open .notei").await;
    look.at("notifications-beside").await;
    page.goto(&url(&format!("/cases/{thread}"))).await;
    page.click("#text").await;
    look.at("composer-tools").await;
    page.goto(&url("/inbox?view=all")).await;
    page.press("f").await;
    page.wait_for("#filter").await;
    page.eval("document.getElementById('filter').value = ''").await;
    page.type_into("#filter", "is:open as").await;
    page.wait_for("#filter-list:not([hidden]) li").await;
    look.at("filter-typed").await;
    look.visit("filter-mistaken", &url("/inbox?filter=is%3Aopne+priority%3Aurgent")).await;
    look.visit("filter", &url("/inbox?filter=waiting%3Acustomer")).await;
    page.click(".save-view summary").await;
    page.fill("#save-name", "Waits on them").await;
    look.at("filter-saved").await;
    page.click(".save-view button").await;
    page.wait_for_text(".view-switch", "Waits on them").await;
    look.visit("views", &url("/views")).await;
    macros(&mut look, &page, &program, *thread).await;
    look.visit("case-new", &url("/cases/new")).await;
    page.goto(&url("/inbox?view=all")).await;
    page.press("?").await;
    page.wait_for("dialog[open]").await;
    look.at("keys").await;
    page.goto(&url("/inbox?view=all")).await;
    page.eval("document.getElementById('more').showPopover()").await;
    look.at("menu-more").await;
    page.goto(&url("/inbox?view=all")).await;
    page.set_offline(true).await;
    page.wait_for("bw-offline:not([hidden])").await;
    look.at("offline").await;
    look.done();
    program.stop().await;
}

/// What is found, chosen, asked and promised at that desk.
#[tokio::test(flavor = "multi_thread")]
async fn every_state_of_the_work_at_a_busy_desk() {
    let home = Home::sqlite();
    let place = Place::new(&home).await;
    let program = serve(&home).await;
    let browser = Browser::start().await;
    let page = browser.page(1440, 900, false).await;
    let mut look = Look::by(&page).await;
    page.sign_in(&format!("{}/inbox?view=all", program.url), INES, PASSWORD).await;
    let (_, thread) = place.cases.iter().find(|it| it.0 == "thread").unwrap();
    work::case(&mut look, &page, &format!("{}/cases/{thread}", program.url)).await;
    work::search(&mut look, &page, &program.url).await;
    work::palette(&mut look, &page, &program.url).await;
    work::many(&mut look, &page, &program.url).await;
    for path in ["tags", "fields", "brief"] {
        look.visit(&format!("settings-{path}"), &format!("{}/settings/{path}", program.url)).await;
    }
    look.done();
    program.stop().await;
}

/// A macro is written, and found by a slash.
async fn macros(look: &mut Look<'_>, page: &Page, program: &Program, thread: i64) {
    page.goto(&format!("{}/macros", program.url)).await;
    page.fill("#name-new", "Sorry").await;
    page.fill("#body-new", "Hello {first_name},\nwe are sorry about that.").await;
    page.click("form[action='/macros'] summary").await;
    page.choose("#priority-new", "high").await;
    look.at("macro-new").await;
    page.click("form[action='/macros'] .btn-primary").await;
    page.wait_for_text("main .list", "Sorry").await;
    look.at("macros").await;
    page.goto(&format!("{}/cases/{thread}", program.url)).await;
    page.wait_for("#text[contenteditable]").await;
    page.press("r").await;
    page.press("\u{e007}/").await;
    page.wait_for("#macro-list:not([hidden]) li").await;
    look.at("macro-slash").await;
}

/// A desk on its first day, from its setup on, when there is nothing yet.
#[tokio::test(flavor = "multi_thread")]
async fn every_screen_of_a_new_desk() {
    let home = Home::sqlite();
    let program = serve(&home).await;
    let browser = Browser::start().await;
    let page = browser.page(1440, 900, false).await;
    let mut look = Look::by(&page).await;
    let url = |path: &str| format!("{}{path}", program.url);
    look.visit("setup", &url(&format!("/setup/{}", program.setup.as_ref().unwrap()))).await;
    for (name, value) in [
        ("organization", "Tareline"),
        ("name", "Ines Okafor"),
        ("email", INES),
        ("password", PASSWORD),
        ("address", place::US),
        ("mailbox_password", "secret"),
    ] {
        page.fill(&format!("input[name={name}]"), value).await;
    }
    page.click("#servers summary").await;
    for (name, value) in
        [("reading_host", "localhost"), ("reading_port", "1"), ("sending_host", "localhost"), ("sending_port", "1")]
    {
        page.fill(&format!("input[name={name}]"), value).await;
    }
    page.click("bw-try button").await;
    page.wait_for("#checks .bad").await;
    look.at("setup-tested").await;
    page.click("button[name=later]").await;
    page.wait_for(".nav").await;
    for view in ["mine", "unassigned", "waiting", "all", "spam", "trash"] {
        look.visit(&format!("empty-{view}"), &url(&format!("/inbox?view={view}"))).await;
    }
    for path in [
        "views",
        "outbox",
        "settings/channels",
        "settings/people",
        "settings/brief",
        "settings/unwanted",
        "settings/hours",
        "notifications",
    ] {
        look.visit(&format!("empty-{}", path.replace('/', "-")), &url(&format!("/{path}"))).await;
    }
    look.done();
    program.stop().await;
}
