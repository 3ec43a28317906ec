// The conversation: what the window, the connection and the outbox mean to each other.

const TYPING_MS = 20000;
const TYPING_GAP_MS = 3000;
const BANNER_MS = 1500;
const SEEN_MS = 300;

class App {
  constructor({ allowed }) {
    this.allowed = allowed;
    this.since = 0;
    this.owner = "bot";
    this.panel = new Panel({
      onOpen: () => this.opened(),
      onClose: () => tab.write({ open: false }),
      onSend: (text) => this.send({ text }),
      onLanguage: (code) => this.chooseLanguage(code),
      onNew: () => this.startOver(),
      onTyping: () => this.tellTyping(),
    });
    this.rows = new Rows(this.panel, {
      onPress: (row, index, text) => this.send({ text, message: row.id, index }),
      onRetry: (row) => this.retry(row),
    });
    const position = () => ({ token: this.token, since: this.since, conversation: this.conversation });
    this.link = new Link({ position, onFrame: (frame) => this.take(frame), onState: (state) => this.setState(state) });
    this.outbox = new Outbox({
      link: this.link,
      position,
      onAccepted: (frame) => this.accepted(frame),
      onRefused: (item, refusal) => this.refused(item, refusal),
    });
    document.addEventListener("visibilitychange", () => this.tellSeen());
  }

  /** Show the launcher; go on with the conversation that is remembered. */
  begin() {
    this.panel.reword();
    this.welcome();
    if (!this.allowed) return;
    if (store.read().token) this.join();
    if (tab.read().open) this.panel.setOpen(true, { focus: false });
  }

  opened() {
    tab.write({ open: true });
    if (!this.allowed) {
      this.panel.setNotice("blocked", say("blocked"));
      this.panel.input.disabled = this.panel.sendButton.disabled = true;
      return;
    }
    this.join();
    this.tellSeen();
  }

  /** Nothing was written yet: show who is here. */
  welcome() {
    const empty = !this.rows.list.length;
    this.panel.frame.classList.toggle("empty", empty);
  }

  /** Open the session once; try again until the server answers. */
  async join() {
    if (this.joining || this.token) return;
    this.joining = true;
    for (let wait = 1000; !this.token; wait = Math.min(wait * 2, 30000)) {
      try {
        this.enter(await openSession());
      } catch (error) {
        this.joining = error instanceof Refusal && error.code !== "unavailable" && error.code !== "too_fast" ? null : true;
        if (!this.joining) return this.panel.setNotice("error", say("error"), this.again());
        this.setState("offline");
        await sleep(Math.max(wait, (error.retryAfter || 0) * 1000));
      }
    }
    this.joining = false;
    return undefined;
  }

  again() {
    const run = () => {
      this.panel.clearNotice();
      this.join();
    };
    return { text: say("retry"), run };
  }

  enter(session) {
    this.token = session.token;
    this.conversation = session.conversation;
    store.write({ token: session.token, conversation: session.conversation });
    learnWords(session);
    this.panel.reword();
    const history = session.history || [];
    this.rows.restore(this.conversation, history);
    this.since = history.length ? history.at(-1).seq : 0;
    this.outbox.items.forEach((item) => this.rows.addUnsent(item));
    this.welcome();
    this.tellSeen();
    this.link.start();
  }

  /** Write something: it is shown and kept at once, and sent as soon as it can be. */
  send(content) {
    const item = { id: newId(), at: Date.now() / 1000, ...content };
    this.panel.clearNotice();
    this.rows.addUnsent(item);
    this.welcome();
    this.outbox.add(item);
    this.join();
  }

  retry(row) {
    this.rows.forget(row.clientId);
    this.send({ text: row.text });
  }

  accepted(frame) {
    this.switchTo(frame.conversation, frame.id);
    this.rows.accept(frame.conversation, frame);
    this.panel.clearNotice("too_fast");
  }

  /** True when the message is given up. */
  refused(item, { code }) {
    const row = this.rows.byClient.get(item.id);
    if (code === "too_fast") this.panel.setNotice("too_fast", say("too_fast"));
    if (code === "too_fast" || code === "unavailable") return false;
    if (code === "old_button") {
      // The words of the button still say what the customer wants.
      this.outbox.replace(item.id, { id: item.id, at: item.at, text: item.text });
      return false;
    }
    if (code === "expired" || code === "wrong_token") {
      this.expire();
      return false;
    }
    if (row) this.rows.setStatus(row, "not_sent");
    const tooLong = say("too_long", { limit: numberOf(words.limit) });
    this.panel.setNotice(code, code === "too_long" ? tooLong : say("error"));
    return true;
  }
}

/** A session for what is remembered; for a stranger when the token or the shop's proof is no longer good. */
async function openSession() {
  const kept = store.read();
  const body = { ...describePage(), identity: PAGE.identity, token: kept.token, conversation: kept.conversation };
  const renounce = { wrong_identity: ["identity"], expired: ["token", "conversation"], wrong_token: ["token", "conversation"] };
  for (;;) {
    try {
      return await ask("POST", "session", { body });
    } catch (error) {
      const given = (renounce[error.code] || []).filter((name) => body[name]);
      if (!given.length) throw error;
      given.forEach((name) => delete body[name]);
    }
  }
}
