//! What is tried, on whose things, and who may. Of what a customer has there are two: `near`, of the department member's
//! team, and `far`, of none.

use domain::Role;

use super::support::{INES, PASSWORD};
use super::world::World;

use Role::{Administrator, Agent, DepartmentMember, Lead, SuccessManager};

pub const ALL: &[Role] = &[Administrator, Lead, Agent, SuccessManager, DepartmentMember];
pub const DESK: &[Role] = &[Administrator, Lead, Agent, SuccessManager];
const ADMIN: &[Role] = &[Administrator];
const LEADS: &[Role] = &[Administrator, Lead];
const NONE: &[Role] = &[];

/// The fields of a form.
type Fields = Vec<(&'static str, String)>;

/// What is sent with a request.
pub enum With {
    Nothing,
    Fields(fn(&World) -> Fields),
    File,
    Picture,
}

/// One thing that somebody tries.
pub struct Try {
    pub method: &'static str,
    pub route: &'static str,
    /// On whose things.
    pub on: &'static str,
    pub path: fn(&World) -> String,
    pub with: With,
    /// What nobody gets: 401 behind a door.
    pub nobody: u16,
    /// What those get who may.
    pub status: u16,
    /// Who may.
    pub may: &'static [Role],
    /// What all others get.
    pub others: u16,
}

type At = fn(&World) -> String;

const fn get(route: &'static str, on: &'static str, path: At, may: &'static [Role]) -> Try {
    Try { method: "GET", route, on, path, with: With::Nothing, nobody: 401, status: 200, may, others: 404 }
}

const fn post(
    route: &'static str,
    on: &'static str,
    path: At,
    fields: fn(&World) -> Fields,
    may: &'static [Role],
) -> Try {
    Try { method: "POST", route, on, path, with: With::Fields(fields), nobody: 401, status: 303, may, others: 404 }
}

const fn put(
    route: &'static str,
    on: &'static str,
    path: At,
    fields: fn(&World) -> Fields,
    may: &'static [Role],
) -> Try {
    Try { method: "PUT", status: 204, ..post(route, on, path, fields, may) }
}

const fn upload(route: &'static str, on: &'static str, path: At, may: &'static [Role]) -> Try {
    Try { method: "POST", with: With::File, ..get(route, on, path, may) }
}

impl Try {
    const fn answers(self, status: u16) -> Try {
        Try { status, ..self }
    }

    /// For a form that says why it is refused.
    const fn else_answers(self, others: u16) -> Try {
        Try { others, ..self }
    }

    /// For what is open to everybody: nobody gets this.
    const fn open(self, nobody: u16) -> Try {
        Try { nobody, ..self }
    }
}

/// Everything, in an order in which nothing stands in another's way.
pub fn tries() -> impl Iterator<Item = &'static Try> {
    [PUBLIC, CUSTOMERS, CASES, SETTINGS, OWN].into_iter().flatten()
}

const PUBLIC: &[Try] = &[
    get("/healthz", "", |_| "/healthz".into(), ALL).open(200),
    get("/readyz", "", |_| "/readyz".into(), ALL).open(200),
    get("/assets/{hash}/{*path}", "", |_| web::assets::url("js/bellwether.js"), ALL).open(200),
    get("/assets/{hash}/{*path}", "of nobody", |_| web::assets::url("js/none.js"), NONE).open(404),
    get("/favicon.ico", "", |_| "/favicon.ico".into(), ALL).open(200),
    get("/sign-in", "", |_| "/sign-in".into(), ALL).open(200).answers(303),
    post("/sign-in", "wrong", |_| "/sign-in".into(), wrong_password, ALL).open(422).answers(422),
    get("/setup/{token}", "", |_| "/setup/something".into(), NONE).open(404),
    post("/setup/{token}", "", |_| "/setup/something".into(), none, NONE).open(404),
    post("/setup/{token}/test", "", |_| "/setup/something/test".into(), none, NONE).open(404),
    get("/join/{token}", "", |it| format!("/join/{}", it.invitation), ALL).open(200),
    post("/join/{token}", "", |it| format!("/join/{}", it.invitation), short_password, ALL).open(422).answers(422),
    get("/join/{token}", "wrong", |_| "/join/something".into(), NONE).open(404),
    get("/reset/{token}", "wrong", |_| "/reset/something".into(), NONE).open(404),
    post("/reset/{token}", "wrong", |_| "/reset/something".into(), short_new_password, NONE).open(404),
    post("/api/v1/channels/{id}/mail", "without its token", World::api, none, ALL).answers(401),
];

const CUSTOMERS: &[Try] = &[
    get("/customers/{id}", "near", |it| it.near.customer(""), ALL),
    get("/customers/{id}", "far", |it| it.far.customer(""), DESK),
    get("/customers/{id}", "part of a far one", |it| it.far.customer("?part=timeline"), DESK),
    post("/customers/{id}/name", "near", |it| it.near.customer("/name"), |_| one("name", "Northwind"), DESK),
    post("/customers/{id}/fields", "near", |it| it.near.customer("/fields"), none, DESK),
    post("/customers/{id}/domains", "near", |it| it.near.customer("/domains"), domain, DESK),
    post("/customers/{id}/domains/removal", "near", |it| it.near.customer("/domains/removal"), domain, DESK),
    get("/customers", "", |_| "/customers".into(), DESK),
    get("/customers", "by name", |_| "/customers?by=name&filter=is:individual".into(), DESK),
    get("/customers/completion", "", |_| "/customers/completion?before=is".into(), DESK),
    get("/customers/{id}/merge", "near", |it| it.near.customer("/merge"), DESK),
    post("/customers/{id}/merge", "near, with itself", |it| it.near.customer("/merge"), into_near, DESK).answers(409),
    post("/customers/{id}/members/{other}/separation", "near", |it| it.near.apart(), none, DESK).answers(422),
    post("/customers/{id}/contacts", "near", |it| it.near.customer("/contacts"), person, DESK),
    get("/customers/{id}/contacts/{contact}", "near", |it| it.near.contact(""), DESK),
    get("/customers/{id}/contacts/{contact}", "far, by a near customer", |it| it.crossed_contact(""), NONE),
    post(PERSON_NAME, "near", |it| it.near.contact("/name"), |_| one("name", "Dan W"), DESK),
    post(PERSON_NAME, "far, by a near customer", |it| it.crossed_contact("/name"), |_| one("name", "x"), NONE),
    post(PERSON_FIELDS, "near", |it| it.near.contact("/fields"), none, DESK),
    post(PERSON_FIELDS, "far, by a near customer", |it| it.crossed_contact("/fields"), none, NONE),
    post(IDENTITIES, "near", |it| it.near.contact("/identities"), further, DESK),
    post(IDENTITY_MAIN, "near", |it| it.near.contact("/identities/main"), further, DESK),
    post(IDENTITY_REMOVAL, "near", |it| it.near.contact("/identities/removal"), further, DESK),
    post(IDENTITY_REMOVAL, "near once more", |it| it.near.contact("/identities/removal"), further, NONE),
    post(PERSON_MERGE, "near, with themselves", |it| it.near.contact("/merge"), into_contact, DESK).answers(422),
    post(PERSON_PART, "near", |it| it.near.contact("/separation"), none, DESK).answers(422),
];

const PERSON_NAME: &str = "/customers/{id}/contacts/{contact}/name";
const PERSON_FIELDS: &str = "/customers/{id}/contacts/{contact}/fields";
const PERSON_MERGE: &str = "/customers/{id}/contacts/{contact}/merge";
const PERSON_PART: &str = "/customers/{id}/contacts/{contact}/separation";
const IDENTITIES: &str = "/customers/{id}/contacts/{contact}/identities";
const IDENTITY_MAIN: &str = "/customers/{id}/contacts/{contact}/identities/main";
const IDENTITY_REMOVAL: &str = "/customers/{id}/contacts/{contact}/identities/removal";

const CASES: &[Try] = &[
    get("/", "", |_| "/".into(), ALL).answers(303),
    get("/inbox", "", |_| "/inbox?view=all".into(), ALL),
    get("/inbox", "part", |_| "/inbox?view=all&part=list".into(), ALL),
    get("/outbox", "", |_| "/outbox".into(), DESK),
    get("/palette", "", |_| "/palette?q=near".into(), ALL),
    get("/cases/{number}", "near", |it| it.near.case(""), ALL),
    get("/cases/{number}", "far", |it| it.far.case(""), DESK),
    get("/cases/{number}", "part of a far one", |it| it.far.case("?part=live"), DESK),
    get("/cases/{number}", "of nobody", |_| "/cases/4711".into(), NONE),
    get(HTML, "near", |it| it.near.message("/html"), ALL),
    get(HTML, "far", |it| it.far.message("/html"), DESK),
    get(HTML, "far, by a near number", |it| it.crossed("/html"), NONE),
    get(INLINE, "near", |it| it.near.message("/inline/0"), ALL),
    get(INLINE, "far", |it| it.far.message("/inline/0"), DESK),
    get(INLINE, "far, by a near number", |it| it.crossed("/inline/0"), NONE),
    get(FILE, "near", |it| it.near.message("/files/0"), ALL),
    get(FILE, "far", |it| it.far.message("/files/0"), DESK),
    get(FILE, "far, by a near number", |it| it.crossed("/files/0"), NONE),
    get(RAW, "near", |it| it.near.message("/raw"), ALL),
    get(RAW, "far", |it| it.far.message("/raw"), DESK),
    get(RAW, "far, by a near number", |it| it.crossed("/raw"), NONE),
    get("/cases/{number}/entries/{entry}/files/{file}", "near", |it| it.near.note_file(), ALL),
    get("/cases/{number}/entries/{entry}/files/{file}", "far", |it| it.far.note_file(), DESK),
    put("/cases/{number}/draft", "near", |it| it.near.case("/draft"), draft, ALL),
    put("/cases/{number}/draft", "far", |it| it.far.case("/draft"), draft, DESK),
    upload("/cases/{number}/draft/files", "near", |it| it.near.case("/draft/files"), ALL),
    upload("/cases/{number}/draft/files", "far", |it| it.far.case("/draft/files"), DESK),
    Try { with: With::Picture, ..upload(PICTURES, "near", |it| it.near.case("/draft/pictures"), ALL) },
    Try { with: With::Picture, ..upload(PICTURES, "far", |it| it.far.case("/draft/pictures"), DESK) },
    get(PICTURE, "near", |it| it.near.case(&drawn()), ALL),
    get(PICTURE, "far", |it| it.far.case(&drawn()), DESK),
    get(PICTURE, "of nobody", |it| it.near.case("/draft/pictures/00"), NONE),
    post("/cases/{number}/messages", "near", |it| it.near.case("/messages"), note, ALL),
    post("/cases/{number}/messages", "far", |it| it.far.case("/messages"), note, DESK),
    post("/acts/{id}/undo", "another's", World::others_act, |_| one("to", "/inbox"), NONE),
    post("/acts/{id}/undo", "own", World::own_act, |_| one("to", "/inbox"), ALL),
    post(FOLLOWING, "near", |it| it.near.case("/following"), none, ALL),
    post(FOLLOWING, "far", |it| it.far.case("/following"), none, DESK),
    post("/cases/{number}/following/removal", "near", |it| it.near.case("/following/removal"), none, ALL),
    post("/cases/{number}/following/removal", "far", |it| it.far.case("/following/removal"), none, DESK),
    post("/cases/{number}/seen", "near", |it| it.near.case("/seen"), none, ALL).answers(204),
    post("/cases/{number}/seen", "far", |it| it.far.case("/seen"), none, DESK).answers(204),
    get("/cases/{number}/like", "near", |it| it.near.case("/like"), ALL),
    get("/cases/{number}/like", "far", |it| it.far.case("/like"), DESK),
    get("/cases/{number}/presence", "near", |it| it.near.case("/presence"), ALL),
    get("/cases/{number}/presence", "far", |it| it.far.case("/presence"), DESK),
    post("/cases/{number}/presence", "near", |it| it.near.case("/presence"), viewing, ALL).answers(204),
    post("/cases/{number}/presence", "far", |it| it.far.case("/presence"), viewing, DESK).answers(204),
    post("/cases/{number}/assignment", "near", |it| it.near.case("/assignment"), bystander, ALL),
    post("/cases/{number}/assignment", "far", |it| it.far.case("/assignment"), bystander, DESK),
    post("/cases/{number}/priority", "near", |it| it.near.case("/priority"), |_| one("priority", "high"), ALL),
    post("/cases/{number}/priority", "far", |it| it.far.case("/priority"), |_| one("priority", "high"), DESK),
    post("/cases/{number}/snooze", "near", |it| it.near.case("/snooze"), |_| one("at", "2126-01-01T09:00"), ALL),
    post("/cases/{number}/snooze", "far", |it| it.far.case("/snooze"), |_| one("at", "2126-01-01T09:00"), DESK),
    post("/cases/{number}/waking", "near", |it| it.near.case("/waking"), none, ALL),
    post("/cases/{number}/waking", "far", |it| it.far.case("/waking"), none, DESK),
    post("/cases/{number}/tags", "near", |it| it.near.case("/tags"), |_| one("on", "billing"), ALL),
    post("/cases/{number}/tags", "far", |it| it.far.case("/tags"), |_| one("on", "secret"), DESK),
    post("/cases/{number}/macros/{id}", "near", |it| it.near.case(&it.desk_macro("")), none, ALL),
    post("/cases/{number}/macros/{id}", "far", |it| it.far.case(&it.desk_macro("")), none, DESK),
    post("/cases/{number}/macros/{id}", "another's", |it| it.near.case(&it.others_macro("")), none, NONE),
    get("/cases/new", "", |_| "/cases/new".into(), DESK),
    post("/cases", "", |_| "/cases".into(), begun, DESK),
    post("/cases/{number}/fields", "near", |it| it.near.case("/fields"), none, ALL),
    post("/cases/{number}/fields", "far", |it| it.far.case("/fields"), none, DESK),
    post(WRITING, "near", |it| it.near.case("/brief/writing"), none, ALL),
    post(WRITING, "far", |it| it.far.case("/brief/writing"), none, DESK),
    get(BRIEF_SENT, "near", |it| it.near.case("/brief/sent"), ALL),
    get(BRIEF_SENT, "far", |it| it.far.case("/brief/sent"), DESK),
    post("/cases/{number}/brief/{line}", "near", |it| it.near.case("/brief/issue"), |_| one("text", "Smoke"), ALL),
    post("/cases/{number}/brief/{line}", "far", |it| it.far.case("/brief/issue"), |_| one("text", "Smoke"), DESK),
    post("/cases/{number}/promises", "near", |it| it.near.case("/promises"), |_| one("text", "no fee"), ALL),
    post("/cases/{number}/promises", "far", |it| it.far.case("/promises"), |_| one("text", "no fee"), DESK),
    post(FOUND, "near", |it| it.near.case("/promises/found"), |_| one("text", "I’ll call you."), ALL).answers(200),
    post(FOUND, "far", |it| it.far.case("/promises/found"), |_| one("text", "I’ll call you."), DESK).answers(200),
    post(SETTLE, "far, by a near number", |it| it.near.promise(it.far.promise), |_| one("state", "kept"), NONE),
    post(SETTLE, "near", |it| it.near.promise(it.near.promise), |_| one("state", "kept"), ALL),
    post(SETTLE, "far", |it| it.far.promise(it.far.promise), |_| one("state", "kept"), DESK),
    post(TRACK, "far, by a near number", |it| it.near.message_of(it.far.reply, "/promises"), report, NONE),
    post(TRACK, "near", |it| it.near.message_of(it.near.reply, "/promises"), report, ALL),
    post(TRACK, "far", |it| it.far.message_of(it.far.reply, "/promises"), report, DESK),
    post("/inbox/bulk", "near", |_| "/inbox/bulk".into(), |it| bulk(it.near.number), ALL),
    post("/inbox/bulk", "far", |_| "/inbox/bulk".into(), |it| bulk(it.far.number), DESK).else_answers(409),
    post("/cases/{number}/resolution", "near", |it| it.near.case("/resolution"), none, ALL),
    post("/cases/{number}/resolution", "far", |it| it.far.case("/resolution"), none, DESK),
    post("/cases/{number}/reopening", "near", |it| it.near.case("/reopening"), none, ALL),
    post("/cases/{number}/reopening", "far", |it| it.far.case("/reopening"), none, DESK),
    post(REMOTE, "far, by a near number", |it| it.crossed("/pictures"), always, NONE),
    post(REMOTE, "near", |it| it.near.message("/pictures"), always, ALL),
    post(REMOTE, "far", |it| it.far.message("/pictures"), always, DESK),
    post(SPLIT, "far, by a near number", |it| it.crossed("/case"), none, NONE),
    // The message opened its case, so it stays there: which only those learn who may see it.
    post(SPLIT, "near", |it| it.near.message("/case"), none, ALL).answers(409),
    post(SPLIT, "far", |it| it.far.message("/case"), none, DESK).answers(409),
    // Merged with itself, which is no merge; nothing of it can be undone; it is theirs already.
    post("/cases/{number}/merge", "near", |it| it.near.case("/merge"), near_number, ALL).answers(409),
    post("/cases/{number}/merge", "far", |it| it.far.case("/merge"), far_number, DESK).answers(409),
    post("/cases/{number}/merge", "near, with a far one", |it| it.near.case("/merge"), far_number, DESK)
        .answers(409)
        .else_answers(400),
    post("/cases/{number}/split", "near", |it| it.near.case("/split"), near_message, ALL).answers(409),
    post("/cases/{number}/split", "far", |it| it.far.case("/split"), far_message, DESK).answers(409),
    post("/cases/{number}/split", "far, by a near number", |it| it.near.case("/split"), far_message, NONE),
    post(JOINING, "near", |it| it.near.case("/suggestion/joining"), near_number, ALL).answers(409),
    post(JOINING, "far", |it| it.far.case("/suggestion/joining"), far_number, DESK).answers(409),
    post(APART, "near", |it| it.near.case("/suggestion/removal"), near_number, ALL),
    post(APART, "far", |it| it.far.case("/suggestion/removal"), far_number, DESK),
    post(UNDO, "near", |it| it.near.case("/entries/1/undo"), none, ALL).answers(409),
    post(UNDO, "far", |it| it.far.case("/entries/1/undo"), none, DESK).answers(409),
    get("/cases/{number}/customer", "near", |it| it.near.case("/customer?find=nobody"), DESK),
    post("/cases/{number}/customer", "near", |it| it.near.case("/customer"), near_customer, DESK).answers(409),
    post(SENDING, "far, by a near number", |it| it.near.sending(it.far.reply), none, NONE),
    post(SENDING, "near", |it| it.near.sending(it.near.reply), none, ALL),
    post(SENDING, "far", |it| it.far.sending(it.far.reply), none, DESK),
    get("/inbox", "spam", |_| "/inbox?view=spam".into(), DESK),
    get("/inbox", "trash", |_| "/inbox?view=trash".into(), DESK),
    get("/inbox", "part of the trash", |_| "/inbox?view=trash&part=list".into(), DESK),
    get("/cases/{number}", "near, but in the trash", |it| it.thrown(""), DESK),
    post("/cases/{number}/spam", "near", |it| it.near.case("/spam"), none, DESK),
    post("/cases/{number}/restoration", "near", |it| it.near.case("/restoration"), none, DESK),
    post("/cases/{number}/trash", "near", |it| it.near.case("/trash"), none, DESK),
    post("/cases/{number}/restoration", "near once more", |it| it.near.case("/restoration"), none, DESK),
    post("/cases/{number}/block", "near", |it| it.near.case("/block"), |_| one("whom", "address"), DESK),
    post("/cases/{number}/block/removal", "near", |it| it.near.case("/block/removal"), none, DESK),
    post("/cases/{number}/deletion", "near, but in the trash", |it| it.thrown("/deletion"), none, ADMIN),
    post("/spam/emptying", "", |_| "/spam/emptying".into(), none, LEADS),
    post("/trash/emptying", "", |_| "/trash/emptying".into(), none, ADMIN),
    post(BACK, "far, by a near number", |it| it.near.message_of(it.far.reply, "/taking-back"), none, NONE),
    // It has begun to leave, or somebody else wrote it, which both are told.
    post(BACK, "near", |it| it.near.message_of(it.near.reply, "/taking-back"), none, ALL).answers(409),
    post(BACK, "far", |it| it.far.message_of(it.far.reply, "/taking-back"), none, DESK).answers(409),
    post(ANEW, "far, by a near number", |it| it.near.message_of(it.far.reply, "/draft"), none, NONE),
    post(ANEW, "near", |it| it.near.message_of(it.near.reply, "/draft"), none, ALL).answers(409),
    post(ANEW, "far", |it| it.far.message_of(it.far.reply, "/draft"), none, DESK).answers(409),
    // Last of them: whoever gives a case away may not see it any more.
    post("/cases/{number}/team", "far", |it| it.far.case("/team"), |_| one("team", ""), DESK),
    post("/cases/{number}/team", "near", |it| it.near.case("/team"), |_| one("team", ""), ALL),
];

const WRITING: &str = "/cases/{number}/brief/writing";
const BRIEF_SENT: &str = "/cases/{number}/brief/sent";
const HTML: &str = "/cases/{number}/messages/{message}/html";
const INLINE: &str = "/cases/{number}/messages/{message}/inline/{file}";
const FILE: &str = "/cases/{number}/messages/{message}/files/{file}";
const RAW: &str = "/cases/{number}/messages/{message}/raw";
const REMOTE: &str = "/cases/{number}/messages/{message}/pictures";
const JOINING: &str = "/cases/{number}/suggestion/joining";
const APART: &str = "/cases/{number}/suggestion/removal";
const UNDO: &str = "/cases/{number}/entries/{entry}/undo";
const SPLIT: &str = "/cases/{number}/messages/{message}/case";
/// A picture, as the desk knows one.
pub const GIF: &str = "GIF89a, drawn by hand";

fn drawn() -> String {
    format!("/draft/pictures/{}", store::blob::hash(GIF.as_bytes()))
}

const FOLLOWING: &str = "/cases/{number}/following";
const PICTURES: &str = "/cases/{number}/draft/pictures";
const PICTURE: &str = "/cases/{number}/draft/pictures/{hash}";
const BACK: &str = "/cases/{number}/messages/{message}/taking-back";
const ANEW: &str = "/cases/{number}/messages/{message}/draft";
const FOUND: &str = "/cases/{number}/promises/found";
const SETTLE: &str = "/cases/{number}/promises/{id}";
const TRACK: &str = "/cases/{number}/messages/{message}/promises";
const SENDING: &str = "/cases/{number}/messages/{message}/sending";

const SIGNATURE: &str = "/settings/channels/{id}/signature";

const SETTINGS: &[Try] = &[
    get("/settings", "", |_| "/settings".into(), ADMIN),
    get("/settings/organization", "", |_| "/settings/organization".into(), ADMIN),
    post("/settings/organization", "", |_| "/settings/organization".into(), organization, ADMIN),
    get("/settings/channels", "", |_| "/settings/channels".into(), ADMIN),
    get("/settings/channels/new", "", |_| "/settings/channels/new".into(), ADMIN),
    post("/settings/channels", "", |_| "/settings/channels".into(), mailbox, ADMIN),
    // Here no server is asked, which the page says.
    post("/settings/channels/test", "", |_| "/settings/channels/test".into(), mailbox, ADMIN).answers(422),
    get("/settings/channels/{id}", "", |it| it.channel(""), ADMIN),
    post("/settings/channels/{id}/test", "", |it| it.channel("/test"), mailbox, ADMIN).answers(422),
    post("/settings/channels/{id}/token", "", |it| it.channel("/token"), none, ADMIN).answers(200),
    // It is not read, so there is no older mail to bring in.
    post("/settings/channels/{id}/history", "", |it| it.channel("/history"), |_| one("days", "30"), ADMIN).answers(409),
    post("/settings/channels/{id}/history/stop", "", |it| it.channel("/history/stop"), none, ADMIN).answers(404),
    post("/settings/channels/{id}/history/resumption", "", |it| it.channel("/history/resumption"), none, ADMIN)
        .answers(404),
    post(SIGNATURE, "", |it| it.channel("/signature"), |_| one("signature", "{name}, {mailbox}"), ADMIN),
    post("/settings/channels/{id}/signing", "no key", |it| it.channel("/signing"), |_| one("on", "yes"), NONE),
    post("/settings/channels/{id}/key", "", |it| it.channel("/key"), none, ADMIN),
    post("/settings/channels/{id}/signing", "", |it| it.channel("/signing"), |_| one("on", "yes"), ADMIN),
    // The address is the other mailbox's since it was added above.
    post("/settings/channels/{id}", "", |it| it.channel(""), mailbox, ADMIN).answers(422),
    get("/settings/channels/{id}/acknowledgement", "", |it| it.channel("/acknowledgement"), ADMIN),
    post("/settings/channels/{id}/acknowledgement", "", |it| it.channel("/acknowledgement"), acknowledgement, ADMIN),
    get("/settings/hours", "", |_| "/settings/hours".into(), ADMIN),
    post("/settings/hours", "", |_| "/settings/hours".into(), |_| one("always", "yes"), ADMIN),
    get("/settings/clock", "", |_| "/settings/clock".into(), ADMIN),
    post("/settings/clock", "", |_| "/settings/clock".into(), |_| one("urgent", "2 h"), ADMIN),
    get("/settings/tags", "", |_| "/settings/tags".into(), ADMIN),
    post("/settings/tags", "", |_| "/settings/tags".into(), |_| one("name", "returns"), ADMIN),
    post("/settings/tags/{id}", "", |it| it.tag(""), |_| one("name", "printers"), ADMIN),
    post("/settings/tags/{id}/removal", "", |it| it.tag("/removal"), none, ADMIN),
    get("/settings/fields", "", |_| "/settings/fields".into(), ADMIN),
    post("/settings/fields", "", |_| "/settings/fields".into(), |_| one("name", "Order"), ADMIN),
    post("/settings/fields/{id}", "", |it| it.field(""), |_| one("name", "Serial number"), ADMIN),
    post("/settings/fields/{id}/removal", "", |it| it.field("/removal"), none, ADMIN),
    get("/settings/channels/{id}/inbound/{mail}/raw", "", |it| it.inbound("/raw"), ADMIN),
    get("/settings/channels/{id}/inbound/{mail}/text", "", |it| it.inbound("/text"), ADMIN),
    post("/settings/channels/{id}/inbound/filing", "", |it| it.channel("/inbound/filing"), none, ADMIN),
    post("/settings/channels/{id}/inbound/{mail}/filing", "", |it| it.inbound("/filing"), none, ADMIN),
    post("/settings/channels/{id}/inbound/{mail}/release", "", |it| it.inbound("/release"), none, ADMIN),
    post("/settings/channels/{id}/inbound/{mail}/removal", "", |it| it.inbound("/removal"), none, ADMIN),
    get("/settings/brief", "", |_| "/settings/brief".into(), ADMIN),
    // Nobody listens there: what is tried fails, and says so; it is saved switched off.
    post("/settings/brief/test", "", |_| "/settings/brief/test".into(), endpoint, ADMIN).answers(200),
    post("/settings/brief", "", |_| "/settings/brief".into(), endpoint, ADMIN),
    post("/settings/brief/key/removal", "", |_| "/settings/brief/key/removal".into(), none, ADMIN),
    get("/settings/unwanted", "", |_| "/settings/unwanted".into(), ADMIN),
    post("/settings/unwanted", "", |_| "/settings/unwanted".into(), kept, ADMIN),
    post("/settings/blocks", "", |_| "/settings/blocks".into(), |_| one("sender", "evil.example"), ADMIN),
    post(
        "/settings/blocks/removal",
        "",
        |_| "/settings/blocks/removal".into(),
        |_| one("sender", "evil.example"),
        ADMIN,
    ),
    get("/settings/people", "", |_| "/settings/people".into(), ADMIN),
    post("/settings/people/{id}", "", |it| it.person(""), |_| one("role", "lead"), ADMIN),
    post("/settings/people/{id}/departure", "", |it| it.person("/departure"), none, ADMIN),
    post("/settings/people/{id}/return", "", |it| it.person("/return"), none, ADMIN),
    post("/settings/invitations", "", |_| "/settings/invitations".into(), guest, ADMIN).answers(200),
    post("/settings/invitations/{id}/revocation", "", World::revocation, none, ADMIN),
    post("/settings/teams", "", |_| "/settings/teams".into(), |_| one("name", "Engineering"), ADMIN),
];

/// Last of all: whoever has signed out tries nothing any more.
const OWN: &[Try] = &[
    get("/live", "", |_| "/live".into(), ALL),
    post("/you/theme", "", |_| "/you/theme".into(), |_| one("theme", "dark"), ALL),
    get("/keys", "", |_| "/keys".into(), ALL),
    get("/you", "", |_| "/you".into(), ALL),
    get("/inbox/completion", "", |_| "/inbox/completion?before=assignee%3A".into(), ALL),
    get("/search", "", |_| "/search".into(), ALL),
    get("/search", "words", |_| "/search?q=about&order=best".into(), ALL),
    get("/search", "a filter", |_| "/search?q=is%3Aopen".into(), ALL),
    get("/search", "spam", |_| "/search?q=about+is%3Aspam".into(), DESK),
    get("/inbox", "of another's view", |it| format!("/inbox?view={}", it.others_view("").replace("/views/", "")), NONE),
    get("/inbox", "of an own view", |it| format!("/inbox?view={}", it.own_view("").replace("/views/", "")), ALL),
    get("/views", "", |_| "/views".into(), ALL),
    post("/views", "", |_| "/views".into(), |_| view("own"), ALL),
    post("/views", "for all", |_| "/views".into(), |_| view("everybody"), LEADS).else_answers(422),
    post("/views/{id}", "own", |it| it.own_view(""), |_| view("own"), ALL),
    post("/views/{id}", "another's", |it| it.others_view(""), |_| view("own"), NONE),
    post("/views/{id}", "everybody's", |it| it.desk_view(""), |_| view("everybody"), LEADS).else_answers(422),
    post("/views/{id}/raise", "own", |it| it.own_view("/raise"), none, ALL),
    post("/views/{id}/raise", "everybody's", |it| it.desk_view("/raise"), none, LEADS),
    post("/views/{id}/removal", "everybody's", |it| it.desk_view("/removal"), none, LEADS),
    post("/views/{id}/removal", "own", |it| it.own_view("/removal"), none, ALL),
    get("/macros", "", |_| "/macros".into(), ALL),
    get("/macros/completion", "", |_| "/macros/completion?q=h".into(), ALL),
    post("/macros", "", |_| "/macros".into(), |_| canned("own"), ALL),
    post("/macros", "for all", |_| "/macros".into(), |_| canned("everybody"), LEADS).else_answers(422),
    post("/macros/{id}", "own", |it| it.own_macro(""), |_| canned("own"), ALL),
    post("/macros/{id}", "another's", |it| it.others_macro(""), |_| canned("own"), NONE),
    post("/macros/{id}", "everybody's", |it| it.desk_macro(""), |_| canned("everybody"), LEADS).else_answers(422),
    post("/macros/{id}/removal", "everybody's", |it| it.desk_macro("/removal"), none, LEADS),
    post("/macros/{id}/removal", "own", |it| it.own_macro("/removal"), none, ALL),
    post("/you/sign-ins/{id}/end", "another's", |it| format!("/you/sign-ins/{}/end", it.others_sign_in), none, NONE),
    post("/you/sign-ins/{id}/end", "own", |it| format!("/you/sign-ins/{}/end", it.own_sign_in), none, ALL),
    get("/notifications", "", |_| "/notifications".into(), ALL),
    get("/notifications", "part", |_| "/notifications?part=list".into(), ALL),
    get("/notifications/fresh", "", |_| "/notifications/fresh?after=0".into(), ALL),
    post("/notifications/seen", "", |_| "/notifications/seen".into(), none, ALL),
    get("/you/notifications", "", |_| "/you/notifications".into(), ALL),
    post("/you/notifications", "", |_| "/you/notifications".into(), |_| one("app", "mentioned"), ALL),
    post("/you/away", "", |_| "/you/away".into(), |_| one("away", "yes"), ALL),
    post("/you/signature", "", |_| "/you/signature".into(), |_| one("signature", "{first_name}"), ALL),
    post("/you/password", "", |_| "/you/password".into(), passwords, ALL),
    post("/sign-out", "", |_| "/sign-out".into(), none, ALL),
];

fn none(_: &World) -> Fields {
    Vec::new()
}

fn view(sharing: &str) -> Fields {
    vec![("name", "Urgent".into()), ("filter", "priority:urgent".into()), ("sharing", sharing.into())]
}

fn canned(sharing: &str) -> Fields {
    vec![("name", "Hello".into()), ("body", "Hello {first_name}".into()), ("sharing", sharing.into())]
}

fn begun(world: &World) -> Fields {
    let channel = world.channel.to_string();
    vec![("channel", channel), ("to", "new@x.example".into()), ("subject", "Hello".into()), ("text", "Hello.".into())]
}

fn bulk(number: i64) -> Fields {
    vec![("case", number.to_string()), ("priority", "low".into())]
}

fn one(name: &'static str, value: &str) -> Fields {
    vec![(name, value.to_owned())]
}

fn wrong_password(_: &World) -> Fields {
    vec![("email", INES.into()), ("password", "wrong".into())]
}

fn short_password(_: &World) -> Fields {
    vec![("name", "Jo".into()), ("password", "short".into())]
}

fn short_new_password(_: &World) -> Fields {
    vec![("password", "short".into())]
}

fn passwords(_: &World) -> Fields {
    vec![("old", PASSWORD.into()), ("new", "another good password".into())]
}

fn always(_: &World) -> Fields {
    one("always", "true")
}

fn domain(_: &World) -> Fields {
    one("domain", "near.example")
}

fn kept(_: &World) -> Fields {
    vec![("spam", "30".into()), ("trash", "0".into())]
}

fn report(_: &World) -> Fields {
    one("text", "send the report")
}

fn bystander(it: &World) -> Fields {
    one("assignee", &it.bystander.to_string())
}

fn draft(_: &World) -> Fields {
    vec![("kind", "reply".into()), ("text", "We look into it".into()), ("to", String::new()), ("cc", String::new())]
}

fn viewing(_: &World) -> Fields {
    vec![("page", "1".into()), ("doing", "viewing".into())]
}

fn note(_: &World) -> Fields {
    vec![("kind", "note".into()), ("text", "Seen".into()), ("to", String::new()), ("cc", String::new())]
}

fn acknowledgement(_: &World) -> Fields {
    ["subject", "text", "closed_text"].map(|it| (it, "We have it.".to_owned())).to_vec()
}

fn endpoint(_: &World) -> Fields {
    let fields = [("address", "http://127.0.0.1:1/v1"), ("model", "small"), ("key", "sk"), ("seconds", "5")];
    fields.map(|(name, value)| (name, value.to_owned())).to_vec()
}

fn organization(_: &World) -> Fields {
    vec![("organization", "Tareline".into()), ("time_zone", "UTC".into())]
}

fn guest(_: &World) -> Fields {
    vec![("name", "Jo".into()), ("email", "jo@tareline.example".into()), ("role", "agent".into())]
}

fn mailbox(_: &World) -> Fields {
    let mut fields = vec![
        ("address", "billing@tareline.example".to_owned()),
        ("way", "mailbox".into()),
        ("reading_port", "993".into()),
        ("reading_security", "tls".into()),
        ("sending_port", "587".into()),
        ("sending_security", "starttls".into()),
    ];
    let empty = ["name", "user", "mailbox_password", "reading_host", "sending_host", "authserv_id"];
    fields.extend(empty.map(|it| (it, String::new())));
    fields
}

fn near_number(it: &World) -> Fields {
    one("with", &it.near.number.to_string())
}

fn far_number(it: &World) -> Fields {
    one("with", &it.far.number.to_string())
}

fn near_message(it: &World) -> Fields {
    one("message", &it.near.message.to_string())
}

fn far_message(it: &World) -> Fields {
    one("message", &it.far.message.to_string())
}

fn near_customer(it: &World) -> Fields {
    one("customer", &it.near.customer.to_string())
}

fn into_near(it: &World) -> Fields {
    one("into", &it.near.customer.to_string())
}

fn into_contact(it: &World) -> Fields {
    one("into", &it.near.contact.to_string())
}

fn person(_: &World) -> Fields {
    vec![("name", "Helen Marsh".to_owned()), ("kind", "email".to_owned()), ("address", String::new())]
}

fn further(_: &World) -> Fields {
    vec![("kind", "phone".to_owned()), ("address", "+441174960142".to_owned())]
}
