// The lines of the queue's list: where each belongs, what stands in it, and the numbers above.

import { tick } from "./clock.js";

export const pane = () => document.querySelector("[data-queue]");
export const list = () => pane()?.querySelector("[data-queue-list]");
export const rowOf = (id) => document.getElementById(`queue-${id}`);
const linesOf = (lines) => [...lines.querySelectorAll(":scope > .queue-row")];

export const countLines = () => linesOf(list()).length;

export function openConversation() {
  return document.querySelector("[data-conversation]")?.dataset.conversation ?? /^\/desk\/c\/([\w-]+)/.exec(location.pathname)?.[1];
}

/** Put the lines of `ids` as `found` has them into their places; those that it lacks go. */
export function putLines(shown, ids, found) {
  setCounts(shown, found.querySelector("[data-counts]").dataset);
  keepingFocus(() => {
    for (const id of ids) {
      const old = rowOf(id);
      const made = found.getElementById(`queue-${id}`);
      if (made) place(made, old);
      else old?.remove();
    }
  });
  settle(shown);
}

/** Put `items` (lines, and at the end perhaps the button for more) in the place of all. `fresh`: the pane they came with. */
export function putList(shown, fresh, items) {
  setCounts(shown, Object.fromEntries([...fresh.querySelectorAll("[data-count]")].map((one) => [one.dataset.count, one.textContent])));
  keepingFocus(() => arrange(list(), items));
  const old = shown.querySelector(".queue-filter-form");
  const made = document.importNode(fresh.querySelector(".queue-filter-form"), true);
  if (!old.contains(document.activeElement)) old.replaceWith(made);
  for (const one of [list(), made]) window.htmx?.process(one); // not the pane itself: htmx would forget what is under way
  settle(shown);
}

function arrange(lines, items) {
  let at = lines.firstElementChild;
  for (const item of items) {
    const row = renewed(item);
    if (row === at) at = at.nextElementSibling;
    else lines.insertBefore(row, at);
  }
  while (at) {
    const next = at.nextElementSibling;
    at.remove();
    at = next;
  }
}

/** The line as `made` has it. One that is shown stays the same element: it may be read, focused or just pressed. */
function renewed(made) {
  const old = rowOf(made.dataset.id);
  if (!old) return document.importNode(made, true);
  window.Idiomorph.morph(old, document.importNode(made, true), { morphStyle: "outerHTML" });
  return old;
}

function keepingFocus(change) {
  const focused = document.activeElement?.closest(".queue-row")?.id;
  change();
  if (focused && !document.activeElement?.closest(".queue-row")) document.getElementById(focused)?.querySelector("a")?.focus({ preventScroll: true });
}

function place(made, old) {
  const lines = list();
  const others = linesOf(lines).filter((row) => row !== old);
  const more = lines.querySelector("[data-queue-more]");
  const after = others.find((row) => compare(made, row) < 0) ?? more;
  if (after === more && more && !old) return; // it comes with the next lines
  const row = renewed(made);
  if (!old || row.nextElementSibling !== after) lines.insertBefore(row, after);
  window.htmx?.process(row);
}

function compare(a, b) {
  return a.dataset.rank - b.dataset.rank || a.dataset.at - b.dataset.at || (a.dataset.id < b.dataset.id ? -1 : 1);
}

/** A line that was moved down among lines not loaded yet comes again with them. */
export function keepOne(lines) {
  const seen = new Set();
  for (const row of linesOf(lines).reverse()) {
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

export function settle(shown) {
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

// --- promises that come to be at risk while nothing else happens -------------------------------------------------

const WORDS = { open: "open", "at_risk": "atRisk", broken: "broken" };

// The clock itself is clock.js's; the line's mark and words are ours.
export function flip() {
  const shown = pane();
  if (!shown) return;
  for (const row of shown.querySelectorAll(".queue-row[data-due]")) {
    const state = row.querySelector(".clock")?.dataset.state;
    if (!WORDS[state] || state === row.dataset.state) continue;
    row.dataset.state = state;
    row.querySelector(".queue-state").textContent = state === "open" ? "" : shown.dataset[WORDS[state]];
  }
}
