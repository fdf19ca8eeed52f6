//! Macros: who has them, what they say of a case, and what they do to it.

use desk::macros::NewMacro;
use domain::{Actions, DraftKind, Priority, Sharing, Status, Then, Whom};
use testkit::{Home, Letter, Stage, both};

both!(a_text_is_filled_in_and_what_is_not_known_is_a_gap, what_a_macro_does_is_one_act, a_macro_is_whose_it_is);

fn text(sharing: Sharing, body: &str) -> NewMacro {
    NewMacro { name: "Hello".to_owned(), body: body.to_owned(), actions: Actions::default(), sharing }
}

async fn a_text_is_filled_in_and_what_is_not_known_is_a_gap(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let known = stage.file(&Letter::from("Ruth Alvarez <ruth@customer.example>").subject("Smoke")).await.number;
    let unknown = stage.file(&Letter::from("nobody@elsewhere.example").subject("{number}")).await.number;
    let body = "Hello {first_name} ({contact}),\r\n{number} {subject}: {me}, {organization}. { } {}\n";
    let id = desk.add_macro(ines, text(Sharing::Everybody, body)).await.unwrap();
    let used = desk.use_macro(ines, known, id).await.unwrap();
    assert_eq!(
        used.text,
        format!("Hello Ruth (Ruth Alvarez),\n{known} Smoke: Ines Okafor, Tareline. {{ }} {{}}"),
        "braces around nothing are braces"
    );
    assert_eq!((used.act, used.then), (None, None), "text alone changes nothing");
    let used = desk.use_macro(ines, unknown, id).await.unwrap().text;
    assert!(used.starts_with("Hello [first name] ([name]),"), "{used}");
    assert!(used.contains(&format!("{unknown} {{number}}:")), "what is filled in is not looked at again: {used}");

    // Behind what is written already, and a note stays a note.
    desk.keep_draft(ines, known, DraftKind::Note, "Begun", None, domain::Recipients::default()).await.unwrap();
    let draft = desk.put_in_draft(ines, known, "More").await.unwrap();
    assert_eq!((draft.text.as_str(), draft.kind), ("Begun\n\nMore", DraftKind::Note));

    let refused = desk.add_macro(ines, text(Sharing::Everybody, "Dear {title}")).await.unwrap_err().to_string();
    assert!(refused.contains("{title}") && refused.contains("{first_name}"), "{refused}");
    assert!(desk.add_macro(ines, text(Sharing::Everybody, " \n")).await.is_err(), "it says and does nothing");
    let both = Actions { snooze: Some(2), resolve: Some(String::new()), ..Actions::default() };
    assert!(desk.add_macro(ines, NewMacro { actions: both, ..text(Sharing::Everybody, "") }).await.is_err());
}

async fn what_a_macro_does_is_one_act(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let one = stage.file(&Letter::from("a@one.example")).await.number;
    let two = stage.file(&Letter::from("b@two.example")).await.number;
    let tags = desk.tags_named(ines, &["Billing".to_owned()]).await.unwrap();
    let actions = Actions {
        assign: Some(Whom::Me),
        team: Some(stage.finance),
        priority: Some(Priority::High),
        tag: tags.iter().map(|it| it.id).collect(),
        resolve: Some("Sent the invoice again.".to_owned()),
        then: Some(Then::Open),
        ..Actions::default()
    };
    let id = desk.add_macro(ines, NewMacro { actions, ..text(Sharing::Everybody, "Here it is.") }).await.unwrap();
    let before = stage.spine(ines, one).await.unwrap().case;
    let used = desk.use_macro(ines, one, id).await.unwrap();
    assert_eq!((used.text.as_str(), used.then), ("Here it is.", Some(Then::Open)));
    let now = stage.spine(ines, one).await.unwrap().case;
    assert_eq!((now.assignee, now.team, now.priority), (Some(ines.id), Some(stage.finance), Priority::High));
    assert_eq!((now.status, now.tags.len()), (Status::Resolved, 1));
    let again = desk.use_macro(ines, one, id).await.unwrap();
    assert_eq!(again.act, None, "all of it is so already");
    assert_eq!(desk.undo(ines, used.act.unwrap()).await.unwrap(), 1);
    let undone = stage.spine(ines, one).await.unwrap().case;
    assert_eq!(undone.standing(), before.standing(), "one key undoes all of it");

    // One that cannot be changed as a whole stays as it is.
    desk.put_aside(ines, two, domain::Aside::Trash).await.unwrap();
    let done = desk.use_macro_on_all(ines, &[one, two], id).await.unwrap();
    assert_eq!((done.changed, done.refused.map(|it| it.0)), (1, Some(1)));
    let rest = Actions { snooze: Some(3), ..Actions::default() };
    let rest = desk.add_macro(ines, NewMacro { actions: rest, ..text(Sharing::Everybody, "") }).await.unwrap();
    assert!(desk.use_macro(ines, one, rest).await.is_err(), "what is resolved is not snoozed");
    desk.undo(ines, done.act.unwrap()).await.unwrap();
    desk.use_macro(ines, one, rest).await.unwrap();
    let rests = stage.spine(ines, one).await.unwrap().case.wake_at.unwrap();
    assert_eq!(rests, desk.now().after(std::time::Duration::from_hours(3)));
    let words = desk.add_macro(ines, text(Sharing::Everybody, "Words")).await.unwrap();
    assert!(desk.use_macro_on_all(ines, &[one], words).await.is_err(), "text is for one case");

    // What was deleted since is left out; who left is not given anything.
    desk.delete_tag(ines, tags[0].id).await.unwrap();
    desk.use_macro(ines, one, id).await.unwrap();
}

async fn a_macro_is_whose_it_is(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines, jonas, claire) = (&stage.desk, &stage.ines, &stage.jonas, &stage.claire);
    let number = stage.file(&Letter::from("a@one.example")).await.number;
    let own = desk.add_macro(jonas, text(Sharing::Own(jonas.id), "Mine")).await.unwrap();
    let teams = desk.add_macro(claire, text(Sharing::Team(stage.finance), "Ours")).await.unwrap();
    assert!(desk.use_macro(ines, number, own).await.is_err(), "another's is not found");
    assert!(desk.use_macro(claire, number, teams).await.is_err(), "the case is not found");
    assert!(desk.change_macro(ines, own, text(Sharing::Own(ines.id), "Taken")).await.is_err());
    assert!(desk.add_macro(jonas, text(Sharing::Everybody, "For all")).await.is_err());
    assert!(desk.add_macro(jonas, text(Sharing::Own(ines.id), "For Ines")).await.is_err());
    let shared = desk.add_macro(ines, text(Sharing::Everybody, "For all")).await.unwrap();
    assert_eq!(desk.use_macro(jonas, number, shared).await.unwrap().text, "For all");
    assert!(desk.delete_macro(jonas, shared).await.is_err());
    desk.change_macro(ines, shared, text(Sharing::Everybody, "For everybody")).await.unwrap();
    assert_eq!(desk.use_macro(jonas, number, shared).await.unwrap().text, "For everybody");
    desk.delete_macro(ines, shared).await.unwrap();
    desk.delete_macro(ines, shared).await.unwrap();
    assert!(desk.use_macro(jonas, number, shared).await.is_err(), "it is gone");
    desk.delete_macro(jonas, own).await.unwrap();
}
