// Ctrl/Cmd+K: every command and page by its name.

import { openDialog } from "./dialog.js";
import { isUsable, keyCaps, labelOf, shortcuts } from "./shortcuts.js";

const MOST = 30;

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

function commands() {
  const named = [...document.querySelectorAll("[data-command]")].filter(isUsable).map((element) => ({
    label: labelOf(element), keys: element.dataset.shortcut ?? "", run: () => element.click(),
  }));
  const known = new Set();
  return [...shortcuts(), ...named].filter(({ label }) => label && !known.has(label) && known.add(label));
}

// All words of what was typed, in any order; names that begin with it first.
function matching(all, typed) {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  const rated = all.map((one) => ({ one, name: plain(one.label) })).filter(({ name }) => words.every((word) => name.includes(word)));
  return rated.sort((a, b) => Number(b.name.startsWith(words[0] ?? "")) - Number(a.name.startsWith(words[0] ?? ""))).map(({ one }) => one).slice(0, MOST);
}

class Palette {
  constructor(dialog) {
    this.dialog = dialog;
    this.input = dialog.querySelector("#palette-text");
    this.list = dialog.querySelector("#palette-list");
    this.none = dialog.querySelector("#palette-none");
    this.shown = [];
    this.at = 0;
    this.input.addEventListener("input", () => this.show());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.list.addEventListener("click", ({ target }) => {
      const item = target.closest("[role=option]");
      if (item) this.run([...this.list.children].indexOf(item));
    });
  }

  open() {
    this.all = commands();
    this.input.value = "";
    openDialog(this.dialog);
    this.input.focus();
    this.show();
  }

  show() {
    this.shown = matching(this.all, this.input.value);
    this.list.replaceChildren(...this.shown.map((one, at) => {
      const item = document.createElement("li");
      item.className = "palette-item";
      item.id = `palette-${at}`;
      item.setAttribute("role", "option");
      const label = document.createElement("span");
      label.textContent = one.label;
      item.append(label);
      if (one.keys) item.append(keyCaps(one.keys));
      return item;
    }));
    this.none.textContent = this.shown.length ? "" : this.none.dataset.text;
    this.choose(0);
  }

  choose(at) {
    this.at = this.shown.length ? (at + this.shown.length) % this.shown.length : 0;
    [...this.list.children].forEach((item, number) => item.setAttribute("aria-selected", String(number === this.at)));
    const item = this.list.children[this.at];
    item?.scrollIntoView({ block: "nearest" });
    if (item) this.input.setAttribute("aria-activedescendant", item.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  onKey(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") this.choose(this.at + 1);
    else if (event.key === "ArrowUp") this.choose(this.at - 1);
    else if (event.key === "Enter") this.run(this.at);
    else return;
    event.preventDefault();
  }

  run(at) {
    const chosen = this.shown[at];
    this.dialog.close();
    chosen?.run();
  }
}

export function startPalette() {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const palette = new Palette(dialog);
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-palette]")) palette.open();
  });
}
