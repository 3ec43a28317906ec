// Whose turn it is to write: when that changes, the server's new composer takes the place of the one that is shown.

import { goBack, keyboardIn } from "./composer-keyboard.js";
import { fetchPart } from "./net.js";

const LIMIT_MS = 20_000;

export class Turns {
  /** `make(root, before)`: starts the composer that is in the page now. */
  constructor(make) {
    this.make = make;
    this.current = null; // the composer that is shown
    this.reloading = null; // while the server's new one is on its way
    this.isStale = false; // it has to be looked at again as soon as it may be replaced
  }

  /** Start what is in the page, if that is not done. */
  begin() {
    const root = document.querySelector("[data-composer]");
    if (!root || this.current?.root === root) return;
    this.current = this.make(root, this.current);
    root.dataset.ready = "yes";
  }

  /** It could not be replaced a moment ago. */
  catchUp() {
    if (!this.isStale || this.current.isHeld) return;
    this.isStale = false;
    this.ask();
  }

  async ask() {
    const asked = this.current;
    if (!asked) return;
    if (asked.isHeld || this.reloading) {
      this.isStale = true;
      return;
    }
    try {
      const answer = await fetch(`${asked.address}/composer/state`, { headers: { accept: "application/json" }, signal: AbortSignal.timeout(LIMIT_MS) });
      if (!answer.ok || asked !== this.current) return;
      const { turn, cost } = await answer.json();
      const place = asked.find("cost");
      if (place) place.innerHTML = cost; // ours
      if (turn !== asked.turn) this.reload();
    } catch {
      // offline: the banner says so
    }
  }

  reload() {
    if (this.reloading) return;
    if (this.current.isHeld) this.isStale = true;
    else this.reloading = this.replace().finally(() => { this.reloading = null; this.catchUp(); });
  }

  /** In one go: no letter falls between the old one and the new one. */
  async replace() {
    const page = await fetchPart(`${this.current.address}/composer`, LIMIT_MS).catch(() => null);
    if (!page) return; // the next look finds the same
    if (this.current.isHeld) {
      this.isStale = true;
      return;
    }
    const { root } = this.current;
    const keyboard = keyboardIn(this.current);
    const made = document.adoptNode(page.querySelector("[data-composer]"));
    root.replaceWith(made);
    window.htmx.process(made);
    this.begin();
    if (keyboard) goBack(this.current, keyboard);
  }
}
