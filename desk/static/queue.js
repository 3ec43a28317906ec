// The list of conversations: changed lines are fetched and put into their place, one by one.

import { fetchPart, post } from "./net.js";
import { countLines, flip, keepOne, list, openConversation, pane, putLines, putList, rowOf, settle } from "./queue-lines.js";

const SOON_MS = 120;
const GAP_MS = 1_000; // between two requests, however much happens
const COUNTS_MS = 5_000; // when only numbers can have changed, and after a failure
const FLIP_MS = 5_000;
const MOST = 200;
const MOST_PARTS = 10; // of the whole list, a hundred lines each
const TIMEOUT_MS = 15_000;
const MOST_HEARD = 2_000;
const LATELY_MS = 30_000; // longer than any answer is under way

const wanted = new Set(); // lines to be looked at
const heard = new Map(); // conversation -> when there was news of it
let wantsAll = false;
let timer = 0;
let dueAt = Infinity;
let lastAt = 0;
let isBusy = false;
let isStale = false;

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
  if (heard.size > MOST_HEARD) heard.clear();
  for (const id of detail.ids) heard.set(id, Date.now());
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
  isBusy = true;
  isStale = false;
  let wait = SOON_MS;
  try {
    await (wantsAll ? renew(shown) : look(shown));
  } catch {
    isStale = true;
    wait = COUNTS_MS;
  } finally {
    lastAt = Date.now();
    isBusy = false;
    if (isStale || wanted.size) plan(wait);
  }
}

async function look(shown) {
  const ids = [...wanted].slice(0, MOST);
  for (const id of ids) wanted.delete(id);
  try {
    const found = await fetchPart(`/desk/queue/patch?${shown.dataset.query}&ids=${ids.join(",")}`, TIMEOUT_MS);
    if (shown === pane()) putLines(shown, ids, found);
  } catch (error) {
    for (const id of ids) wanted.add(id);
    throw error;
  }
}

/** The list anew, as far as it was loaded: whoever reads further down stays there. */
async function renew(shown) {
  wantsAll = false;
  wanted.clear();
  try {
    const page = await fetchPart(`/desk/queue/rows?${shown.dataset.query}`, TIMEOUT_MS);
    const items = [...page.querySelectorAll("[data-queue-list] > li")];
    for (let parts = 1; parts < MOST_PARTS && items.length <= countLines() && items.at(-1)?.matches("[data-queue-more]"); parts += 1) {
      const address = items.pop().querySelector("button").getAttribute("hx-get");
      items.push(...(await fetchPart(address, TIMEOUT_MS)).querySelectorAll("li"));
    }
    if (shown === pane()) putList(shown, page.querySelector("[data-queue]"), items);
  } catch (error) {
    wantsAll = true;
    throw error;
  }
}

/** What came lately may be older than the news that was heard while it was under way. */
function lookAgain() {
  for (const [id, at] of heard) {
    if (Date.now() - at < LATELY_MS) wanted.add(id);
    else heard.delete(id);
  }
  if (wanted.size) plan(SOON_MS);
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
on("desk:reload", () => { wantsAll = true; plan(SOON_MS); });
on("desk:conversation", ({ detail }) => markRead(detail.seq));
on("desk:online", () => plan(SOON_MS));
on("desk:presence", ({ detail }) => {
  for (const one of pane()?.querySelectorAll("[data-when-away]") ?? []) one.hidden = detail.presence !== "away";
});
on("desk:show", () => { if (pane()) settle(pane()); markRead(); });
on("htmx:afterSettle", ({ detail }) => {
  if (!pane() || !(detail.elt.contains(pane()) || pane().contains(detail.elt))) return;
  keepOne(list());
  settle(pane());
  markRead();
  lookAgain();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  markRead();
  if (isStale || wantsAll || wanted.size) plan(SOON_MS);
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
