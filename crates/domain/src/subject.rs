//! Subjects: what programs put before them, and whether two are about the same.

/// What mail programs put before the subject of an answer or of a mail passed on, in their users' languages.
const PREFIXES: &[&str] = &[
    "re",
    "aw",
    "antw",
    "antwort",
    "sv",
    "vs",
    "vá",
    "odp",
    "odg",
    "ynt",
    "rif",
    "ris",
    "res",
    "rép",
    "ref",
    "rv",
    "r",
    "fw",
    "fwd",
    "wg",
    "wtr",
    "tr",
    "trans",
    "i",
    "inoltro",
    "enc",
    "doorst",
    "vb",
    "vl",
    "videre",
    "pd",
    "továbbítás",
];

/// What a subject is about: without prefixes, tags in brackets and case numbers, in lower case, its words one space
/// apart.
pub fn topic(subject: &str) -> String {
    let lower = subject.to_lowercase();
    let mut rest = lower.trim();
    loop {
        let bare = tag(rest).or_else(|| prefix(rest));
        match bare {
            Some(bare) if !bare.is_empty() => rest = bare,
            _ => break,
        }
    }
    let words = rest.split(|it: char| !it.is_alphanumeric());
    words.filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether a message of this subject is about something else than the case that it joined. Somebody who adds words to
/// a subject, or whose program cuts it short, still means the same.
pub fn is_another(of_case: &str, of_message: &str) -> bool {
    let (case, message) = (topic(of_case), topic(of_message));
    if case.is_empty() || message.is_empty() {
        return false;
    }
    !(case.contains(&message) || message.contains(&case))
}

/// Behind `[…]` at the start.
fn tag(subject: &str) -> Option<&str> {
    let (tag, rest) = subject.strip_prefix('[')?.split_once(']')?;
    (tag.len() <= 60).then(|| rest.trim_start())
}

/// Behind `Re:`, `AW :` or `Re[2]:` at the start.
fn prefix(subject: &str) -> Option<&str> {
    let (before, rest) = subject.split_once([':', '：'])?;
    let word = before.split(['[', '(']).next().unwrap_or_default().trim();
    PREFIXES.contains(&word).then(|| rest.trim_start())
}
