//! What a text says of people is not sent: addresses, phone numbers and full names go out as placeholders, and stand in their
//! place again in what comes back.
//!
//! It is no promise that nothing tells who somebody is: a first name in a greeting stays, and so does what they tell of
//! themselves. The page on which an endpoint is set up says so.

use std::collections::HashMap;

/// The digits of a phone number: fewer are a number of something else, more are none.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// What was taken out of the texts, and by what.
#[derive(Clone, Debug, Default)]
pub(crate) struct Veil {
    names: Vec<String>,
    /// By its placeholder.
    hidden: HashMap<String, String>,
    /// The placeholder of each.
    by: HashMap<String, String>,
    counts: HashMap<&'static str, usize>,
}

impl Veil {
    /// Hides these full names, too. One of a single word is a word that may stand for something else.
    pub(crate) fn new(names: impl IntoIterator<Item = String>) -> Veil {
        let whole = |it: &String| it.split_whitespace().count() > 1 && it.chars().any(char::is_alphabetic);
        let mut names: Vec<String> = names.into_iter().filter(whole).collect();
        // The longest first, so that none leaves a part of another behind.
        names.sort_by_key(|it| (std::cmp::Reverse(it.len()), it.clone()));
        names.dedup();
        Veil { names, ..Veil::default() }
    }

    /// The text with placeholders.
    pub(crate) fn hide(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut before = ' ';
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let found = if before.is_alphanumeric() { None } else { self.find(rest) };
            let taken = if let Some((kind, length)) = found {
                out.push_str(&self.placeholder(kind, &rest[..length]));
                length
            } else {
                out.push(next);
                next.len_utf8()
            };
            before = rest[..taken].chars().next_back().unwrap_or(' ');
            rest = &rest[taken..];
        }
        out
    }

    /// The text with what was hidden in it; none if it names something that never was.
    pub(crate) fn lift(&self, text: &str) -> Option<String> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('[') {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some(it) = placeholder(rest) {
                out.push_str(self.hidden.get(&it.to_ascii_lowercase())?);
                rest = &rest[it.len()..];
            } else {
                out.push('[');
                rest = &rest[1..];
            }
        }
        out.push_str(rest);
        Some(out)
    }

    /// What begins here, and how long it is.
    fn find(&self, text: &str) -> Option<(&'static str, usize)> {
        let name = || {
            let ends = |it: &&String| !text[it.len()..].starts_with(char::is_alphanumeric);
            self.names.iter().filter(|it| text.starts_with(it.as_str())).find(ends).map(String::len)
        };
        email(text)
            .map(|it| ("email", it))
            .or_else(|| phone(text).map(|it| ("phone", it)))
            .or_else(|| name().map(|it| ("person", it)))
    }

    fn placeholder(&mut self, kind: &'static str, what: &str) -> String {
        if let Some(known) = self.by.get(what) {
            return known.clone();
        }
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        let it = format!("[{kind}-{count}]");
        self.by.insert(what.to_owned(), it.clone());
        self.hidden.insert(it.clone(), what.to_owned());
        it
    }
}

/// The placeholder that the text begins with.
fn placeholder(text: &str) -> Option<&str> {
    let end = text.find(']')?;
    let (kind, number) = text.get(1..end)?.split_once('-')?;
    let ours = ["email", "phone", "person"].iter().any(|it| kind.eq_ignore_ascii_case(it));
    (ours && !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit())).then(|| &text[..=end])
}

/// The length of the mail address that the text begins with.
fn email(text: &str) -> Option<usize> {
    let local = |it: char| it.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(it);
    let at = text.find(|it| !local(it))?;
    let domain = text[at..].strip_prefix('@').filter(|_| at > 0)?;
    let end = domain.find(|it: char| !it.is_alphanumeric() && it != '.' && it != '-').unwrap_or(domain.len());
    let domain = domain[..end].trim_end_matches(['.', '-']);
    (domain.contains('.') && !domain.starts_with('.')).then_some(at + 1 + domain.len())
}

/// The length of the phone number that the text begins with.
fn phone(text: &str) -> Option<usize> {
    let begins = text.starts_with(['+', '(', '0']) || text.starts_with(|it: char| it.is_ascii_digit());
    if !begins {
        return None;
    }
    let part = |it: char| it.is_ascii_digit() || " +-./()\u{a0}".contains(it);
    let run = &text[..text.find(|it| !part(it)).unwrap_or(text.len())];
    let run = run.trim_end_matches(|it: char| !it.is_ascii_digit());
    if text[run.len()..].starts_with(char::is_alphanumeric) {
        return None;
    }
    let groups: Vec<&str> = run.split(|it: char| !it.is_ascii_digit()).filter(|it| !it.is_empty()).collect();
    let lengths: Vec<usize> = groups.iter().map(|it| it.len()).collect();
    // A day is no number of anybody: 01.12.2026, 2026-12-01, 01/12/26, with an hour behind it or not.
    let marked = run.trim_start_matches(|it: char| it.is_ascii_digit()).starts_with(['.', '/', '-']);
    let day = marked && lengths.len() < 5 && matches!(lengths[..], [1..=2, 1..=2, 4 | 2, ..] | [4, 1..=2, 1..=2, ..]);
    let dialled = run.starts_with(['+', '(', '0']) && !day;
    let fine = DIGITS.contains(&lengths.iter().sum()) && (dialled || lengths[..] == [3, 3, 4]);
    fine.then_some(run.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn veil() -> Veil {
        Veil::new(["Ann Bell".to_owned(), "May".to_owned(), "Ann Bell-Smith".to_owned()])
    }

    #[test]
    fn people_are_hidden_and_come_back() {
        let mut veil = veil();
        for (text, hidden) in [
            ("Write to ann.bell+x@one.example.", "Write to [email-1]."),
            ("<ann.bell+x@one.example>", "<[email-1]>"),
            ("Call +44 (0)20 7946-0958, or 020 7946 0123!", "Call [phone-1], or [phone-2]!"),
            ("(555) 123-4567 or 555-123-4567", "[phone-3] or [phone-4]"),
            ("+44 20 7946 0958, 01.42.68.53.00", "[phone-5], [phone-6]"),
            ("Ann Bell and Ann Bell-Smith. May I?", "[person-1] and [person-2]. May I?"),
            ("Ann Bella is another", "Ann Bella is another"),
            ("jörg@bücher.example", "[email-2]"),
        ] {
            assert_eq!(veil.hide(text), hidden);
            assert_eq!(veil.lift(hidden).as_deref(), Some(text));
        }
        assert_eq!(veil.lift("Ask [Person-1] [sic] [x-1]").as_deref(), Some("Ask Ann Bell [sic] [x-1]"));
    }

    #[test]
    fn nobody_is_made_up() {
        assert_eq!(veil().lift("Call [phone-7]"), None);
    }

    #[test]
    fn what_is_no_number_of_a_person_stays() {
        let mut veil = veil();
        for text in [
            "On 01.12.2026 10:30 or 2026-12-01 09:00, or 01/12/26",
            "INV-10874 of 4,200.00 for 12 printers",
            "version 0.9.12, error 0x80070005, serial A0123456789B",
            "10.0.0.5 and a @ b, a@b, @you",
            "order 8821345",
        ] {
            assert_eq!(veil.hide(text), text);
        }
    }

    #[test]
    fn any_text_is_taken() {
        let mut veil = veil();
        for text in ["", "[", "[email-", "é@", "0", "+", "(((((((", "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0"] {
            let hidden = veil.hide(text);
            assert_eq!(veil.lift(&hidden).as_deref(), Some(text), "{text}");
        }
    }
}
