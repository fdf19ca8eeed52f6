//! The buttons that try a mailbox, and those that save one.

use maud::{Markup, html};

use crate::part::{Button, Icon, icon};
use crate::text::{t, t_with};

/// The button that tries the mailbox. With script the answer comes into the page, so that what was typed stays.
pub fn test_button(address: &str) -> Markup {
    html! {
        bw-try.for-reading #test data-waiting=(t("mailbox-testing")) {
            button.btn type="submit" formaction=(address) formnovalidate { (icon(Icon::Refresh)) (t("mailbox-test")) }
        }
    }
}

/// The button that tries the mailbox of this name as it was saved.
pub fn test_saved_button(address: &str, name: &str) -> Markup {
    let label = t_with("mailbox-test-of", &[("name", name.into())]);
    html! {
        form method="post" action=(address) {
            bw-try data-waiting=(t_with("mailbox-testing-of", &[("name", name.into())])) {
                button.btn.btn-sm type="submit" formaction=(address) aria-label=(label) { (t("mailbox-try")) }
            }
        }
    }
}

/// The buttons below a form that saves.
pub fn save_buttons(label: &str, test: &str) -> Markup {
    html! { div.row-flex.wrap { (Button::submit(label).primary()) (test_button(test)) } }
}
