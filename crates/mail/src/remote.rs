//! Pictures that are elsewhere: whoever loads them tells their owner that the mail is read.

use crate::html::end_of;

/// The mail with no address in its remote pictures, so that their words stand in their place and the browser does not
/// even try; none if it has no such pictures. The policy holds them back, too.
pub fn without_remote(mail: &str) -> Option<String> {
    let mut out = String::with_capacity(mail.len());
    let mut rest = mail;
    let mut found = false;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        let (tag, after) = tag.split_at(end_of(tag));
        out.push_str(before);
        match source(tag) {
            Some((left, right)) if tag.starts_with("<img ") && is_remote(right) => {
                found = true;
                out.push_str(left);
                out.push_str(right.split_once('"').map_or("", |it| it.1));
            }
            _ => out.push_str(tag),
        }
        rest = after;
    }
    out.push_str(rest);
    found.then_some(out)
}

/// What stands before the address of a picture in its tag, and what follows from there on. The sanitiser writes every value
/// in double quotes, so an even number of them stands before a name.
pub(crate) fn source(tag: &str) -> Option<(&str, &str)> {
    const NAME: &str = " src=\"";
    let (at, _) = tag.match_indices(NAME).find(|it| tag[..it.0].matches('"').count().is_multiple_of(2))?;
    Some((&tag[..at], &tag[at + NAME.len()..]))
}

/// Whether a browser would go elsewhere for this address.
fn is_remote(address: &str) -> bool {
    let address = address.trim_start_matches(|it: char| it.is_whitespace() || it.is_control());
    let begins = |with: &str| address.get(..with.len()).is_some_and(|it| it.eq_ignore_ascii_case(with));
    ["http:", "https:", "//"].into_iter().any(begins)
}

/// Whether the sanitised HTML of a mail names pictures that are elsewhere.
pub fn has_remote(mail: &str) -> bool {
    memchr::memmem::find(mail.as_bytes(), b"<img ").is_some() && without_remote(mail).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remote_pictures_lose_their_address_and_nothing_else_changes() {
        for (mail, expected) in [
            ("<p>a</p><img src=\"https://x.example/a.png\" alt=\"A > \">b", Some("<p>a</p><img alt=\"A > \">b")),
            ("<img alt=\"\" src=\"http://x.example/\"><br>", Some("<img alt=\"\"><br>")),
            ("<img src=\"HTTPS://x.example/\">", Some("<img>")),
            ("<img src=\" //x.example/\">", Some("<img>")),
            ("<img src=\"inline/0\">", None),
            ("I write &lt;img src=\"http://x\"&gt; and <b>src=\"http</b>", None),
            ("<img alt=\" src=&quot;http\" src=\"inline/1\">", None),
            ("<a href=\"https://x.example/\">x</a>", None),
        ] {
            assert_eq!(without_remote(mail).as_deref(), expected, "{mail}");
        }
    }
}
