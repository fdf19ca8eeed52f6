//! Where sentences begin and end.
//!
//! People who write to a desk leave end marks out, break lines where they like, and write versions, addresses and
//! abbreviations with full stops in them. So a line is a sentence unless it is plainly wrapped, and a full stop ends one
//! only if what stands around it allows that.

use std::ops::Range;

use crate::rules::Rules;

/// A line shorter than this is not wrapped, however it ends.
const WRAPPED: usize = 40;
/// Most programs that wrap lines do so in these columns.
const COLUMNS: Range<usize> = 58..81;

/// The sentences of a text, as ranges of its bytes; without the blanks and the list marks around them.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    for paragraph in paragraphs(text) {
        split(text, paragraph, &mut out);
    }
    out
}

/// Lines, and with them those that only continue them.
fn paragraphs(text: &str) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    let mut wrapped = false;
    for line in text.split_inclusive('\n') {
        let here = start..start + line.len();
        start = here.end;
        let words = line.trim();
        let begins = list_mark(words) == 0 && !words.is_empty() && !words.starts_with('>');
        match out.last_mut() {
            Some(last) if wrapped && begins && continues(&text[last.clone()], words) => last.end = here.end,
            _ => out.push(here),
        }
        wrapped = words.chars().count() >= WRAPPED && !words.ends_with(['.', '!', '?', ':', ';', '…']);
    }
    out
}

/// Whether a line only continues what stands before it.
fn continues(before: &str, line: &str) -> bool {
    let first = line.chars().next();
    let last = before.trim_end().rsplit('\n').next().unwrap_or_default();
    let word = last.rsplit(char::is_whitespace).next().unwrap_or_default();
    let unfinished = Rules::all().any(|it| it.abbreviations.unfinished.contains(word));
    let open = unfinished || last.ends_with(',') || COLUMNS.contains(&last.chars().count());
    first.is_some_and(|it| it.is_lowercase() || open)
}

/// Cuts one paragraph at the end marks that count.
fn split(text: &str, paragraph: Range<usize>, out: &mut Vec<Range<usize>>) {
    let mut start = paragraph.start;
    let part = &text[paragraph.clone()];
    let mut chars = part.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        if !matches!(char, '.' | '!' | '?' | '…') {
            continue;
        }
        // Further marks, and what closes a quote or a bracket, belong to it.
        let mut end = at + char.len_utf8();
        let mut dots = usize::from(char == '.') + 3 * usize::from(char == '…');
        let mut sure = matches!(char, '!' | '?');
        while let Some((at, next)) = chars.next_if(|it| matches!(it.1, '.' | '!' | '?' | '…' | '"' | '”' | '»' | ')'))
        {
            end = at + next.len_utf8();
            dots += usize::from(next == '.') + 3 * usize::from(next == '…');
            sure |= matches!(next, '!' | '?');
        }
        let rest = &part[end..];
        if !rest.starts_with(char::is_whitespace) {
            continue;
        }
        let next = rest.trim_start().trim_start_matches(['"', '“', '(', '\'']);
        let before = &part[start - paragraph.start..at];
        if sure || ends(before, next, dots) {
            push(text, start..paragraph.start + end, out);
            start = paragraph.start + end;
        }
    }
    push(text, start..paragraph.end, out);
}

/// Whether one full stop or several, between these words, end a sentence.
fn ends(before: &str, next: &str, dots: usize) -> bool {
    let lower = next.starts_with(char::is_lowercase);
    if dots > 1 {
        return !lower;
    }
    let word = before.rsplit(|it: char| it.is_whitespace() || matches!(it, '(' | '"' | '“')).next().unwrap_or_default();
    // The number of an item of a list stands alone before its full stop.
    if before.len() < 4 && before.trim() == word && word.bytes().all(|it| it.is_ascii_digit()) {
        return false;
    }
    if word.chars().count() == 1 && word.starts_with(char::is_uppercase) && word != "I" {
        return false;
    }
    let word = word.to_lowercase();
    let number = next.starts_with(|it: char| it.is_ascii_digit() || it == '#');
    !Rules::all().any(|rules| {
        let it = &rules.abbreviations;
        it.always.contains(&word)
            || it.before_number.contains(&word) && number
            || it.before_small.contains(&word) && (lower || number)
    })
}

/// Adds a sentence, without what is only its frame, if anything is left of it.
fn push(text: &str, range: Range<usize>, out: &mut Vec<Range<usize>>) {
    let part = &text[range.clone()];
    let body = part.trim_start();
    let body = body[list_mark(body)..].trim_start();
    let start = range.start + part.len() - body.len();
    let end = start + body.trim_end().len();
    if text[start..end].contains(char::is_alphanumeric) {
        out.push(start..end);
    }
}

/// How long the mark is with which a line begins as an item of a list, with the blank after it; 0 if there is none.
fn list_mark(line: &str) -> usize {
    let blank = |at: usize| line[at..].chars().next().is_some_and(char::is_whitespace);
    let first = line.chars().next();
    if let Some(mark) = first.filter(|it| matches!(it, '-' | '*' | '•' | '·' | '–' | '>' | '+')) {
        return if blank(mark.len_utf8()) { mark.len_utf8() } else { 0 };
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let mark = line[digits..].starts_with(['.', ')']);
    if (1..=2).contains(&digits) && mark && blank(digits + 1) { digits + 1 } else { 0 }
}
