//! A desk that keeps what the reader brings in memory, and lets a test wait for it.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use channels::imap::{Inbox, Left, Position, State};
use tokio::sync::watch;

/// One mail as it came.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub raw: Vec<u8>,
    pub at: Option<i64>,
    pub position: Position,
}

/// What the desk knows.
#[derive(Debug, Default)]
pub struct Known {
    pub mails: Vec<Arrived>,
    pub left: Vec<(Vec<u8>, Left, u64, Position)>,
    pub position: Option<Position>,
    /// What `position_lost` answers.
    pub newest: Option<i64>,
    pub lost: usize,
    pub states: Vec<State>,
    /// The UIDs that cannot be taken, each once.
    pub refused: Vec<u32>,
}

/// The desk; a clone is the same one.
#[derive(Clone, Debug)]
pub struct Shelf {
    known: Arc<Mutex<Known>>,
    changes: Arc<watch::Sender<u64>>,
}

impl Shelf {
    pub fn new() -> Shelf {
        Shelf { known: Arc::default(), changes: Arc::new(watch::channel(0).0) }
    }

    pub fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap()
    }

    /// Waits until `enough`; fails with what is known after half a minute.
    pub async fn wait_until(&self, enough: impl Fn(&Known) -> bool) {
        self.wait_within(Duration::from_secs(30), enough).await;
    }

    /// The same, with another time.
    pub async fn wait_within(&self, limit: Duration, enough: impl Fn(&Known) -> bool) {
        let mut changes = self.changes.subscribe();
        let wait = async {
            while !enough(&self.known()) {
                changes.changed().await.unwrap();
            }
        };
        if tokio::time::timeout(limit, wait).await.is_err() {
            let known = self.known();
            let uids: Vec<u32> = known.mails.iter().map(|mail| mail.position.uid).collect();
            panic!("not enough: mails {uids:?}, at {:?}, {:?}", known.position, known.states);
        }
    }

    pub async fn wait_for_live(&self) {
        self.wait_until(|known| matches!(known.states.last(), Some(State::Live { .. }))).await;
    }

    /// Waits until it is broken, and returns why.
    pub async fn wait_for_broken(&self) -> String {
        self.wait_until(|known| known.states.iter().any(|state| matches!(state, State::Broken { .. }))).await;
        let known = self.known();
        known
            .states
            .iter()
            .find_map(|state| match state {
                State::Broken { why, .. } => Some(why.clone()),
                _ => None,
            })
            .unwrap()
    }

    fn change<T>(&self, how: impl FnOnce(&mut Known) -> T) -> T {
        let outcome = how(&mut self.known());
        self.changes.send_modify(|count| *count += 1);
        outcome
    }
}

impl Inbox for Shelf {
    async fn position(&self) -> Result<Option<Position>, String> {
        Ok(self.known().position)
    }

    async fn accept(&self, raw: Vec<u8>, at: Option<i64>, position: Position) -> Result<(), String> {
        // Others get their turn, so that several are under way at once.
        tokio::task::yield_now().await;
        self.change(|known| {
            if let Some(index) = known.refused.iter().position(|uid| *uid == position.uid) {
                known.refused.remove(index);
                return Err("The disk is full.".to_owned());
            }
            known.mails.push(Arrived { raw, at, position });
            Ok(())
        })
    }

    async fn leave(
        &self,
        headers: Vec<u8>,
        why: Left,
        size: u64,
        _: Option<i64>,
        position: Position,
    ) -> Result<(), String> {
        self.change(|known| known.left.push((headers, why, size, position)));
        Ok(())
    }

    async fn begins_at(&self, position: Position) -> Result<(), String> {
        self.change(|known| known.position = Some(position));
        Ok(())
    }

    async fn reached(&self, position: Position, _: Option<i64>) -> Result<(), String> {
        self.change(|known| {
            let rises = known.position.is_some_and(|it| it.validity == position.validity && it < position);
            assert!(rises, "{position:?} after {:?}", known.position);
            known.position = Some(position);
        });
        Ok(())
    }

    async fn position_lost(&self) -> Result<Option<i64>, String> {
        Ok(self.change(|known| {
            known.lost += 1;
            known.newest
        }))
    }

    async fn state(&self, state: State) {
        self.change(|known| known.states.push(state));
    }
}
