//! The parts of a mail (RFC 2046), found in one pass over its lines.
//!
//! No recursion and no look-back: a multipart in a multipart is an entry of a short list, and an attached mail
//! (message/rfc822) is a leaf, however deep its own parts go.

use memchr::memmem::Finder;

use crate::decode::Encoding;
use crate::header::{Head, named, plain};
use crate::limits::{DEPTH, HEAD, PARTS, Unreadable};
use crate::parameter::Content;

/// A file of unknown kind.
const UNKNOWN: &str = "application/octet-stream";

/// A part without parts of its own.
#[derive(Debug)]
pub(crate) struct Leaf<'a> {
    /// `type/subtype`, in lower case.
    pub(crate) media: String,
    /// The character set, as labelled.
    pub(crate) charset: Option<String>,
    /// `format=flowed`, and whether `delsp=yes` (RFC 3676).
    pub(crate) flowed: Option<bool>,
    /// Whether it asks to be shown below the text, not in it (RFC 2183).
    pub(crate) attachment: bool,
    /// The name it gives.
    pub(crate) name: Option<String>,
    /// Its Content-ID, without brackets (RFC 2392).
    pub(crate) content_id: Option<String>,
    /// How its bytes travelled.
    pub(crate) encoding: Encoding,
    /// Its bytes as they travelled.
    pub(crate) body: &'a [u8],
    /// Which choice of bodies it belongs to: parts with the same number say the same thing (RFC 2046 §5.1.4).
    pub(crate) choice: Option<usize>,
    /// The field by which its bytes, once decoded, are parts: some programs encode a whole multipart, which RFC 2045 §6.4
    /// forbids.
    pub(crate) within: Option<String>,
}

/// A mail taken apart.
#[derive(Debug)]
pub(crate) struct Parts<'a> {
    /// The mail's own header.
    pub(crate) head: Head<'a>,
    /// Its leaves, in their order.
    pub(crate) leaves: Vec<Leaf<'a>>,
    /// What stands before the first part. Only who has nothing else to read wants to see it (RFC 2046 §5.1.1).
    pub(crate) preamble: Option<Leaf<'a>>,
    /// The report-type, if the whole mail is a report (RFC 6522).
    pub(crate) report: Option<String>,
}

/// A multipart whose end has not been seen.
struct Open {
    boundary: Vec<u8>,
    digest: bool,
    choice: Option<usize>,
}

/// A boundary line.
struct Delimiter {
    /// Where the content before it ends.
    content_end: usize,
    /// Where the next line starts.
    next: usize,
    /// Which open multipart it belongs to.
    level: usize,
    /// Whether it closes it.
    closes: bool,
}

impl<'a> Parts<'a> {
    /// Takes `raw` apart.
    pub(crate) fn of(raw: &'a [u8]) -> Result<Parts<'a>, Unreadable> {
        let dashes = Finder::new(b"\n--");
        let mut top: Option<(Head<'a>, Option<String>)> = None;
        let mut leaves = Vec::new();
        let mut preamble = None;
        let mut open: Vec<Open> = Vec::new();
        let mut count = 0;
        let marked = if raw.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let mut at = marked + raw[marked..].iter().take_while(|it| it.is_ascii_whitespace()).count();
        loop {
            count += 1;
            if count > PARTS {
                return Err(Unreadable::TooManyParts);
            }
            let (head_end, body) = head_extent(raw, at, &open)?;
            let head = Head::parse(&raw[at..head_end])?;
            let entity = Entity::of(&head, open.last(), &raw[body..]);
            let parts = entity.boundary.is_some();
            if let Some(boundary) = &entity.boundary {
                if open.len() == DEPTH {
                    return Err(Unreadable::TooDeep);
                }
                let outer = open.last().and_then(|it| it.choice);
                let choice = outer.or((entity.media == "multipart/alternative").then_some(count));
                let digest = entity.media == "multipart/digest";
                open.push(Open { boundary: boundary.clone(), digest, choice });
            }
            let mut found = delimiter(raw, body, &open, &dashes);
            let began = parts && found.as_ref().is_some_and(|it| it.level + 1 == open.len());
            let encoded = began && found.as_ref().is_some_and(|it| entity.encoded(&raw[it.next..]));
            let never_began = parts && (encoded || !began);
            if never_began {
                open.pop();
            }
            if encoded {
                found = delimiter(raw, body, &open, &dashes);
            }
            let body_end = found.as_ref().map_or(raw.len(), |it| it.content_end.max(body));
            if began && !encoded && preamble.is_none() && entity.media != "multipart/encrypted" {
                let before = &raw[body..body_end];
                preamble = (!before.trim_ascii().is_empty()).then(|| entity.leaf(&head, before, None, true));
            }
            if !parts || never_began {
                leaves.push(entity.leaf(&head, &raw[body..body_end], open.last().and_then(|it| it.choice), parts));
            }
            if top.is_none() {
                let report = (entity.media == "multipart/report").then(|| entity.report.clone()).flatten();
                top = Some((head, report));
            }
            // Behind a closed multipart stands its epilogue, up to the next line of an outer one.
            loop {
                let Some(line) = found else {
                    let (head, report) = top.unwrap_or_default();
                    return Ok(Parts { head, leaves, preamble, report });
                };
                open.truncate(line.level + 1);
                if !line.closes {
                    at = line.next;
                    break;
                }
                open.pop();
                found = delimiter(raw, line.next, &open, &dashes);
            }
        }
    }
}

/// What a part's own header says about it.
struct Entity {
    media: String,
    boundary: Option<Vec<u8>>,
    charset: Option<String>,
    flowed: Option<bool>,
    type_name: Option<String>,
    report: Option<String>,
    encoding: Encoding,
}

impl Entity {
    /// `behind` is what follows the header: it shows the boundary that the header does not name.
    fn of(head: &Head<'_>, parent: Option<&Open>, behind: &[u8]) -> Entity {
        let encoding = head.plain("Content-Transfer-Encoding").map_or(Encoding::Plain, |it| Encoding::named(&it));
        let Some((content, written)) = content_type(head, behind) else {
            let mail = parent.is_some_and(|it| it.digest);
            return Entity {
                media: if mail { "message/rfc822" } else { "text/plain" }.to_owned(),
                boundary: None,
                charset: None,
                flowed: None,
                type_name: None,
                report: None,
                encoding,
            };
        };
        let attribute = |name: &str| content.parameter(name).map(str::to_owned);
        let mut media = media_of(&content);
        let mut charset = attribute("charset");
        let meant = (media == UNKNOWN).then(|| plain(written).to_ascii_lowercase());
        if let Some(written) = meant.filter(|it| !it.starts_with(UNKNOWN)) {
            // Its sender meant something; the words of a mail must not become a file for the want of a semicolon.
            let known = ["multipart/alternative", "text/html", "text/plain"].iter().find(|it| written.contains(**it));
            if let Some(known) = known {
                (*known).clone_into(&mut media);
            } else if written.contains("boundary=") {
                "multipart/mixed".clone_into(&mut media);
            } else if written.starts_with("plain") || written.starts_with("text ") {
                "text/plain".clone_into(&mut media);
            }
            charset = charset.or_else(|| {
                let label = written.split_once("charset=")?.1.trim_matches(['"', ' ']);
                Some(label.chars().take_while(|it| it.is_ascii_alphanumeric() || "-_".contains(*it)).collect())
            });
        }
        let named = attribute("boundary").map(|it| it.trim_end().to_owned()).filter(|it| !it.is_empty());
        let quoted = named.as_ref().and_then(|it| it.strip_prefix('\'')?.strip_suffix('\''));
        let boundary = if media.starts_with("multipart/") {
            quoted.map(str::to_owned).or(named).map(String::into_bytes).or_else(|| guessed(behind))
        } else {
            None
        };
        let boundary = boundary.filter(|it| !it.is_empty() && it.len() <= 200);
        let flowed = content.parameter("format").is_some_and(|it| it.eq_ignore_ascii_case("flowed"));
        let delsp = content.parameter("delsp").is_some_and(|it| it.eq_ignore_ascii_case("yes"));
        Entity {
            boundary,
            charset,
            flowed: flowed.then_some(delsp),
            type_name: content.name("name"),
            encoding,
            report: attribute("report-type").map(|it| it.to_ascii_lowercase()),
            media,
        }
    }

    /// The leaf; `broken` for a multipart whose boundary never comes: what it has is text.
    fn leaf<'a>(&self, head: &Head<'_>, body: &'a [u8], choice: Option<usize>, broken: bool) -> Leaf<'a> {
        let disposition = head.contents("Content-Disposition").next();
        let name = disposition.as_ref().and_then(|it| it.name("filename").or_else(|| it.name("name")));
        let without = self.media.starts_with("multipart/");
        let encoded = matches!(self.encoding, Encoding::Base64 | Encoding::QuotedPrintable);
        let boundary = self.boundary.as_ref().filter(|_| broken && encoded).map(|it| String::from_utf8_lossy(it));
        Leaf {
            media: if broken || without { "text/plain".to_owned() } else { self.media.clone() },
            charset: self.charset.clone(),
            flowed: self.flowed,
            attachment: disposition.is_some_and(|it| it.kind.eq_ignore_ascii_case("attachment")),
            name: name.or_else(|| self.type_name.clone()),
            content_id: head.plain("Content-ID").map(|it| it.trim_matches(['<', '>', ' ']).to_owned()),
            encoding: self.encoding,
            body,
            choice,
            within: boundary.map(|it| format!("Content-Type: {}; boundary=\"{it}\"\n\n", self.media)),
        }
    }

    /// Whether its parts, the first of which starts `part`, are encoded with it: the signs of the encoding stand in their
    /// headers.
    fn encoded(&self, part: &[u8]) -> bool {
        let start = &part[..part.len().min(1 << 10)];
        let end = [&b"\n\n"[..], b"\n\r\n"].iter().filter_map(|it| memchr::memmem::find(start, it)).min();
        let head = &start[..end.unwrap_or(start.len())];
        self.encoding == Encoding::QuotedPrintable && memchr::memmem::find(head, b"=3D").is_some()
    }
}

/// The Content-Type of a header, and how it is written. Of several the one that makes sense counts: a multipart whose
/// boundary occurs `behind` the header, else one that is none.
fn content_type<'a>(head: &Head<'a>, behind: &[u8]) -> Option<(Content, &'a [u8])> {
    let mut all = head.contents("Content-Type").zip(head.all("Content-Type"));
    let first = all.next()?;
    let Some(second) = all.next() else { return Some(first) };
    let near = &behind[..behind.len().min(64 << 10)];
    let sense = |content: &Content| {
        let occurs = |it: &str| !it.is_empty() && memchr::memmem::find(near, format!("--{it}").as_bytes()).is_some();
        match media_of(content) {
            it if it.starts_with("multipart/") && content.parameter("boundary").is_some_and(occurs) => 0,
            it if it.starts_with("multipart/") => 3,
            it if it == UNKNOWN => 2,
            _ => 1,
        }
    };
    [first, second].into_iter().chain(all).min_by_key(|it| sense(&it.0))
}

/// What a Content-Type says; without a type, what its parameters let guess.
fn media_of(content: &Content) -> String {
    match content.kind.split_once('/') {
        Some((kind, subtype)) => media(kind, Some(subtype)),
        None if content.kind.is_empty() && content.parameter("boundary").is_some() => "multipart/mixed".to_owned(),
        None => media(&content.kind, None),
    }
}

/// `type/subtype` in lower case; what is no token (RFC 2045 §5.1) is a file of unknown kind.
pub(crate) fn media(kind: &str, subtype: Option<&str>) -> String {
    let token = |it: &str| {
        !it.is_empty()
            && it.len() <= 100
            && it.bytes().all(|it| it.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&it))
    };
    let kind = kind.trim().to_ascii_lowercase();
    let subtype = subtype.map(|it| it.trim().to_ascii_lowercase());
    match subtype {
        Some(subtype) if token(&kind) && token(&subtype) => format!("{kind}/{subtype}"),
        None if kind == "text" || kind.is_empty() => "text/plain".to_owned(),
        _ => UNKNOWN.to_owned(),
    }
}

/// Where the header that starts at `at` ends, and where its body starts. A boundary line ends it too.
///
/// Where the blank line between them is forgotten, the lines before the next one that are no fields are words.
fn head_extent(raw: &[u8], at: usize, open: &[Open]) -> Result<(usize, usize), Unreadable> {
    let mut line = at;
    let mut words = None;
    while line < raw.len() {
        let end = memchr::memchr(b'\n', &raw[line..]).map_or(raw.len(), |it| line + it + 1);
        let text = &raw[line..end];
        if text.iter().all(|it| matches!(it, b'\r' | b'\n')) {
            return Ok(words.map_or((line, end), |it| (it, it)));
        }
        if !open.is_empty() && boundary_line(raw, line, open).is_some() {
            let end = words.unwrap_or(line);
            return Ok((end, end));
        }
        let continued = matches!(text.first(), Some(b' ' | b'\t'));
        if named(text).is_some() {
            words = None;
        } else if !continued {
            words = words.or((line > at || !open.is_empty()).then_some(line));
        } else if text.iter().all(u8::is_ascii_whitespace) {
            // Only blanks: the end of the header, unless it goes on behind it.
            let next = &raw[end..];
            let next = &next[..memchr::memchr(b'\n', next).unwrap_or(next.len())];
            if words.is_none() && !matches!(next.first(), Some(b' ' | b'\t')) && named(next).is_none() {
                return Ok((line, end));
            }
        }
        if end - at > HEAD {
            return Err(Unreadable::HeadTooLong);
        }
        line = end;
    }
    let end = words.unwrap_or(raw.len());
    Ok((end, end))
}

/// The boundary that `body` shows in its first lines: one with two dashes in front, and a field behind it.
fn guessed(body: &[u8]) -> Option<Vec<u8>> {
    let mut lines = body[..body.len().min(2 << 10)].split(|it| *it == b'\n');
    while let Some(line) = lines.next() {
        let Some(name) = line.strip_prefix(b"--") else { continue };
        let next = lines.next()?;
        if next.get(..8).is_some_and(|it| it.eq_ignore_ascii_case(b"content-")) {
            return Some(name.trim_ascii_end().to_vec());
        }
    }
    None
}

/// The first boundary line at or behind `from`, which is the start of a line.
fn delimiter(raw: &[u8], from: usize, open: &[Open], dashes: &Finder<'_>) -> Option<Delimiter> {
    if open.is_empty() || from >= raw.len() {
        return None;
    }
    if let Some(found) = boundary_line(raw, from, open) {
        return Some(found);
    }
    let mut at = from;
    while let Some(it) = dashes.find(&raw[at..]) {
        let line = at + it + 1;
        if let Some(found) = boundary_line(raw, line, open) {
            return Some(found);
        }
        at = line;
    }
    None
}

/// The boundary line that starts at `line`, if it is one; the innermost multipart is asked first.
fn boundary_line(raw: &[u8], line: usize, open: &[Open]) -> Option<Delimiter> {
    let rest = raw.get(line..)?.strip_prefix(b"--")?;
    let exact = |level: usize| rest.starts_with(&open[level].boundary);
    // Some servers change the case of what is unquoted.
    let alike = |level: usize| {
        let boundary = &open[level].boundary;
        rest.get(..boundary.len()).is_some_and(|it| it.eq_ignore_ascii_case(boundary))
    };
    let levels = (0..open.len()).rev();
    for level in levels.clone().filter(|it| exact(*it)).chain(levels.filter(|it| alike(*it) && !exact(*it))) {
        let behind = &rest[open[level].boundary.len()..];
        let closes = behind.starts_with(b"--");
        let behind = if closes { &behind[2..] } else { behind };
        let blank = behind.iter().take_while(|it| matches!(it, b' ' | b'\t' | b'\r')).count();
        let next = match behind.get(blank) {
            Some(b'\n') => raw.len() - behind.len() + blank + 1,
            None => raw.len(),
            Some(_) => continue,
        };
        let before = &raw[..line];
        let before = before.strip_suffix(b"\n").map_or(before, |it| it.strip_suffix(b"\r").unwrap_or(it));
        return Some(Delimiter { content_end: before.len(), next, level, closes });
    }
    None
}
