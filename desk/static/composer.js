// Where an agent writes: preview while they pause, marks, sending. The server decides; this only shows it.

import { Canned } from "./composer-canned.js";
import { Drafts, newKey } from "./composer-draft.js";
import { Marks } from "./composer-marks.js";
import { recall, remember } from "./store.js";

const PAUSE_MS = 450;
const LIMIT_MS = 20_000;
const AGAIN_MS = 1_200;
const LOOK_MS = 20_000;
const LOST = ["NotYours", "AlreadyTaken", "PersonOwns", "Closed"];

let current = null;
let reloading = null; // while the server's new composer is on its way

class Composer {
  constructor(root) {
    this.root = root;
    const { conversation, agent, turn } = root.dataset;
    Object.assign(this, { conversation, turn, key: newKey(), result: null, edited: false, busy: false, aside: null, composing: false, stale: false });
    this.address = `/desk/c/${conversation}`;
    this.text = root.querySelector("[data-text]");
    if (!this.text) return; // nothing can be written now
    this.translation = root.querySelector("[data-translation]");
    this.language = root.querySelector("[data-language]");
    this.preview = root.querySelector("[data-preview]");
    this.alert = root.querySelector("[data-alert]");
    this.status = root.querySelector("[data-status]");
    this.marks = new Marks(this.text);
    this.translationMarks = new Marks(this.translation);
    this.drafts = new Drafts(conversation, agent);
    this.canned = new Canned(root, `${this.address}/canned`, (given) => this.insert(given), () => this.text.focus());
    const isEarly = Boolean(this.text.value); // written before this script was there
    const chosen = this.language.selectedIndex > 0 && this.language.value;
    this.listen();
    this.restore();
    if (chosen) this.choose(chosen);
    if (isEarly) this.onText();
  }

  /** What was said and put aside in the composer that this one replaces. */
  goOn(before) {
    if (!this.text || !before?.text || before.conversation !== this.conversation) return;
    this.aside = before.aside;
    this.find("aside").hidden = !this.aside;
    if (before.said) this.say(...before.said);
  }

  find(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  // --- what is written ---------------------------------------------------------------------------------------------

  restore() {
    const kept = this.drafts.read();
    const wanted = kept?.language ?? recall(`writing:${this.root.dataset.customer}`);
    if (wanted) this.choose(wanted, Boolean(kept));
    if (kept && !this.text.value) {
      this.key = kept.key ?? this.key; // a try whose answer was lost may have sent it: again, it is the same message
      this.text.value = kept.text;
      this.edited = Boolean(kept.edited);
      this.translation.value = kept.edited ?? "";
    }
    this.turnText();
    if (this.text.value) this.look();
  }

  choose(language, add = false) {
    if (![...this.language.options].some(({ value }) => value === language)) {
      if (!add) return;
      this.language.append(new Option(language, language));
    }
    this.language.value = language;
  }

  get isTranslating() {
    return this.language.value !== this.root.dataset.customer;
  }

  turnText() {
    const chosen = this.language.selectedOptions[0];
    this.text.lang = this.language.value;
    this.text.dir = this.text.value ? chosen?.dataset.dir ?? "auto" : chosen?.dataset.dir ?? "ltr";
    this.find("translation-part").hidden = !this.isTranslating || !(this.translation.value || this.edited);
    this.find("by-hand").hidden = !this.edited;
    this.find("send").disabled = this.busy || !this.text.value.trim();
  }

  listen() {
    this.text.addEventListener("input", () => this.onText());
    this.text.addEventListener("keydown", (event) => this.onKey(event));
    for (const field of [this.text, this.translation]) {
      field.addEventListener("compositionstart", () => { this.composing = true; });
      field.addEventListener("compositionend", () => { this.composing = false; this.catchUp(); });
    }
    this.translation.addEventListener("keydown", (event) => this.onKey(event));
    this.translation.addEventListener("input", () => this.onTranslation());
    this.language.addEventListener("change", () => {
      remember(`writing:${this.root.dataset.customer}`, this.language.value);
      this.againByMachine();
    });
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.root.addEventListener("click", (event) => this.onClick(event));
  }

  onText() {
    if (this.text.value === "/") {
      this.text.value = "";
      this.canned.open();
      return;
    }
    this.find("meaning").hidden = true;
    this.changed();
  }

  onTranslation() {
    this.edited = true;
    this.changed();
  }

  againByMachine() {
    this.edited = false;
    this.translation.value = "";
    this.changed();
  }

  /** A new text is a new message: what a failed try may have sent is not this one. */
  changed() {
    this.key = newKey();
    this.result = null;
    this.say("");
    this.save();
    this.turnText();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE_MS);
  }

  save() {
    this.drafts.write({ text: this.text.value, language: this.language.value, edited: this.edited ? this.translation.value : undefined, key: this.key });
  }

  onKey(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    this.send();
  }

  onClick({ target }) {
    const button = target.closest("button");
    if (!button) return;
    const { fix, show } = button.dataset;
    if (fix !== undefined) this.fix(this.result?.findings[Number(fix)]);
    else if (show !== undefined) this.written.select(this.result?.findings[Number(show)]);
    else if ("fixAll" in button.dataset) this.fixAll();
    else if ("override" in button.dataset) this.override();
    else if ("untranslated" in button.dataset) this.send({ untranslated: "1" });
    else if ("again" in button.dataset) this.againByMachine();
    else if ("aside" in button.dataset) this.takeBack();
  }

  /** The field that holds what the customer will read. */
  get written() {
    return this.isTranslating ? this.translationMarks : this.marks;
  }

  fix(finding) {
    if (finding && this.written.replace(finding)) this.corrected();
  }

  fixAll() {
    if (!this.result?.fixed) return;
    this.written.field.value = this.result.fixed;
    this.corrected();
  }

  corrected() {
    this.edited = this.isTranslating;
    this.written.field.focus();
    this.changed();
    this.look();
  }

  override() {
    const reason = this.find("reason");
    if (reason.value.trim().length < Number(reason.minLength)) {
      reason.reportValidity();
      reason.focus();
      return;
    }
    this.send({ override: reason.value.trim() });
  }

  /** Approved words: in their own language, past every machine. What stood there is put aside. */
  insert({ insert: words, language, own, ownLanguage }) {
    if (!this.text) return;
    const from = this.language.value;
    if (language && language !== from) {
      if (this.text.value.trim()) this.aside = { text: this.text.value, language: from };
      this.text.value = words;
      this.choose(language, true);
    } else {
      const before = this.text.value.slice(0, this.text.selectionStart);
      this.text.setRangeText((before && !/\s$/.test(before) ? "\n" : "") + words, this.text.selectionStart, this.text.selectionEnd, "end");
    }
    const meaning = this.find("meaning");
    meaning.hidden = !own;
    meaning.querySelector("[data-meaning-text]").textContent = own ?? "";
    meaning.querySelector("[data-meaning-text]").lang = ownLanguage ?? "";
    this.find("aside").hidden = !this.aside;
    this.edited = false;
    this.translation.value = "";
    this.text.focus();
    this.changed();
  }

  takeBack() {
    if (!this.aside) return;
    this.text.value = this.aside.text;
    this.choose(this.aside.language);
    this.aside = null;
    this.find("aside").hidden = true;
    this.find("meaning").hidden = true;
    this.againByMachine();
    this.text.focus();
  }

  // --- preview -----------------------------------------------------------------------------------------------------

  fields(more = {}) {
    return { text: this.text.value, language: this.language.value, edited: this.edited ? this.translation.value : "", ...more };
  }

  /** Resolves to what would leave; null when there is nothing or a newer text has come. */
  async look() {
    clearTimeout(this.timer);
    this.fetching?.abort();
    if (!this.text.value.trim()) return this.empty();
    const mine = (this.fetching = new AbortController());
    this.root.dataset.looking = "yes";
    this.unreachable = false;
    try {
      const answer = await this.post("preview", this.fields(), mine.signal);
      if (answer.status === 204 || this.fetching !== mine) return null;
      const data = await answer.json();
      if (answer.ok) return this.show(data);
      this.say(data.text ?? "", "problem");
      if (answer.status === 429) this.timer = setTimeout(() => this.look(), AGAIN_MS);
    } catch (error) {
      this.unreachable = error.name !== "AbortError";
      if (this.unreachable) this.say(this.root.dataset.offline, "problem");
    } finally {
      if (this.fetching === mine) delete this.root.dataset.looking;
    }
    return null;
  }

  empty() {
    this.preview.replaceChildren();
    this.marks.clear();
    this.translationMarks.clear();
    delete this.root.dataset.looking;
    return null;
  }

  show(result) {
    this.result = result;
    const opened = this.preview.querySelector("details[data-shown]")?.open ?? recall("bubbles") === "open";
    const reason = this.find("reason")?.value ?? "";
    this.preview.innerHTML = result.html; // ours, every value in it escaped
    const details = this.preview.querySelector("details[data-shown]");
    if (details) {
      details.open = opened;
      details.addEventListener("toggle", () => remember("bubbles", details.open ? "open" : "closed"));
    }
    if (reason && this.find("reason")) {
      this.find("reason").value = reason;
      this.find("reason").closest("details").open = true;
    }
    if (this.isTranslating && result.text !== undefined && !this.edited) this.translation.value = result.text;
    if (this.isTranslating && result.text === undefined) this.translation.value = "";
    this.marks.clear();
    this.translationMarks.clear();
    if (result.text !== undefined && this.written.field.value.trim() === result.text) {
      this.written.show(shifted(this.written.field.value, result.findings), shifted(this.written.field.value, result.terms));
    }
    this.turnText();
    return result;
  }

  // --- sending -----------------------------------------------------------------------------------------------------

  async send(more = {}) {
    if (reloading) {
      await reloading;
      if (current !== this) return current.text && current.send(more);
    }
    if (this.busy || !this.text.value.trim()) return;
    this.setBusy(true);
    try {
      const result = this.result ?? (await this.look());
      if (result && this.isStopped(result, more)) return;
      if (!navigator.onLine || (!result && this.unreachable)) {
        this.say(this.root.dataset.notSent, "problem");
        return;
      }
      const shown = result?.text && !more.untranslated ? { shown: result.text } : {};
      const seen = document.getElementById("seen")?.value ?? this.root.dataset.seen;
      const { key } = this;
      await this.sent(await this.post("reply", this.fields({ key, seen, ...shown, ...more })), key);
    } catch {
      this.say(this.root.dataset.unsure, "problem");
    } finally {
      this.setBusy(false);
      this.catchUp();
    }
  }

  isStopped(result, more) {
    if (result.findings.length && !more.override && !more.untranslated) this.say(this.root.dataset.stopped, "problem");
    else if (result.untranslated !== undefined && !more.untranslated) this.say(this.root.dataset.noTranslation, "problem");
    else return false;
    this.preview.querySelector("button, textarea")?.focus();
    return true;
  }

  async sent(answer, key) {
    const data = await answer.json();
    if (answer.ok) {
      const shown = current.text ? current : this; // sending takes a conversation: the form may be another by now
      if (shown.key === key) shown.clear(); // else there is a newer text in it
      shown.say(shown.root.dataset.sent);
    } else {
      this.say(data.message ?? data.text ?? this.root.dataset.unsure, "problem");
      if (data.preview) this.show(data.preview);
      if (LOST.includes(data.error)) reload();
    }
  }

  clear() {
    this.text.value = this.translation.value = "";
    this.edited = false;
    this.aside = this.result = null;
    this.key = newKey();
    this.drafts.clear();
    this.empty();
    for (const name of ["meaning", "aside"]) this.find(name).hidden = true;
    this.turnText();
    this.text.focus();
  }

  setBusy(isBusy) {
    this.busy = isBusy;
    this.root.toggleAttribute("aria-busy", isBusy);
    this.turnText();
  }

  say(text, kind = "") {
    this.said = [text, kind];
    this.alert.textContent = kind ? text : "";
    this.alert.parentElement.hidden = !(kind && text);
    this.status.textContent = kind ? "" : text;
  }

  post(name, fields, signal) {
    const limit = AbortSignal.timeout(LIMIT_MS);
    return fetch(`${this.address}/${name}`, {
      method: "POST",
      headers: { "x-csrf-token": document.querySelector("meta[name=csrf]").content, accept: "application/json" },
      body: new URLSearchParams(fields),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
  }

  // --- what happens meanwhile --------------------------------------------------------------------------------------

  /** A composer is not replaced under a message that is leaving, nor under a letter that is being put together. */
  get isHeld() {
    return this.busy || this.composing;
  }

  catchUp() {
    if (!this.stale || this.isHeld) return;
    this.stale = false;
    this.ask();
  }

  async ask() {
    if (this.isHeld) {
      this.stale = true;
      return;
    }
    try {
      const answer = await fetch(`${this.address}/composer/state`, { headers: { accept: "application/json" }, signal: AbortSignal.timeout(LIMIT_MS) });
      if (!answer.ok || current !== this) return;
      const { turn, cost } = await answer.json();
      const place = this.find("cost");
      if (place) place.innerHTML = cost; // ours
      if (turn === this.turn) return;
      if (this.isHeld) this.stale = true;
      else reload();
    } catch {
      // offline: the banner says so
    }
  }
}

/** The server's places count from the first letter; the field may have white space before it. */
function shifted(value, spans) {
  const by = value.length - value.trimStart().length;
  return spans.map((span) => ({ ...span, start: span.start + by, end: span.end + by }));
}

function reload() {
  const place = document.getElementById("composer");
  if (!place || !current || reloading) return;
  const done = window.htmx.ajax("GET", `${current.address}/composer`, { target: place, swap: "innerHTML" });
  reloading = Promise.resolve(done).catch(() => null).finally(() => { reloading = null; });
}

function begin() {
  const root = document.querySelector("form[data-composer], [data-composer]");
  if (!root || current?.root === root) return;
  const before = current;
  current = new Composer(root);
  current.goOn(before);
  root.dataset.ready = "yes";
}

let asking = 0;
for (const name of ["desk:conversation", "desk:reload", "desk:online"]) {
  document.body.addEventListener(name, ({ detail }) => {
    if (!current || (detail?.id && detail.id !== current.conversation)) return;
    clearTimeout(asking);
    asking = setTimeout(() => current.ask(), 250);
  });
}
setInterval(() => { if (current && !document.hidden) current.ask(); }, LOOK_MS);
document.addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-insert]");
  if (button && current && !button.closest("[data-composer]")) current.insert(button.dataset);
});
document.body.addEventListener("htmx:load", begin);
begin();
