//! Colleagues who are named in a note: `@Jonas Feld`, or `@Jonas` where there is but one.

use std::ops::Range;

use crate::StaffId;

/// A colleague's name in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Where it stands, in bytes, with its `@`.
    pub at: Range<usize>,
    /// Whose it is.
    pub who: StaffId,
}

/// Who of these colleagues is named in `text`, in the order of the text. The longest name counts, in whatever letters; a
/// first name alone counts if no other colleague has it. An `@` inside a word, as in a mail address, names nobody.
pub fn mentions(text: &str, colleagues: &[(StaffId, &str)]) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    for (start, _) in text.match_indices('@') {
        let inside = text[..start].chars().next_back().is_some_and(is_of_a_word);
        let within = found.last().is_some_and(|it| start < it.at.end);
        if inside || within {
            continue;
        }
        let rest = &text[start + 1..];
        if let Some((length, who)) = named(rest, colleagues) {
            found.push(Mention { at: start..start + 1 + length, who });
        }
    }
    found
}

/// The same, each colleague once.
pub fn mentioned(text: &str, colleagues: &[(StaffId, &str)]) -> Vec<StaffId> {
    let mut all = Vec::new();
    for it in mentions(text, colleagues) {
        if !all.contains(&it.who) {
            all.push(it.who);
        }
    }
    all
}

/// Whose name the text begins with, and how many bytes of it that are.
fn named(text: &str, colleagues: &[(StaffId, &str)]) -> Option<(usize, StaffId)> {
    let whole = colleagues.iter().filter_map(|it| Some((begins(text, it.1)?, it.0))).max_by_key(|it| it.0);
    // Of two who have one name, nobody can say which is meant.
    if let Some((length, _)) = whole {
        return only(colleagues.iter().filter(|it| begins(text, it.1) == Some(length)).map(|it| (length, it.0)));
    }
    let first = colleagues.iter().filter_map(|it| Some((begins(text, it.1.split_whitespace().next()?)?, it.0)));
    only(first)
}

fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next();
    if all.next().is_none() { first } else { None }
}

/// How many bytes of `text` are this name; none if it does not begin with it, or goes on as another word.
fn begins(text: &str, name: &str) -> Option<usize> {
    let mut rest = text.chars();
    let mut any = false;
    for want in name.chars() {
        let has = rest.next()?;
        let same =
            has == want || (has.is_whitespace() && want.is_whitespace()) || has.to_lowercase().eq(want.to_lowercase());
        if !same {
            return None;
        }
        any = true;
    }
    let length = text.len() - rest.as_str().len();
    (any && !rest.next().is_some_and(is_of_a_word)).then_some(length)
}

fn is_of_a_word(it: char) -> bool {
    it.is_alphanumeric() || it == '_'
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const NAMES: [&str; 6] = ["Ines Okafor", "Jonas Feld", "Jonas Feldmann", "Åsa Öberg", "Ann", "Ann Lee"];

    fn check(text: &str, expected: &[(&str, &str)]) {
        let all: Vec<(StaffId, &str)> = (1..).map(|it| StaffId(Uuid::from_u128(it))).zip(NAMES).collect();
        let found = mentions(text, &all);
        let said: Vec<(&str, &str)> = found
            .iter()
            .map(|it| (&text[it.at.clone()], all.iter().find(|one| one.0 == it.who).map_or("", |it| it.1)))
            .collect();
        assert_eq!(said, expected, "{text}");
    }

    #[test]
    fn the_longest_name_counts_and_a_first_name_that_is_one_persons() {
        check("@Ines Okafor, can you?", &[("@Ines Okafor", "Ines Okafor")]);
        check("ask @ines.", &[("@ines", "Ines Okafor")]);
        check(
            "@Jonas Feldmann and @jonas feld",
            &[("@Jonas Feldmann", "Jonas Feldmann"), ("@jonas feld", "Jonas Feld")],
        );
        check("@Jonas?", &[]);
        check("(@Åsa Öberg) @åsa\u{a0}öberg", &[("@Åsa Öberg", "Åsa Öberg"), ("@åsa\u{a0}öberg", "Åsa Öberg")]);
        check("@Ann Lee, @Ann", &[("@Ann Lee", "Ann Lee"), ("@Ann", "Ann")]);
    }

    #[test]
    fn what_is_no_name_is_nobody() {
        for text in ["", "@", "@ Ines", "ines@Ines.example", "@Inessa", "@Ines_2", "@nobody", "@@", "Ines"] {
            check(text, &[]);
        }
        check("@@Ines", &[("@Ines", "Ines Okafor")]);
    }

    #[test]
    fn two_of_one_name_are_not_told_apart() {
        let (one, two) = (StaffId(Uuid::from_u128(1)), StaffId(Uuid::from_u128(2)));
        assert_eq!(mentions("@Kim Ito", &[(one, "Kim Ito"), (two, "Kim Ito")]), []);
        assert_eq!(mentioned("@Kim @Kim Ito", &[(one, "Kim Ito")]), [one]);
    }
}
