//! What was tried already, by either side.

use crate::line::line;
use crate::reading::Reading;
use crate::rules::Sign;
use crate::turn::{From, Line};

/// More than this nobody reads.
const MOST: usize = 3;

/// The sentences that say what was done, the newest last. What one side was asked to try counts once they say that they did.
pub(crate) fn tried(readings: &[Reading<'_>]) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    let mut asked: Option<Line> = None;
    for reading in readings {
        let spans =
            |sign: Sign| reading.sentences.iter().filter(move |it| it.has(sign)).map(|it| it.span(reading.turn));
        if reading.from == From::Customer
            && spans(Sign::DoneThat).next().is_some()
            && spans(Sign::Tried).next().is_none()
        {
            out.extend(asked.take());
        }
        let done = reading.sentences.iter().filter(|it| {
            !it.question
                && it.find(Sign::Tried).any(|hit| {
                    // What was not done was not tried.
                    !it.find(Sign::Not).any(|not| (hit.start..hit.end).contains(&not.start))
                })
        });
        out.extend(done.map(|it| line(reading.text, it.span(reading.turn))));
        if reading.from == From::Desk {
            asked = spans(Sign::Try).next_back().map(|at| line(reading.text, at));
        }
    }
    let newest = out.len().saturating_sub(MOST);
    out.split_off(newest)
}
