//! A mail that cannot be read is taken in all the same, because somebody wants it: with what can be told of it, and the
//! mail itself as a file.

use domain::{ChannelId, Email, File, InboundId, Member, Right};
use store::blob::Blob;
use store::{grave, inbound};

use crate::case::parties;
use crate::mail::{Mailbox, Receipt, prepare};
use crate::{Desk, Error, Result};

impl Desk {
    /// Files a mail that lies in quarantine as it is; answers the number of its case. None if it lies there no longer.
    pub async fn release_inbound(&self, by: &Member, channel: ChannelId, id: InboundId) -> Result<Option<i64>> {
        if !by.role.may(Right::Settings) {
            return Err(Error::NotFound);
        }
        let kept = self.db.read(async move |rx| inbound::find(rx, id).await).await?;
        let Some(it) = kept.filter(|it| it.channel == channel) else { return Ok(None) };
        let mailbox = self.mailbox(channel).await?.ok_or(Error::NotFound)?;
        let found = salvage(&it.raw);
        let letter = letter(&mailbox, id, &found, it.error.as_deref().unwrap_or_default(), &by.name);
        let mut prepared = prepare(letter.into(), &mailbox, &self.keys).await.map_err(Error::Internal)?;
        prepared.salvaged = true;
        let blob = Blob::new(it.raw.clone());
        prepared.files.push(File {
            name: "mail.eml".to_owned(),
            media_type: "message/rfc822".to_owned(),
            size: blob.size(),
            hash: blob.hash.clone(),
            inline: false,
        });
        prepared.blobs.push(blob);
        let number = match self.file(&mailbox, prepared, it.at, Some((id, None))).await? {
            Receipt::Filed(filed) | Receipt::Known(filed) => Some(filed.number),
            Receipt::Deleted | Receipt::Quarantined { .. } => None,
        };
        // A mailbox that is read again from its beginning shows it once more.
        let hash = it.hash;
        self.db.write([], async move |tx| grave::dig(tx, &hash).await).await?;
        tracing::warn!(%channel, inbound = %id, by = %by.id, "a mail that could not be processed was taken in as it is");
        Ok(number)
    }
}

/// What can be told of a mail that cannot be read.
#[derive(Debug, Default, PartialEq, Eq)]
struct Salvaged {
    from: Option<Email>,
    subject: String,
}

/// How much of a mail is looked at.
const HEAD: usize = 64 * 1024;
/// How much of a subject is kept, in bytes.
const SUBJECT: usize = 500;

/// Whoever it names first in the fields that name somebody who could be answered.
fn salvage(raw: &[u8]) -> Salvaged {
    let head = String::from_utf8_lossy(&raw[..raw.len().min(HEAD)]).replace("\r\n", "\n").replace(['\r', '\0'], "\n");
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut envelope = None;
    for line in head.trim_start_matches('\n').lines() {
        if line.is_empty() {
            break;
        }
        match (line.starts_with([' ', '\t']), fields.last_mut(), line.split_once(':')) {
            (true, Some(last), _) => last.1.push_str(line),
            // The line by which a mail file begins.
            _ if line.starts_with("From ") => envelope = line.split(' ').nth(1).and_then(Email::parse),
            (_, _, Some((name, value))) => fields.push((name.trim().to_lowercase(), value.to_owned())),
            _ => {}
        }
    }
    let field = |name: &str| fields.iter().find(|it| it.0 == name).map(|it| it.1.as_str());
    let address = |name: &&str| parties(field(name)?).into_iter().find_map(|it| it.ok()?.address);
    let from =
        ["from", "sender", "reply-to", "return-path", "x-envelope-from", "envelope-from"].iter().find_map(address);
    let subject = field("subject").unwrap_or_default();
    let subject: String = subject.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    Salvaged { from: from.or(envelope), subject: cut(subject.trim(), SUBJECT).to_owned() }
}

fn cut(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A mail that can be read, in the place of one that cannot. Where nobody is named, nobody else's mail joins.
fn letter(mailbox: &Mailbox, id: InboundId, found: &Salvaged, why: &str, by: &str) -> Vec<u8> {
    let from = match &found.from {
        Some(from) => format!("<{from}>"),
        None => format!("\"Unknown sender\" <unknown-{id}@sender.invalid>"),
    };
    let (to, domain) = (&mailbox.address, mailbox.address.domain());
    let by: String = by.chars().filter(|it| !it.is_control()).collect();
    format!(
        "From: {from}\r\nTo: <{to}>\r\nSubject: {}\r\nMessage-ID: <released.{id}@{domain}>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
         This mail could not be read. {why}\r\n{by} took it in as it is: it is attached as mail.eml.\r\n\
         Who sent it and what it is about is what its header claims.\r\n",
        found.subject
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_broken_header_tells_is_found() {
        for (raw, from, subject) in [
            ("From: Ann <ann@x.example>\r\nSubject: Help\r\n\r\nFrom: b@y.example\r\n", "ann@x.example", "Help"),
            ("Subject: a\r\n b\r\nReturn-Path: <ann@x.example>\r\n", "ann@x.example", "a b"),
            ("From ann@x.example Mon Nov 9\nSubject: x\n\n", "ann@x.example", "x"),
            ("\n\nFROM :\0 nobody\nSender: ann@x.example\n\n", "ann@x.example", ""),
            ("From: nobody\n\nann@x.example", "", ""),
            ("", "", ""),
        ] {
            let found = salvage(raw.as_bytes());
            assert_eq!(found.from.map(|it| it.to_string()).unwrap_or_default(), from, "{raw}");
            assert_eq!(found.subject, subject, "{raw}");
        }
        let found = salvage(&[b"Subject: ".as_slice(), &[0xc3, 0xa4].repeat(400), b"\nFrom: a@b.example"].concat());
        assert_eq!((found.subject.len(), found.from.is_some()), (500, true));
    }
}
