// The messages in the log. Each row is shown once, in the order of its number; rows are never drawn again.

const JOIN_S = 120; // messages of one author within this time stand together
const FACES = new Set(["bot", "agent"]);

// We know the direction of what we wrote. A customer mixes languages; "auto" looks past numbers and links in <bdi>.
const directionOf = (row) => (row.author === "customer" ? "auto" : row.dir);

class Rows {
  /** `hooks`: onPress(row, index, title), onRetry(row). */
  constructor(panel, hooks) {
    this.panel = panel;
    this.hooks = hooks;
    this.clear();
  }

  clear() {
    this.list = []; // rows as shown: {key, clientId, author, at, node, …}
    this.byKey = new Map();
    this.byClient = new Map();
    this.panel.log.replaceChildren();
  }

  /** Add many without a screen reader reading them all out. */
  restore(conversation, frames) {
    setAll(this.panel.log, { "aria-live": "off" });
    frames.forEach((frame) => this.take(conversation, frame));
    setTimeout(() => setAll(this.panel.log, { "aria-live": null }), 500);
    this.panel.toEnd();
  }

  /** The row of a message from the server, and whether it is new on this screen. */
  take(conversation, frame) {
    const key = `${conversation}:${frame.seq}`;
    const mine = frame.client_id && this.byClient.get(frame.client_id);
    const known = this.byKey.get(key) || mine;
    if (known) {
      this.number(known, key, frame);
      return { row: known, isNew: false };
    }
    const row = this.add({ ...frame, key, clientId: frame.client_id });
    return { row, isNew: true };
  }

  /** A message that is not with the server yet. */
  addUnsent(item) {
    if (this.byClient.has(item.id)) return;
    const row = { author: "customer", text: item.text, dir: "auto", at: item.at, clientId: item.id, status: "sending" };
    this.add(row);
    this.panel.toEnd();
  }

  accept(conversation, frame) {
    const row = this.byClient.get(frame.id);
    if (!row) return;
    const status = row.status === "sending" ? "received" : row.status; // polling may have told more already
    this.number(row, `${conversation}:${frame.seq}`, { at: frame.at, status });
  }

  number(row, key, { at, language, status }) {
    if (!row.key) {
      row.key = key;
      this.byKey.set(key, row);
    }
    row.at = at;
    if (language) setAll(row.bubble, { lang: language });
    this.setStatus(row, status);
  }

  setStatusOf(conversation, { seq, status }) {
    const row = this.byKey.get(`${conversation}:${seq}`);
    if (row) this.setStatus(row, status);
  }

  /** A conversation ended and the next begins; what was written stays on the screen. */
  divide(beforeClientId) {
    const rule = el("hr", { class: "divider" });
    const row = this.byClient.get(beforeClientId);
    this.panel.log.insertBefore(rule, row ? row.node : null);
  }

  forget(clientId) {
    const row = this.byClient.get(clientId);
    if (!row) return;
    row.node.remove();
    this.byClient.delete(clientId);
    this.list = this.list.filter((item) => item !== row);
  }

  add(row) {
    const before = this.list.at(-1);
    this.markDay(row, before);
    this.draw(row, before);
    this.list.push(row);
    if (row.key) this.byKey.set(row.key, row);
    if (row.clientId) this.byClient.set(row.clientId, row);
    this.panel.log.append(row.node);
    if (row.author === "customer") this.closeChoices(row.text);
    return row;
  }

  markDay(row, before) {
    const day = dayOf(row.at);
    if (before && dayOf(before.at) === day) return;
    if (!before && day === dayOf(Date.now() / 1000)) return;
    this.panel.log.append(el("p", { class: "day" }, day));
  }

  draw(row, before) {
    const joined = before && before.author === row.author && row.at - before.at < JOIN_S;
    if (joined) before.node.classList.add("followed");
    row.bubble = el("div", { class: "bubble", lang: row.language || null, dir: directionOf(row) }, textNodes(row.text));
    row.meta = el("p", { class: "meta" });
    row.authorName = el("span", { class: row.author === "customer" || joined ? "hidden" : "author" });
    const face = FACES.has(row.author) && !joined ? (row.face = el("span", { class: "face", "aria-hidden": "true" })) : null;
    const parts = [face, row.authorName, this.drawFiles(row), row.text ? row.bubble : null, this.drawTranslation(row), this.drawChoices(row), this.drawSource(row), row.meta];
    row.node = el("div", { class: `row ${row.author}${joined ? " joined" : ""}` }, parts);
    this.wordRow(row);
  }

  wordRow(row) {
    const names = { customer: say("you"), bot: say("bot"), agent: say("agent"), system: "" };
    row.authorName.textContent = names[row.author] ?? "";
    if (row.face) row.face.textContent = [...(row.author === "agent" ? say("agent") : words.brand)][0] || "";
    if (row.choices) setAll(row.choices, { "aria-label": row.text.slice(0, 80) || say("menu") });
    if (row.sourceLabel) row.sourceLabel.textContent = `${say("source")}: `;
    this.wordTranslation(row);
    this.setStatus(row, row.status);
  }

  /** Write labels and times again, after the language changed. */
  reword() {
    this.list.forEach((row) => this.wordRow(row));
  }

  drawSource(row) {
    if (!row.source || !row.source.title) return null;
    const { title, url } = row.source;
    row.sourceLabel = el("span", {});
    const text = el("bdi", {}, title);
    const link = url && isSafe(url) ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text) : text;
    return el("p", { class: "source" }, icon("book"), el("span", { title }, row.sourceLabel, link));
  }

  setStatus(row, status) {
    row.status = status;
    if (row.author === "system") return;
    const time = el("time", { datetime: new Date(row.at * 1000).toISOString() }, timeOf(row.at));
    row.meta.replaceChildren(...[time, ...this.drawStatus(row)]);
    row.node.classList.toggle("failed", row.status === "not_sent");
    row.node.classList.toggle("unsent", row.status === "sending");
  }

  drawStatus(row) {
    if (row.author !== "customer") return [];
    if (row.status === "not_sent") {
      const retry = el("button", { type: "button", class: "retry", onclick: () => this.hooks.onRetry(row) }, say("retry"));
      return [" · ", el("span", { class: "bad" }, say("not_sent")), " ", retry];
    }
    const name = { sending: "sending", received: "sent", handled: "delivered", failed: "sent" }[row.status] || "sent";
    return [" · ", el("span", { class: "state" }, say(name))];
  }
}
