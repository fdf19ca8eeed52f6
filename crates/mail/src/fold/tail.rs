//! What stands below the words of a text: cards, lines of phones, disclaimers.

use domain::FoldKind;

use super::line::{Line, bar, last};
use super::{Found, disclaimer, signature};

/// Paragraphs that are looked at.
const PARAGRAPHS: usize = 16;
/// Lines of a paragraph that can be a disclaimer.
const LINES: usize = 60;

/// Folds what stands below the words of `lines[..end]`; gives where the words end.
pub(super) fn fold(found: &mut Found<'_>, end: usize) -> usize {
    let lines = found.lines;
    let mut end = end;
    let mut signed = false;
    for _ in 0..PARAGRAPHS {
        let Some(at) = last(lines, 0, end) else { return 0 };
        end = at + 1;
        if lines[at].quoted() {
            break;
        }
        let low = end.saturating_sub(LINES);
        let from = (low..end).rev().take_while(|it| !lines[*it].blank() && !lines[*it].quoted()).last().unwrap_or(at);
        // Nothing stands above it: then it is what the mail says.
        let first = last(lines, 0, from).is_none();
        if let Some(from) = disclaims(lines, from, end, first) {
            end = above(found, FoldKind::Disclaimer, from, end);
        } else if let Some(from) = list(lines, from, end) {
            end = above(found, FoldKind::Disclaimer, from, end);
        } else if signature::mobile(&lines[at]) {
            end = above(found, FoldKind::Signature, at, end);
        } else if !signed && let Some((from, to)) = signature::signature(lines, 0, end, found.signer) {
            found.add(FoldKind::Signature, from, to);
            signed = true;
            if to < end {
                break;
            }
            end = from;
        } else if !signed
            && !first
            && from + 8 >= end
            && !announced(lines, from)
            && signature::imprint(&lines[from..end])
        {
            end = above(found, FoldKind::Signature, from, end);
        } else {
            break;
        }
    }
    end
}

/// Folds `lines[from..to]`, with a rule above them; gives where they start.
fn above(found: &mut Found<'_>, kind: FoldKind, from: usize, to: usize) -> usize {
    let lines = found.lines;
    let rule = last(lines, 0, from)
        .filter(|it| from - it <= 2 && (bar(lines[*it].text) || lines[*it].text.trim_end() == "--"));
    let from = rule.unwrap_or(from);
    found.add(kind, from, to);
    from
}

/// Whether the line above `lines[from]` announces what follows.
fn announced(lines: &[Line<'_>], from: usize) -> bool {
    last(lines, 0, from).is_some_and(|it| lines[it].text.trim_end().ends_with(':'))
}

/// Where the disclaimer starts that the paragraph `lines[from..to]` is, or ends with: only ends with, if it is the first.
fn disclaims(lines: &[Line<'_>], from: usize, to: usize, first: bool) -> Option<usize> {
    let within = (from + 1..to).find(|it| disclaimer::begins(lines[*it].lower));
    if first && within.is_none() {
        return None;
    }
    let whole = disclaimer::disclaims(lines[from..to].iter().map(|it| it.lower));
    // A card may stand right above it.
    if whole && (within.is_none() || disclaimer::begins(lines[from].lower)) {
        return Some(from).filter(|_| !first);
    }
    within.filter(|it| whole || disclaimer::disclaims(lines[*it..to].iter().map(|it| it.lower)))
}

/// Where in `lines[from..to]` starts what a mailing list adds: a long rule, its name, its addresses.
fn list(lines: &[Line<'_>], from: usize, to: usize) -> Option<usize> {
    let low = from.max(to.saturating_sub(6));
    let rule = (low..to).find(|it| lines[*it].text.trim().len() >= 20 && bar(lines[*it].text))?;
    let named = lines[rule..to].iter().skip(1).take(2).any(|it| it.lower.contains("mailing list"));
    named.then_some(rule)
}
