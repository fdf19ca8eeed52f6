//! Whose desk this is, and the desk's own settings.

use domain::Timestamp;

use crate::{FromRow, Lock, Read, Result, Row, Tx};

/// The company that runs the desk.
#[derive(Clone, Debug, PartialEq)]
pub struct Organization {
    /// Its name.
    pub name: String,
    /// The time zone of its pages, by its IANA name.
    pub time_zone: String,
    /// When the desk was set up.
    pub set_up_at: Timestamp,
}

impl FromRow for Organization {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Organization { name: row.get("name")?, time_zone: row.get("time_zone")?, set_up_at: row.get("set_up_at")? })
    }
}

/// Writes that set the desk up hold this.
pub fn lock() -> Lock {
    Lock::Name("organization".to_owned())
}

/// The organization; none before the desk is set up.
pub async fn find(rx: &Read) -> Result<Option<Organization>> {
    rx.find("select name, time_zone, set_up_at from organization where id = 1", &[]).await
}

/// Writes the organization.
pub async fn save(tx: &mut Tx, it: &Organization) -> Result<()> {
    tx.holds(&lock())?;
    let sql = "insert into organization (id, name, time_zone, set_up_at) values (1, $1, $2, $3)
               on conflict (id) do update set name = excluded.name, time_zone = excluded.time_zone";
    tx.run(sql, &[&it.name, &it.time_zone, &it.set_up_at]).await?;
    tx.announce(crate::Hint::new("organization"));
    Ok(())
}

/// A setting of the desk; none if it was never changed.
pub async fn setting(rx: &Read, name: &str) -> Result<Option<String>> {
    rx.find("select value from settings where name = $1", &[&name]).await
}

/// Changes a setting of the desk.
pub async fn set(tx: &mut Tx, name: &str, value: &str) -> Result<()> {
    let sql = "insert into settings (name, value) values ($1, $2)
               on conflict (name) do update set value = excluded.value";
    tx.run(sql, &[&name, &value]).await.map(drop)
}

/// What the reply clock goes by: the settings of these names, and where the desk is.
pub async fn time(rx: &Read, names: [&str; 2]) -> Result<(String, [Option<String>; 2])> {
    let sql = "select name, value from settings where name in ($1, $2)
               union all select 'time_zone', time_zone from organization where id = 1";
    let rows: Vec<Named> = rx.all(sql, &[&names[0], &names[1]]).await?;
    let of = |name: &str| rows.iter().find(|it| it.0 == name).map(|it| it.1.clone());
    Ok((of("time_zone").unwrap_or_default(), names.map(of)))
}

struct Named(String, String);

impl FromRow for Named {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Named(row.get("name")?, row.get("value")?))
    }
}
