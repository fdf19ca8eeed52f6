//! What the operator does at the command line.

use std::path::Path;

use desk::channel::NewMailbox;
use desk::{Ctx, Desk, Keys, Post};
use serde_json::json;
use store::{Db, channel};

use crate::generate::{self, Progress};
use crate::key_file;
use crate::serve::{Outcome, open, say};
use crate::settings::Settings;

/// `bellwether settings`
pub fn print_settings(settings: &Settings) -> Outcome {
    say(&[settings.table().trim_end().to_owned()]);
    Ok(())
}

/// `bellwether generate`
pub async fn generate(settings: &Settings, cases: u64) -> Outcome {
    let desk = open(settings, Post::Kept).await?;
    let style = indicatif::ProgressStyle::with_template("{msg} [{bar:32}] {pos}/{len}, {eta} left")?;
    let bar = indicatif::ProgressBar::new(cases).with_style(style).with_message("Generating cases");
    let shown = bar.clone();
    let progress = move |it: Progress| match it {
        Progress::Cases(done, _) => shown.set_position(done as u64),
        Progress::Index(done, of) => {
            shown.set_message("Making the index of the search");
            shown.set_length(of.unsigned_abs());
            shown.set_position(done.unsigned_abs());
        }
    };
    generate::cases(&desk, usize::try_from(cases)?, desk.now(), progress).await?;
    bar.finish_and_clear();
    desk.db.close().await;
    Ok(())
}

/// `bellwether channel add mail ADDRESS`: a channel whose mail a program hands in.
pub async fn add_mail_channel(settings: &Settings, address: &str) -> Outcome {
    let desk = open(settings, Post::Kept).await?;
    let it = NewMailbox {
        name: String::new(),
        address: address.to_owned(),
        reading: None,
        sending: None,
        user: String::new(),
        password: String::new(),
        ..NewMailbox::default()
    };
    let id = desk.add_mailbox(it).await?;
    let token = desk.channel_token(id).await?;
    say(&[format!("id     {id}"), format!("token  {token}")]);
    close(desk).await
}

/// `bellwether channel list`
pub async fn list_channels(settings: &Settings) -> Outcome {
    let desk = open(settings, Post::Kept).await?;
    let all = desk.db.read(async |rx| channel::all(rx).await).await?;
    say(&all.iter().map(|it| format!("{}  {}  {}", it.id, it.kind, it.address)).collect::<Vec<_>>());
    close(desk).await
}

/// `bellwether staff reset EMAIL`: reads, and writes nothing, so that it works beside a running program.
pub async fn reset_staff(settings: &Settings, email: &str) -> Outcome {
    let ctx = Ctx::system();
    let node = ctx.id();
    let db = Db::look(&settings.place.name(), node)?;
    let desk = Desk::new(db, ctx, Keys::new(key_file::existing(&settings.key_file)?), Post::Kept, node);
    if !desk.has_its_keys().await? {
        return Err(key_file::Trouble::Foreign { file: settings.key_file.clone() }.into());
    }
    let token = desk.reset_token(email).await?;
    let hours = desk::reset::WAITS.as_secs() / 3600;
    say(&[
        format!("{}/reset/{token}", settings.address()),
        format!("It sets a new password for {email}, once, within {hours} hours. Give it to nobody else."),
    ]);
    close(desk).await
}

/// `bellwether search rebuild`: makes the index of the search anew. On PostgreSQL it may be called beside running
/// programs, of which one then does it.
pub async fn rebuild_search(settings: &Settings) -> Outcome {
    let desk = open(settings, Post::Kept).await?;
    let style = indicatif::ProgressStyle::with_template("{msg} [{bar:32}] {pos}/{len}, {eta} left")?;
    let bar = indicatif::ProgressBar::new(0).with_style(style).with_message("Making the index");
    let shown = bar.clone();
    desk.rebuild_search(move |built, total| {
        shown.set_length(total.unsigned_abs());
        shown.set_position(built.unsigned_abs());
    })
    .await?;
    bar.finish_and_clear();
    say(&["The index of the search is made anew.".to_owned()]);
    close(desk).await
}

async fn close(desk: Desk) -> Outcome {
    desk.db.close().await;
    Ok(())
}

/// `bellwether mail show FILE`: what the desk reads in a mail.
pub fn show_mail(file: &Path, as_json: bool) -> Outcome {
    let raw = std::fs::read(file).map_err(|err| format!("{} cannot be read: {err}", file.display()))?;
    let mail = mail::read(&raw, &mail::Receiver { authserv_id: None, own: &[] })?;
    let parties = |all: &[mail::Mailbox]| all.iter().map(party).collect::<Vec<_>>();
    let files: Vec<_> = mail
        .files
        .iter()
        .map(|it| {
            json!({
                "name": it.name, "media_type": it.media_type, "size": it.bytes.len(), "inline": it.inline,
                "content_id": it.content_id, "sha256": store::blob::hash(&it.bytes),
            })
        })
        .collect();
    let bounce = mail.automatic == Some(domain::Automatic::Bounce);
    if as_json {
        let shown = json!({
            "message_id": mail.message_id, "in_reply_to": mail.in_reply_to, "references": mail.references,
            "from": { "name": mail.name, "address": mail.from }, "reply_to": parties(&mail.reply_to), "to": parties(&mail.to),
            "cc": parties(&mail.cc), "subject": mail.subject, "sent_at": mail.sent_at, "text": mail.text,
            "folded": mail.folded, "html": mail.html, "attachments": files, "automatic": mail.automatic,
            "bounce": bounce, "bounces": mail.bounces, "spam": mail.spam, "sealed": mail.sealed,
            "invitation": mail.invitation, "verdict": mail.verdict, "external_id": mail.external_id,
        });
        say(&[serde_json::to_string_pretty(&shown)?]);
        return Ok(());
    }
    let address = |it: &mail::Mailbox| it.address.as_ref().map_or("-".to_owned(), ToString::to_string);
    let line = |all: &[mail::Mailbox]| all.iter().map(address).collect::<Vec<_>>().join(", ");
    let mut lines = vec![
        format!("From:      {} <{}>", mail.name, mail.from),
        format!("To:        {}", line(&mail.to)),
        format!("Cc:        {}", line(&mail.cc)),
        format!("Subject:   {}", mail.subject),
        format!("Automatic: {}", mail.automatic.map_or("no".to_owned(), |it| it.to_string())),
    ];
    lines.extend(mail.bounces.iter().map(|it| format!("Bounce:    {}", it.words())));
    lines.extend(mail.spam.iter().map(|it| format!("Unwanted:  {} ({})", yes_or_no(it.unwanted), it.said)));
    lines.extend(mail.sealed.iter().map(|it| format!("Sealed:    {it}")));
    lines.extend(mail.invitation.iter().map(|it| format!("Meeting:   {} ({})", it.summary, it.method)));
    lines.extend([String::new(), mail.text.clone()]);
    lines.extend(mail.files.iter().map(|it| format!("[{}: {}, {} bytes]", it.name, it.media_type, it.bytes.len())));
    say(&lines);
    Ok(())
}

fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

fn party(it: &mail::Mailbox) -> serde_json::Value {
    json!({ "name": it.name, "address": it.address })
}
