//! Sanitised HTML is sanitised, and its text is a text.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|html: &str| {
    // What is read is without control characters before it gets here; entities must bring none in.
    let html: String = html.chars().filter(|it| !it.is_control()).collect();
    assert!(!mail::text_of(&html).contains(|it: char| it.is_control() && !matches!(it, '\n' | '\t')));
    if let Some(clean) = mail::sanitise(&html, &mut |_| None) {
        assert!(!clean.contains("<script") && !clean.contains("<iframe"));
    }
});
