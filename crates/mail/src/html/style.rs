//! Inline styles: which of them may stay.

/// Properties that dress words and boxes, and move nothing out of its place.
const PROPERTIES: &[&str] = &[
    "background-color",
    "border",
    "border-bottom",
    "border-collapse",
    "border-color",
    "border-left",
    "border-radius",
    "border-right",
    "border-spacing",
    "border-style",
    "border-top",
    "border-width",
    "clear",
    "color",
    "direction",
    "display",
    "float",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "text-align",
    "text-decoration",
    "text-indent",
    "text-transform",
    "vertical-align",
    "white-space",
    "width",
    "word-break",
    "word-wrap",
    "overflow-wrap",
];

/// Functions that only name a colour.
const FUNCTIONS: &[&str] = &["rgb", "rgba", "hsl", "hsla"];

/// Digits of a number: four are more than any screen is wide.
const DIGITS: usize = 4;

/// Kinds of boxes.
const DISPLAYS: &[&str] = &["block", "inline", "none", "table", "list-item", "flex", "grid"];

/// The declarations of `style` that may stay; `None` if there is none.
pub(super) fn kept(style: &str) -> Option<String> {
    if style.len() > 4_096 {
        return None;
    }
    let mut out = String::new();
    for declaration in style.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let (property, value) = (property.trim(), value.trim());
        let known = PROPERTIES.iter().find(|it| it.eq_ignore_ascii_case(property));
        if let Some(known) = known.filter(|known| sound(value) && stays(known, value)) {
            if !out.is_empty() {
                out.push(';');
            }
            out.push_str(known);
            out.push(':');
            out.push_str(value);
        }
    }
    (!out.is_empty()).then_some(out)
}

/// Whether a value leaves a box in its place and of a size that a page may have: nothing is pulled over its neighbours, or
/// out of sight.
fn stays(property: &str, value: &str) -> bool {
    let mut digits = 0;
    let small = value.chars().all(|it| {
        digits = if it.is_ascii_digit() { digits + 1 } else { 0 };
        digits <= DIGITS || value.starts_with('#')
    });
    // A number with a power, or a long one in a large unit.
    let mut words = value.split(|it: char| !it.is_ascii_alphanumeric() && !matches!(it, '.' | '+'));
    let small = small && (value.starts_with('#') || !words.any(large));
    let back = || value.split([' ', '\t', '\n']).any(|it| it.trim_start_matches('+').starts_with('-'));
    // Fonts have names that begin so.
    let moves = !property.starts_with("font") && back();
    small && !moves && (property != "display" || DISPLAYS.iter().any(|it| value.starts_with(it)))
}

/// Whether a word is a number that is more than a page may have, whatever its digits.
fn large(word: &str) -> bool {
    let digits = word.trim_start_matches('+');
    let unit = digits.trim_start_matches(|it: char| it.is_ascii_digit() || it == '.');
    let whole = digits.bytes().take_while(u8::is_ascii_digit).count();
    let power =
        unit.strip_prefix(['e', 'E']).is_some_and(|it| it.starts_with(|it: char| it.is_ascii_digit() || it == '+'));
    let units = ["in", "cm", "mm", "pc", "pt", "em", "rem", "ex", "ch"];
    digits.starts_with(|it: char| it.is_ascii_digit() || it == '.')
        && (power || whole > 2 && units.iter().any(|it| unit.eq_ignore_ascii_case(it)))
}

/// Whether a value cannot load, escape or run anything.
fn sound(value: &str) -> bool {
    let plain = |it: char| !it.is_control() && !r"\<>@{}/:".contains(it);
    let balanced = |mark: char| value.matches(mark).count().is_multiple_of(2);
    let mut before = value;
    while let Some((head, _)) = before.rsplit_once('(') {
        let named = FUNCTIONS.iter().any(|it| {
            head.len()
                .checked_sub(it.len())
                .and_then(|start| head.get(start..))
                .is_some_and(|end| end.eq_ignore_ascii_case(it))
        });
        if !named {
            return false;
        }
        before = head;
    }
    !value.is_empty() && value.len() <= 300 && value.chars().all(plain) && balanced('"') && balanced('\'')
}
