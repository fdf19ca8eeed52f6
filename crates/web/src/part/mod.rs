//! The components of every page: a component is a function, or a small struct that renders itself.
//!
//! Deliberately absent: what is only planned. A component comes with the first page that uses it.

mod area;
mod avatar;
mod badge;
mod banner;
mod bar;
mod button;
mod case_row;
mod channel;
mod checks;
mod composer;
mod due;
mod empty;
mod entry;
mod field;
mod file;
mod icon;
mod invitation;
mod live;
mod menu;
mod notes;
mod pager;
mod shell;
mod suggestion;
mod time;
mod told;

pub use area::Area;
pub use avatar::{AvatarSize, initials, organization_avatar, our_avatar, their_avatar};
pub use badge::{Tone, badge, badge_with, verdict_mark};
pub use banner::{banner, banner_with};
pub use bar::{bar, crumbs};
pub use button::{Button, hidden, keycap};
pub use case_row::{CaseRow, case_list};
pub use channel::{ChannelMark, MarkSize, channel_mark};
pub use checks::{Check, CheckState, checks};
pub use composer::{Attached, Composer, Mode, Recipient, ToWhom};
pub use due::due;
pub use empty::empty;
pub use entry::{MessageBody, MessageEntry, NoteEntry, entry_line, entry_line_with, feed, why};
pub use field::{Field, Select, check};
pub use file::{file_chip, size};
pub use icon::{Icon, icon, icon_lg, icon_sm};
pub use invitation::{invitation, sealed};
pub use live::{Live, live};
pub use menu::{menu, menu_button, menu_do, menu_link};
pub use notes::{Notes, address, below, sentence};
pub use pager::{Pager, pager};
pub use shell::{Nav, Place, ViewLink, shell, view_list, view_menu};
pub use suggestion::suggestion;
pub use time::Clock;
pub use told::told;
