//! Placeholders in texts that the desk fills in: `{number}`.

use crate::{Error, Result};

/// `text` with each of these names, in braces, as what it stands for. Braces around anything else stay as they are.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('{') {
        out.push_str(before);
        let known = tail
            .split_once('}')
            .and_then(|(name, behind)| values.iter().find(|it| it.0 == name).map(|(_, value)| (*value, behind)));
        match known {
            Some((value, behind)) => {
                out.push_str(value);
                rest = behind;
            }
            None => {
                out.push('{');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Refuses a text with a placeholder that nothing would fill in.
pub(crate) fn check(field: &'static str, text: &str, known: &[&str]) -> Result<()> {
    for part in text.split('{').skip(1) {
        let Some((name, _)) = part.split_once('}') else { continue };
        let is_name = !name.is_empty() && name.chars().all(|it| it.is_alphanumeric() || it == '_');
        if is_name && !known.contains(&name) {
            let all = known.iter().map(|it| format!("{{{it}}}")).collect::<Vec<_>>().join(", ");
            return Err(Error::invalid(field, format!("Nothing stands for {{{name}}}. There are {all}.")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_are_filled_in_once_and_all_else_stays() {
        let values = [("number", "7"), ("organization", "{number} Ltd")];
        for (text, expected) in [
            ("Case {number} of {organization}.", "Case 7 of {number} Ltd."),
            ("{ number } {} {other} {number", "{ number } {} {other} {number"),
            ("{{number}}", "{7}"),
            ("", ""),
        ] {
            assert_eq!(fill(text, &values), expected);
        }
        assert!(check("text", "{number} { } {}", &["number"]).is_ok());
        assert!(check("text", "Dear {name}", &["number"]).is_err());
    }
}
