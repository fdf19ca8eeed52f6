//! What a staff member has begun to write. Nobody else sees it.

use domain::{CaseId, CustomerId, DraftKind, File, Recipients, StaffId, Timestamp};

use crate::param::{from_json, from_json_if_any, json};
use crate::{FromRow, Lock, Read, Result, Row, Scope, Tx};

/// A reply, a note or something for a supplier that was begun: one for each person and case.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// For whom it is.
    pub kind: DraftKind,
    /// The text as it stands.
    pub text: String,
    /// The same dressed, if there is more than the text says: `mail::written` made it.
    pub html: Option<String>,
    /// To whom it shall go.
    pub recipients: Recipients,
    /// Files attached to it.
    pub files: Vec<File>,
    /// When it was last kept.
    pub at: Timestamp,
}

impl FromRow for Draft {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let kind = match (row.get("note")?, from_json_if_any(row, "forward")?) {
            (true, _) => DraftKind::Note,
            (false, Some(it)) => DraftKind::Forward(it),
            (false, None) => DraftKind::Reply,
        };
        Ok(Draft {
            kind,
            text: row.get("body")?,
            html: row.get("html")?,
            recipients: from_json(row, "recipients")?,
            files: from_json(row, "files")?,
            at: row.get("at")?,
        })
    }
}

/// Which draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Under this customer.
    pub customer: CustomerId,
    /// In this case.
    pub case: CaseId,
    /// Of this staff member.
    pub staff: StaffId,
}

/// The draft, if there is one.
pub async fn find(rx: &Read, key: Key) -> Result<Option<Draft>> {
    let sql = "select note, forward, body, html, recipients, files, at from drafts
               where customer_id = $1 and case_id = $2 and staff_id = $3";
    rx.find(sql, &[&key.customer, &key.case, &key.staff]).await
}

/// Whoever has begun to write in a case.
pub async fn writers(rx: &Read, customer: CustomerId, case: CaseId) -> Result<Vec<StaffId>> {
    rx.all("select staff_id from drafts where customer_id = $1 and case_id = $2", &[&customer, &case]).await
}

/// The looker's own draft in a case that the scope reaches.
pub async fn own(rx: &Read, scope: &Scope, number: i64) -> Result<Option<Draft>> {
    let at = crate::message::visible(rx, scope, number).await?;
    find(rx, Key { customer: at.customer, case: at.case, staff: scope.member }).await
}

/// The files of the looker's own draft, and where their bytes are.
#[derive(Clone, Debug, PartialEq)]
pub struct Files {
    /// Under this customer.
    pub customer: CustomerId,
    /// In this case.
    pub case: CaseId,
    /// The files.
    pub files: Vec<File>,
}

/// The files of the looker's own draft in a case that the scope reaches; none if there is no draft.
pub async fn own_files(rx: &Read, scope: &Scope, number: i64) -> Result<Files> {
    let at = crate::message::visible(rx, scope, number).await?;
    let (customer, case) = (at.customer, at.case);
    let draft = find(rx, Key { customer, case, staff: scope.member }).await?;
    Ok(Files { customer, case, files: draft.map(|it| it.files).unwrap_or_default() })
}

/// Keeps a draft as it stands.
pub async fn save(tx: &mut Tx, key: Key, draft: &Draft) -> Result<()> {
    tx.holds(&Lock::Customer(key.customer))?;
    let sql = "insert into drafts (customer_id, case_id, staff_id, note, forward, body, html, recipients, files,
                at)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
               on conflict (customer_id, case_id, staff_id)
               do update set note = excluded.note, forward = excluded.forward, body = excluded.body,
                html = excluded.html, recipients = excluded.recipients, files = excluded.files, at = excluded.at";
    let (note, forward) = (draft.kind == DraftKind::Note, draft.kind.forwarding().map(json).transpose()?);
    let (recipients, files) = (json(&draft.recipients)?, json(&draft.files)?);
    let Key { customer, case, staff } = key;
    let Draft { text, html, at, .. } = draft;
    tx.run(sql, &[&customer, &case, &staff, &note, &forward, text, html, &recipients, &files, at]).await.map(drop)
}

/// Throws a draft away.
pub async fn delete(tx: &mut Tx, key: Key) -> Result<()> {
    tx.holds(&Lock::Customer(key.customer))?;
    let sql = "delete from drafts where customer_id = $1 and case_id = $2 and staff_id = $3";
    tx.run(sql, &[&key.customer, &key.case, &key.staff]).await.map(drop)
}
