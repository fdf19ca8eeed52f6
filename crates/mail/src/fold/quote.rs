//! Quotes whose lines are marked one by one with `>`.

use domain::FoldKind;

use super::Found;
use super::attribution::attribution;
use super::header::{header, mark, under_bar};
use super::line::{Line, last};

/// Lines of a quote that is short enough to be read as the question above its answer.
const QUESTION: usize = 2;
/// Lines of a quote between answers that is too long to be read with them.
const LONG: usize = 40;
/// Lines at the end of it that stay open.
const NEAR: usize = 8;

/// A marked quote.
struct Block {
    /// Its first line, that which introduces it included.
    from: usize,
    /// The first marked line.
    first: usize,
    /// The line behind its last.
    to: usize,
    /// Whether a line introduces it.
    introduced: bool,
    /// Its lines with words.
    count: usize,
}

/// The quote that ends `lines[..end]`, with what introduces it.
pub(super) fn trailing(lines: &[Line<'_>], end: usize) -> Option<(usize, usize)> {
    let end = last(lines, 0, end)? + 1;
    let block = block(lines, end)?;
    sound(lines, &block).then_some((block.from, block.to))
}

/// Folds the quotes above answers that need not be read with them.
pub(super) fn leading(found: &mut Found<'_>, end: usize) {
    let lines = found.lines;
    let mut blocks = Vec::new();
    let mut at = end;
    while let Some(quoted) = lines[..at].iter().rposition(Line::quoted) {
        let Some(block) = block(lines, quoted + 1) else { break };
        at = block.from;
        blocks.push(block);
    }
    if let [block] = blocks.as_slice() {
        // One that would end the text is one that is no quote.
        let answered = last(lines, block.to, end).is_some();
        if answered && block.introduced && block.count > QUESTION {
            found.add(FoldKind::Quote, block.from, block.to);
        }
        return;
    }
    for block in blocks.iter().filter(|it| it.count > LONG) {
        found.add(FoldKind::Quote, block.from, block.to - NEAR);
    }
}

/// The quote whose last line is `lines[end - 1]`.
fn block(lines: &[Line<'_>], end: usize) -> Option<Block> {
    if !lines.get(end.checked_sub(1)?)?.quoted() {
        return None;
    }
    let mut first = end - 1;
    let mut count = usize::from(!lines[first].empty);
    let mut gap = first;
    while let Some(above) = gap.checked_sub(1) {
        if lines[above].quoted() {
            count += usize::from(!lines[above].empty);
            first = above;
        } else if !lines[above].blank() && !residue(lines, above) {
            break;
        }
        gap = above;
    }
    // What introduces it stands right above, or above blank lines.
    let above = last(lines, 0, first).filter(|it| first - it <= 4);
    let intro = above.and_then(|above| {
        let named = attribution(lines, above).map(|it| it.from);
        named.or_else(|| announced(lines, above))
    });
    Some(Block { from: intro.unwrap_or(first), first, to: end, introduced: intro.is_some(), count })
}

/// Where the header lines start that end with `lines[above]`, or the line that announces a quote.
fn announced(lines: &[Line<'_>], above: usize) -> Option<usize> {
    if mark(lines, above).is_some() {
        return Some(under_bar(lines, above));
    }
    let low = above.saturating_sub(12);
    let first = (low..=above).rev().take_while(|it| !lines[*it].empty && !lines[*it].quoted()).last()?;
    let from = (first..=above).find(|it| header(lines, *it, false).is_some_and(|it| it.to == above + 1))?;
    let marked = from.checked_sub(1).filter(|it| mark(lines, *it).is_some());
    Some(marked.unwrap_or_else(|| under_bar(lines, from)))
}

/// Whether an unmarked line is the rest of the marked line above it, which was too long to travel.
fn residue(lines: &[Line<'_>], at: usize) -> bool {
    let Some(above) = at.checked_sub(1).map(|it| &lines[it]) else { return false };
    let Some(below) = lines.get(at + 1) else { return false };
    let text = lines[at].text;
    above.quoted()
        && below.quoted()
        && above.text.len() >= 60
        && text.len() <= 40
        && text.starts_with(char::is_lowercase)
        && !above.text.trim_end().ends_with(['.', '?', '!', ':', ';'])
}

/// Whether marked lines are a quote, not a list with arrows, what a computer shows, or a comparison.
fn sound(lines: &[Line<'_>], block: &Block) -> bool {
    if block.introduced {
        return true;
    }
    let quoted = || lines[block.first..block.to].iter().filter(|it| it.quoted() && !it.empty).take(200);
    let all = quoted().count();
    if all == 0 {
        return false;
    }
    let first = &lines[block.first];
    let above = last(lines, 0, block.first);
    // What a sentence announces is part of it.
    if above.is_some_and(|it| lines[it].text.trim_end().ends_with(':')) {
        return false;
    }
    let adjacent = above.is_some_and(|it| it + 1 == block.first);
    let arrows = quoted().filter(|it| it.inner.contains(" > ") || it.inner.contains("->")).count();
    let tight = quoted().filter(|it| !it.text.trim_start().trim_start_matches('>').starts_with([' ', '>'])).count();
    let measures = quoted().filter(|it| it.inner.starts_with(|it: char| it.is_ascii_digit() || it == '=')).count();
    let prompts = quoted().filter(|it| it.depth >= 3).count();
    let shells = quoted().filter(|it| shell(it.inner)).count();
    if arrows * 2 > all || prompts == all || measures == all && all <= 3 || shells * 2 >= all {
        return false;
    }
    !(adjacent && all <= 3 && (tight == all || first.depth == 1 && all == 1))
}

/// Whether a line reads like what is typed at a prompt.
fn shell(text: &str) -> bool {
    const COMMANDS: &[&str] = &[
        "cd",
        "dir",
        "ls",
        "ping",
        "select",
        "import",
        "print",
        "sudo",
        "npm",
        "pip",
        "git",
        "curl",
        "get-",
        "set-",
        "ipconfig",
        "tracert",
        "show",
        "net",
        "docker",
        "systemctl",
        "cat",
        "echo",
        "python",
        "node",
        "copy",
        "del",
        "ehlo",
        "helo",
        "mail",
        "rcpt",
        "data",
        "quit",
        "starttls",
        "auth",
    ];
    let word = text.split([' ', '(']).next().unwrap_or_default();
    !word.is_empty()
        && !text.ends_with(['.', '?', '!', ','])
        && COMMANDS
            .iter()
            .any(|it| word.eq_ignore_ascii_case(it) || it.ends_with('-') && word.to_ascii_lowercase().starts_with(it))
}
