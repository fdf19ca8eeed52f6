//! Who: people are round, organizations square; ours solid, theirs outlined.

use maud::{Markup, html};

/// How large.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AvatarSize {
    /// 18 pixels: in a button.
    Tiny,
    /// 20 pixels: in a line.
    Small,
    /// 24 pixels.
    #[default]
    Normal,
    /// 32 pixels: beside a heading.
    Large,
    /// 44 pixels: at the head of a page.
    Huge,
}

impl AvatarSize {
    fn class(self) -> &'static str {
        match self {
            AvatarSize::Tiny => " av-xs",
            AvatarSize::Small => " av-sm",
            AvatarSize::Normal => "",
            AvatarSize::Large => " av-lg",
            AvatarSize::Huge => " av-xl",
        }
    }
}

/// One of ours.
pub fn our_avatar(name: &str, size: AvatarSize) -> Markup {
    avatar(name, "av av-us", size)
}

/// A person who speaks for a customer, or a customer who is one.
pub fn their_avatar(name: &str, size: AvatarSize) -> Markup {
    avatar(name, "av", size)
}

/// A customer that is an organization.
pub fn organization_avatar(name: &str, size: AvatarSize) -> Markup {
    avatar(name, "av av-org", size)
}

fn avatar(name: &str, class: &str, size: AvatarSize) -> Markup {
    html! { span class={ (class) (size.class()) } aria-hidden="true" { (initials(name)) } }
}

/// The first letters of the first and the last word, or the first two letters of an only word.
pub fn initials(name: &str) -> String {
    let words: Vec<&str> = name
        .split(|it: char| !it.is_alphanumeric() && !matches!(it, '\'' | '’'))
        .filter(|it| it.chars().any(char::is_alphanumeric))
        .collect();
    let upper =
        |word: &str| word.chars().find(|it| it.is_alphanumeric()).map(|it| it.to_uppercase().collect::<String>());
    match words.as_slice() {
        [] => "?".to_owned(),
        [only] => only.chars().filter(|it| it.is_alphanumeric()).take(2).flat_map(char::to_uppercase).collect(),
        [first, .., last] => [upper(first), upper(last)].into_iter().flatten().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_of_many_kinds_of_names() {
        for (name, expected) in [
            ("Ines Okafor", "IO"),
            ("Northwind Bakery", "NB"),
            ("Brewster & Daughters", "BD"),
            ("Hafen", "HA"),
            ("dan@whitlock.example", "DE"),
            ("Åsa Öberg", "ÅÖ"),
            ("山田太郎", "山田"),
            ("  ", "?"),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}
