//! Every route there is, with the right that it asks for. The router is built from this table, and the matrix test
//! walks it: a route without an authorization case does not pass.

use std::convert::Infallible;

use axum::extract::DefaultBodyLimit;
use axum::routing::{MethodFilter, MethodRouter};
use domain::Right;

use crate::app::App;
use crate::session::guarded;
use crate::{
    acknowledgement, act, api, aside, assets, block, brief, case, channel, clock, customer, field, health, hours,
    inbound, inbox, invitation, keys, live, r#macro, merge, message, moving, notification, outbox, palette, presence,
    reset, search, settings, setup, sign_in, staff, tag, view, you,
};

/// One door.
pub struct Route {
    /// The method.
    pub method: &'static str,
    /// The path, in axum's spelling.
    pub path: &'static str,
    /// What it asks of whoever comes.
    pub right: Right,
    /// The largest body that it takes, in bytes.
    pub most: usize,
    handler: fn(&App, Right) -> MethodRouter<App, Infallible>,
}

impl Route {
    /// What is behind it: nobody comes there who may not, nor with more than it takes.
    pub(crate) fn behind(&self, app: &App) -> MethodRouter<App, Infallible> {
        (self.handler)(app, self.right).layer(DefaultBodyLimit::max(self.most))
    }
}

/// What a form takes that has no long text.
const FORM: usize = 64 * 1024;
/// A form with the longest text that the desk takes, every letter of it written with its three signs.
const TEXT: usize = 4 * 1024 * 1024;
/// The files of a message, and their wrapping.
const FILES: usize = 60 * 1024 * 1024;

macro_rules! routes {
    ($($method:ident $path:literal $right:ident $handler:path $(, $most:ident)?;)*) => {
        &[$(Route {
            method: stringify!($method),
            path: $path,
            right: Right::$right,
            most: [$($most,)? FORM][0],
            handler: |app, right| guarded(MethodFilter::$method, $handler, app, right),
        }),*]
    };
}

/// The table.
pub const ROUTES: &[Route] = routes! {
    GET "/healthz" Public health::alive;
    GET "/readyz" Public health::ready;
    GET "/assets/{hash}/{*path}" Public assets::asset;
    GET "/favicon.ico" Public assets::favicon;

    GET "/sign-in" Public sign_in::form;
    POST "/sign-in" Public sign_in::submit;
    POST "/sign-out" Own sign_in::out;
    GET "/setup/{token}" Public setup::form;
    POST "/setup/{token}" Public setup::submit;
    POST "/setup/{token}/test" Public setup::test;
    GET "/join/{token}" Public invitation::form;
    POST "/join/{token}" Public invitation::submit;
    GET "/reset/{token}" Public reset::form;
    POST "/reset/{token}" Public reset::submit;

    GET "/live" Own live::stream;
    GET "/palette" Cases palette::show;
    GET "/keys" Own keys::show;
    GET "/you" Own you::show;
    POST "/you/theme" Own you::theme;
    POST "/you/password" Own you::password;
    POST "/you/signature" Own you::signature;
    POST "/you/sign-ins/{id}/end" Own you::end;
    GET "/you/notifications" Own notification::choices::show;
    POST "/you/notifications" Own notification::choices::save;
    POST "/you/away" Own notification::choices::leave;
    GET "/notifications" Own notification::show;
    GET "/notifications/fresh" Own notification::fresh;
    POST "/notifications/seen" Own notification::see_all;

    GET "/" Cases inbox::home;
    GET "/inbox" Cases inbox::show;
    GET "/inbox/completion" Cases inbox::completion::show;
    POST "/inbox/bulk" Cases inbox::bulk::change;
    POST "/acts/{id}/undo" Cases act::undo;
    GET "/search" Cases search::show;
    GET "/views" Cases view::list;
    POST "/views" Cases view::add;
    POST "/views/{id}" Cases view::change;
    POST "/views/{id}/raise" Cases view::raise;
    POST "/views/{id}/removal" Cases view::remove;
    GET "/macros" Cases r#macro::list;
    POST "/macros" Cases r#macro::add;
    GET "/macros/completion" Cases r#macro::apply::completion;
    POST "/macros/{id}" Cases r#macro::change;
    POST "/macros/{id}/removal" Cases r#macro::remove;
    POST "/cases/{number}/macros/{id}" Cases r#macro::apply::apply, FILES;
    GET "/cases/new" Desk case::begin::form;
    POST "/cases" Desk case::begin::begin, FILES;
    GET "/cases/{number}" Cases case::show;
    POST "/cases/{number}/messages" Cases case::write, FILES;
    PUT "/cases/{number}/draft" Cases case::keep_draft, TEXT;
    POST "/cases/{number}/draft/files" Cases case::attach, FILES;
    POST "/cases/{number}/draft/pictures" Cases case::picture, FILES;
    GET "/cases/{number}/draft/pictures/{hash}" Cases case::drafted_picture;
    POST "/cases/{number}/assignment" Cases case::change::assign;
    POST "/cases/{number}/team" Cases case::change::give_to;
    POST "/cases/{number}/priority" Cases case::change::prioritize;
    POST "/cases/{number}/resolution" Cases case::change::resolve;
    POST "/cases/{number}/reopening" Cases case::change::reopen;
    POST "/cases/{number}/merge" Cases merge::merge;
    POST "/cases/{number}/split" Cases merge::split;
    POST "/cases/{number}/suggestion/joining" Cases merge::join;
    POST "/cases/{number}/suggestion/removal" Cases merge::keep_apart;
    POST "/cases/{number}/entries/{entry}/undo" Cases merge::undo;
    GET "/cases/{number}/customer" Desk moving::choose;
    POST "/cases/{number}/customer" Desk moving::go;
    POST "/cases/{number}/snooze" Cases case::change::snooze;
    POST "/cases/{number}/waking" Cases case::change::wake;
    POST "/cases/{number}/tags" Cases case::change::tag;
    POST "/cases/{number}/fields" Cases case::change::fill;
    POST "/cases/{number}/following" Cases case::follow::begin;
    POST "/cases/{number}/following/removal" Cases case::follow::end;
    POST "/cases/{number}/seen" Cases notification::see_case;
    GET "/cases/{number}/like" Cases case::like::show;
    GET "/cases/{number}/presence" Cases presence::show;
    POST "/cases/{number}/presence" Cases presence::say;
    GET "/cases/{number}/brief/sent" Cases brief::what_was_sent;
    POST "/cases/{number}/brief/writing" Cases case::brief::ask;
    POST "/cases/{number}/brief/{line}" Cases case::brief::correct;
    POST "/cases/{number}/promises" Cases case::promise::add;
    POST "/cases/{number}/promises/found" Cases case::promise::found, TEXT;
    POST "/cases/{number}/promises/{id}" Cases case::promise::settle;
    POST "/cases/{number}/messages/{message}/promises" Cases case::promise::track;
    POST "/cases/{number}/spam" Desk aside::spam;
    POST "/cases/{number}/trash" Desk aside::trash;
    POST "/cases/{number}/restoration" Desk aside::restore;
    POST "/cases/{number}/deletion" Settings aside::delete;
    POST "/cases/{number}/block" Desk block::sender_of;
    POST "/cases/{number}/block/removal" Desk block::sender_of_no_more;
    POST "/spam/emptying" Empty aside::empty_spam;
    POST "/trash/emptying" Settings aside::empty_trash;
    POST "/cases/{number}/messages/{message}/sending" Cases message::send_again;
    POST "/cases/{number}/messages/{message}/case" Cases case::split;
    POST "/cases/{number}/messages/{message}/pictures" Cases message::show_pictures;
    POST "/cases/{number}/messages/{message}/taking-back" Cases case::sending::take_back;
    POST "/cases/{number}/messages/{message}/draft" Cases case::sending::write_anew;
    GET "/cases/{number}/messages/{message}/html" Cases message::html;
    GET "/cases/{number}/messages/{message}/inline/{file}" Cases message::inline;
    GET "/cases/{number}/messages/{message}/files/{file}" Cases message::file;
    GET "/cases/{number}/messages/{message}/raw" Cases message::raw;
    GET "/cases/{number}/entries/{entry}/files/{file}" Cases message::note_file;

    GET "/customers" Desk customer::list::show;
    GET "/customers/completion" Desk customer::list::completion;
    GET "/customers/{id}" Customers customer::show;
    POST "/customers/{id}/name" Desk customer::rename;
    POST "/customers/{id}/fields" Desk customer::fill;
    POST "/customers/{id}/domains" Desk customer::add_domain;
    POST "/customers/{id}/domains/removal" Desk customer::remove_domain;
    GET "/customers/{id}/merge" Desk customer::merge::choose;
    POST "/customers/{id}/merge" Desk customer::merge::merge;
    POST "/customers/{id}/members/{other}/separation" Desk customer::merge::part;
    POST "/customers/{id}/contacts" Desk customer::contact::add;
    GET "/customers/{id}/contacts/{contact}" Desk customer::contact::show;
    POST "/customers/{id}/contacts/{contact}/name" Desk customer::contact::rename;
    POST "/customers/{id}/contacts/{contact}/fields" Desk customer::contact::fill;
    POST "/customers/{id}/contacts/{contact}/identities" Desk customer::contact::add_identity;
    POST "/customers/{id}/contacts/{contact}/identities/removal" Desk customer::contact::remove_identity;
    POST "/customers/{id}/contacts/{contact}/identities/main" Desk customer::contact::prefer_identity;
    POST "/customers/{id}/contacts/{contact}/merge" Desk customer::contact::merge;
    POST "/customers/{id}/contacts/{contact}/separation" Desk customer::contact::part;

    GET "/outbox" Desk outbox::show;

    GET "/settings" Settings settings::home;
    GET "/settings/organization" Settings settings::organization;
    POST "/settings/organization" Settings settings::save_organization;
    GET "/settings/channels" Settings channel::list;
    GET "/settings/channels/new" Settings channel::new;
    POST "/settings/channels" Settings channel::add;
    POST "/settings/channels/test" Settings channel::test;
    GET "/settings/channels/{id}" Settings channel::edit;
    POST "/settings/channels/{id}" Settings channel::save;
    POST "/settings/channels/{id}/test" Settings channel::test_saved;
    POST "/settings/channels/{id}/token" Settings channel::new_token;
    GET "/settings/channels/{id}/acknowledgement" Settings acknowledgement::show;
    POST "/settings/channels/{id}/acknowledgement" Settings acknowledgement::save;
    GET "/settings/hours" Settings hours::show;
    POST "/settings/hours" Settings hours::save;
    GET "/settings/clock" Settings clock::show;
    POST "/settings/clock" Settings clock::save;
    GET "/settings/tags" Settings tag::list;
    POST "/settings/tags" Settings tag::add;
    POST "/settings/tags/{id}" Settings tag::rename;
    POST "/settings/tags/{id}/removal" Settings tag::remove;
    GET "/settings/fields" Settings field::list;
    POST "/settings/fields" Settings field::add;
    POST "/settings/fields/{id}" Settings field::change;
    POST "/settings/fields/{id}/removal" Settings field::remove;
    POST "/settings/channels/{id}/history" Settings channel::begin_history;
    POST "/settings/channels/{id}/history/stop" Settings channel::stop_history;
    POST "/settings/channels/{id}/history/resumption" Settings channel::go_on_with_history;
    POST "/settings/channels/{id}/signature" Settings channel::signature::save;
    POST "/settings/channels/{id}/key" Settings channel::signature::make_key;
    POST "/settings/channels/{id}/signing" Settings channel::signature::sign;
    GET "/settings/channels/{id}/inbound/{mail}/raw" Settings inbound::raw;
    POST "/settings/channels/{id}/inbound/{mail}/filing" Settings inbound::try_again;
    POST "/settings/channels/{id}/inbound/{mail}/removal" Settings inbound::discard;
    GET "/settings/channels/{id}/inbound/{mail}/text" Settings inbound::text;
    POST "/settings/channels/{id}/inbound/{mail}/release" Settings inbound::release;
    POST "/settings/channels/{id}/inbound/filing" Settings inbound::try_all_again;
    GET "/settings/brief" Settings brief::show;
    POST "/settings/brief" Settings brief::save;
    POST "/settings/brief/test" Settings brief::test;
    POST "/settings/brief/key/removal" Settings brief::remove_key;
    GET "/settings/unwanted" Settings block::show;
    POST "/settings/unwanted" Settings block::keep;
    POST "/settings/blocks" Settings block::add;
    POST "/settings/blocks/removal" Settings block::remove;
    GET "/settings/people" People staff::show;
    POST "/settings/people/{id}" People staff::change;
    POST "/settings/people/{id}/departure" People staff::leave;
    POST "/settings/people/{id}/return" People staff::come_back;
    POST "/settings/invitations" People staff::invite;
    POST "/settings/invitations/{id}/revocation" People staff::revoke;
    POST "/settings/teams" People staff::add_team;

    POST "/api/v1/channels/{id}/mail" Public api::mail;
};
