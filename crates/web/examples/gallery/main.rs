//! Writes pages made of every component into a folder, to be looked at in a browser without a desk behind them.
//!
//! `cargo run -p web --example gallery [FOLDER]`; the folder is `target/gallery` if none is named. Serve it with any
//! server of files, or open a page as a file: then only the scripts are missing.

mod case;
mod plain;

use std::path::{Path, PathBuf};
use std::{fs, io};

use domain::Timestamp;
use jiff::tz::TimeZone;
use maud::Markup;
use web::assets;
use web::page::{Head, page};
use web::part::{Clock, Nav, Place, ViewLink, shell};

/// Thursday 12 November 2026, 09:05 in Berlin.
const NOW: Timestamp = Timestamp(1_794_470_700_000_000);

fn main() -> io::Result<()> {
    let folder = std::env::args()
        .nth(1)
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/gallery"), PathBuf::from);
    let pages: [(&str, String); 9] = [
        ("inbox", case::inbox()),
        ("case", case::case()),
        ("case-note", case::note()),
        ("sign-in", plain::sign_in()),
        ("setup", plain::setup()),
        ("channels", plain::channels()),
        ("customer", plain::customer()),
        ("parts", plain::parts()),
        ("trouble", web::Trouble::Internal.page(Some("01934c5e")).into_string()),
    ];
    fs::create_dir_all(&folder)?;
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("assets"), &folder.join("assets"))?;
    fs::write(folder.join("assets/bellwether.css"), assets::style())?;
    fs::write(folder.join("healthz"), "ok")?;
    for (name, html) in pages {
        let html = html.replace(&assets::url(""), "assets/").replace("src=\"/messages/", "src=\"");
        fs::write(folder.join(format!("{name}.html")), html)?;
    }
    fs::write(folder.join("mail.html"), case::MAIL)
}

fn clock() -> Clock {
    Clock::new(NOW, TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC))
}

/// So many minutes before now.
fn ago(minutes: u64) -> Timestamp {
    NOW.before(std::time::Duration::from_secs(minutes * 60))
}

fn desk(title: &str, place: Place, case_open: bool, content: &Markup) -> String {
    let view = |name, count: &str, current| ViewLink {
        name,
        address: "inbox.html".to_owned(),
        count: count.to_owned(),
        current,
    };
    let views = [
        view("My open", "9", place == Place::Inbox),
        view("Unassigned", "4", false),
        view("Waiting on customer", "22", false),
        view("All", "99+", false),
    ];
    let nav = Nav {
        organization: "Tareline",
        me: "Ines Okafor",
        role: "Administrator",
        place,
        views: &views,
        customers: true,
        outbox: true,
        settings: true,
        case_open,
        toast: None,
        unseen: 3,
        away: None,
        now: domain::Timestamp(0),
    };
    page(&Head::new(title), &shell(&nav, content)).into_string()
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
