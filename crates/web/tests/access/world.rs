//! What there is to be tried: two customers with everything that a case can have, and one who looks at them.

use data_encoding::BASE64;
use desk::act::Doing;
use desk::field::NewField;
use desk::view::NewView;
use domain::{
    ActId, Aside, ChannelId, ContactId, CustomerId, FieldId, FieldKind, InboundId, InvitationId, MacroId, Member,
    MessageId, MessageState, Owner, Priority, PromiseId, Recipients, Role, Sharing, SignInId, StaffId, TagId, TeamId,
    ViewId, WrittenBrief,
};
use store::{Lock, Scope};

use super::support::{House, INES, NOON, mail};

/// A case with everything that a case can have.
pub struct Things {
    pub number: i64,
    pub customer: CustomerId,
    pub contact: ContactId,
    pub message: MessageId,
    pub reply: MessageId,
    note: i64,
    pub promise: PromiseId,
}

impl Things {
    pub fn case(&self, rest: &str) -> String {
        format!("/cases/{}{rest}", self.number)
    }

    pub fn customer(&self, rest: &str) -> String {
        format!("/customers/{}{rest}", self.customer)
    }

    pub fn contact(&self, rest: &str) -> String {
        self.customer(&format!("/contacts/{}{rest}", self.contact))
    }

    pub fn apart(&self) -> String {
        self.customer(&format!("/members/{}/separation", self.customer))
    }

    pub fn message(&self, rest: &str) -> String {
        self.case(&format!("/messages/{}{rest}", self.message))
    }

    /// A reply, which may be another case's, under this one's number.
    pub fn sending(&self, reply: MessageId) -> String {
        self.message_of(reply, "/sending")
    }

    pub fn message_of(&self, message: MessageId, rest: &str) -> String {
        self.case(&format!("/messages/{message}{rest}"))
    }

    /// A promise, which may be another case's, under this one's number.
    pub fn promise(&self, it: PromiseId) -> String {
        self.case(&format!("/promises/{it}"))
    }

    pub fn note_file(&self) -> String {
        self.case(&format!("/entries/{}/files/0", self.note))
    }
}

/// What there is to be tried.
pub struct World {
    pub near: Things,
    pub far: Things,
    thrown: i64,
    pub channel: ChannelId,
    inbound: InboundId,
    pub bystander: StaffId,
    pub own_sign_in: SignInId,
    pub others_sign_in: SignInId,
    pub invitation: String,
    invitation_id: InvitationId,
    own_act: ActId,
    others_act: ActId,
    tag: TagId,
    field: FieldId,
    own_view: ViewId,
    others_view: ViewId,
    desk_view: ViewId,
    own_macro: MacroId,
    others_macro: MacroId,
    desk_macro: MacroId,
}

impl World {
    /// A far message under a number that may be seen.
    pub fn crossed(&self, rest: &str) -> String {
        self.near.case(&format!("/messages/{}{rest}", self.far.message))
    }

    /// A far contact under a customer who may be seen.
    pub fn crossed_contact(&self, rest: &str) -> String {
        self.near.customer(&format!("/contacts/{}{rest}", self.far.contact))
    }

    /// A case of the department's team that somebody has deleted.
    pub fn thrown(&self, rest: &str) -> String {
        format!("/cases/{}{rest}", self.thrown)
    }

    pub fn channel(&self, rest: &str) -> String {
        format!("/settings/channels/{}{rest}", self.channel)
    }

    pub fn inbound(&self, rest: &str) -> String {
        self.channel(&format!("/inbound/{}{rest}", self.inbound))
    }

    pub fn api(&self) -> String {
        format!("/api/v1/channels/{}/mail", self.channel)
    }

    pub fn person(&self, rest: &str) -> String {
        format!("/settings/people/{}{rest}", self.bystander)
    }

    pub fn revocation(&self) -> String {
        format!("/settings/invitations/{}/revocation", self.invitation_id)
    }

    pub fn own_act(&self) -> String {
        format!("/acts/{}/undo", self.own_act)
    }

    pub fn others_act(&self) -> String {
        format!("/acts/{}/undo", self.others_act)
    }

    pub fn tag(&self, rest: &str) -> String {
        format!("/settings/tags/{}{rest}", self.tag)
    }

    pub fn field(&self, rest: &str) -> String {
        format!("/settings/fields/{}{rest}", self.field)
    }

    pub fn own_view(&self, rest: &str) -> String {
        format!("/views/{}{rest}", self.own_view)
    }

    pub fn others_view(&self, rest: &str) -> String {
        format!("/views/{}{rest}", self.others_view)
    }

    /// A view of everybody.
    pub fn desk_view(&self, rest: &str) -> String {
        format!("/views/{}{rest}", self.desk_view)
    }

    pub fn own_macro(&self, rest: &str) -> String {
        format!("/macros/{}{rest}", self.own_macro)
    }

    pub fn others_macro(&self, rest: &str) -> String {
        format!("/macros/{}{rest}", self.others_macro)
    }

    /// A macro of everybody.
    pub fn desk_macro(&self, rest: &str) -> String {
        format!("/macros/{}{rest}", self.desk_macro)
    }

    /// For a person with this role.
    pub async fn new(house: &House, role: Role) -> (World, String) {
        let ines = house.ines().await;
        let team = house.desk.add_team(&ines, "Finance", true).await.unwrap();
        let bystander = house.colleague("Bystander", Role::Agent).await;
        let email = if role == Role::Administrator { INES.to_owned() } else { "claire@tareline.example".to_owned() };
        let me = if role == Role::Administrator {
            ines.id
        } else {
            let id = house.colleague("Claire", role).await;
            house.desk.change_staff(&ines, id, role, vec![team]).await.unwrap();
            id
        };
        house.signed_in("bystander@tareline.example").await;
        house.signed_in(&email).await;
        let invitation = house.desk.invite(&ines, "Priya", "priya@tareline.example", Role::Agent).await.unwrap();
        let near = things(house, &ines, "near", Some(team)).await;
        let of = async |who: StaffId, to: Priority| {
            let who = house.desk.staff_member(who).await.unwrap();
            house.desk.act(&who, near.number, Doing::Prioritize(to)).await.unwrap().unwrap()
        };
        let (others_act, own_act) = (of(bystander, Priority::Low).await, of(me, Priority::High).await);
        let order = NewField {
            owner: Owner::Case,
            kind: FieldKind::Text,
            name: "Serial".to_owned(),
            choices: Vec::new(),
            required: false,
        };
        let world = World {
            own_act,
            others_act,
            tag: house.desk.tags_named(&ines, &["printer".to_owned()]).await.unwrap()[0].id,
            field: house.desk.add_field(&ines, order).await.unwrap(),
            near,
            far: things(house, &ines, "far", None).await,
            thrown: thrown(house, &ines, team).await,
            channel: house.mailbox().await.id,
            inbound: house.quarantined("Subject: from nobody\n\nText\n").await,
            bystander,
            own_sign_in: sign_in_of(house, me).await,
            others_sign_in: sign_in_of(house, bystander).await,
            invitation_id: house.desk.invitation(&invitation).await.unwrap().id,
            invitation,
            own_view: saved(house, me, false).await,
            others_view: saved(house, bystander, false).await,
            desk_view: saved(house, ines.id, true).await,
            own_macro: canned(house, me, false).await,
            others_macro: canned(house, bystander, false).await,
            desk_macro: canned(house, ines.id, true).await,
        };
        (world, email)
    }
}

async fn thrown(house: &House, ines: &Member, team: TeamId) -> i64 {
    let number = house.receive(&mail("Dan <dan@near.example>", "Thrown away", "Never mind.")).await.number;
    house.desk.give_to(ines, number, Some(team)).await.unwrap();
    house.desk.put_aside(ines, number, Aside::Trash).await.unwrap();
    number
}

async fn saved(house: &House, person: StaffId, everybody: bool) -> ViewId {
    let sharing = if everybody { Sharing::Everybody } else { Sharing::Own(person) };
    let view = NewView { name: "Open".into(), filter: "is:open".into(), sharing };
    let member = house.desk.staff_member(person).await.unwrap();
    house.desk.add_view(&member, view).await.unwrap()
}

async fn canned(house: &House, person: StaffId, everybody: bool) -> MacroId {
    let sharing = if everybody { Sharing::Everybody } else { Sharing::Own(person) };
    let actions = domain::Actions { priority: Some(domain::Priority::High), ..domain::Actions::default() };
    let new = desk::macros::NewMacro { name: "Hi".into(), body: "Hello".into(), actions, sharing };
    let member = house.desk.staff_member(person).await.unwrap();
    house.desk.add_macro(&member, new).await.unwrap()
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
        files: Vec::new(),
        text: "Hello, I’ll send the report tomorrow.".into(),
        html: None,
        recipients: Recipients { to, cc: Vec::new() },
        then: desk::case::Then::Waiting,
        seen: None,
        leaves: None,
        uploads: Vec::new(),
    };
    let reply = desk.reply(ines, number, reply).await.unwrap();
    let (customer, case) = (filed.customer, filed.case);
    desk.promise(ines, number, "a call", None).await.unwrap();
    let promises = desk.db.read(async move |rx| store::promise::of_case(rx, customer, &[case]).await).await.unwrap();
    let refused = desk.db.write([Lock::Customer(customer)], async move |tx| {
        let message = store::message::find(tx, customer, case, reply).await?.unwrap();
        store::message::set_state(tx, &message, MessageState::Failed, Some("refused")).await
    });
    refused.await.unwrap();
    let written = desk.db.write([Lock::Customer(customer)], async move |tx| {
        let (basis, model, host) = ("1".to_owned(), "small".to_owned(), "model.example".to_owned());
        let it = WrittenBrief { basis, model, host, lines: Vec::new(), at: NOON };
        let sent = r#"{"messages": [{"content": "Brief it."}, {"content": "It smokes."}]}"#;
        store::brief::written::save(tx, customer, case, &it, sent).await
    });
    written.await.unwrap();
    let contact = filed.contact.unwrap();
    Things { number, customer, contact, message: filed.message, reply, note, promise: promises[0].id }
}
