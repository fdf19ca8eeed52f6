//! Messages, and the lookup that knows one again.

use domain::{
    CaseId, CustomerId, Direction, Email, Hindrance, Message, MessageId, MessageState, Party, Recipients, Side, Verdict,
};

use crate::case::{self, Place, merge};
use crate::param::{from_json, from_json_if_any, json};
use crate::search::{self, Item};
use crate::{Error, FromRow, Lock, Read, Result, Row, Scope, Tx, Where, blob, customer, identity};

/// All but the HTML: that is long, and stands last in its row, so that it is not even read.
macro_rules! select {
    ($tail:literal) => {
        concat!(
            "select customer_id, case_id, id, direction, state, channel_id, contact_id, staff_id, at, sent_at,
              external_id, message_id, in_reply_to, refs, subject, sender, reply_to, recipients, files, folded,
              verdict, automatic, altered, raw_hash, has_html, remote, forwarded_by, sealed, invitation, error,
              hindrance, supplier, body from messages",
            $tail
        )
    };
}

pub(crate) const SELECT: &str = select!("");

pub(crate) struct Stored(pub Message);

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Stored(Message {
            customer: row.get("customer_id")?,
            case: row.get("case_id")?,
            id: row.get("id")?,
            direction: row.get("direction")?,
            state: row.get("state")?,
            channel: row.get("channel_id")?,
            contact: row.get("contact_id")?,
            staff: row.get("staff_id")?,
            at: row.get("at")?,
            sent_at: row.get("sent_at")?,
            external_id: row.get("external_id")?,
            message_id: row.get("message_id")?,
            in_reply_to: row.get("in_reply_to")?,
            references: row.get::<String>("refs")?.split_whitespace().map(str::to_owned).collect(),
            subject: row.get("subject")?,
            sender: from_json(row, "sender")?,
            reply_to: from_json_if_any(row, "reply_to")?.unwrap_or_default(),
            recipients: from_json(row, "recipients")?,
            files: from_json(row, "files")?,
            folded: from_json(row, "folded")?,
            verdict: row.get("verdict")?,
            automatic: row.get("automatic")?,
            altered: row.get("altered")?,
            raw_hash: row.get("raw_hash")?,
            has_html: row.get("has_html")?,
            remote: row.get("remote")?,
            forwarded_by: row.get("forwarded_by")?,
            sealed: row.get("sealed")?,
            invitation: from_json_if_any(row, "invitation")?,
            error: row.get("error")?,
            hindrance: from_json_if_any(row, "hindrance")?,
            supplier: from_json_if_any(row, "supplier")?,
            text: row.get("body")?,
        }))
    }
}

/// Adds a message. Its lookups are [`refer`]'s.
pub async fn insert(tx: &mut Tx, message: &Message, html: Option<&str>) -> Result<()> {
    tx.holds(&Lock::Customer(message.customer))?;
    let sql = "insert into messages (customer_id, case_id, id, direction, state, channel_id, contact_id, staff_id, at,
                sent_at, external_id, message_id, in_reply_to, refs, subject, sender, reply_to, recipients, files, folded,
                verdict, automatic, altered, raw_hash, has_html, remote, forwarded_by, sealed, invitation, error,
                hindrance, supplier, body, html)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)";
    let reply_to = (!message.reply_to.is_empty()).then(|| json(&message.reply_to)).transpose()?;
    let invitation = message.invitation.as_ref().map(json).transpose()?;
    let hindrance = message.hindrance.as_ref().map(json).transpose()?;
    let supplier = message.supplier.as_ref().map(json).transpose()?;
    let (sender, recipients) = (json(&message.sender)?, json(&message.recipients)?);
    let (files, folded) = (json(&message.files)?, json(&message.folded)?);
    let args: [&dyn crate::Param; 34] = [
        &message.customer,
        &message.case,
        &message.id,
        &message.direction,
        &message.state,
        &message.channel,
        &message.contact,
        &message.staff,
        &message.at,
        &message.sent_at,
        &message.external_id,
        &message.message_id,
        &message.in_reply_to,
        &message.references.join(" "),
        &message.subject,
        &sender,
        &reply_to,
        &recipients,
        &files,
        &folded,
        &message.verdict,
        &message.automatic,
        &message.altered,
        &message.raw_hash,
        &html.is_some(),
        &message.remote,
        &message.forwarded_by,
        &message.sealed,
        &invitation,
        &message.error,
        &hindrance,
        &supplier,
        &message.text,
        &html,
    ];
    search::touch(tx, Item::message(message.customer, message.case, message.id));
    tx.put(sql, &args).await
}

/// The message of a case, or of one that it took in, for a use case.
pub async fn find(rx: &Read, customer: CustomerId, case: CaseId, id: MessageId) -> Result<Option<Message>> {
    let sql = select!(" where customer_id = $1 and case_id = $2 and id = $3");
    if let Some(found) = rx.find::<Stored>(sql, &[&customer, &case, &id]).await? {
        return Ok(Some(found.0));
    }
    for member in merge::members(rx, customer, case).await? {
        if let Some(found) = rx.find::<Stored>(sql, &[&customer, &member.id, &id]).await? {
            return Ok(Some(found.0));
        }
    }
    Ok(None)
}

/// All messages of one case, the oldest first: for whoever takes a case apart.
pub async fn of_case(rx: &Read, customer: CustomerId, case: CaseId) -> Result<Vec<Message>> {
    let rows: Vec<Stored> =
        rx.all(select!(" where customer_id = $1 and case_id = $2 order by at, id"), &[&customer, &case]).await?;
    Ok(rows.into_iter().map(|it| it.0).collect())
}

/// What tells a message from every other: its external id.
pub async fn external_id(rx: &Read, known: Known) -> Result<String> {
    let sql = "select external_id from messages where customer_id = $1 and case_id = $2 and id = $3";
    rx.one(sql, &[&known.customer, &known.case, &known.message]).await
}

/// Between whom a message went: all that a decision about an answer needs of it.
pub struct Exchange {
    /// Which way.
    pub direction: Direction,
    /// From whom.
    pub sender: Party,
    /// To whom.
    pub recipients: Recipients,
    /// With whom it was said.
    pub side: Side,
}

impl Exchange {
    /// The addresses of those of the other side.
    pub fn theirs(&self) -> Vec<&Email> {
        match self.direction {
            Direction::Inbound => self.sender.address.iter().collect(),
            Direction::Outbound => self.recipients.addresses().collect(),
        }
    }
}

impl FromRow for Exchange {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let with_supplier = row.get::<Option<String>>("supplier")?.is_some();
        Ok(Exchange {
            direction: row.get("direction")?,
            sender: from_json(row, "sender")?,
            recipients: from_json(row, "recipients")?,
            side: if with_supplier { Side::Supplier } else { Side::Customer },
        })
    }
}

/// Between whom a message went.
pub async fn exchange(rx: &Read, known: Known) -> Result<Exchange> {
    let sql = "select direction, sender, recipients, supplier from messages
               where customer_id = $1 and case_id = $2 and id = $3";
    rx.one(sql, &[&known.customer, &known.case, &known.message]).await
}

/// Says where a message of ours is on its way; what hindered it before is forgotten.
pub async fn set_state(tx: &mut Tx, of: impl Into<Known>, state: MessageState, error: Option<&str>) -> Result<()> {
    let Known { customer, case, message } = of.into();
    tx.holds(&Lock::Customer(customer))?;
    if state == MessageState::TakenBack {
        search::touch(tx, Item::message(customer, case, message));
    }
    let sql = "update messages set state = $4, error = $5, hindrance = null
               where customer_id = $1 and case_id = $2 and id = $3";
    tx.run(sql, &[&customer, &case, &message, &state, &error]).await.map(drop)
}

/// A server has accepted a message of ours. One that has come back already stays as it is: a report may be here before
/// the server's word is.
pub async fn set_sent(tx: &mut Tx, of: impl Into<Known>) -> Result<()> {
    let Known { customer, case, message } = of.into();
    tx.holds(&Lock::Customer(customer))?;
    let sql = "update messages set state = 'sent', error = null, hindrance = null
               where customer_id = $1 and case_id = $2 and id = $3 and state = 'sending'";
    tx.run(sql, &[&customer, &case, &message]).await.map(drop)
}

/// Says what hinders a message of ours.
pub async fn set_hindrance(tx: &mut Tx, of: impl Into<Known>, hindrance: &Hindrance) -> Result<()> {
    let Known { customer, case, message } = of.into();
    tx.holds(&Lock::Customer(customer))?;
    let sql = "update messages set hindrance = $4 where customer_id = $1 and case_id = $2 and id = $3";
    tx.run(sql, &[&customer, &case, &message, &json(hindrance)?]).await.map(drop)
}

/// A message that something from outside names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Under which customer it was filed.
    pub customer: CustomerId,
    /// In which case.
    pub case: CaseId,
    /// The message.
    pub message: MessageId,
}

impl From<&Message> for Known {
    fn from(it: &Message) -> Known {
        Known { customer: it.customer, case: it.case, message: it.id }
    }
}

impl FromRow for Known {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Known { customer: row.get("customer_id")?, case: row.get("case_id")?, message: row.get("message_id")? })
    }
}

/// The message that was first known by this name.
pub async fn known(rx: &Read, external_id: &str) -> Result<Option<Known>> {
    let sql = "select customer_id, case_id, message_id from message_refs where external_id = $1";
    rx.find(sql, &[&external_id]).await
}

/// Makes a message known by a name; whether the name was free. The first to have a name keeps it.
pub async fn refer(tx: &mut Tx, external_id: &str, to: Known) -> Result<bool> {
    tx.holds(&Lock::Customer(to.customer))?;
    let sql = "insert into message_refs (external_id, customer_id, case_id, message_id) values ($1, $2, $3, $4)
               on conflict (external_id) do nothing";
    Ok(tx.run(sql, &[&external_id, &to.customer, &to.case, &to.message]).await? == 1)
}

/// The newest message of the customer in a case: the one that an answer answers. What a machine wrote counts only if nothing
/// else is there.
pub async fn newest_inbound(rx: &Read, customer: CustomerId, case: CaseId) -> Result<Option<Message>> {
    let cases = merge::with_members(rx, customer, case).await?;
    let filter = Where::new(SELECT)
        .and("customer_id = ?", &[&customer])
        .any_of("case_id", &cases)
        .and("direction = 'inbound' and supplier is null", &[])
        .then("order by case when automatic is null then 0 else 1 end, at desc, id desc limit 1");
    Ok(rx.find::<Stored>(filter.sql(), filter.args()).await?.map(|it| it.0))
}

/// What was said last between the customer and us: by no machine, and nothing that was taken back.
pub async fn newest(rx: &Read, customer: CustomerId, case: CaseId) -> Result<Option<Message>> {
    let cases = merge::with_members(rx, customer, case).await?;
    let filter = Where::new(SELECT)
        .and("customer_id = ?", &[&customer])
        .any_of("case_id", &cases)
        .and("automatic is null and state <> 'taken_back' and supplier is null", &[])
        .then("order by at desc, id desc limit 1");
    Ok(rx.find::<Stored>(filter.sql(), filter.args()).await?.map(|it| it.0))
}

/// What one of ours said last to the customer, unless it was taken back.
pub async fn newest_answer(rx: &Read, customer: CustomerId, case: CaseId) -> Result<Option<Message>> {
    let cases = merge::with_members(rx, customer, case).await?;
    let filter = Where::new(SELECT)
        .and("customer_id = ?", &[&customer])
        .any_of("case_id", &cases)
        .and("direction = 'outbound' and staff_id is not null and state <> 'taken_back' and supplier is null", &[])
        .then("order by at desc, id desc limit 1");
    Ok(rx.find::<Stored>(filter.sql(), filter.args()).await?.map(|it| it.0))
}

/// Moves a message into another case of its customer, with the decisions about it, the names by which it is known and
/// the blobs that it names. `names` are those that it may have; a name of another message stays with that.
pub async fn move_to(tx: &mut Tx, message: &Message, to: CaseId, names: &[String]) -> Result<()> {
    tx.holds(&Lock::Customer(message.customer))?;
    let Message { customer, case, id, .. } = message;
    for hash in message.raw_hash.iter().chain(message.files.iter().map(|it| &it.hash)) {
        blob::share(tx, *customer, *case, to, hash).await?;
    }
    search::touch(tx, Item::message(*customer, to, *id));
    let sql = "update messages set case_id = $4 where customer_id = $1 and case_id = $2 and id = $3";
    tx.run(sql, &[customer, case, id, &to]).await?;
    let sql = "update associations set case_id = $4 where customer_id = $1 and case_id = $2 and message_id = $3";
    tx.run(sql, &[customer, case, id, &to]).await?;
    let sql = "update message_refs set case_id = $4 where external_id = $1 and customer_id = $2 and message_id = $3";
    for name in names {
        tx.run(sql, &[name, customer, id, &to]).await?;
    }
    let sql = "update outbox set case_id = $4 where customer_id = $1 and case_id = $2 and message_id = $3";
    tx.run(sql, &[customer, case, id, &to]).await?;
    for hash in message.raw_hash.iter().chain(message.files.iter().map(|it| &it.hash)) {
        blob::let_go(tx, *customer, *case, hash).await?;
    }
    Ok(())
}

/// A message of a case that the scope reaches.
pub async fn within(rx: &Read, scope: &Scope, number: i64, id: MessageId) -> Result<Message> {
    let at = visible(rx, scope, number).await?;
    find(rx, at.customer, at.case, id).await?.ok_or(Error::NotFound)
}

/// A message as its frame shows it.
pub struct Framed {
    /// Its HTML, sanitised.
    pub html: String,
    /// Whether somebody said that pictures of this sender are shown, wherever they are, and nobody denies that it is them.
    pub pictures: bool,
}

/// The HTML of a message, for a use case; none if its text says it all.
pub async fn own_html(rx: &Read, of: Known) -> Result<Option<String>> {
    let sql = "select html from messages where customer_id = $1 and case_id = $2 and id = $3";
    rx.one(sql, &[&of.customer, &of.case, &of.message]).await
}

/// The sanitised HTML of a message of a case that the scope reaches.
pub async fn html(rx: &Read, scope: &Scope, number: i64, id: MessageId) -> Result<Framed> {
    struct Stored(Option<String>, bool, Verdict, Party);
    impl FromRow for Stored {
        fn from_row(row: &Row<'_>) -> Result<Self> {
            Ok(Stored(row.get("html")?, row.get("remote")?, row.get("verdict")?, from_json(row, "sender")?))
        }
    }
    let at = visible(rx, scope, number).await?;
    let cases = merge::with_members(rx, at.customer, at.case).await?;
    let filter = Where::new("select html, remote, verdict, sender from messages")
        .and("customer_id = ?", &[&at.customer])
        .any_of("case_id", &cases)
        .and("id = ?", &[&id]);
    let Stored(html, remote, verdict, sender) = rx.one(filter.sql(), filter.args()).await?;
    let mut pictures = false;
    if let Some(address) = sender.address.filter(|_| remote && verdict != Verdict::Failed) {
        pictures = identity::traits(rx, &customer::family_of(rx, at.customer).await?, &[address])
            .await?
            .iter()
            .any(|it| it.pictures);
    }
    Ok(Framed { html: html.ok_or(Error::NotFound)?, pictures })
}

pub(crate) async fn visible(rx: &Read, scope: &Scope, number: i64) -> Result<Place> {
    case::within(rx, scope, number).await?.map(|it| Place { customer: it.customer, case: it.id }).ok_or(Error::NotFound)
}
