// The one module that a page names: how one goes to other pages, and every custom element of ours.
import "./visit.js"; // First: it notes what came before anything runs in it.
import "./bw-ask.js";
import "./bw-bell.js";
import "./bw-brief.js";
import "./bw-composer.js";
import "./bw-device.js";
import "./bw-editor.js";
import "./bw-filter.js";
import "./bw-frame.js";
import "./bw-hold.js";
import "./bw-keys.js";
import "./bw-live.js";
import "./bw-like.js";
import "./bw-macros.js";
import "./bw-menu.js";
import "./bw-offline.js";
import "./bw-palette.js";
import "./bw-promise.js";
import "./bw-select.js";
import "./bw-presence.js";
import "./bw-seen.js";
import "./bw-signed-out.js";
import "./bw-stale.js";
import "./bw-toast.js";
import "./bw-try.js";
import "./bw-zone.js";
