// What is written and not sent, for this conversation and this person; signing out forgets it (shell.js).

import { nameOf, recall, remember } from "./store.js";

const OLD_MS = 14 * 86_400_000;

export class Drafts {
  /** `follows`: the person's conversation before this one; what was begun there is gone on with here. */
  constructor(conversation, agent, follows = "") {
    this.name = `draft:${conversation}:${agent}`;
    if (follows) this.move(`draft:${follows}:${agent}`);
  }

  move(from) {
    const kept = read(recall(from));
    if (!kept) return;
    if (!this.read()) remember(this.name, JSON.stringify(kept));
    if (this.read()) remember(from, null);
  }

  read() {
    return read(recall(this.name));
  }

  write(draft) {
    if (draft.text || draft.edited) remember(this.name, JSON.stringify({ ...draft, at: Date.now() }));
    else this.clear();
  }

  clear() {
    remember(this.name, null);
  }

  /** What another window did with it, told by the browser: {before, now}, each null when there is none; undefined: nothing. */
  changeIn({ key, oldValue, newValue }) {
    return key === nameOf(this.name) ? { before: read(oldValue), now: read(newValue) } : undefined;
  }
}

function read(value) {
  try {
    const kept = JSON.parse(value ?? "null");
    return kept && typeof kept.text === "string" && Date.now() - kept.at < OLD_MS ? kept : null;
  } catch {
    return null;
  }
}

/** Another window has the same draft: what is done with it there is done here, unless this one has its own by now. */
export function followOther(composer, event) {
  const change = composer.drafts.changeIn(event);
  if (!change) return;
  if (!composer.text) composer.kept.show(change.now);
  else if (!composer.sending.isBusy && composer.text.value === (change.before?.text ?? "")) composer.adopt(change.now);
}

/** A word that no other form has. */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
