//! The commands that list mails and bring them in. What a server sends unasked, or more of than may be, is not kept.

use std::collections::HashMap;
use std::time::Duration;

use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response};
use tokio::time::timeout;

use super::{ReadError, Session, refused};
use crate::imap::{LARGEST_MAIL, date};

/// How many bytes of a mail are asked for at once: nothing larger is ever held twice.
pub(crate) const PART: u32 = 4 << 20;

/// How many bytes of mail are fetched before they are handed over; one larger mail may come alone.
pub(crate) const BATCH_BYTES: u32 = 5 << 20;

/// How many mails are listed at once.
pub(crate) const MOST_LISTED: usize = 100_000;

/// How many mails may be found in a folder.
const MOST_FOUND: usize = 4_000_000;

/// How many bytes of the headers of a mail that stays where it is are read.
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

/// What the server gives of a mail.
#[derive(Debug)]
pub(crate) enum Given {
    /// All of it.
    Whole(Vec<u8>),
    /// It is larger than [`LARGEST_MAIL`], whatever was said before.
    TooBig,
    /// Somebody deleted it since it was listed.
    Gone,
    /// It is there, and the server does not give it.
    Withheld {
        /// The server's own line.
        said: String,
    },
}

impl Session {
    /// The mails behind `uid`, lowest first; the lowest [`MOST_LISTED`] if there are more.
    pub(crate) async fn list(&mut self, uid: u32) -> Result<Vec<Listed>, ReadError> {
        self.news = false;
        if self.exists == 0 || uid == u32::MAX {
            return Ok(Vec::new());
        }
        // `*` is the last mail even when that lies before the range (RFC 3501 §6.4.8).
        self.listed(&format!("{}:*", uid + 1), |it| it > uid).await
    }

    /// What is known of the mails with these UIDs, lowest first.
    pub(crate) async fn describe(&mut self, uids: &[u32]) -> Result<Vec<Listed>, ReadError> {
        self.listed(&set(uids.iter().copied()), |it| uids.contains(&it)).await
    }

    async fn listed(&mut self, set: &str, asked: impl Fn(u32) -> bool + Sync) -> Result<Vec<Listed>, ReadError> {
        let mut listed: Vec<Listed> = Vec::new();
        let line = format!("UID FETCH {set} (UID RFC822.SIZE INTERNALDATE)");
        let learn = |response: &Response<'_>| {
            if let Response::Fetch(_, attributes) = response {
                listed.extend(listing(attributes).filter(|mail| asked(mail.uid)));
            }
            if listed.len() >= 2 * MOST_LISTED {
                lowest(&mut listed);
            }
        };
        refused(timeout(LIST, self.command(&line, learn)).await??)?;
        lowest(&mut listed);
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
        let learn = |uids: &[u32]| lowest = lowest.into_iter().chain(uids.iter().copied()).min();
        self.search(&format!("SINCE {day}"), learn).await?;
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
        let learn = |uids: &[u32]| {
            let left = MOST_FOUND.saturating_sub(found.len());
            found.extend(uids.iter().copied().filter(|uid| (1..=last).contains(uid)).take(left));
        };
        self.search(&format!("UID 1:{last} SINCE {day}"), learn).await?;
        if found.len() == MOST_FOUND {
            return Err(ReadError::Nonsense);
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    async fn search(&mut self, what: &str, mut found: impl FnMut(&[u32]) + Send) -> Result<(), ReadError> {
        let learn = |response: &Response<'_>| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                found(uids);
            }
        };
        refused(timeout(LIST, self.command(&format!("UID SEARCH {what}"), learn)).await??)
    }

    /// What the server gives of the first of these mails, in their order: of one at least, and of as many as come to
    /// [`BATCH_BYTES`]. One that it does not give holds up none of the others.
    pub(crate) async fn fetch(&mut self, listed: &[Listed]) -> Result<Vec<(Listed, Given)>, ReadError> {
        if let [mail] = listed {
            return Ok(vec![(*mail, self.alone(*mail).await?)]);
        }
        let mut first_parts = match self.sections(listed, "", 0, PART).await {
            // Not all of them together: each is asked for alone.
            Err(ReadError::Refused { .. }) => HashMap::new(),
            first_parts => first_parts?,
        };
        let (mut mails, mut bytes) = (Vec::new(), 0);
        for mail in listed {
            let together = match first_parts.remove(&mail.uid) {
                Some(first) => self.rest(*mail, first).await?,
                None => None,
            };
            let given = match together {
                Some(given) => given,
                None => self.alone(*mail).await?,
            };
            if let Given::Whole(it) = &given {
                bytes += it.len();
            }
            mails.push((*mail, given));
            if bytes > BATCH_BYTES as usize {
                break;
            }
        }
        Ok(mails)
    }

    /// What the server gives of one mail.
    async fn alone(&mut self, mail: Listed) -> Result<Given, ReadError> {
        let mut why = "(nothing)".to_owned();
        match self.sections(&[mail], "", 0, PART).await {
            Ok(mut found) => {
                if let Some(first) = found.remove(&mail.uid)
                    && let Some(given) = self.rest(mail, first).await?
                {
                    return Ok(given);
                }
            }
            Err(ReadError::Refused { said }) => why = said,
            Err(error) => return Err(error),
        }
        let there = self.describe(&[mail.uid]).await?;
        Ok(if there.is_empty() { Given::Gone } else { Given::Withheld { said: why } })
    }

    /// Whether the server gives a mail other than `uid`: then it is this one that it cannot give, and not any. Where that
    /// breaks the connection, the next `nth` begins with another.
    pub(crate) async fn gives_another(&mut self, uid: u32, nth: u32) -> Result<bool, ReadError> {
        let mut others = [self.exists, 1, self.exists / 2 + 1, self.exists.saturating_sub(1).max(1)];
        others.rotate_left((nth % 4) as usize);
        for number in others {
            let mut given = false;
            let learn = |response: &Response<'_>| {
                if let Response::Fetch(_, attributes) = response {
                    given |= uid_of(attributes).is_some_and(|it| it != uid) && data_of(attributes).is_some();
                }
            };
            let line = format!("FETCH {number} (UID BODY.PEEK[]<0.1>)");
            match refused(timeout(self.pace.answer, self.command(&line, learn)).await??) {
                Ok(()) if given => return Ok(true),
                Ok(()) | Err(ReadError::Refused { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    /// The headers of a mail, as far as they are no monster themselves; none if the server does not give them.
    pub(crate) async fn headers(&mut self, mail: Listed) -> Result<Option<Vec<u8>>, ReadError> {
        match self.sections(&[mail], "HEADER", 0, LARGEST_HEADERS).await {
            Ok(mut found) => Ok(found.remove(&mail.uid)),
            Err(ReadError::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A mail with what lies behind its first part, as far as it may be large; None if that is not given. The size that
    /// the server gave may be wrong, so it is asked only where an answer about the mail is missing.
    async fn rest(&mut self, listed: Listed, mut mail: Vec<u8>) -> Result<Option<Given>, ReadError> {
        let mut part = mail.len();
        if part == 0 && listed.size > 0 {
            return Ok(None);
        }
        while part >= PART as usize && mail.len() <= LARGEST_MAIL as usize {
            let from = u32::try_from(mail.len()).unwrap_or(u32::MAX);
            let next = match self.sections(&[listed], "", from, PART).await {
                Err(ReadError::Refused { .. }) => None,
                found => found?.remove(&listed.uid),
            };
            if next.is_none() && from < listed.size {
                return Ok(None);
            }
            let next = next.unwrap_or_default();
            part = next.len();
            mail.extend_from_slice(&next);
        }
        Ok(Some(if mail.len() > LARGEST_MAIL as usize { Given::TooBig } else { Given::Whole(mail) }))
    }

    /// Some bytes of a section of mails, by UID. The server is not to mark them as read (PEEK). Of mails that are larger
    /// than it said, only some are kept.
    async fn sections(
        &mut self,
        mails: &[Listed],
        section: &str,
        from: u32,
        length: u32,
    ) -> Result<HashMap<u32, Vec<u8>>, ReadError> {
        let line =
            format!("UID FETCH {} (UID BODY.PEEK[{section}]<{from}.{length}>)", set(mails.iter().map(|it| it.uid)));
        let (mut found, mut kept) = (HashMap::new(), 0);
        let learn = |response: &Response<'_>| {
            if let Response::Fetch(_, attributes) = response
                && let Some(uid) = uid_of(attributes)
                && let Some(data) = data_of(attributes)
                && kept <= BATCH_BYTES as usize
                && mails.iter().any(|mail| mail.uid == uid)
            {
                kept += data.len();
                found.insert(uid, data.to_vec());
            }
        };
        let bytes = match mails {
            // What it said of its size may be too little.
            [_] => u64::from(length),
            _ => mails.iter().map(|mail| u64::from(mail.size.min(length))).sum(),
        };
        let limit = self.pace.answer + Duration::from_secs(bytes / SLOWEST);
        refused(timeout(limit, self.command(&line, learn)).await??)?;
        Ok(found)
    }
}

/// A set of UIDs (RFC 3501 §9, sequence-set).
fn set(uids: impl Iterator<Item = u32>) -> String {
    uids.map(|uid| uid.to_string()).collect::<Vec<_>>().join(",")
}

/// Keeps the lowest [`MOST_LISTED`], each once, in order.
fn lowest(listed: &mut Vec<Listed>) {
    listed.sort_unstable_by_key(|mail| mail.uid);
    listed.dedup_by_key(|mail| mail.uid);
    listed.truncate(MOST_LISTED);
}

fn uid_of(attributes: &[AttributeValue<'_>]) -> Option<u32> {
    attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::Uid(uid) => Some(*uid),
        _ => None,
    })
}

/// The bytes of a section; none for `NIL`.
fn data_of<'a>(attributes: &'a [AttributeValue<'_>]) -> Option<&'a [u8]> {
    attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::BodySection { data, .. } => data.as_deref(),
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
