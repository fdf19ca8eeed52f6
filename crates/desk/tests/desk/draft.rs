//! What somebody has begun to write.

use desk::case::Note;
use desk::{Error, Upload};
use domain::{DraftKind, Recipients};
use store::Scope;
use store::draft::{Draft, own};
use testkit::{Home, Letter, Stage};

testkit::both!(
    a_draft_is_kept_and_only_ones_own,
    a_reply_takes_the_files_that_it_names,
    a_notes_file_does_not_leave_with_a_reply,
    files_come_and_go,
    a_file_that_nothing_names_goes,
    files_of_one_mail_have_a_limit_together,
    nothing_is_kept_for_whom_may_not_see_the_case,
    what_nobody_writes_is_refused,
);

const RUTH: &str = "Ruth Alvarez <ruth@northwind.example>";

async fn draft(stage: &Stage, who: &domain::Member, number: i64) -> Option<Draft> {
    let scope = Scope::of(who);
    stage.desk.db.read(async move |rx| own(rx, &scope, number).await).await.unwrap()
}

fn pdf(name: &str) -> Upload {
    Upload { name: name.to_owned(), media_type: "application/pdf".to_owned(), bytes: name.as_bytes().to_vec() }
}

async fn a_draft_is_kept_and_only_ones_own(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let to = Recipients { to: desk::case::addresses("to", "ruth@northwind.example").unwrap(), cc: Vec::new() };
    for text in ["Dear", "Dear Ruth"] {
        stage.desk.keep_draft(&stage.ines, number, DraftKind::Reply, text, None, to.clone()).await.unwrap();
    }
    let mine = draft(&stage, &stage.ines, number).await.unwrap();
    assert_eq!((mine.text.as_str(), mine.recipients, mine.kind), ("Dear Ruth", to, DraftKind::Reply));
    assert_eq!(draft(&stage, &stage.jonas, number).await, None);
    stage.desk.keep_draft(&stage.ines, number, DraftKind::Note, "  ", None, Recipients::default()).await.unwrap();
    assert_eq!(draft(&stage, &stage.ines, number).await, None, "an empty one is none");
    assert!(
        stage.desk.keep_draft(&stage.claire, number, DraftKind::Reply, "x", None, Recipients::default()).await.is_err()
    );
}

fn names(files: &[domain::File]) -> Vec<&str> {
    files.iter().map(|it| it.name.as_str()).collect()
}

async fn a_reply_takes_the_files_that_it_names(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let drafted = stage.desk.attach(&stage.ines, number, pdf("one.pdf")).await.unwrap();
    let mut reply = crate::case::reply("Here they are.", "ruth@northwind.example");
    reply.files.push(drafted.files[0].hash.clone());
    reply.uploads.push(pdf("two.pdf"));
    let id = stage.desk.reply(&stage.ines, number, reply.clone()).await.unwrap();
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    assert_eq!(names(&spine.messages[&id].files), ["one.pdf", "two.pdf"]);
    assert_eq!(draft(&stage, &stage.ines, number).await, None);
    assert!(stage.desk.reply(&stage.ines, number, reply).await.is_err(), "it does not leave without a file it names");
}

async fn a_notes_file_does_not_leave_with_a_reply(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let drafted = stage.desk.attach(&stage.ines, number, pdf("margins.pdf")).await.unwrap();
    stage.desk.keep_draft(&stage.ines, number, DraftKind::Note, "Look", None, Recipients::default()).await.unwrap();
    let reply = crate::case::reply("All is well.", "ruth@northwind.example");
    let mut naming = reply.clone();
    naming.files.push(drafted.files[0].hash.clone());
    assert!(stage.desk.reply(&stage.ines, number, naming).await.is_err());
    let id = stage.desk.reply(&stage.ines, number, reply).await.unwrap();
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    assert_eq!(names(&spine.messages[&id].files), [""; 0]);
    let left = draft(&stage, &stage.ines, number).await.unwrap();
    assert_eq!((names(&left.files), left.kind), (vec!["margins.pdf"], DraftKind::Note), "it waits for its note");
}

async fn files_come_and_go(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    for name in ["one.pdf", "two.pdf"] {
        stage.desk.attach(&stage.ines, number, pdf(name)).await.unwrap();
    }
    let left = stage.desk.detach(&stage.ines, number, 0).await.unwrap();
    assert_eq!(left.files.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["two.pdf"]);
    assert!(stage.desk.detach(&stage.ines, number, 1).await.is_err());
    let huge = Upload { bytes: vec![0; 19 << 20], ..pdf("huge.pdf") };
    assert!(stage.desk.attach(&stage.ines, number, huge).await.is_err());
    let note = desk::case::Note { files: vec![left.files[0].hash.clone()], ..desk::case::Note::default() };
    stage.desk.note(&stage.ines, number, note).await.unwrap();
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    let domain::Fact::Noted { files, .. } = &spine.entries.last().unwrap().fact else { panic!() };
    assert_eq!(files.len(), 1, "a note of files alone is one");
}

async fn sizes(stage: &Stage) -> Vec<i64> {
    let sql = "select size from blobs where size < 100 order by size";
    stage.desk.db.read(async move |rx| rx.all::<i64>(sql, &[]).await).await.unwrap()
}

async fn a_file_that_nothing_names_goes(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let (desk, ines, jonas) = (&stage.desk, &stage.ines, &stage.jonas);
    let of = |size| Upload { bytes: vec![7; size], ..pdf("it.pdf") };
    // In a draft alone; in a colleague's too; in a note; in a message; twice in one draft.
    desk.attach(jonas, number, of(2)).await.unwrap();
    desk.note(ines, number, Note { uploads: vec![of(3)], ..Note::from("See here.") }).await.unwrap();
    let reply = desk::case::Reply { uploads: vec![of(4)], ..crate::case::reply("Here.", "ruth@northwind.example") };
    desk.reply(ines, number, reply).await.unwrap();
    for size in [1, 2, 3, 4, 5, 5] {
        desk.attach(ines, number, of(size)).await.unwrap();
    }
    for _ in 0..5 {
        desk.detach(ines, number, 0).await.unwrap();
    }
    assert_eq!(sizes(&stage).await, [2, 3, 4, 5]);
    desk.detach(ines, number, 0).await.unwrap();
    desk.detach(jonas, number, 0).await.unwrap();
    assert_eq!(sizes(&stage).await, [3, 4]);
}

async fn files_of_one_mail_have_a_limit_together(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let half = |byte| Upload { bytes: vec![byte; 10 << 20], ..pdf("half.pdf") };
    stage.desk.attach(&stage.ines, number, half(1)).await.unwrap();
    let refused = stage.desk.attach(&stage.ines, number, half(2)).await.unwrap_err();
    assert!(refused.to_string().contains("18 MB"), "{refused}");
    let reply = |files: Vec<String>| desk::case::Reply {
        uploads: vec![half(3)],
        files,
        ..crate::case::reply("Here.", "ruth@northwind.example")
    };
    let drafted = draft(&stage, &stage.ines, number).await.unwrap().files[0].hash.clone();
    let refused = stage.desk.reply(&stage.ines, number, reply(vec![drafted])).await.unwrap_err();
    assert!(refused.to_string().contains("18 MB"), "{refused}");
    assert_eq!(draft(&stage, &stage.ines, number).await.unwrap().files.len(), 1, "the draft stays as it was");
    stage.desk.reply(&stage.jonas, number, reply(Vec::new())).await.unwrap();
}

async fn nothing_is_kept_for_whom_may_not_see_the_case(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let large = || Upload { bytes: vec![7; 100_000], ..pdf("large.pdf") };
    assert!(stage.desk.attach(&stage.claire, number, large()).await.is_err());
    assert!(
        stage.desk.note(&stage.claire, number, Note { uploads: vec![large()], ..Note::from("Look") }).await.is_err()
    );
    let reply = desk::case::Reply { uploads: vec![large()], ..crate::case::reply("Here.", "ruth@northwind.example") };
    assert!(stage.desk.reply(&stage.claire, number, reply).await.is_err());
    if !home.is_postgres() {
        let kept = std::fs::read_dir(std::path::Path::new(home.place()).join("blobs")).unwrap().count();
        assert_eq!(kept, 0, "no file was written for her");
    }
}

async fn what_nobody_writes_is_refused(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let many = (0..101).map(|n| format!("ruth{n}@northwind.example")).collect::<Vec<_>>().join(", ");
    let crowd = Recipients { to: desk::case::addresses("to", &many).unwrap(), cc: Vec::new() };
    let book = "x".repeat(1024 * 1024 + 1);
    let field = |err| match err {
        Err(Error::Invalid { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    let nobody = Recipients::default;
    assert_eq!(field(desk.keep_draft(ines, number, DraftKind::Reply, &book, None, nobody()).await.map(drop)), "text");
    assert_eq!(field(desk.keep_draft(ines, number, DraftKind::Reply, "x", None, crowd.clone()).await.map(drop)), "to");
    assert_eq!(field(desk.note(ines, number, book.as_str().into()).await), "text");
    let reply = crate::case::reply(&book, "ruth@northwind.example");
    assert_eq!(field(desk.reply(ines, number, reply).await.map(drop)), "text");
    let reply = desk::case::Reply { recipients: crowd, ..crate::case::reply("Hello all", "ruth@northwind.example") };
    assert_eq!(field(desk.reply(ines, number, reply).await.map(drop)), "to");
    assert_eq!(stage.spine(ines, number).await.unwrap().case.entries, 1, "nothing was written");
}
