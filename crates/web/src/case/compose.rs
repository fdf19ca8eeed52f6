//! What somebody writes: read from a form, kept as a draft, sent.

use desk::case::{Note, Reply, Then, addresses, parties};
use desk::supplier::Forward;
use desk::{Desk, Upload};
use domain::{DraftKind, Email, EntryId, File, Forwarding, Member, Message, MessageId, Party, Recipients, Timestamp};
use store::Scope;
use store::draft::{self, Draft};
use uuid::Uuid;

use super::change::Rest;
use crate::Trouble;
use crate::app::App;
use crate::extract::FormOrMultipart;
use crate::part::{Attached, Mode};
use crate::text::{t, t_with};

/// The form of the composer.
#[derive(Clone, Debug)]
pub struct Written {
    /// What it is.
    pub mode: Mode,
    /// Its text.
    pub text: String,
    /// The same as the editor dressed it; empty if there was none.
    pub html: String,
    /// To whom, as typed.
    pub to: String,
    /// Who gets a copy, as typed.
    pub cc: String,
    /// To which supplier, as typed.
    pub supplier: String,
    /// What that answers, and what of the case goes along.
    pub with: Forwarding,
    /// Files that came with the form.
    uploads: Vec<Upload>,
    /// The id that the form was given: what comes twice with it is one thing.
    id: Option<Uuid>,
    then: Then,
    seen: Option<i64>,
    /// Files of the draft that the page showed.
    had: Vec<String>,
    /// Those of them that are still ticked.
    ticked: Vec<String>,
    /// What of its promises is kept track of.
    promises: Vec<String>,
    /// When it leaves, as it was chosen, and as it was typed.
    leaves: String,
    leaves_at: String,
}

impl Written {
    /// Reads the form, with files or without.
    pub async fn read(body: FormOrMultipart<Vec<(String, String)>>) -> Result<Written, Trouble> {
        let (fields, uploads) = body.read().await?;
        let mut written = Written {
            mode: Mode::Reply,
            text: String::new(),
            html: String::new(),
            to: String::new(),
            cc: String::new(),
            supplier: String::new(),
            with: Forwarding::default(),
            uploads,
            id: None,
            then: Then::Waiting,
            seen: None,
            had: Vec::new(),
            ticked: Vec::new(),
            promises: Vec::new(),
            leaves: String::new(),
            leaves_at: String::new(),
        };
        for (name, value) in fields {
            written.take(&name, value)?;
        }
        Ok(written)
    }

    fn take(&mut self, name: &str, value: String) -> Result<(), Trouble> {
        match (name, value.as_str()) {
            ("id", id) => self.id = Some(id.parse().map_err(|_| unknown(name))?),
            ("kind", "reply") => self.mode = Mode::Reply,
            ("kind", "note") => self.mode = Mode::Note,
            ("kind", "forward") => self.mode = Mode::Forward,
            ("text", text) => self.text = text.replace("\r\n", "\n"),
            ("html", _) => self.html = value,
            ("to", _) => self.to = value,
            ("cc", _) => self.cc = value,
            ("supplier", _) => self.supplier = value,
            ("answers", id) => self.with.answers = Some(id.parse().map_err(|_| unknown(name))?),
            ("along", id) => self.with.along.push(id.parse().map_err(|_| unknown(name))?),
            ("along-file", _) => self.with.files.push(value),
            ("then", "waiting" | "keep") => self.then = Then::Waiting,
            ("then", "open") => self.then = Then::Open,
            ("then", "resolved") => self.then = Then::Resolved,
            ("seen", number) => self.seen = Some(number.parse().map_err(|_| unknown(name))?),
            ("had", _) => self.had.push(value),
            ("file", _) => self.ticked.push(value),
            ("promise", _) => self.promises.push(value),
            ("leaves", _) => self.leaves = value,
            ("leaves-at", _) => self.leaves_at = value,
            _ => return Err(unknown(name)),
        }
        Ok(())
    }

    /// Whether the form has nothing that is worth keeping.
    pub fn is_nothing(&self) -> bool {
        self.text.trim().is_empty() && self.uploads.is_empty() && self.had.is_empty()
    }

    /// The files that came with the form.
    pub fn into_uploads(self) -> Vec<Upload> {
        self.uploads
    }

    /// When it shall leave, if not at once.
    pub async fn leaves(&self, app: &App) -> Result<Option<Timestamp>, Trouble> {
        if self.mode != Mode::Reply || self.leaves.is_empty() {
            return Ok(None);
        }
        Rest { until: self.leaves.clone(), at: self.leaves_at.clone() }.moment(app).await.map(Some)
    }

    /// Sends it, with the files that its page showed ticked and those that came with it.
    pub async fn send(&self, desk: &Desk, by: &Member, number: i64, leaves: Option<Timestamp>) -> desk::Result<()> {
        if !self.dropped().is_empty() {
            let scope = Scope::of(by);
            if let Some(draft) = desk.db.read(async move |rx| draft::own(rx, &scope, number).await).await? {
                self.detach(desk, by, number, &draft).await?;
            }
        }
        let (text, files, uploads) = (self.text.clone(), self.ticked.clone(), self.uploads.clone());
        let (id, html) = (self.id.map(MessageId), Some(self.html.clone()));
        match self.mode {
            Mode::Note => return desk.note(by, number, Note { id: self.id.map(EntryId), text, files, uploads }).await,
            Mode::Forward => {
                let recipients = Recipients { to: addresses("supplier", &self.supplier)?, cc: Vec::new() };
                let forward = Forward { id, text, html, recipients, with: self.with.clone(), files, uploads };
                return desk.forward(by, number, forward).await.map(drop);
            }
            Mode::Reply => {}
        }
        let recipients = Recipients { to: addresses("to", &self.to)?, cc: addresses("cc", &self.cc)? };
        let (then, seen) = (self.then, self.seen);
        let reply = Reply { id, text, html, recipients, then, seen, leaves, files, uploads };
        desk.reply_promising(by, number, reply, self.promises.clone()).await.map(drop)
    }

    /// Keeps it as a draft, with the files that came with it. An address that is only half typed is left out.
    pub async fn keep(&self, desk: &Desk, by: &Member, number: i64) -> desk::Result<Draft> {
        for upload in &self.uploads {
            match desk.attach(by, number, upload.clone()).await {
                // A file that cannot be taken at all: the rest is worth keeping.
                Ok(_) | Err(desk::Error::Invalid { .. }) => {}
                Err(err) => return Err(err),
            }
        }
        let (kind, to, cc) = match self.mode {
            Mode::Reply => (DraftKind::Reply, sound(&self.to), sound(&self.cc)),
            Mode::Note => (DraftKind::Note, sound(&self.to), sound(&self.cc)),
            Mode::Forward => (DraftKind::Forward(self.with.clone()), sound(&self.supplier), Vec::new()),
        };
        let html = Some(self.html.as_str());
        let draft = desk.keep_draft(by, number, kind, &self.text, html, Recipients { to, cc }).await?;
        self.detach(desk, by, number, &draft).await?;
        Ok(draft)
    }

    /// What was taken out: shown and no longer ticked. What the page did not know of stays.
    fn dropped(&self) -> Vec<&String> {
        self.had.iter().filter(|it| !self.ticked.contains(it)).collect()
    }

    async fn detach(&self, desk: &Desk, by: &Member, number: i64, draft: &Draft) -> desk::Result<()> {
        let dropped = self.dropped();
        // From the end, so that the places of the others stay.
        for (place, file) in draft.files.iter().enumerate().rev() {
            if dropped.iter().any(|it| **it == file.hash) {
                desk.detach(by, number, place).await?;
            }
        }
        Ok(())
    }
}

fn unknown(name: &str) -> Trouble {
    let name: String = name.chars().take(40).collect();
    Trouble::bad(t_with("bad-field", &[("name", name.into())]))
}

fn sound(typed: &str) -> Vec<Party> {
    parties(typed).into_iter().flatten().collect()
}

/// A file of a draft, as the composer shows it.
pub fn attached(file: &File) -> Attached<'_> {
    Attached { id: &file.hash, name: &file.name, bytes: file.size }
}

/// Whom an answer to this message would reach: where its sender wants answers, and everybody to whom it went who is not
/// us. Whoever gave no name is called as they are `known`.
pub fn everybody(answered: &Message, own: &[Email], known: &[(String, String)]) -> Recipients {
    let theirs =
        |it: &&Party| it.address.as_ref().is_some_and(|it| !own.contains(it) && !own.contains(&it.without_tag()));
    let mut seen = Vec::new();
    let mut fresh = |it: &&Party| {
        let new = !seen.contains(&it.address);
        seen.push(it.address.clone());
        new
    };
    let named = |it: &Party| {
        let address = it.address.as_ref().map_or("", Email::as_str);
        let name = known.iter().find(|known| it.name.is_empty() && known.1 == address).map(|it| it.0.clone());
        Party { name: name.unwrap_or_else(|| it.name.clone()), address: it.address.clone() }
    };
    let wanted = answered.reply_to.iter().filter(theirs).filter(&mut fresh);
    let mut to: Vec<Party> = wanted.map(named).collect();
    if to.is_empty() {
        to = [&answered.sender].into_iter().filter(theirs).filter(&mut fresh).map(named).collect();
    }
    let rest = answered.recipients.to.iter().chain(&answered.recipients.cc);
    let cc: Vec<Party> = rest.filter(theirs).filter(&mut fresh).map(named).collect();
    Recipients { to, cc }
}

/// Names and addresses with commas between, as they are typed.
pub fn typed(parties: &[Party]) -> String {
    let one = |it: &Party| {
        let address = it.address.as_ref()?.as_str();
        // What would end a name early, or make another address of it, is left out.
        let name: String = it.name.chars().filter(|it| !it.is_control() && !matches!(it, '"' | '<' | '>')).collect();
        Some(match name.trim() {
            "" => address.to_owned(),
            name if name.contains('@') => address.to_owned(),
            name if name.contains([',', ';']) => format!("\"{name}\" <{address}>"),
            name => format!("{name} <{address}>"),
        })
    };
    parties.iter().filter_map(one).collect::<Vec<_>>().join(", ")
}

/// Who that is, shortly: first names where we know them.
pub fn names(to: &str, cc: &str, known: &[(String, String)]) -> String {
    let name = |it: Result<Party, String>| {
        let (name, address) = match it {
            Ok(it) => (it.name, it.address.map(|it| it.to_string()).unwrap_or_default()),
            Err(typed) => return typed,
        };
        let found = known.iter().find(|it| it.1.eq_ignore_ascii_case(&address)).map(|it| it.0.as_str());
        let first = found.filter(|_| name.is_empty()).unwrap_or(&name).split_whitespace().next();
        first.map_or(address.clone(), |it| it.trim_end_matches(',').to_owned())
    };
    let parts = parties(to).into_iter().chain(parties(cc));
    let names: Vec<String> = parts.map(name).collect();
    if names.is_empty() { t("to-nobody").to_owned() } else { names.join(", ") }
}
