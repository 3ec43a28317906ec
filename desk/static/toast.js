// Short messages over the page. `import { toast } from "./toast.js"`, or the response header hx-trigger: {"toast": …}.

const MOST = 4;
const SHOWN_MS = 6_000;
const GAP_PX = 12; // leaves the scrollbar of the messages free
const WIDEST_PX = 400;
const ICONS = { ok: "circle-check", info: "info", warn: "triangle-alert", error: "circle-x" };

const region = document.getElementById("toasts");

/** A copy of one of the page's icons. */
export function icon(name) {
  const shape = document.getElementById("icon-shapes").content.querySelector(`[data-name="${name}"]`);
  return shape ? shape.firstElementChild.cloneNode(true) : document.createTextNode("");
}

/** Shows `text`; `kind`: ok, info, warn, error. Errors stay until somebody dismisses them. */
export function toast(text, kind = "info") {
  const known = [...region.querySelectorAll(".toast")].find((one) => one.dataset.text === text);
  if (known) known.remove();
  const made = document.getElementById("toast-shape").content.firstElementChild.cloneNode(true);
  made.dataset.kind = kind in ICONS ? kind : "info";
  made.dataset.text = text;
  made.querySelector(".toast-icon").append(icon(ICONS[made.dataset.kind]));
  made.querySelector(".toast-text").textContent = text;
  made.querySelector("button").addEventListener("click", () => remove(made));
  comeHome();
  place();
  region.querySelector(kind === "error" ? "[role=alert]" : "[aria-live]").append(made);
  for (const old of [...region.querySelectorAll(".toast")].slice(0, -MOST)) remove(old);
  raise();
  if (kind !== "error") leaveLater(made);
}

// All that is outside an open modal dialog is inert: neither read out nor clicked. So the messages move into it.
function comeHome() {
  const home = [...document.querySelectorAll("dialog:modal")].at(-1) ?? document.body;
  if (region.parentElement !== home) home.append(region);
}

// On a conversation's page over the oldest messages that are shown: below and beside them is what one works with.
function place() {
  const box = document.getElementById("thread")?.getBoundingClientRect();
  const isBeside = box && box.width > 0 && !document.querySelector("dialog:modal");
  const { style } = region;
  style.insetBlock = isBeside ? `${box.top + GAP_PX}px auto` : "";
  style.insetInlineEnd = isBeside ? `${endOf(box) + GAP_PX}px` : "";
  style.insetInlineStart = isBeside ? "auto" : "";
  style.inlineSize = isBeside ? `${Math.min(box.width - 2 * GAP_PX, WIDEST_PX)}px` : "";
}

function endOf({ left, right }) {
  return document.documentElement.dir === "rtl" ? left : document.documentElement.clientWidth - right;
}

// In the top layer. Opening it anew puts it above what was opened since.
function raise() {
  if (region.matches(":popover-open")) region.hidePopover();
  region.showPopover();
}

function remove(made) {
  made.remove();
  if (!region.querySelector(".toast") && region.matches(":popover-open")) region.hidePopover();
}

// Who reads it with the mouse on it or the focus in it has all the time they need.
function leaveLater(made) {
  setTimeout(() => (made.matches(":hover, :focus-within") ? leaveLater(made) : remove(made)), SHOWN_MS);
}

// A part of the page that did not come says so in its place.
function showMissing({ target, pathInfo }) {
  const waiting = target?.querySelector(".skeleton");
  if (!waiting) return false;
  const shape = document.getElementById("not-loaded").content.firstElementChild.cloneNode(true);
  shape.querySelector("button").addEventListener("click", () => {
    htmx.ajax("GET", pathInfo.requestPath, { target, swap: "innerHTML" });
  });
  waiting.replaceWith(shape);
  return true;
}

export function startToasts() {
  addEventListener("resize", place);
  document.body.addEventListener("toast", (event) => {
    const { text, kind } = event.detail ?? {};
    if (text) toast(String(text), kind);
  });
  document.addEventListener("close", () => {
    comeHome();
    if (region.querySelector(".toast")) raise();
  }, true);
  document.body.addEventListener("htmx:responseError", ({ detail }) => {
    const isTold = (detail.xhr.getResponseHeader("hx-trigger") ?? "").includes("toast");
    if (!showMissing(detail) && !isTold) toast(region.dataset.failed, "error");
  });
  for (const [name, text] of [["htmx:sendError", "noNetwork"], ["htmx:timeout", "timeout"]]) {
    document.body.addEventListener(name, ({ detail }) => {
      if (!showMissing(detail) && !isQuiet(detail)) toast(region.dataset[text], "error");
    });
  }
}

// What the page asked for by itself fails quietly: the banner says that there is no connection.
function isQuiet({ requestConfig }) {
  return requestConfig?.verb === "get" && !["click", "submit", "change"].includes(requestConfig.triggeringEvent?.type);
}
