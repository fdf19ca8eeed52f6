//! Who may do what: every route, with every role and with nobody, on one's own things and on those of others.
//!
//! A route that nobody tries in [`tries`] fails. Whoever may not gets the same answer as for what is not there.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

mod reading;
#[path = "../support/mod.rs"]
mod support;
mod tries;
mod world;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::{Right, Role, Word};
use support::{Browser, House, form};
use tower::ServiceExt as _;
use tries::{ALL, DESK, GIF, Try, With, tries};
use web::route::ROUTES;
use world::World;

/// What a browser gets for it. The rest of the answer is not waited for: a stream has no end.
async fn ask(house: &House, browser: &Browser<'_>, world: &World, it: &Try) -> StatusCode {
    let request = Request::builder().method(it.method).uri((it.path)(world)).header("host", "desk.test");
    let mut request = request.header("sec-fetch-site", "same-origin");
    let cookies = browser.cookies();
    if !cookies.is_empty() {
        request = request.header(header::COOKIE, cookies);
    }
    let request = match &it.with {
        With::Nothing => request.body(Body::empty()),
        With::Fields(fields) => {
            let fields = fields(world);
            let fields: Vec<(&str, &str)> = fields.iter().map(|it| (it.0, it.1.as_str())).collect();
            request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from(form(&fields)))
        }
        With::File | With::Picture => {
            let bytes = if matches!(it.with, With::File) { "Text" } else { GIF };
            let part = "Content-Disposition: form-data; name=\"files\"; filename=\"a.txt\"";
            request
                .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
                .body(Body::from(format!("--b\r\n{part}\r\n\r\n{bytes}\r\n--b--\r\n")))
        }
    };
    let answer = house.router.clone().oneshot(request.unwrap()).await.unwrap();
    let status = answer.status();
    assert!(!status.is_server_error(), "{} {}: {status}", it.method, it.route);
    status
}

#[test]
fn every_route_is_tried() {
    let mut missing = Vec::new();
    for route in ROUTES {
        let own: Vec<&Try> = tries().filter(|it| (it.method, it.route) == (route.method, route.path)).collect();
        if !own.iter().any(|it| route.right == Right::Public || !it.may.is_empty()) {
            missing.push(format!("{} {}", route.method, route.path));
        }
        for it in own {
            let too_many = it.may.iter().find(|it| !it.may(route.right));
            assert!(too_many.is_none(), "{} {}: the table and the router disagree", route.method, route.path);
            assert!(route.right == Right::Public || it.nobody == 401, "{} is not public", route.path);
        }
    }
    assert!(missing.is_empty(), "nobody tries {missing:#?}");
    for it in tries() {
        let known = ROUTES.iter().any(|route| (route.method, route.path) == (it.method, it.route));
        assert!(known, "there is no {} {}", it.method, it.route);
    }
    // What reaches as far as its team is tried on both sides of that.
    for route in ROUTES.iter().filter(|it| it.right == Right::Cases && it.path.starts_with("/cases/")) {
        let own = tries().filter(|it| (it.method, it.route) == (route.method, route.path));
        let sides: Vec<&[Role]> = own.map(|it| it.may).collect();
        assert!(sides.contains(&ALL) && sides.contains(&DESK), "{} {} lacks a side", route.method, route.path);
    }
    // And a message, by the number of another case too.
    for route in ROUTES.iter().filter(|it| it.path.contains("{message}")) {
        let mut own = tries().filter(|it| (it.method, it.route) == (route.method, route.path));
        assert!(own.any(|it| it.on == "far, by a near number"), "{} {} is not crossed", route.method, route.path);
    }
}

#[tokio::test]
async fn nobody_passes_a_door() {
    let house = House::new().await;
    let (world, _) = World::new(&house, Role::Agent).await;
    let nobody = house.browser();
    let mut wrong = Vec::new();
    for it in tries() {
        let status = ask(&house, &nobody, &world, it).await;
        if status.as_u16() != it.nobody {
            wrong.push(format!("{} {} ({}): {status}, not {}", it.method, it.route, it.on, it.nobody));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Tries everything with one role.
async fn walk(role: Role) {
    let house = House::new().await;
    let (world, email) = World::new(&house, role).await;
    let browser = house.signed_in(&email).await;
    let mut wrong = Vec::new();
    for it in tries() {
        let expected = if it.may.contains(&role) { it.status } else { it.others };
        let status = ask(&house, &browser, &world, it).await.as_u16();
        if status != expected {
            wrong.push(format!("{} {} ({}): {status}, not {expected}", it.method, it.route, it.on));
        }
    }
    assert!(wrong.is_empty(), "{}: {wrong:#?}", role.word());
}

#[tokio::test]
async fn an_administrator_may_do_everything() {
    walk(Role::Administrator).await;
}

#[tokio::test]
async fn a_lead_may_do_all_but_settings_and_people() {
    walk(Role::Lead).await;
}

#[tokio::test]
async fn an_agent_sees_every_case_and_customer() {
    walk(Role::Agent).await;
}

#[tokio::test]
async fn a_success_manager_sees_every_case_and_customer() {
    walk(Role::SuccessManager).await;
}

#[tokio::test]
async fn a_department_member_sees_the_cases_of_their_teams_alone() {
    walk(Role::DepartmentMember).await;
}
