//! Any bytes are read as a mail or refused; what is read keeps its promises.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mail::{Receiver, read};

fuzz_target!(|raw: &[u8]| {
    let Ok(mail) = read(raw, &Receiver { authserv_id: Some("in.example.com"), own: &[] }) else { return };
    assert!(mail.from.address.is_some());
    assert!(!mail.text.contains(['\r', '\0']));
    assert!(mail.files.iter().all(|it| !it.name.is_empty() && !it.name.contains(['/', '\\'])));
    for it in &mail.folded {
        assert!(mail.text.get(it.start as usize..it.end as usize).is_some());
    }
});
