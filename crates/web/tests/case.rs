//! A case: what its page shows, and what is done with it there.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

mod support;

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use desk::channel::NewMailbox;
use domain::{DraftKind, Member, Priority, Role};
use support::{Browser, House, INES, SUPPORT, mail};

const DAN: &str = "Dan Whitlock <dan@northwind.example>";

/// A house with one case, and Ines at her desk.
async fn case() -> (House, i64) {
    let house = House::new().await;
    let number = house.receive(&mail(DAN, "Invoice bills 14 printers", "We have 12.\n\n> old words")).await.number;
    (house, number)
}

/// Posts the composer as a browser without script does: with an empty field of files, or with one.
async fn compose(
    who: &Browser<'_>,
    number: i64,
    fields: &[(&str, &str)],
    file: Option<(&str, &str)>,
) -> support::Answer {
    let field = |(name, value): &(&str, &str)| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let fields: Vec<String> = fields.iter().map(field).collect();
    let (name, bytes) = file.unwrap_or_default();
    let file = format!(
        "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
         Content-Type: text/html\r\n\r\n{bytes}\r\n--x--\r\n"
    );
    let headers = [
        ("content-type", "multipart/form-data; boundary=x"),
        ("accept", "text/html"),
        ("sec-fetch-site", "same-origin"),
    ];
    who.send(Method::POST, &format!("/cases/{number}/messages?view=all"), &headers, Body::from(fields.concat() + &file))
        .await
}

/// What the field with this name holds.
fn value(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no field {name} in {page}"));
    page[at..].split("value=\"").nth(1).unwrap().split('"').next().unwrap().replace("&lt;", "<").replace("&gt;", ">")
}

async fn member(house: &House, name: &str, role: Role) -> Member {
    let id = house.colleague(name, role).await;
    house.desk.staff_member(id).await.unwrap()
}

#[tokio::test]
async fn the_page_shows_the_mail_its_sender_and_the_customer() {
    let (house, number) = case().await;
    let ines = house.signed_in(INES).await;
    let page = ines.get(&format!("/cases/{number}")).await;
    assert_eq!(page.status, StatusCode::OK);
    page.has("<h1 title=\"Invoice bills 14 printers\">").has("We have 12.").has("Dan Whitlock");
    page.has("Earlier messages").has("old words").has("Not verified").has("Started this case").has("Provisional");
    page.has_not(" style=").has_not("<script>");
    assert_eq!(value(&page.text(), "to"), "Dan Whitlock <dan@northwind.example>");
    assert_eq!(value(&page.text(), "cc"), "");
    assert_eq!(ines.get("/cases/999").await.status, StatusCode::NOT_FOUND);
    let alone = ines.get(&format!("/cases/{number}?view=all&part=live")).await;
    for id in ["spine", "head", "card", "suggest", "recipients"] {
        alone.has(&format!("id=\"{id}\"")).has_not("<html");
    }
}

#[tokio::test]
async fn a_reply_goes_to_everybody_but_us_and_shows_at_once() {
    let house = House::new().await;
    let raw = mail(DAN, "Invoice", "We have 12.").replace(
        &format!("To: {SUPPORT}"),
        &format!("To: {SUPPORT}, bills+9@tareline.example, Ruth <ruth@northwind.example>\nCc: dan@northwind.example, boss@northwind.example"),
    );
    let number = house.receive(&raw).await.number;
    let aliases = vec!["bills@tareline.example".to_owned()];
    let billing = NewMailbox { aliases, ..support::handed_in("Billing", "billing@tareline.example") };
    house.desk.add_mailbox(billing).await.unwrap();
    let ines = house.signed_in(INES).await;
    let page = ines.get(&format!("/cases/{number}?view=unassigned")).await.text();
    assert_eq!(value(&page, "to"), "Dan Whitlock <dan@northwind.example>");
    assert_eq!(value(&page, "cc"), "Ruth <ruth@northwind.example>, boss@northwind.example");
    let (to, cc, seen) = (value(&page, "to"), value(&page, "cc"), value(&page, "seen"));
    let fields = [
        ("kind", "reply"),
        ("seen", seen.as_str()),
        ("to", to.as_str()),
        ("cc", cc.as_str()),
        ("text", "Dear Dan,\r\nsorry & thanks."),
        ("then", "waiting"),
    ];
    let sent = compose(&ines, number, &fields, Some(("CN <1>.html", "<script>alert(1)</script>"))).await;
    assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, &*format!("/cases/{number}?view=all")));
    let page = ines.get(sent.location()).await;
    page.has("Dear Dan,\nsorry &amp; thanks.").has("Waiting").has("Take back").has("CN &lt;1&gt;.html");
    page.has("to Dan Whitlock, Ruth, boss@northwind.example").has("<b>You</b> took this case");

    let text = page.text();
    let file = text.split("a class=\"file\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let file = ines.get(file).await;
    assert_eq!(file.body, b"<script>alert(1)</script>");
    assert_eq!(file.headers["content-type"], "application/octet-stream", "a file is saved, never opened");
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment;"));
    assert!(file.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
    assert_eq!(file.headers["cache-control"], "private, no-store");
}

#[tokio::test]
async fn what_cannot_be_sent_stands_there_again_and_is_kept() {
    let (house, number) = case().await;
    let ines = house.signed_in(INES).await;
    let fields =
        [("kind", "reply"), ("to", "dan at northwind"), ("cc", ""), ("text", "My long <answer>"), ("then", "open")];
    let again = compose(&ines, number, &fields, Some(("a.txt", "bytes"))).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    again.has("is not a mail address").has("My long &lt;answer&gt;").has("a.txt");
    assert_eq!(value(&again.text(), "to"), "dan at northwind");
    // The same from another tab: the text and the file are a draft now.
    let page = ines.get(&format!("/cases/{number}")).await;
    page.has("My long &lt;answer&gt;").has("a.txt").has("Draft saved");

    let nobody = [("kind", "reply"), ("to", ""), ("cc", ""), ("text", "To whom?"), ("then", "open")];
    let again = compose(&ines, number, &nobody, None).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    again.has("Nobody is named").has("To whom?");
    let odd = ines.post(&format!("/cases/{number}/messages"), &[("kind", "reply"), ("status", "closed")]).await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_colleague_who_answered_meanwhile_is_not_talked_over() {
    let (house, number) = case().await;
    let jonas = member(&house, "Jonas", Role::Agent).await;
    let ines = house.signed_in(INES).await;
    let seen = value(&ines.get(&format!("/cases/{number}")).await.text(), "seen");
    let reply = desk::case::Reply {
        id: None,
        text: "Jonas was faster.".to_owned(),
        html: None,
        recipients: domain::Recipients {
            to: vec![domain::Email::parse("dan@northwind.example").unwrap().into()],
            cc: Vec::new(),
        },
        then: desk::case::Then::Waiting,
        seen: None,
        leaves: None,
        files: Vec::new(),
        uploads: Vec::new(),
    };
    house.desk.reply(&jonas, number, reply).await.unwrap();
    let fields = [
        ("kind", "reply"),
        ("seen", seen.as_str()),
        ("to", "dan@northwind.example"),
        ("text", "Mine."),
        ("then", "open"),
    ];
    let again = compose(&ines, number, &fields, None).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    again.has("A colleague has answered while you were writing").has("Mine.").has("Jonas was faster.");
    let seen = value(&again.text(), "seen");
    let fields = [
        ("kind", "reply"),
        ("seen", seen.as_str()),
        ("to", "dan@northwind.example"),
        ("text", "Mine."),
        ("then", "open"),
    ];
    assert_eq!(compose(&ines, number, &fields, None).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_note_stays_inside_and_its_file_can_be_fetched() {
    let (house, number) = case().await;
    let ines = house.signed_in(INES).await;
    let fields = [("kind", "note"), ("to", "half typed"), ("text", "Ask Claire first."), ("then", "keep")];
    let noted = compose(&ines, number, &fields, Some(("sum.txt", "2 + 2"))).await;
    assert_eq!(noted.status, StatusCode::SEE_OTHER, "{}", noted.text());
    let page = ines.get(&format!("/cases/{number}")).await;
    page.has("Internal note").has("Ask Claire first.").has("sum.txt");
    let file = ines.get(&format!("/cases/{number}/entries/2/files/0")).await;
    assert_eq!((file.status, file.body.as_slice()), (StatusCode::OK, b"2 + 2".as_slice()));
    for wrong in ["1/files/0", "2/files/1", "99/files/0", "9223372036854775807/files/0"] {
        let nothing = ines.get(&format!("/cases/{number}/entries/{wrong}")).await;
        assert_eq!(nothing.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    ines.get("/outbox").await.has_not("Ask Claire first.");
}

#[tokio::test]
async fn a_draft_is_its_writers_and_a_file_leaves_it_only_if_it_was_seen() {
    let (house, number) = case().await;
    member(&house, "Jonas", Role::Agent).await;
    let ines = house.signed_in(INES).await;
    let draft = format!("/cases/{number}/draft");
    let urlencoded = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
    let put = |fields: &[(&str, &str)]| Body::from(support::form(fields));
    let kept = ines
        .send(Method::PUT, &draft, &urlencoded, put(&[("kind", "reply"), ("to", "dan@"), ("text", "Half a sent")]))
        .await;
    assert_eq!(kept.status, StatusCode::NO_CONTENT);
    ines.get(&format!("/cases/{number}")).await.has("Half a sent");
    let other = house.signed_in("jonas@tareline.example").await;
    other.get(&format!("/cases/{number}")).await.has_not("Half a sent");

    let body = "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\n\r\nbytes\r\n--x--\r\n";
    let headers = [("content-type", "multipart/form-data; boundary=x"), ("sec-fetch-site", "same-origin")];
    let added = ines.send(Method::POST, &format!("{draft}/files"), &headers, Body::from(body)).await;
    added.has("a.txt").has("5 bytes").has("checked");
    let id = value(&added.text(), "had");
    // A page that does not know of the file keeps it; a page that unticked it takes it out.
    let fields = [("kind", "reply"), ("text", "Half a sentence")];
    ines.send(Method::PUT, &draft, &urlencoded, put(&fields)).await;
    ines.get(&format!("/cases/{number}")).await.has("a.txt").has("Half a sentence");
    let fields = [("kind", "reply"), ("text", "A sentence."), ("had", id.as_str())];
    ines.send(Method::PUT, &draft, &urlencoded, put(&fields)).await;
    ines.get(&format!("/cases/{number}")).await.has_not("a.txt").has("A sentence.");
}

#[tokio::test]
async fn what_is_done_with_a_case_is_told_in_words() {
    let (house, number) = case().await;
    let me = house.ines().await;
    let jonas = member(&house, "Jonas", Role::Agent).await;
    let team = house.desk.add_team(&me, "Finance", true).await.unwrap();
    let ines = house.signed_in(INES).await;
    let base = format!("/cases/{number}");
    for (what, field, to) in [
        ("assignment", "assignee", jonas.id.to_string()),
        ("assignment", "assignee", String::new()),
        ("priority", "priority", Priority::High.to_string()),
        ("team", "team", team.to_string()),
        ("team", "team", String::new()),
    ] {
        let done = ines.post(&format!("{base}/{what}?view=unassigned"), &[(field, &to)]).await;
        assert_eq!((done.status, done.place()), (StatusCode::SEE_OTHER, &*format!("{base}?view=unassigned")));
    }
    assert_eq!(ines.post(&format!("{base}/resolution"), &[]).await.status, StatusCode::SEE_OTHER);
    let page = ines.get(&base).await;
    page.has("<b>You</b> gave this case to <b>Jonas</b>").has("<b>You</b> gave this case to nobody");
    page.has("set the priority to <b>High</b>")
        .has("gave this case to <b>Finance</b>")
        .has("took this case out of its team");
    page.has("<b>You</b> resolved this case").has("Reopen");
    assert_eq!(ines.post(&format!("{base}/resolution"), &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(ines.post(&format!("{base}/reopening"), &[]).await.status, StatusCode::SEE_OTHER);
    ines.get(&base).await.has("<b>You</b> reopened this case");
    // What solved it is asked for; it stands on the case, and is proposed when it is resolved again.
    let long = "x".repeat(201);
    let refused = ines.post(&format!("{base}/resolution"), &[("resolution", &long)]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    refused.has("A resolution has at most 200 characters.");
    ines.post(&format!("{base}/resolution"), &[("resolution", "Turned the <roll>")]).await;
    let page = ines.get(&base).await;
    page.has("<b>You</b> resolved this case: Turned the &lt;roll&gt;").has("<dd>Turned the &lt;roll&gt;</dd>");
    assert_eq!(ines.post(&format!("{base}/reopening"), &[]).await.status, StatusCode::SEE_OTHER);
    ines.get(&base).await.has("value=\"Turned the &lt;roll&gt;\"").has_not("<dd>Turned");
    for (what, field, to) in [("assignment", "assignee", "me"), ("priority", "priority", "huge"), ("team", "crew", "")]
    {
        let odd = ines.post(&format!("{base}/{what}"), &[(field, to)]).await;
        assert_eq!(odd.status, StatusCode::BAD_REQUEST, "{what}");
    }
}

#[tokio::test]
async fn a_closed_case_is_read_and_noted_and_its_follow_up_is_linked_both_ways() {
    let (house, number) = case().await;
    let me = house.ines().await;
    house.desk.resolve(&me, number, "").await.unwrap();
    house.later(Duration::from_hours(8 * 24));
    house.desk.reconcile_once(true).await.unwrap();
    let ines = house.signed_in(INES).await;
    let page = ines.get(&format!("/cases/{number}")).await;
    page.has("This case is closed.").has_not("/resolution").has_not("Send and set waiting").has("Add note");
    let id = store::blob::hash(format!("{DAN}Invoice bills 14 printers{}", "We have 12.\n\n> old words").as_bytes());
    let answer = mail(DAN, "Re: Invoice bills 14 printers", "It is back.")
        .replace("Message-ID:", &format!("In-Reply-To: <{id}@mail.example>\nMessage-ID:"));
    let follow_up = house.receive(&answer).await.number;
    assert_ne!(follow_up, number);
    ines.get(&format!("/cases/{follow_up}"))
        .await
        .has("Answers a mail of a closed case")
        .has(&format!("href=\"/cases/{number}\""));
    ines.get(&format!("/cases/{number}")).await.has(&format!("href=\"/cases/{follow_up}\""));
}

#[tokio::test]
async fn a_mail_that_may_belong_elsewhere_says_so_only_to_those_who_may_see_that() {
    let (house, number) = case().await;
    let me = house.ines().await;
    let subject = format!("About case #{number}");
    let other = house.receive(&mail("Eve <eve@other.example>", &subject, "Pay me instead.")).await.number;
    assert_ne!(other, number);
    let ines = house.signed_in(INES).await;
    let page = ines.get(&format!("/cases/{other}")).await;
    page.has("Its subject names a case").has("Looks like").has(&format!("href=\"/cases/{number}\"")).has("50 %");

    let team = house.desk.add_team(&me, "Finance", true).await.unwrap();
    let claire = house.colleague("Claire", Role::DepartmentMember).await;
    house.desk.change_staff(&me, claire, Role::DepartmentMember, vec![team]).await.unwrap();
    house.desk.give_to(&me, other, Some(team)).await.unwrap();
    let claire = house.signed_in("claire@tareline.example").await;
    let page = claire.get(&format!("/cases/{other}")).await;
    page.has("Pay me instead.").has_not("Looks like").has_not("Invoice bills 14 printers");
    // Whoever gives a case out of their reach is led to where they can go on.
    let given = claire.post(&format!("/cases/{other}/team"), &[("team", "")]).await;
    assert_eq!((given.status, given.place()), (StatusCode::SEE_OTHER, "/inbox"));
}

#[tokio::test]
async fn html_is_framed_under_its_own_policy_and_pictures_are_served_by_what_they_are() {
    let house = House::new().await;
    let raw = format!(
        "From: {DAN}\nTo: {SUPPORT}\nSubject: Label\nMessage-ID: <html@mail.example>\nMIME-Version: 1.0\n\
         Content-Type: multipart/related; boundary=r\n\n--r\nContent-Type: text/html\n\n\
         <p onclick=x()>Look: <img src=cid:one><img src=cid:two><script>alert(1)</script>\
         <img alt=Spy src=https://spy.example/p.gif></p>\n\
         --r\nContent-Type: image/png\nContent-ID: <one>\nContent-Disposition: inline; filename=one.png\n\
         Content-Transfer-Encoding: base64\n\niVBORw0KGgoAAAA=\n\
         --r\nContent-Type: image/png\nContent-ID: <two>\nContent-Disposition: inline; filename=two.png\n\n\
         <svg onload=alert(1)>\n--r--\n"
    );
    let filed = house.receive(&raw).await;
    let (number, message) = (filed.number, filed.message);
    let ines = house.signed_in(INES).await;
    let base = format!("/cases/{number}/messages/{message}");
    ines.get(&format!("/cases/{number}")).await.has(&format!("src=\"{base}/html\"")).has("sandbox=");
    let html = ines.get(&format!("{base}/html")).await;
    html.has("Look:").has("src=\"inline/0\"").has_not("onclick").has_not("alert");
    html.has("Spy").has_not("spy.example");
    let policy = html.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox") && !policy.contains("allow-scripts"));
    let loaded = ines.get(&format!("{base}/html?pictures=load")).await;
    loaded.has("src=\"https://spy.example/p.gif\"");
    let policy = loaded.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("sandbox") && !policy.contains("script"), "{policy}");
    let one = ines.get(&format!("{base}/inline/0")).await;
    assert_eq!(one.headers["content-type"], "image/png");
    assert!(one.headers["content-disposition"].to_str().unwrap().starts_with("inline;"));
    let two = ines.get(&format!("{base}/inline/1")).await;
    assert_eq!(two.headers["content-type"], "application/octet-stream");
    let whole = ines.get(&format!("{base}/raw")).await;
    assert!(whole.text().contains("Message-ID: <html@mail.example>"));
    assert_eq!(whole.headers["content-type"], "text/plain; charset=utf-8");
    assert!(whole.headers["content-disposition"].to_str().unwrap().starts_with("attachment;"));
    // By the number of another case, the same message is not there.
    let other = house.receive(&mail("Amy <amy@harrow.example>", "Scale", "It drifts.")).await.number;
    for what in ["html", "raw", "inline/0", "files/0"] {
        let nothing = ines.get(&format!("/cases/{other}/messages/{message}/{what}")).await;
        assert_eq!(nothing.status, StatusCode::NOT_FOUND, "{what}");
    }
}

#[tokio::test]
async fn a_message_with_a_known_name_and_other_words_is_marked() {
    let (house, _) = case().await;
    let first = mail(DAN, "Bank account", "Pay to account 1.");
    house.receive(&first).await;
    let forged = house.receive(&first.replace("account 1", "account 2")).await.number;
    let ines = house.signed_in(INES).await;
    ines.get(&format!("/cases/{forged}")).await.has("Another mail has the same Message-ID");
}

#[tokio::test]
async fn a_reply_that_did_not_leave_says_why_and_can_be_sent_again() {
    let (house, number) = case().await;
    let ines = house.signed_in(INES).await;
    let fields = [("kind", "reply"), ("to", "dan@northwind.example"), ("text", "Twelve it is."), ("then", "waiting")];
    compose(&ines, number, &fields, None).await;
    house.later(desk::outbox::HOLD);
    let scope = store::Scope::of(&house.ines().await);
    let spine =
        house.desk.db.read(async move |rx| store::case::spine::spine(rx, &scope, number, None).await).await.unwrap();
    let sent = spine.messages.into_values().find(|it| it.staff.is_some()).unwrap();
    let (customer, message) = (sent.customer, sent.clone());
    let failed = house.desk.db.write([store::Lock::Customer(customer)], async move |tx| {
        let why = Some("The mailbox of Dan is full.");
        store::message::set_state(tx, &message, domain::MessageState::Failed, why).await
    });
    failed.await.unwrap();
    let page = ines.get(&format!("/cases/{number}?view=mine")).await;
    page.has("Not delivered.</b> The mailbox of Dan is full.").has("Send again").has("entry-failed");
    let again = ines.post(&format!("/cases/{number}/messages/{}/sending?view=mine", sent.id), &[]).await;
    assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, &*format!("/cases/{number}?view=mine")));
    ines.get(again.location()).await.has_not("Not delivered.").has("Kept in the outbox");
    let twice = ines.post(&format!("/cases/{number}/messages/{}/sending", sent.id), &[]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn earlier_entries_come_by_a_link() {
    let (house, number) = case().await;
    let me = house.ines().await;
    for at in 0..70 {
        house.desk.note(&me, number, format!("Note {at}.").as_str().into()).await.unwrap();
    }
    let ines = house.signed_in(INES).await;
    let page = ines.get(&format!("/cases/{number}")).await;
    page.has("Note 69.").has_not("Note 0.").has("Earlier entries");
    let text = page.text();
    let address =
        text.split("id=\"earlier\"").nth(1).unwrap().split("href=\"").nth(1).unwrap().split('"').next().unwrap();
    let earlier = ines.get(&address.replace("&amp;", "&")).await;
    earlier.has("Note 0.").has("We have 12.").has_not("Note 69.").has("Back to the newest entries");
    assert_eq!(value(&earlier.text(), "to"), "Dan Whitlock <dan@northwind.example>");
}

#[tokio::test]
async fn the_place_in_the_list_is_a_place_or_nothing_is_done() {
    let (house, number) = case().await;
    let ines = house.signed_in(INES).await;
    for odd in ["%0A", "x", "1.2"] {
        let query = format!("?view=all&from={odd}");
        assert_eq!(ines.get(&format!("/cases/{number}{query}")).await.status, StatusCode::BAD_REQUEST, "{odd}");
        let resolved = ines.post(&format!("/cases/{number}/resolution{query}"), &[]).await;
        assert_eq!(resolved.status, StatusCode::BAD_REQUEST, "{odd}");
    }
    ines.get(&format!("/cases/{number}")).await.has_not("resolved this case");
    let query = "?view=all&from=1795435200000000.01920000000070008000000000000000";
    let resolved = ines.post(&format!("/cases/{number}/resolution{query}"), &[]).await;
    assert_eq!((resolved.status, resolved.place()), (StatusCode::SEE_OTHER, &*format!("/cases/{number}{query}")));
}

#[tokio::test]
async fn a_form_that_comes_twice_is_one_mail_and_one_note() {
    let (house, number) = case().await;
    let ines = house.signed_in(INES).await;
    let id = value(&ines.get(&format!("/cases/{number}")).await.text(), "id");
    let reply = [
        ("id", id.as_str()),
        ("kind", "reply"),
        ("to", "Dan W <dan@northwind.example>"),
        ("text", "Once."),
        ("then", "open"),
    ];
    let note = [("id", id.as_str()), ("kind", "note"), ("text", "Inside, once."), ("then", "keep")];
    for _ in 0..2 {
        let file = Some(("a.txt", "bytes"));
        assert_eq!(compose(&ines, number, &reply, file).await.status, StatusCode::SEE_OTHER);
        assert_eq!(compose(&ines, number, &note, file).await.status, StatusCode::SEE_OTHER);
    }
    let page = ines.get(&format!("/cases/{number}")).await;
    for once in ["Once.", "Inside, once."] {
        assert_eq!(page.text().matches(&format!(">{once}<")).count(), 1, "{once}");
    }
    page.has_not("name=\"had\"");
    // Another text under the same id is not taken for a repetition: it stands there again, under an id of its own.
    let other =
        [("id", id.as_str()), ("kind", "reply"), ("to", "dan@northwind.example"), ("text", "Twice."), ("then", "open")];
    let again = compose(&ines, number, &other, None).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    again.has("Twice.").has("autofocus");
    assert_ne!(value(&again.text(), "id"), id);
}

#[tokio::test]
async fn a_page_that_does_not_show_a_file_does_not_send_it() {
    let (house, number) = case().await;
    let ines = house.signed_in(INES).await;
    let me = house.ines().await;
    // Another tab has a note with a file by now.
    let upload =
        desk::Upload { name: "margins.pdf".into(), media_type: "application/pdf".into(), bytes: b"%PDF".to_vec() };
    house.desk.attach(&me, number, upload).await.unwrap();
    house
        .desk
        .keep_draft(&me, number, DraftKind::Note, "See the margins", None, domain::Recipients::default())
        .await
        .unwrap();
    let fields = [("kind", "reply"), ("to", "dan@northwind.example"), ("text", "All is well."), ("then", "waiting")];
    assert_eq!(compose(&ines, number, &fields, None).await.status, StatusCode::SEE_OTHER);
    let page = ines.get(&format!("/cases/{number}")).await.text();
    let (spine, composer) = page.split_once("<bw-composer").unwrap();
    assert!(spine.contains("All is well.") && !spine.contains("margins.pdf"), "{spine}");
    assert!(composer.contains("margins.pdf"), "it waits for its note");
}

#[tokio::test]
async fn another_subject_in_an_old_thread_is_offered_as_a_case_of_its_own() {
    let (house, number) = case().await;
    let first = house.receive(&mail(DAN, "Scanner", "It hums.")).await;
    assert_ne!(first.number, number);
    let thread = "Message-ID: <one@mail.example>\n";
    let opened = house.receive(&format!("From: {DAN}\nTo: {SUPPORT}\nSubject: Lamp\n{thread}\nIt blinks.\n")).await;
    let answer = |subject: &str, text: &str| {
        format!("From: {DAN}\nTo: {SUPPORT}\nSubject: {subject}\nIn-Reply-To: <one@mail.example>\n\n{text}\n")
    };
    house.receive(&answer("AW: Lamp", "Still.")).await;
    let ines = house.signed_in(INES).await;
    let address = format!("/cases/{}", opened.number);
    ines.get(&address).await.has("Still.").has_not("Make it a case of its own");
    let other = house.receive(&answer("Invoice 4711", "Too much.")).await;
    assert_eq!(other.number, opened.number);
    ines.get(&address).await.has("Its subject is another now: “Invoice 4711”.");
    let split = ines.post(&format!("{address}/messages/{}/case", other.message), &[]).await;
    assert_eq!(split.status, StatusCode::SEE_OTHER);
    let new = ines.get(split.location()).await;
    new.has("Invoice 4711").has("Too much.").has("took this out of").has(&format!("href=\"{address}\""));
    ines.get(&address)
        .await
        .has_not("<p class=\"said\">Too much.")
        .has("made a message of it")
        .has(&format!("href=\"{}\"", split.location()));
}

#[tokio::test]
async fn pictures_of_a_sender_are_shown_unasked_once_somebody_said_so() {
    let house = House::new().await;
    let html = |id: &str, verdict: &str| {
        format!(
            "Authentication-Results: mx.tareline.example; dmarc={verdict}\nFrom: {DAN}\nTo: {SUPPORT}\nSubject: News\n\
             Message-ID: <{id}@mail.example>\nMIME-Version: 1.0\nContent-Type: text/html\n\n\
             <p>Hi <img alt=Logo src=https://cdn.example/logo.png></p>\n"
        )
    };
    let filed = house.receive(&html("a", "pass")).await;
    let ines = house.signed_in(INES).await;
    let base = format!("/cases/{}/messages/{}", filed.number, filed.message);
    let case = format!("/cases/{}", filed.number);
    ines.get(&case).await.has("Remote pictures were not loaded").has("Always for this sender");
    ines.get(&format!("{base}/html")).await.has("Logo").has_not("cdn.example");
    let said = ines.post(&format!("{base}/pictures"), &[("always", "true")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER);
    ines.get(&case).await.has("Remote pictures of dan@").has("Stop that");
    ines.get(&format!("{base}/html")).await.has("src=\"https://cdn.example/logo.png\"");
    // Somebody who only pretends to be them loads nothing.
    let forged = house.receive(&html("b", "fail")).await;
    let forged = format!("/cases/{}/messages/{}/html", forged.number, forged.message);
    ines.get(&forged).await.has("Logo").has_not("cdn.example");
    ines.post(&format!("{base}/pictures"), &[("always", "false")]).await;
    ines.get(&format!("{base}/html")).await.has_not("cdn.example");
}

#[tokio::test]
async fn an_address_that_is_none_is_named_before_one_writes_there_again() {
    let (house, number) = case().await;
    let ines = house.signed_in(INES).await;
    let address = format!("/cases/{number}");
    let fields =
        [("kind", "reply"), ("text", "One moment."), ("to", "dan@northwind.example"), ("cc", ""), ("then", "waiting")];
    compose(&ines, number, &fields, None).await;
    let scope = store::Scope::of(&house.ines().await);
    let read = house.desk.db.read(async move |rx| store::case::spine::spine(rx, &scope, number, None).await);
    let spine = read.await.unwrap();
    let ours = spine.messages.values().find(|it| it.direction == domain::Direction::Outbound).unwrap();
    let id = ours.message_id.as_ref().unwrap();
    let report = format!(
        "From: MAILER-DAEMON@mx.example\nTo: {SUPPORT}\nSubject: Undelivered Mail Returned to Sender\n\
         Auto-Submitted: auto-replied\nMIME-Version: 1.0\nMessage-ID: <r@mx.example>\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nNot delivered.\n\n\
         --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n\
         Final-Recipient: rfc822; dan@northwind.example\nAction: failed\nStatus: 5.1.1\n\
         Diagnostic-Code: smtp; 550 5.1.1 no such user\n\n--b\nContent-Type: text/rfc822-headers\n\n\
         Message-ID: {id}\nTo: dan@northwind.example\n\n--b--\n"
    );
    assert_eq!(house.receive(&report).await.number, number);
    let page = ines.get(&address).await;
    page.has("Came back:")
        .has("Mail to dan@northwind.example came back.")
        .has("There is no mailbox dan@northwind.example");
    page.has("550 5.1.1 no such user").has("Not delivered");
}
