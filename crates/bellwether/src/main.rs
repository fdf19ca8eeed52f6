//! The program. What it can do is in [`bellwether::cli`]; this only starts it.

use std::process::ExitCode;

use bellwether::cli::{self, Command};
use bellwether::settings::Settings;
use bellwether::{log, operate, serve};

/// Mail is many small pieces: the allocator of the system is a good deal slower with them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let (command, settings) = match cli::parse(std::env::args_os(), std::env::vars_os()) {
        Ok(parsed) => parsed,
        Err(trouble) => return trouble.tell(),
    };
    if let Err(err) = log::start(&settings) {
        eprintln!("the log cannot be started: {err}");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(run(command, settings)),
        Err(err) => Err(format!("the program cannot start its threads: {err}").into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            eprintln!("{err}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command, settings: Settings) -> serve::Outcome {
    match command {
        Command::Serve => serve::serve(settings).await,
        Command::Demo { fresh } => serve::demo(settings, fresh).await,
        Command::Settings => operate::print_settings(&settings),
        Command::Generate { cases } => operate::generate(&settings, cases).await,
        Command::ChannelAddMail { address } => operate::add_mail_channel(&settings, &address).await,
        Command::ChannelList => operate::list_channels(&settings).await,
        Command::StaffReset { email } => operate::reset_staff(&settings, &email).await,
        Command::SearchRebuild => operate::rebuild_search(&settings).await,
        Command::MailShow { file, json } => operate::show_mail(&file, json),
    }
}
