// Buttons under a message.

Object.assign(Rows.prototype, {
  drawChoices(row) {
    if (!row.buttons || !row.buttons.length) return null;
    const buttons = row.buttons.map((title, index) =>
      el("button", { type: "button", class: "choice", dir: "auto", onclick: () => this.press(row, index) }, title),
    );
    row.choices = el("div", { class: "choices", role: "group", lang: row.language || null }, buttons);
    return row.choices;
  },

  press(row, index) {
    this.markChosen(row, row.buttons[index]);
    this.panel.input.focus();
    this.hooks.onPress(row, index, row.buttons[index]);
  },

  /** The customer has written: earlier choices are closed, and the one that was taken is marked. */
  closeChoices(text) {
    for (const row of this.list) if (row.choices && !row.chosen) this.markChosen(row, text);
  },

  markChosen(row, title) {
    row.chosen = true;
    [...row.choices.children].forEach((button, index) => {
      button.disabled = true;
      if (row.buttons[index] !== title) return;
      button.setAttribute("aria-pressed", "true");
      button.prepend(icon("check"));
    });
  },
});
