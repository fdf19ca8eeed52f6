//! The desk by keyboard alone, in a real browser, over both databases.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use bellwether::key_file;
use desk::Keys;
use domain::Priority;
use testkit::browser::{Browser, Page};
use testkit::office::{INES, PASSWORD, US};
use testkit::program::Program;
use testkit::{Home, Letter, Office};

testkit::both!(
    what_solved_a_like_case_is_put_in_by_a_key,
    a_filter_is_typed_completed_saved_and_opened,
    a_macro_is_chosen_by_key_and_by_slash,
    a_word_is_searched_and_its_case_opened,
    cases_are_merged_split_and_joined
);

/// Keys without a letter, as the driver spells them.
const DOWN: &str = "\u{e015}";
const ENTER: &str = "\u{e007}";
const TAB: &str = "\u{e004}";
const ESCAPE: &str = "\u{e00c}";

/// A desk with these cases, of which the first is Ines's and urgent, and the second urgent.
async fn furnish(home: &Home, subjects: &[&str]) {
    let office = Office::found(home, Keys::new(key_file::open(&home.key_file()).unwrap())).await;
    let Office { desk, ines, .. } = &office;
    for (subject, number) in subjects.iter().zip(1..) {
        let letter = Letter::from("Ruth Alvarez <ruth@customer.example>").to(US).subject(subject).text("It smokes.");
        office.receive(&letter).await;
        if number <= 2 {
            desk.prioritize(ines, number, Priority::Urgent).await.unwrap();
        }
    }
    desk.assign(ines, 1, Some(ines.id)).await.unwrap();
    desk.index_all().await.unwrap();
    office.close().await;
}

async fn sign_in(page: &Page, program: &Program, path: &str) {
    page.sign_in(&format!("{}{path}", program.url), INES, PASSWORD).await;
}

async fn subjects(page: &Page) -> Vec<String> {
    let texts = page.texts(".case-s").await;
    texts.iter().filter_map(|it| Some(it.lines().next_back()?.to_owned())).collect()
}

async fn a_filter_is_typed_completed_saved_and_opened(home: &Home) {
    furnish(home, &["Smoke", "Sparks", "Dust"]).await;
    let program = Program::serve(env!("CARGO_BIN_EXE_bellwether"), home, &["--log", "error"]).await;
    let browser = Browser::start().await;
    let page = browser.page(1440, 900, false).await;
    sign_in(&page, &program, "/inbox?view=all").await;
    assert_eq!(subjects(&page).await, ["Dust", "Sparks", "Smoke"]);

    // Completed with the arrows: the word, then its value.
    page.press("f").await;
    page.wait_until("the cursor is in the filter", "document.activeElement.id == 'filter'").await;
    page.press("pri").await;
    page.wait_until(
        "one word fits",
        "document.querySelectorAll('#filter-list [data-insert=\"priority:\"]').length == 1",
    )
    .await;
    page.press(&format!("{DOWN}{ENTER}u")).await;
    page.wait_for("#filter-list [data-insert^='urgent']").await;
    page.press(&format!("{DOWN}{TAB}")).await;
    assert_eq!(page.value("#filter").await, "priority:urgent ");
    page.wait_for("#filter-list [data-insert='is:']").await;
    page.press("-assignee:me").await;
    page.wait_until("all is typed", "document.getElementById('filter').value.endsWith('me')").await;
    // Escape closes the list; once more, it would leave the field.
    page.wait_for("#filter-list:not([hidden]) [data-insert^='me']").await;
    page.press(ESCAPE).await;
    page.wait_for("#filter-list[hidden]").await;
    page.press(ENTER).await;
    page.wait_for_text(".view-switch", "Filter").await;
    assert_eq!(subjects(&page).await, ["Sparks"]);

    // A mistake is told, and mended.
    page.press("f").await;
    page.wait_until("the cursor is in the filter", "document.activeElement.id == 'filter'").await;
    page.press(&format!(" is:opn{ENTER}")).await;
    page.wait_for_text("#filter-e", "Did you mean “open”?").await;
    page.goto(&format!("{}/inbox?filter=priority%3Aurgent", program.url)).await;

    // Saved under a name: the button stands behind the field.
    page.press("f").await;
    page.wait_until("the cursor is in the filter", "document.activeElement.id == 'filter'").await;
    page.press(&format!("{TAB}{ENTER}")).await;
    page.wait_for(".save-view[open]").await;
    page.press(&format!("{TAB}On fire{ENTER}")).await;
    page.wait_for_text(".view-switch", "On fire").await;
    assert_eq!(subjects(&page).await, ["Sparks", "Smoke"]);
    page.wait_for_text("#views [aria-current]", "On fire").await;
    page.wait_for_text("#views [aria-current] .n", "2").await;

    // A case opens beside its filter, and the way back is the filter.
    page.press("j").await;
    page.press(ENTER).await;
    page.wait_for("#spine article").await;
    assert_eq!(subjects(&page).await, ["Sparks", "Smoke"]);
    assert_eq!(browser.console().await, [""; 0]);
    program.stop().await;
}

async fn a_word_is_searched_and_its_case_opened(home: &Home) {
    furnish(home, &["Smoke", "Sparks", "Dust"]).await;
    let program = Program::serve(env!("CARGO_BIN_EXE_bellwether"), home, &["--log", "error"]).await;
    let browser = Browser::start().await;
    let page = browser.page(1440, 900, false).await;
    sign_in(&page, &program, "/inbox?view=all").await;
    page.press("/").await;
    page.wait_until("the cursor is in the search", "document.activeElement.id == 'q'").await;
    page.press("pri").await;
    page.wait_until("what can stand there is shown", "document.querySelector('.filter-list [role=option]')").await;
    page.press(ESCAPE).await;
    page.press(&format!("{}smokes -sparks", "\u{e003}".repeat(3))).await;
    page.press(ENTER).await;
    page.wait_for(".hit").await;
    assert_eq!(page.texts(".hit-t").await, ["Dust", "Smoke"]);
    assert_eq!(page.texts(".hit-x mark").await, ["smokes", "smokes"]);
    page.press("j").await;
    page.press("j").await;
    page.wait_until("the second hit is chosen", "document.activeElement.matches('li:nth-child(2) > .hit')").await;
    // The key goes back to the field.
    page.press("/").await;
    page.wait_until("the cursor is in the field", "document.activeElement.id == 'q'").await;
    page.press(ESCAPE).await;
    page.press(ESCAPE).await;
    page.press("j").await;
    page.press(ENTER).await;
    page.wait_until("the case is open", "location.pathname == '/cases/3'").await;
    program.stop().await;
}

async fn a_macro_is_chosen_by_key_and_by_slash(home: &Home) {
    furnish(home, &["Smoke"]).await;
    let program = Program::serve(env!("CARGO_BIN_EXE_bellwether"), home, &["--log", "error"]).await;
    let browser = Browser::start().await;
    let page = browser.page(1440, 900, false).await;
    sign_in(&page, &program, "/macros").await;
    for (name, text, priority) in [("Greeting", "Hello {first_name},\nit is {me}.", ""), ("Now", "", "high")] {
        page.wait_for("#name-new").await;
        page.fill("#name-new", name).await;
        page.fill("#body-new", text).await;
        if !priority.is_empty() {
            page.click("form[action='/macros'] summary").await;
            page.choose("#priority-new", priority).await;
        }
        page.click("form[action='/macros'] .btn-primary").await;
        page.wait_for_text("main .list", name).await;
    }

    // The menu: searched, taken with Enter, put where the cursor was.
    page.goto(&format!("{}/cases/1", program.url)).await;
    page.wait_for("#text[contenteditable]").await;
    page.press("r").await;
    page.press("Behind").await;
    page.eval("getSelection().collapse(document.querySelector('#text').firstChild, 0)").await;
    page.eval("document.activeElement.blur()").await;
    page.press("m").await;
    page.wait_until("the search has the cursor", "document.activeElement.id == 'macro-q'").await;
    page.press(&format!("gree{ENTER}")).await;
    page.wait_until(
        "the text stands before what was written",
        "document.querySelector('#text').value == 'Hello Ruth,\\nit is Ines Okafor.Behind'",
    )
    .await;
    page.wait_for_text(".composer-state", "Draft saved").await;

    // What it does is done at once, told, and undone.
    page.eval("document.activeElement.blur()").await;
    page.press("m").await;
    page.wait_until("the search has the cursor", "document.activeElement.id == 'macro-q'").await;
    page.press(&format!("now{ENTER}")).await;
    page.wait_for_text("bw-toast", "now high").await;
    page.eval("document.activeElement.blur()").await;
    page.press("z").await;
    page.wait_for_text("#spine", "took that back").await;

    // A slash at the beginning of a line.
    page.goto(&format!("{}/cases/1", program.url)).await;
    page.wait_for("#text[contenteditable]").await;
    page.press("n").await;
    page.press(&format!("{ENTER}/zebra")).await;
    page.wait_until("nothing fits", "document.querySelector('#macro-list').hidden").await;
    page.press("\u{e003}\u{e003}\u{e003}\u{e003}\u{e003}").await;
    page.wait_for("#macro-list [aria-selected=true]").await;
    page.press(&format!("{ESCAPE}gr")).await;
    page.wait_until("closed it stays", "document.querySelector('#macro-list').hidden").await;
    page.press(&format!("\u{e003}\u{e003}\u{e003}/{DOWN}")).await;
    page.wait_for_text("#macro-list [aria-selected=true]", "Greeting").await;
    page.press("gr").await;
    page.wait_until("one fits", "document.querySelectorAll('#macro-list li').length == 1").await;
    page.press(TAB).await;
    page.wait_until(
        "the slash is gone, and the text is there",
        "document.querySelector('#text').value.endsWith('\\nHello Ruth,\\nit is Ines Okafor.')",
    )
    .await;
    assert!(!page.value("#text-plain").await.contains('/'));
    page.close().await;
    program.stop().await;
}

async fn cases_are_merged_split_and_joined(home: &Home) {
    let office = Office::found(home, Keys::new(key_file::open(&home.key_file()).unwrap())).await;
    let ruth = |subject: &str| Letter::from("Ruth Alvarez <ruth@customer.example>").to(US).subject(subject);
    let first = ruth("Smoke").text("It smokes.");
    for letter in [
        first.clone(),
        ruth("Sparks").text("And it sparks."),
        ruth("Re: Smoke").text("The invoice is wrong, too.").answers(&first.id()),
        Letter::from("ruth@home.example").to(US).subject("About #1").text("Still smoking."),
        Letter::from("eve@home.example").to(US).subject("About #1").text("Mine smokes, too."),
    ] {
        office.receive(&letter).await;
    }
    office.close().await;
    let program = Program::serve(env!("CARGO_BIN_EXE_bellwether"), home, &["--log", "error"]).await;
    let browser = Browser::start().await;
    let page = browser.page(1440, 900, false).await;
    sign_in(&page, &program, "/cases/2?view=all").await;
    page.wait_for("#spine article").await;
    let undo = async |gone: &str| {
        page.eval("document.querySelector('#spine .undo button').focus()").await;
        page.press(ENTER).await;
        page.wait_for_text("#spine", gone).await;
        page.wait_gone("#spine .undo").await;
    };

    // Merged by a number that is typed; the other's address leads here.
    page.press("M").await;
    page.wait_until("the cursor is in the field", "document.activeElement.id == 'merge-with'").await;
    page.press(&format!("1{ENTER}")).await;
    page.wait_for_text(".conv-h h1", "Smoke").await;
    page.wait_for_text("#spine", "And it sparks.").await;
    page.goto(&format!("{}/cases/2?view=all", program.url)).await;
    page.wait_for_text("[role=status]", "Case #2 was merged into this one").await;
    undo("took Case 2 out again").await;
    assert!(!page.text("#spine").await.contains("sparks"));

    // A message is chosen, and comes back.
    page.press("X").await;
    page.wait_for("#split").await;
    page.eval("document.querySelector('[name=message]').focus()").await;
    page.press(" ").await;
    page.eval("document.getElementById('split-subject').focus()").await;
    page.press(&format!("The invoice{ENTER}")).await;
    page.wait_for_text(".conv-h h1", "The invoice").await;
    page.goto(&format!("{}/cases/1?view=all", program.url)).await;
    page.wait_for("#spine .undo").await;
    undo("joined Case 5 back into this case").await;
    page.wait_for_text("#spine", "The invoice is wrong, too.").await;

    // One is joined as suggested, and of another it is remembered that it is something else.
    page.goto(&format!("{}/cases/4?view=all", program.url)).await;
    page.wait_for_text(".suggest", "Looks like case 1").await;
    page.press("Y").await;
    page.wait_gone(".suggest").await;
    page.goto(&format!("{}/cases/3?view=all", program.url)).await;
    page.wait_for_text(".suggest", "Looks like case 1").await;
    page.press("y").await;
    page.wait_for_text(".conv-h h1", "Smoke").await;
    page.wait_for_text("#spine", "Still smoking.").await;
    assert_eq!(browser.console().await, [""; 0]);
    program.stop().await;
}

async fn what_solved_a_like_case_is_put_in_by_a_key(home: &Home) {
    let office = Office::found(home, Keys::new(key_file::open(&home.key_file()).unwrap())).await;
    for (from, text) in
        [("ann@a.example", "The printer feeds blank labels."), ("eve@b.example", "My printer feeds blank labels.")]
    {
        office.receive(&Letter::from(from).to(US).subject("Blank labels").text(text)).await;
    }
    office.desk.resolve(&office.ines, 1, "Turn the roll.").await.unwrap();
    office.desk.index_all().await.unwrap();
    office.close().await;
    let program = Program::serve(env!("CARGO_BIN_EXE_bellwether"), home, &["--log", "error"]).await;
    let browser = Browser::start().await;
    let page = browser.page(1440, 900, false).await;
    sign_in(&page, &program, "/cases/2?view=all").await;
    page.wait_for_text("bw-like", "Turn the roll.").await;
    page.wait_for("#text[contenteditable]").await;
    page.press("1").await;
    page.wait_until("it stands in the reply", "document.querySelector('#text').value == 'Turn the roll.'").await;
    assert_eq!(browser.console().await, [""; 0]);
    program.stop().await;
}
