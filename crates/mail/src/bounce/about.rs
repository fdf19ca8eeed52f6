//! What a report that is only words says about each of those whom it names: the words about one must not be the reason of
//! another.

use std::collections::HashMap;

use domain::Email;

use super::kind::by_words;
use super::prose::{addresses, has_code, said};
use crate::automatic::spoken;

/// Those whom a report names at the beginning of its lines.
pub(super) struct About<'a> {
    lines: &'a [&'a str],
    /// In which line each of them stands.
    heads: &'a [(usize, Email)],
    /// Whom each line names: places in `heads`, of equal ones the first.
    named: Vec<Vec<usize>>,
    /// Whether it is about one alone.
    pub(super) alone: bool,
}

/// In how many further places it is looked what is said of one.
const PLACES: usize = 4;

impl<'a> About<'a> {
    pub(super) fn of(lines: &'a [&'a str], heads: &'a [(usize, Email)]) -> About<'a> {
        let mut first = HashMap::new();
        for (nth, (_, it)) in heads.iter().enumerate() {
            first.entry(it).or_insert(nth);
        }
        let several = first.len() > 1;
        let named = lines.iter().map(|line| {
            let named = addresses(line).filter(|_| several).filter_map(|it| first.get(&it).copied());
            let mut all: Vec<usize> = if line.contains('@') { named.collect() } else { Vec::new() };
            all.sort_unstable();
            all.dedup();
            all
        });
        About { lines, heads, named: named.collect(), alone: !several }
    }

    /// What is said of each of them; None of whom nothing is.
    pub(super) fn each(&self) -> Vec<Option<String>> {
        let mut told: Vec<Option<String>> = (0..self.heads.len()).map(|nth| self.below(nth)).collect();
        // A paragraph below a list is about all in the list.
        let mut shared = false;
        for nth in (1..self.heads.len()).rev() {
            let (above, at) = (self.heads[nth - 1].0, self.heads[nth].0);
            let below = self.lines.get(at + 1).is_some_and(|it| it.trim().is_empty());
            shared = told[nth - 1].is_none() && (at == above || at == above + 1 && (below || shared));
            if shared {
                let block = told[nth].clone();
                told[nth - 1] = block;
            }
        }
        for (nth, it) in told.iter_mut().enumerate().filter(|it| it.1.is_none()) {
            *it = self.elsewhere(nth);
        }
        told
    }

    /// What stands in the line of the head and below it.
    fn below(&self, nth: usize) -> Option<String> {
        self.block(nth, self.heads[nth].0)
    }

    /// What stands in a place that names nobody else.
    fn elsewhere(&self, nth: usize) -> Option<String> {
        let own = self.own(nth);
        let places = (self.heads[nth].0 + 1..self.lines.len()).filter(|it| self.named[*it] == [own]);
        places.take(PLACES).find_map(|at| self.block(nth, at))
    }

    /// The first of `heads` with the same address.
    fn own(&self, nth: usize) -> usize {
        self.heads.iter().position(|it| it.1 == self.heads[nth].1).unwrap_or(nth)
    }

    /// The lines from `from` on, up to where another is named or something else begins, if they tell something.
    fn block(&self, nth: usize, from: usize) -> Option<String> {
        let own = self.own(nth);
        let ends = |at: &usize| {
            self.named[*at].iter().any(|it| *it != own) || !self.alone && self.lines[*at].trim().starts_with("-----")
        };
        let end = (from + 1..self.lines.len()).find(ends).unwrap_or(self.lines.len());
        let block = said(&self.lines[from..end]);
        let address = self.heads[nth].1.as_str();
        let bare = block.trim_end_matches([':', '>', ' ', '.']).len() <= address.len() + 8;
        let clear = has_code(&block) || by_words(&spoken(&block)).is_some();
        let words = block.split(' ').filter(|it| !it.contains('@')).count();
        // With one recipient, all that is said is said of it.
        let tells = if self.alone { clear && !bare } else { clear || !bare && words >= 3 };
        tells.then_some(block)
    }
}
