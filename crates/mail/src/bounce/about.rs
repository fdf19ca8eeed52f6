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
        About { lines, heads, named: named.collect() }
    }

    /// What is said of each of them; None of whom nothing is.
    pub(super) fn each(&self) -> Vec<Option<String>> {
        let mut told: Vec<Option<String>> = (0..self.heads.len()).map(|nth| self.told(nth)).collect();
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
        told
    }

    /// Whether it is about one alone.
    fn alone(&self) -> bool {
        self.named.iter().all(Vec::is_empty)
    }

    /// What stands below the head, up to where another is named, or in a place that names them and nobody else.
    fn told(&self, nth: usize) -> Option<String> {
        let (at, address) = &self.heads[nth];
        let tells = |block: &String| {
            let bare = block.trim_end_matches([':', '>', ' ', '.']).len() <= address.as_str().len() + 8;
            let clear = has_code(block) || by_words(&spoken(block)).is_some();
            let words = block.split(' ').filter(|it| !it.contains('@')).count();
            // With one recipient, all that is said is said of it.
            if self.alone() { clear && !bare } else { clear || !bare && words >= 3 }
        };
        let own = self.heads.iter().position(|it| it.1 == *address).unwrap_or(nth);
        let block = |from: usize| {
            let another = |it: &Vec<usize>| it.iter().any(|it| *it != own);
            let rest = &self.lines[from..];
            let end = self.named[from..].iter().skip(1).position(another).map_or(rest.len(), |it| it + 1);
            said(&rest[..end])
        };
        let first = Some(block(*at)).filter(tells);
        first.or_else(|| {
            let places = (at + 1..self.lines.len()).filter(|it| self.named[*it] == [own]);
            places.take(PLACES).map(block).find(tells)
        })
    }
}
