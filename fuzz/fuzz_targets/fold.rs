//! Folds are sorted ranges of the text.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut end = 0;
    for it in mail::fold(text) {
        assert!(it.start >= end && it.end > it.start);
        assert!(text.get(it.start as usize..it.end as usize).is_some());
        end = it.end;
    }
});
