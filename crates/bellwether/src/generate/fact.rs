//! What a case names that its copies name otherwise: always in this order.

use domain::tokens::folded;

use crate::demo::company::Customer;
use crate::demo::dice::Dice;

/// Facts of a story that are another in each case.
const NAMED: [&str; 4] = ["sn", "inv", "rma", "cn"];

/// Who writes, and the facts that they name; empty where there is none.
pub fn all(who: &Customer, facts: &[(&'static str, String)]) -> Vec<String> {
    let fact = |name: &str| facts.iter().find(|it| it.0 == name).map(|it| it.1.clone()).unwrap_or_default();
    let person = who.people.first();
    let name = person.map(|it| it.name.clone()).unwrap_or_default();
    let first = name.split(' ').next().unwrap_or_default().to_owned();
    let address = person.map(|it| it.address.as_str().to_owned()).unwrap_or_default();
    let shop = who.shops.first().cloned().unwrap_or_default();
    let mut all = vec![who.name.clone(), folded(&who.name), name, first, address, who.domain.clone(), shop];
    all.extend(NAMED.map(fact));
    all
}

/// The same of a copy. Numbers are spread as widely as those of a real desk.
pub fn of_copy(who: &Customer, dice: &mut Dice) -> Vec<String> {
    let product = dice.pick(&["LP40", "LP40", "CS15", "PF60", "MS6"]);
    let serial = format!("TL-{product}-{}-{:06}", dice.between(22, 27), dice.between(1, 1_000_000));
    let invoice = format!("INV-{}", dice.between(10_000, 100_000));
    let (goods, credit) = (dice.between(2_000, 10_000), dice.between(2_000, 10_000));
    let mut all = all(who, &[]);
    all.truncate(all.len() - NAMED.len());
    all.extend([serial, invoice, format!("RMA-{goods}"), format!("CN-{credit}")]);
    all
}
