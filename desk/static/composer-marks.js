// Marks in a text field: the same text lies behind it, transparent, with marks that show through.

export class Marks {
  constructor(field) {
    this.field = field;
    this.behind = field.parentElement.querySelector("[data-behind]");
    field.addEventListener("input", () => this.clear());
    field.addEventListener("scroll", () => { this.behind.scrollTop = field.scrollTop; });
  }

  clear() {
    this.behind.replaceChildren();
    this.field.removeAttribute("aria-invalid");
  }

  /** `findings` stop the text, `terms` are the market's words in it; each {start, end} in UTF-16 units. */
  show(findings, terms) {
    const text = this.field.value;
    const spans = [...findings.map((one) => ({ ...one, look: "gate-mark" })), ...terms.map((one) => ({ ...one, look: "term" }))]
      .filter(({ start, end }) => start < end && end <= text.length)
      .sort((one, other) => one.start - other.start || other.end - one.end);
    const parts = [];
    let at = 0;
    for (const { start, end, look } of spans) {
      if (start < at) continue;
      const mark = document.createElement("mark");
      mark.className = look;
      mark.textContent = text.slice(start, end);
      parts.push(text.slice(at, start), mark);
      at = end;
    }
    this.behind.dir = this.field.dir;
    this.behind.lang = this.field.lang;
    // A line end at the end takes no room of its own in a block.
    this.behind.replaceChildren(...parts, `${text.slice(at)}\u200b`);
    this.behind.scrollTop = this.field.scrollTop;
    this.field.toggleAttribute("aria-invalid", false);
    if (findings.length) this.field.setAttribute("aria-invalid", "true");
  }

  /** Put `fix` in the place of a finding; false when the text has changed since. */
  replace({ start, end, found, fix }) {
    if (this.field.value.slice(start, end) !== found) return false;
    this.field.setRangeText(fix, start, end, "end");
    return true;
  }

  select({ start, end }) {
    this.field.focus();
    this.field.setSelectionRange(start, end);
  }
}
