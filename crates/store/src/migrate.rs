//! Forward only: each text runs once, in order, and is never edited afterwards.
//!
//! One text serves both engines. What only one of them must see stands in a comment that names it:
//! `/*sqlite ... sqlite*/`, `/*postgres ... postgres*/`.

use sha2::{Digest, Sha256};

use crate::schema::{Class, TABLES};
use crate::{Error, Lock, Result, Sql, Tx};

/// The schema, step by step.
pub(crate) const MIGRATIONS: &[&str] = &[include_str!("../migrations/0001_house.sql")];

pub(crate) async fn run(tx: &mut Tx, migrations: &[&str]) -> Result<()> {
    // An index over millions of rows takes its time, and whoever waits for it must wait as long.
    tx.take_time().await?;
    tx.lock(Lock::Schema).await?;
    tx.script("create table if not exists migrations (number bigint primary key, checksum bytea not null)").await?;
    let done: Vec<Vec<u8>> = tx.all("select checksum from migrations order by number", &[]).await?;
    if done.len() > migrations.len() {
        return Err(Error::Refused(format!(
            "this database was written by a newer Bellwether (schema {}; this program knows {}): start the newer one",
            done.len(),
            migrations.len()
        )));
    }
    for (at, text) in migrations.iter().enumerate() {
        let number = i64::try_from(at + 1).unwrap_or(i64::MAX);
        let checksum = Sha256::digest(text).to_vec();
        match done.get(at) {
            Some(it) if *it == checksum => {}
            Some(_) => {
                return Err(Error::Refused(format!(
                    "migration {number} has changed since it ran here: this program and this database do not belong together"
                )));
            }
            None => {
                apply(tx, text).await?;
                tx.run("insert into migrations (number, checksum) values ($1, $2)", &[&number, &checksum]).await?;
            }
        }
    }
    Ok(())
}

/// On Citus each table is spread by its class as soon as it exists, before the next one refers to it.
async fn apply(tx: &mut Tx, text: &str) -> Result<()> {
    if !on_citus(tx).await? {
        return tx.script(text).await;
    }
    // One connection to each worker: what was just created is seen by what follows in the same transaction.
    tx.script("set local citus.multi_shard_modify_mode to 'sequential'").await?;
    tx.script("set local citus.enable_local_reference_table_foreign_keys to off").await?;
    for statement in text.split_inclusive(";\n") {
        tx.script(statement).await?;
        if let Some(table) = created(statement) {
            spread(tx, table).await?;
        }
    }
    Ok(())
}

async fn on_citus(tx: &Tx) -> Result<bool> {
    let sql = Sql::per("select '' where 1 = 0", "select extname::text from pg_extension where extname = 'citus'");
    Ok(tx.find::<String>(sql, &[]).await?.is_some())
}

/// The table that `statement` creates.
fn created(statement: &str) -> Option<&str> {
    statement.split("create table ").nth(1)?.split_whitespace().next()
}

async fn spread(tx: &mut Tx, table: &str) -> Result<()> {
    match TABLES.iter().find(|it| it.0 == table) {
        Some((_, Class::Customer)) if table == "customers" => {
            tx.script("select create_distributed_table('customers', 'customer_id')").await
        }
        Some((_, Class::Customer)) => {
            let sql =
                format!("select create_distributed_table('{table}', 'customer_id', colocate_with => 'customers')");
            tx.script(&sql).await
        }
        Some((_, Class::Lookup)) => {
            let sql = format!(
                "select create_distributed_table('{table}', (select attname::text from pg_attribute
                 where attrelid = '{table}'::regclass and attnum = 1), colocate_with => 'none')"
            );
            tx.script(&sql).await
        }
        Some((_, Class::Shared)) => tx.script(&format!("select create_reference_table('{table}')")).await,
        Some((_, Class::Local)) | None => Ok(()),
    }
}

/// The text as `engine` is to read it; the other engine's part stays a comment.
pub(crate) fn only(engine: &str, text: &str) -> String {
    text.replace(&format!("/*{engine} "), " ").replace(&format!(" {engine}*/"), " ")
}
