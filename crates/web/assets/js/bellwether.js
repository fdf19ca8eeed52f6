// The one module that a page names: every custom element of ours.
import "./bw-composer.js";
import "./bw-editor.js";
import "./bw-filter.js";
import "./bw-frame.js";
import "./bw-hold.js";
import "./bw-keys.js";
import "./bw-live.js";
import "./bw-macros.js";
import "./bw-menu.js";
import "./bw-offline.js";
import "./bw-select.js";
import "./bw-signed-out.js";
import "./bw-stale.js";
import "./bw-toast.js";
import "./bw-try.js";
import "./bw-zone.js";
