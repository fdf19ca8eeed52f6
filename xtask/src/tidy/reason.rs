//! The attributes that say why a lint does not hold in one place, and how far each of them reaches.

use crate::source::Source;

/// Whether an attribute on the item or statement around the line, or one for the whole file, says why `lint` does not
/// hold there.
pub(super) fn has_reason(source: &Source, number: usize, lint: &str) -> bool {
    let lines: Vec<&str> = source.lines.iter().map(|it| it.code.as_str()).collect();
    (0..lines.len()).any(|at| {
        let whole = lines[at].contains("#![expect(");
        if !whole && !lines[at].contains("#[expect(") {
            return false;
        }
        let last = attribute_end(&lines, at);
        let names = lines[at..=last].iter().any(|it| it.contains(lint));
        names && (whole || (at + 1..=item_end(&lines, last) + 1).contains(&number))
    })
}

/// The line on which the attribute that begins on this one ends.
fn attribute_end(lines: &[&str], at: usize) -> usize {
    let mut depth = 0;
    for (nth, line) in lines.iter().enumerate().skip(at) {
        depth += opened(line);
        if depth <= 0 {
            return nth;
        }
    }
    at
}

fn opened(line: &str) -> i32 {
    line.chars().map(opens).sum()
}

fn opens(c: char) -> i32 {
    match c {
        '(' | '[' | '{' => 1,
        ')' | ']' | '}' => -1,
        _ => 0,
    }
}

/// The line on which what stands behind an attribute ends: with its body, with its semicolon, or with what it is in.
fn item_end(lines: &[&str], attribute: usize) -> usize {
    let behind = lines[attribute].rsplit(']').next().unwrap_or_default();
    let texts = std::iter::once((attribute, behind))
        .chain(lines.iter().copied().enumerate().skip(attribute + 1))
        .filter(|(_, text)| !text.trim_start().starts_with('#'));
    let (mut depth, mut is_let) = (0, None);
    for (nth, text) in texts {
        if is_let.is_none() && !text.trim().is_empty() {
            is_let = Some(text.trim_start().starts_with("let "));
        }
        for c in text.chars() {
            depth += opens(c);
            let ends = match c {
                // The braces of a value do not end its statement.
                '}' => depth == 0 && is_let != Some(true),
                ';' => depth == 0,
                _ => false,
            };
            if ends || depth < 0 {
                return nth;
            }
        }
    }
    lines.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(text: &str) -> Vec<usize> {
        let source = Source::new("crates/x/src/lib.rs", text);
        (1..=source.lines.len()).filter(|it| has_reason(&source, *it, "clippy::it")).collect()
    }

    #[test]
    fn a_reason_reaches_to_the_end_of_its_item() {
        let text = "#[expect(clippy::it, reason = \"so\")]\nfn a<T, U>(t: T) -> [u8; 2] {\n  b();\n}\nfn c() {}\n";
        assert_eq!(reasons(text), [1, 2, 3, 4]);
        assert_eq!(reasons("#[expect(clippy::it, reason = \"so\")]\nuse a;\nuse b;\n"), [1, 2]);
        assert_eq!(
            reasons("fn a() {\n  #[expect(clippy::it, reason = \"so\")]\n  let b = { c() }\n    .d();\n  e();\n}\n"),
            [2, 3, 4]
        );
        assert_eq!(reasons("fn a() {\n  #[expect(clippy::it, reason = \"so\")]\n  b()\n}\nc();\n"), [2, 3, 4]);
    }

    #[test]
    fn an_attribute_may_go_over_lines_and_stand_with_others() {
        let text = "#[expect(\n  clippy::it,\n  reason = \"so\"\n)]\n#[must_use]\nfn a() {\n}\nfn b() {}\n";
        assert_eq!(reasons(text), [1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn a_reason_for_the_file_reaches_everywhere() {
        assert_eq!(reasons("#![expect(\n  clippy::it,\n  reason = \"so\"\n)]\na\n"), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn another_lint_and_a_neighbour_give_none() {
        assert_eq!(reasons("#[expect(clippy::other, reason = \"so\")]\nfn a() {}\n"), [0; 0]);
    }
}
