//! How well the Brief does on cases that a person has labelled.

mod cases;

use cases::{cases, score};

/// What the product needs: a promise that was never made costs trust in all others, so precision comes first.
#[test]
fn nine_promises_of_ten_are_promises_and_most_are_found() {
    let cases = cases();
    for split in ["dev", "held"] {
        let (score, misses) = score(&cases::of_split(&cases, split));
        assert!(score.cases > 0);
        let shown = if split == "dev" { misses.join("\n") } else { String::new() };
        assert!(score.precision() >= 0.9, "{split}: precision {:.3}\n{shown}", score.precision());
        assert!(score.recall() >= 0.7, "{split}: recall {:.3}\n{shown}", score.recall());
    }
}

/// The other lines are shown, not acted upon: a wrong one costs a glance at its sentence.
#[test]
fn the_other_lines_are_mostly_right() {
    let cases = cases();
    let (score, _) = score(&cases.iter().collect::<Vec<_>>());
    assert!(score.due() >= 0.9, "due dates {:.3}", score.due());
    assert!(score.waiting() >= 0.85, "waiting {:.3}", score.waiting());
    for split in ["dev", "held"] {
        let (score, _) = cases::score(&cases::of_split(&cases, split));
        assert!(score.issue() >= 0.85, "{split}: issue {:.3}", score.issue());
    }
}
