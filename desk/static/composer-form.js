// What an agent writes: text, language, translation, ready replies, the draft. The server decides; this only shows it.
//
// What else can be sent than text (files) hangs on five members: `isEmpty`, `fields()`, `draft`, `goOn()` and `clear()`.

import { Aside } from "./composer-aside.js";
import { Canned } from "./composer-canned.js";
import { Drafts, newKey } from "./composer-draft.js";
import { Files } from "./composer-files.js";
import { Marks } from "./composer-marks.js";
import { Preview } from "./composer-preview.js";
import { Sending } from "./composer-sending.js";
import { recall, remember } from "./store.js";

const PAUSE_MS = 450;
const LIMIT_MS = 20_000;

export class Composer {
  /** `turns`: whose turn it is (composer-turns.js). `before`: the composer that this one replaces. */
  constructor(root, turns, before) {
    const { conversation, agent, turn } = root.dataset;
    Object.assign(this, { root, turns, conversation, turn, key: newKey(), edited: false, composing: false });
    this.address = `/desk/c/${conversation}`;
    this.text = root.querySelector("[data-text]");
    if (!this.text) return; // nothing can be written now
    this.translation = root.querySelector("[data-translation]");
    this.language = root.querySelector("[data-language]");
    this.alert = root.querySelector("[data-alert]");
    this.status = root.querySelector("[data-status]");
    this.marks = new Marks(this.text);
    this.translationMarks = new Marks(this.translation);
    this.aside = new Aside(this);
    this.preview = new Preview(this);
    this.sending = new Sending(this);
    this.drafts = new Drafts(conversation, agent);
    this.files = new Files(this);
    this.canned = new Canned(root, `${this.address}/canned`, (given) => this.aside.insert(given), () => {
      this.text.focus();
      turns.catchUp();
    });
    const isEarly = Boolean(this.text.value); // written before this script was there
    const chosen = this.language.selectedIndex > 0 && this.language.value;
    this.listen();
    this.restore(before?.text ? before.draft : this.drafts.read());
    if (chosen) this.choose(chosen);
    if (isEarly) this.onText();
    if (before?.text) this.goOn(before);
  }

  /** What was said and put aside in the composer that this one replaces. */
  goOn(before) {
    this.aside.keep(before.aside.kept);
    if (before.said) this.say(...before.said);
    if (before.conversation === this.conversation) this.files.takeOver(before.files);
  }

  find(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  // --- what is written ---------------------------------------------------------------------------------------------

  restore(kept) {
    const wanted = kept?.language ?? recall(`writing:${this.root.dataset.customer}`);
    if (wanted) this.choose(wanted, Boolean(kept));
    if (kept && !this.text.value) {
      this.key = kept.key ?? this.key; // a try whose answer was lost may have sent it: again, it is the same message
      this.text.value = kept.text;
      this.edited = Boolean(kept.edited);
      this.translation.value = kept.edited ?? "";
    }
    this.turnText();
    if (this.text.value) this.preview.look();
  }

  choose(language, add = false) {
    if (![...this.language.options].some(({ value }) => value === language)) {
      if (!add) return;
      this.language.append(new Option(language, language));
    }
    this.language.value = language;
  }

  /** Whether there is nothing to send. */
  get isEmpty() {
    return !this.text.value.trim() && !this.files.any;
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
    this.find("send").disabled = this.sending.isBusy || this.isEmpty;
  }

  listen() {
    this.text.addEventListener("input", () => this.onText());
    this.text.addEventListener("keydown", (event) => this.onKey(event));
    for (const field of [this.text, this.translation]) {
      field.addEventListener("compositionstart", () => { this.composing = true; });
      field.addEventListener("compositionend", () => { this.composing = false; this.turns.catchUp(); });
    }
    this.translation.addEventListener("keydown", (event) => this.onKey(event));
    this.translation.addEventListener("input", () => this.onTranslation());
    this.language.addEventListener("change", () => {
      remember(`writing:${this.root.dataset.customer}`, this.language.value);
      this.againByMachine();
    });
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.sending.send();
    });
    this.root.addEventListener("click", (event) => this.onClick(event));
    this.root.addEventListener("focusout", () => this.turns.catchUp());
  }

  onText() {
    if (this.text.value === "/") {
      this.text.value = "";
      this.canned.open();
      return;
    }
    this.aside.meaning.hidden = true;
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
    this.say("");
    this.save();
    this.turnText();
    this.preview.lookSoon(PAUSE_MS);
  }

  get draft() {
    return { text: this.text.value, language: this.language.value, edited: this.edited ? this.translation.value : undefined, key: this.key };
  }

  save() {
    this.drafts.write(this.draft);
  }

  onKey(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    this.sending.send();
  }

  onClick({ target }) {
    const button = target.closest("button");
    if (!button) return;
    const { fix, show } = button.dataset;
    const findings = this.preview.result?.findings;
    if (fix !== undefined) this.fix(findings?.[Number(fix)]);
    else if (show !== undefined) this.written.select(findings?.[Number(show)]);
    else if ("fixAll" in button.dataset) this.fixAll();
    else if ("override" in button.dataset) this.sending.override();
    else if ("untranslated" in button.dataset) this.sending.send({ untranslated: "1" });
    else if ("again" in button.dataset) this.againByMachine();
    else if ("aside" in button.dataset) this.aside.takeBack();
  }

  /** The field that holds what the customer will read. */
  get written() {
    return this.isTranslating ? this.translationMarks : this.marks;
  }

  fix(finding) {
    if (finding && this.written.replace(finding)) this.corrected();
  }

  fixAll() {
    const fixed = this.preview.result?.fixed;
    if (!fixed) return;
    this.written.field.value = fixed;
    this.corrected();
  }

  corrected() {
    this.edited = this.isTranslating;
    this.written.field.focus();
    this.changed();
    this.preview.look();
  }

  // --- what leaves -------------------------------------------------------------------------------------------------

  fields(more = {}) {
    return { text: this.text.value, language: this.language.value, edited: this.edited ? this.translation.value : "", files: this.files.ids, ...more };
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

  /** After it has been sent. */
  clear() {
    this.text.value = this.translation.value = "";
    this.edited = false;
    this.key = newKey();
    this.drafts.clear();
    this.preview.empty();
    this.aside.forget();
    this.files.clear();
    this.turnText();
    this.text.focus();
  }

  say(text, kind = "") {
    this.said = [text, kind];
    this.alert.textContent = kind ? text : "";
    this.alert.parentElement.hidden = !(kind && text);
    this.status.textContent = kind ? "" : text;
  }

  /** A composer is not replaced under a message that is leaving, nor under a letter or words that are being put together. */
  get isHeld() {
    if (!this.text) return false;
    const isSaying = document.activeElement !== null && document.activeElement === this.find("reason");
    return this.composing || this.sending.isBusy || !this.canned.box.hidden || isSaying;
  }
}
