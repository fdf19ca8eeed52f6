//! The mark of a channel: the hue identifies, icon and word confirm.

use domain::ChannelKind;
use maud::{Markup, html};

use super::icon::{Icon, icon};
use crate::text::t;

/// How large.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MarkSize {
    /// 18 pixels: in a line of meta data.
    Tiny,
    /// 20 pixels: in a list.
    Small,
    /// 24 pixels: on the spine.
    #[default]
    Normal,
    /// 32 pixels: in the list of channels.
    Large,
}

/// What hangs on the spine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelMark {
    /// A message by mail.
    Mail,
    /// An internal note.
    Note,
}

impl From<ChannelKind> for ChannelMark {
    fn from(kind: ChannelKind) -> ChannelMark {
        match kind {
            ChannelKind::Mail => ChannelMark::Mail,
        }
    }
}

/// The mark.
pub fn channel_mark(mark: ChannelMark, size: MarkSize) -> Markup {
    let (class, glyph, word) = match mark {
        ChannelMark::Mail => ("ch ch-mail", Icon::Mail, t("channel-mail")),
        ChannelMark::Note => ("ch ch-note", Icon::Note, t("internal-note")),
    };
    let size = match size {
        MarkSize::Tiny => " ch-xs",
        MarkSize::Small => " ch-sm",
        MarkSize::Normal => "",
        MarkSize::Large => " ch-l",
    };
    html! { span class={ (class) (size) } role="img" aria-label=(word) title=(word) { (icon(glyph)) } }
}
