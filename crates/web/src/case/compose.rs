//! What somebody writes: read from a form, kept as a draft, sent.

use desk::case::{Reply, Then, addresses};
use desk::{Desk, Upload};
use domain::{Email, File, Member, Message, Party, Recipients};
use store::Scope;
use store::draft::{self, Draft};

use crate::Trouble;
use crate::extract::FormOrMultipart;
use crate::part::Attached;
use crate::text::{t, t_with};

/// The form of the composer.
#[derive(Clone, Debug)]
pub struct Written {
    /// Whether it is a note.
    pub note: bool,
    /// Its text.
    pub text: String,
    /// To whom, as typed.
    pub to: String,
    /// Who gets a copy, as typed.
    pub cc: String,
    /// Files that came with the form.
    pub uploads: Vec<Upload>,
    then: Then,
    seen: Option<i64>,
    /// Files of the draft that the page showed.
    had: Vec<String>,
    /// Those of them that are still ticked.
    ticked: Vec<String>,
}

impl Written {
    /// Reads the form, with files or without.
    pub async fn read(body: FormOrMultipart<Vec<(String, String)>>) -> Result<Written, Trouble> {
        let mut written = Written {
            note: false,
            text: String::new(),
            to: String::new(),
            cc: String::new(),
            uploads: Vec::new(),
            then: Then::Waiting,
            seen: None,
            had: Vec::new(),
            ticked: Vec::new(),
        };
        match body {
            FormOrMultipart::Form(pairs) => {
                for (name, value) in pairs {
                    written.take(&name, value)?;
                }
            }
            FormOrMultipart::Multipart(mut parts) => {
                while let Some(part) = parts.next_field().await? {
                    let name = part.name().unwrap_or_default().to_owned();
                    if name == "files" {
                        let label = part.file_name().unwrap_or_default().to_owned();
                        let media_type = part.content_type().unwrap_or("application/octet-stream").to_owned();
                        let bytes = part.bytes().await?.to_vec();
                        // A field of files into which nobody put one.
                        if !label.is_empty() || !bytes.is_empty() {
                            written.uploads.push(Upload { name: label, media_type, bytes });
                        }
                    } else {
                        written.take(&name, part.text().await?)?;
                    }
                }
            }
        }
        Ok(written)
    }

    fn take(&mut self, name: &str, value: String) -> Result<(), Trouble> {
        match (name, value.as_str()) {
            ("kind", "reply") => self.note = false,
            ("kind", "note") => self.note = true,
            ("text", text) => self.text = text.replace("\r\n", "\n"),
            ("to", _) => self.to = value,
            ("cc", _) => self.cc = value,
            ("then", "waiting" | "keep") => self.then = Then::Waiting,
            ("then", "open") => self.then = Then::Open,
            ("then", "resolved") => self.then = Then::Resolved,
            ("seen", number) => self.seen = Some(number.parse().map_err(|_| unknown(name))?),
            ("had", _) => self.had.push(value),
            ("file", _) => self.ticked.push(value),
            _ => return Err(unknown(name)),
        }
        Ok(())
    }

    /// Sends it. The files that came with the form are with the draft by then, should the rest be refused.
    pub async fn send(&mut self, desk: &Desk, by: &Member, number: i64) -> desk::Result<()> {
        for upload in std::mem::take(&mut self.uploads) {
            desk.attach(by, number, upload).await?;
        }
        if !self.dropped().is_empty() {
            let scope = Scope::of(by);
            if let Some(draft) = desk.db.read(async move |rx| draft::own(rx, &scope, number).await).await? {
                self.detach(desk, by, number, &draft).await?;
            }
        }
        if self.note {
            return desk.note(by, number, &self.text, Vec::new()).await;
        }
        let recipients = Recipients { to: addresses("to", &self.to)?, cc: addresses("cc", &self.cc)? };
        let reply =
            Reply { text: self.text.clone(), recipients, then: self.then, seen: self.seen, uploads: Vec::new() };
        desk.reply(by, number, reply).await.map(drop)
    }

    /// Keeps it as a draft. An address that is only half typed is left out.
    pub async fn keep(&self, desk: &Desk, by: &Member, number: i64) -> desk::Result<()> {
        let recipients = Recipients { to: sound(&self.to), cc: sound(&self.cc) };
        let draft = desk.keep_draft(by, number, self.note, &self.text, recipients).await?;
        self.detach(desk, by, number, &draft).await
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
    let parts = typed.split([',', ';']).flat_map(str::split_whitespace);
    parts.filter_map(|it| Email::parse(it.trim_matches(['<', '>', '"']))).map(Party::from).collect()
}

/// A file of a draft, as the composer shows it.
pub fn attached(file: &File) -> Attached<'_> {
    Attached { id: &file.hash, name: &file.name, bytes: file.size }
}

/// Whom an answer to this message would reach: its sender, and everybody to whom it went who is not us.
pub fn everybody(answered: &Message, own: &[Email]) -> Recipients {
    let theirs =
        |it: &&Party| it.address.as_ref().is_some_and(|it| !own.contains(it) && !own.contains(&it.without_tag()));
    let mut seen = Vec::new();
    let mut fresh = |it: &&Party| {
        let new = !seen.contains(&it.address);
        seen.push(it.address.clone());
        new
    };
    let to: Vec<Party> = [&answered.sender].into_iter().filter(theirs).filter(&mut fresh).cloned().collect();
    let rest = answered.recipients.to.iter().chain(&answered.recipients.cc);
    let cc: Vec<Party> = rest.filter(theirs).filter(&mut fresh).cloned().collect();
    Recipients { to, cc }
}

/// Addresses with commas between, as they are typed.
pub fn typed(parties: &[Party]) -> String {
    let addresses: Vec<&str> = parties.iter().filter_map(|it| it.address.as_ref()).map(Email::as_str).collect();
    addresses.join(", ")
}

/// Who that is, shortly: first names where we know them.
pub fn names(to: &str, cc: &str, known: &[(String, String)]) -> String {
    let parts = [to, cc].into_iter().flat_map(|it| it.split([',', ';'])).flat_map(str::split_whitespace);
    let name = |address: &str| {
        let found = known.iter().find(|it| it.1.eq_ignore_ascii_case(address));
        let first = found.and_then(|it| it.0.split_whitespace().next());
        first.map_or_else(|| address.to_owned(), |it| it.trim_end_matches(',').to_owned())
    };
    let names: Vec<String> = parts.map(name).collect();
    if names.is_empty() { t("to-nobody").to_owned() } else { names.join(", ") }
}
