// How long a text may be: nothing is cut, the writer is told by how much it is too long.

const NEAR = 0.9; // of the most: from here on it is counted aloud

export class Length {
  constructor(composer) {
    this.composer = composer;
    this.place = composer.find("length");
    this.most = Number(this.place.dataset.most);
  }

  /** By how many characters it is too long, as the server counts them; 0 or less: it is not. */
  get over() {
    const { text, translation, edited } = this.composer;
    const fields = edited ? [text, translation] : [text];
    return Math.max(...fields.map(({ value }) => lengthOf(value.trim()))) - this.most;
  }

  get isTooLong() {
    return this.over > 0;
  }

  show() {
    const { over, most } = this;
    const { left, tooLong } = this.place.dataset;
    const number = new Intl.NumberFormat(document.documentElement.lang || undefined);
    const words = over > 0 ? tooLong.replace("{over}", number.format(over)) : left.replace("{left}", number.format(-over));
    this.place.hidden = over <= most * (NEAR - 1);
    this.place.toggleAttribute("data-over", over > 0);
    this.place.textContent = this.place.hidden ? "" : words;
    for (const field of [this.composer.text, this.composer.translation]) {
      field.toggleAttribute("data-over", lengthOf(field.value.trim()) > most);
    }
  }
}

/** In characters: what lies beyond the first plane counts once. */
function lengthOf(text) {
  return text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);
}
