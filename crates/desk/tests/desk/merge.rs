//! Two cases that are one issue, and what they are again when somebody takes that back.

use std::time::Duration;

use desk::Error;
use desk::act::Doing;
use domain::{Decision, DraftKind, Fact, Reason, Refusal, Status};
use store::case::spine::Spine;
use testkit::{Home, Letter, Stage};

use crate::case::reply;
use crate::dump::{dump, numbers};

testkit::both!(
    the_older_case_takes_in_the_younger_and_lets_go_of_it,
    two_merges_are_undone_in_either_order,
    a_case_that_took_in_another_is_taken_in,
    what_came_since_goes_with_the_thread_that_it_answers,
    what_happened_since_stays,
    two_merges_at_once_are_one,
    what_is_not_one_issue_is_not_merged,
    drafts_come_along,
    tags_promises_followers_and_the_clock_come_along,
    a_suggested_case_is_joined_or_kept_apart,
    what_was_taken_in_goes_with_the_case,
    long_conversations_are_read_page_by_page,
);

const RUTH: &str = "Ruth Alvarez <ruth@northwind.example>";

/// A letter that is some minutes younger than the one before.
async fn later(stage: &Stage, letter: &Letter) -> i64 {
    stage.pass(Duration::from_mins(5));
    stage.file(letter).await.number
}

/// The numbers of the entry that tells of it: of its case, and its own.
fn entry(spine: &Spine, is: impl Fn(&Fact) -> bool) -> (i64, i64) {
    let at = spine.entries.iter().rposition(|it| is(&it.fact)).unwrap();
    (spine.number_of(spine.written_in[at]), spine.entries[at].number.unwrap())
}

/// Undoes the merge of `other`, as somebody does who looks at the case `number`.
async fn undo(stage: &Stage, number: i64, other: i64) -> Result<i64, Error> {
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    let (case, entry) = entry(&spine, |it| matches!(it, Fact::Merged { number, .. } if *number == other));
    stage.desk.undo_entry(&stage.ines, case, entry).await
}

fn said(spine: &Spine) -> Vec<String> {
    (0..spine.entries.len()).filter_map(|at| Some(spine.message_at(at)?.own_words().to_owned())).collect()
}

async fn the_older_case_takes_in_the_younger_and_lets_go_of_it(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    stage.organization("Northwind Bakery", "northwind.example").await;
    let first = Letter::from(RUTH).text("one").file("a.pdf", b"%PDF");
    let older = later(&stage, &first).await;
    let second = Letter::from("Dan <dan@northwind.example>").text("two").file("b.pdf", b"%PDF");
    let younger = later(&stage, &second).await;
    later(&stage, &Letter::from(RUTH).text("three").answers(&first.id())).await;
    stage.pass(Duration::from_mins(1));
    desk.reply(ines, older, reply("four", "ruth@northwind.example")).await.unwrap();
    desk.note(ines, younger, "five".into()).await.unwrap();
    let before = dump(home, &stage).await;

    // Whichever is named first, the older number stays.
    stage.pass(Duration::from_mins(1));
    assert_eq!(desk.merge(ines, younger, older).await.unwrap(), older);
    let both = stage.spine(ines, older).await.unwrap();
    assert_eq!(said(&both), ["one", "two", "three", "four"]);
    assert!(both.entries.iter().any(|it| matches!(&it.fact, Fact::Noted { text, .. } if text == "five")));
    assert_eq!(both.entries.last().unwrap().fact, Fact::Merged { number: younger, case: both.members[0].id });
    assert_eq!(both.case.status, Status::Open, "whoever owes a step in either owes it in both");
    assert_eq!(stage.spine(ines, younger).await.unwrap().case.number, older, "its number leads there");
    let view = domain::View::All;
    let scope = store::Scope::of(ines);
    let listed = desk.db.read(async move |rx| {
        let asked = store::filter::Asked::of(view, &scope);
        store::case::list::page(rx, &scope, &asked, store::case::list::From::Newest).await
    });
    let listed: Vec<i64> = listed.await.unwrap().lines.iter().map(|it| it.number).collect();
    assert_eq!(listed, [older]);
    // Its thread goes on in the older one; its files are there; its colleague answers there.
    assert_eq!(desk.merge(ines, older, younger).await.map_err(|it| it.to_string()), Err(Refusal::SameCase.to_string()));

    undo(&stage, older, younger).await.unwrap();
    assert_eq!(dump(home, &stage).await, before);
    assert_eq!(stage.spine(ines, younger).await.unwrap().case.number, younger);
    let old = stage.spine(ines, older).await.unwrap();
    assert_eq!(old.entries.last().unwrap().fact, Fact::MergeUndone { number: younger });
    assert!(old.undoable.is_empty(), "it is undone once");
    let count = i64::try_from(numbers(&stage, older).await.len()).unwrap();
    assert_eq!(numbers(&stage, older).await, (1..=count).collect::<Vec<_>>(), "no gaps");
    assert!(matches!(undo(&stage, older, younger).await, Err(Error::Refused(Refusal::NotMerged))));
}

async fn tags_promises_followers_and_the_clock_come_along(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let older = later(&stage, &Letter::from(RUTH).text("one")).await;
    let younger = later(&stage, &Letter::from(RUTH).text("two")).await;
    let waits = stage.spine(ines, younger).await.unwrap().case.owed_since;
    desk.reply(ines, older, reply("Answered.", "ruth@northwind.example")).await.unwrap();
    let tag = desk.tags_named(ines, &["urgent".to_owned()]).await.unwrap().remove(0);
    desk.act(ines, younger, Doing::Tag(vec![tag.clone()], Vec::new())).await.unwrap();
    desk.promise(ines, younger, "a new roll", None).await.unwrap();
    desk.follow(&stage.jonas, younger).await.unwrap();
    desk.act(ines, older, Doing::Snooze(desk.now().after(Duration::from_hours(24)))).await.unwrap();
    let before = stage.spine(ines, older).await.unwrap().case;
    assert!(before.promised_at.is_none() && before.tags.is_empty() && before.owed_since.is_none() && !before.followed);

    desk.merge(ines, older, younger).await.unwrap();
    let both = stage.spine(ines, older).await.unwrap().case;
    assert_eq!(both.tags, [tag.id]);
    assert!(both.promised_at.is_some() && both.followed);
    assert_eq!((both.owed_since, both.wake_at), (waits, None), "they wait, so nobody looks away");
    assert!(both.due_at.is_some());
    undo(&stage, older, younger).await.unwrap();
    let again = stage.spine(ines, older).await.unwrap().case;
    assert_eq!((again.tags, again.promised_at), (Vec::new(), None));
    assert_eq!((again.owed_since, again.wake_at, again.due_at), (None, before.wake_at, None));
    let other = stage.spine(ines, younger).await.unwrap().case;
    assert_eq!((other.tags, other.owed_since), (vec![tag.id], waits));
    assert!(other.promised_at.is_some() && other.followed);
}

async fn three(stage: &Stage) -> [i64; 3] {
    let mut all = Vec::new();
    for (who, text) in [(RUTH, "one"), ("Dan <dan@northwind.example>", "two"), ("Eve <eve@northwind.example>", "three")]
    {
        all.push(later(stage, &Letter::from(who).text(text)).await);
    }
    all.try_into().unwrap()
}

async fn two_merges_are_undone_in_either_order(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    stage.organization("Northwind Bakery", "northwind.example").await;
    let [one, two, three] = three(&stage).await;
    desk.resolve(ines, one, "done").await.unwrap();
    let before = dump(home, &stage).await;
    for order in [[two, three], [three, two]] {
        stage.pass(Duration::from_mins(1));
        desk.merge(ines, one, two).await.unwrap();
        desk.merge(ines, one, three).await.unwrap();
        let all = stage.spine(ines, one).await.unwrap();
        assert_eq!((said(&all).len(), all.case.participants.len()), (3, 3));
        undo(&stage, one, order[0]).await.unwrap();
        let left = stage.spine(ines, one).await.unwrap();
        assert_eq!((left.members.len(), left.case.participants.len()), (1, 2));
        assert_eq!(left.case.preview, left.members[0].preview, "what the other said last");
        undo(&stage, one, order[1]).await.unwrap();
        assert_eq!(dump(home, &stage).await, before, "first {}", order[0]);
    }
}

async fn a_case_that_took_in_another_is_taken_in(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    stage.organization("Northwind Bakery", "northwind.example").await;
    let [one, two, three] = three(&stage).await;
    let before = dump(home, &stage).await;
    for order in [[two, three], [three, two]] {
        stage.pass(Duration::from_mins(1));
        desk.merge(ines, two, three).await.unwrap();
        desk.merge(ines, one, three).await.unwrap();
        let all = stage.spine(ines, one).await.unwrap();
        assert_eq!(said(&all), ["one", "two", "three"]);
        assert_eq!(stage.spine(ines, three).await.unwrap().case.number, one);
        assert_eq!(all.undoable.len(), 2);
        undo(&stage, one, order[0]).await.unwrap();
        let (head, left) = if order[0] == two { (two, [two, three]) } else { (one, [one, two]) };
        for number in left {
            assert_eq!(stage.spine(ines, number).await.unwrap().case.number, head);
        }
        undo(&stage, head, order[1]).await.unwrap();
        assert_eq!(dump(home, &stage).await, before, "first {}", order[0]);
    }
}

async fn what_came_since_goes_with_the_thread_that_it_answers(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    stage.organization("Northwind Bakery", "northwind.example").await;
    let (first, second) = (Letter::from(RUTH).text("one"), Letter::from("Dan <dan@northwind.example>").text("two"));
    let (older, younger) = (later(&stage, &first).await, later(&stage, &second).await);
    desk.reply(ines, younger, reply("Asked.", "dan@northwind.example")).await.unwrap();
    desk.merge(ines, older, younger).await.unwrap();
    let third = Letter::from("Dan <dan@northwind.example>").text("three").answers(&second.id());
    assert_eq!(later(&stage, &third).await, older, "it lands in the older one");
    let desk::mail::Receipt::Known(again) = stage.receive(&second).await else { panic!("it is known") };
    assert_eq!(again.number, older);
    assert_eq!(later(&stage, &Letter::from(RUTH).text("four").answers(&first.id())).await, older);
    let fifth = Letter::from("Dan <dan@northwind.example>").text("five").answers(&third.id());
    assert_eq!(later(&stage, &fifth).await, older);

    undo(&stage, older, younger).await.unwrap();
    assert_eq!(said(&stage.spine(ines, older).await.unwrap()), ["one", "four"]);
    let other = stage.spine(ines, younger).await.unwrap();
    assert_eq!(said(&other), ["two", "Asked.", "three", "five"]);
    assert_eq!((other.case.status, other.case.preview.as_str()), (Status::Open, "five"));
    assert_eq!(stage.spine(ines, older).await.unwrap().case.preview, "four");
    assert_eq!(later(&stage, &Letter::from("Dan <dan@northwind.example>").answers(&fifth.id())).await, younger);
    assert_eq!(numbers(&stage, younger).await, (1..=6).collect::<Vec<_>>(), "no gaps");
}

async fn what_happened_since_stays(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    stage.organization("Northwind Bakery", "northwind.example").await;
    let [one, two, _] = three(&stage).await;
    desk.merge(ines, one, two).await.unwrap();
    stage.pass(Duration::from_mins(1));
    desk.reply(ines, one, reply("To both.", "ruth@northwind.example")).await.unwrap();
    undo(&stage, one, two).await.unwrap();
    let left = stage.spine(ines, one).await.unwrap().case;
    assert_eq!((left.status, left.preview.as_str(), left.theirs), (Status::Waiting, "To both.", false));
    assert_eq!(left.participants.iter().map(domain::Email::local).collect::<Vec<_>>(), ["ruth"]);
    assert_eq!(stage.spine(ines, two).await.unwrap().case.status, Status::New);
}

async fn two_merges_at_once_are_one(home: &Home) {
    let stage = Stage::new(home).await;
    stage.organization("Northwind Bakery", "northwind.example").await;
    let [one, two, three] = three(&stage).await;
    let (a, b) = tokio::join!(stage.desk.merge(&stage.ines, one, two), stage.desk.merge(&stage.jonas, two, one));
    assert_ne!(a.is_ok(), b.is_ok());
    let (a, b) = tokio::join!(stage.desk.merge(&stage.ines, two, three), stage.desk.merge(&stage.jonas, one, three));
    assert_ne!(a.is_ok(), b.is_ok(), "the number of the second leads to the first");
    let all = stage.spine(&stage.ines, one).await.unwrap();
    assert_eq!((all.members.len(), said(&all).len()), (2, 3));
}

async fn what_is_not_one_issue_is_not_merged(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let one = stage.file(&Letter::from(RUTH)).await.number;
    let other = stage.file(&Letter::from("eve@elsewhere.example")).await.number;
    let mine = stage.file(&Letter::from(RUTH).text("mine")).await.number;
    assert!(matches!(desk.merge(ines, one, other).await, Err(Error::Refused(Refusal::OtherCustomer))));
    assert!(matches!(desk.merge(ines, one, one).await, Err(Error::Refused(Refusal::SameCase))));
    assert!(matches!(desk.merge(ines, one, 999).await, Err(Error::Invalid { field: "with", .. })));
    desk.give_to(ines, one, Some(stage.finance)).await.unwrap();
    assert!(matches!(desk.merge(&stage.claire, one, mine).await, Err(Error::Invalid { field: "with", .. })));
    assert!(matches!(desk.merge(&stage.claire, mine, one).await, Err(Error::NotFound)));
    desk.put_aside(ines, mine, domain::Aside::Spam).await.unwrap();
    assert!(matches!(desk.merge(ines, one, mine).await, Err(Error::Refused(Refusal::Aside))));
}

async fn drafts_come_along(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    stage.organization("Northwind Bakery", "northwind.example").await;
    let [one, two, _] = three(&stage).await;
    let file = desk::Upload { name: "x.txt".to_owned(), media_type: "text/plain".to_owned(), bytes: b"x".to_vec() };
    desk.attach(ines, two, file).await.unwrap();
    for (who, number, text) in [(ines, one, "Dear Ruth,"), (ines, two, "Dear Dan,"), (&stage.jonas, two, "Hm.")] {
        desk.keep_draft(who, number, DraftKind::Reply, text, None, domain::Recipients::default()).await.unwrap();
    }
    desk.merge(ines, one, two).await.unwrap();
    let own = async |who: &domain::Member| {
        let scope = store::Scope::of(who);
        desk.db.read(async move |rx| store::draft::own(rx, &scope, one).await).await.unwrap().unwrap()
    };
    assert_eq!(own(ines).await.text, "Dear Ruth,\n\nDear Dan,");
    assert_eq!(own(&stage.jonas).await.text, "Hm.");
    let hash = own(ines).await.files[0].hash.clone();
    let scope = store::Scope::of(ines);
    let bytes = desk.db.read(async move |rx| {
        let at = store::draft::own_files(rx, &scope, one).await?;
        store::blob::read(rx, at.customer, at.case, &hash).await
    });
    assert_eq!(bytes.await.unwrap(), b"x");
}

async fn a_suggested_case_is_joined_or_kept_apart(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let first = Letter::from(RUTH).text("one");
    let number = stage.file(&first).await.number;
    // Somebody who takes no part answers: a case of another customer, with a suggestion.
    let stranger = async |text: &str| {
        let filed = stage.file(&Letter::from("ruth@home.example").text(text).answers(&first.id())).await;
        assert_eq!((filed.association.decision, &filed.association.suggest[..]), (Decision::New, &[number][..]));
        filed
    };
    let joined = stranger("two").await;
    assert_eq!(desk.join_suggested(ines, joined.number, number).await.unwrap(), number);
    let both = stage.spine(ines, number).await.unwrap();
    assert_eq!(said(&both), ["one", "two"]);
    undo(&stage, number, joined.number).await.unwrap();
    let apart = stage.spine(ines, joined.number).await.unwrap();
    assert_eq!(apart.customer.id, both.customer.id, "that it moved is undone by itself");
    let (case, moved) = entry(&apart, |it| matches!(it, Fact::Moved(_)));
    desk.undo_entry(ines, case, moved).await.unwrap();
    assert_eq!(stage.spine(ines, joined.number).await.unwrap().customer.id, joined.customer);

    let other = stranger("three").await;
    desk.keep_apart(ines, other.number, number).await.unwrap();
    let spine = stage.spine(ines, other.number).await.unwrap();
    let decided = &spine.associations[&other.message];
    assert_eq!((decided.reason, decided.suggest.len()), (Reason::Apart, 0));
    assert!(matches!(desk.keep_apart(&stage.claire, other.number, number).await, Err(Error::NotFound)));
}

async fn what_was_taken_in_goes_with_the_case(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let second = Letter::from(RUTH).text("two");
    let (one, two) = (later(&stage, &Letter::from(RUTH)).await, later(&stage, &second).await);
    desk.merge(ines, one, two).await.unwrap();
    desk.put_aside(ines, one, domain::Aside::Trash).await.unwrap();
    assert!(matches!(undo(&stage, one, two).await, Err(Error::Refused(Refusal::Aside))));
    desk.delete_for_good(ines, one).await.unwrap();
    assert!(stage.spine(ines, two).await.is_err());
    assert!(matches!(stage.receive(&second).await, desk::mail::Receipt::Deleted));
    assert_eq!(dump(home, &stage).await, [""; 0], "nothing of either is left");
}

async fn long_conversations_are_read_page_by_page(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let one = later(&stage, &Letter::from(RUTH).text("0")).await;
    let two = later(&stage, &Letter::from(RUTH).text("00")).await;
    for at in 1..=80 {
        stage.pass(Duration::from_secs(1));
        desk.note(ines, if at % 3 == 0 { two } else { one }, at.to_string().as_str().into()).await.unwrap();
    }
    stage.pass(Duration::from_secs(1));
    desk.merge(ines, one, two).await.unwrap();
    let (scope, mut before, mut notes) = (store::Scope::of(ines), None, Vec::new());
    loop {
        let (scope, from) = (scope.clone(), before.clone());
        let page =
            desk.db.read(async move |rx| store::case::spine::spine(rx, &scope, one, from.clone()).await).await.unwrap();
        let told = page.entries.iter().filter_map(|it| match &it.fact {
            Fact::Noted { text, .. } => Some(text.clone()),
            _ => None,
        });
        notes.splice(0..0, told);
        assert_eq!(before.as_ref().is_some_and(|it| page.goes_on_after(it)), before.is_some());
        before = page.earlier;
        if before.is_none() {
            break;
        }
        before = before.map(|it| it.to_string().parse().unwrap());
    }
    assert_eq!(notes, (1..=80).map(|it| it.to_string()).collect::<Vec<_>>());
}
