//! All that cases own, and what leads there, as the database has it: what is undone must leave no trace but its entries.

use store::case::OWNED;
use store::{FromRow, Result, Row, Sql};
use testkit::{Home, Stage};

struct Text(String);

impl FromRow for Text {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Text(row.get("line")?))
    }
}

/// Every row but entries and their counts, and what `but` says of it. Pointers under numbers that were given in between
/// (cases that stand in another) are left out, too.
pub async fn dump(home: &Home, stage: &Stage) -> Vec<String> {
    let owned = OWNED.iter().filter(|it| it.table != "entries").map(|it| (it.table, it.columns));
    let others = [
        ("contacts", "id, name, created_at, merged_into"),
        ("identities", "address, kind, contact_id, pictures, main"),
        ("message_refs", "external_id, case_id, message_id"),
    ];
    let mut lines = Vec::new();
    for (table, columns) in owned.chain(others) {
        let columns: Vec<&str> = ["customer_id"].into_iter().chain(columns.split(", ")).collect();
        let columns: Vec<&str> = columns.into_iter().filter(|it| *it != "entries").collect();
        let line = if home.is_postgres() {
            format!("row({})::text", columns.join(", "))
        } else {
            columns.iter().map(|it| format!("quote({it})")).collect::<Vec<_>>().join(" || ', ' || ")
        };
        let only = if table == "cases" { " where merged_into is null" } else { "" };
        let sql = Sql::built(format!("select {line} as line from {table}{only}"));
        let mut rows: Vec<Text> = stage.desk.db.read(async move |rx| rx.all(sql.clone(), &[]).await).await.unwrap();
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        lines.extend(rows.into_iter().map(|it| format!("{table}: {}", it.0)));
    }
    lines
}

/// Numbers of a case's entries: they have no gaps.
pub async fn numbers(stage: &Stage, number: i64) -> Vec<i64> {
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    let own = spine.entries.iter().zip(&spine.written_in).filter(|it| *it.1 == spine.case.id);
    own.filter_map(|it| it.0.number).collect()
}
