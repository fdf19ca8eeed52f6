//! UTF-7 (RFC 2152), which some old programs still write.

use crate::decode::lenient_base64;

/// The text in `bytes`. What is no part of the encoding stands for itself.
pub(crate) fn decoded(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(b'+', rest) {
        out.push_str(&String::from_utf8_lossy(&rest[..at]));
        let tail = &rest[at + 1..];
        let length = tail.iter().take_while(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/')).count();
        rest = &tail[length..];
        if length == 0 {
            out.push('+');
        } else {
            let units: Vec<u16> =
                lenient_base64(&tail[..length]).chunks_exact(2).map(|it| u16::from_be_bytes([it[0], it[1]])).collect();
            out.push_str(&String::from_utf16_lossy(&units));
        }
        // The sign that ends the run, and that makes a plus of an empty one.
        rest = rest.strip_prefix(b"-").unwrap_or(rest);
    }
    out.push_str(&String::from_utf8_lossy(rest));
    out
}
