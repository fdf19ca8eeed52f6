//! What an IMAP server may make us hold: the reader of the protocol allocates whatever a literal announces, so the
//! announcement is judged here, on its way in.

use std::io;

/// The longest line without a literal. A search answers in one line, some eight bytes a mail.
const LONGEST_LINE: u64 = 4 << 20;

/// Bytes of a line by which it is told what it is.
const START: usize = 10;

/// Watches the bytes of a server for lines that never end and literals (`{n}` at the end of a line, RFC 3501 §4.3)
/// that are larger than what was asked for.
#[derive(Debug)]
pub(crate) struct Bounds {
    largest: u64,
    /// Bytes of the response so far, literals included.
    response: u64,
    /// Bytes of the line so far.
    line: u64,
    /// How the line begins, in capitals.
    start: [u8; START],
    at: At,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Text,
    /// Behind `{` and these digits.
    Size(u64),
    /// Behind `{n}`, where only the end of the line may follow.
    Announced(u64),
    /// Inside a literal, with so many bytes left.
    Literal(u64),
}

impl Bounds {
    /// Literals of one response may have `largest` bytes together.
    pub(crate) fn new(largest: u64) -> Bounds {
        Bounds { largest, response: 0, line: 0, start: [0; START], at: At::Text }
    }

    /// Whether a literal can stand in the line: only in one that tells of data. Elsewhere it is a text that looks like one.
    fn has_literals(&self) -> bool {
        let texts = [&b"* OK"[..], b"* NO", b"* BAD", b"* BYE", b"* PREAUTH"];
        self.start.starts_with(b"* ") && !texts.iter().any(|it| self.start.starts_with(it))
    }

    /// Judges the next bytes of the server.
    pub(crate) fn check(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while let Some((&first, rest)) = bytes.split_first() {
            if let At::Literal(left) = self.at {
                let taken = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                bytes = bytes.get(taken..).unwrap_or_default();
                let left = left.saturating_sub(taken as u64);
                self.at = if left == 0 { At::Text } else { At::Literal(left) };
                continue;
            }
            bytes = rest;
            if let Some(place) = usize::try_from(self.line).ok().and_then(|it| self.start.get_mut(it)) {
                *place = first.to_ascii_uppercase();
            }
            self.line += 1;
            if self.line > LONGEST_LINE {
                return Err(too_much("a line that does not end"));
            }
            self.at = match (self.at, first) {
                (At::Announced(size), b'\n') if self.has_literals() => {
                    self.response = self.response.saturating_add(size);
                    if self.response > self.largest {
                        return Err(too_much("more than was asked for"));
                    }
                    if size == 0 { At::Text } else { At::Literal(size) }
                }
                (_, b'\n') => {
                    self.line = 0;
                    self.response = 0;
                    At::Text
                }
                (_, b'{') => At::Size(0),
                (At::Size(size), b'0'..=b'9') => {
                    At::Size(size.saturating_mul(10).saturating_add(u64::from(first - b'0')))
                }
                (At::Size(size), b'+') => At::Size(size),
                (At::Size(size), b'}') | (At::Announced(size), b'\r') => At::Announced(size),
                _ => At::Text,
            };
        }
        Ok(())
    }
}

fn too_much(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the server sent {what}"))
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    use super::*;

    fn check(pieces: &[&str]) -> bool {
        let mut bounds = Bounds::new(100);
        pieces.iter().all(|piece| bounds.check(piece.as_bytes()).is_ok())
    }

    #[test]
    fn a_literal_as_large_as_asked_for_passes() {
        let mail = "x".repeat(100);
        assert!(check(&["* 1 FETCH (BODY[] {100}\r\n", &mail, " UID 7)\r\n", "* 2 FETCH (BODY[] {100}\r\n"]));
        assert!(check(&["* 1 FETCH (BODY[] {1", "0", "0}", "\r", "\n"]));
        // What only looks like a literal hides nothing that follows.
        assert!(!check(&["* OK {60}\r\n", "* 1 FETCH (BODY[] {400000000}\r\n"]));
    }

    #[test]
    fn a_larger_one_fails_at_its_announcement() {
        assert!(!check(&["* 1 FETCH (BODY[] {101}\r\n"]));
        assert!(!check(&["* 1 FETCH (BODY[] {99999999999999999999999999}\r\n"]));
        assert!(!check(&["* 1 FETCH (BODY[] {10", "1}\r", "\n"]));
        let half = format!("* 1 FETCH (BODY[1] {{60}}\r\n{} BODY[2] {{60}}\r\n", "x".repeat(60));
        assert!(!check(&[&half]), "two literals of one response count together");
    }

    #[test]
    fn what_only_looks_like_a_literal_is_none() {
        assert!(check(&["* OK see {999} there\r\n", "* OK {999}x\r\n", "* OK \"{999}\"\r\n"]));
        let inside = format!("* 1 FETCH (BODY[] {{20}}\r\n{:20})\r\n", "a {9999}\r\nb");
        assert!(check(&[&inside]), "the bytes of a literal are not looked at");
    }

    #[test]
    fn a_line_that_never_ends_fails() {
        let mut bounds = Bounds::new(100);
        let piece = vec![b'x'; 1 << 20];
        assert!((0..4).all(|_| bounds.check(&piece).is_ok()));
        assert!(bounds.check(&piece).is_err());
    }

    proptest! {
        /// However the network cuts it up, the same is let through.
        #[test]
        fn where_it_is_cut_does_not_matter(
            pieces in vec(select(vec!["{", "}", "1", "60", "101", "+", "\r", "\n", "\r\n", "{40}\r\n", "x", "* OK "]), 0..40),
            cuts in vec(any::<Index>(), 0..10),
        ) {
            let text = pieces.concat();
            let mut ends: Vec<usize> = cuts.iter().map(|it| it.index(text.len() + 1)).collect();
            ends.push(text.len());
            ends.sort_unstable();
            let mut bounds = Bounds::new(100);
            let mut start = 0;
            let mut passes = true;
            for end in ends {
                passes = passes && bounds.check(&text.as_bytes()[start..end]).is_ok();
                start = end;
            }
            prop_assert_eq!(passes, Bounds::new(100).check(text.as_bytes()).is_ok());
        }

        #[test]
        fn a_literal_passes_exactly_up_to_its_bound(size in 0_u64..300, inside in vec(any::<u8>(), 300)) {
            let mut bounds = Bounds::new(100);
            let announced = bounds.check(format!("* 1 FETCH (BODY[] {{{size}}}\r\n").as_bytes());
            prop_assert_eq!(announced.is_ok(), size <= 100);
            if announced.is_ok() {
                let length = usize::try_from(size).unwrap();
                prop_assert!(bounds.check(&inside[..length]).is_ok());
                prop_assert!(bounds.check(b")\r\n* 2 FETCH (BODY[] {100}\r\n").is_ok(), "the next response starts anew");
            }
        }
    }
}
