//! A sentence of `texts/en.ftl` with names in it that stand out, or can be followed.

use maud::{Markup, html};

use crate::text::t_with;

/// Where private use begins: no text of ours holds these characters.
const FIRST: u32 = 0xE000;

/// The sentence with this key. Its arguments are markup, and stand where the language wants them.
pub fn told(key: &str, names: &[(&str, Markup)]) -> Markup {
    let marks: Vec<String> = (FIRST..).zip(names).filter_map(|it| char::from_u32(it.0)).map(String::from).collect();
    let args: Vec<_> = names.iter().zip(&marks).map(|(name, mark)| (name.0, mark.as_str().into())).collect();
    let sentence = t_with(key, &args);
    let piece = |it: char| marks.iter().position(|mark| mark.starts_with(it)).map(|at| &names[at].1);
    html! {
        @for part in sentence.split_inclusive(|it| piece(it).is_some()) {
            @let name = part.chars().next_back().and_then(piece);
            (part.trim_end_matches(|it| piece(it).is_some()))
            @if let Some(name) = name { (name) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_where_the_sentence_wants_them_and_stay_text() {
        let who = html! { b { ("<Ines>") } };
        let whom = html! { b { "Jonas" } };
        assert_eq!(
            told("entry-gave", &[("who", who), ("whom", whom)]).into_string(),
            "<b>&lt;Ines&gt;</b> gave this case to <b>Jonas</b>"
        );
    }
}
