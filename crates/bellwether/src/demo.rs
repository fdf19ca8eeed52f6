//! The demo: a desk full of invented customers, filled by the same use cases as real mail.
//!
//! Tareline sells scales and label printers. Its customers write in [`story`]s that repeat with other facts, and in the
//! cases of [`inbox`], told one by one. [`plan`] makes steps in time of both, in each one's [`voice`], [`run`] does them: a mail goes in as raw
//! bytes, an answer to ours carries the `Message-ID` that our reply got. Everything comes from one seed: the same moment
//! gives the same desk.
//!
//! Deliberately absent: any way to write that real mail and real staff do not have.

pub(crate) mod company;
pub(crate) mod dice;
mod fresh;
mod inbox;
pub(crate) mod letter;
mod papers;
pub(crate) mod plan;
pub(crate) mod run;
pub(crate) mod story;
pub(crate) mod voice;

use desk::Desk;
use domain::Timestamp;
use store::organization;

pub use company::{PASSWORD, SIGN_INS, SignIn};
pub use fresh::forget;

/// What the demo consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Customers who were named beforehand; those who wrote out of the blue come on top.
    pub customers: usize,
    /// Cases.
    pub cases: usize,
    /// Messages, in and out.
    pub messages: usize,
}

/// Why the demo cannot be filled.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A filling was interrupted, or the desk is somebody's.
    #[error(
        "This desk is set up already, and not by a finished demo. Start with --fresh to begin anew, or name another place with --data."
    )]
    Taken,
    /// The desk says no.
    #[error(transparent)]
    Desk(#[from] desk::Error),
    /// The demo's own text is wrong.
    #[error("the demo's text is wrong: {0}")]
    Text(String),
}

/// The setting that says that this is a demo: [`BEGUN`], and [`FILLED`] when it is there to its end.
const MARK: &str = "demo";
const BEGUN: &str = "begun";
const FILLED: &str = "filled";

/// Whether the demo is there, whole.
pub async fn is_filled(desk: &Desk) -> Result<bool, Error> {
    let mark = desk.db.read(async |rx| organization::setting(rx, MARK).await).await;
    Ok(mark.map_err(desk::Error::from)?.as_deref() == Some(FILLED))
}

/// Fills an empty desk with the 90 days up to `now`. `progress` hears how many steps are done, of how many.
pub async fn fill(desk: &Desk, now: Timestamp, progress: impl Fn(usize, usize)) -> Result<Summary, Error> {
    begin(desk).await?;
    let company = company::found(desk, now).await?;
    let threads = plan::threads(&company, now)?;
    let (cases, messages) = run::run(desk, &company, threads, now, progress).await?;
    let customers = company.customers.len();
    desk.at(now).work_off().await?;
    end(desk).await?;
    Ok(Summary { customers, cases, messages })
}

/// Marks an empty desk as a demo, before anything is in it. One that is set up is somebody's, or was left half filled.
pub(crate) async fn begin(desk: &Desk) -> Result<(), Error> {
    let begun = desk.db.write([organization::lock()], async |tx| {
        if organization::find(tx).await?.is_some() {
            return Ok(false);
        }
        organization::set(tx, MARK, BEGUN).await.map(|()| true)
    });
    let begun = begun.await.map_err(|err: store::Error| Error::Desk(err.into()))?;
    if begun { Ok(()) } else { Err(Error::Taken) }
}

/// Remembers that a filling came to its end.
pub(crate) async fn end(desk: &Desk) -> Result<(), Error> {
    let done = desk.db.write([organization::lock()], async |tx| organization::set(tx, MARK, FILLED).await).await;
    done.map_err(|err: store::Error| Error::Desk(err.into()))
}
