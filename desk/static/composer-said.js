// What a composer says of what was done: below the text, or aloud where something went wrong.

const SENT_MS = 8_000; // how long it is said

export class Said {
  constructor(root) {
    this.alert = root.querySelector("[data-alert]");
    this.status = root.querySelector("[data-status]");
    this.way = root.querySelector("[data-sign-in]");
    this.said = ["", ""];
  }

  /** `kind`: problem; out: they have to sign in again; sent: goes by itself; none: what happens now. */
  say(text, kind = "") {
    clearTimeout(this.fading);
    this.said = [text, kind];
    const isBad = ["problem", "out"].includes(kind);
    this.alert.textContent = isBad ? text : "";
    this.alert.parentElement.hidden = !(isBad && text);
    this.way.hidden = kind !== "out";
    this.status.textContent = isBad ? "" : text;
    if (kind === "sent") this.fading = setTimeout(() => this.say(""), SENT_MS);
  }

  get isOut() {
    return this.said[1] === "out";
  }

  /** No longer said, if it is said now: a text or a kind. */
  forget(what) {
    if (this.said.includes(what)) this.say("");
  }
}
