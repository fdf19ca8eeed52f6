//! A table, for comparing more than five things on more than two facts.

use maud::{Markup, html};

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    /// Its heading.
    pub title: &'a str,
    /// Its class: `num` for numbers, `p2` and `p3` for what small screens leave out.
    pub class: &'a str,
}

impl<'a> Column<'a> {
    /// A column of text.
    pub fn new(title: &'a str) -> Column<'a> {
        Column { title, class: "" }
    }

    /// With a class.
    #[must_use]
    pub fn class(self, class: &'a str) -> Column<'a> {
        Column { class, ..self }
    }
}

/// The table. Each row has one cell a column, and each cell the class of its column.
pub fn table(label: &str, columns: &[Column<'_>], rows: &[Vec<Markup>]) -> Markup {
    html! {
        div.table-scroll tabindex="0" role="region" aria-label=(label) {
            table.table {
                thead { tr {
                    @for column in columns { th scope="col" class=[class(column)] { (column.title) } }
                } }
                tbody {
                    @for row in rows { tr {
                        @for (column, cell) in columns.iter().zip(row) { td class=[class(column)] { (cell) } }
                    } }
                }
            }
        }
    }
}

fn class<'a>(column: &Column<'a>) -> Option<&'a str> {
    (!column.class.is_empty()).then_some(column.class)
}
