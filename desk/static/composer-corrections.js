// What the buttons below a text do: put right what must not leave, show it, translate again, send all the same.

export class Corrections {
  constructor(composer) {
    this.composer = composer;
    composer.root.addEventListener("click", (event) => this.onClick(event));
  }

  onClick({ target }) {
    const button = target.closest("button");
    if (!button) return;
    const { composer } = this;
    const { fix, show } = button.dataset;
    const findings = composer.preview.result?.findings;
    if (fix !== undefined) this.fix(findings?.[Number(fix)]);
    else if (show !== undefined) composer.written.select(findings?.[Number(show)]);
    else if ("fixAll" in button.dataset) this.fixAll();
    else if ("override" in button.dataset) composer.sending.override();
    else if ("untranslated" in button.dataset) composer.sending.send({ untranslated: "1" });
    else if ("again" in button.dataset) composer.againByMachine();
    else if ("aside" in button.dataset) composer.aside.takeBack();
  }

  fix(finding) {
    if (finding && this.composer.written.replace(finding)) this.corrected();
  }

  fixAll() {
    const fixed = this.composer.preview.result?.fixed;
    if (!fixed) return;
    this.composer.written.field.value = fixed;
    this.corrected();
  }

  corrected() {
    const { composer } = this;
    composer.edited = composer.isTranslating;
    composer.written.field.focus();
    composer.changed();
    composer.preview.look();
  }
}
