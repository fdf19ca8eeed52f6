//! Who may do what: every route, with every role and with nobody, on one's own things and on those of others.
//!
//! A route without a case in [`CASES`] fails. Whoever may not gets the same answer as for what is not there.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

mod support;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use data_encoding::BASE64;
use domain::{
    ChannelId, CustomerId, InvitationId, Member, MessageId, MessageState, Recipients, Right, Role, SignInId, StaffId,
    TeamId, Word,
};
use store::{Lock, Scope, Sql};
use support::{Browser, House, INES, PASSWORD, form, mail};
use tower::ServiceExt as _;
use web::route::ROUTES;

use Role::{Administrator, Agent, DepartmentMember, Lead, SuccessManager};

const ALL: &[Role] = &[Administrator, Lead, Agent, SuccessManager, DepartmentMember];
const DESK: &[Role] = &[Administrator, Lead, Agent, SuccessManager];
const ADMIN: &[Role] = &[Administrator];
const NONE: &[Role] = &[];

/// What is sent with a request.
enum With {
    Nothing,
    Fields(fn(&World) -> Vec<(&'static str, String)>),
    File,
}

/// One thing that somebody tries.
struct Case {
    method: &'static str,
    route: &'static str,
    /// On whose things.
    on: &'static str,
    path: fn(&World) -> String,
    with: With,
    /// What nobody gets: 401 behind a door.
    nobody: u16,
    /// What those get who may.
    status: u16,
    /// Who may; all others get 404.
    may: &'static [Role],
}

const fn get(route: &'static str, on: &'static str, path: fn(&World) -> String, may: &'static [Role]) -> Case {
    Case { method: "GET", route, on, path, with: With::Nothing, nobody: 401, status: 200, may }
}

const fn post(
    route: &'static str,
    on: &'static str,
    path: fn(&World) -> String,
    fields: fn(&World) -> Vec<(&'static str, String)>,
    may: &'static [Role],
) -> Case {
    Case { method: "POST", route, on, path, with: With::Fields(fields), nobody: 401, status: 303, may }
}

impl Case {
    const fn answers(self, status: u16) -> Case {
        Case { status, ..self }
    }

    /// For what is open to everybody: nobody gets this.
    const fn open(self, nobody: u16) -> Case {
        Case { nobody, ..self }
    }
}

fn none(_: &World) -> Vec<(&'static str, String)> {
    Vec::new()
}

fn mailbox(_: &World) -> Vec<(&'static str, String)> {
    ["name", "address", "way", "user", "mailbox_password", "reading_host", "reading_port", "reading_security"]
        .into_iter()
        .chain(["sending_host", "sending_port", "sending_security", "authserv_id"])
        .map(|name| {
            let value = match name {
                "address" => "billing@tareline.example",
                "way" => "mailbox",
                "reading_port" => "993",
                "reading_security" => "tls",
                "sending_port" => "587",
                "sending_security" => "starttls",
                _ => "",
            };
            (name, value.to_owned())
        })
        .collect()
}

/// Every case, in an order in which they do not stand in each other's way. Of what a customer has there are two:
/// `near`, of the department member's team, and `far`, of none.
const CASES: &[Case] = &[
    get("/healthz", "", |_| "/healthz".into(), ALL).open(200),
    get("/readyz", "", |_| "/readyz".into(), ALL).open(200),
    get("/sign-in", "", |_| "/sign-in".into(), ALL).open(200).answers(303),
    post(
        "/sign-in",
        "wrong",
        |_| "/sign-in".into(),
        |_| vec![("email", INES.into()), ("password", "wrong".into())],
        ALL,
    )
    .open(422)
    .answers(422),
    get("/setup/{token}", "", |_| "/setup/something".into(), NONE).open(404),
    post("/setup/{token}", "", |_| "/setup/something".into(), none, NONE).open(404),
    post("/setup/{token}/test", "", |_| "/setup/something/test".into(), none, NONE).open(404),
    get("/join/{token}", "", |it| format!("/join/{}", it.invitation), ALL).open(200),
    post(
        "/join/{token}",
        "",
        |it| format!("/join/{}", it.invitation),
        |_| vec![("name", "Jo".into()), ("password", "short".into())],
        ALL,
    )
    .open(422)
    .answers(422),
    get("/join/{token}", "wrong", |_| "/join/something".into(), NONE).open(404),
    post(
        "/api/v1/channels/{id}/mail",
        "without its token",
        |it| format!("/api/v1/channels/{}/mail", it.channel),
        none,
        ALL,
    )
    .answers(401),
    get("/live", "", |_| "/live".into(), ALL),
    get("/you", "", |_| "/you".into(), ALL),
    post("/you/sign-ins/{id}/end", "another's", |it| format!("/you/sign-ins/{}/end", it.others_sign_in), none, NONE),
    post("/you/sign-ins/{id}/end", "own", |it| format!("/you/sign-ins/{}/end", it.own_sign_in), none, ALL),
    get("/", "", |_| "/".into(), ALL).answers(303),
    get("/inbox", "", |_| "/inbox?view=all".into(), ALL),
    get("/inbox", "part", |_| "/inbox?view=all&part=list".into(), ALL),
    get("/cases/{number}", "near", |it| format!("/cases/{}", it.near.number), ALL),
    get("/cases/{number}", "far", |it| format!("/cases/{}", it.far.number), DESK),
    get("/cases/{number}", "part of a far one", |it| format!("/cases/{}?part=live", it.far.number), DESK),
    get("/cases/{number}", "of nobody", |_| "/cases/4711".into(), NONE),
    get("/cases/{number}/messages/{message}/html", "near", |it| it.near.message("/html"), ALL),
    get("/cases/{number}/messages/{message}/html", "far", |it| it.far.message("/html"), DESK),
    get("/cases/{number}/messages/{message}/html", "far, by a near number", |it| it.crossed("/html"), NONE),
    get("/cases/{number}/messages/{message}/inline/{file}", "near", |it| it.near.message("/inline/0"), ALL),
    get("/cases/{number}/messages/{message}/inline/{file}", "far", |it| it.far.message("/inline/0"), DESK),
    get(
        "/cases/{number}/messages/{message}/inline/{file}",
        "far, by a near number",
        |it| it.crossed("/inline/0"),
        NONE,
    ),
    get("/cases/{number}/messages/{message}/files/{file}", "near", |it| it.near.message("/files/0"), ALL),
    get("/cases/{number}/messages/{message}/files/{file}", "far", |it| it.far.message("/files/0"), DESK),
    get("/cases/{number}/messages/{message}/files/{file}", "far, by a near number", |it| it.crossed("/files/0"), NONE),
    get("/cases/{number}/messages/{message}/raw", "near", |it| it.near.message("/raw"), ALL),
    get("/cases/{number}/messages/{message}/raw", "far", |it| it.far.message("/raw"), DESK),
    get("/cases/{number}/messages/{message}/raw", "far, by a near number", |it| it.crossed("/raw"), NONE),
    get("/cases/{number}/entries/{entry}/files/{file}", "near", |it| it.near.note_file(), ALL),
    get("/cases/{number}/entries/{entry}/files/{file}", "far", |it| it.far.note_file(), DESK),
    Case {
        method: "PUT",
        route: "/cases/{number}/draft",
        on: "near",
        path: |it| format!("/cases/{}/draft", it.near.number),
        with: With::Fields(draft),
        nobody: 401,
        status: 204,
        may: ALL,
    },
    Case {
        method: "PUT",
        route: "/cases/{number}/draft",
        on: "far",
        path: |it| format!("/cases/{}/draft", it.far.number),
        with: With::Fields(draft),
        nobody: 401,
        status: 204,
        may: DESK,
    },
    Case {
        method: "POST",
        route: "/cases/{number}/draft/files",
        on: "near",
        path: |it| format!("/cases/{}/draft/files", it.near.number),
        with: With::File,
        nobody: 401,
        status: 200,
        may: ALL,
    },
    Case {
        method: "POST",
        route: "/cases/{number}/draft/files",
        on: "far",
        path: |it| format!("/cases/{}/draft/files", it.far.number),
        with: With::File,
        nobody: 401,
        status: 200,
        may: DESK,
    },
    post("/cases/{number}/messages", "near", |it| format!("/cases/{}/messages", it.near.number), note, ALL),
    post("/cases/{number}/messages", "far", |it| format!("/cases/{}/messages", it.far.number), note, DESK),
    post(
        "/cases/{number}/assignment",
        "near",
        |it| format!("/cases/{}/assignment", it.near.number),
        |it| vec![("assignee", it.bystander.to_string())],
        ALL,
    ),
    post(
        "/cases/{number}/assignment",
        "far",
        |it| format!("/cases/{}/assignment", it.far.number),
        |it| vec![("assignee", it.bystander.to_string())],
        DESK,
    ),
    post(
        "/cases/{number}/priority",
        "near",
        |it| format!("/cases/{}/priority", it.near.number),
        |_| vec![("priority", "high".into())],
        ALL,
    ),
    post(
        "/cases/{number}/priority",
        "far",
        |it| format!("/cases/{}/priority", it.far.number),
        |_| vec![("priority", "high".into())],
        DESK,
    ),
    post("/cases/{number}/resolution", "near", |it| format!("/cases/{}/resolution", it.near.number), none, ALL),
    post("/cases/{number}/resolution", "far", |it| format!("/cases/{}/resolution", it.far.number), none, DESK),
    post("/cases/{number}/reopening", "near", |it| format!("/cases/{}/reopening", it.near.number), none, ALL),
    post("/cases/{number}/reopening", "far", |it| format!("/cases/{}/reopening", it.far.number), none, DESK),
    post("/cases/{number}/messages/{message}/sending", "near", |it| it.near.reply(), none, ALL),
    post("/cases/{number}/messages/{message}/sending", "far", |it| it.far.reply(), none, DESK),
    get("/customers/{id}", "near", |it| format!("/customers/{}", it.near.customer), ALL),
    get("/customers/{id}", "far", |it| format!("/customers/{}", it.far.customer), DESK),
    post(
        "/customers/{id}/name",
        "near",
        |it| format!("/customers/{}/name", it.near.customer),
        |_| vec![("name", "Northwind".into())],
        DESK,
    ),
    post(
        "/customers/{id}/domains",
        "near",
        |it| format!("/customers/{}/domains", it.near.customer),
        |_| vec![("domain", "near.example".into())],
        DESK,
    ),
    post(
        "/customers/{id}/domains/removal",
        "near",
        |it| format!("/customers/{}/domains/removal", it.near.customer),
        |_| vec![("domain", "near.example".into())],
        DESK,
    ),
    // Last of the cases: whoever gives one away may not see it any more.
    post(
        "/cases/{number}/team",
        "far",
        |it| format!("/cases/{}/team", it.far.number),
        |_| vec![("team", String::new())],
        DESK,
    ),
    post(
        "/cases/{number}/team",
        "near",
        |it| format!("/cases/{}/team", it.near.number),
        |_| vec![("team", String::new())],
        ALL,
    ),
    get("/outbox", "", |_| "/outbox".into(), DESK),
    get("/settings", "", |_| "/settings".into(), ADMIN),
    get("/settings/organization", "", |_| "/settings/organization".into(), ADMIN),
    post(
        "/settings/organization",
        "",
        |_| "/settings/organization".into(),
        |_| vec![("organization", "Tareline".into()), ("time_zone", "UTC".into())],
        ADMIN,
    ),
    get("/settings/channels", "", |_| "/settings/channels".into(), ADMIN),
    get("/settings/channels/new", "", |_| "/settings/channels/new".into(), ADMIN),
    post("/settings/channels", "", |_| "/settings/channels".into(), mailbox, ADMIN),
    // Here no server is asked, which the page says.
    post("/settings/channels/test", "", |_| "/settings/channels/test".into(), mailbox, ADMIN).answers(422),
    get("/settings/channels/{id}", "", |it| format!("/settings/channels/{}", it.channel), ADMIN),
    post("/settings/channels/{id}/test", "", |it| format!("/settings/channels/{}/test", it.channel), mailbox, ADMIN)
        .answers(422),
    post("/settings/channels/{id}/token", "", |it| format!("/settings/channels/{}/token", it.channel), none, ADMIN)
        .answers(200),
    // The address is the other mailbox's since it was added above.
    post("/settings/channels/{id}", "", |it| format!("/settings/channels/{}", it.channel), mailbox, ADMIN).answers(422),
    get("/settings/people", "", |_| "/settings/people".into(), ADMIN),
    post(
        "/settings/people/{id}",
        "",
        |it| format!("/settings/people/{}", it.bystander),
        |_| vec![("role", "lead".into())],
        ADMIN,
    ),
    post(
        "/settings/people/{id}/departure",
        "",
        |it| format!("/settings/people/{}/departure", it.bystander),
        none,
        ADMIN,
    ),
    post("/settings/people/{id}/return", "", |it| format!("/settings/people/{}/return", it.bystander), none, ADMIN),
    post(
        "/settings/invitations",
        "",
        |_| "/settings/invitations".into(),
        |_| vec![("name", "Jo".into()), ("email", "jo@tareline.example".into()), ("role", "agent".into())],
        ADMIN,
    )
    .answers(200),
    post(
        "/settings/invitations/{id}/revocation",
        "",
        |it| format!("/settings/invitations/{}/revocation", it.invitation_id),
        none,
        ADMIN,
    ),
    post("/settings/teams", "", |_| "/settings/teams".into(), |_| vec![("name", "Engineering".into())], ADMIN),
    post(
        "/you/password",
        "",
        |_| "/you/password".into(),
        |_| vec![("old", PASSWORD.into()), ("new", "another good password".into())],
        ALL,
    ),
    post("/sign-out", "", |_| "/sign-out".into(), none, ALL),
];

fn draft(_: &World) -> Vec<(&'static str, String)> {
    vec![("kind", "reply".into()), ("text", "We look into it".into()), ("to", String::new()), ("cc", String::new())]
}

fn note(_: &World) -> Vec<(&'static str, String)> {
    vec![("kind", "note".into()), ("text", "Seen".into()), ("to", String::new()), ("cc", String::new())]
}

/// A case with everything that a case can have.
struct Things {
    number: i64,
    customer: CustomerId,
    message: MessageId,
    reply: MessageId,
    note: i64,
}

impl Things {
    fn message(&self, rest: &str) -> String {
        format!("/cases/{}/messages/{}{rest}", self.number, self.message)
    }

    fn reply(&self) -> String {
        format!("/cases/{}/messages/{}/sending", self.number, self.reply)
    }

    fn note_file(&self) -> String {
        format!("/cases/{}/entries/{}/files/0", self.number, self.note)
    }
}

/// What there is to be tried.
struct World {
    near: Things,
    far: Things,
    channel: ChannelId,
    bystander: StaffId,
    own_sign_in: SignInId,
    others_sign_in: SignInId,
    invitation: String,
    invitation_id: InvitationId,
}

impl World {
    /// A far message under a number that may be seen.
    fn crossed(&self, rest: &str) -> String {
        format!("/cases/{}/messages/{}{rest}", self.near.number, self.far.message)
    }

    /// For a person with this role.
    async fn new(house: &House, role: Role) -> (World, String) {
        let ines = house.ines().await;
        let team = house.desk.add_team(&ines, "Finance", true).await.unwrap();
        let bystander = house.colleague("Bystander", Role::Agent).await;
        let email = if role == Administrator { INES.to_owned() } else { "claire@tareline.example".to_owned() };
        let me = if role == Administrator {
            ines.id
        } else {
            let id = house.colleague("Claire", role).await;
            house.desk.change_staff(&ines, id, role, vec![team]).await.unwrap();
            id
        };
        house.signed_in("bystander@tareline.example").await;
        house.signed_in(&email).await;
        let invitation = house.desk.invite(&ines, "Priya", "priya@tareline.example", Role::Agent).await.unwrap();
        let world = World {
            near: things(house, &ines, "near", Some(team)).await,
            far: things(house, &ines, "far", None).await,
            channel: house.mailbox().await.id,
            bystander,
            own_sign_in: sign_in_of(house, me).await,
            others_sign_in: sign_in_of(house, bystander).await,
            invitation_id: house.desk.invitation(&invitation).await.unwrap().id,
            invitation,
        };
        (world, email)
    }
}

async fn sign_in_of(house: &House, person: StaffId) -> SignInId {
    let (member, now) = (house.desk.staff_member(person).await.unwrap(), house.desk.now());
    let scope = Scope::of(&member);
    let all = house.desk.db.read(async move |rx| store::sign_in::own(rx, &scope, now).await).await.unwrap();
    all[0].id
}

/// A mail with a picture inside, an answer that could not be sent, and a note with a file.
async fn things(house: &House, ines: &Member, name: &str, team: Option<TeamId>) -> Things {
    let picture = BASE64.encode(&[0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', 0, 0]);
    let raw = format!(
        "From: Dan <dan@{name}.example>\nTo: support@tareline.example\nSubject: About {name}\n\
         Message-ID: <{name}@mail.example>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n\
         --x\nContent-Type: text/html\n\n<p>Look: <img src=\"cid:pic\"></p>\n\
         --x\nContent-Type: image/png; name=pic.png\nContent-ID: <pic>\nContent-Disposition: inline; filename=pic.png\n\
         Content-Transfer-Encoding: base64\n\n{picture}\n--x--\n"
    );
    let filed = house.receive(&raw).await;
    let (desk, number) = (&house.desk, filed.number);
    if team.is_some() {
        desk.give_to(ines, number, team).await.unwrap();
    }
    let upload =
        desk::Upload { name: "proof.pdf".into(), media_type: "application/pdf".into(), bytes: b"%PDF".to_vec() };
    let note = desk::case::Note { uploads: vec![upload], ..desk::case::Note::from("The contract") };
    desk.note(ines, number, note).await.unwrap();
    let scope = Scope::of(ines);
    let spine = desk.db.read(async move |rx| store::case::spine::spine(rx, &scope, number, None).await).await.unwrap();
    let note = spine.entries.iter().filter(|it| it.fact.word() == "noted").find_map(|it| it.number).unwrap();
    let to = desk::case::addresses("to", &format!("dan@{name}.example")).unwrap();
    let reply = desk::case::Reply {
        id: None,
        text: "Hello".into(),
        recipients: Recipients { to, cc: Vec::new() },
        then: desk::case::Then::Waiting,
        seen: None,
        files: Vec::new(),
        uploads: Vec::new(),
    };
    let reply = desk.reply(ines, number, reply).await.unwrap();
    let (customer, case) = (filed.customer, filed.case);
    let refused = desk.db.write([Lock::Customer(customer)], async move |tx| {
        let message = store::message::find(tx, customer, case, reply).await?.unwrap();
        store::message::set_state(tx, &message, MessageState::Failed, Some("refused")).await
    });
    refused.await.unwrap();
    Things { number, customer, message: filed.message, reply, note }
}

/// What a browser gets for a case. The rest of the answer is not waited for: a stream has no end.
async fn ask(house: &House, browser: &Browser<'_>, world: &World, case: &Case) -> StatusCode {
    let request = Request::builder().method(case.method).uri((case.path)(world)).header("host", "desk.test");
    let mut request = request.header("sec-fetch-site", "same-origin");
    let cookies = browser.cookies();
    if !cookies.is_empty() {
        request = request.header(header::COOKIE, cookies);
    }
    let request = match &case.with {
        With::Nothing => request.body(Body::empty()),
        With::Fields(fields) => {
            let fields = fields(world);
            let fields: Vec<(&str, &str)> = fields.iter().map(|it| (it.0, it.1.as_str())).collect();
            request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from(form(&fields)))
        }
        With::File => request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=b").body(Body::from(
            "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\n\r\nText\r\n--b--\r\n",
        )),
    };
    let answer = house.router.clone().oneshot(request.unwrap()).await.unwrap();
    let status = answer.status();
    assert!(!status.is_server_error(), "{} {}: {status}", case.method, case.route);
    status
}

#[test]
fn every_route_has_its_cases() {
    let mut missing = Vec::new();
    for route in ROUTES {
        let cases: Vec<&Case> = CASES.iter().filter(|it| (it.method, it.route) == (route.method, route.path)).collect();
        let open = cases.iter().filter(|it| route.right == Right::Public || !it.may.is_empty()).count();
        if open == 0 {
            missing.push(format!("{} {}", route.method, route.path));
        }
        for case in cases {
            let too_many = case.may.iter().find(|it| !it.may(route.right));
            assert!(too_many.is_none(), "{} {}: the table and the router disagree", route.method, route.path);
            assert!(route.right == Right::Public || case.nobody == 401, "{} is not public", route.path);
        }
    }
    assert!(missing.is_empty(), "no case for {missing:#?}");
    for case in CASES {
        let known = ROUTES.iter().any(|it| (it.method, it.path) == (case.method, case.route));
        assert!(known, "there is no {} {}", case.method, case.route);
    }
    // What reaches as far as its team needs a case on both sides of that.
    for route in ROUTES.iter().filter(|it| it.right == Right::Cases && it.path.starts_with("/cases/")) {
        let sides: Vec<&[Role]> =
            CASES.iter().filter(|it| (it.method, it.route) == (route.method, route.path)).map(|it| it.may).collect();
        assert!(sides.contains(&ALL) && sides.contains(&DESK), "{} {} lacks a side", route.method, route.path);
    }
}

#[tokio::test]
async fn nobody_passes_a_door() {
    let house = House::new().await;
    let (world, _) = World::new(&house, Agent).await;
    let nobody = house.browser();
    let mut wrong = Vec::new();
    for case in CASES {
        let status = ask(&house, &nobody, &world, case).await;
        if status.as_u16() != case.nobody {
            wrong.push(format!("{} {} ({}): {status}, not {}", case.method, case.route, case.on, case.nobody));
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
    for case in CASES {
        let expected = if case.may.contains(&role) { case.status } else { 404 };
        let status = ask(&house, &browser, &world, case).await.as_u16();
        if status != expected {
            wrong.push(format!("{} {} ({}): {status}, not {expected}", case.method, case.route, case.on));
        }
    }
    assert!(wrong.is_empty(), "{}: {wrong:#?}", role.word());
}

#[tokio::test]
async fn an_administrator_may_do_everything() {
    walk(Administrator).await;
}

#[tokio::test]
async fn a_lead_may_do_all_but_settings_and_people() {
    walk(Lead).await;
}

#[tokio::test]
async fn an_agent_sees_every_case_and_customer() {
    walk(Agent).await;
}

#[tokio::test]
async fn a_success_manager_sees_every_case_and_customer() {
    walk(SuccessManager).await;
}

#[tokio::test]
async fn a_department_member_sees_the_cases_of_their_teams_alone() {
    walk(DepartmentMember).await;
}

#[tokio::test]
async fn what_is_out_of_reach_is_nowhere_on_a_page() {
    let house = House::new().await;
    let (world, email) = World::new(&house, DepartmentMember).await;
    house.receive(&mail("Dan <dan@near.example>", "A secret of another team", "Only for the desk.")).await;
    let claire = house.signed_in(&email).await;
    let customer = format!("/customers/{}", world.near.customer);
    for page in ["/inbox?view=all", "/inbox?view=unassigned", "/inbox?view=all&part=list", &customer] {
        claire.get(page).await.has_not("A secret of another team").has_not("About far");
    }
    claire.get("/inbox?view=all").await.has("About near");
    claire.get(&customer).await.has("About near").has_not("The contract").has_not("Take near.example away");
}

#[tokio::test]
async fn a_draft_is_its_writers_own() {
    let house = House::new().await;
    let (world, email) = World::new(&house, Agent).await;
    let (ines, other) = (house.signed_in(INES).await, house.signed_in(&email).await);
    let member = house.ines().await;
    house.desk.keep_draft(&member, world.near.number, false, "Not said yet", Recipients::default()).await.unwrap();
    let at = format!("/cases/{}", world.near.number);
    ines.get(&at).await.has("Not said yet");
    other.get(&at).await.has_not("Not said yet");
}

#[tokio::test]
async fn looking_changes_nothing() {
    let house = House::new().await;
    let (world, email) = World::new(&house, Administrator).await;
    let (ines, nobody) = (house.signed_in(&email).await, house.browser());
    let before = rows(&house).await;
    for case in CASES.iter().filter(|it| it.method == "GET") {
        for browser in [&ines, &nobody] {
            ask(&house, browser, &world, case).await;
        }
    }
    assert_eq!(rows(&house).await, before);
}

/// How many rows each table has, and what the rows that could change without one more or less say.
async fn rows(house: &House) -> Vec<(&'static str, i64)> {
    let read = house.desk.db.read(async |rx| {
        let mut all = Vec::new();
        for (table, _) in store::schema::TABLES {
            let count = rx.one::<i64>(Sql::built(format!("select count(*) from {table}")), &[]).await?;
            all.push((*table, count));
        }
        let seen = rx.one::<i64>("select cast(coalesce(sum(seen_at), 0) as bigint) from sign_ins", &[]).await?;
        let written = rx.one::<i64>("select cast(coalesce(sum(last_at), 0) as bigint) from cases", &[]).await?;
        all.extend([("sign_ins.seen_at", seen), ("cases.last_at", written)]);
        Ok::<_, store::Error>(all)
    });
    read.await.unwrap()
}
