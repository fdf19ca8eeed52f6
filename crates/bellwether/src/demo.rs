//! The demo: a desk full of invented customers, filled by the same use cases as real mail.
//!
//! Tareline sells scales and label printers. Its customers write in [`story`]s that repeat with other facts, and in the
//! cases of [`inbox`], told one by one. [`plan`] makes steps in time of both, [`run`] does them: a mail goes in as raw
//! bytes, an answer to ours carries the `Message-ID` that our reply got. Everything comes from one seed: the same moment
//! gives the same desk.
//!
//! Deliberately absent: any way to write that real mail and real staff do not have.

pub(crate) mod company;
pub(crate) mod dice;
mod inbox;
pub(crate) mod letter;
mod papers;
mod plan;
mod run;
pub(crate) mod story;

use desk::Desk;
use domain::Timestamp;
use store::organization;

pub use company::{PASSWORD, SIGN_INS, SignIn};

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

/// The setting that says that a demo was filled to its end.
pub(crate) const FILLED: &str = "demo_filled";

/// Whether the demo is there, whole.
pub async fn is_filled(desk: &Desk) -> Result<bool, Error> {
    let filled = desk.db.read(async |rx| organization::setting(rx, FILLED).await).await;
    Ok(filled.map_err(desk::Error::from)?.is_some())
}

/// Fills an empty desk with the 90 days up to `now`. `progress` hears how many steps are done, of how many.
pub async fn fill(desk: &Desk, now: Timestamp, progress: impl Fn(usize, usize)) -> Result<Summary, Error> {
    must_be_empty(desk).await?;
    let company = company::found(desk, now).await?;
    let threads = plan::threads(&company, now)?;
    let (cases, messages) = run::run(desk, &company, threads, now, progress).await?;
    let customers = company.customers.len();
    desk.at(now).work_off().await?;
    mark(desk, FILLED).await?;
    Ok(Summary { customers, cases, messages })
}

/// A desk that is set up is somebody's, or was left half filled.
pub(crate) async fn must_be_empty(desk: &Desk) -> Result<(), Error> {
    let set_up = desk.db.read(async |rx| organization::find(rx).await).await.map_err(desk::Error::from)?;
    if set_up.is_some() { Err(Error::Taken) } else { Ok(()) }
}

/// Remembers that a filling came to its end.
pub(crate) async fn mark(desk: &Desk, what: &'static str) -> Result<(), Error> {
    let done = desk.db.write([organization::lock()], async move |tx| organization::set(tx, what, "1").await).await;
    done.map_err(|err: store::Error| Error::Desk(err.into()))
}
