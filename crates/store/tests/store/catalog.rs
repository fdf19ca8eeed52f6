//! What the catalog of either engine says about the schema, against what `schema.rs` declares.

use std::collections::{BTreeMap, BTreeSet};

use store::case::{LOOKUPS, OWNED};
use store::schema::{Class, INDEX, TABLES};
use store::{Db, FromRow, Result, Row, Sql};

use crate::both;
use testkit::Home;

both!(
    every_table_has_a_class,
    customers_come_first_in_every_key,
    a_case_names_all_it_owns,
    a_file_of_its_own_has_the_index_on_sqlite,
    text_is_ordered_by_bytes
);

struct Part {
    table: String,
    key: String,
    column: String,
}

impl FromRow for Part {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Part { table: row.get("tbl")?, key: row.get("key")?, column: row.get("col")? })
    }
}

const COLUMNS: Sql = Sql::per(
    "select m.name as tbl, '' as key, c.name as col from sqlite_schema m, pragma_table_info(m.name) c
     where m.type = 'table' order by m.name, c.cid",
    "select table_name::text as tbl, '' as key, column_name::text as col from information_schema.columns
     where table_schema = current_schema() order by table_name, ordinal_position",
);

/// Primary keys and unique keys, their columns in order.
const UNIQUE_KEYS: Sql = Sql::per(
    "select m.name as tbl, k.name as key, c.name as col
     from sqlite_schema m, pragma_index_list(m.name) k, pragma_index_info(k.name) c
     where m.type = 'table' and k.\"unique\" = 1 order by m.name, k.name, c.seqno",
    "select t.relname::text as tbl, k.relname::text as key, c.attname::text as col
     from pg_index i
     join pg_class t on t.oid = i.indrelid
     join pg_class k on k.oid = i.indexrelid
     cross join lateral unnest(i.indkey) with ordinality as part (attnum, at)
     join pg_attribute c on c.attrelid = t.oid and c.attnum = part.attnum
     where t.relnamespace = current_schema()::regnamespace and i.indisunique order by 1, 2, part.at",
);

async fn ask<T: FromRow + Send + 'static>(db: &Db, sql: Sql) -> Vec<T> {
    db.read(async move |rx| rx.all(sql.clone(), &[]).await).await.unwrap()
}

async fn columns(db: &Db) -> BTreeMap<String, Vec<String>> {
    let mut tables = BTreeMap::<_, Vec<_>>::new();
    for Part { table, column, .. } in ask(db, COLUMNS).await {
        tables.entry(table).or_default().push(column);
    }
    // SQLite's own.
    tables.remove("sqlite_stat1");
    tables
}

fn of(class: Class) -> BTreeSet<&'static str> {
    TABLES.iter().filter(|it| it.1 == class).map(|it| it.0).collect()
}

async fn every_table_has_a_class(home: &Home) {
    let db = home.open().await;
    let found: Vec<String> = columns(&db).await.into_keys().collect();
    let mut declared: BTreeSet<&str> = TABLES.iter().map(|it| it.0).collect();
    if home.is_postgres() {
        declared.extend(INDEX);
    }
    assert_eq!(found, declared.into_iter().collect::<Vec<_>>());
}

async fn customers_come_first_in_every_key(home: &Home) {
    let db = home.open().await;
    let tables = columns(&db).await;
    let mut first = BTreeMap::new();
    for Part { table, key, column } in ask(&db, UNIQUE_KEYS).await {
        first.entry((table, key)).or_insert(column);
    }
    for class in [Class::Customer, Class::Lookup] {
        for table in of(class) {
            // A lookup is found by what is named from outside, which is its first column.
            let leads = if class == Class::Customer { "customer_id" } else { tables[table][0].as_str() };
            let keys: Vec<_> = first.iter().filter(|it| it.0.0 == table).collect();
            // SQLite has no index for the primary key of a table that is one.
            assert!(!keys.is_empty() || (!home.is_postgres() && table == "case_numbers"), "{table} has no primary key");
            for ((_, key), column) in keys {
                assert_eq!(column, leads, "{table}: {key}");
            }
        }
    }
}

async fn a_case_names_all_it_owns(home: &Home) {
    let db = home.open().await;
    let tables = columns(&db).await;
    let with_case = |class: Class| {
        let all = of(class);
        let tables = tables.iter().filter(move |it| all.contains(it.0.as_str()));
        tables.filter(|it| it.0 == "cases" || it.1.iter().any(|it| it == "case_id")).map(|it| it.0.as_str())
    };
    let mut owned: Vec<&str> = OWNED.iter().map(|it| it.table).collect();
    owned.sort_unstable();
    assert_eq!(with_case(Class::Customer).collect::<Vec<_>>(), owned);
    assert_eq!(with_case(Class::Lookup).collect::<Vec<_>>(), LOOKUPS);
    for it in OWNED {
        let listed: BTreeSet<&str> = ["customer_id"].into_iter().chain(it.columns.split(", ")).collect();
        let found: BTreeSet<&str> = tables[it.table].iter().map(String::as_str).collect();
        assert_eq!(listed, found, "{}", it.table);
        assert!(found.contains(it.key), "{}", it.table);
    }
}

async fn a_file_of_its_own_has_the_index_on_sqlite(home: &Home) {
    if home.is_postgres() {
        return;
    }
    let db = home.open().await;
    let sql = "select name from search.sqlite_schema where type = 'table' and name not like 'search_words_%'";
    let found: BTreeSet<String> = ask::<String>(&db, sql.into()).await.into_iter().collect();
    assert_eq!(found, INDEX.iter().map(|it| (*it).to_owned()).collect());
}

async fn text_is_ordered_by_bytes(home: &Home) {
    let db = home.open().await;
    let sql = Sql::per(
        "select name from sqlite_schema where sql like '%collate%' and replace(sql, 'collate \"binary\"', '') like '%collate%'",
        "select table_name || '.' || column_name from information_schema.columns
         where table_schema = current_schema() and data_type = 'text' and collation_name is distinct from 'binary'",
    );
    let wrong: Vec<String> = ask(&db, sql).await;
    assert_eq!(wrong, [""; 0]);
}
