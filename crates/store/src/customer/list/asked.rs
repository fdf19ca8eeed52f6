//! What somebody asks of the list, with ids in place of names.

use std::collections::HashSet;

use domain::field::Field;
use domain::filter::customers::{Ask, Filter, Is, Mistake, Why};
use domain::tokens::folded;
use domain::{CustomerId, FieldId, Owner, Right};

use super::super::values::{self, key};
use super::super::{Customer, head, of_domain};
use crate::{Read, Result, Scope, field};

/// A filter that the list can look at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    terms: Vec<Term>,
    /// How the name begins, folded.
    pub(super) name: String,
}

#[derive(Clone, Debug, PartialEq)]
struct Term {
    not: bool,
    what: What,
}

#[derive(Clone, Debug, PartialEq)]
enum What {
    Is(Vec<Is>),
    /// They are one of these.
    Any(HashSet<CustomerId>),
    /// A field of theirs says this, as it is looked for.
    Says(Vec<(FieldId, String)>),
}

/// What the fields of some customers say, as it is looked for.
pub(super) type Said = HashSet<(CustomerId, FieldId, String)>;

/// Finds out what the words of a filter name. What there is not is a mistake, and the rest counts.
pub async fn ask(rx: &Read, scope: &Scope, filter: &Filter) -> Result<(Asked, Vec<Mistake>)> {
    scope.needs(Right::Desk)?;
    let (mut asked, mut mistakes) = (Asked { terms: Vec::new(), name: filter.name.clone() }, Vec::new());
    for term in &filter.terms {
        let what = match &term.ask {
            Ask::Is(all) => What::Is(all.clone()),
            Ask::Domain(all) => What::Any(owners(rx, all).await?),
            Ask::Field(all) => {
                let known = field::of(rx, Owner::Customer).await?;
                let Some(all) = all.iter().map(|it| says(&known, it)).collect() else {
                    mistakes.push(Mistake { at: term.at.clone(), why: Why::UnknownField });
                    continue;
                };
                What::Says(all)
            }
        };
        asked.terms.push(Term { not: term.not, what });
    }
    Ok((asked, mistakes))
}

/// Who owns one of these domains.
async fn owners(rx: &Read, domains: &[String]) -> Result<HashSet<CustomerId>> {
    let mut found = HashSet::new();
    for domain in domains {
        if let Some(owner) = of_domain(rx, domain).await? {
            found.extend(head(rx, owner).await?.map(|it| it.id));
        }
    }
    Ok(found)
}

/// A field and what it says, by what both are called.
fn says(known: &[Field], (name, typed): &(String, String)) -> Option<(FieldId, String)> {
    let it = known.iter().find(|it| it.name.to_lowercase() == name.to_lowercase())?;
    // No field says a day that the calendar does not know.
    let value = it.read(typed, |_| true).ok()??;
    Some((it.id, key(&value)))
}

impl Asked {
    /// What fields have to say, by one of these; none if nobody asks.
    pub(super) fn says(&self) -> Option<&[(FieldId, String)]> {
        self.terms.iter().filter(|it| !it.not).find_map(|it| match &it.what {
            What::Says(all) => Some(all.as_slice()),
            What::Is(_) | What::Any(_) => None,
        })
    }

    /// What it has to know of these customers beyond who they are.
    pub(super) async fn said(&self, rx: &Read, customers: &[CustomerId]) -> Result<Said> {
        if customers.is_empty() || !self.terms.iter().any(|it| matches!(it.what, What::Says(_))) {
            return Ok(Said::new());
        }
        let all = values::of(rx, customers).await?;
        Ok(all.into_iter().map(|it| (it.customer, it.field, it.value)).collect())
    }

    /// Whether all of it holds.
    pub(super) fn holds(&self, it: &Customer, said: &Said) -> bool {
        let one = |what: &What| match what {
            What::Is(all) => all.iter().any(|is| is.holds(it.kind, it.provisional)),
            What::Any(all) => all.contains(&it.id),
            What::Says(all) => all.iter().any(|(field, value)| said.contains(&(it.id, *field, value.clone()))),
        };
        self.terms.iter().all(|term| one(&term.what) != term.not) && folded(&it.name).starts_with(&self.name)
    }
}
