// Keys. data-shortcut="r", "g q", "mod+enter", "?" on what is pressed or focused; onShortcut() for what has no button.

import { recall, remember } from "./store.js";
import { openDialog } from "./dialog.js";

const SEQUENCE_MS = 1_200;
const MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const REACHABLE = "[data-shortcut]";
const HEARD_ELSEWHERE = "[data-shortcut-shown]"; // by the script of the part: only listed here

const registered = new Map(); // keys -> {label, run}
let begun = "";
let timer = 0;

/** Runs `run` for `keys` until the returned function is called. */
export function onShortcut(keys, label, run) {
  registered.set(keys, { label, run });
  return () => registered.delete(keys);
}

export const areSingleKeysOn = () => recall("single-keys") !== "off";

export function labelOf(element) {
  const text = element.dataset.shortcutLabel || element.dataset.command || element.getAttribute("aria-label");
  if (text) return text;
  const name = element.labels?.[0]?.textContent ?? element.querySelector(".rail-text, span")?.textContent;
  return (name || element.textContent || element.title || element.placeholder || "").replace(/\s+/g, " ").trim();
}

export function isUsable(element) {
  return !element.disabled && element.getAttribute("aria-disabled") !== "true" && !element.closest("[inert], [hidden]");
}

/** Every shortcut of the page as it is: {keys, label, run, isGlobal}. */
export function shortcuts() {
  const found = [...document.querySelectorAll(REACHABLE)].filter(isUsable).map((element) => ({
    keys: element.dataset.shortcut, label: labelOf(element), run: () => press(element), isGlobal: Boolean(element.closest(".rail, #menu-me")),
  }));
  const made = [...registered].map(([keys, { label, run }]) => ({ keys, label, run, isGlobal: false }));
  return [...made, ...found.filter((one, at) => found.findIndex((other) => other.keys === one.keys) === at)];
}

function press(element) {
  if (element.matches("input:not([type=checkbox], [type=radio], [type=submit]), textarea, select, [contenteditable]")) {
    element.focus();
    element.scrollIntoView({ block: "nearest" });
  } else element.click();
}

/** Whether keys go into a text now. */
export function isWriting(target) {
  return Boolean(target.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]:not([contenteditable=false]), [data-quiet]"));
}

// Out of a text, so that the keys of the page work again. What is open over it, or a search's own words, go first.
function leave(event) {
  const field = event.target;
  if (!isWriting(field) || field.matches("[data-quiet]") || (field.type === "search" && field.value)) return false;
  if (document.querySelector("dialog[open], :popover-open[role=menu]")) return false;
  event.preventDefault();
  const place = field.closest("[data-leave-to]");
  if (place) document.querySelector(place.dataset.leaveTo)?.focus({ preventScroll: true });
  else field.blur();
  return true;
}

function nameOf(event) {
  const key = event.key === " " ? "space" : event.key.length === 1 ? event.key.toLowerCase() : event.key.toLowerCase().replace("arrow", "");
  const parts = [];
  if (MAC ? event.metaKey : event.ctrlKey) parts.push("mod");
  if (event.altKey) parts.push("alt");
  if (event.shiftKey && (event.key.length > 1 || parts.length || /[a-z]/i.test(event.key))) parts.push("shift");
  return [...parts, key].join("+");
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing || event.key === "Process" || ["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
  if (event.key === "Escape" && leave(event)) return;
  const name = nameOf(event);
  const isSingle = !/^(mod|alt)\+/.test(name);
  if (isSingle && (isWriting(event.target) || !areSingleKeysOn() || document.querySelector("dialog[open], :popover-open[role=menu]"))) return;
  const keys = begun ? `${begun} ${name}` : name;
  const all = shortcuts();
  const hit = all.find((one) => one.keys === keys) ?? (begun ? all.find((one) => one.keys === name) : undefined);
  reset();
  if (hit) {
    event.preventDefault();
    hit.run(event);
  } else if (isSingle && all.some((one) => one.keys.startsWith(`${keys} `))) {
    begun = keys;
    timer = setTimeout(reset, SEQUENCE_MS);
  }
}

function reset() {
  clearTimeout(timer);
  begun = "";
}

/** The keys as little caps. */
export function keyCaps(keys) {
  const words = document.getElementById("shortcut-list").dataset;
  const caps = document.createElement("span");
  caps.className = "kbd-keys";
  keys.split(" ").forEach((chord, at) => {
    if (at) caps.append(` ${words.then} `);
    for (const part of chord === "+" ? ["+"] : chord.split("+")) {
      const cap = document.createElement("kbd");
      cap.className = "kbd";
      cap.textContent = { mod: MAC ? "⌘" : words.mod, shift: words.shift, alt: words.alt, enter: words.enter, escape: words.escape, up: "↑", down: "↓", left: "←", right: "→" }[part] ?? part.toUpperCase();
      caps.append(cap);
    }
  });
  return caps;
}

function fill(list) {
  list.replaceChildren();
  const elsewhere = [...document.querySelectorAll(HEARD_ELSEWHERE)].map((one) => ({ keys: one.dataset.shortcutShown, label: labelOf(one) }));
  const all = [...shortcuts(), ...elsewhere];
  for (const [title, group] of [[list.dataset.here, all.filter((one) => !one.isGlobal)], [list.dataset.go, all.filter((one) => one.isGlobal)]]) {
    if (!group.length) continue;
    const heading = document.createElement("h3");
    heading.textContent = title;
    list.append(heading);
    for (const { keys, label } of group) {
      const line = document.createElement("div");
      line.className = "shortcut";
      const name = document.createElement("span");
      name.textContent = label;
      line.append(name, keyCaps(keys));
      list.append(line);
    }
  }
}

export function startShortcuts() {
  const dialog = document.getElementById("shortcuts");
  if (!dialog) return;
  const single = document.getElementById("single-keys");
  single.checked = areSingleKeysOn();
  single.addEventListener("change", () => remember("single-keys", single.checked ? null : "off"));
  document.addEventListener("click", ({ target }) => {
    if (!target.closest("[data-shortcuts-open]")) return;
    fill(document.getElementById("shortcut-list"));
    openDialog(dialog);
  });
  document.addEventListener("keydown", onKey);
}
