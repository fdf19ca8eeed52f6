//! What the live stream tells, and to whom.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

mod support;

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{Request, header};
use domain::{Member, Role, TeamId};
use futures_util::StreamExt as _;
use support::{Browser, House, INES, mail};
use tower::ServiceExt as _;

/// A stream as a browser listens to it.
struct Stream {
    body: BodyDataStream,
    text: String,
}

/// What comes from it.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    /// Everything is to be fetched again.
    Gap,
    /// This has changed.
    Changed(Vec<String>),
    /// It is over.
    End,
}

impl Stream {
    /// Listens, from the first gap on.
    async fn open(house: &House, browser: &Browser<'_>) -> Stream {
        let request = Request::get("/live").header(header::COOKIE, browser.cookies()).body(Body::empty()).unwrap();
        let answer = house.router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/event-stream");
        let mut stream = Stream { body: answer.into_body().into_data_stream(), text: String::new() };
        assert_eq!(stream.next().await, Told::Gap, "what happened before is fetched again");
        stream
    }

    async fn next(&mut self) -> Told {
        let next = tokio::time::timeout(Duration::from_secs(20), self.event());
        next.await.unwrap_or_else(|_| panic!("the stream says nothing"))
    }

    async fn event(&mut self) -> Told {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                if event.lines().any(|it| it == "event: gap") {
                    return Told::Gap;
                }
                if let Some(data) = event.lines().find_map(|it| it.strip_prefix("data: ")) {
                    let said: serde_json::Value = serde_json::from_str(data).unwrap();
                    let changed = said["changed"].as_array().unwrap().iter();
                    return Told::Changed(changed.map(|it| it.as_str().unwrap().to_owned()).collect());
                }
                continue; // A breath, so that nobody takes the line for dead.
            }
            match self.body.next().await {
                Some(part) => self.text.push_str(std::str::from_utf8(&part.unwrap()).unwrap()),
                None => return Told::End,
            }
        }
    }

    /// All that is told until this is.
    async fn until(&mut self, last: &str) -> Vec<String> {
        let mut all = Vec::new();
        while !all.iter().any(|it| it == last) {
            match self.next().await {
                Told::Changed(changed) => all.extend(changed),
                other => panic!("{other:?} before {last}"),
            }
        }
        all
    }
}

/// Claire of finance, and a case of hers.
async fn claire(house: &House) -> (Member, TeamId, i64) {
    let ines = house.ines().await;
    let team = house.desk.add_team(&ines, "Finance", true).await.unwrap();
    let id = house.colleague("Claire", Role::DepartmentMember).await;
    house.desk.change_staff(&ines, id, Role::DepartmentMember, vec![team]).await.unwrap();
    let near = house.receive(&mail("Dan <dan@near.example>", "Near", "Text")).await.number;
    house.desk.give_to(&ines, near, Some(team)).await.unwrap();
    (house.desk.staff_member(id).await.unwrap(), team, near)
}

#[tokio::test]
async fn a_department_member_hears_of_near_cases_and_not_of_far_ones() {
    let house = House::new().await;
    let (_, _, near) = claire(&house).await;
    let far = house.receive(&mail("Amy <amy@far.example>", "Far", "Text")).await;
    let ines = house.ines().await;
    let browser = house.signed_in("claire@tareline.example").await;
    let (mut hers, mut all) =
        (Stream::open(&house, &browser).await, Stream::open(&house, &house.signed_in(INES).await).await);
    house.desk.note(&ines, far.number, "Far".into()).await.unwrap();
    house.desk.add_team(&ines, "Sales", false).await.unwrap();
    house.desk.note(&ines, near, "Near".into()).await.unwrap();
    let told = hers.until(&format!("case {near}")).await;
    for never in [format!("case {}", far.number), format!("customer {}", far.customer), "teams".to_owned()] {
        assert!(!told.contains(&never), "{told:?}");
    }
    assert!(told.contains(&"inbox".to_owned()), "{told:?}");
    let told = all.until(&format!("case {near}")).await;
    for it in [format!("case {}", far.number), format!("customer {}", far.customer), "teams".to_owned()] {
        assert!(told.contains(&it), "{told:?}");
    }
}

#[tokio::test]
async fn a_customer_is_told_of_to_whoever_sees_one_of_their_cases() {
    let house = House::new().await;
    let (_, team, near) = claire(&house).await;
    let mut hers = Stream::open(&house, &house.signed_in("claire@tareline.example").await).await;
    let again = house.receive(&mail("Dan <dan@near.example>", "Another case", "Text")).await;
    let told = hers.until(&format!("customer {}", again.customer)).await;
    assert!(!told.contains(&format!("case {}", again.number)), "{told:?}");
    let ines = house.ines().await;
    house.desk.give_to(&ines, again.number, Some(team)).await.unwrap();
    hers.until(&format!("case {}", again.number)).await;
    assert_ne!(near, again.number);
}

#[tokio::test]
async fn leaving_a_team_narrows_the_stream_at_once() {
    let house = House::new().await;
    let (member, _, near) = claire(&house).await;
    let mut hers = Stream::open(&house, &house.signed_in("claire@tareline.example").await).await;
    let ines = house.ines().await;
    house.desk.change_staff(&ines, member.id, Role::DepartmentMember, Vec::new()).await.unwrap();
    assert_eq!(hers.next().await, Told::Gap, "what she sees is another now");
    house.desk.note(&ines, near, "Not hers any more".into()).await.unwrap();
    assert_eq!(hers.next().await, Told::Changed(vec!["inbox".to_owned()]));
    house.desk.change_staff(&ines, member.id, Role::Agent, Vec::new()).await.unwrap();
    assert_eq!(hers.next().await, Told::Gap);
    house.desk.note(&ines, near, "Hers again".into()).await.unwrap();
    hers.until(&format!("case {near}")).await;
}

#[tokio::test]
async fn signing_out_ends_the_stream_of_that_browser_alone() {
    let house = House::new().await;
    let number = house.receive(&mail("Dan <dan@near.example>", "Near", "Text")).await.number;
    let (one, other) = (house.signed_in(INES).await, house.signed_in(INES).await);
    let (mut ends, mut goes_on) = (Stream::open(&house, &one).await, Stream::open(&house, &other).await);
    one.post("/sign-out", &[]).await;
    assert_eq!(ends.next().await, Told::End);
    house.desk.note(&house.ines().await, number, "Still here".into()).await.unwrap();
    goes_on.until(&format!("case {number}")).await;
}

#[tokio::test]
async fn whoever_leaves_hears_nothing_more() {
    let house = House::new().await;
    let (member, ..) = claire(&house).await;
    let mut hers = Stream::open(&house, &house.signed_in("claire@tareline.example").await).await;
    house.desk.leave(&house.ines().await, member.id).await.unwrap();
    assert_eq!(hers.next().await, Told::End);
}

#[tokio::test]
async fn a_busy_stream_ends_with_its_session_too() {
    let house = House::new().await;
    let number = house.receive(&mail("Dan <dan@near.example>", "Near", "Text")).await.number;
    let ines = house.ines().await;
    let mut stream = Stream::open(&house, &house.signed_in(INES).await).await;
    house.desk.note(&ines, number, "One".into()).await.unwrap();
    stream.until(&format!("case {number}")).await;
    house.later(Duration::from_hours(24 * 31));
    house.desk.note(&ines, number, "Two".into()).await.unwrap();
    assert_eq!(stream.next().await, Told::End);
}

#[tokio::test]
async fn what_somebody_is_told_and_who_is_at_a_case_is_heard_by_those_whom_it_concerns() {
    let house = House::new().await;
    let (member, _, near) = claire(&house).await;
    let far = house.receive(&mail("Amy <amy@far.example>", "Far", "Text")).await.number;
    let ines = house.ines().await;
    let (hers, all) = (house.signed_in("claire@tareline.example").await, house.signed_in(INES).await);
    let (mut claires, mut ineses) = (Stream::open(&house, &hers).await, Stream::open(&house, &all).await);
    let viewing = [("page", "1"), ("doing", "viewing")];
    for number in [far, near] {
        all.post(&format!("/cases/{number}/presence"), &viewing).await;
    }
    let told = claires.until(&format!("presence {near}")).await;
    assert_eq!(told, [format!("presence {near}")], "nothing of a far case, and no beat of a heart");
    house.desk.note(&ines, near, "@Claire, look".into()).await.unwrap();
    claires.until("notifications").await;
    house.desk.note(&ines, near, "Again".into()).await.unwrap();
    // The one who wrote hears nothing of it.
    let told = ineses.until("inbox").await;
    assert!(!told.iter().any(|it| it.starts_with("notifications")), "{told:?} for {}", member.name);
}
