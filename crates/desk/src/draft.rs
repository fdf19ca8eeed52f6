//! What somebody has begun to write, kept while they write it.

use domain::{Case, Member, Recipients};
use store::draft::{self, Draft, Key};
use store::{Lock, blob};

use crate::case::{bounded, case_of, fit_into_a_mail, prepare};
use crate::{Desk, Error, Result, Upload};

/// The draft of this person in this case.
pub(crate) fn key(case: &Case, by: &Member) -> Key {
    Key { customer: case.customer, case: case.id, staff: by.id }
}

/// The most files that one message may have.
const FILES: usize = 20;

impl Desk {
    /// Keeps what is written so far. An empty draft without files is none.
    pub async fn keep_draft(
        &self,
        by: &Member,
        number: i64,
        note: bool,
        text: &str,
        recipients: Recipients,
    ) -> Result<Draft> {
        bounded(text, &recipients)?;
        let text = text.to_owned();
        self.change_draft(by, number, async move |_, draft, _| {
            draft.note = note;
            draft.text.clone_from(&text);
            draft.recipients = recipients.clone();
            Ok(())
        })
        .await
    }

    /// Adds a file to a draft; answers its place among the draft's files.
    pub async fn attach(&self, by: &Member, number: i64, upload: Upload) -> Result<Draft> {
        self.place_for(by, number).await?;
        let (files, blobs) = prepare(vec![upload])?;
        blob::keep(&self.db, &blobs).await?;
        self.change_draft(by, number, async move |tx, draft, case| {
            if draft.files.len() >= FILES {
                return Err(Error::invalid("file", format!("A message has at most {FILES} files.")));
            }
            for blob in &blobs {
                blob::insert(tx, case.customer, case.id, blob).await?;
            }
            draft.files.extend(files.iter().cloned());
            if draft.note { Ok(()) } else { fit_into_a_mail(&draft.files) }
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
                let mut draft = draft::find(tx, key).await?.unwrap_or_else(|| Draft {
                    note: false,
                    text: String::new(),
                    recipients: Recipients::default(),
                    files: Vec::new(),
                    at: desk.now(),
                });
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
