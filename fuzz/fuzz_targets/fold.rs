//! Folds are sorted ranges of the text, and sanitised HTML is sanitised.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut end = 0;
    for it in mail::fold(text) {
        assert!(it.start >= end && it.end > it.start);
        assert!(text.get(it.start as usize..it.end as usize).is_some());
        end = it.end;
    }
    let _ = mail::text_of(text);
    if let Some(html) = mail::sanitise(text, &mut |_| None) {
        assert!(!html.contains("<script") && !html.contains("<iframe"));
    }
});
