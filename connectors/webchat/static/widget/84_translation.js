// What was translated says so, and whether a person has checked it, with the original one tap away.

Object.assign(Rows.prototype, {
  drawTranslation(row) {
    if (!row.translation) return null;
    row.translationLabel = el("span", {});
    row.translationSwitch = row.translation.original
      ? el("button", { type: "button", class: "original", "aria-pressed": "false", onclick: () => this.turnTranslation(row) })
      : null;
    return el("p", { class: "source translation" }, icon("languages"), row.translationLabel, row.translationSwitch);
  },

  /** Show the other of the two texts. */
  turnTranslation(row) {
    row.showsOriginal = !row.showsOriginal;
    const { original, language, dir } = row.translation;
    const shown = row.showsOriginal ? { text: original, language, dir } : row;
    setAll(row.bubble, { lang: shown.language || null, dir: shown.dir });
    row.bubble.replaceChildren(...textNodes(shown.text));
    this.wordTranslation(row);
  },

  wordTranslation(row) {
    if (!row.translationLabel) return;
    const { original, checked } = row.translation;
    row.translationLabel.textContent = say(!original ? "not_translated" : checked ? "checked_translation" : "machine_translation");
    if (!row.translationSwitch) return;
    row.translationSwitch.textContent = say(row.showsOriginal ? "show_translation" : "show_original");
    setAll(row.translationSwitch, { "aria-pressed": String(Boolean(row.showsOriginal)) });
  },
});
