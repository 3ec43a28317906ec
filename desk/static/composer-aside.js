// Approved words in the text: what they mean in the agent's language, and what they have put aside.

export class Aside {
  constructor(composer) {
    this.composer = composer;
    this.kept = null; // {text, language}
    this.place = composer.find("aside");
    this.meaning = composer.find("meaning");
  }

  /** What the composer before this one had put aside. */
  keep(kept) {
    this.kept = kept;
    this.place.hidden = !kept;
  }

  forget() {
    this.keep(null);
    this.meaning.hidden = true;
  }

  /** In their own language, past every machine. What stood there in another one is put aside. */
  insert({ insert: words, language, own, ownLanguage }) {
    const { composer } = this;
    const { text } = composer;
    const from = composer.language.value;
    if (language && language !== from) {
      if (text.value.trim()) this.keep({ text: text.value, language: from });
      text.value = words;
      composer.choose(language, true);
    } else {
      const before = text.value.slice(0, text.selectionStart);
      text.setRangeText((before && !/\s$/.test(before) ? "\n" : "") + words, text.selectionStart, text.selectionEnd, "end");
    }
    this.explain(own, ownLanguage);
    text.focus();
    composer.againByMachine();
  }

  explain(own, language) {
    this.meaning.hidden = !own;
    const place = this.meaning.querySelector("[data-meaning-text]");
    place.textContent = own ?? "";
    place.lang = language ?? "";
  }

  takeBack() {
    if (!this.kept) return;
    this.composer.text.value = this.kept.text;
    this.composer.choose(this.kept.language);
    this.forget();
    this.composer.againByMachine();
    this.composer.text.focus();
  }
}
