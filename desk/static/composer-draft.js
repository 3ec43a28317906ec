// What is written and not sent, for this conversation and this person; signing out forgets it (shell.js).

import { recall, remember } from "./store.js";

const OLD_MS = 14 * 86_400_000;

export class Drafts {
  constructor(conversation, agent) {
    this.name = `draft:${conversation}:${agent}`;
  }

  read() {
    try {
      const kept = JSON.parse(recall(this.name) ?? "null");
      return kept && typeof kept.text === "string" && Date.now() - kept.at < OLD_MS ? kept : null;
    } catch {
      return null;
    }
  }

  write(draft) {
    if (draft.text || draft.edited) remember(this.name, JSON.stringify({ ...draft, at: Date.now() }));
    else this.clear();
  }

  clear() {
    remember(this.name, null);
  }
}

/** A word that no other form has. */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
