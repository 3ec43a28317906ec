// The chat window in use: opening, keys, scrolling, notices.

const NEAR_END_PX = 80;
const COUNT_FROM = 200; // characters left when the counter appears

Object.assign(Panel.prototype, {
  setOpen(open, { focus = true } = {}) {
    if (open === this.open) return;
    this.open = open;
    show(this.panel, open);
    setAll(this.launcher, { "aria-expanded": String(open) });
    this.frame.classList.toggle("opened", open);
    if (open) this.setUnread(0);
    else this.setMenu(false);
    this.labelLauncher();
    if (focus) (open ? this.input : this.launcher).focus();
    if (open) this.toEnd();
    this.hooks[open ? "onOpen" : "onClose"]();
  },

  labelLauncher() {
    const unread = this.unread ? `. ${say("new_messages")}: ${numberOf(this.unread)}` : "";
    label(this.launcher, this.open ? say("close") : say("open") + unread);
  },

  setUnread(count) {
    this.unread = count;
    this.badge.textContent = count > 9 ? "9+" : numberOf(count);
    show(this.badge, count > 0);
    this.announcer.textContent = count ? `${say("new_messages")}: ${numberOf(count)}` : "";
    this.labelLauncher();
  },

  escape(event) {
    event.stopPropagation();
    if (event.isComposing) return;
    if (!this.confirm.hidden) this.answerConfirm(false);
    else if (!this.menu.hidden) this.setMenu(false, true);
    else this.setOpen(false);
  },

  setMenu(open, focus = open) {
    if (open === !this.menu.hidden) return;
    show(this.menu, open);
    setAll(this.menuButton, { "aria-expanded": String(open) });
    if (focus) (open ? this.languages : this.menuButton).focus();
  },

  setConfirm(open) {
    this.setMenu(false, false);
    show(this.confirm, open);
    for (const part of this.panel.children) if (part !== this.confirm) part.inert = open;
    (open ? this.no : this.input).focus();
  },

  answerConfirm(yes) {
    this.setConfirm(false);
    if (yes) this.hooks.onNew();
  },

  onKey(event) {
    // While an input method is composing, Enter chooses a word; Safari says so only by 229.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.submit();
  },

  /** An empty field runs as the page's language does, a filled one as its first letters do. */
  turnInput() {
    setAll(this.input, { dir: this.input.value ? "auto" : words.dir });
  },

  onInput() {
    this.turnInput();
    this.grow();
    const left = words.limit - lengthOf(this.input.value);
    show(this.counter, left <= COUNT_FROM);
    this.counter.textContent = numberOf(left);
    this.counter.classList.toggle("over", left < 0);
    if (left >= 0) this.clearNotice("too_long");
    if (this.input.value) this.hooks.onTyping();
  },

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 132)}px`;
  },

  submit() {
    const text = this.input.value.trim();
    this.input.focus();
    if (!text) return;
    if (lengthOf(text) > words.limit) {
      this.setNotice("too_long", say("too_long", { limit: numberOf(words.limit) }));
      return;
    }
    this.input.value = "";
    this.onInput();
    this.hooks.onSend(text);
  },

  /** Show an error until it is cleared; `action` {text, run} adds a button. */
  setNotice(kind, text, action) {
    this.noticeKind = kind;
    const button = action && el("button", { type: "button", class: "plain", onclick: action.run }, action.text);
    this.notice.replaceChildren(...[el("span", {}, text), button].filter(Boolean));
  },

  /** Take the notice away; with a kind only when it is of that kind. */
  clearNotice(kind) {
    if (kind && kind !== this.noticeKind) return;
    this.noticeKind = "";
    this.notice.replaceChildren();
  },

  setBanner(text) {
    if (this.banner.textContent !== text) this.banner.textContent = text;
  },

  setTyping(on, who) {
    if (on === this.typing.hasChildNodes()) return;
    const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    const name = who === "agent" ? el("span", { class: "author" }, say("agent")) : null;
    this.typing.replaceChildren(...(on ? [name, dots, el("span", { class: "hidden" }, say("typing"))].filter(Boolean) : []));
    this.follow();
  },

  /** True when the end of the log is on the screen. */
  isAtEnd() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < NEAR_END_PX;
  },

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.stuck = true;
    show(this.jump, false);
  },

  /** Keep the end in sight when it was; otherwise say that there is something new. */
  follow(isNews = false) {
    if (this.stuck !== false) this.toEnd();
    else if (isNews) show(this.jump, true);
  },

  onScroll() {
    this.stuck = this.isAtEnd();
    if (this.stuck) show(this.jump, false);
  },

  /** On a phone the keyboard covers half the screen: fit the window into what is left. */
  followKeyboard() {
    if (!window.visualViewport) return;
    const fit = () => this.frame.style.setProperty("--screen", `${window.visualViewport.height}px`);
    window.visualViewport.addEventListener("resize", fit);
    fit();
  },
});
