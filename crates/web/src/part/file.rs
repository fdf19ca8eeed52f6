//! A file with its size.

use maud::{Markup, html};

use super::icon::{Icon, icon_sm};
use crate::text::t_with;

/// A file that can be fetched.
pub fn file_chip(name: &str, bytes: u64, address: &str) -> Markup {
    html! {
        a.file href=(address) download title=(name) {
            (icon_sm(Icon::Clip)) b.trunc { (name) } span { (size(bytes)) }
        }
    }
}

/// So many bytes, as people say it: in thousands, with two digits at least where there are any.
pub fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] =
        [("size-gigabytes", 1_000_000_000), ("size-megabytes", 1_000_000), ("size-kilobytes", 1_000)];
    for (key, unit) in UNITS {
        // From 999.5 kB on it is a megabyte, so that nothing reads "1000 kB".
        if bytes >= unit - unit / 2_000 && bytes >= 1_000 {
            let tenths = (u128::from(bytes) * 10 + u128::from(unit) / 2) / u128::from(unit);
            let text = if tenths < 100 && tenths % 10 != 0 {
                format!("{}.{}", tenths / 10, tenths % 10)
            } else {
                ((tenths + 5) / 10).to_string()
            };
            return t_with(key, &[("count", text.into())]);
        }
    }
    t_with("size-bytes", &[("count", bytes.into())])
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_as_people_say_them() {
        for (bytes, expected) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1 KB"),
            (1_450, "1.5 KB"),
            (61_200, "61 KB"),
            (999_600, "1 MB"),
            (2_340_000, "2.3 MB"),
            (25_000_000, "25 MB"),
            (3_000_000_000, "3 GB"),
        ] {
            assert_eq!(size(bytes), expected, "{bytes}");
        }
    }
}
