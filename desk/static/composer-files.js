// Pictures and files of an answer: chosen, dropped or pasted; each goes up at once and waits with the server to be sent.
//
// What has gone up outlives this page: the server is asked for it when the composer opens. What has not is kept here
// while the page is open, and goes up when there is a connection again.

import { post } from "./net.js";

const LIMIT_MS = 120_000;

export class Files {
  constructor(composer) {
    this.composer = composer;
    this.place = composer.root.querySelector("[data-files]");
    this.items = []; // {id, name, size, kind, link, file, node, request, state: waiting, ready, refused, failed}
    if (!this.place) return;
    this.list = this.place.querySelector("[data-file-list]");
    this.shape = this.place.querySelector("template").content.firstElementChild;
    this.said = this.place.querySelector("[data-file-said]");
    this.input = composer.root.querySelector("[data-file-input]");
    this.words = this.place.dataset;
    this.listen();
    this.recall();
  }

  /** Whether something may be sent. */
  get any() {
    return this.items.some(({ state }) => state === "ready");
  }

  /** Whether a file is not there yet or cannot be sent: said, and nothing leaves without it. */
  get isUnready() {
    const is = this.items.some(({ state }) => state !== "ready");
    if (is) this.composer.say(this.words.unready, "problem");
    return is;
  }

  /** Ids of what goes along, as the form names them; of a try that is made again, the same. */
  get ids() {
    return this.items.filter(({ state }) => state === "ready").map(({ id }) => id).join(",");
  }

  listen() {
    const { root } = this.composer;
    root.querySelector("[data-file-add]").addEventListener("click", () => this.input.click());
    this.input.addEventListener("change", () => {
      this.add([...this.input.files]);
      this.input.value = ""; // the same file may be chosen again
    });
    root.addEventListener("paste", (event) => this.onPaste(event));
    root.addEventListener("dragover", (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      root.dataset.dropping = "yes";
    });
    root.addEventListener("dragleave", ({ relatedTarget }) => {
      if (!root.contains(relatedTarget)) delete root.dataset.dropping;
    });
    root.addEventListener("drop", (event) => {
      delete root.dataset.dropping;
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      this.add([...event.dataTransfer.files]);
    });
    this.list.addEventListener("click", ({ target }) => this.onClick(target.closest("button")));
    this.again = () => this.items.filter(({ state }) => state === "failed").forEach((item) => this.send(item));
    document.body.addEventListener("desk:online", this.again);
  }

  /** Words that come with a picture of themselves, as spreadsheets give them, are words. */
  onPaste(event) {
    const files = [...event.clipboardData.files];
    if (!files.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    this.add(files);
  }

  onClick(button) {
    const item = button && this.items.find(({ node }) => node.contains(button));
    if (!item) return;
    if ("fileRetry" in button.dataset) this.send(item);
    else this.remove(item);
  }

  add(files) {
    this.tell("");
    for (const file of files) {
      const { most, bytes } = this.words;
      const isFull = this.items.filter(({ state }) => state !== "refused").length >= Number(most);
      const item = this.show({ name: file.name, size: file.size, kind: file.type.startsWith("image/") ? "image" : "document", file });
      if (isFull) this.refuse(item, this.words.tooMany);
      else if (file.size > Number(bytes)) this.refuse(item, this.words.tooLarge);
      else this.send(item);
    }
    this.composer.text.focus();
  }

  /** What waits with the server since before. */
  async recall() {
    try {
      const answer = await fetch(`${this.composer.address}/files`, { headers: { accept: "application/json" }, signal: AbortSignal.timeout(LIMIT_MS) });
      if (!answer.ok) return;
      const { files } = await answer.json();
      for (const file of files) {
        if (!this.items.some(({ id }) => id === file.id)) this.ready(this.show(file), file);
      }
      if (!files.length) return;
      this.composer.turnText();
      this.composer.preview.look();
    } catch {
      // offline: the banner says so, and the list comes with the next composer
    }
  }

  show(item) {
    item.node = this.shape.cloneNode(true);
    item.node.querySelector("[data-file-name]").textContent = item.name;
    item.node.querySelector("[data-file-size]").textContent = sizeOf(item.size);
    item.node.dataset.kind = item.kind;
    this.label(item, "[data-file-remove]", this.words.remove);
    this.items.push(item);
    this.list.append(item.node);
    this.place.hidden = false;
    return item;
  }

  label(item, selector, words) {
    const button = item.node.querySelector(selector);
    button.setAttribute("aria-label", words.replace("{name}", item.name));
    button.title = button.getAttribute("aria-label");
  }

  send(item) {
    const request = (item.request = new XMLHttpRequest()); // fetch tells nothing of how far it is
    const bar = item.node.querySelector("progress");
    this.state(item, "waiting");
    request.open("POST", `${this.composer.address}/files`);
    request.timeout = LIMIT_MS;
    request.responseType = "json";
    request.setRequestHeader("x-csrf-token", document.querySelector("meta[name=csrf]").content);
    request.setRequestHeader("accept", "application/json");
    request.upload.addEventListener("progress", ({ loaded, total }) => { bar.value = loaded / total; });
    request.addEventListener("load", () => this.arrived(item, request));
    for (const end of ["error", "timeout"]) request.addEventListener(end, () => this.fail(item));
    const form = new FormData();
    form.append("file", item.file);
    request.send(form);
  }

  arrived(item, { status, response }) {
    if (status === 201) {
      const double = this.items.find((other) => other !== item && other.id === response.id);
      if (double) this.drop(item); // the same bytes are the same file
      else this.ready(item, response);
      this.composer.changed();
    } else if (status >= 500 || !response) this.fail(item);
    else this.refuse(item, response.text);
  }

  ready(item, { id, name, size, kind, link }) {
    Object.assign(item, { id, name, size, kind, link });
    item.node.dataset.kind = kind;
    item.node.querySelector("[data-file-name]").textContent = name;
    item.node.querySelector("[data-file-size]").textContent = sizeOf(size);
    if (kind === "image") item.node.querySelector(".file-picture").replaceChildren(pictureOf(link));
    this.state(item, "ready", item.file ? this.words.ready : "");
  }

  refuse(item, why) {
    this.state(item, "refused", why);
    item.node.querySelector("[data-file-why]").textContent = why;
  }

  fail(item) {
    const why = navigator.onLine ? this.words.again : this.words.offline;
    this.state(item, "failed", why);
    item.node.querySelector("[data-file-why]").textContent = why;
  }

  state(item, state, said = "") {
    item.state = state;
    item.node.dataset.state = state;
    item.node.querySelector("progress").hidden = state !== "waiting";
    item.node.querySelector("[data-file-why]").textContent = "";
    item.node.querySelector("[data-file-retry]").hidden = state !== "failed";
    if (said) this.tell(said.replace("{name}", item.name));
    this.composer.turnText();
  }

  tell(text) {
    this.said.textContent = text;
  }

  remove(item) {
    const next = item.node.nextElementSibling ?? item.node.previousElementSibling;
    item.request?.abort();
    if (item.id) post(`${this.composer.address}/files/${item.id}/remove`).catch(() => null); // else it is forgotten in a day
    this.drop(item);
    this.tell(this.words.removed.replace("{name}", item.name));
    (next?.querySelector("[data-file-remove]") ?? this.composer.text).focus();
    this.composer.changed();
  }

  drop(item) {
    item.node.remove();
    this.items = this.items.filter((other) => other !== item);
    this.place.hidden = !this.items.length;
  }

  /** They have been sent. */
  clear() {
    for (const item of [...this.items]) this.drop(item);
  }

  lookAgain() {
    this.clear();
    this.recall();
  }

  /** The composer before this one is gone: what it had not brought up yet is brought up here. */
  takeOver(before) {
    document.body.removeEventListener("desk:online", before.again);
    for (const { name, size, kind, file, state, request, node } of before.items) {
      if (!file || state === "ready") continue;
      request?.abort();
      const item = this.show({ name, size, kind, file });
      if (state === "refused") this.refuse(item, node.querySelector("[data-file-why]").textContent);
      else this.send(item);
    }
  }
}

/** Its name stands beside it. */
function pictureOf(link) {
  const image = new Image();
  image.alt = "";
  image.src = link;
  return image;
}

function sizeOf(bytes) {
  const [value, unit] = bytes < 1_000_000 ? [Math.max(1, Math.round(bytes / 1000)), "kilobyte"] : [bytes / 1_000_000, "megabyte"];
  return new Intl.NumberFormat(document.documentElement.lang || undefined, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
}
