//! What a receiver says about the signature of a mail (RFC 6376): another's code, with the records that a test gives it in
//! the place of the DNS.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its verifier fails loudly")]

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Instant;

use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::DomainKey;
use mail_auth::hickory_resolver::config::{ResolverConfig, ResolverOpts};
use mail_auth::{AuthenticatedMessage, DkimResult, MessageAuthenticator, Parameters, ResolverCache, Txt};

struct Records(HashMap<Box<str>, Txt>);

impl ResolverCache<Box<str>, Txt> for Records {
    fn get<Q>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.0.get(name).cloned()
    }

    fn remove<Q>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: Txt, _: Instant) {}
}

/// Whether `raw` has one signature and it holds, if `name` is the record with the text `record`; else why not.
pub async fn verify(raw: &[u8], name: &str, record: &str) -> Result<(), String> {
    let key = DomainKey::parse(record.as_bytes()).map_err(|err| format!("the record cannot be read: {err}"))?;
    let records = Records(HashMap::from([(format!("{name}.").into(), Txt::DomainKey(Arc::new(key)))]));
    let nowhere = MessageAuthenticator::new(ResolverConfig::default(), ResolverOpts::default());
    let nowhere = nowhere.expect("a resolver that knows nobody");
    let message = AuthenticatedMessage::parse(raw).ok_or("this is no mail")?;
    let all = nowhere.verify_dkim(Parameters::new(&message).with_txt_cache(&records)).await;
    match all.as_slice() {
        [one] if *one.result() == DkimResult::Pass => Ok(()),
        [one] => Err(format!("{:?}", one.result())),
        all => Err(format!("{} signatures", all.len())),
    }
}
