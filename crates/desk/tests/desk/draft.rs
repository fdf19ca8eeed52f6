//! What somebody has begun to write.

use desk::{Error, Upload};
use domain::Recipients;
use store::Scope;
use store::draft::{Draft, own};
use testkit::{Home, Letter, Stage};

testkit::both!(
    a_draft_is_kept_and_only_ones_own,
    a_reply_takes_the_drafts_files,
    files_come_and_go,
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
        stage.desk.keep_draft(&stage.ines, number, false, text, to.clone()).await.unwrap();
    }
    let mine = draft(&stage, &stage.ines, number).await.unwrap();
    assert_eq!((mine.text.as_str(), mine.recipients, mine.note), ("Dear Ruth", to, false));
    assert_eq!(draft(&stage, &stage.jonas, number).await, None);
    stage.desk.keep_draft(&stage.ines, number, true, "  ", Recipients::default()).await.unwrap();
    assert_eq!(draft(&stage, &stage.ines, number).await, None, "an empty one is none");
    assert!(stage.desk.keep_draft(&stage.claire, number, false, "x", Recipients::default()).await.is_err());
}

async fn a_reply_takes_the_drafts_files(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    stage.desk.attach(&stage.ines, number, pdf("one.pdf")).await.unwrap();
    let mut reply = crate::case::reply("Here they are.", "ruth@northwind.example");
    reply.uploads.push(pdf("two.pdf"));
    let id = stage.desk.reply(&stage.ines, number, reply).await.unwrap();
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    let names: Vec<&str> = spine.messages[&id].files.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["one.pdf", "two.pdf"]);
    assert_eq!(draft(&stage, &stage.ines, number).await, None);
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
    stage.desk.note(&stage.ines, number, "", Vec::new()).await.unwrap();
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    let domain::Fact::Noted { files, .. } = &spine.entries.last().unwrap().fact else { panic!() };
    assert_eq!(files.len(), 1, "a note of files alone is one");
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
    assert_eq!(field(desk.keep_draft(ines, number, false, &book, nobody()).await.map(drop)), "text");
    assert_eq!(field(desk.keep_draft(ines, number, false, "x", crowd.clone()).await.map(drop)), "to");
    assert_eq!(field(desk.note(ines, number, &book, Vec::new()).await), "text");
    let reply = crate::case::reply(&book, "ruth@northwind.example");
    assert_eq!(field(desk.reply(ines, number, reply).await.map(drop)), "text");
    let reply = desk::case::Reply { recipients: crowd, ..crate::case::reply("Hello all", "ruth@northwind.example") };
    assert_eq!(field(desk.reply(ines, number, reply).await.map(drop)), "to");
    assert_eq!(stage.spine(ines, number).await.unwrap().case.entries, 1, "nothing was written");
}
