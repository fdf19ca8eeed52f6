//! Any bytes are read as a mail or refused; what is read keeps its promises.
#![no_main]

use domain::Email;
use libfuzzer_sys::fuzz_target;
use mail::{Receiver, read};

fuzz_target!(|raw: &[u8]| {
    let own: Vec<Email> = Email::parse("support@example.com").into_iter().collect();
    let Ok(mail) = read(raw, &Receiver { authserv_id: Some("in.example.com"), own: &own }) else { return };
    let shown = |it: &str| !it.contains(|it: char| it.is_control() && !matches!(it, '\n' | '\t'));
    assert!(shown(&mail.text) && shown(&mail.subject) && mail.html.as_deref().is_none_or(shown));
    assert!(mail.files.iter().all(|it| !it.name.is_empty() && !it.name.contains(['/', '\\'])));
    for it in &mail.folded {
        assert!(mail.text.get(it.start as usize..it.end as usize).is_some());
    }
});
