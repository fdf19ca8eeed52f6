//! What somebody has begun to write, kept while they write it.

use domain::{Case, DraftKind, Member, Recipients, Timestamp};
use store::draft::{self, Draft, Key};
use store::{Lock, blob};

use crate::case::{TEXT, bounded, case_of, fit_into_a_mail, prepare};
use crate::{Desk, Error, Result, Upload, picture};

/// The draft of this person in this case.
pub(crate) fn key(case: &Case, by: &Member) -> Key {
    Key { customer: case.customer, case: case.id, staff: by.id }
}

/// A draft in which nothing stands yet.
pub(crate) fn nothing(at: Timestamp) -> Draft {
    let (kind, text, recipients) = (DraftKind::Reply, String::new(), Recipients::default());
    Draft { kind, text, html: None, recipients, files: Vec::new(), at }
}

/// What somebody has written, as it is kept and sent: its text, its HTML if that says more, and the hashes of the
/// pictures in it.
pub(crate) struct Words {
    pub text: String,
    pub html: Option<String>,
    pub pictures: Vec<String>,
}

impl Words {
    /// From what a form has: the text as it was typed, and what an editor made of it. A picture there is `cid:` and the
    /// hash of its file.
    pub(crate) fn of(text: &str, html: Option<&str>) -> Result<Words> {
        let plain = |text: &str| Words { text: text.to_owned(), html: None, pictures: Vec::new() };
        let Some(html) = html.filter(|it| !it.trim().is_empty()) else { return Ok(plain(text)) };
        let too_long = || Error::invalid("text", "This text is longer than 1 MB: attach it as a file.");
        if html.len() > 2 * TEXT {
            return Err(too_long());
        }
        let clean = mail::written(html).ok_or_else(too_long)?;
        if !clean.is_rich {
            return Ok(plain(text));
        }
        Ok(Words { text: mail::text_of(&clean.html), html: Some(clean.html), pictures: clean.pictures })
    }

    /// The HTML with its pictures by the hashes of their files.
    fn kept(&self) -> Option<String> {
        let source = &mut |at: usize| self.pictures.get(at).map(|it| format!("cid:{it}"));
        self.html.as_ref().map(|it| mail::with_pictures(it, source))
    }
}

/// The most files that one message may have.
const FILES: usize = 20;

impl Desk {
    /// Keeps what is written so far. An empty draft without files is none.
    pub async fn keep_draft(
        &self,
        by: &Member,
        number: i64,
        kind: DraftKind,
        text: &str,
        html: Option<&str>,
        recipients: Recipients,
    ) -> Result<Draft> {
        bounded(text, &recipients)?;
        let words = Words::of(text, html)?;
        self.change_draft(by, number, async move |_, draft, _| {
            draft.kind.clone_from(&kind);
            draft.text.clone_from(&words.text);
            draft.html = words.kept();
            draft.recipients = recipients.clone();
            Ok(())
        })
        .await
    }

    /// Puts text into a draft, behind what is written there. A note stays a note.
    pub async fn put_in_draft(&self, by: &Member, number: i64, text: &str) -> Result<Draft> {
        bounded(text, &Recipients::default())?;
        let text = text.to_owned();
        self.change_draft(by, number, async move |_, draft, _| {
            let written = draft.text.trim_end();
            if let Some(html) = &mut draft.html {
                html.push_str(&mail::html_of(&text));
            }
            draft.text = if written.is_empty() { text.clone() } else { format!("{written}\n\n{text}") };
            bounded(&draft.text, &draft.recipients)
        })
        .await
    }

    /// Adds a file to a draft; answers its place among the draft's files.
    pub async fn attach(&self, by: &Member, number: i64, upload: Upload) -> Result<Draft> {
        self.add_file(by, number, upload, false).await
    }

    /// Adds a picture that stands in the text of a draft.
    pub async fn attach_picture(&self, by: &Member, number: i64, upload: Upload) -> Result<Draft> {
        self.add_file(by, number, upload, true).await
    }

    async fn add_file(&self, by: &Member, number: i64, upload: Upload, inline: bool) -> Result<Draft> {
        self.place_for(by, number).await?;
        if inline && picture(&upload.bytes).is_none() {
            let why = "This is no picture that a mail can show: attach it as a file.";
            return Err(Error::invalid("file", why));
        }
        let (mut files, blobs) = prepare(vec![upload])?;
        for it in &mut files {
            it.inline = inline;
        }
        blob::keep(&self.db, &blobs).await?;
        self.change_draft(by, number, async move |tx, draft, case| {
            if draft.files.len() >= FILES {
                return Err(Error::invalid("file", format!("A message has at most {FILES} files.")));
            }
            for blob in &blobs {
                blob::insert(tx, case.customer, case.id, blob).await?;
            }
            draft.files.extend(files.iter().cloned());
            if draft.kind == DraftKind::Note { Ok(()) } else { fit_into_a_mail(&draft.files) }
        })
        .await
    }

    /// Takes a file from a draft. Its bytes stay where something else in the case has them too.
    pub async fn detach(&self, by: &Member, number: i64, file: usize) -> Result<Draft> {
        self.change_draft(by, number, async move |_, draft, _| {
            if file >= draft.files.len() {
                return Err(Error::NotFound);
            }
            draft.files.remove(file);
            Ok(())
        })
        .await
    }

    async fn change_draft<F>(&self, by: &Member, number: i64, change: F) -> Result<Draft>
    where
        F: AsyncFn(&mut store::Tx, &mut Draft, &Case) -> Result<()> + Send + 'static,
    {
        let place = self.place(number).await?;
        let (desk, by) = (self.clone(), by.clone());
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                let case = case_of(tx, &by, number).await?;
                let key = key(&case, &by);
                let mut draft = draft::find(tx, key).await?.unwrap_or_else(|| nothing(desk.now()));
                let before = draft.files.clone();
                change(tx, &mut draft, &case).await?;
                draft.at = desk.now();
                if draft.text.trim().is_empty() && draft.files.is_empty() {
                    draft::delete(tx, key).await?;
                } else {
                    draft::save(tx, key, &draft).await?;
                }
                for gone in before.iter().filter(|it| !draft.files.contains(it)) {
                    blob::let_go(tx, case.customer, case.id, &gone.hash).await?;
                }
                Ok(draft)
            })
            .await
    }
}
