//! The command line: what the program can be asked to do. The flags of settings come from their table.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, value_parser};

use crate::settings::{Given, Reader, SETTINGS, Setting, Settings, Trouble, environment};

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Run a real installation.
    Serve,
    /// Show a desk full of invented customers, whose mail never leaves.
    Demo {
        /// Forget what is there and fill it again.
        fresh: bool,
    },
    /// Print every setting, its value and where it came from.
    Settings,
    /// Fill a database with invented customers, fast.
    Generate {
        /// How many cases.
        cases: u64,
    },
    /// Add a mail channel for an address; print its id and token.
    ChannelAddMail {
        /// The address of the mailbox, as it was written.
        address: String,
    },
    /// Print the channels.
    ChannelList,
    /// Print a link by which somebody sets a new password.
    StaffReset {
        /// The address by which they sign in.
        email: String,
    },
    /// Make the index of the search anew.
    SearchRebuild,
    /// Print what is read from a mail in a file.
    MailShow {
        /// A raw mail.
        file: PathBuf,
        /// As JSON.
        json: bool,
    },
}

/// Understands the command line, and hears every source of settings that the command reads.
pub fn parse(
    args: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    env: impl IntoIterator<Item = (impl Into<OsString>, impl Into<OsString>)>,
) -> Result<(Command, Settings), Trouble> {
    let mut matches = program().try_get_matches_from(args)?;
    let (command, reader, mut matches) = match taken(&mut matches) {
        Some((name, matches)) => command(&name, matches)?,
        None => return Err(no_command()),
    };
    let config = matches.try_remove_one::<PathBuf>("config").ok().flatten();
    let flags = flags(reader, &mut matches)?;
    let settings = Settings::resolve(reader, config.as_deref(), &environment(env), flags)?;
    Ok((command, settings))
}

/// Which command it is, who reads settings for it, and where its flags are.
fn command(name: &str, mut matches: ArgMatches) -> Result<(Command, Reader, ArgMatches), Trouble> {
    let inner = taken(&mut matches);
    Ok(match (name, inner) {
        ("serve", None) => (Command::Serve, Reader::Serve, matches),
        ("settings", None) => (Command::Settings, Reader::Settings, matches),
        ("demo", None) => (Command::Demo { fresh: matches.get_flag("fresh") }, Reader::Demo, matches),
        ("generate", None) => {
            let cases = matches.remove_one("cases").ok_or_else(no_command)?;
            (Command::Generate { cases }, Reader::Generate, matches)
        }
        ("channel", Some((name, mut inner))) => match (name.as_str(), taken(&mut inner)) {
            ("add", Some((_, mut mail))) => {
                let address = mail.remove_one("ADDRESS").ok_or_else(no_command)?;
                (Command::ChannelAddMail { address }, Reader::Channel, mail)
            }
            _ => (Command::ChannelList, Reader::Channel, inner),
        },
        ("staff", Some((_, mut inner))) => {
            let email = inner.remove_one("EMAIL").ok_or_else(no_command)?;
            (Command::StaffReset { email }, Reader::Staff, inner)
        }
        ("search", Some((_, inner))) => (Command::SearchRebuild, Reader::Channel, inner),
        ("mail", Some((_, mut inner))) => {
            let file = inner.remove_one("FILE").ok_or_else(no_command)?;
            (Command::MailShow { file, json: inner.get_flag("json") }, Reader::Mail, inner)
        }
        _ => return Err(no_command()),
    })
}

fn taken(matches: &mut ArgMatches) -> Option<(String, ArgMatches)> {
    matches.remove_subcommand()
}

/// For what the parser has refused already.
fn no_command() -> Trouble {
    Trouble::Usage(program().error(clap::error::ErrorKind::MissingSubcommand, "say what to do"))
}

/// What the command line says about settings.
fn flags(reader: Reader, matches: &mut ArgMatches) -> Result<Vec<Given>, Trouble> {
    let mut given = Vec::new();
    for setting in SETTINGS.iter().filter(|setting| setting.commands.contains(&reader)) {
        if setting.secret
            && let Some(text) = matches.remove_one::<String>(&format!("{}_file", setting.name))
        {
            given.push(Given::flag(setting, true, text)?);
        }
        if let Some(text) = matches.remove_one::<String>(setting.name) {
            given.push(Given::flag(setting, false, text)?);
        }
    }
    Ok(given)
}

/// The whole command line, for parsing, help and manual.
pub fn program() -> clap::Command {
    let cases = Arg::new("cases")
        .long("cases")
        .value_name("N")
        .help("How many cases")
        .required(true)
        .value_parser(value_parser!(u64));
    let fresh = switch("fresh", "Forget what is there and fill it again");
    let address = Arg::new("ADDRESS").required(true).help("The address of the mailbox");
    let file = Arg::new("FILE").required(true).value_parser(value_parser!(PathBuf)).help("A raw mail (message/rfc822)");
    let add = clap::Command::new("add").about("Add a channel").subcommand_required(true).subcommand(with_flags(
        clap::Command::new("mail").about("Add a mail channel; prints its id and token").arg(address),
        Reader::Channel,
    ));
    let list = with_flags(clap::Command::new("list").about("List the channels"), Reader::Channel);
    let email = Arg::new("EMAIL").required(true).help("The address by which they sign in");
    let reset = clap::Command::new("reset").arg(email);
    let reset = reset.about("Print a link by which somebody sets a new password, once; the server may go on running");
    let rebuild =
        clap::Command::new("rebuild").about("Make the index of the search anew, from what is in the database");
    let show = clap::Command::new("show").about("Show what is read from a mail in a file");
    let show = show.arg(file).arg(switch("json", "As JSON"));
    clap::Command::new("bellwether")
        .about("The state of your customers, kept: a desk for customer service and customer success")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(with_flags(clap::Command::new("serve").about("Run an installation"), Reader::Serve))
        .subcommand(with_flags(
            clap::Command::new("demo").about("Show a desk full of invented customers; no mail leaves it").arg(fresh),
            Reader::Demo,
        ))
        .subcommand(with_flags(
            clap::Command::new("settings").about("Print every setting and where its value came from"),
            Reader::Settings,
        ))
        .subcommand(with_flags(
            clap::Command::new("generate").about("Fill a database with invented customers").arg(cases),
            Reader::Generate,
        ))
        .subcommand(
            clap::Command::new("channel")
                .about("Channels: ways in and out")
                .subcommand_required(true)
                .subcommand(add)
                .subcommand(list),
        )
        .subcommand(
            clap::Command::new("staff")
                .about("Staff: who works here")
                .subcommand_required(true)
                .subcommand(with_flags(reset, Reader::Staff)),
        )
        .subcommand(
            clap::Command::new("search")
                .about("Search: its index")
                .subcommand_required(true)
                .subcommand(with_flags(rebuild, Reader::Channel)),
        )
        .subcommand(
            clap::Command::new("mail")
                .about("Mail as it is read")
                .subcommand_required(true)
                .subcommand(with_flags(show, Reader::Mail)),
        )
}

fn switch(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

fn with_flags(mut command: clap::Command, reader: Reader) -> clap::Command {
    if reader.reads_installation() {
        let config = Arg::new("config").long("config").value_name("FILE").value_parser(value_parser!(PathBuf));
        command = command.arg(config.help("The configuration file [default: bellwether.toml, if it is there]"));
    }
    for setting in SETTINGS.iter().filter(|setting| setting.commands.contains(&reader)) {
        command = command.arg(flag(setting));
        if setting.secret {
            command = command.arg(secret_flag(setting));
        }
    }
    command
}

fn flag(setting: &Setting) -> Arg {
    let help = match setting.default {
        Some(default) if setting.name != "data" => format!("{} [default: {default}]", setting.doc),
        _ => setting.doc.to_owned(),
    };
    Arg::new(setting.name).long(setting.flag()).value_name(setting.form).help(help)
}

fn secret_flag(setting: &Setting) -> Arg {
    let name = format!("{}_file", setting.name);
    let long = format!("{}-file", setting.flag());
    let conflict = Arg::new(name).long(long).value_name("FILE").conflicts_with(setting.name);
    conflict.help(format!("Reads {} from a file, so that no list of processes shows it", setting.name))
}
