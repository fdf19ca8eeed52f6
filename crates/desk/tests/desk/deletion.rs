//! Deletion for good: nothing of a case is left in any table, and nothing brings it back.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use desk::case::{Note, Reply, Then};
use desk::mail::Receipt;
use desk::{Error, Upload};
use domain::{Aside, Decision, DraftKind, Fact, MessageId, Reason, Recipients, Refusal};
use store::{Db, FromRow, Result, Row, Scope, Sql};
use testkit::{Home, Letter, Stage};

testkit::both!(
    nothing_of_a_deleted_case_is_left,
    a_deleted_mail_does_not_come_back,
    a_late_answer_to_a_deleted_case_opens_a_new_one,
    a_customer_who_is_somebody_stays_and_their_timeline_says_so,
    only_an_administrator_deletes_and_only_what_is_put_aside,
);

const RUTH: &str = "Ruth Alvarez <ruth@northwind.example>";
/// Stands in everything that somebody writes in the case that goes.
const SECRET: &str = "xylophone";

struct Column {
    table: String,
    column: String,
}

impl FromRow for Column {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Column { table: row.get("tbl")?, column: row.get("col")? })
    }
}

const COLUMNS: Sql = Sql::per(
    "select m.name as tbl, c.name as col from sqlite_schema m, pragma_table_info(m.name) c where m.type = 'table'",
    "select table_name::text as tbl, column_name::text as col from information_schema.columns
     where table_schema = current_schema()",
);

/// Every column of every table in which the text stands, whatever its type.
async fn places(db: &Db, is_postgres: bool, text: &str) -> Vec<String> {
    let columns: Vec<Column> = db.read(async |rx| rx.all(COLUMNS, &[]).await).await.unwrap();
    assert!(columns.len() > 150);
    let hex = data_encoding::HEXLOWER.encode(text.as_bytes());
    let mut found = Vec::new();
    for Column { table, column } in columns {
        let sql = if is_postgres {
            format!(
                "select count(*) from {table} where lower(\"{column}\"::text) like '%{text}%' or \"{column}\"::text like '%{hex}%'"
            )
        } else {
            format!(
                "select count(*) from {table} where instr(lower(cast(\"{column}\" as text)), '{text}') > 0
                  or instr(cast(\"{column}\" as blob), x'{hex}') > 0"
            )
        };
        let count: i64 = db.read(async move |rx| rx.one(Sql::built(sql.clone()), &[]).await).await.unwrap();
        if count > 0 {
            found.push(format!("{table}.{column}"));
        }
    }
    found
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let paths = entries.map(|it| it.unwrap().path());
    paths.flat_map(|it| if it.is_dir() { files(&it) } else { vec![it] }).collect()
}

fn upload(name: &str, bytes: Vec<u8>) -> Upload {
    Upload { name: name.to_owned(), media_type: "text/plain".to_owned(), bytes }
}

async fn reply(stage: &Stage, number: i64, text: &str, uploads: Vec<Upload>) -> MessageId {
    let to = desk::case::addresses("to", "ruth@northwind.example").unwrap();
    let reply = Reply {
        id: None,
        html: None,
        text: text.to_owned(),
        recipients: Recipients { to, cc: Vec::new() },
        then: Then::Waiting,
        seen: None,
        leaves: None,
        files: Vec::new(),
        uploads,
    };
    stage.desk.reply(&stage.ines, number, reply).await.unwrap()
}

/// Puts it into the trash, and from there out of the world.
async fn delete(stage: &Stage, number: i64) {
    stage.desk.put_aside(&stage.jonas, number, Aside::Trash).await.unwrap();
    stage.desk.delete_for_good(&stage.ines, number).await.unwrap();
}

async fn nothing_of_a_deleted_case_is_left(home: &Home) {
    let stage = Stage::new(home).await;
    let large = SECRET.repeat(20_000).into_bytes();
    let letter = Letter::from("Xylophone Jones <xylophone@northwind.example>")
        .subject("About the xylophone")
        .text("My xylophone burns.")
        .html("<p>My xylophone burns.</p>")
        .message_id("<xylophone.1@mail.example>")
        .file("xylophone.pdf", &large);
    let number = stage.file(&letter).await.number;
    let other = Letter::from("Xylophone Jones <xylophone@northwind.example>").message_id("<other@xylophone.example>");
    stage.file(&other.text("Again the xylophone").answers(&letter.id())).await;
    reply(&stage, number, "Play the xylophone.", vec![upload("xylophone.txt", large.clone())]).await;
    let uploads = vec![upload("xylophone-2.txt", b"xylophone".to_vec())];
    let note = Note { uploads, ..Note::from("A xylophone, really?") };
    stage.desk.note(&stage.jonas, number, note).await.unwrap();
    let to = Recipients::default();
    stage.desk.keep_draft(&stage.jonas, number, DraftKind::Note, "The xylophone is", None, to).await.unwrap();
    stage.desk.attach(&stage.jonas, number, upload("xylophone-3.txt", b"my xylophone".to_vec())).await.unwrap();
    // The same mail lies raw in another mailbox's quarantine.
    let raw = letter.raw();
    let copied = stage.desk.db.write([], async move |tx| {
        let hash = store::blob::hash(&raw);
        let sql = "insert into inbound (id, channel_id, at, state, tries, hash, whole, body)
                   select $1, id, 1, 'quarantined', 3, $2, 1, $3 from channels";
        let id: domain::InboundId = uuid(9);
        tx.run(sql, &[&id, &hash, &raw]).await
    });
    copied.await.unwrap();
    let before = places(&stage.desk.db, home.is_postgres(), SECRET).await;
    for place in ["cases.subject", "messages.body", "messages.html", "drafts.body", "entries.data", "inbound.body"] {
        assert!(before.contains(&place.to_owned()), "{place}: {before:?}");
    }
    delete(&stage, number).await;
    assert_eq!(places(&stage.desk.db, home.is_postgres(), SECRET).await, [""; 0]);
    assert!(matches!(stage.spine(&stage.ines, number).await, Err(store::Error::NotFound)));

    // The job of the reply finds nothing to do.
    stage.desk.work_off().await.unwrap();
    if !home.is_postgres() {
        let left = files(&Path::new(home.place()).join("blobs"));
        assert!(!left.is_empty(), "large files lie beside the database");
        for file in &left {
            let file = std::fs::File::options().append(true).open(file).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        }
        stage.desk.reconcile_once(true).await.unwrap();
        let left = files(&Path::new(home.place()).join("blobs"));
        assert!(left.is_empty(), "{left:?}");
    }
    let next = stage.file(&Letter::from(RUTH)).await.number;
    assert!(next > number, "a number is never given again");
}

/// Ids of tables that no test looks at.
fn uuid<T: std::str::FromStr>(number: u8) -> T
where
    T::Err: std::fmt::Debug,
{
    format!("00000000-0000-7000-8000-0000000000{number:02}").parse().unwrap()
}

async fn a_deleted_mail_does_not_come_back(home: &Home) {
    let stage = Stage::new(home).await;
    let letter = Letter::from(RUTH);
    let filed = stage.file(&letter).await;
    let ours = reply(&stage, filed.number, "Pull the plug.", Vec::new()).await;
    let ours = stage.spine(&stage.ines, filed.number).await.unwrap().messages[&ours].message_id.clone().unwrap();
    // It came by a second mailbox too.
    let second = desk::channel::NewMailbox {
        name: "Billing".to_owned(),
        address: "billing@desk.example".to_owned(),
        reading: None,
        sending: None,
        user: String::new(),
        password: String::new(),
        ..desk::channel::NewMailbox::default()
    };
    let second = stage.desk.add_mailbox(second).await.unwrap();
    let second = stage.desk.mailbox(second).await.unwrap().unwrap();
    let now = stage.desk.now();
    assert!(matches!(stage.desk.receive(&second, letter.raw(), now).await.unwrap(), Receipt::Known(_)));
    delete(&stage, filed.number).await;
    // A mailbox that begins anew shows everything once more, with other marks of its way.
    let travelled = Letter::from(RUTH).header("Received", "from elsewhere").message_id(&letter.id());
    let copy = Letter::from("Ines <support@desk.example>").text("Pull the plug.").message_id(&ours);
    for raw in [letter.raw(), travelled.raw(), copy.raw()] {
        assert!(matches!(stage.receive_raw(raw.clone()).await, Receipt::Deleted));
        assert!(matches!(stage.desk.receive(&second, raw, now).await.unwrap(), Receipt::Deleted));
    }
    let scope = Scope::of(&stage.ines);
    let all = stage.desk.db.read(async move |rx| {
        store::case::list::page(
            rx,
            &scope,
            &store::filter::Asked::of(domain::View::All, &scope),
            store::case::list::From::Newest,
        )
        .await
    });
    assert_eq!(all.await.unwrap().lines, []);
    // What is another mail is one.
    let filed = stage.file(&Letter::from(RUTH).text("Another fire")).await;
    assert_eq!(filed.association.reason, Reason::Nothing);
}

async fn a_late_answer_to_a_deleted_case_opens_a_new_one(home: &Home) {
    let stage = Stage::new(home).await;
    let letter = Letter::from(RUTH);
    let gone = stage.file(&letter).await;
    let ours = reply(&stage, gone.number, "Pull the plug.", Vec::new()).await;
    let ours = stage.spine(&stage.ines, gone.number).await.unwrap().messages[&ours].message_id.clone().unwrap();
    delete(&stage, gone.number).await;
    let late = stage.file(&Letter::from(RUTH).text("It is out.").answers(&ours)).await;
    assert_eq!((late.association.decision, late.association.reason), (Decision::New, Reason::Nothing));
    assert_ne!((late.number, late.customer), (gone.number, gone.customer), "she is new to us, too");
    let named = Letter::from("dan@harrow.example").subject(&format!("About #{}", gone.number)).answers(&letter.id());
    let named = stage.file(&named).await;
    assert_eq!((named.association.reason, named.association.suggest.as_slice()), (Reason::Nothing, [].as_slice()));
    for refused in [
        stage.desk.resolve(&stage.ines, gone.number, "").await,
        stage.desk.put_back(&stage.ines, gone.number).await,
        stage.desk.delete_for_good(&stage.ines, gone.number).await,
    ] {
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    }
    let scope = Scope::of(&stage.ines);
    let seen = stage.desk.db.read(async move |rx| store::case::is_visible(rx, &scope, gone.number).await);
    assert!(!seen.await.unwrap());
}

async fn a_customer_who_is_somebody_stays_and_their_timeline_says_so(home: &Home) {
    let stage = Stage::new(home).await;
    let northwind = stage.organization("Northwind", "northwind.example").await;
    let first = stage.file(&Letter::from(RUTH).subject("The first")).await;
    assert_eq!(first.customer, northwind);
    // Somebody provisional with two cases loses one, and stays.
    let (one, two) = (Letter::from("dan@harrow.example"), Letter::from("dan@harrow.example").subject("Two"));
    let (one, two) = (stage.file(&one).await, stage.file(&two).await);
    stage.pass(Duration::from_secs(1));
    delete(&stage, first.number).await;
    delete(&stage, one.number).await;
    for (customer, number) in [(northwind, first.number), (two.customer, one.number)] {
        let scope = Scope::of(&stage.ines);
        let told = stage.desk.db.read(async move |rx| store::entry::timeline(rx, &scope, customer, None, None).await);
        let told = told.await.unwrap().lines;
        let last = &told[0];
        assert_eq!((&last.entry.fact, last.case), (&Fact::CaseDeleted { number }, None));
        assert_eq!(last.entry.by, domain::Actor::Staff(stage.ines.id));
    }
    delete(&stage, two.number).await;
    let id = two.customer;
    assert_eq!(stage.desk.db.read(async move |rx| store::customer::find(rx, id).await).await.unwrap(), None);
    let again = stage.file(&Letter::from("dan@harrow.example").subject("Three")).await;
    assert_ne!(again.customer, two.customer);
}

async fn only_an_administrator_deletes_and_only_what_is_put_aside(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let refused = stage.desk.delete_for_good(&stage.ines, number).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::NotAside))), "{refused:?}");
    stage.desk.put_aside(&stage.jonas, number, Aside::Trash).await.unwrap();
    let refused = stage.desk.delete_for_good(&stage.jonas, number).await;
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    stage.pass(Duration::from_secs(1));
    assert!(stage.spine(&stage.ines, number).await.is_ok());
}
