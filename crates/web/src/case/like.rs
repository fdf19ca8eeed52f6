//! Beside a case: solved ones that are like it, whoever's they were, with what solved them.

use axum::extract::State;
use maud::{Markup, html};
use store::search::like::{MOST, solved};
use store::{Error, case};

use super::read::Case;
use crate::Trouble;
use crate::app::App;
use crate::extract::Path;
use crate::page::Page;
use crate::part::keycap;
use crate::session::Who;
use crate::text::{t, t_with};

/// Where they come to stand. Without script they are found by the search.
pub fn place(case: &Case) -> Markup {
    let number = case.number();
    html! {
        section.side-sec {
            header { h2 { (t("like-cases")) } }
            bw-like data-source={ "/cases/" (number) "/like" } {
                a.link.sm href=(crate::search::address(&case.spine.case.subject)) { (t("like-search")) }
            }
        }
    }
}

/// `GET /cases/{number}/like`
pub async fn show(State(app): State<App>, who: Who, Path(number): Path<i64>) -> Result<Page, Trouble> {
    let scope = who.scope();
    let read = app.desk.db.read(async move |rx| {
        let of = case::within(rx, &scope, number).await?.ok_or(Error::NotFound)?;
        solved(rx, &scope, &of).await
    });
    let all = read.await?;
    Ok(Page(html! {
        @if all.is_empty() { p.sm.t3 { (t("like-none")) } }
        ul.side-list.like {
            @for (key, it) in (1..=MOST).zip(&all) {
                @let key = key.to_string();
                @let insert = t_with("like-insert", &[("what", it.resolution.as_str().into())]);
                li {
                    p.sm { (it.resolution) }
                    p.row-flex.xs.t3 {
                        a.link.trunc.grow href={ "/cases/" (it.number) } title=(it.subject) { "#" (it.number) " " (it.subject) }
                        button.btn.btn-sm.btn-quiet type="button" data-insert=(it.resolution) data-key=(key) title=(insert) {
                            (t("insert")) (keycap(&key))
                        }
                    }
                }
            }
        }
    }))
}
