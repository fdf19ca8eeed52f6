//! How long after a key the changed page is painted, on the demo in a real browser: keys that change the page where it is,
//! keys that lead to another one, and keys that do something there. It counts from the event's own time to the frame; of a
//! screen that paints sixty times a second, so a change costs 8 ms more than its work, on average.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench prints, and fails loudly")]

use bellwether::demo::{PASSWORD, SIGN_INS};
use serde_json::{Value, json};
use testkit::Home;
use testkit::browser::{Browser, Page};
use testkit::program::Program;

const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
/// Whoever looks at a line before they open it has its page asked for meanwhile.
const ASKED: &str = "performance.getEntriesByType('resource').some((it) => it.name == document.activeElement.href)";
/// How often each key is pressed.
const TIMES: usize = 40;

/// Notes when a key was pressed, and when the next frame was painted after it and after the page that it led to was there:
/// behind the callbacks of that frame.
const WATCH: &str = "
let pressed;
const then = (note) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => note(performance.now() - pressed);
    port2.postMessage(0);
});
addEventListener('keydown', (event) => {
    performance.clearResourceTimings();
    pressed = event.timeStamp;
    window.painted = window.arrived = null;
    then((time) => (window.painted = time));
}, true);
addEventListener('bw:visited', () => then((time) => (window.arrived = time)));";

/// A key, what it does, and what is pressed and awaited before it is pressed again.
struct Key {
    does: &'static str,
    keys: &'static str,
    /// What shows that it was heard.
    until: &'static str,
    back: &'static str,
}

/// In a list.
const LISTED: &[Key] = &[
    Key { does: "j: next line", keys: "j", until: "document.activeElement.closest('[data-list]')", back: "" },
    Key { does: "x: choose a line", keys: "x", until: "true", back: "" },
    Key { does: "?: all keys", keys: "?", until: "document.querySelector('dialog[open]')", back: ESCAPE },
    Key {
        does: "Ctrl K: palette",
        keys: "\u{e009}k",
        until: "document.querySelector('bw-palette dialog[open]')",
        back: ESCAPE,
    },
];
/// Beside an open case.
const OPEN: &[Key] = &[
    Key {
        does: "r: reply",
        keys: "r",
        until: "document.activeElement.matches('#text, [contenteditable]')",
        back: ESCAPE,
    },
    Key { does: "s: snooze", keys: "s", until: "document.querySelector('[popover]:popover-open')", back: ESCAPE },
    Key { does: "t: tags", keys: "t", until: "document.querySelector('[popover]:popover-open')", back: ESCAPE },
];

fn main() {
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let home = Home::sqlite();
        let program = Program::demo(env!("CARGO_BIN_EXE_bellwether"), &home, &["--log", "warn"]).await;
        let browser = Browser::start().await;
        let page = browser.page(1440, 900, false).await;
        page.devtools("Page.enable", json!({})).await;
        page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await;
        page.sign_in(&format!("{}/inbox?view=all", program.url), SIGN_INS[0].email, PASSWORD).await;
        for key in LISTED {
            print(key.does, here(&page, key).await);
        }
        page.goto(&format!("{}/inbox?view=all", program.url)).await;
        for (does, ready) in [("Enter: open a case one looked at", ASKED), ("Enter: open the next at once", "true")] {
            let mut opened = Vec::new();
            for nth in 0..TIMES {
                page.press(if nth < TIMES / 2 { "j" } else { "k" }).await;
                page.wait_until("the line is looked at", ready).await;
                opened.push(away(&page, ENTER).await);
            }
            print(does, opened);
        }
        for key in OPEN {
            print(key.does, here(&page, key).await);
        }
        for (does, there, again) in
            [("b: follow, and not", "b", "b"), ("]: older cases", "]", "["), ("g c, g i: another page", "gc", "gi")]
        {
            let mut all = Vec::new();
            for nth in 0..TIMES {
                let keys = if nth % 2 == 0 { there } else { again };
                all.push(away(&page, keys).await);
            }
            print(does, all);
        }
        program.stop().await;
    });
}

/// A key that changes the page where it is.
async fn here(page: &Page, key: &Key) -> Vec<f64> {
    let mut all = Vec::new();
    for _ in 0..TIMES {
        page.press(key.keys).await;
        page.wait_until(key.does, &format!("window.painted && {}", key.until)).await;
        all.push(page.eval("window.painted").await);
        if !key.back.is_empty() {
            page.press(key.back).await;
            // The browser takes the focus out of what is hidden a frame later.
            let away = format!("!({}) && document.activeElement.checkVisibility()", key.until);
            page.wait_until("it is away again", &away).await;
        }
    }
    numbers(&all)
}

/// Keys that lead to a page, which may be the same one anew.
async fn away(page: &Page, keys: &str) -> f64 {
    for key in keys.split("").filter(|it| !it.is_empty()) {
        page.press(key).await;
    }
    page.wait_until("the page is painted", "window.arrived").await;
    numbers(&[page.eval("window.arrived").await])[0]
}

fn numbers(all: &[Value]) -> Vec<f64> {
    all.iter().map(|it| it.as_f64().expect("a time")).collect()
}

fn print(does: &str, mut all: Vec<f64>) {
    all.sort_by(f64::total_cmp);
    let part = |percent: usize| all[(all.len() * percent / 100).min(all.len() - 1)];
    println!("key {does}: p50 {:.0} ms, p95 {:.0} ms", part(50), part(95));
}
