// A draft whose conversation somebody else has now: to be read, copied and kept as a note; it is not sent.

import { newKey } from "./composer-draft.js";
import { post } from "./net.js";
import { toast } from "./toast.js";

const MOST_NOTE = 4_000; // characters of one note

export class Kept {
  constructor(root, drafts, draft) {
    Object.assign(this, { root, drafts, draft });
    this.place = root.querySelector("[data-kept]");
    this.field = this.place?.querySelector("textarea");
    this.place?.addEventListener("click", ({ target }) => this.onClick(target.closest("button")));
    this.show(draft);
  }

  show(draft) {
    this.draft = draft;
    if (!this.place) return;
    this.place.hidden = !draft?.text;
    this.field.value = draft?.text ?? "";
    this.field.lang = draft?.language ?? "";
  }

  onClick(button) {
    if (!button) return;
    if ("keptCopy" in button.dataset) this.copy();
    else this.note(button);
  }

  async copy() {
    this.field.select();
    // Only pages of an encrypted address, or of this computer, have the newer one.
    const isDone = navigator.clipboard ? await navigator.clipboard.writeText(this.field.value).then(() => true, () => false) : document.execCommand("copy");
    toast(isDone ? this.place.dataset.copied : this.place.dataset.failed, isDone ? "ok" : "error");
  }

  async note(button) {
    button.disabled = true;
    const { noted, failed } = this.place.dataset;
    try {
      const parts = this.field.value.match(new RegExp(`[^]{1,${MOST_NOTE}}`, "gu")) ?? [];
      for (const text of parts) await this.write(text);
      this.drafts.clear();
      this.show(null);
      toast(noted, "ok");
      document.body.dispatchEvent(new CustomEvent("conversation:done"));
      window.htmx.trigger("#side-notes", "refresh");
    } catch {
      toast(failed, "error");
    } finally {
      button.disabled = false;
    }
  }

  async write(text) {
    const seen = document.getElementById("seen")?.value ?? this.root.dataset.seen;
    const answer = await post(`/desk/c/${this.root.dataset.conversation}/notes`, { key: newKey(), seen, text });
    if (!answer.ok) throw new Error(`${answer.status} instead of a note`);
  }
}
