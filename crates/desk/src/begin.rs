//! A case that one of ours begins by writing first.

use domain::{Case, CaseId, ChannelId, Member, MessageId, Opening, Recipients, Refusal, Right, TeamId, Then};
use store::{Lock, Scope, Tx, blob, case, channel, message, team};

use crate::aside::needs;
use crate::case::{append, bounded, fit_into_a_mail, prepare, written_before};
use crate::customer::{Sender, of_sender};
use crate::draft::Words;
use crate::reply::Body;
use crate::{Desk, Error, Result, Upload};

/// The longest subject, in characters.
const SUBJECT: usize = 200;

/// A message that begins a case.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// The id that it was given when somebody began to write it. One that is known already is not sent again.
    pub id: Option<MessageId>,
    /// The mailbox from which it goes, and to which answers come.
    pub channel: ChannelId,
    /// To whom it goes. The first of them is whose issue it is.
    pub recipients: Recipients,
    /// What it is about.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// The team that works on it.
    pub team: Option<TeamId>,
    /// Files that go with it.
    pub uploads: Vec<Upload>,
}

impl Desk {
    /// Begins a case by writing to somebody first. It is the writer's, and waits for an answer. The mail is in the outbox when
    /// this returns, as with [`Desk::reply`]. Answers the number of the case.
    pub async fn begin_case(&self, by: &Member, it: Beginning) -> Result<i64> {
        needs(by, Right::Desk)?;
        let first = it.recipients.to.first().and_then(|it| Some((it.address.clone()?, it.name.clone())));
        let (address, name) = first.ok_or(Refusal::NoRecipient)?;
        bounded(&it.text, &it.recipients)?;
        let subject = it.subject.split_whitespace().collect::<Vec<_>>().join(" ");
        if subject.is_empty() || subject.chars().count() > SUBJECT {
            return Err(Error::invalid("subject", format!("A subject has 1 to {SUBJECT} characters.")));
        }
        let mut words = Words::of(&it.text, None)?;
        words.text.truncate(words.text.trim_end().len());
        if words.text.is_empty() {
            return Err(Error::invalid("text", "There is nothing written yet."));
        }
        let (files, blobs) = prepare(it.uploads)?;
        fit_into_a_mail(&files)?;
        blob::keep(&self.db, &blobs).await?;
        let (desk, by, id) = (self.clone(), by.clone(), it.id.unwrap_or_else(|| self.id()));
        let (recipients, channel, to_team) = (it.recipients, it.channel, it.team);
        self.db
            .write([Lock::Name(format!("email {address}"))], async move |tx| {
                if let Some(known) = message::known(tx, &crate::mail::ours(id)).await? {
                    return same(tx, &by, known, &words.text).await;
                }
                check(tx, &by, channel, &recipients, to_team).await?;
                let now = desk.now();
                let sender = Sender { address: &address, name: &name, lives: false };
                let who = of_sender(tx, &desk.ctx, &sender, channel, now).await?;
                let opening = Opening {
                    customer: who.customer,
                    id: desk.ctx.id::<CaseId>(),
                    number: case::next_number(tx).await?,
                    contact: who.contact,
                    channel,
                    follows: None,
                    subject: &subject,
                    message: id,
                    text: &words.text,
                    automatic: None,
                };
                let (mut case, begun) = Case::begin(&opening, by.id, to_team, now);
                crate::clock::insert(tx, &mut case).await?;
                append(tx, &desk, &case, &begun).await?;
                let undo = desk.answered(tx, &mut case, &by, id, &words.text, Then::Waiting).await?;
                case.meet(recipients.addresses());
                crate::clock::save(tx, &mut case).await?;
                for blob in &blobs {
                    blob::insert(tx, case.customer, case.id, blob).await?;
                }
                let body = Body { words: &words, recipients: recipients.clone(), files: files.clone() };
                let (message, html) = desk.outgoing(tx, &case, &by, id, body).await?;
                desk.keep_message(tx, &message, html.as_deref()).await?;
                desk.hold(tx, &message, &undo).await?;
                Ok(case.number)
            })
            .await
    }
}

/// Whether it can leave by this mailbox, to these people, for this team.
async fn check(tx: &Tx, by: &Member, id: ChannelId, to: &Recipients, its: Option<TeamId>) -> Result<()> {
    let all = channel::names(tx, &Scope::of(by)).await?;
    if all.iter().all(|it| it.id != id) {
        return Err(Error::invalid("channel", "There is no such mailbox."));
    }
    let ours = |it: &&domain::Email| all.iter().any(|own| own.addresses().any(|own| own.same_mailbox(it)));
    if let Some(own) = to.addresses().find(ours) {
        return Err(Error::invalid("to", format!("{own} is one of our own mailboxes.")));
    }
    if let Some(id) = its
        && team::find(tx, id).await?.is_none()
    {
        return Err(Error::invalid("team", "There is no such team."));
    }
    Ok(())
}

/// A form that comes twice begins one case; with another text it is refused.
async fn same(tx: &Tx, by: &Member, known: message::Known, text: &str) -> Result<i64> {
    let sent = message::find(tx, known.customer, known.case, known.message).await?;
    if sent.is_none_or(|it| it.staff != Some(by.id) || it.own_text() != text) {
        return Err(written_before());
    }
    let case = case::find(tx, known.customer, known.case).await?.ok_or(Error::NotFound)?;
    Ok(case.number)
}
