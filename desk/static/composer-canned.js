// Ready replies: a search field over the composer; "/" in an empty line opens it.

import { recall, remember } from "./store.js";

const RECENT = 12;
const WAIT_MS = 150;

export class Canned {
  constructor(root, address, insert, back) {
    this.box = root.querySelector("[data-canned]");
    this.search = this.box.querySelector("input");
    this.list = this.box.querySelector("[role=listbox]");
    this.button = root.querySelector("[data-canned-open]");
    Object.assign(this, { address, insert, back, at: 0 });
    this.button.addEventListener("click", () => (this.box.hidden ? this.open() : this.close()));
    this.search.addEventListener("input", () => this.later());
    this.search.addEventListener("keydown", (event) => this.onKey(event));
    this.list.addEventListener("click", ({ target }) => this.choose(target.closest("[role=option]")));
    this.box.querySelector("[data-canned-close]").addEventListener("click", () => this.close());
  }

  open() {
    this.box.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.search.value = "";
    this.search.focus();
    this.load();
  }

  close() {
    this.box.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    this.back();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), WAIT_MS);
  }

  async load() {
    this.fetching?.abort();
    this.fetching = new AbortController();
    try {
      const signal = AbortSignal.any([this.fetching.signal, AbortSignal.timeout(10_000)]);
      const answer = await fetch(`${this.address}?q=${encodeURIComponent(this.search.value)}`, { signal, headers: { "hx-request": "true" } });
      if (answer.ok) this.fill(await answer.text());
    } catch (error) {
      if (error.name !== "AbortError") this.list.replaceChildren();
    }
  }

  fill(html) {
    this.list.innerHTML = html; // ours, every value in it escaped
    const recent = recentNames();
    const place = (option) => (recent.indexOf(option.dataset.name) + 1 || RECENT + 1);
    this.list.append(...this.options().sort((one, other) => place(one) - place(other)));
    this.move(0, true);
  }

  options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  move(step, first = false) {
    const options = this.options();
    this.at = first ? 0 : (this.at + step + options.length) % (options.length || 1);
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.at)));
    const chosen = options[this.at];
    if (chosen) {
      this.search.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else this.search.removeAttribute("aria-activedescendant");
  }

  onKey(event) {
    if (event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) this.move(steps[event.key]);
    else if (event.key === "Enter") this.choose(this.options()[this.at]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(option) {
    if (!option) return;
    const { name, insert, language, own, ownLanguage } = option.dataset;
    remember("canned", JSON.stringify([name, ...recentNames().filter((one) => one !== name)].slice(0, RECENT)));
    this.close();
    this.insert({ insert, language, own, ownLanguage });
  }
}

function recentNames() {
  try {
    return JSON.parse(recall("canned") ?? "[]");
  } catch {
    return [];
  }
}
