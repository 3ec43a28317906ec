// The list of conversations: changed lines are fetched and put into their place, one by one.

import { tick } from "./clock.js";
import { post } from "./net.js";

const SOON_MS = 120;
const GAP_MS = 1_000; // between two requests, however much happens
const COUNTS_MS = 5_000; // when only numbers can have changed
const FLIP_MS = 5_000;
const MOST = 200;
const TIMEOUT_MS = 15_000;

const wanted = new Set();
let timer = 0;
let dueAt = Infinity;
let lastAt = 0;
let isBusy = false;
let isStale = false;

const pane = () => document.querySelector("[data-queue]");
const list = () => pane()?.querySelector("[data-queue-list]");
const rowOf = (id) => document.getElementById(`queue-${id}`);

// --- which lines -------------------------------------------------------------------------------------------------

const BELONGS = {
  mine: (owner, me) => owner === me,
  waiting: (owner) => owner === "queue",
  people: (owner) => owner !== "bot" && owner !== "closed",
  bot: (owner) => owner === "bot",
  answered: (owner) => owner.startsWith("agent:"),
  closed: (owner) => owner === "closed",
};

function onNews({ detail }) {
  const { view, me } = pane()?.dataset ?? {};
  if (!view) return;
  for (const id of detail.ids) {
    const owner = detail.owners?.[id];
    if (rowOf(id) || owner === undefined || BELONGS[view](owner, me)) wanted.add(id);
  }
  plan(wanted.size ? SOON_MS : COUNTS_MS);
}

function plan(wait) {
  if (document.hidden || isBusy) {
    isStale = true;
    return;
  }
  const at = Math.max(Date.now() + wait, lastAt + GAP_MS);
  if (at >= dueAt) return; // it is under way already
  clearTimeout(timer);
  dueAt = at;
  timer = setTimeout(patch, at - Date.now());
}

async function patch() {
  dueAt = Infinity;
  const shown = pane();
  if (!shown) return;
  const ids = [...wanted].slice(0, MOST);
  for (const id of ids) wanted.delete(id);
  isBusy = true;
  isStale = wanted.size > 0;
  try {
    const address = `/desk/queue/patch?${shown.dataset.query}&ids=${ids.join(",")}`;
    const answer = await fetch(address, { headers: { "hx-request": "true" }, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (answer.ok && shown === pane()) apply(shown, ids, await answer.text());
  } catch {
    for (const id of ids) wanted.add(id); // the next news, or being online again, brings them
  } finally {
    lastAt = Date.now();
    isBusy = false;
    if (isStale) plan(SOON_MS);
  }
}

// --- putting them in ---------------------------------------------------------------------------------------------

function apply(shown, ids, html) {
  const found = new DOMParser().parseFromString(html, "text/html");
  setCounts(shown, found.querySelector("[data-counts]").dataset);
  const focused = document.activeElement?.closest(".queue-row")?.id;
  for (const id of ids) {
    const old = rowOf(id);
    const made = found.getElementById(`queue-${id}`);
    if (old && !made) old.remove();
    if (made) place(document.importNode(made, true), old);
  }
  if (focused && !document.activeElement?.closest(".queue-row")) document.getElementById(focused)?.querySelector("a")?.focus();
  settle(shown);
}

function place(made, old) {
  const lines = list();
  old?.remove();
  const after = [...lines.querySelectorAll(":scope > .queue-row")].find((row) => compare(made, row) < 0);
  const more = lines.querySelector("[data-queue-more]");
  if (!after && more && !old) return; // it comes with the next lines
  lines.insertBefore(made, after ?? more);
  window.htmx?.process(made);
}

function compare(a, b) {
  return a.dataset.rank - b.dataset.rank || a.dataset.at - b.dataset.at || (a.dataset.id < b.dataset.id ? -1 : 1);
}

/** A line that was moved down among lines not loaded yet comes again with them. */
function keepOne(lines) {
  const seen = new Set();
  for (const row of [...lines.querySelectorAll(":scope > .queue-row")].reverse()) {
    if (seen.has(row.id)) row.remove();
    seen.add(row.id);
  }
}

function setCounts(shown, counts) {
  for (const badge of shown.querySelectorAll("[data-count]")) badge.textContent = counts[badge.dataset.count] ?? "";
  const rail = document.getElementById("rail-queue");
  if (!rail) return;
  rail.textContent = counts.waiting;
  rail.hidden = counts.waiting === "0";
}

function settle(shown) {
  shown.querySelector("[data-queue-none]").hidden = Boolean(shown.querySelector(".queue-row"));
  const open = openConversation();
  for (const row of shown.querySelectorAll(".queue-row")) {
    const link = row.querySelector("a");
    if (row.dataset.id === open) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  tick(true, shown);
  flip();
}

function reload() {
  const shown = pane();
  if (!shown || !window.htmx) return;
  wanted.clear();
  window.htmx.ajax("GET", `/desk/queue/rows?${shown.dataset.query}`, { target: shown, swap: "outerHTML" });
}

// --- promises that come to be at risk while nothing else happens -------------------------------------------------

const WORDS = { open: "open", "at_risk": "atRisk", broken: "broken" };

// The clock itself is clock.js's; the line's mark and words are ours.
function flip() {
  const shown = pane();
  if (!shown) return;
  for (const row of shown.querySelectorAll(".queue-row[data-due]")) {
    const state = row.querySelector(".clock")?.dataset.state;
    if (!WORDS[state] || state === row.dataset.state) continue;
    row.dataset.state = state;
    row.querySelector(".queue-state").textContent = state === "open" ? "" : shown.dataset[WORDS[state]];
  }
}

// --- keys and reading --------------------------------------------------------------------------------------------

function go(step) {
  const links = [...(list()?.querySelectorAll(".queue-link") ?? [])];
  if (!links.length) return;
  const now = links.findIndex((link) => link === document.activeElement);
  const from = now >= 0 ? now : links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = links[Math.min(Math.max(from + step, 0), links.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !event.target.closest?.("[data-queue-list]")) return;
  event.preventDefault();
  go(step);
}

function openConversation() {
  return document.querySelector("[data-conversation]")?.dataset.conversation ?? /^\/desk\/c\/([\w-]+)/.exec(location.pathname)?.[1];
}

let read = "";

/** What the viewer has on the screen, they have read. */
async function markRead(seq) {
  const id = openConversation();
  const upTo = Math.max(Number(seq) || 0, Number(id && rowOf(id)?.dataset.seq) || 0);
  if (!id || !upTo || document.hidden || read === `${id} ${upTo}`) return;
  read = `${id} ${upTo}`;
  const answer = await post(`/desk/c/${encodeURIComponent(id)}/read`, { seq: upTo }).catch(() => null);
  if (!answer?.ok) read = "";
  else if (rowOf(id)?.hasAttribute("data-unread")) {
    wanted.add(id);
    plan(SOON_MS);
  }
}

const on = (name, run) => document.body.addEventListener(name, run);

on("desk:queue", onNews);
on("desk:reload", reload);
on("desk:conversation", ({ detail }) => markRead(detail.seq));
on("desk:online", () => plan(SOON_MS));
on("desk:show", () => { if (pane()) settle(pane()); markRead(); });
on("htmx:afterSettle", ({ detail }) => {
  if (!pane() || !(detail.elt.contains(pane()) || pane().contains(detail.elt))) return;
  keepOne(list());
  settle(pane());
  markRead();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  markRead();
  if (isStale || wanted.size) plan(SOON_MS);
});
document.addEventListener("keydown", onKey);
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-queue-go]");
  if (button) go(button.dataset.queueGo === "next" ? 1 : -1);
});
setInterval(() => { if (!document.hidden) flip(); }, FLIP_MS);
if (pane()) {
  settle(pane());
  markRead();
}
