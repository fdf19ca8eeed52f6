//! Taking an answer back before it leaves, and writing one anew that could not leave.

use domain::{
    Actor, Case, DraftKind, Email, FoldKind, Forwarding, Member, Message, MessageId, MessageState, Party, Recipients,
};
use store::draft::{self, Draft};
use store::message::Known;
use store::{Lock, Tx, message, outbox};

use crate::case::{append, case_of};
use crate::draft::{key, nothing};
use crate::{Desk, Error, Result};

impl Desk {
    /// Takes an answer back, if it has not begun to leave: it becomes a draft again, and the case what it was before.
    pub async fn take_back(&self, by: &Member, number: i64, id: MessageId) -> Result<()> {
        let place = self.place(number).await?;
        let (desk, by) = (self.clone(), by.clone());
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                let mut case = case_of(tx, &by, number).await?;
                let message = ours(tx, &case, id).await?;
                if message.staff != Some(by.id) {
                    return Err(Error::Conflict("Only whoever wrote a message can take it back.".to_owned()));
                }
                let sending = outbox::of_message(tx, case.customer, message.case, id).await?.ok_or(Error::NotFound)?;
                let Some(undo) = outbox::take_back(tx, &sending, desk.now()).await? else {
                    return Err(too_late(message.state));
                };
                message::set_state(tx, &message, MessageState::TakenBack, None).await?;
                let entry = case.take_back(id, undo.before, &undo.after, Actor::Staff(by.id), desk.now())?;
                append(tx, &desk, &case, &entry).await?;
                crate::promise::withdraw(tx, &mut case, id).await?;
                crate::clock::save(tx, &mut case).await?;
                desk.back_to_draft(tx, &case, &by, &message, message.recipients.clone()).await
            })
            .await
    }

    /// Puts an answer that did not reach everybody back as a draft, so that it can be changed and sent again: to whom it
    /// did not reach, or to `to` if that is given.
    pub async fn write_anew(&self, by: &Member, number: i64, id: MessageId, to: Option<Email>) -> Result<()> {
        let place = self.place(number).await?;
        let (desk, by) = (self.clone(), by.clone());
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                let case = case_of(tx, &by, number).await?;
                let message = ours(tx, &case, id).await?;
                let missed: Vec<&Email> =
                    message.hindrance.iter().flat_map(|it| &it.missed).map(|it| &it.address).collect();
                let recipients = match (&to, message.state) {
                    (_, state) if state != MessageState::Failed && missed.is_empty() => {
                        return Err(Error::Conflict("This message did not fail.".to_owned()));
                    }
                    (Some(to), _) => Recipients { to: vec![Party::from(to.clone())], cc: Vec::new() },
                    (None, MessageState::Failed) if missed.is_empty() => message.recipients.clone(),
                    (None, _) => only(&message.recipients, &missed),
                };
                desk.back_to_draft(tx, &case, &by, &message, recipients).await
            })
            .await
    }

    /// Makes a message the draft of whoever wrote it, before what they have begun since. Where that is a note it stays
    /// one: nothing of it is to leave by accident.
    async fn back_to_draft(
        &self,
        tx: &mut Tx,
        case: &Case,
        by: &Member,
        message: &Message,
        recipients: Recipients,
    ) -> Result<()> {
        let place = key(case, by);
        let begun = draft::find(tx, place).await?.unwrap_or_else(|| nothing(self.now()));
        let before = forwarding(tx, message).await?.map_or(DraftKind::Reply, DraftKind::Forward);
        let is_begun = !begun.text.trim().is_empty() || !begun.files.is_empty();
        let kind = if is_begun { before.joined(&begun.kind) } else { before.clone() };
        let html = if message.has_html { message::own_html(tx, Known::from(message)).await? } else { None };
        let html = html.map(|it| named(own_html(&it, message), message));
        let text = message.own_text();
        let (text, html) = match (begun.text.trim(), html, begun.html) {
            ("", html, _) => (text.to_owned(), html),
            (more, None, None) => (format!("{text}\n\n{more}"), None),
            (more, html, other) => {
                let html = html.unwrap_or_else(|| mail::html_of(text));
                let other = other.unwrap_or_else(|| mail::html_of(more));
                (format!("{text}\n\n{more}"), Some(html + &other))
            }
        };
        let mut files = message.files.clone();
        files.extend(begun.files.iter().filter(|it| !message.files.contains(it)).cloned());
        // Nobody is asked whom a note is for.
        let stays = before.forwarding().is_none() || kind.forwarding().is_some();
        let recipients = if stays { recipients } else { begun.recipients };
        let draft = Draft { kind, text, html, recipients, files, at: self.now() };
        Ok(draft::save(tx, place, &draft).await?)
    }
}

/// A message of ours in this case.
async fn ours(tx: &Tx, case: &Case, id: MessageId) -> Result<Message> {
    let found = message::find(tx, case.customer, case.id, id).await?;
    found.filter(|it| it.staff.is_some()).ok_or(Error::NotFound)
}

fn too_late(state: MessageState) -> Error {
    Error::Conflict(
        match state {
            MessageState::TakenBack => "This message is taken back already.",
            MessageState::Failed => "This message did not leave. You can change it and send it again.",
            _ => "It is too late: the message has begun to leave.",
        }
        .to_owned(),
    )
}

/// What it was about, where it was for a supplier. The files that went along are the draft's by now.
async fn forwarding(tx: &Tx, message: &Message) -> Result<Option<Forwarding>> {
    let Some(with) = &message.supplier else { return Ok(None) };
    let answers = match &message.in_reply_to {
        Some(id) => message::known(tx, id).await?.map(|it| it.message),
        None => None,
    };
    Ok(Some(Forwarding { answers, along: with.along.clone(), files: Vec::new() }))
}

/// The HTML of its author, without what was put below it.
fn own_html<'h>(html: &'h str, message: &Message) -> &'h str {
    let below = |kind| message.folded.iter().any(|it| it.kind == kind);
    let html = if below(FoldKind::Forward) { mail::passing::above(html) } else { html };
    if below(FoldKind::Signature) { mail::signature::above(html) } else { html }
}

/// HTML of a message as a draft has it: each picture by the hash of its file.
fn named(html: &str, message: &Message) -> String {
    let source = &mut |at: usize| message.files.get(at).map(|it| format!("cid:{}", it.hash));
    let named = mail::with_pictures(html, source);
    let Some(clean) = mail::written(&named) else { return String::new() };
    mail::with_pictures(&clean.html, &mut |at| clean.pictures.get(at).map(|it| format!("cid:{it}")))
}

/// Those of the recipients who are among `some`.
fn only(all: &Recipients, some: &[&Email]) -> Recipients {
    let among =
        |it: &&Party| it.address.as_ref().is_some_and(|it| some.contains(&it) || some.contains(&&mail::ascii(it)));
    let of = |parties: &[Party]| parties.iter().filter(among).cloned().collect();
    Recipients { to: of(&all.to), cc: of(&all.cc) }
}
