//! Tries a mailbox before it is set up, or one there is: what works, what is wrong, and what is proven by it.

use channels::check::{self, Detail, Outcome, Step, StepName, WAIT};
use channels::guess::{self, Found, How, Internet, World};
use channels::{Server, Tls};
use data_encoding::BASE64URL_NOPAD;
use domain::{ChannelId, Email};
use mail::probe::{self, Probe};
use store::channel;
use uuid::Uuid;

use super::setup::{Kept, Proof, Setup, kept};
use super::{Form, NewMailbox};
use crate::{Desk, Error, Post, Result};

/// A mailbox that is about to be tried.
pub struct Trial {
    desk: Desk,
    tls: Tls,
    id: Option<ChannelId>,
    address: Email,
    kept: Kept,
    setup: Setup,
    how: How,
    probes: [Probe; 2],
}

/// What a test came to.
#[derive(Clone, Debug)]
pub struct Tested {
    /// Its steps.
    pub steps: Vec<Step>,
    /// What was proven, sealed: whoever saves the same servers hands it in with them ([`NewMailbox::tested`]). Empty if no
    /// mail came back.
    pub receipt: String,
}

/// A world in which nobody answers, for a desk that connects to no server.
struct Nobody;

impl World for Nobody {
    async fn services(&self, _: &str) -> Vec<(String, u16)> {
        Vec::new()
    }
    async fn exchangers(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
    async fn answers(&self, _: &Server) -> bool {
        false
    }
}

impl Desk {
    /// The servers of an address: from the list of known providers, from the records of its domain, or by trying the usual
    /// names. Ends within seconds.
    pub async fn find_servers(&self, address: &Email) -> Found {
        if self.keeps_mail() { guess::guess(address, &Nobody).await } else { guess::guess(address, &Internet).await }
    }

    /// A test of a mailbox, ready to run; or what is wrong with the form. For a mailbox that exists, an empty password is
    /// the one there is.
    pub async fn try_mailbox(&self, id: Option<ChannelId>, it: &NewMailbox, how: How) -> Result<Trial> {
        let form = Form::of(it.clone())?;
        if form.servers.reading.is_none() {
            return Err(Error::invalid("way", "A test needs a server to read: choose to have the mailbox read."));
        }
        let old = match id {
            Some(id) => Some(self.db.read(async move |rx| channel::find(rx, id).await).await?.ok_or(Error::NotFound)?),
            None => None,
        };
        let before = old.as_ref().map(|it| Ok::<_, Error>((kept(it)?, it))).transpose()?;
        let passwords = form.servers.filled(&form.passwords, before.as_ref().map(|it| (&it.0, it.1)), &self.keys)?;
        let Post::Servers(tls) = &*self.post else {
            return Err(Error::Conflict("This is a demo: it connects to no server.".to_owned()));
        };
        let setup = Setup::with(form.servers.clone(), passwords, &form.address);
        let probes = self.probes(setup.address())?;
        let (desk, tls) = (self.clone(), tls.clone());
        Ok(Trial { desk, tls, id, address: form.address, kept: form.servers, setup, how, probes })
    }

    fn probes(&self, address: &Email) -> Result<[Probe; 2]> {
        let id = || self.ctx.id::<TestId>().0;
        let tagged = mail::token::address(&self.keys.tokens, id(), address);
        // An address too long for a token is tried with something shorter, so that the page says what the server does.
        let short = || Email::parse(&format!("{}+test@{}", address.local(), address.domain()));
        let tagged = tagged.or_else(short).unwrap_or_else(|| address.clone());
        let compose = |to: &Email| {
            probe::compose(&self.keys.tokens, id(), address, to, self.now().0)
                .map_err(|err| Error::invalid("address", err.to_string()))
        };
        Ok([compose(address)?, compose(&tagged)?])
    }

    /// What a receipt proves about these servers.
    pub(super) fn proof(&self, receipt: &str, address: &Email, servers: &Kept) -> Option<Proof> {
        let sealed = BASE64URL_NOPAD.decode(receipt.as_bytes()).ok()?;
        serde_json::from_slice(&self.keys.open(&way(address, servers), &sealed).ok()?).ok()
    }

    /// Keeps what a test of a mailbox as it is saved has proven, if it is still saved so.
    async fn keep_proof(&self, id: ChannelId, tried: String, proof: Option<Proof>) -> Result<()> {
        self.db
            .write([channel::lock()], async move |tx| {
                let Some(mut it) = channel::find(tx, id).await? else { return Ok(()) };
                let mut kept = kept(&it)?;
                if way(&it.address, &kept) != tried || kept.proof == proof {
                    return Ok(());
                }
                kept.proof = proof;
                it.setup = serde_json::to_string(&kept).map_err(|err| Error::Internal(err.to_string()))?;
                Ok(channel::save(tx, &it).await?)
            })
            .await
    }
}

/// The name of one test mail.
struct TestId(Uuid);

impl From<Uuid> for TestId {
    fn from(id: Uuid) -> TestId {
        TestId(id)
    }
}

/// What a test is about: with another server, name or address it proves nothing.
pub(super) fn way(address: &Email, it: &Kept) -> String {
    let server = |it: &Option<Server>| it.as_ref().map(|it| format!("{it} {:?}", it.security)).unwrap_or_default();
    let (reading, sending) = (server(&it.reading), server(&it.sending));
    format!("tested {address} {reading} {sending} {:?} {:?}", it.user, it.sending_user)
}

impl Trial {
    /// Runs it; `tell` is given all steps whenever one of them changes.
    pub async fn run(self, tell: impl FnMut(&[Step]) + Send) -> Result<Tested> {
        let Some(reading) = &self.setup.reading else { return Err(Error::NotFound) };
        let (login, sending_login) = (self.setup.login(), self.setup.sending_login());
        let trial = check::Trial {
            reading: (reading, &login),
            sending: self.setup.sending.as_ref().map(|it| (it, &sending_login)),
            address: self.setup.address(),
            how: self.how,
            probes: self.probes.clone(),
            wait: WAIT,
        };
        let steps = check::run(&trial, &self.tls, tell).await;
        let proof = self.proven(&steps);
        let way = way(&self.address, &self.kept);
        let lost = steps.iter().any(|it| it.name == StepName::CameBack && matches!(it.outcome, Outcome::Failed { .. }));
        if let Some(id) = self.id
            && (proof.is_some() || lost)
        {
            self.desk.keep_proof(id, way.clone(), proof).await?;
        }
        let receipt = match &proof {
            Some(proof) => {
                let text = serde_json::to_vec(proof).map_err(|err| Error::Internal(err.to_string()))?;
                BASE64URL_NOPAD.encode(&self.desk.keys.seal(&self.desk.ctx, &way, &text)?)
            }
            None => String::new(),
        };
        Ok(Tested { steps, receipt })
    }

    fn proven(&self, steps: &[Step]) -> Option<Proof> {
        let step = |name| steps.iter().find(|it| it.name == name);
        let back = step(StepName::CameBack).filter(|it| it.outcome == Outcome::Ok(Detail::Returned))?;
        // What counts is that the address is still there when the mail is read.
        let plus = step(StepName::PlusAddress).is_some_and(|it| match &it.outcome {
            Outcome::Ok(Detail::PlusKept { fields }) => fields.iter().any(|it| it == "to"),
            _ => false,
        });
        Some(Proof { at: self.desk.now(), back_ms: back.took_ms, plus })
    }
}
