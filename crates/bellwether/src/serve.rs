//! An installation at work: pages and the API, mailboxes, jobs, reconcilers; and its orderly end.

use std::error::Error;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use axum::Router;
use channels::Tls;
use desk::{Ctx, Desk, Keys, Post};
use domain::Word;
use store::{Db, job};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use web::{App, Public};

use crate::settings::{Place, Settings};
use crate::{demo, key_file};

/// What a command ends with: nothing, or a sentence for whoever started it.
pub type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// How long an answer that was begun may take when the program stops.
const GRACE: Duration = Duration::from_secs(20);

/// Runs a real installation until it is told to stop.
pub async fn serve(settings: Settings) -> Outcome {
    let tls = Tls::new(settings.extra_ca_file.as_deref())?;
    let desk = open(&settings, Post::Servers(tls)).await?;
    let mut lines = vec![format!("Bellwether serves {}", settings.address())];
    if let Some(token) = desk.setup_token().await? {
        lines.push(format!("Set it up, once, at {}/setup/{token}", settings.address()));
    }
    run(desk, &settings, Public::default(), &lines).await
}

/// Runs a desk full of invented customers, whose mail never leaves.
pub async fn demo(settings: Settings, fresh: bool) -> Outcome {
    if fresh {
        forget(&settings.place)?;
    }
    let desk = open(&settings, Post::Kept).await?;
    if !demo::is_filled(&desk).await? {
        fill(&desk).await?;
    }
    let role = |it: &demo::SignIn| it.role.word().replace('_', " ");
    let people: Vec<_> =
        demo::SIGN_INS.iter().map(|it| (it.email.to_owned(), format!("{}, {}", it.name, role(it)))).collect();
    let mut lines = vec![format!("Bellwether demo at {}", settings.address())];
    lines.push(format!("Sign in with the password \"{}\" as", demo::PASSWORD));
    lines.extend(people.iter().map(|it| format!("  {:<34} {}", it.0, it.1)));
    lines.push("Outgoing mail stays on the Outbox page and never leaves.".to_owned());
    let public = Public { demo: people, demo_password: demo::PASSWORD.to_owned(), ..Public::default() };
    run(desk, &settings, public, &lines).await
}

async fn fill(desk: &Desk) -> Outcome {
    let style = indicatif::ProgressStyle::with_template("{msg} [{bar:32}] {pos}/{len}")?;
    let bar = indicatif::ProgressBar::new(0).with_style(style).with_message("Inventing a company");
    let shown = bar.clone();
    demo::fill(desk, desk.now(), move |done, all| {
        shown.set_length(all as u64);
        shown.set_position(done as u64);
    })
    .await?;
    bar.finish_and_clear();
    Ok(())
}

/// The desk of an installation: its keys, its database with the schema of this program, its way out.
pub async fn open(settings: &Settings, post: Post) -> Outcome<Desk> {
    let keys = Keys::new(key_file::open(&settings.key_file)?);
    let ctx = Ctx::system();
    let node = ctx.id();
    let db = Db::open(&settings.place.name(), node).await?;
    let now = ctx.now();
    if !db.is_shared() {
        // Whoever had these in their hands is dead: we hold the lock of the directory.
        db.write([], async move |tx| job::release(tx, now).await).await?;
    }
    Ok(Desk::new(db, ctx, keys, post, node))
}

async fn run(desk: Desk, settings: &Settings, public: Public, lines: &[String]) -> Outcome {
    let nets = settings.trusted_proxies.clone();
    let public = Public {
        url: settings.address(),
        trusts: Some(Box::new(move |it| nets.iter().any(|net| net.contains(it)))),
        ..public
    };
    let listener = TcpListener::bind(settings.listen).await.map_err(|err| {
        format!(
            "cannot listen on {}: {err}. Is another Bellwether running? --listen takes another address.",
            settings.listen
        )
    })?;
    let stop = CancellationToken::new();
    let app = web::router(App::new(desk.clone(), public, stop.clone()));
    say(lines);
    tokio::spawn(told_to_stop(stop.clone()));

    let mut workers = JoinSet::new();
    for work in [Worker::Jobs, Worker::Reconcilers, Worker::Mailboxes] {
        workers.spawn(work.run(desk.clone(), stop.clone()));
    }
    answer(listener, app, &stop).await?;
    // What was accepted is finished before the database goes.
    while workers.join_next().await.is_some() {}
    desk.db.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// What runs beside the pages.
#[derive(Clone, Copy)]
enum Worker {
    Jobs,
    Reconcilers,
    Mailboxes,
}

impl Worker {
    async fn run(self, desk: Desk, stop: CancellationToken) {
        match self {
            Worker::Jobs => desk.work(stop).await,
            Worker::Reconcilers => desk.reconcile(stop).await,
            Worker::Mailboxes => desk.read_mailboxes(stop).await,
        }
    }
}

/// Answers until `stop`, and then what was begun, within [`GRACE`].
async fn answer(listener: TcpListener, app: Router, stop: &CancellationToken) -> Outcome {
    let service = app.into_make_service_with_connect_info::<SocketAddr>();
    let ending = stop.clone();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move { ending.cancelled().await });
    let too_late = async {
        stop.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = server.into_future() => ended?,
        () = too_late => tracing::warn!("some connections did not end in time"),
    }
    Ok(())
}

/// Waits for the signals by which a program is asked to end.
async fn told_to_stop(stop: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        },
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
    tracing::info!("stopping: what was accepted is finished first");
    stop.cancel();
}

/// Prints what whoever started the program wants to know.
pub fn say(lines: &[String]) {
    let mut out = std::io::stdout().lock();
    for line in lines {
        // Nobody may be listening, and that is no reason not to serve.
        writeln!(out, "{line}").ok();
    }
    out.flush().ok();
}

/// Deletes a demo's data directory; only what is one.
fn forget(place: &Place) -> Outcome {
    let Place::Data(dir) = place else {
        return Err("--fresh works on a data directory: give the demo an empty database instead.".into());
    };
    if !dir.exists() {
        return Ok(());
    }
    if !is_ours(dir) {
        return Err(format!("{} is not the data of a Bellwether: nothing was deleted.", dir.display()).into());
    }
    Ok(std::fs::remove_dir_all(dir)?)
}

fn is_ours(dir: &Path) -> bool {
    let empty = std::fs::read_dir(dir).is_ok_and(|mut it| it.next().is_none());
    empty || dir.join("bellwether.db").exists()
}
