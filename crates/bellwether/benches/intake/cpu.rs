//! Processor time, as Linux counts it for processes and threads.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

/// Of `/proc/*/stat`: `sysconf(_SC_CLK_TCK)` is 100 on every Linux there is.
const TICK: Duration = Duration::from_millis(10);

/// The processor time of this process up to a moment.
#[derive(Clone, Copy)]
pub struct Cpu(Duration);

impl Cpu {
    /// Up to now.
    pub fn now() -> Cpu {
        Cpu(of("/proc/self").unwrap_or_default())
    }

    /// From `earlier` to this.
    pub fn since(self, earlier: Cpu) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

/// The processor time of this process's threads up to now, by their name.
pub fn threads() -> BTreeMap<String, Duration> {
    let mut threads = BTreeMap::new();
    for task in fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
        let path = task.path();
        let Ok(name) = fs::read_to_string(path.join("comm")) else { continue };
        *threads.entry(name.trim().to_owned()).or_insert(Duration::ZERO) +=
            of(&path.to_string_lossy()).unwrap_or_default();
    }
    threads
}

/// User and system time of a process or thread.
fn of(place: &str) -> Option<Duration> {
    let stat = fs::read_to_string(format!("{place}/stat")).ok()?;
    // The name before stands in brackets, and may have spaces.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let ticks = fields.next()?.parse::<u32>().ok()? + fields.next()?.parse::<u32>().ok()?;
    Some(TICK * ticks)
}

/// The backends that serve this process's pool. They end with it, so they are read while it lives.
pub struct Backends {
    runtime: tokio::runtime::Handle,
    client: std::sync::Arc<tokio_postgres::Client>,
}

impl Backends {
    /// Those of the database at `place`.
    pub async fn watch(place: &str) -> Backends {
        let client = testkit::postgres::connect(place).await;
        Backends { runtime: tokio::runtime::Handle::current(), client: client.into() }
    }

    /// Their processor time up to now.
    pub fn cpu(&self) -> Duration {
        let client = self.client.clone();
        let sql = "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
        let asked = self.runtime.spawn(async move { client.query(sql, &[]).await });
        let rows = tokio::task::block_in_place(|| self.runtime.block_on(asked));
        let rows = rows.ok().and_then(Result::ok).unwrap_or_default();
        rows.iter().filter_map(|it| of(&format!("/proc/{}", it.get::<_, i32>(0)))).sum()
    }
}
