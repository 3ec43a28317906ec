// The messages of a conversation: what is new is put below, what changed is put in its place, older ones come on demand.

import { fetchPart } from "./net.js";
import { applyMode } from "./thread_modes.js";

const NEAR_END_PX = 80;
const SHOWN = 60; // messages looked at again for a new state
const TIMEOUT_MS = 15000;
const AGAIN_MS = [1000, 2000, 5000, 10000, 30000];
const ANNOUNCED = 5;

export class Thread {
  constructor(root) {
    this.root = root;
    this.list = root.querySelector("#messages");
    this.jump = document.getElementById("jump");
    this.seen = document.getElementById("seen");
    this.state = document.getElementById("thread-state");
    this.announcer = document.getElementById("announcer");
    this.earlierButton = document.getElementById("earlier");
    this.stuck = true;
    this.top = 0;
    this.failures = 0;
    this.loading = false;
    this.listen();
    this.list.querySelectorAll(".message").forEach(applyMode);
    this.begin();
  }

  listen() {
    this.root.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.jump.addEventListener("click", () => this.toEnd(true));
    this.earlierButton.addEventListener("click", () => this.earlier());
    document.addEventListener("visibilitychange", () => this.see());
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(this.list);
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(this.root);
  }

  begin() {
    const wanted = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!wanted || !this.list.contains(wanted)) return this.toEnd();
    this.stuck = false;
    wanted.scrollIntoView({ block: "center" });
    return this.scrolled();
  }

  get last() {
    return Number(this.list.dataset.last);
  }

  // --- what is new ---------------------------------------------------------------------------------------------

  /** Fetch what is new. Calls during a fetch make one more behind it. */
  async refresh() {
    if (this.loading) {
      this.again = true;
      return;
    }
    this.loading = true;
    clearTimeout(this.timer);
    try {
      let more = true;
      while (more || this.again) {
        this.again = false;
        more = await this.fetchNew();
      }
      this.failures = 0;
      this.say(this.lost ? "online" : "");
      this.lost = false;
    } catch {
      this.say("failed");
      this.lost = true;
      const pause = AGAIN_MS[Math.min(this.failures, AGAIN_MS.length - 1)];
      this.failures += 1;
      this.timer = setTimeout(() => this.refresh(), pause);
    } finally {
      this.loading = false;
    }
  }

  async fetchNew() {
    const { last, event, note } = this.list.dataset;
    const messages = [...this.list.querySelectorAll(".message[data-version]")];
    const shown = messages.slice(-SHOWN).map((item) => `${item.dataset.seq}.${item.dataset.version}`);
    const want = messages.filter((item) => item.dataset.translation === "wanted" && item.dataset.mode !== "original");
    const query = { after: last, event, note, shown: shown.join(","), want: want.slice(-100).map((item) => item.dataset.seq).join(",") };
    const part = await this.fetch(query);
    Object.assign(this.list.dataset, { last: part.dataset.last, event: part.dataset.event, note: part.dataset.note });
    this.take([...part.children]);
    return Boolean(part.dataset.more);
  }

  take(items) {
    const fresh = items.filter((item) => !this.patch(item));
    if (!fresh.length) return;
    document.getElementById("thread-empty")?.remove();
    this.list.append(...fresh);
    fresh.forEach(applyMode);
    const notes = fresh.some((item) => item.dataset.author === "note");
    if (notes) document.body.dispatchEvent(new CustomEvent("conversation:note"));
    if (fresh.some((item) => item.dataset.author === "customer")) {
      document.body.dispatchEvent(new CustomEvent("conversation:wrote"));
    }
    fresh.forEach((item) => this.announce(item));
    if (this.stuck) this.toEnd();
    else if (fresh.some((item) => !item.classList.contains("day"))) this.jump.hidden = false;
    this.see();
  }

  /** Whether the item was on the page: it is put in its own place. */
  patch(item) {
    const old = document.getElementById(item.id);
    if (!old) return false;
    if (item.classList.contains("day") || old.isEqualNode(item)) return true;
    const had = old.contains(document.activeElement);
    const open = [...old.querySelectorAll("details")].map((part) => part.open);
    item.querySelectorAll("details").forEach((part, index) => (part.open = Boolean(open[index])));
    if (old.dataset.chosen) {
      item.dataset.chosen = "yes";
      item.dataset.mode = old.dataset.mode;
    }
    old.replaceWith(item);
    applyMode(item);
    if (had) item.focus({ preventScroll: true });
    return true;
  }

  announce(item) {
    if (!item.dataset.announce) return;
    const line = document.createElement("span");
    line.textContent = item.dataset.announce;
    this.announcer.append(line);
    while (this.announcer.childElementCount > ANNOUNCED) this.announcer.firstElementChild.remove();
  }

  // --- what was before -----------------------------------------------------------------------------------------

  async earlier() {
    if (this.loadingEarlier) return;
    this.loadingEarlier = true;
    this.earlierButton.setAttribute("aria-disabled", "true");
    this.say("loading");
    try {
      const part = await this.fetch({ before: this.list.dataset.first });
      this.prepend(part);
      this.say("");
    } catch {
      this.say("failed");
    } finally {
      this.loadingEarlier = false;
      this.earlierButton.removeAttribute("aria-disabled");
    }
  }

  prepend(part) {
    const height = this.root.scrollHeight;
    const top = this.root.scrollTop;
    const items = [...part.children].filter((item) => item.classList.contains("day") || !document.getElementById(item.id));
    const days = new Set(items.filter((item) => item.classList.contains("day")).map((item) => item.id));
    this.list.querySelectorAll(".day").forEach((day) => days.has(day.id) && day.remove());
    this.list.prepend(...items);
    items.forEach(applyMode);
    if (part.dataset.first !== "0") this.list.dataset.first = part.dataset.first;
    this.root.scrollTop = top + this.root.scrollHeight - height;
    const more = Boolean(part.dataset.earlier);
    const focused = document.activeElement === this.earlierButton;
    this.earlierButton.hidden = !more;
    const before = document.getElementById("episode-before");
    if (before) before.hidden = more;
    if (focused && !more) (items.find((item) => item.tabIndex === -1) || this.root).focus({ preventScroll: true });
  }

  // --- place ---------------------------------------------------------------------------------------------------

  isAtEnd() {
    return this.root.scrollHeight - this.root.scrollTop - this.root.clientHeight < NEAR_END_PX;
  }

  /** Only who goes up leaves the end: what grows below, as pictures that come late, is not their doing. */
  scrolled() {
    const wentUp = this.root.scrollTop < this.top;
    this.top = this.root.scrollTop;
    this.stuck = this.isAtEnd() || (this.stuck && !wentUp);
    if (this.stuck) this.jump.hidden = true;
    this.see();
  }

  toEnd(focus = false) {
    this.root.scrollTop = this.root.scrollHeight;
    this.stuck = true;
    this.jump.hidden = true;
    this.see();
    if (focus) this.root.focus({ preventScroll: true });
  }

  /** What is decided on: messages count as read when their end was on the screen. */
  see() {
    if (this.stuck && !document.hidden) this.seen.value = String(this.last);
  }

  say(name) {
    const text = name ? this.state.dataset[name] : "";
    if (this.state.textContent !== text) this.state.textContent = text;
  }

  async fetch(query) {
    const address = new URL(this.root.dataset.address, location.href);
    Object.entries(query).forEach(([name, value]) => value && address.searchParams.set(name, value));
    const page = await fetchPart(address, TIMEOUT_MS);
    return document.adoptNode(page.querySelector("[data-part]"));
  }
}
