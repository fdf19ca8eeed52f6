//! The commands that list mails and bring them in.

use std::collections::HashMap;
use std::time::Duration;

use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response};
use tokio::time::timeout;

use super::{ReadError, Session, refused};
use crate::imap::{LARGEST_MAIL, date};

/// How many bytes of a mail are asked for at once: nothing larger is ever held twice.
pub(crate) const PART: u32 = 4 << 20;

/// How many bytes of the headers of a mail that is too large are read.
const LARGEST_HEADERS: u32 = 256 * 1024;

/// How long a list may take, whatever comes meanwhile: a server that talks without end must not hold its reader.
const LIST: Duration = Duration::from_secs(90);

/// The slowest line on which mails are read, in bytes a second.
const SLOWEST: u64 = 64 * 1024;

/// What is known of a mail before it is fetched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listed {
    /// Its number in the folder.
    pub(crate) uid: u32,
    /// Its size in bytes; some servers only guess.
    pub(crate) size: u32,
    /// INTERNALDATE in microseconds since 1970 UTC.
    pub(crate) at: Option<i64>,
}

impl Session {
    /// The mails behind `uid`, lowest first.
    pub(crate) async fn list(&mut self, uid: u32) -> Result<Vec<Listed>, ReadError> {
        self.news = false;
        let mut listed = Vec::new();
        if self.exists == 0 || uid == u32::MAX {
            return Ok(listed);
        }
        let line = format!("UID FETCH {}:* (UID RFC822.SIZE INTERNALDATE)", uid + 1);
        let learn = |response: &Response<'_>| {
            if let Response::Fetch(_, attributes) = response {
                listed.extend(listing(attributes));
            }
        };
        refused(timeout(LIST, self.command(&line, learn)).await??)?;
        // `*` is the last mail even when that lies before the range (RFC 3501 §6.4.8).
        listed.retain(|mail| mail.uid > uid);
        listed.sort_unstable_by_key(|mail| mail.uid);
        listed.dedup_by_key(|mail| mail.uid);
        Ok(listed)
    }

    /// When the newest mail of the folder arrived; microseconds since 1970 UTC.
    pub(crate) async fn newest(&mut self) -> Result<Option<i64>, ReadError> {
        let mut newest = None;
        if self.exists == 0 {
            return Ok(newest);
        }
        let line = format!("FETCH {} (UID RFC822.SIZE INTERNALDATE)", self.exists);
        let learn = |response: &Response<'_>| {
            if let Response::Fetch(_, attributes) = response {
                newest = newest.max(listing(attributes).and_then(|mail| mail.at));
            }
        };
        refused(timeout(self.pace.answer, self.command(&line, learn)).await??)?;
        Ok(newest)
    }

    /// The highest UID of the folder, 0 if it is empty.
    pub(super) async fn highest(&mut self) -> Result<u32, ReadError> {
        let mut highest = 0;
        if self.exists == 0 {
            return Ok(highest);
        }
        let learn = |response: &Response<'_>| {
            if let Response::Fetch(_, attributes) = response {
                highest = highest.max(uid_of(attributes).unwrap_or(0));
            }
        };
        refused(timeout(self.pace.answer, self.command("UID FETCH * (UID)", learn)).await??)?;
        Ok(highest)
    }

    /// The lowest UID of the mails that came on the day before `at` (microseconds since 1970 UTC) or later.
    pub(crate) async fn lowest_since(&mut self, at: i64) -> Result<Option<u32>, ReadError> {
        let mut lowest: Option<u32> = None;
        let Some(day) = date::day_before(at) else { return Ok(None) };
        let learn = |response: &Response<'_>| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                lowest = lowest.into_iter().chain(uids.iter().copied()).min();
            }
        };
        refused(timeout(LIST, self.command(&format!("UID SEARCH SINCE {day}"), learn)).await??)?;
        Ok(lowest)
    }

    /// The UIDs up to `last` of the mails that came on the day before `at` (microseconds since 1970 UTC) or later, lowest
    /// first.
    pub(crate) async fn since(&mut self, at: i64, last: u32) -> Result<Vec<u32>, ReadError> {
        let mut found = Vec::new();
        let Some(day) = date::day_before(at) else { return Ok(found) };
        if self.exists == 0 || last == 0 {
            return Ok(found);
        }
        let learn = |response: &Response<'_>| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                found.extend(uids.iter().copied());
            }
        };
        refused(timeout(LIST, self.command(&format!("UID SEARCH UID 1:{last} SINCE {day}"), learn)).await??)?;
        found.retain(|uid| (1..=last).contains(uid));
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// What is known of the mails with these UIDs, lowest first.
    pub(crate) async fn describe(&mut self, uids: &[u32]) -> Result<Vec<Listed>, ReadError> {
        let set = uids.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        let mut listed = Vec::new();
        let learn = |response: &Response<'_>| {
            if let Response::Fetch(_, attributes) = response {
                listed.extend(listing(attributes));
            }
        };
        refused(
            timeout(LIST, self.command(&format!("UID FETCH {set} (UID RFC822.SIZE INTERNALDATE)"), learn)).await??,
        )?;
        listed.retain(|mail| uids.contains(&mail.uid));
        listed.sort_unstable_by_key(|mail| mail.uid);
        listed.dedup_by_key(|mail| mail.uid);
        Ok(listed)
    }

    /// The mails of a list, each whole, with None for one that is larger than may be. One that is gone meanwhile is
    /// missing.
    pub(crate) async fn fetch(&mut self, listed: &[Listed]) -> Result<HashMap<u32, Option<Vec<u8>>>, ReadError> {
        let set = listed.iter().map(|mail| mail.uid.to_string()).collect::<Vec<_>>().join(",");
        let bytes = listed.iter().map(|mail| u64::from(mail.size.min(PART))).sum();
        let mut first_parts = self.sections(&set, "", 0, PART, bytes).await?;
        let mut mails = HashMap::with_capacity(first_parts.len());
        for mail in listed {
            if let Some(first) = first_parts.remove(&mail.uid)
                && let Some(whole) = self.rest(*mail, first).await?
            {
                mails.insert(mail.uid, (whole.len() <= LARGEST_MAIL as usize).then_some(whole));
            }
        }
        Ok(mails)
    }

    /// The headers of the mail `uid`, as far as they are no monster themselves.
    pub(crate) async fn headers(&mut self, uid: u32) -> Result<Option<Vec<u8>>, ReadError> {
        let mut found =
            self.sections(&uid.to_string(), "HEADER", 0, LARGEST_HEADERS, u64::from(LARGEST_HEADERS)).await?;
        Ok(found.remove(&uid))
    }

    /// Appends what lies behind the first part of a mail, as far as it may be large; None if the mail is gone meanwhile.
    /// The size that the server gave may be wrong, so it is asked only where an answer about the mail is missing.
    async fn rest(&mut self, listed: Listed, mut mail: Vec<u8>) -> Result<Option<Vec<u8>>, ReadError> {
        let mut part = mail.len();
        while part >= PART as usize && mail.len() <= LARGEST_MAIL as usize {
            let from = u32::try_from(mail.len()).unwrap_or(u32::MAX);
            let next =
                self.sections(&listed.uid.to_string(), "", from, PART, u64::from(PART)).await?.remove(&listed.uid);
            if next.is_none() && from < listed.size {
                return Ok(None);
            }
            let next = next.unwrap_or_default();
            part = next.len();
            mail.extend_from_slice(&next);
        }
        Ok(Some(mail))
    }

    /// Some bytes of a section of mails, by UID; about `bytes` of them in all. The server is not to mark them as read (PEEK).
    async fn sections(
        &mut self,
        set: &str,
        section: &str,
        from: u32,
        length: u32,
        bytes: u64,
    ) -> Result<HashMap<u32, Vec<u8>>, ReadError> {
        let line = format!("UID FETCH {set} (UID BODY.PEEK[{section}]<{from}.{length}>)");
        let mut found = HashMap::new();
        let learn = |response: &Response<'_>| {
            if let Response::Fetch(_, attributes) = response
                && let Some(uid) = uid_of(attributes)
            {
                let data = attributes.iter().find_map(|attribute| match attribute {
                    AttributeValue::BodySection { data, .. } => data.as_deref(),
                    _ => None,
                });
                if let Some(data) = data {
                    found.insert(uid, data.to_vec());
                }
            }
        };
        let limit = self.pace.answer + Duration::from_secs(bytes / SLOWEST);
        refused(timeout(limit, self.command(&line, learn)).await??)?;
        Ok(found)
    }
}

fn uid_of(attributes: &[AttributeValue<'_>]) -> Option<u32> {
    attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::Uid(uid) => Some(*uid),
        _ => None,
    })
}

/// A mail of a list. A response without the size is about something else, such as a changed flag.
fn listing(attributes: &[AttributeValue<'_>]) -> Option<Listed> {
    let (mut size, mut at) = (None, None);
    for attribute in attributes {
        match attribute {
            AttributeValue::Rfc822Size(bytes) => size = Some(*bytes),
            AttributeValue::InternalDate(text) => at = date::read(text),
            _ => {}
        }
    }
    Some(Listed { uid: uid_of(attributes)?, size: size?, at })
}
