//! Placeholders in texts that the desk fills in: `{number}`.

use crate::{Error, Result};

/// The text with what `fact` knows in the place of its placeholders. What is put in is not looked at again; braces around
/// anything else stay as they are.
pub(crate) fn fill(text: &str, fact: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((word, known)) = word(rest).and_then(|it| Some((it, fact(it)?))) {
            out.push_str(&known);
            rest = &rest[word.len() + 2..];
        } else {
            out.push('{');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

/// Refuses a text with a placeholder that nothing would fill in.
pub(crate) fn check(field: &'static str, text: &str, known: &[&str]) -> Result<()> {
    let mut words = text.match_indices('{').filter_map(|(at, _)| word(&text[at..]));
    let Some(unknown) = words.find(|it| !known.contains(it)) else { return Ok(()) };
    let all = known.iter().map(|it| format!("{{{it}}}")).collect::<Vec<_>>().join(", ");
    Err(Error::invalid(field, format!("There is no placeholder {{{unknown}}}. There are {all}.")))
}

/// The word in the braces that `from` begins with: letters and low lines alone. Other braces are braces.
fn word(from: &str) -> Option<&str> {
    let (word, _) = from.strip_prefix('{')?.split_once('}')?;
    (!word.is_empty() && word.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_are_filled_in_once_and_all_else_stays() {
        let fact = |it: &str| match it {
            "number" => Some("7".to_owned()),
            "organization" => Some("{number} Ltd".to_owned()),
            _ => None,
        };
        for (text, expected) in [
            ("Case {number} of {organization}.", "Case 7 of {number} Ltd."),
            ("{ number } {} {other} {number", "{ number } {} {other} {number"),
            ("{{number}}", "{7}"),
            ("", ""),
        ] {
            assert_eq!(fill(text, &fact), expected);
        }
        assert!(check("text", "{number} { } {}", &["number"]).is_ok());
        let refused = check("text", "Dear {name}", &["number"]).unwrap_err().to_string();
        assert!(refused.contains("{name}") && refused.contains("{number}"), "{refused}");
    }
}
