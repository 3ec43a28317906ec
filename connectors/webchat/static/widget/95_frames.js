// What the server tells the conversation, and what it is told besides messages. Then everything starts.

Object.assign(App.prototype, {
  take(frame) {
    const handlers = {
      ready: () => this.ready(frame),
      accepted: () => this.outbox.answer(frame),
      message: () => this.message(frame),
      status: () => this.rows.setStatusOf(this.conversation, frame),
      typing: () => this.setTyping(frame.on, frame.who),
      owner: () => this.setOwner(frame.owner),
      language: () => this.changeWords(frame),
      error: () => this.failed(frame),
    };
    if (Object.hasOwn(handlers, frame.type)) handlers[frame.type]();
  },

  ready({ conversation }) {
    this.switchTo(conversation);
    this.outbox.flush();
  },

  /** Show another conversation; a wanted one begins on an empty screen. */
  switchTo(conversation, beforeClientId) {
    if (conversation === this.conversation) return;
    if (this.wantsNew) this.rows.clear();
    else if (this.rows.list.length) this.rows.divide(beforeClientId);
    this.wantsNew = false;
    this.conversation = conversation;
    this.since = 0;
    store.write({ conversation });
    this.outbox.items.forEach((item) => this.rows.addUnsent(item));
    this.welcome();
  },

  message(frame) {
    this.since = Math.max(this.since, frame.seq);
    const isMine = frame.author === "customer";
    if (frame.client_id) this.outbox.remove(frame.client_id);
    const { isNew } = this.rows.take(this.conversation, frame);
    this.welcome();
    if (!isNew) return;
    if (!isMine) this.setTyping(false);
    this.panel.follow(!isMine);
    if (!isMine && !this.panel.open) this.panel.setUnread(this.panel.unread + 1);
    this.tellSeen();
  },

  setTyping(on, who) {
    clearTimeout(this.typingTimer);
    this.panel.setTyping(on, who);
    if (on) this.typingTimer = setTimeout(() => this.panel.setTyping(false), TYPING_MS);
  },

  setOwner(owner) {
    if (owner !== "bot") this.setTyping(false);
    this.owner = owner;
    this.panel.subtitle.textContent = say(owner === "agent" ? "with_person" : "subtitle");
  },

  setState(state) {
    clearTimeout(this.bannerTimer);
    if (state === "online") {
      this.panel.setBanner("");
      this.outbox.flush();
      return;
    }
    this.outbox.interrupt();
    this.setTyping(false);
    const name = state === "connecting" && !this.outbox.items.length ? "connecting" : "offline";
    this.bannerTimer = setTimeout(() => this.panel.setBanner(say(name)), BANNER_MS);
  },

  failed(frame) {
    if (frame.code === "expired" || frame.code === "wrong_token") this.expire();
    else if (frame.id) this.outbox.answer(frame);
  },

  /** The session is over; what was not sent is kept for the next. */
  expire() {
    this.link.stop();
    this.token = undefined;
    store.write({ token: undefined, conversation: undefined });
    const run = () => {
      this.panel.clearNotice();
      this.rows.clear();
      this.join();
      this.panel.input.focus();
    };
    this.panel.setNotice("expired", say("expired"), { text: say("new_conversation"), run });
  },

  async startOver() {
    if (!this.rows.list.length) return;
    this.wantsNew = true;
    store.write({ outbox: [] });
    if (!this.token) return;
    if (this.link.send({ type: "new_conversation" })) return;
    await this.tell("conversations", {}, (frame) => this.ready(frame));
  },

  async chooseLanguage(code) {
    this.panel.setMenu(false, true);
    await this.join();
    if (this.link.send({ type: "language", code })) return;
    await this.tell("language", { code }, (frame) => this.changeWords(frame));
  },

  /** Say something by HTTP that is not a message; a failure is shown, not kept. */
  async tell(path, body, done = () => undefined) {
    try {
      done(await ask("POST", path, { token: this.token, body, query: { conversation: this.conversation } }));
    } catch {
      this.panel.setNotice("error", say("error"));
    }
  },

  changeWords(frame) {
    this.token = frame.token;
    store.write({ token: frame.token });
    learnWords(frame);
    this.panel.reword();
    this.rows.reword();
    this.setOwner(this.owner);
  },

  /** Tell what has arrived, and whether it is on the screen; once for many rows. */
  tellSeen() {
    const read = this.panel.open && !document.hidden;
    const now = `${this.conversation}:${this.since}:${read}`;
    if (!this.token || !this.since || this.seen === now) return;
    clearTimeout(this.seenTimer);
    this.seenTimer = setTimeout(() => {
      this.seen = now;
      const body = { seq: this.since, read };
      if (!this.link.send({ type: "seen", ...body }) && this.link.usable) this.tell("seen", body);
    }, SEEN_MS);
  },

  tellTyping() {
    const now = Date.now();
    if (now - (this.typedAt || 0) < TYPING_GAP_MS) return;
    this.typedAt = now;
    this.link.send({ type: "typing" });
  },
});

async function start() {
  const languages = [PAGE.language, PAGE.locale, ...(navigator.languages || [])].filter(Boolean).join(",");
  for (let wait = 2000; ; wait = Math.min(wait * 2, 60000)) {
    try {
      const config = await ask("GET", "config", { query: { market: PAGE.market, languages } });
      learnWords(config);
      if (!config.allowed) console.warn(`Aftersail: add ${location.origin} to AFTERSAIL_ALLOWED_ORIGINS`);
      new App(config).begin();
      return;
    } catch (error) {
      if (error instanceof Refusal && !error.retryAfter) return console.warn(`Aftersail: ${error.message}`);
      await sleep(wait);
    }
  }
}

if (document.body) start();
else addEventListener("DOMContentLoaded", start);
