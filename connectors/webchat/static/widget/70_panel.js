// The chat window: launcher, header, log, composer. It knows elements, not conversations.

class Panel {
  /** `hooks`: onOpen, onClose, onSend(text), onLanguage(code), onNew, onTyping. */
  constructor(hooks) {
    this.hooks = hooks;
    this.open = false;
    this.unread = 0;
    this.host = el("div", { "data-aftersail": true });
    this.root = this.host.attachShadow({ mode: "open" });
    this.dress();
    this.build();
    document.body.append(this.host);
    this.followKeyboard();
  }

  dress() {
    const sheet = new CSSStyleSheet(); // allowed where a page's policy forbids inline styles
    sheet.replaceSync(STYLE);
    this.root.adoptedStyleSheets = [sheet];
  }

  build() {
    this.badge = el("span", { class: "badge", "aria-hidden": "true", hidden: true });
    this.launcher = iconButton("chat", {
      class: "launcher",
      "aria-expanded": "false",
      "aria-controls": "panel",
      onclick: () => this.setOpen(!this.open),
    });
    this.launcher.append(icon("close"), this.badge);
    this.panel = el(
      "section",
      { id: "panel", class: "panel", role: "dialog", "aria-modal": "false", "aria-labelledby": "title", hidden: true },
      this.buildHeader(),
      this.buildMenu(),
      this.buildBody(),
      this.buildComposer(),
      this.buildConfirm(),
    );
    this.panel.addEventListener("keydown", (event) => event.key === "Escape" && this.escape(event));
    this.announcer = el("p", { class: "hidden", role: "status" }); // the log is silent while the window is closed
    this.frame = el("div", { class: "frame" }, this.panel, this.launcher, this.announcer);
    this.root.append(this.frame);
  }

  buildHeader() {
    this.avatar = el("span", { class: "avatar", "aria-hidden": "true" });
    this.title = el("h2", { id: "title" });
    this.subtitle = el("p", { class: "subtitle" });
    this.menuButton = iconButton("more", {
      class: "tool",
      "aria-expanded": "false",
      "aria-controls": "menu",
      onclick: () => this.setMenu(this.menu.hidden),
    });
    this.closeButton = iconButton("close", { class: "tool", onclick: () => this.setOpen(false) });
    return el(
      "header",
      {},
      this.avatar,
      el("div", { class: "names" }, this.title, this.subtitle),
      this.menuButton,
      this.closeButton,
    );
  }

  buildMenu() {
    this.languages = el("select", { id: "languages", onchange: () => this.hooks.onLanguage(this.languages.value) });
    this.languageLabel = el("label", { for: "languages" });
    this.newButton = el("button", { type: "button", class: "entry", onclick: () => this.setConfirm(true) });
    this.menu = el(
      "div",
      { id: "menu", class: "menu", role: "group", hidden: true },
      this.languageLabel,
      this.languages,
      this.newButton,
    );
    return this.menu;
  }

  buildBody() {
    this.banner = el("p", { class: "banner", role: "status" });
    this.log = el("div", { class: "log", role: "log", tabindex: "0" });
    this.greeting = el("div", { class: "greeting" });
    this.typing = el("div", { class: "typing", role: "status" });
    this.scroller = el("div", { class: "scroller", onscroll: () => this.onScroll() }, this.greeting, this.log, this.typing);
    this.jump = el("button", { type: "button", class: "jump", hidden: true, onclick: () => this.toEnd() });
    return el("div", { class: "body" }, this.banner, this.scroller, this.jump);
  }

  buildComposer() {
    this.notice = el("div", { class: "notice", role: "alert" });
    this.counter = el("span", { class: "counter", hidden: true });
    this.input = el("textarea", {
      rows: "1",
      enterkeyhint: "send",
      oninput: () => this.onInput(),
      onkeydown: (event) => this.onKey(event),
    });
    this.sendButton = iconButton("send", { class: "send", onclick: () => this.submit() });
    this.composer = el("div", { class: "composer" }, this.input, this.counter, this.sendButton);
    return el("footer", {}, this.notice, this.composer);
  }

  buildConfirm() {
    this.question = el("p", { id: "question" });
    this.yes = el("button", { type: "button", class: "primary", onclick: () => this.answerConfirm(true) });
    this.no = el("button", { type: "button", class: "plain", onclick: () => this.answerConfirm(false) });
    const box = el(
      "div",
      { class: "box", role: "alertdialog", "aria-modal": "true", "aria-labelledby": "question" },
      this.question,
      el("div", { class: "choices" }, this.no, this.yes),
    );
    this.confirm = el("div", { class: "confirm", hidden: true }, box);
    return this.confirm;
  }

  /** Write every word again, after the language changed. */
  reword() {
    setAll(this.frame, { lang: words.language, dir: words.dir });
    this.title.textContent = say("title");
    this.avatar.textContent = [...words.brand][0] || "";
    this.subtitle.textContent = say("subtitle");
    setAll(this.log, { "aria-label": say("history") });
    this.greeting.replaceChildren(icon("hello"), el("p", {}, words.greeting));
    label(this.menuButton, say("menu"));
    setAll(this.menu, { "aria-label": say("menu") });
    label(this.closeButton, say("close"));
    label(this.sendButton, say("send"));
    setAll(this.input, { placeholder: say("placeholder"), "aria-label": say("placeholder") });
    this.turnInput();
    this.languageLabel.textContent = say("language");
    this.newButton.replaceChildren(icon("plus"), say("new_conversation"));
    this.jump.replaceChildren(say("new_messages"), icon("down"));
    this.question.textContent = say("new_confirm");
    this.yes.textContent = say("yes");
    this.no.textContent = say("no");
    this.languages.replaceChildren(
      ...words.languages.map(({ code, name }) => el("option", { value: code, lang: code }, name)),
    );
    this.languages.value = words.language;
    this.labelLauncher();
  }
}
