//! What an installation is told, by whom, and what it answers when it is told nonsense.
#![expect(clippy::expect_used, reason = "a test says what it expects")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use bellwether::cli::{Command, parse};
use bellwether::key_file;
use bellwether::settings::{LogFormat, Place, SETTINGS, Settings};

const NOTHING: [(&str, &str); 0] = [];

fn ask<const N: usize>(line: &str, env: [(&str, &str); N]) -> Result<(Command, Settings), String> {
    let args: Vec<&str> = std::iter::once("bellwether").chain(line.split_whitespace()).collect();
    parse(args, env).map_err(|trouble| trouble.to_string())
}

fn settings<const N: usize>(line: &str, env: [(&str, &str); N]) -> Settings {
    ask(line, env).expect("it can be understood").1
}

fn refusal<const N: usize>(line: &str, env: [(&str, &str); N]) -> String {
    ask(line, env).expect_err("it is refused")
}

/// A configuration file in a directory of its own.
struct File(tempfile::TempDir);

impl File {
    fn new(text: &str) -> File {
        let dir = tempfile::tempdir().expect("a directory");
        std::fs::write(dir.path().join("bellwether.toml"), text).expect("a file");
        File(dir)
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("bellwether.toml")
    }

    fn serve(&self) -> String {
        format!("serve --config {}", self.path().display())
    }
}

#[test]
fn nothing_said_is_enough_to_serve() {
    let settings = settings("serve", NOTHING);
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.place, Place::Data("./bellwether-data".into()));
    assert_eq!(settings.key_file, Path::new("./bellwether-data.key"));
    assert_eq!(settings.address(), "http://localhost:8080");
    assert_eq!((settings.log.as_str(), settings.log_format), ("info", LogFormat::Text));
    assert!(settings.trusted_proxies.is_empty() && settings.extra_ca_file.is_none());
}

#[test]
fn what_is_nearer_to_the_hand_wins() {
    let file = File::new("listen = '127.0.0.1:1'\nlog = 'warn'\npublic_url = 'https://desk.example/'\n");
    let env = [("BELLWETHER_LISTEN", "127.0.0.1:2"), ("BELLWETHER_LOG", "debug"), ("HOME", "/nowhere")];
    let line = format!("{} --listen 127.0.0.1:3", file.serve());
    let settings = settings(&line, env);
    assert_eq!(settings.listen.port(), 3);
    assert_eq!(settings.log, "debug");
    assert_eq!(settings.address(), "https://desk.example");
    let table = settings.table();
    let row = |name: &str| table.lines().find(|row| row.starts_with(&format!("{name} "))).expect("a row").to_owned();
    assert!(row("listen").contains("127.0.0.1:3") && row("listen").contains("--listen"));
    assert!(row("log").contains("debug") && row("log").contains("BELLWETHER_LOG"));
    assert!(row("public_url").contains("bellwether.toml"));
    assert!(row("log_format").contains("default"));
    assert_eq!(table.lines().count(), SETTINGS.len());
}

#[test]
fn an_empty_variable_says_nothing() {
    assert_eq!(settings("serve", [("BELLWETHER_LISTEN", "")]).listen.port(), 8080);
}

#[test]
fn an_unknown_key_is_refused_by_name() {
    let file = File::new("log = 'info'\nlisen = '127.0.0.1:1'\n");
    let said = refusal(&file.serve(), NOTHING);
    assert!(said.ends_with("line 2: there is no setting \"lisen\"; did you mean listen?"), "{said}");
    let file = File::new("[mailbox]\nhost = 'x'\n");
    assert!(refusal(&file.serve(), NOTHING).contains("line 1: there is no setting \"mailbox\"; `bellwether settings`"));
}

#[test]
fn an_unknown_variable_is_refused_by_name() {
    let said = refusal("serve", [("BELLWETHER_LISTENS", "x")]);
    assert_eq!(
        said,
        "the environment has BELLWETHER_LISTENS, and there is no such setting; did you mean BELLWETHER_LISTEN?"
    );
    assert!(refusal("demo", [("BELLWETHER_QWERTYUIOP", "x")]).contains("`bellwether settings` lists them"));
    assert!(refusal("serve", [("BELLWETHER_LOG_FILE", "x")]).contains("BELLWETHER_LOG_FILE"));
}

#[test]
fn a_bad_value_names_setting_source_and_what_was_expected() {
    let said = refusal("serve", [("BELLWETHER_LISTEN", "8080")]);
    assert_eq!(
        said,
        "listen from BELLWETHER_LISTEN: expected an address and a port, such as 127.0.0.1:8080 or [::]:8080, not \"8080\""
    );
    assert!(refusal("serve --public-url desk.example", NOTHING).starts_with("public_url from --public-url: expected"));
    assert!(refusal("serve --trusted-proxies 10.0.0.0/33", NOTHING).contains("10.0.0.0/33 is none"));
    assert!(refusal("serve --log-format xml", NOTHING).contains("expected text or json, not \"xml\""));
    assert!(refusal("serve --log =", NOTHING).starts_with("log from --log"));
    assert!(refusal("serve --data /", NOTHING).starts_with("data from --data"));
    let file = File::new("listen = 8080\n");
    assert!(refusal(&file.serve(), NOTHING).contains("expected ADDRESS:PORT in quotation marks, not a integer"));
    let said = refusal(&File::new("log = 'info'\nlisten = ").serve(), NOTHING);
    assert!(said.contains("bellwether.toml, line 2: this is no TOML: "), "{said}");
}

#[test]
fn secrets_come_from_files_too_and_are_never_shown() {
    let url = "postgres://desk:hunter2@db/desk";
    let file = File::new("database_file = 'secret'\n");
    std::fs::write(file.0.path().join("secret"), format!("{url}\n")).expect("a file");
    let secret = file.0.path().join("secret").display().to_string();
    let by_file = settings(&file.serve(), NOTHING);
    let by_variable = settings("settings", [("BELLWETHER_DATABASE_FILE", secret.as_str())]);
    let by_flag = settings(&format!("serve --database-file {secret}"), NOTHING);
    for settings in [by_file, by_variable, by_flag, settings("serve", [("BELLWETHER_DATABASE", url)])] {
        assert_eq!(settings.place, Place::Database(url.to_owned()));
        assert!(!settings.table().contains("hunter2") && !format!("{settings:?}").contains("hunter2"));
        assert!(settings.table().contains("(secret)"));
    }
    let said = refusal("serve", [("BELLWETHER_DATABASE", "mysql://desk:hunter2@db")]);
    assert!(
        said.starts_with("database from BELLWETHER_DATABASE: expected a URL") && !said.contains("hunter2"),
        "{said}"
    );
    for broken in [
        format!("listen = '[::1]:1'\ndatabase = {url}\n"),
        format!("listen = '[::1]:1'\ndatabase = \"{url}\n"),
        format!("listen = '[::1]:1'\ndatabase '{url}'\n"),
        format!("listen = '[::1]:1'\ndatabase = '{url}' '{url}'\n"),
        format!("listen = '[::1]:1'\n'{url}'\n"),
        format!("listen = '[::1]:1'\ndatabase = \"\\x{url}\"\n"),
        format!("database = '{url}'\ndatabase = '{url}'\n"),
        format!("listen = '[::1]:1'\n[database]\n{url}\n"),
        format!("listen = '[::1]:1'\n['{url}']\na = 1\n['{url}']\na = 1\n"),
    ] {
        let said = refusal(&File::new(&broken).serve(), NOTHING);
        assert!(said.contains(", line ") && said.contains("this is no TOML") && !said.contains("hunter2"), "{said}");
    }
    let said = refusal("serve", [("BELLWETHER_DATABASE_FILE", "/nowhere/secret")]);
    assert!(said.starts_with("/nowhere/secret (named by BELLWETHER_DATABASE_FILE) cannot be read"), "{said}");
}

#[test]
fn two_places_for_the_data_are_refused() {
    let file = File::new("data = 'here'\n");
    let said = refusal(&file.serve(), [("BELLWETHER_DATABASE", "postgres://db/desk")]);
    assert!(said.contains("bellwether.toml) and database (from BELLWETHER_DATABASE) are both set"), "{said}");
}

#[test]
fn paths_in_a_file_are_seen_from_that_file() {
    let file = File::new("data = 'here'\nextra_ca_file = 'ca.pem'\n");
    let settings = settings(&file.serve(), NOTHING);
    assert_eq!(settings.place, Place::Data(file.0.path().join("here")));
    assert_eq!(settings.key_file, file.0.path().join("here.key"));
    assert_eq!(settings.extra_ca_file, Some(file.0.path().join("ca.pem")));
}

#[test]
fn the_keys_are_never_with_the_data() {
    let said = refusal("serve --data desk --key-file ./desk/../desk/keys", NOTHING);
    assert!(said.contains("is inside data desk"), "{said}");
    assert_eq!(settings("serve --data /srv/desk/", NOTHING).key_file, Path::new("/srv/desk.key"));
    let file = File::new("database = 'postgres://db/desk'\n");
    assert_eq!(settings(&file.serve(), NOTHING).key_file, file.0.path().join("bellwether.key"));
}

#[test]
fn a_proxy_is_known_in_every_spelling() {
    let proxies = settings("serve --trusted-proxies 10.0.0.0/8,::1,2001:db8::/32", NOTHING).trusted_proxies;
    let trusted = |address: &str| proxies.iter().any(|net| net.contains(address.parse().expect("an address")));
    for address in ["10.1.2.3", "::ffff:10.1.2.3", "::1", "2001:db8:1::2"] {
        assert!(trusted(address), "{address}");
    }
    for address in ["11.0.0.1", "::2", "2001:db9::1", "127.0.0.1"] {
        assert!(!trusted(address), "{address}");
    }
    let all = settings("serve --trusted-proxies ::/0", NOTHING).trusted_proxies;
    assert!(all[0].contains("192.0.2.1".parse().expect("an address")));
    let file = File::new("trusted_proxies = ['10.0.0.1', '::1']\n");
    assert_eq!(settings(&file.serve(), NOTHING).trusted_proxies.len(), 2);
}

#[test]
fn the_demo_and_the_generator_never_find_a_real_installation() {
    let real = [("BELLWETHER_DATABASE", "postgres://db/desk"), ("BELLWETHER_KEY_FILE", "/etc/desk.key")];
    let (command, settings) = ask("demo --fresh", real).expect("it can be understood");
    assert_eq!(command, Command::Demo { fresh: true });
    assert_eq!(settings.place, Place::Data("./bellwether-demo".into()));
    assert_eq!(settings.key_file, Path::new("./bellwether-demo.key"));
    assert_eq!(refusal("generate --cases 9", real), "say where: --data DIR or --database URL");
    let (command, settings) =
        ask("generate --cases 9 --database postgres://db/test", real).expect("it can be understood");
    assert_eq!(command, Command::Generate { cases: 9 });
    assert_eq!(settings.place, Place::Database("postgres://db/test".into()));
}

#[test]
fn every_command_is_understood() {
    let command = |line: &str| ask(line, NOTHING).expect("it can be understood").0;
    assert_eq!(command("serve"), Command::Serve);
    assert_eq!(command("settings"), Command::Settings);
    assert_eq!(command("demo --data x --listen 127.0.0.1:0"), Command::Demo { fresh: false });
    let add = command("channel add mail help@desk.example --data x");
    assert_eq!(add, Command::ChannelAddMail { address: "help@desk.example".into() });
    assert_eq!(command("channel list --database postgres://db/desk"), Command::ChannelList);
    assert_eq!(command("mail show a.eml --json"), Command::MailShow { file: "a.eml".into(), json: true });
    assert!(refusal("--version", NOTHING).starts_with("bellwether "));
    assert!(refusal("serve --fresh", NOTHING).contains("unexpected argument"));
    assert!(refusal("", NOTHING).contains("Usage"));
}

#[test]
fn the_help_tells_every_setting() {
    let said = refusal("serve --help", NOTHING);
    for setting in SETTINGS {
        assert!(said.contains(&format!("--{}", setting.flag())), "{}", setting.name);
    }
}

#[test]
fn the_manual_has_the_table_of_settings() {
    let manual = include_str!("../../../docs/install.md");
    let table = Settings::manual();
    assert!(manual.contains(&table), "docs/install.md does not have this table:\n{table}");
}

#[test]
fn everywhere_is_no_address_for_links() {
    assert_eq!(settings("serve --listen 0.0.0.0:8080", NOTHING).address(), "http://localhost:8080");
    assert_eq!(settings("serve --listen [::]:8080", NOTHING).address(), "http://localhost:8080");
    let line = "serve --listen 0.0.0.0:8080 --public-url https://desk.example";
    assert_eq!(settings(line, NOTHING).address(), "https://desk.example");
}

#[test]
fn keys_are_made_once_for_their_owner_alone() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("etc/desk.key");
    let keys = key_file::open(&file).expect("keys");
    assert_eq!(keys.len(), 1);
    assert_ne!(keys[0].1, [0; 32]);
    assert_eq!(key_file::open(&file).expect("keys"), keys);
    let mode = std::fs::metadata(&file).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    let beside = std::fs::read_dir(dir.path().join("etc")).expect("a directory").count();
    assert_eq!(beside, 1, "no draft stays behind");
}

#[test]
fn two_who_start_at_once_have_one_key() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("desk.key");
    let keys: Vec<_> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..8).map(|_| scope.spawn(|| key_file::open(&file).expect("keys"))).collect();
        starts.into_iter().map(|start| start.join().expect("a start")).collect()
    });
    assert!(keys.iter().all(|one| *one == keys[0]));
}

#[test]
fn old_keys_are_kept_after_the_one_in_use() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("desk.key");
    let write = |text: &str| {
        std::fs::write(&file, text).expect("a file");
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).expect("its owner");
    };
    let (new, old) = ("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=", "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=");
    write(&format!("7 {new}\n\n3 {old}\n"));
    assert_eq!(key_file::open(&file).expect("keys"), [(7, [1; 32]), (3, [2; 32])]);
    let refusal = || key_file::open(&file).expect_err("it is refused").to_string();
    write(&format!("7 {new}\n7 {old}\n"));
    assert!(refusal().ends_with("has two keys with the id 7"));
    write(&format!("7 {new}\nnonsense\n"));
    assert!(refusal().starts_with("line 2 of the key file") && !refusal().contains("nonsense"));
    write("7 dG9vIHNob3J0\n");
    assert!(refusal().contains("expected a number and 32 bytes in base64"));
    write("");
    assert!(refusal().ends_with("is empty: put back your copy of it"));
}

#[test]
fn keys_that_others_can_read_are_refused() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("desk.key");
    key_file::open(&file).expect("keys");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o640)).expect("a mode");
    let said = key_file::open(&file).expect_err("it is refused").to_string();
    assert!(said.contains("can be read or changed by others (mode 0640): run `chmod 600"), "{said}");
}
