//! Names as they are looked for: without capitals and accents, so that `Zoë` is found by `zoe`.
//!
//! Letters of the alphabets that Europe writes are told apart from their accents; of others only the case is folded.

/// The text in lower case, its accents stripped, spaces between its words as one.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for it in word.chars().flat_map(char::to_lowercase) {
            match plain(it) {
                Some(plain) => out.push_str(plain),
                None if is_mark(it) => {}
                None => out.push(it),
            }
        }
    }
    out
}

/// An accent that follows its letter.
fn is_mark(it: char) -> bool {
    matches!(it, '\u{300}'..='\u{36f}')
}

/// The letter without its accent, for those in which both are one character.
fn plain(it: char) -> Option<&'static str> {
    Some(match it {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' | 'ǎ' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì' | 'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ǐ' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ǒ' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù' | 'ú' | 'û' | 'ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ǔ' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn a_name_is_found_however_it_is_typed() {
        for (name, expected) in [
            ("Northwind  Bakery ", "northwind bakery"),
            ("Zoë Weiß", "zoe weiss"),
            ("ŁÓDŹ", "lodz"),
            ("İstanbul", "istanbul"),
            ("Ruth A\u{301}lvarez", "ruth alvarez"),
            ("Ærø & Sønner", "aero & sonner"),
            ("日本", "日本"),
            ("", ""),
        ] {
            assert_eq!(folded(name), expected);
            assert_eq!(folded(&folded(name)), expected, "what is folded stays");
        }
    }
}
