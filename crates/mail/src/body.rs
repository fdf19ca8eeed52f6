//! The words and files of a mail, put together from its parts.

use std::borrow::Cow;

use domain::Fold;

use crate::clean::{cut, file_name, readable};
use crate::compose;
use crate::decode::{self, Encoding};
use crate::flowed::unflow;
use crate::fold::{Subject, folds};
use crate::forward::{self, Original};
use crate::html::{Folded, sanitise_all, text_of};
use crate::identity::Identity;
use crate::limits::{self, Unreadable};
use crate::part::{Leaf, Parts};
use crate::read::File;
use crate::uuencode;

/// A piece of the body: one part, or several that say the same.
#[derive(Default)]
struct Piece {
    choice: Option<usize>,
    plain: Option<String>,
    html: Option<String>,
}

/// The body as it grows.
#[derive(Default)]
pub(crate) struct Body {
    pieces: Vec<Piece>,
    files: Vec<File>,
    /// Bytes of text and of HTML so far.
    size: usize,
}

impl Body {
    pub(crate) fn add_all(&mut self, leaves: &[Leaf<'_>], identity: &mut Identity) -> Result<(), Unreadable> {
        let mut count = leaves.len();
        for (nth, leaf) in leaves.iter().enumerate() {
            let Some(field) = &leaf.within else {
                self.add(leaf, identity);
                continue;
            };
            // Decoded once: what is encoded in there again stays as it is.
            let whole = [field.as_bytes(), &leaf.encoding.decode(leaf.body)].concat();
            let inner = Parts::of(&whole)?.leaves;
            count += inner.len();
            if count > limits::PARTS {
                return Err(Unreadable::TooManyParts);
            }
            for mut it in inner {
                it.choice = leaf.choice.or(it.choice.map(|it| it + limits::PARTS * (nth + 1)));
                self.add(&it, identity);
            }
        }
        Ok(())
    }

    /// Whether nothing in it can be read so far.
    pub(crate) fn says_nothing(&self) -> bool {
        let blank = |it: &Option<String>| it.as_ref().is_none_or(|it| it.trim().is_empty());
        self.pieces.iter().all(|it| blank(&it.plain) && it.html.as_ref().is_none_or(|it| text_of(it).trim().is_empty()))
    }

    pub(crate) fn add(&mut self, leaf: &Leaf<'_>, identity: &mut Identity) {
        let bytes = leaf.encoding.decode(leaf.body);
        let html = leaf.media == "text/html" || leaf.media == "text/plain" && !leaf.attachment && is_page(&bytes);
        let first = leaf.name.is_none() && self.pieces.is_empty() && other_words(&leaf.media);
        let words = (html || leaf.media == "text/plain" || first) && !leaf.attachment;
        identity.add_part(&bytes, leaf.encoding == Encoding::Base64 && !words);
        let named = leaf.name.is_some() && !self.pieces.is_empty() && leaf.choice.is_none();
        if !words || named {
            return self.file(leaf, bytes);
        }
        let room = limits::TEXT.saturating_sub(self.size);
        if bytes.len() > room {
            let start = Cow::Borrowed(&bytes[..room]);
            let text = decode::text(start, leaf.charset.as_deref()).into_owned();
            self.words(leaf, Cow::Owned(text), html, true);
            return self.file(leaf, bytes);
        }
        let named = leaf.charset.as_deref().or_else(|| if html { decode::of_page(&bytes) } else { None });
        let named = named.filter(|_| leaf.charset.is_some() || std::str::from_utf8(&bytes).is_err()).map(str::to_owned);
        let text = decode::text(bytes, named.as_deref());
        if html {
            return self.words(leaf, text, html, false);
        }
        let (words, files) = uuencode::apart(&text);
        self.words(leaf, words, html, false);
        for (name, bytes) in files {
            let (name, media_type) = (file_name(&name, "file"), "application/octet-stream".to_owned());
            self.files.push(File { name, media_type, content_id: None, inline: false, bytes });
        }
    }

    fn words(&mut self, leaf: &Leaf<'_>, text: Cow<'_, str>, html: bool, cut_short: bool) {
        let text = readable(text);
        self.size += text.len();
        let text = match leaf.flowed {
            Some(delsp) if !html => unflow(&text, delsp),
            _ => text,
        };
        let same = leaf.choice.is_some() && self.pieces.last().is_some_and(|it| it.choice == leaf.choice);
        if !same {
            self.pieces.push(Piece { choice: leaf.choice, ..Piece::default() });
        }
        let Some(piece) = self.pieces.last_mut() else { return };
        // HTML that is cut short is only a source of text.
        let slot = if html && !cut_short { &mut piece.html } else { &mut piece.plain };
        let text = if html && cut_short { text_of(&text) } else { text };
        match slot {
            Some(already) => {
                already.push('\n');
                already.push_str(&text);
            }
            None => *slot = Some(text),
        }
    }

    fn file(&mut self, leaf: &Leaf<'_>, bytes: Cow<'_, [u8]>) {
        // In mails that say one thing in several ways these are the ways for watches and for pages that run.
        let repeats = leaf.choice.is_some() && matches!(leaf.media.as_str(), "text/x-amp-html" | "text/watch-html")
            // What a Macintosh keeps beside a file, and says so twice (RFC 1740).
            || leaf.media == "application/applefile";
        if repeats || bytes.is_empty() && leaf.name.is_none() {
            return;
        }
        let content_id = leaf.content_id.clone().filter(|it| !it.is_empty());
        self.files.push(File {
            name: file_name(leaf.name.as_deref().unwrap_or_default(), unnamed(&leaf.media)),
            inline: !leaf.attachment && content_id.is_some() && leaf.media.starts_with("image/"),
            media_type: leaf.media.clone(),
            content_id,
            bytes: bytes.into_owned(),
        });
    }

    /// All of it, for a mail whose subject says `subject` and whose sender is called `signer`.
    pub(crate) fn finish(self, subject: Subject, signer: &str) -> Whole {
        let Body { pieces, mut files, .. } = self;
        let has = |it: &Option<String>| it.as_ref().is_some_and(|it| !it.trim().is_empty());
        let any_html = pieces.iter().any(|it| has(&it.html));
        let mut text = String::new();
        let mut sources = Vec::new();
        for Piece { plain, html, .. } in pieces {
            let from_html = if has(&plain) { None } else { html.as_deref().map(text_of) };
            let words = from_html.or(plain).unwrap_or_default();
            if any_html {
                sources.push(html.unwrap_or_else(|| compose::html_of(&words)));
            }
            if !words.trim().is_empty() {
                if !text.is_empty() {
                    text.truncate(text.trim_end().len());
                    text.push_str("\n\n");
                }
                text.push_str(&words);
            }
        }
        text.truncate(cut(&text, limits::TEXT).trim_end().len());
        let (folded, passed) = folds(&text, subject, signer);
        let html = if any_html {
            let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
            sanitise_all(&sources, Folded { text: &text, folds: &folded }, &mut |id| {
                let found = files.iter().position(|it| it.content_id.as_deref() == Some(id))?;
                files[found].inline = true;
                Some(found)
            })
        } else {
            None
        };
        let html = html.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
        let forwarded = passed.and_then(|it| forward::inline(&text, it));
        let attached = forwarded.is_none() && (subject == Subject::PassesOn || text.trim().is_empty());
        let forwarded = forwarded.or_else(|| attached.then(|| forward::attached(&files)).flatten());
        Whole { text, folded, html, files, forwarded }
    }
}

/// A body that is read.
pub(crate) struct Whole {
    pub(crate) text: String,
    pub(crate) folded: Vec<Fold>,
    pub(crate) html: Option<String>,
    pub(crate) files: Vec<File>,
    pub(crate) forwarded: Option<Original>,
}

/// Whether words are a page, whatever they say they are.
fn is_page(bytes: &[u8]) -> bool {
    let start = bytes.trim_ascii_start();
    ["<!doctype html", "<html>", "<html "]
        .iter()
        .any(|it| start.get(..it.len()).is_some_and(|it2| it2.eq_ignore_ascii_case(it.as_bytes())))
}

/// Kinds of text that are written to be read, though not the two that everybody reads.
fn other_words(media: &str) -> bool {
    media.strip_prefix("text/").is_some_and(|it| {
        !matches!(
            it,
            "calendar"
                | "csv"
                | "vcard"
                | "x-vcard"
                | "directory"
                | "rfc822-headers"
                | "x-amp-html"
                | "watch-html"
                | "css"
                | "javascript"
                | "xml"
                | "x-vcalendar"
        )
    })
}

/// What a file without a name is called.
fn unnamed(media: &str) -> &'static str {
    match media {
        "message/rfc822" | "message/global" => "message.eml",
        "message/delivery-status" => "delivery-status.txt",
        "text/rfc822-headers" => "headers.txt",
        "text/calendar" => "invite.ics",
        "text/plain" => "text.txt",
        "text/html" => "page.html",
        "image/png" => "picture.png",
        "image/jpeg" => "picture.jpg",
        "image/gif" => "picture.gif",
        "application/pdf" => "document.pdf",
        "application/pgp-signature" => "signature.asc",
        _ => "file",
    }
}
