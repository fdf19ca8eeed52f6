//! A real Dovecot and a real Postfix in a folder of their own, on free ports of the loopback, with certificates of an
//! authority of their own: what a desk's provider and its customers' providers are, on one machine.
//!
//! Postfix takes mail for `desk.example`, `customer.example` and `fuser.example` and delivers it to Dovecot by LMTP; for
//! every other domain it refuses, so nothing ever leaves. Who has a mailbox has the right to send as anybody.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its servers fails")]

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use channels::{Login, Secret, Security, Server};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// Between two looks at something that another process does.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// How often it is looked before a test gives up: twenty seconds.
const LOOKS: usize = 2000;

/// The user whom the mailboxes belong to; it owns nothing else.
const OWNER: &str = "nobody";

/// The two servers. They end with this value, also when a test panics.
#[derive(Debug)]
pub struct MailServer {
    folder: TempDir,
    ports: Ports,
    users: Mutex<BTreeMap<String, String>>,
    running: Mutex<Vec<Child>>,
}

#[derive(Debug)]
struct Ports {
    imap: u16,
    imaps: u16,
    lmtp: u16,
    smtp: u16,
    submission: u16,
    submissions: u16,
}

impl MailServer {
    /// Starts both, without a mailbox yet, and waits until they answer.
    pub async fn start() -> MailServer {
        need("/usr/sbin/dovecot", "dovecot-imapd");
        need("/usr/lib/dovecot/lmtp", "dovecot-lmtpd");
        need("/usr/lib/postfix/sbin/master", "postfix");
        assert!(owner_of(Path::new("/proc/self")).0 == 0, "Postfix and Dovecot can only be started by root here");

        let folder = tempfile::tempdir().expect("a folder for the mail servers");
        let server = MailServer { folder, ports: Ports::free(), users: Mutex::default(), running: Mutex::default() };
        server.lay_out();
        server.restart().await;
        server
    }

    /// The certificate of the authority that signed the servers' certificates, for `extra_ca_file`.
    pub fn ca_file(&self) -> PathBuf {
        self.at("ca.pem")
    }

    /// Gives `address` a mailbox and a password.
    pub fn add_user(&self, address: &str, password: &str) {
        let mut users = self.users.lock().expect("the users");
        users.insert(address.to_owned(), password.to_owned());
        let lines = |line: &dyn Fn(&str, &str) -> String| {
            users.iter().map(|(user, password)| line(user, password)).collect::<Vec<_>>().concat()
        };
        let known = lines(&|user, password| format!("{user}:{{PLAIN}}{password}::::::\n"));
        let mailboxes = lines(&|user, _| format!("{user} here\n"));
        replace(&self.at("users"), &known);
        replace(&self.at("mailboxes"), &mailboxes);
    }

    /// Where and how to read.
    pub fn imap_server(&self, security: Security) -> Server {
        let port = if security == Security::Tls { self.ports.imaps } else { self.ports.imap };
        Server { host: "localhost".to_owned(), port, security }
    }

    /// Where and how to send.
    pub fn smtp_server(&self, security: Security) -> Server {
        let port = match security {
            Security::Tls => self.ports.submissions,
            Security::Starttls => self.ports.submission,
            Security::Plain => self.ports.smtp,
        };
        Server { host: "localhost".to_owned(), port, security }
    }

    /// How `address` signs in.
    pub fn login(&self, address: &str) -> Login {
        let password = self.users.lock().expect("the users").get(address).cloned();
        let password = password.unwrap_or_else(|| panic!("{address} has no mailbox: call add_user first"));
        Login { user: address.to_owned(), password: Secret::new(password) }
    }

    /// Puts a raw mail into the mailbox of `to`, as if it had come from outside. It is there when this returns.
    pub async fn deliver(&self, raw: &[u8], to: &str) {
        let stream = TcpStream::connect(("127.0.0.1", self.ports.lmtp)).await.expect("LMTP answers");
        let mut talk = BufReader::new(stream);
        expect(&mut talk, b"", "220").await;
        expect(&mut talk, b"LHLO outside.example\r\n", "250").await;
        expect(&mut talk, b"MAIL FROM:<sender@customer.example>\r\n", "250").await;
        expect(&mut talk, format!("RCPT TO:<{to}>\r\n").as_bytes(), "250").await;
        expect(&mut talk, b"DATA\r\n", "354").await;
        let mut bytes = Vec::with_capacity(raw.len() + 8);
        for line in raw.split_inclusive(|&byte| byte == b'\n') {
            if line.starts_with(b".") {
                bytes.push(b'.');
            }
            bytes.extend_from_slice(line);
        }
        if !bytes.ends_with(b"\r\n") {
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b".\r\n");
        expect(&mut talk, &bytes, "250").await;
    }

    /// The raw mails in the inbox of `address`, oldest first.
    pub fn mailbox(&self, address: &str) -> Vec<Vec<u8>> {
        let mut mails = Vec::new();
        for part in ["new", "cur"] {
            let Ok(files) = fs::read_dir(self.at("mail").join(address).join(part)) else { continue };
            for file in files.flatten() {
                // Dovecot may move a mail from new to cur between the two calls; it is found there then.
                if let Ok(raw) = fs::read(file.path()) {
                    mails.push((arrival(&file.file_name().to_string_lossy()), raw));
                }
            }
        }
        mails.sort_by(|one, other| one.0.cmp(&other.0));
        mails.dedup_by(|one, other| one.0 == other.0);
        mails.into_iter().map(|(_, raw)| raw).collect()
    }

    /// How many mails in the inbox of `address` somebody has marked in any way (read, answered, deleted).
    pub fn marked(&self, address: &str) -> usize {
        let parts = ["new", "cur"].map(|part| self.at("mail").join(address).join(part));
        let files = parts.iter().filter_map(|part| fs::read_dir(part).ok()).flatten().flatten();
        // The marks stand behind the last comma of a file's name.
        files
            .filter(|file| file.file_name().to_string_lossy().rsplit_once(":2,").is_some_and(|it| !it.1.is_empty()))
            .count()
    }

    /// Waits until the inbox of `address` has at least `count` mails, and returns them.
    pub async fn wait_for(&self, address: &str, count: usize) -> Vec<Vec<u8>> {
        for _ in 0..LOOKS {
            let mails = self.mailbox(address);
            if mails.len() >= count {
                return mails;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        let found = self.mailbox(address).len();
        panic!("{address} has {found} mails, not {count}.\n{}", self.log());
    }

    /// Waits until whatever Postfix has accepted is in a mailbox.
    pub async fn all_delivered(&self) {
        let waits = |queue: &str| {
            let mut dirs = vec![self.at("postfix/spool").join(queue)];
            while let Some(dir) = dirs.pop() {
                for it in fs::read_dir(dir).into_iter().flatten().flatten() {
                    match it.file_type() {
                        Ok(kind) if kind.is_dir() => dirs.push(it.path()),
                        _ => return true,
                    }
                }
            }
            false
        };
        for _ in 0..LOOKS {
            // In the order in which a mail goes through them.
            if !["maildrop", "incoming", "active", "deferred"].into_iter().any(waits) {
                return;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        panic!("Postfix keeps mail to itself.\n{}", self.log());
    }

    /// Makes the mails with `word` in them unreadable for the server, as a disk error would: it lists them, and does not
    /// give them.
    pub fn withhold(&self, address: &str, word: &str) {
        for part in ["new", "cur"] {
            for file in fs::read_dir(self.at("mail").join(address).join(part)).into_iter().flatten().flatten() {
                let raw = fs::read(file.path()).expect("a mail");
                if raw.windows(word.len()).any(|it| it == word.as_bytes()) {
                    fs::set_permissions(file.path(), fs::Permissions::from_mode(0o0))
                        .expect("a mail that is locked away");
                }
            }
        }
    }

    /// Throws away the numbers of the mails in the inbox of `address`, as when a provider restores a mailbox: UIDVALIDITY
    /// changes. Call it between [`MailServer::stop`] and [`MailServer::restart`].
    pub fn number_anew(&self, address: &str) {
        let mailbox = self.at("mail").join(address);
        for file in fs::read_dir(&mailbox).expect("the mailbox").flatten() {
            if file.file_name().to_string_lossy().starts_with("dovecot") {
                fs::remove_file(file.path()).expect("an index of the mailbox goes away");
            }
        }
        // The next validity would be the present second, which may be the one that was thrown away.
        let list = mailbox.join("dovecot-uidlist");
        replace(&list, "3 V1234567 N1\n");
        let (user, group) = account(OWNER);
        chown(&list, Some(user), Some(group)).expect("the mailbox belongs to Dovecot");
    }

    /// Stops both servers at once, as a power cut would. The mailboxes stay.
    pub fn stop(&self) {
        for mut child in self.running.lock().expect("the servers").drain(..) {
            // The children of a server share its process group.
            let kill = format!("kill -s KILL -- -{}", child.id());
            let _ = Command::new("sh").args(["-c", &kill]).stderr(Stdio::null()).status();
            let _ = child.wait();
        }
    }

    /// Starts both again, on the same ports, and waits until they answer.
    pub async fn restart(&self) {
        self.stop();
        // A killed Dovecot leaves the locks of mailboxes, which the next one would honour for a minute.
        for mailbox in fs::read_dir(self.at("mail")).expect("the mailboxes").flatten() {
            for file in fs::read_dir(mailbox.path()).expect("a mailbox").flatten() {
                if file.path().extension().is_some_and(|it| it == "lock") {
                    let _ = fs::remove_file(file.path());
                }
            }
        }
        // A killed Postfix leaves its lock, which names a process that is gone.
        let _ = fs::remove_file(self.at("postfix/spool/pid/master.pid"));
        let _ = fs::remove_file(self.at("dovecot/run/master.pid"));
        {
            let mut running = self.running.lock().expect("the servers");
            running.push(self.spawn("/usr/sbin/dovecot", &["-F", "-c"], &self.at("dovecot.conf")));
            running.push(self.spawn("/usr/lib/postfix/sbin/master", &["-d", "-c"], &self.at("postfix/etc")));
        }
        for port in [self.ports.imap, self.ports.lmtp, self.ports.smtp, self.ports.submission] {
            self.wait_for_greeting(port).await;
        }
    }

    /// What both servers have logged.
    pub fn log(&self) -> String {
        ["dovecot.log", "postfix/postfix.log", "start.log"]
            .iter()
            .filter_map(|name| fs::read_to_string(self.at(name)).ok())
            .collect()
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn spawn(&self, program: &str, arguments: &[&str], config: &Path) -> Child {
        let log = fs::OpenOptions::new().create(true).append(true).open(self.at("start.log")).expect("a log");
        Command::new(program)
            .args(arguments)
            .arg(config)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("{program} does not start: {error}"))
    }

    async fn wait_for_greeting(&self, port: u16) {
        for _ in 0..LOOKS {
            if let Ok(stream) = TcpStream::connect(("127.0.0.1", port)).await {
                let mut line = String::new();
                if BufReader::new(stream).read_line(&mut line).await.is_ok_and(|read| read > 0) {
                    return;
                }
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        panic!("nothing answers on port {port}.\n{}", self.log());
    }

    fn lay_out(&self) {
        let root = self.folder.path();
        fs::set_permissions(root, fs::Permissions::from_mode(0o755)).expect("the folder can be entered");
        let (owner, group) = account(OWNER);
        let (postfix, _) = account("postfix");
        let folder = |name: &str, owner: Option<u32>, group: Option<u32>| {
            fs::create_dir_all(root.join(name)).expect("a folder of the mail servers");
            chown(root.join(name), owner, group).expect("a folder gets its owner");
        };
        folder("mail", Some(owner), Some(group));
        folder("dovecot/run", None, None);
        folder("dovecot/state", None, None);
        folder("postfix/etc", None, None);
        folder("postfix/spool/pid", None, None);
        folder("postfix/data", Some(postfix), None);
        for queue in ["active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop"]
            .into_iter()
            .chain(["private", "public", "saved", "trace"])
        {
            folder(&format!("postfix/spool/{queue}"), Some(postfix), None);
        }
        self.make_certificates();
        for (name, text) in [
            ("users", String::new()),
            ("mailboxes", String::new()),
            ("dovecot.conf", self.dovecot_config()),
            ("postfix/etc/main.cf", self.postfix_config()),
            ("postfix/etc/master.cf", self.postfix_services()),
        ] {
            replace(&root.join(name), &text);
        }
    }

    fn make_certificates(&self) {
        let mut authority = CertificateParams::new(Vec::new()).expect("an authority");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let ca = authority.self_signed(&key).expect("an authority signs itself");
        let issuer = Issuer::new(authority, key);

        let names = ["localhost", "127.0.0.1", "mail.desk.example"].map(str::to_owned);
        let key = KeyPair::generate().expect("a key");
        let server = CertificateParams::new(names).expect("a certificate");
        let server = server.signed_by(&key, &issuer).expect("the authority signs");
        replace(&self.at("ca.pem"), &ca.pem());
        replace(&self.at("server.pem"), &server.pem());
        replace(&self.at("server.key"), &key.serialize_pem());
    }

    fn dovecot_config(&self) -> String {
        let Ports { imap, imaps, lmtp, .. } = self.ports;
        let root = self.folder.path().display();
        let (owner, group) = account(OWNER);
        format!(
            "protocols = imap lmtp\n\
             base_dir = {root}/dovecot/run\n\
             state_dir = {root}/dovecot/state\n\
             log_path = {root}/dovecot.log\n\
             listen = 127.0.0.1\n\
             ssl = yes\n\
             ssl_cert = <{root}/server.pem\n\
             ssl_key = <{root}/server.key\n\
             mail_location = maildir:{root}/mail/%u\n\
             mail_save_crlf = yes\n\
             first_valid_uid = 1\n\
             first_valid_gid = 1\n\
             recipient_delimiter = +\n\
             auth_mechanisms = plain login\n\
             auth_failure_delay = 0\n\
             passdb {{\n  driver = passwd-file\n  args = scheme=PLAIN username_format=%u {root}/users\n}}\n\
             userdb {{\n  driver = passwd-file\n  args = username_format=%u {root}/users\n\
             \x20 override_fields = uid={owner} gid={group} home={root}/mail/%u\n}}\n\
             service imap-login {{\n\
             \x20 inet_listener imap {{\n    port = {imap}\n  }}\n\
             \x20 inet_listener imaps {{\n    port = {imaps}\n    ssl = yes\n  }}\n}}\n\
             service lmtp {{\n  inet_listener lmtp {{\n    address = 127.0.0.1\n    port = {lmtp}\n  }}\n}}\n\
             service auth {{\n  unix_listener {root}/postfix/spool/private/auth {{\n    mode = 0666\n  }}\n}}\n\
             service stats {{\n  client_limit = 1000\n}}\n\
             service anvil {{\n  unix_listener anvil-auth-penalty {{\n    mode = 0\n  }}\n}}\n\
             namespace inbox {{\n  inbox = yes\n}}\n"
        )
    }

    fn postfix_config(&self) -> String {
        let root = self.folder.path().display();
        let lmtp = self.ports.lmtp;
        format!(
            "compatibility_level = 3.6\n\
             queue_directory = {root}/postfix/spool\n\
             data_directory = {root}/postfix/data\n\
             maillog_file_prefixes = {root}\n\
             maillog_file = {root}/postfix/postfix.log\n\
             inet_interfaces = 127.0.0.1\n\
             inet_protocols = ipv4\n\
             myhostname = mail.desk.example\n\
             mydestination =\n\
             mynetworks = 127.0.0.0/8\n\
             alias_maps =\n\
             local_header_rewrite_clients =\n\
             smtpd_peername_lookup = no\n\
             smtp_dns_support_level = disabled\n\
             recipient_delimiter = +\n\
             virtual_mailbox_domains = desk.example, customer.example, fuser.example\n\
             virtual_mailbox_maps = texthash:{root}/mailboxes\n\
             virtual_transport = lmtp:inet:127.0.0.1:{lmtp}\n\
             default_transport = error:5.1.2 nothing leaves this machine\n\
             relay_transport = error:5.1.2 nothing leaves this machine\n\
             local_transport = error:5.1.1 nobody lives here\n\
             message_size_limit = 31457280\n\
             smtpd_tls_cert_file = {root}/server.pem\n\
             smtpd_tls_key_file = {root}/server.key\n\
             smtpd_tls_security_level = may\n\
             smtpd_sasl_type = dovecot\n\
             smtpd_sasl_path = private/auth\n\
             smtpd_sasl_auth_enable = yes\n\
             smtpd_tls_session_cache_database =\n\
             smtp_tls_session_cache_database =\n\
             smtpd_error_sleep_time = 0\n\
             minimal_backoff_time = 5s\n"
        )
    }

    fn postfix_services(&self) -> String {
        let Ports { smtp, submission, submissions, .. } = self.ports;
        // A server process that takes one connection reads the list of mailboxes anew for each.
        let once = "-o max_use=1";
        let signed_in = "-o smtpd_relay_restrictions=permit_sasl_authenticated,reject";
        format!(
            "127.0.0.1:{smtp} inet n - n - - smtpd {once}\n\
             127.0.0.1:{submission} inet n - n - - smtpd {once} -o smtpd_tls_security_level=encrypt {signed_in}\n\
             127.0.0.1:{submissions} inet n - n - - smtpd {once} -o smtpd_tls_wrappermode=yes {signed_in}\n\
             cleanup unix n - n - 0 cleanup\n\
             qmgr unix n - n 300 1 qmgr\n\
             tlsmgr unix - - n 1000? 1 tlsmgr\n\
             rewrite unix - - n - - trivial-rewrite\n\
             bounce unix - - n - 0 bounce\n\
             defer unix - - n - 0 bounce\n\
             trace unix - - n - 0 bounce\n\
             flush unix n - n 1000? 0 flush\n\
             proxymap unix - - n - - proxymap\n\
             error unix - - n - - error\n\
             retry unix - - n - - error\n\
             lmtp unix - - n - - lmtp\n\
             anvil unix - - n - 1 anvil\n\
             scache unix - - n - 1 scache\n\
             postlog unix-dgram n - n - 1 postlogd\n"
        )
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.stop();
        if std::thread::panicking() {
            eprintln!("{}", self.log());
        }
    }
}

impl Ports {
    /// Six neighbours that are free now. They lie below the ports that the system gives to outgoing connections, so that
    /// none is taken while a server is stopped; and each process begins its search elsewhere.
    fn free() -> Ports {
        static ASKED: AtomicU32 = AtomicU32::new(0);
        loop {
            let block = (std::process::id() + 131 * ASKED.fetch_add(1, Ordering::Relaxed)) % 2700;
            let first = 10_000 + 8 * u16::try_from(block).expect("a small number");
            let held: Vec<_> =
                (first..first + 6).map_while(|port| TcpListener::bind(("127.0.0.1", port)).ok()).collect();
            if held.len() == 6 {
                return Ports {
                    imap: first,
                    imaps: first + 1,
                    lmtp: first + 2,
                    smtp: first + 3,
                    submission: first + 4,
                    submissions: first + 5,
                };
            }
        }
    }
}

fn need(program: &str, package: &str) {
    assert!(
        Path::new(program).exists(),
        "the mail servers need {program}: install Debian's package {package}, or run ./test, which does it"
    );
}

/// The user and group id of an account of this machine.
fn account(name: &str) -> (u32, u32) {
    let accounts = fs::read_to_string("/etc/passwd").expect("the accounts of this machine");
    let line = accounts.lines().find(|line| line.split(':').next() == Some(name));
    let mut ids =
        line.unwrap_or_else(|| panic!("this machine has no account {name}")).split(':').skip(2).map(str::parse);
    let mut id = || ids.next().and_then(Result::ok).expect("an account has a number");
    (id(), id())
}

fn owner_of(path: &Path) -> (u32, u32) {
    use std::os::unix::fs::MetadataExt;
    let meta = fs::metadata(path).expect("who runs this");
    (meta.uid(), meta.gid())
}

/// A server that reads meanwhile sees the old text or the new one.
fn replace(path: &Path, text: &str) {
    let fresh = path.with_extension("fresh");
    fs::write(&fresh, text).expect("a file of the mail servers is written");
    fs::rename(&fresh, path).expect("a file of the mail servers takes its place");
}

/// When Dovecot wrote the mail with this file name: its second and microsecond, and the rest of its name.
fn arrival(name: &str) -> (u64, u64, String) {
    let name = name.split(',').next().unwrap_or_default();
    let mut parts = name.splitn(3, '.');
    let second = parts.next().and_then(|it| it.parse().ok()).unwrap_or(0);
    let micros = parts.next().and_then(|it| it.strip_prefix('M')?.split('P').next()?.parse().ok()).unwrap_or(0);
    (second, micros, name.to_owned())
}

/// Says something and hears the last line of the answer, which must begin with `code`.
async fn expect(talk: &mut BufReader<TcpStream>, say: &[u8], code: &str) {
    talk.get_mut().write_all(say).await.expect("LMTP listens");
    loop {
        let mut line = String::new();
        talk.read_line(&mut line).await.expect("LMTP answers");
        assert!(line.starts_with(code), "LMTP said {line:?} where {code} was expected");
        if line.as_bytes().get(3) != Some(&b'-') {
            return;
        }
    }
}
