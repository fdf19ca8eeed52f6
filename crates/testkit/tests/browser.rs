//! The browser sees what a person would.
use testkit::browser::Browser;

const PAGE: &str = "data:text/html,<meta name=viewport content='width=device-width'><title>A page</title>\
    <style>@media (prefers-color-scheme: dark){body{background:black}}</style>\
    <h1>Hello</h1><input id=name><button onclick=\"setTimeout(() => {document.querySelector('h1').textContent = 'Hello ' + document.querySelector('input').value}, 300)\">Go</button>\
    <iframe sandbox srcdoc='<p>inside</p>'></iframe><select><option value=a>A<option value=b>B</select>";

#[tokio::test]
async fn clicks_types_waits_and_reads() {
    let browser = Browser::start().await;
    let page = browser.page(1000, 700, false).await;
    page.goto(PAGE).await;
    assert_eq!(page.title().await, "A page");
    page.fill("#name", "Ada").await;
    page.click("button").await;
    page.wait_for_text("h1", "Hello Ada").await;
    assert_eq!(page.text("h1").await, "Hello Ada");
    assert_eq!(page.texts("h1").await, ["Hello Ada"]);
    assert_eq!(page.value("#name").await, "Ada");
    assert_eq!(page.frame_text("iframe").await, "inside");
    page.choose("select", "b").await;
    assert_eq!(page.value("select").await, "b");
    assert!(!page.exists("table").await);
    page.press("\u{e004}").await;
    assert_eq!(page.eval("Promise.resolve(7)").await, 7);
    page.eval("console.error('noted')").await;
    assert!(browser.console().await.iter().any(|line| line.contains("noted")));
}

#[tokio::test]
async fn tabs_have_their_own_size_and_light() {
    let browser = Browser::start().await;
    let (wide, phone) = tokio::join!(browser.page(1280, 800, false), browser.page(390, 844, true));
    tokio::join!(wide.goto(PAGE), phone.goto(PAGE));
    assert_eq!(
        wide.eval("[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]").await.to_string(),
        "[1280,false]"
    );
    assert_eq!(
        phone.eval("[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]").await.to_string(),
        "[390,true]"
    );
    let dir = tempfile::tempdir().unwrap();
    let picture = dir.path().join("shots/phone.png");
    phone.screenshot(&picture).await;
    let bytes = std::fs::read(&picture).unwrap();
    assert_eq!(&bytes[..4], b"\x89PNG");
    assert_eq!(u32::from_be_bytes(bytes[16..20].try_into().unwrap()), 390);
    wide.set_dark(true).await;
    wide.wait_until("the dark", "matchMedia('(prefers-color-scheme: dark)').matches").await;
    phone.close().await;
    wide.wait_for("h1").await;
}
