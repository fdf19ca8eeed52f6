//! A real browser: Chromium, steered through chromedriver.
//!
//! A [`Browser`] is one person's browser with a profile of its own; a [`Page`] is a tab in it, so two pages share a
//! sign-in and two browsers do not. Whatever a page is asked for, it waits for, up to a deadline, as a person would
//! look again; when the deadline passes, the test fails with what was looked for and what the page showed instead.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its browser fails loudly")]

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use fantoccini::key::Key;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand, WindowHandle};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How long a page is looked at before what it should show counts as missing.
const DEADLINE: Duration = Duration::from_secs(20);
/// How long between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(40);
/// The narrowest window that is not a phone, in CSS pixels.
const PHONE_BELOW: u32 = 600;
/// Chromium says nothing to the outside, asks nothing, and starts in any container.
const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

/// One browser with a profile of its own. Dropping it ends Chromium and its driver.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    turn: Arc<Mutex<()>>,
    _driver: Driver,
}

impl Browser {
    /// Starts Chromium.
    pub async fn start() -> Browser {
        let profile = tempfile::Builder::new().prefix("bellwether-browser-").tempdir().expect("a directory");
        let path = profile.path().display().to_string();
        let (driver, port) = Driver::start(profile);
        let mut flags: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
        flags.push(format!("--user-data-dir={path}"));
        let wish = json!({
            "goog:chromeOptions": {"args": flags, "binary": chromium()},
            "goog:loggingPrefs": {"browser": "ALL"},
            "unhandledPromptBehavior": "accept",
        });
        let wish: Capabilities = serde_json::from_value(wish).expect("capabilities are an object");
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wish)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("Chromium starts under its driver");
        Browser { client, turn: Arc::default(), _driver: driver }
    }

    /// A new tab of that size in CSS pixels, showing nothing yet. Below 600 pixels of width it is a phone.
    pub async fn page(&self, width: u32, height: u32, dark: bool) -> Page {
        let tab = {
            let _turn = self.turn.lock().await;
            self.client.new_window(true).await.expect("a new tab").handle
        };
        let page = Page { client: self.client.clone(), turn: self.turn.clone(), tab };
        page.resize(width, height).await;
        page.set_dark(dark).await;
        page
    }

    /// What pages wrote to the console since the last question: errors of scripts, refusals of the content policy.
    pub async fn console(&self) -> Vec<String> {
        let _turn = self.turn.lock().await;
        let lines = vendor(&self.client, "se/log", json!({"type": "browser"})).await;
        let lines = lines.as_array().cloned().unwrap_or_default();
        lines.iter().map(|line| line["message"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// A tab of a [`Browser`].
#[derive(Debug)]
pub struct Page {
    client: Client,
    /// The driver speaks with one tab at a time.
    turn: Arc<Mutex<()>>,
    tab: WindowHandle,
}

impl Page {
    /// Goes to `url` and waits until it has loaded.
    pub async fn goto(&self, url: &str) {
        let _turn = self.front().await;
        if let Err(err) = self.client.goto(url).await {
            panic!("the browser could not go to {url}: {err}");
        }
    }

    /// Signs in on the way to the page `url`, and waits until it is there.
    pub async fn sign_in(&self, url: &str, email: &str, password: &str) {
        self.goto(url).await;
        self.fill("input[name=email]", email).await;
        self.fill("input[name=password]", password).await;
        self.press(&char::from(Key::Enter).to_string()).await;
        self.wait_for(".nav").await;
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        let _turn = self.front().await;
        self.client.refresh().await.expect("the page can be loaded again");
    }

    /// Where the tab is.
    pub async fn url(&self) -> String {
        let _turn = self.front().await;
        self.client.current_url().await.expect("a tab is somewhere").to_string()
    }

    /// The title of the page.
    pub async fn title(&self) -> String {
        let _turn = self.front().await;
        self.client.title().await.expect("a page has a title")
    }

    /// Clicks the first element that `css` finds, once it can be clicked.
    pub async fn click(&self, css: &str) {
        self.on_element(&format!("click {css}"), css, async |element| element.click().await).await;
    }

    /// Types at the end of what the field `css` already holds.
    pub async fn type_into(&self, css: &str, text: &str) {
        self.on_element(&format!("type into {css}"), css, async |element| element.send_keys(text).await).await;
    }

    /// Empties the field `css` and types `text`.
    pub async fn fill(&self, css: &str, text: &str) {
        self.on_element(&format!("fill {css}"), css, async |element| {
            element.clear().await?;
            element.send_keys(text).await
        })
        .await;
    }

    /// Chooses the option with that value in the select `css`.
    pub async fn choose(&self, css: &str, value: &str) {
        self.on_element(&format!("choose {value} in {css}"), css, async |element| element.select_by_value(value).await)
            .await;
    }

    /// Gives the file input `css` a file.
    pub async fn attach(&self, css: &str, file: &Path) {
        self.type_into(css, &file.display().to_string()).await;
    }

    /// Presses keys where the focus is. A char of [`Key`] stands for a key without a letter.
    pub async fn press(&self, keys: &str) {
        let _turn = self.front().await;
        let focused = self.client.active_element().await.expect("something has the focus");
        focused.send_keys(keys).await.expect("keys can be pressed");
    }

    /// The visible text of the first element that `css` finds.
    pub async fn text(&self, css: &str) -> String {
        self.on_element(&format!("read {css}"), css, async |element| element.text().await).await
    }

    /// The visible texts of all elements that `css` finds now.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        let list = self.eval_with("[...document.querySelectorAll(arguments[0])].map(e => e.innerText)", css).await;
        serde_json::from_value(list).expect("texts are strings")
    }

    /// What the field `css` holds.
    pub async fn value(&self, css: &str) -> String {
        self.on_element(&format!("read {css}"), css, async |element| element.prop("value").await)
            .await
            .unwrap_or_default()
    }

    /// The text of the document inside the frame `css`, seen as a person sees it, even where its scripts are off.
    pub async fn frame_text(&self, css: &str) -> String {
        self.until(&format!("the frame {css} to show something"), async || {
            let frame = self.client.find(Locator::Css(css)).await.map_err(why)?;
            frame.enter_frame().await.map_err(why)?;
            let text = match self.client.find(Locator::Css("body")).await {
                Ok(body) => body.text().await.map_err(why),
                Err(err) => Err(why(err)),
            };
            self.client.enter_parent_frame().await.map_err(why)?;
            text.and_then(|text| if text.is_empty() { Err("it is empty".to_owned()) } else { Ok(text) })
        })
        .await
    }

    /// Whether the page has such an element now.
    pub async fn exists(&self, css: &str) -> bool {
        self.count(css).await > 0
    }

    /// How many such elements the page has now.
    pub async fn count(&self, css: &str) -> u64 {
        self.eval_with("document.querySelectorAll(arguments[0]).length", css).await.as_u64().unwrap_or(0)
    }

    /// Waits until the page has such an element.
    pub async fn wait_for(&self, css: &str) {
        self.wait_until(css, &format!("document.querySelector({})", json!(css))).await;
    }

    /// Waits until the page has no such element any more.
    pub async fn wait_gone(&self, css: &str) {
        self.wait_until(&format!("no {css}"), &format!("!document.querySelector({})", json!(css))).await;
    }

    /// Waits until an element that `css` finds holds `text`.
    pub async fn wait_for_text(&self, css: &str, text: &str) {
        let look = "[...document.querySelectorAll(CSS_)].some(e => e.innerText.includes(TEXT_))";
        let look = look.replace("CSS_", &json!(css).to_string()).replace("TEXT_", &json!(text).to_string());
        self.wait_until(&format!("{text:?} in {css}"), &look).await;
    }

    /// Waits until the expression `js` is true. `what` says in words what is waited for.
    pub async fn wait_until(&self, what: &str, js: &str) {
        let script = format!("return Boolean({js})");
        self.until(what, async || match self.client.execute(&script, Vec::new()).await {
            Ok(Value::Bool(true)) => Ok(()),
            Ok(_) => Err("it is not there".to_owned()),
            Err(err) => Err(why(err)),
        })
        .await;
    }

    /// The value of the expression `js`; of what it resolves to, if it is a promise.
    pub async fn eval(&self, js: &str) -> Value {
        self.eval_with(js, "").await
    }

    async fn eval_with(&self, js: &str, argument: &str) -> Value {
        let _turn = self.front().await;
        let value = self.client.execute(&format!("return ({js})"), vec![json!(argument)]).await;
        value.unwrap_or_else(|err| panic!("the browser could not evaluate {js}: {err}"))
    }

    /// Writes what the tab shows as a PNG, and makes its directory.
    pub async fn screenshot(&self, path: impl AsRef<Path>) {
        let picture = {
            let _turn = self.front().await;
            // Pictures are taken when the fonts are there, or two runs differ.
            self.client.execute("return document.fonts.ready.then(() => true)", Vec::new()).await.ok();
            self.client.screenshot().await.expect("a tab can be pictured")
        };
        let path = path.as_ref();
        let dir = path.parent().expect("a picture has a directory");
        std::fs::create_dir_all(dir).expect("the directory for pictures");
        std::fs::write(path, picture).expect("the picture is written");
    }

    /// Sets whether the person prefers dark pages.
    pub async fn set_dark(&self, dark: bool) {
        let scheme = if dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.devtools("Emulation.setEmulatedMedia", json!({"features": features})).await;
    }

    /// Gives the tab another size in CSS pixels.
    pub async fn resize(&self, width: u32, height: u32) {
        let phone = width < PHONE_BELOW;
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone});
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        self.devtools("Emulation.setTouchEmulationEnabled", json!({"enabled": phone})).await;
    }

    /// Takes the tab off the network, or puts it back.
    pub async fn set_offline(&self, offline: bool) {
        self.devtools("Network.enable", json!({})).await;
        let weather = json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        self.devtools("Network.emulateNetworkConditions", weather).await;
    }

    /// Sends a command of the Chrome DevTools Protocol to this tab.
    pub async fn devtools(&self, command: &str, params: Value) -> Value {
        let _turn = self.front().await;
        vendor(&self.client, "goog/cdp/execute", json!({"cmd": command, "params": params})).await
    }

    /// Closes the tab.
    pub async fn close(self) {
        let _turn = self.front().await;
        self.client.close_window().await.expect("a tab can be closed");
    }

    /// Takes the turn, brings the tab to the front, and waits while it is on its way to another page: what loads whole
    /// pages the driver waits for by itself.
    async fn front(&self) -> tokio::sync::MutexGuard<'_, ()> {
        const ON_ITS_WAY: &str = "return document.documentElement.hasAttribute('data-visiting')";
        let turn = self.turn.lock().await;
        self.client.switch_to_window(self.tab.clone()).await.expect("the tab is still there");
        let deadline = Instant::now() + DEADLINE;
        while let Ok(Value::Bool(true)) = self.client.execute(ON_ITS_WAY, Vec::new()).await {
            assert!(Instant::now() < deadline, "the tab does not arrive at its page");
            tokio::time::sleep(LOOK_AGAIN / 4).await;
        }
        turn
    }

    /// Does something to the first element that `css` finds, again and again until it can be done.
    async fn on_element<T>(
        &self,
        what: &str,
        css: &str,
        act: impl AsyncFn(fantoccini::elements::Element) -> Result<T, fantoccini::error::CmdError>,
    ) -> T {
        self.until(what, async || {
            let element = self.client.find(Locator::Css(css)).await.map_err(why)?;
            act(element).await.map_err(why)
        })
        .await
    }

    /// Looks until there is something, and gives the turn to other tabs between two looks.
    async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Result<T, String>) -> T {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let found = {
                let _turn = self.front().await;
                look().await
            };
            match found {
                Ok(found) => return found,
                Err(why) if Instant::now() > deadline => {
                    let (url, shown) = (self.url().await, self.eval("document.body?.innerText").await);
                    panic!("waited in vain for {what}: {why}\n{url} shows:\n{}", shown.as_str().unwrap_or_default());
                }
                Err(_) => tokio::time::sleep(LOOK_AGAIN).await,
            }
        }
    }
}

/// The first line of what the driver says; the rest is its stack.
#[expect(clippy::needless_pass_by_value, reason = "it stands where errors are given away")]
fn why(err: fantoccini::error::CmdError) -> String {
    err.to_string().lines().next().unwrap_or_default().to_owned()
}

/// A command that only this driver knows.
#[derive(Debug)]
struct Vendor {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Vendor {
    fn endpoint(&self, base_url: &url::Url, session_id: Option<&str>) -> Result<url::Url, url::ParseError> {
        base_url.join(&format!("session/{}/{}", session_id.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _request_url: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}

async fn vendor(client: &Client, path: &'static str, body: Value) -> Value {
    let told = format!("{path} {body}");
    client.issue_cmd(Vendor { path, body }).await.unwrap_or_else(|err| panic!("{told} failed: {err}"))
}

/// How often a driver may choose a port that is no longer free.
const TRIES: u32 = 5;

/// chromedriver, in its process group whatever it started, and the profile that all this writes to.
#[derive(Debug)]
struct Driver {
    child: Child,
    profile: TempDir,
}

impl Driver {
    /// Starts it on a free port of its own choice. Two that start at once may choose the same: the second one ends, and
    /// chooses again.
    fn start(profile: TempDir) -> (Driver, u16) {
        let mut driver = Driver { child: Driver::spawn(), profile };
        for _ in 0..TRIES {
            let mut lines = BufReader::new(driver.child.stdout.take().expect("its output is piped")).lines();
            let named = |line: String| line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok();
            if let Some(port) = lines.by_ref().map_while(Result::ok).find_map(named) {
                // It must never wait for somebody to read what it says.
                std::thread::spawn(move || lines.for_each(drop));
                return (driver, port);
            }
            driver.child.wait().expect("it has ended");
            driver.child = Driver::spawn();
        }
        panic!("chromedriver names no port");
    }

    fn spawn() -> Child {
        Command::new("chromedriver")
            .arg("--port=0")
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts (Debian's package chromium-driver; ./test installs it)")
    }
}

impl Drop for Driver {
    /// Ends the driver and Chromium, also when the test failed, and removes the profile once nobody writes to it.
    fn drop(&mut self) {
        const END: &str = "kill -s KILL -- -$0; for _ in $(seq 100); do rm -rf \"$1\" && exit; sleep 0.02; done";
        let group = self.child.id().to_string();
        let end = Command::new("sh").args(["-c", END, &group]).arg(self.profile.path()).stderr(Stdio::null()).status();
        if end.is_ok() {
            self.child.wait().ok();
        }
    }
}

/// The browser's program.
#[expect(clippy::disallowed_methods, reason = "where programs are is told by the environment")]
fn chromium() -> String {
    let path = std::env::var("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found = names
        .iter()
        .find_map(|name| std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file()));
    found.expect("a Chromium (Debian's package chromium; ./test installs it)").display().to_string()
}
