//! Tareline: who works there, by which mailboxes it is written to, and who buys its scales.

use std::time::Duration;

use desk::Desk;
use desk::channel::NewMailbox;
use desk::mail::Mailbox;
use desk::setup::FirstVisit;
use domain::{Actor, CustomerKind, Email, Member, Role, TeamId, Timestamp};

use super::Error;
use super::letter::SERVER;

/// The password of every demo sign-in.
pub const PASSWORD: &str = "demo demo demo demo";

/// Somebody who can sign in to the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Their name.
    pub name: &'static str,
    /// The address by which they sign in.
    pub email: &'static str,
    /// Their role.
    pub role: Role,
    /// Their teams, by name.
    teams: &'static [&'static str],
}

const fn sign_in(name: &'static str, email: &'static str, role: Role, teams: &'static [&'static str]) -> SignIn {
    SignIn { name, email, role, teams }
}

/// Everybody who can sign in to the demo, by [`PASSWORD`].
pub const SIGN_INS: &[SignIn] = &[
    sign_in("Ines Okafor", "ines@tareline.example", Role::Administrator, &["Success", "Support"]),
    sign_in("Jonas Feld", "jonas@tareline.example", Role::Lead, &["Support"]),
    sign_in("Priya Raman", "priya@tareline.example", Role::Agent, &["Support"]),
    sign_in("Tom Ashworth", "tom@tareline.example", Role::Agent, &["Support"]),
    sign_in("Léa Fontaine", "lea@tareline.example", Role::Agent, &["Support"]),
    sign_in("Amara Nwosu", "amara@tareline.example", Role::SuccessManager, &["Success"]),
    sign_in("Claire Dubois", "claire@tareline.example", Role::DepartmentMember, &["Finance"]),
    sign_in("Marta Lindholm", "marta@tareline.example", Role::DepartmentMember, &["Engineering"]),
    sign_in("Henk Visser", "henk@tareline.example", Role::DepartmentMember, &["Manufacturing"]),
    sign_in("Sofia Reyes", "sofia@tareline.example", Role::DepartmentMember, &["Documentation"]),
];

const TEAMS: &[(&str, bool)] = &[
    ("Support", false),
    ("Success", false),
    ("Finance", true),
    ("Engineering", true),
    ("Manufacturing", true),
    ("Documentation", true),
];

/// How far back the demo goes.
pub const DAYS: u64 = 90;

/// The language in which somebody writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// German.
    German,
    /// French.
    French,
    /// Spanish.
    Spanish,
}

impl Language {
    /// By its code.
    pub fn parse(code: &str) -> Option<Language> {
        match code {
            "en" => Some(Language::English),
            "de" => Some(Language::German),
            "fr" => Some(Language::French),
            "es" => Some(Language::Spanish),
            _ => None,
        }
    }
}

/// A person who speaks for a customer.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// Their address.
    pub address: Email,
}

/// A customer, before they have written anything.
#[derive(Clone, Debug)]
pub struct Customer {
    /// What we call them.
    pub name: String,
    /// The domain of their mail.
    pub domain: String,
    /// Their language.
    pub language: Language,
    /// Their shops.
    pub shops: Vec<String>,
    /// Who writes for them.
    pub people: Vec<Person>,
}

/// The company, as it stands in the database.
#[derive(Debug)]
pub struct Company {
    /// Who works there, in the order of [`SIGN_INS`].
    pub staff: Vec<Member>,
    /// Teams and departments.
    pub teams: Vec<(&'static str, TeamId)>,
    /// support@
    pub support: Mailbox,
    /// billing@
    pub billing: Mailbox,
    /// Its customers.
    pub customers: Vec<Customer>,
}

impl Company {
    /// One of ours, by their place in [`Company::staff`].
    pub fn colleague(&self, name: &str) -> Result<usize, Error> {
        let found = self.staff.iter().position(|it| it.name == name);
        found.ok_or_else(|| Error::Text(format!("{name} does not work at Tareline")))
    }

    /// A team, by name, in whatever case.
    pub fn team(&self, name: &str) -> Result<TeamId, Error> {
        let found = self.teams.iter().find(|it| it.0.eq_ignore_ascii_case(name));
        found.map(|it| it.1).ok_or_else(|| Error::Text(format!("there is no team {name}")))
    }

    /// A customer, by name.
    pub fn customer(&self, name: &str) -> Result<usize, Error> {
        let found = self.customers.iter().position(|it| it.name == name);
        found.ok_or_else(|| Error::Text(format!("there is no customer {name}")))
    }
}

/// Sets the desk up, 90 days before `now`.
pub async fn found(desk: &Desk, now: Timestamp) -> Result<Company, Error> {
    let start = now.before(Duration::from_hours(24 * (DAYS + 1)));
    let desk = desk.at(start);
    let Some((ines, others)) = SIGN_INS.split_first() else { return Err(Error::Text("nobody works there".to_owned())) };
    let visit = FirstVisit {
        organization: "Tareline".to_owned(),
        time_zone: "Europe/London".to_owned(),
        name: ines.name.to_owned(),
        email: ines.email.to_owned(),
        password: PASSWORD.to_owned(),
    };
    let id = desk.found(visit, None).await?;
    let admin = Member { id, name: ines.name.to_owned(), role: ines.role, teams: Vec::new() };
    let mut teams = Vec::new();
    for (name, department) in TEAMS {
        teams.push((*name, desk.add_team(&admin, name, *department).await?));
    }
    let mut staff = vec![admin.clone()];
    for it in others {
        let id = desk.add_staff(it.name, it.email, it.role, PASSWORD).await?;
        staff.push(Member { id, name: it.name.to_owned(), role: it.role, teams: Vec::new() });
    }
    for (member, it) in staff.iter_mut().zip(SIGN_INS) {
        member.teams = teams.iter().filter(|team| it.teams.contains(&team.0)).map(|team| team.1).collect();
        desk.change_staff(&admin, member.id, member.role, member.teams.clone()).await?;
    }
    let support = mailbox(&desk, &admin, "Tareline Support", "support@tareline.example").await?;
    let billing = mailbox(&desk, &admin, "Tareline Billing", "billing@tareline.example").await?;
    let (Some(support), Some(billing)) = (desk.mailbox(support).await?, desk.mailbox(billing).await?) else {
        return Err(Error::Text("a mailbox is gone".to_owned()));
    };
    let customers = customers()?;
    for it in &customers {
        let id = desk.add_customer(Actor::Operator, CustomerKind::Organization, &it.name).await?;
        desk.own_domain(Actor::Operator, id, &it.domain).await?;
    }
    Ok(Company { staff, teams, support, billing, customers })
}

/// A mailbox without servers: nothing is fetched, nothing leaves.
async fn mailbox(desk: &Desk, admin: &Member, name: &str, address: &str) -> Result<domain::ChannelId, Error> {
    let it = NewMailbox {
        name: name.to_owned(),
        address: address.to_owned(),
        reading: None,
        sending: None,
        user: String::new(),
        password: String::new(),
        authserv_id: SERVER.to_owned(),
        ..NewMailbox::default()
    };
    Ok(desk.set_mailbox(admin, None, it).await?)
}

fn customers() -> Result<Vec<Customer>, Error> {
    include_str!("customers.txt")
        .lines()
        .map(|line| customer(line).ok_or_else(|| Error::Text(line.to_owned())))
        .collect()
}

/// `name|domain|language|shops|people`
fn customer(line: &str) -> Option<Customer> {
    let mut parts = line.split('|');
    let (name, domain) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    let language = Language::parse(parts.next()?)?;
    let shops = parts.next()?.split(", ").map(str::to_owned).collect();
    let people = parts.next()?.split(", ").map(|it| person(it, &domain)).collect::<Option<_>>()?;
    Some(Customer { name, domain, language, shops, people })
}

fn person(name: &str, domain: &str) -> Option<Person> {
    let first = name.trim_start_matches("Dr. ").split(' ').next()?;
    let local: String = first.to_lowercase().chars().map(plain).collect();
    Some(Person { name: name.to_owned(), address: Email::parse(&format!("{local}@{domain}"))? })
}

/// The letter without its accents, as people have it in their addresses.
fn plain(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'î' | 'ï' => 'i',
        'ó' | 'ô' | 'ö' | 'ø' => 'o',
        'ú' | 'ü' | 'û' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        it => it,
    }
}
