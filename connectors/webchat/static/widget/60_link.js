// The connection: a socket, and polling while no socket can be had.

const PING_MS = 25000;
const PONG_MS = 10000;
const READY_MS = 10000;
const MAX_WAIT_MS = 30000;
const POLL_AFTER = 3; // failed sockets
const POLL_MS = 2500;
const POLL_HIDDEN_MS = 15000;

class Link {
  /** `hooks`: onFrame(frame), onState("connecting" | "online" | "offline"), position() → {token, since, conversation}. */
  constructor(hooks) {
    this.hooks = hooks;
    this.failures = 0;
    this.running = false;
    this.polling = false;
    this.socket = null;
    this.ready = false;
    addEventListener("online", () => this.running && this.retryNow());
    addEventListener("offline", () => this.running && this.lose());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.running && !this.ready) this.retryNow();
    });
  }

  start() {
    if (this.running) return;
    this.running = true;
    this.failures = 0;
    this.connect();
  }

  stop() {
    this.running = false;
    this.polling = false;
    clearTimeout(this.timer);
    this.drop();
  }

  /** True when messages can be sent, by whichever way. */
  get usable() {
    return this.ready || this.polling;
  }

  /** True when the frame went out by the socket. */
  send(frame) {
    if (!this.ready || this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  retryNow() {
    clearTimeout(this.timer);
    if (!this.ready) this.connect();
    if (this.polling) this.poll(this.round);
  }

  connect() {
    this.drop();
    const url = new URL("webchat/socket", BASE);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    let socket;
    try {
      socket = new WebSocket(url);
    } catch {
      return this.lose(); // the page's policy forbids sockets
    }
    this.socket = socket;
    this.giveUp = setTimeout(() => this.lose(), READY_MS);
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", ...this.hooks.position() }));
    socket.onmessage = (event) => this.socket === socket && this.take(event.data);
    socket.onclose = () => this.socket === socket && this.lose();
    return undefined;
  }

  take(data) {
    const frame = JSON.parse(data);
    clearTimeout(this.pong);
    if (frame.type === "ready" && !this.ready) this.arrive();
    if (frame.type === "error" && !this.ready) this.failures = Math.max(this.failures, POLL_AFTER - 1);
    if (frame.type !== "pong") this.hooks.onFrame(frame);
  }

  arrive() {
    clearTimeout(this.giveUp);
    this.ready = true;
    this.failures = 0;
    this.polling = false;
    this.pinger = setInterval(() => this.ping(), PING_MS);
    this.hooks.onState("online");
  }

  ping() {
    clearTimeout(this.pong);
    this.pong = setTimeout(() => this.lose(), PONG_MS);
    this.send({ type: "ping" });
  }

  drop() {
    const socket = this.socket;
    this.socket = null;
    this.ready = false;
    clearTimeout(this.giveUp);
    clearTimeout(this.pong);
    clearInterval(this.pinger);
    if (socket) socket.close();
  }

  lose() {
    this.drop();
    if (!this.running) return;
    this.failures += 1;
    if (!this.polling) this.hooks.onState(navigator.onLine === false ? "offline" : "connecting");
    if (this.failures >= POLL_AFTER && !this.polling) this.startPolling();
    const longest = Math.min(500 * 2 ** this.failures, MAX_WAIT_MS);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), longest * (0.5 + Math.random() / 2));
  }

  startPolling() {
    this.polling = true;
    this.poll((this.round = {}));
  }

  /** Ask again and again while `round` is the current round and no socket is ready. */
  async poll(round) {
    clearTimeout(this.pollTimer);
    if (!this.polling || this.round !== round) return;
    const more = await this.pollOnce(round);
    if (!this.polling || this.round !== round) return;
    clearTimeout(this.pollTimer);
    const pause = more ? 0 : document.hidden ? POLL_HIDDEN_MS : POLL_MS;
    this.pollTimer = setTimeout(() => this.poll(round), pause);
  }

  async pollOnce(round) {
    const { token, since, conversation } = this.hooks.position();
    try {
      const answer = await ask("GET", "messages", { token, query: { since, conversation } });
      if (!this.polling || this.round !== round) return false;
      this.hooks.onFrame({ type: "ready", conversation: answer.conversation, last_seq: answer.last_seq });
      answer.frames.forEach((frame) => this.hooks.onFrame(frame));
      this.hooks.onState("online");
      return answer.more;
    } catch (error) {
      if (!this.polling) return false;
      if (error instanceof Refusal && error.code !== "unavailable") this.hooks.onFrame({ type: "error", code: error.code });
      else this.hooks.onState("offline");
      return false;
    }
  }
}
