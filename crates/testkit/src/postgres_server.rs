//! A PostgreSQL of one test's own, which may be stopped, frozen and filled up without anybody else's noticing.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its database fails loudly")]

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;
use tokio::time::{Instant, sleep};

/// A server over a directory of its own. It ends with the test.
#[derive(Debug)]
pub struct PostgresServer {
    bin: PathBuf,
    dir: TempDir,
    port: u16,
}

impl PostgresServer {
    /// Makes one and starts it. It runs as the user `postgres`, for it refuses to run as root.
    pub async fn start() -> PostgresServer {
        let dir = tempfile::Builder::new().prefix("bellwether-pg-").tempdir().expect("a temporary directory");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port").port();
        let server = PostgresServer { bin: bin(), dir, port };
        give(server.dir.path());
        let data = server.data();
        let words = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D"];
        server.run(Command::new(server.bin.join("initdb")).args(words).arg(&data));
        let settings = format!(
            "port = {port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{}'\nmax_connections = 200\n",
            server.dir.path().display()
        );
        std::fs::write(data.join("postgresql.auto.conf"), settings).expect("its settings can be written");
        server.start_again().await;
        server
    }

    /// Its database, for [`crate::Home::postgres_at`].
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Ends it as a power cut would: nobody is asked, nothing is tidied up.
    pub fn stop_at_once(&self) {
        self.run(Command::new(self.bin.join("pg_ctl")).args(["-m", "immediate", "-w", "stop", "-D"]).arg(self.data()));
    }

    /// Starts it, and waits until it can be asked.
    pub async fn start_again(&self) {
        let mut command = Command::new(self.bin.join("pg_ctl"));
        command.args(["-W", "start", "-l"]).arg(self.dir.path().join("log")).arg("-D").arg(self.data());
        self.run(&mut command);
        let asked = Instant::now();
        while tokio_postgres::connect(&self.url(), tokio_postgres::NoTls).await.is_err() {
            assert!(asked.elapsed() < Duration::from_mins(1), "PostgreSQL does not start");
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Stops all of its processes where they stand: connections stay open, and nothing is answered.
    pub fn freeze(&self) {
        // The first makes the others: it must not make more meanwhile.
        signal("STOP", &[self.first()]);
        signal("STOP", &children(self.first()));
    }

    /// Lets them go on.
    pub fn thaw(&self) {
        signal("CONT", &children(self.first()));
        signal("CONT", &[self.first()]);
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// The process that has all others.
    fn first(&self) -> u32 {
        let file = std::fs::read_to_string(self.data().join("postmaster.pid")).expect("it runs");
        file.lines().next().and_then(|it| it.trim().parse().ok()).expect("its process id")
    }

    fn run(&self, command: &mut Command) {
        let mut all = Command::new("runuser");
        all.args(["-u", "postgres", "--"]).arg(command.get_program()).args(command.get_args());
        let ended = all.current_dir(self.dir.path()).output().expect("runuser is there");
        assert!(ended.status.success(), "{command:?}: {}", String::from_utf8_lossy(&ended.stderr));
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        if !self.data().join("postmaster.pid").exists() {
            return;
        }
        self.thaw();
        let mut stop = Command::new("runuser");
        stop.args(["-u", "postgres", "--"]).arg(self.bin.join("pg_ctl"));
        stop.args(["-m", "immediate", "-w", "stop", "-D"]).arg(self.data()).output().ok();
    }
}

/// Stops or resumes processes.
pub fn signal(name: &str, processes: &[u32]) {
    let all: Vec<String> = processes.iter().map(ToString::to_string).collect();
    // The shell has a `kill` of its own. A process may have ended meanwhile.
    Command::new("sh").args(["-c", &format!("kill -s {name} {} 2>/dev/null", all.join(" "))]).status().ok();
}

/// Gives a directory to the user `postgres`.
pub fn give(dir: &Path) {
    let given = Command::new("chown").arg("postgres").arg(dir).status();
    assert!(given.is_ok_and(|it| it.success()), "the tests start PostgreSQL as the user postgres, and so as root");
}

fn children(parent: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").expect("/proc is there").flatten();
    let ids = processes.filter_map(|it| it.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|it| {
        let status = std::fs::read_to_string(format!("/proc/{it}/status")).unwrap_or_default();
        status.lines().any(|line| line.strip_prefix("PPid:").is_some_and(|it| it.trim() == parent.to_string()))
    })
    .collect()
}

/// Where the newest PostgreSQL of this machine has its programs.
fn bin() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut bins: Vec<PathBuf> =
        versions.map(|it| it.path().join("bin")).filter(|it| it.join("initdb").exists()).collect();
    bins.sort_by_key(|it| version(it));
    bins.pop().expect("a PostgreSQL server: ./test installs one (Debian's package postgresql)")
}

fn version(bin: &Path) -> u32 {
    let version = bin.parent().and_then(|it| it.file_name()?.to_str()?.parse().ok());
    version.unwrap_or(0)
}
