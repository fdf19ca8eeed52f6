//! Mails that tell a colleague what they have not seen in the desk: each is a row until it is sent.

use domain::{DigestId, NotificationKind, StaffId, Timestamp};

use super::{Line, SELECT};
use crate::{FromRow, Read, Result, Row, Scope, Tx, Where};

/// A mail that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Its id; its `Message-ID` has it, too.
    pub id: DigestId,
    /// To whom.
    pub staff: StaffId,
    /// Since when.
    pub at: Timestamp,
    /// Whether a try came to the end of the mail: then it may have been sent, and no other begins.
    pub handed: bool,
}

impl FromRow for Digest {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Digest { id: row.get("id")?, staff: row.get("staff_id")?, at: row.get("at")?, handed: row.get("handed")? })
    }
}

/// Since when the oldest thing of these kinds waits that no mail has told of; none if there is nothing.
pub async fn oldest(rx: &Read, staff: StaffId, kinds: &[NotificationKind]) -> Result<Option<Timestamp>> {
    let select = "select at from notifications";
    let filter = Where::new(select)
        .and("staff_id = ? and seen_at is null and digest_id is null", &[&staff])
        .any_of("kind", kinds)
        .then("order by at limit 1");
    rx.find(filter.sql(), filter.args()).await
}

/// Makes a mail of all that waits, whatever its kind: what is not wanted by mail is told by none.
pub async fn begin(tx: &mut Tx, it: &Digest) -> Result<()> {
    let sql = "update notifications set digest_id = $2
               where staff_id = $1 and seen_at is null and digest_id is null and at <= $3";
    tx.put(sql, &[&it.staff, &it.id, &it.at]).await?;
    let sql = "insert into digests (id, staff_id, at, handed) values ($1, $2, $3, $4)";
    tx.put(sql, &[&it.id, &it.staff, &it.at, &it.handed]).await
}

/// The mail, while it is not sent.
pub async fn find(rx: &Read, id: DigestId) -> Result<Option<Digest>> {
    rx.find("select id, staff_id, at, handed from digests where id = $1", &[&id]).await
}

/// What it tells: what of it its reader still has not seen, and may see, the oldest first.
pub async fn lines(rx: &Read, scope: &Scope, id: DigestId, kinds: &[NotificationKind]) -> Result<Vec<Line>> {
    let filter = Where::new(SELECT)
        .and("notifications.staff_id = ? and seen_at is null and digest_id = ?", &[&scope.member, &id])
        .any_of("notifications.kind", kinds);
    let filter = scope.narrow(filter).then("order by notifications.at, notifications.id limit 50");
    rx.all(filter.sql(), filter.args()).await
}

/// Notes that a try hands it over; false if another has, or it is gone.
pub async fn hand(tx: &mut Tx, id: DigestId) -> Result<bool> {
    Ok(tx.run("update digests set handed = 1 where id = $1 and handed = 0", &[&id]).await? == 1)
}

/// The server did not take it: another try may.
pub async fn take_back(tx: &mut Tx, id: DigestId) -> Result<()> {
    tx.run("update digests set handed = 0 where id = $1", &[&id]).await.map(drop)
}

/// It is sent, or nobody needs it.
pub async fn end(tx: &mut Tx, id: DigestId) -> Result<()> {
    tx.run("delete from digests where id = $1", &[&id]).await.map(drop)
}
