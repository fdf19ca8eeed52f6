//! Cases that one of ours begins by writing first.

use desk::begin::Beginning;
use desk::case::addresses;
use domain::{CustomerKind, Fact, MessageId, MessageState, Recipients, Status};
use testkit::{Home, Letter, Stage, both};

both!(who_is_written_to_answers_into_the_case, it_begins_once_and_is_taken_back, what_cannot_leave_begins_nothing);

fn to(stage: &Stage, to: &str, text: &str) -> Beginning {
    Beginning {
        id: None,
        channel: stage.mailbox.id,
        recipients: Recipients { to: addresses("to", to).unwrap(), cc: Vec::new() },
        subject: "Your  visit on Monday ".to_owned(),
        text: text.to_owned(),
        team: None,
        uploads: Vec::new(),
    }
}

async fn who_is_written_to_answers_into_the_case(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let northwind = stage.organization("Northwind", "northwind.example").await;
    let new = Beginning { team: Some(stage.finance), ..to(&stage, "Dan W <dan@northwind.example>", "Is 9:00 good?") };
    let number = desk.begin_case(ines, new).await.unwrap();
    let spine = stage.spine(ines, number).await.unwrap();
    assert_eq!((spine.customer.id, spine.customer.kind), (northwind, CustomerKind::Organization), "as of a mail");
    assert_eq!((spine.contact.1.as_str(), spine.case.subject.as_str()), ("Dan W", "Your visit on Monday"));
    assert_eq!((spine.case.status, spine.case.theirs), (Status::Waiting, false));
    assert_eq!((spine.case.assignee, spine.case.team), (Some(ines.id), Some(stage.finance)));
    assert_eq!((spine.case.owed_since, spine.case.due_at), (None, None), "we owe nothing");
    let facts: Vec<&str> = spine.entries.iter().map(|it| it.fact.word()).collect();
    assert_eq!(facts, ["begun", "replied"]);
    let message = spine.messages.values().next().unwrap();
    assert_eq!((message.subject.as_str(), message.state), ("Your visit on Monday", MessageState::Sending));
    assert!(message.in_reply_to.is_none());

    let token = message.message_id.clone().unwrap();
    let answer = Letter::from("Dan W <dan@northwind.example>").subject("Re: Your visit on Monday").text("Yes.");
    let filed = stage.file(&answer.header("In-Reply-To", &token)).await;
    assert_eq!((filed.number, filed.contact), (number, Some(spine.case.contact)), "the same person, the same case");
    assert_eq!(filed.status, Status::Open);

    // Whoever is a stranger becomes a provisional customer, as a sender does.
    let number = desk.begin_case(ines, to(&stage, "eve@elsewhere.example", "Hello.")).await.unwrap();
    let spine = stage.spine(ines, number).await.unwrap();
    assert!(spine.customer.provisional && spine.customer.name == "eve@elsewhere.example");
    // Someone known stays who they are.
    let again = desk.begin_case(ines, to(&stage, "eve@elsewhere.example", "Another thing.")).await.unwrap();
    assert_eq!(stage.spine(ines, again).await.unwrap().customer.id, spine.customer.id);
}

async fn it_begins_once_and_is_taken_back(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let id: MessageId = desk.id();
    let new = || Beginning { id: Some(id), ..to(&stage, "dan@northwind.example", "Is 9:00 good?") };
    let number = desk.begin_case(ines, new()).await.unwrap();
    assert_eq!(desk.begin_case(ines, new()).await.unwrap(), number, "a form that comes twice is one case");
    let other = Beginning { text: "Something else".to_owned(), ..new() };
    assert!(desk.begin_case(ines, other).await.is_err());
    assert!(desk.begin_case(&stage.jonas, new()).await.is_err(), "nor is it another's");

    desk.take_back(ines, number, id).await.unwrap();
    let spine = stage.spine(ines, number).await.unwrap();
    assert_eq!(spine.case.status, Status::Open, "we still mean to write");
    assert!(spine.entries.iter().any(|it| matches!(it.fact, Fact::TakenBack { .. })));
    let scope = store::Scope::of(ines);
    let draft = desk.db.read(async move |rx| store::draft::own(rx, &scope, number).await).await.unwrap().unwrap();
    assert_eq!(draft.text, "Is 9:00 good?");
    assert_eq!(draft.recipients.addresses().count(), 1);
}

async fn what_cannot_leave_begins_nothing(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let good = || to(&stage, "dan@northwind.example", "Hello.");
    for wrong in [
        Beginning { subject: " ".to_owned(), ..good() },
        Beginning { text: "\n".to_owned(), ..good() },
        Beginning { recipients: Recipients::default(), ..good() },
        Beginning { channel: desk.id(), ..good() },
        Beginning { team: Some(desk.id()), ..good() },
        to(&stage, "support@desk.example", "To ourselves."),
    ] {
        assert!(desk.begin_case(ines, wrong.clone()).await.is_err(), "{wrong:?}");
    }
    assert!(desk.begin_case(&stage.claire, good()).await.is_err(), "a department writes to nobody first");
    assert!(stage.spine(ines, 1).await.is_err(), "no case is there");
}
