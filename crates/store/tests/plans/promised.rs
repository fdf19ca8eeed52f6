//! The statements of the Brief and of promises.

use domain::{BriefLine, Correction, Promise, PromiseState, StaffId, WrittenBrief};
use store::case::Place;
use store::case::spine::Spine;
use store::{Read, Result, Scope, Tx, brief, promise};

use crate::support::{NOW, id};

pub async fn of_page(rx: &Read, scope: &Scope, spine: Spine) -> Result<()> {
    let (customer, case) = (spine.case.customer, spine.case.id);
    // As if it had entries before and behind those of its page.
    let mut long = spine;
    long.entries.retain(|it| it.number > Some(1));
    long.case.entries += 1;
    brief::beyond(rx, &long).await?;
    brief::corrections(rx, customer, case).await?;
    brief::written::find(rx, customer, case).await?;
    brief::written::sent(rx, customer, case).await?;
    promise::open_of(rx, scope, &[customer]).await.map(drop)
}

pub async fn of_writing(tx: &mut Tx, at: Place, staff: StaffId) -> Result<()> {
    let Place { customer, case } = at;
    let text = "send it".to_owned();
    let state = PromiseState::Open;
    let (message, due_at, closed_at) = (None, Some(NOW), None);
    let made = Promise { customer, case, id: id(), message, text, due_at, state, by: staff, at: NOW, closed_at };
    promise::insert(tx, &made).await?;
    promise::save(tx, &made).await?;
    promise::of_case(tx, customer, &[case]).await?;
    promise::delete(tx, customer, case, made.id).await?;
    let line = BriefLine::Issue;
    let better = Correction { line, text: "It smokes.".to_owned(), by: staff, at: NOW };
    brief::correct(tx, customer, case, &better).await?;
    brief::written::ask(tx, customer, case, "1042.1", NOW).await?;
    let (basis, model, host) = ("1042.1".to_owned(), "small".to_owned(), "model.example".to_owned());
    let written = WrittenBrief { basis, model, host, lines: Vec::new(), at: NOW };
    brief::written::save(tx, customer, case, &written, "{}").await?;
    brief::written::forget(tx, customer, case).await?;
    brief::as_found(tx, customer, case, line).await
}
