// What would leave: asked for while the agent pauses, shown below the text, with marks in it.

import { recall, remember } from "./store.js";

const AGAIN_MS = 1_200;

export class Preview {
  constructor(composer) {
    this.composer = composer;
    this.place = composer.find("preview");
    this.result = null; // of the text as it stands; null: not known yet
  }

  /** The text is another one: look at it after a pause. */
  lookSoon(pause) {
    this.result = null;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), pause);
  }

  /** Resolves to what would leave; null when there is nothing or a newer text has come. */
  async look() {
    const { composer } = this;
    clearTimeout(this.timer);
    this.fetching?.abort();
    if (composer.isEmpty || composer.length.isTooLong) return this.empty();
    const mine = (this.fetching = new AbortController());
    composer.root.dataset.looking = "yes";
    this.isUnreachable = false;
    try {
      const answer = await composer.post("preview", composer.fields(), mine.signal);
      if (answer.status === 204 || this.fetching !== mine) return null;
      if (answer.status === 401) {
        composer.say(composer.root.dataset.out, "out");
        return null;
      }
      const data = await answer.json();
      if (answer.ok) {
        composer.saying.forget("out");
        return this.show(data);
      }
      composer.say(data.text ?? "", "problem");
      if (answer.status === 429) this.timer = setTimeout(() => this.look(), AGAIN_MS);
    } catch (error) {
      this.isUnreachable = error.name !== "AbortError";
      if (this.isUnreachable) composer.say(composer.root.dataset.offline, "problem");
    } finally {
      if (this.fetching === mine) delete composer.root.dataset.looking;
    }
    return null;
  }

  lookIfUnknown() {
    if (!this.result && !this.composer.isEmpty) this.lookSoon(0);
  }

  empty() {
    this.result = null;
    this.place.replaceChildren();
    this.composer.marks.clear();
    this.composer.translationMarks.clear();
    delete this.composer.root.dataset.looking;
    return null;
  }

  show(result) {
    const { composer } = this;
    this.result = result;
    this.put(result.html);
    const isNew = composer.isTranslating && result.text !== undefined && !composer.edited;
    if (isNew) composer.translation.value = result.text;
    if (composer.isTranslating && result.text === undefined) composer.translation.value = "";
    composer.marks.clear();
    composer.translationMarks.clear();
    const { value } = composer.written.field;
    if (result.text !== undefined && value.trim() === result.text) {
      composer.written.show(shifted(value, result.findings), shifted(value, result.terms));
    }
    composer.turnText();
    return result;
  }

  /** Below the text; what was opened and begun there stays. */
  put(html) {
    const reason = this.composer.find("reason")?.value ?? "";
    const opened = this.place.querySelector("details[data-shown]")?.open ?? recall("bubbles") === "open";
    this.place.innerHTML = html; // ours, every value in it escaped
    const details = this.place.querySelector("details[data-shown]");
    if (details) {
      details.open = opened;
      details.addEventListener("toggle", () => remember("bubbles", details.open ? "open" : "closed"));
    }
    const field = this.composer.find("reason");
    if (reason && field) {
      field.value = reason;
      field.closest("details").open = true;
    }
  }
}

/** The server's places count from the first letter; the field may have white space before it. */
function shifted(value, spans) {
  const by = value.length - value.trimStart().length;
  return spans.map((span) => ({ ...span, start: span.start + by, end: span.end + by }));
}
