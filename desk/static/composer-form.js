// What an agent writes: text, language, translation, ready replies, the draft. The server decides; this only shows it.
//
// What else can be sent than text (files) hangs on five members: `isEmpty`, `fields()`, `draft`, `goOn()` and `clear()`.

import { Aside } from "./composer-aside.js";
import { Canned } from "./composer-canned.js";
import { Corrections } from "./composer-corrections.js";
import { Drafts, newKey } from "./composer-draft.js";
import { Files } from "./composer-files.js";
import { Kept } from "./composer-kept.js";
import { Length } from "./composer-length.js";
import { Marks } from "./composer-marks.js";
import { Preview } from "./composer-preview.js";
import { Said } from "./composer-said.js";
import { Sending } from "./composer-sending.js";
import { Typing } from "./composer-typing.js";
import { recall, remember } from "./store.js";
import { toast } from "./toast.js";

const PAUSE_MS = 450;
const LIMIT_MS = 20_000;

export class Composer {
  /** `turns`: whose turn it is (composer-turns.js). `before`: the composer that this one replaces. */
  constructor(root, turns, before) {
    const { conversation, agent, turn, follows } = root.dataset;
    Object.assign(this, { root, turns, conversation, turn, key: newKey(), edited: false, composing: false });
    this.address = `/desk/c/${conversation}`;
    this.drafts = new Drafts(conversation, agent, follows);
    this.text = root.querySelector("[data-text]");
    const isSame = before?.conversation === conversation;
    const draft = (isSame && before.draft) || this.drafts.read();
    before?.typing?.end();
    if (!this.text) return this.lose(draft, isSame && Boolean(before.text));
    this.translation = root.querySelector("[data-translation]");
    this.language = root.querySelector("[data-language]");
    this.saying = new Said(root);
    this.marks = new Marks(this.text);
    this.translationMarks = new Marks(this.translation);
    this.aside = new Aside(this);
    this.preview = new Preview(this);
    this.sending = new Sending(this);
    this.files = new Files(this);
    this.length = new Length(this);
    this.typing = new Typing(this.address);
    this.corrections = new Corrections(this);
    this.canned = new Canned(root, `${this.address}/canned`, (given) => this.aside.insert(given), () => {
      this.text.focus();
      turns.catchUp();
    });
    const isEarly = Boolean(this.text.value); // written before this script was there
    const chosen = this.language.selectedIndex > 0 && this.language.value;
    this.listen();
    this.restore(draft);
    if (chosen) this.choose(chosen);
    if (isEarly) this.onText();
    if (before?.text) this.goOn(before);
  }

  /** Nothing can be written now; what was begun stays to be read. `hasJust`: it could be a moment ago. */
  lose(draft, hasJust) {
    this.kept = new Kept(this.root, this.drafts, draft);
    const { taken } = this.root.dataset;
    if (hasJust && draft?.text && taken) toast(taken, "warn");
  }

  /** What was said and put aside in the composer that this one replaces. */
  goOn(before) {
    this.aside.keep(before.aside.kept);
    this.say(...before.saying.said);
    if (before.conversation === this.conversation) this.files.takeOver(before.files);
  }

  find(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  // --- what is written ---------------------------------------------------------------------------------------------

  restore(kept) {
    const wanted = kept?.language ?? recall(`writing:${this.root.dataset.customer}`);
    if (wanted) this.choose(wanted, Boolean(kept));
    if (kept && !this.text.value) this.put(kept);
    this.turnText();
    if (this.text.value) this.preview.look();
  }

  put({ text, edited, key }) {
    this.key = key ?? newKey(); // a try whose answer was lost may have sent it: again, it is the same message
    this.text.value = text;
    this.edited = Boolean(edited);
    this.translation.value = edited ?? "";
  }

  /** As another window has it now; null: nothing. That one looks what would leave, this one when it is used. */
  adopt(draft) {
    this.put(draft ?? { text: "" });
    if (draft) this.choose(draft.language, true);
    this.preview.empty();
    this.turnText();
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
    this.length.show();
    this.find("send").disabled = this.sending.isBusy || this.isEmpty || this.length.isTooLong;
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
    this.onTyped();
  }

  onTranslation() {
    this.edited = true;
    this.changed();
    this.onTyped();
  }

  onTyped() {
    if (this.isEmpty) this.typing.stop();
    else this.typing.goOn();
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
    if (!this.text) return this.kept.draft;
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

  /** The field that holds what the customer will read. */
  get written() {
    return this.isTranslating ? this.translationMarks : this.marks;
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
    this.typing.stop();
    this.turnText();
    this.text.focus();
  }

  /** `kind`: problem, out, sent (composer-said.js). */
  say(text, kind = "") {
    this.saying.say(text, kind);
  }

  /** A composer is not replaced under a message that is leaving, nor under a letter or words that are being put together. */
  get isHeld() {
    if (!this.text) return false;
    const isSaying = document.activeElement !== null && document.activeElement === this.find("reason");
    return this.composing || this.sending.isBusy || !this.canned.box.hidden || isSaying;
  }
}
