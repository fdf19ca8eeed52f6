//! Signatures of our own mails (RFC 6376), in the form that survives most on the way: relaxed for head and body.
//!
//! What is signed is made here; the key and the arithmetic are the caller's.

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use crate::compose::ascii_domain;

/// The fields that are signed where a mail has them. `From` is named once more than it is there, so that nobody can put
/// a second one above it (RFC 6376 §8.15).
const FIELDS: &[&str] = &[
    "From",
    "Reply-To",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
];

/// Whose signature it is.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    /// The domain that vouches for the mail.
    pub domain: &'a str,
    /// Under which name the domain publishes the key.
    pub selector: &'a str,
    /// When it is signed, in seconds since 1970 UTC.
    pub at: i64,
}

/// `mail` with a signature on top. `sign` makes an RSA signature (PKCS #1 v1.5) of the SHA-256 of what it is given; if it
/// cannot, there is none.
pub fn signed<E>(mail: &[u8], by: Signer<'_>, sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>) -> Result<Vec<u8>, E> {
    let end = memchr::memmem::find(mail, b"\r\n\r\n").map_or(mail.len(), |it| it + 2);
    let (head, body) = (&mail[..end], mail.get(end + 2..).unwrap_or_default());
    let fields = fields(head);
    let mut names = Vec::new();
    let mut data = Vec::with_capacity(1024);
    for name in FIELDS {
        // Of several fields of one name the last is signed first (RFC 6376 §5.4.2); we write each once.
        let Some(field) = fields.iter().rev().find(|it| it.0.eq_ignore_ascii_case(name)) else { continue };
        names.push(*name);
        relaxed(&mut data, field.0, field.1);
        data.extend_from_slice(b"\r\n");
    }
    names.push("From");
    let hash = BASE64.encode(&Sha256::digest(relaxed_body(body)));
    let domain = ascii_domain(by.domain);
    let value = format!(
        " v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s={}; t={};\r\n\th={};\r\n\tbh={hash};\r\n\tb=",
        by.selector,
        by.at,
        names.join(":\r\n\t "),
    );
    relaxed(&mut data, "DKIM-Signature", value.as_bytes());
    let signature = BASE64.encode(&sign(&data)?);
    let mut out = Vec::with_capacity(mail.len() + value.len() + 400);
    out.extend_from_slice(b"DKIM-Signature:");
    out.extend_from_slice(value.as_bytes());
    for (nth, piece) in signature.as_bytes().chunks(72).enumerate() {
        if nth > 0 {
            out.extend_from_slice(b"\r\n\t ");
        }
        out.extend_from_slice(piece);
    }
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(mail);
    Ok(out)
}

/// The text of the record by which a domain publishes the public half of a key, base64 of its `SubjectPublicKeyInfo`, cut
/// into the strings of at most 255 bytes that a TXT record is made of (RFC 6376 §3.6.2.2).
pub fn record(key: &str) -> Vec<String> {
    let text = format!("v=DKIM1; k=rsa; p={key}");
    text.as_bytes().chunks(255).map(|it| String::from_utf8_lossy(it).into_owned()).collect()
}

/// Name and value of each field, its folded lines together.
fn fields(head: &[u8]) -> Vec<(&str, &[u8])> {
    let mut all = Vec::new();
    let mut start = 0;
    for at in memchr::memmem::find_iter(head, b"\r\n") {
        if matches!(head.get(at + 2), Some(b' ' | b'\t')) {
            continue;
        }
        let line = &head[start..at];
        if let Some(colon) = memchr::memchr(b':', line) {
            let name = std::str::from_utf8(&line[..colon]).unwrap_or_default();
            all.push((name.trim_end(), &line[colon + 1..]));
        }
        start = at + 2;
    }
    all
}

/// A field in its relaxed form, without its line end (RFC 6376 §3.4.2).
fn relaxed(out: &mut Vec<u8>, name: &str, value: &[u8]) {
    out.extend(name.bytes().map(|it| it.to_ascii_lowercase()));
    out.push(b':');
    let mut space = false;
    let mut begun = false;
    for it in value.iter().copied() {
        if matches!(it, b' ' | b'\t' | b'\r' | b'\n') {
            space = true;
            continue;
        }
        if space && begun {
            out.push(b' ');
        }
        (space, begun) = (false, true);
        out.push(it);
    }
}

/// The body in its relaxed form (RFC 6376 §3.4.4).
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut full = 0;
    for line in body.split_inclusive(|it| *it == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let start = out.len();
        let mut space = false;
        for it in line.iter().copied() {
            if matches!(it, b' ' | b'\t') {
                space = true;
                continue;
            }
            if space {
                out.push(b' ');
            }
            space = false;
            out.push(it);
        }
        let empty = out.len() == start;
        out.extend_from_slice(b"\r\n");
        if !empty {
            full = out.len();
        }
    }
    out.truncate(full);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 6376 §3.4.5.
    #[test]
    fn relaxed_forms_are_those_of_the_standard() {
        let head = b"A: X\r\nB : Y\t\r\n\tZ  \r\n";
        let mut out = Vec::new();
        for (name, value) in fields(head) {
            relaxed(&mut out, name, value);
            out.extend_from_slice(b"\r\n");
        }
        assert_eq!(out, b"a:X\r\nb:Y Z\r\n");
        assert_eq!(relaxed_body(b" C \r\nD \t E\r\n\r\n\r\n"), b" C\r\nD E\r\n");
        assert_eq!(relaxed_body(b"\r\n\r\n"), b"");
    }

    #[test]
    fn a_record_is_cut_into_strings_that_the_dns_takes() {
        let strings = record(&"k".repeat(400));
        assert!(strings.iter().all(|it| it.len() <= 255));
        assert_eq!(strings.concat(), format!("v=DKIM1; k=rsa; p={}", "k".repeat(400)));
    }
}
