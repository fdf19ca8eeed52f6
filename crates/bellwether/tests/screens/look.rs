//! What is looked at on each screen: light, dark and on a phone; that it fits, and that everybody can use it.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Value, json};
use testkit::browser::Page;

/// A window on a desk.
const WIDE: (u32, u32) = (1440, 900);
/// A phone.
const PHONE: (u32, u32) = (390, 844);
/// Everything that axe knows about WCAG 2.2 AA and good practice. What a mail's own HTML looks like is its sender's.
const ALL: &str = "{runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}, \
     resultTypes: ['violations'], iframes: false}";
/// What the colours alone change.
const COLOURS: &str =
    "{runOnly: {type: 'rule', values: ['color-contrast']}, resultTypes: ['violations'], iframes: false}";
/// Boxes that are wider than they may be; what scrolls sideways on purpose says so with its class.
const TOO_WIDE: &str = "[...document.querySelectorAll('html, body *')].filter(it => {
    const across = getComputedStyle(it).overflowX;
    const scrolls = it.matches('html') || across === 'auto' || across === 'scroll';
    return scrolls && it.clientWidth > 0 && it.scrollWidth > it.clientWidth + 1 && !it.matches('textarea, pre, .scroll-x');
}).map(it => `${it.tagName.toLowerCase()}#${it.id}.${it.className} is ${it.scrollWidth} wide and has ${it.clientWidth}`)";

/// Somebody who looks at one screen after another, and tells at the end what was wrong.
pub struct Look<'a> {
    page: &'a Page,
    axe: String,
    wrong: Vec<String>,
    /// How many screens.
    pub screens: usize,
}

impl<'a> Look<'a> {
    /// By this page.
    pub async fn by(page: &'a Page) -> Look<'a> {
        let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tools/node_modules/axe-core/axe.min.js");
        let source = std::fs::read_to_string(&file).unwrap_or_else(|err| {
            panic!(
                "{}: {err}. It is a tool of the tests: run `npm ci` in crates/bellwether/tests/tools (./test does so)",
                file.display()
            )
        });
        let axe = format!("(() => {{ if (!window.axe) {{ {source} }} return true; }})()");
        let look = Look { page, axe, wrong: Vec::new(), screens: 0 };
        look.see(false, WIDE).await;
        look
    }

    /// Looks at what the page shows now, under this name.
    pub async fn at(&mut self, name: &str) {
        self.screens += 1;
        self.see(false, WIDE).await;
        self.picture(name, "light").await;
        self.fits(name, "light").await;
        self.ask(name, "light", ALL).await;
        self.see(true, WIDE).await;
        self.picture(name, "dark").await;
        self.ask(name, "dark", COLOURS).await;
        self.see(false, PHONE).await;
        self.picture(name, "phone").await;
        self.fits(name, "phone").await;
        self.see(false, WIDE).await;
    }

    /// Goes there and looks.
    pub async fn visit(&mut self, name: &str, url: &str) {
        self.page.goto(url).await;
        self.at(name).await;
    }

    /// Fails if anything was wrong anywhere.
    pub fn done(self) {
        assert!(self.wrong.is_empty(), "{} things are wrong:\n{}", self.wrong.len(), self.wrong.join("\n"));
    }

    /// Colours and a size. Nothing moves, or two pictures of the same thing differ.
    async fn see(&self, dark: bool, (width, height): (u32, u32)) {
        let scheme = if dark { "dark" } else { "light" };
        let wishes = json!([
            {"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}
        ]);
        self.page.devtools("Emulation.setEmulatedMedia", json!({"features": wishes})).await;
        self.page.resize(width, height).await;
    }

    async fn picture(&self, name: &str, kind: &str) {
        let file = format!("../../target/screenshots/screens/{name}-{kind}.png");
        self.page.screenshot(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file)).await;
    }

    async fn fits(&mut self, name: &str, kind: &str) {
        let wide = self.page.eval(TOO_WIDE).await;
        for it in wide.as_array().into_iter().flatten() {
            self.wrong.push(format!("{name} ({kind}): {}", it.as_str().unwrap_or_default()));
        }
    }

    async fn ask(&mut self, name: &str, kind: &str, what: &str) {
        self.page.eval(&self.axe).await;
        let told = self.page.eval(&format!("axe.run(document, {what}).then(it => it.violations)")).await;
        for rule in told.as_array().expect("axe answers with a list") {
            if ["serious", "critical"].iter().any(|it| rule["impact"] == *it) {
                self.wrong.push(format!("{name} ({kind}): {}", findings(rule)));
            }
        }
    }
}

/// The rule and the elements that break it.
fn findings(rule: &Value) -> String {
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    let mut all = format!("{}, {}: {}", text(&rule["id"]), text(&rule["impact"]), text(&rule["help"]));
    for node in rule["nodes"].as_array().into_iter().flatten() {
        let html: String = text(&node["html"]).chars().take(160).collect();
        let why = text(&node["failureSummary"]).lines().skip(1).collect::<Vec<_>>().join(" ");
        write!(all, "\n    {} {html}\n      {}", node["target"], why.trim()).unwrap_or_default();
    }
    all
}
