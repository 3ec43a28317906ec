// Unsent messages: kept in storage, sent one after the other, each with the same id until the server has it.

const ACCEPT_MS = 10000;
const AGAIN_MS = 3000;
const MAX_KEPT = 50;

class Outbox {
  /** `hooks`: link, position(), onAccepted(frame), onRefused(item, refusal) → true to give the message up. */
  constructor(hooks) {
    this.hooks = hooks;
    this.busy = false;
    this.waiting = null;
  }

  /** Unsent messages, oldest first. */
  get items() {
    const kept = store.read().outbox;
    return Array.isArray(kept) ? kept.filter((item) => item && item.id) : [];
  }

  add(item) {
    store.write({ outbox: [...this.items, item].slice(-MAX_KEPT) });
    this.flush();
  }

  remove(id) {
    store.write({ outbox: this.items.filter((item) => item.id !== id) });
  }

  replace(id, item) {
    store.write({ outbox: this.items.map((kept) => (kept.id === id ? item : kept)) });
  }

  /** Send what is there; does nothing while that is under way or there is no connection. */
  async flush() {
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.hooks.link.usable && this.items.length) await this.sendFirst();
    } finally {
      this.busy = false;
    }
  }

  async sendFirst() {
    const item = this.items[0];
    try {
      this.settle(await this.deliver(item));
    } catch (error) {
      if (!(error instanceof Refusal)) return sleep(AGAIN_MS); // no answer: the same id goes out again
      if (this.hooks.onRefused(item, error)) this.remove(item.id);
      else await sleep(Math.max(error.retryAfter * 1000, 250));
    }
    return undefined;
  }

  /** The server has a message. */
  settle(frame) {
    this.remove(frame.id);
    this.hooks.onAccepted(frame);
  }

  /** The answer to a message that went out by the socket. */
  answer(frame) {
    const waiting = this.waiting && this.waiting.id === frame.id ? this.waiting : null;
    if (frame.type === "error") return waiting && waiting.fail(new Refusal(frame));
    return waiting ? waiting.done(frame) : this.settle(frame);
  }

  deliver(item) {
    const frame = frameOf(item);
    if (!this.hooks.link.send(frame)) return this.post(frame);
    return new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error("no answer")), ACCEPT_MS);
      const end = (call) => (value) => {
        clearTimeout(timer);
        this.waiting = null;
        call(value);
      };
      this.waiting = { id: item.id, done: end(done), fail: end(fail) };
    });
  }

  /** The connection is gone: do not wait for an answer that cannot come. */
  interrupt() {
    if (this.waiting) this.waiting.fail(new Error("connection lost"));
  }

  post(frame) {
    const { token, conversation } = this.hooks.position();
    const path = frame.type === "button" ? "buttons" : "messages";
    return ask("POST", path, { token, body: frame, query: { conversation } });
  }
}

function frameOf({ id, text, message, index }) {
  return message ? { type: "button", id, message, index } : { type: "message", id, text };
}
