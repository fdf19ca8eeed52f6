//! What somebody has begun to write.

use desk::Upload;
use domain::Recipients;
use store::Scope;
use store::draft::{Draft, own};
use testkit::{Home, Letter, Stage};

testkit::both!(
    a_draft_is_kept_and_only_ones_own,
    a_reply_takes_the_files_that_it_names,
    a_notes_file_does_not_leave_with_a_reply,
    files_come_and_go,
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
        stage.desk.keep_draft(&stage.ines, number, false, text, to.clone()).await.unwrap();
    }
    let mine = draft(&stage, &stage.ines, number).await.unwrap();
    assert_eq!((mine.text.as_str(), mine.recipients, mine.note), ("Dear Ruth", to, false));
    assert_eq!(draft(&stage, &stage.jonas, number).await, None);
    stage.desk.keep_draft(&stage.ines, number, true, "  ", Recipients::default()).await.unwrap();
    assert_eq!(draft(&stage, &stage.ines, number).await, None, "an empty one is none");
    assert!(stage.desk.keep_draft(&stage.claire, number, false, "x", Recipients::default()).await.is_err());
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
    stage.desk.keep_draft(&stage.ines, number, true, "Look", Recipients::default()).await.unwrap();
    let reply = crate::case::reply("All is well.", "ruth@northwind.example");
    let mut naming = reply.clone();
    naming.files.push(drafted.files[0].hash.clone());
    assert!(stage.desk.reply(&stage.ines, number, naming).await.is_err());
    let id = stage.desk.reply(&stage.ines, number, reply).await.unwrap();
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    assert_eq!(names(&spine.messages[&id].files), [""; 0]);
    let left = draft(&stage, &stage.ines, number).await.unwrap();
    assert_eq!((names(&left.files), left.note), (vec!["margins.pdf"], true), "it waits for its note");
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
