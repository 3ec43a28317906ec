// Tells the others, the customer among them, that an answer is being written: at most every three seconds, until it ends.

const AGAIN_MS = 3_000;
const STOPPED_MS = 4_000;

export class Typing {
  constructor(address) {
    this.address = `${address}/typing`;
    this.toldAt = 0; // 0: nobody was told, or all know that it has ended
    this.sent = Promise.resolve();
    this.leave = () => this.stop(true);
    addEventListener("pagehide", this.leave);
  }

  /** A letter was written or taken away. */
  goOn() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.stop(), STOPPED_MS);
    if (this.toldAt && Date.now() - this.toldAt < AGAIN_MS) return;
    this.toldAt = Date.now();
    this.tell(1);
  }

  /** `isLeaving`: the page goes away and cannot wait. */
  stop(isLeaving = false) {
    clearTimeout(this.timer);
    if (!this.toldAt) return;
    this.toldAt = 0;
    if (isLeaving) this.post(0);
    else this.tell(0);
  }

  /** The composer is gone. */
  end() {
    this.stop();
    removeEventListener("pagehide", this.leave);
  }

  // One after the other: what ends it must not come first.
  tell(on) {
    this.sent = this.sent.then(() => this.post(on));
  }

  post(on) {
    return fetch(this.address, {
      method: "POST",
      headers: { "x-csrf-token": document.querySelector("meta[name=csrf]").content, accept: "application/json" },
      body: new URLSearchParams({ on }),
      keepalive: true,
      signal: AbortSignal.timeout(AGAIN_MS),
    }).catch(() => null); // it is news of a moment: too late it is wrong
  }
}
