// Menus (popovers beside their button, arrow keys), tabs, and details that stay as they were left.

import { recall, remember } from "./store.js";

const EDGE = 8;

function place(menu) {
  const opener = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  if (!opener) return;
  const from = opener.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const rtl = getComputedStyle(opener).direction === "rtl";
  const isRail = Boolean(opener.closest(".rail")) && innerWidth >= 768;
  let left = rtl ? from.right - size.width : from.left;
  let top = from.bottom + 4;
  if (isRail) [left, top] = [rtl ? from.left - size.width - EDGE : from.right + EDGE, from.bottom - size.height];
  if (left + size.width > innerWidth - EDGE) left = from.right - size.width;
  if (top + size.height > innerHeight - EDGE) top = from.top - size.height - 4;
  menu.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - size.width - EDGE))}px`;
  menu.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - size.height - EDGE))}px`;
}

function items(menu) {
  return [...menu.querySelectorAll("[role^=menuitem]")].filter((item) => !item.disabled && item.offsetParent);
}

function onToggle(event) {
  const menu = event.target;
  if (!(menu instanceof HTMLElement) || !menu.matches(".menu-list")) return;
  const opener = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  const isOpen = event.newState === "open";
  opener?.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) {
    place(menu);
    items(menu)[0]?.focus();
  }
}

function onKey(event) {
  const list = event.target.closest?.(".menu-list, [role=tablist]");
  if (!list) return;
  const isMenu = list.matches(".menu-list");
  const all = isMenu ? items(list) : [...list.querySelectorAll("[role=tab]")];
  const at = all.indexOf(document.activeElement);
  const rtl = getComputedStyle(list).direction === "rtl";
  const steps = isMenu ? { ArrowDown: 1, ArrowUp: -1 } : { ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1 };
  let next;
  if (event.key in steps) next = all[(at + steps[event.key] + all.length) % all.length];
  else if (event.key === "Home") next = all[0];
  else if (event.key === "End") next = all.at(-1);
  if (!next) return;
  event.preventDefault();
  next.focus();
  if (!isMenu) choose(next);
}

function choose(tab) {
  for (const other of tab.closest("[role=tablist]").querySelectorAll("[role=tab]")) {
    const isChosen = other === tab;
    other.setAttribute("aria-selected", String(isChosen));
    other.tabIndex = isChosen ? 0 : -1;
    const page = document.getElementById(other.getAttribute("aria-controls"));
    if (page) page.hidden = !isChosen;
  }
}

function onClick(event) {
  const tab = event.target.closest("[role=tab]");
  if (tab) choose(tab);
  const item = event.target.closest(".menu-list [role=menuitem]");
  if (item) item.closest(".menu-list").hidePopover?.();
}

/** Details as they were left, also in parts of the page that have just come. */
export function restoreDetails(root = document) {
  for (const details of root.querySelectorAll("details[data-remember]")) {
    const left = recall(`open:${details.dataset.remember}`);
    if (left !== null) details.open = left === "1";
  }
}

export function startMenus() {
  document.addEventListener("toggle", onToggle, true);
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  document.addEventListener("click", ({ target }) => {
    const details = target.closest("summary")?.parentElement;
    if (details?.dataset.remember) remember(`open:${details.dataset.remember}`, details.open ? "0" : "1");
  });
  document.body.addEventListener("htmx:afterSwap", () => restoreDetails());
  restoreDetails();
}
