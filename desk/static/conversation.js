// The page of a conversation: what news, connection, dialogs and typing mean to its parts.

import { offerMentions } from "./thread_mentions.js";
import { listenToModes } from "./thread_modes.js";
import { Thread } from "./thread.js";

const TYPING_MS = 6000;
const HEADER_MS = 250; // a burst of news is one look at the header

const workspace = document.querySelector("[data-conversation]");
const { conversation, me } = workspace.dataset;
const thread = new Thread(document.getElementById("thread"));
const dialog = document.getElementById("act");
const { body } = document;

listenToModes(thread.list, () => thread.refresh());
offerMentions(body);

// --- news ------------------------------------------------------------------------------------------------------

let headerTimer;

function changed() {
  clearTimeout(headerTimer);
  headerTimer = setTimeout(() => body.dispatchEvent(new CustomEvent("conversation:changed")), HEADER_MS);
}

body.addEventListener("desk:conversation", ({ detail }) => {
  if (detail.id !== conversation) return;
  thread.refresh();
  changed();
});
body.addEventListener("desk:offline", () => {
  thread.lost = true;
  thread.say("offline");
});
body.addEventListener("desk:online", () => {
  thread.refresh();
  changed();
});
body.addEventListener("desk:reload", () => {
  thread.refresh();
  changed();
});
document.addEventListener("visibilitychange", () => !document.hidden && thread.refresh());

// --- what the agent does ---------------------------------------------------------------------------------------

body.addEventListener("conversation:done", () => {
  dialog.close();
  thread.refresh();
  setTimeout(() => {
    // The button that was pressed may be gone: the keyboard goes on in the messages.
    if (document.activeElement === body) thread.root.focus({ preventScroll: true });
  }, 50);
});
body.addEventListener("conversation:refused", () => {
  dialog.close();
  thread.refresh();
  changed();
});
body.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target !== dialog || dialog.open) return;
  dialog.showModal();
  dialog.querySelector(".dialog-body :is(input:not([type=hidden]), select, textarea, button)")?.focus();
});
dialog.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
});
dialog.addEventListener("close", () => dialog.replaceChildren());
body.addEventListener("conversation:note", () => {
  const field = document.getElementById("note-text");
  const writes = field && (field.value || document.activeElement === field);
  if (!writes) window.htmx?.trigger("#side-notes", "refresh");
});

// --- typing ----------------------------------------------------------------------------------------------------

const typing = document.getElementById("typing");
const typingText = document.getElementById("typing-text");
let typingTimer;

function showTyping(text) {
  clearTimeout(typingTimer);
  typing.hidden = !text;
  typingText.textContent = text;
  if (text) typingTimer = setTimeout(() => showTyping(""), TYPING_MS);
  if (text && thread.stuck) thread.toEnd();
}

body.addEventListener("desk:typing", ({ detail }) => {
  if (detail.id !== conversation || detail.who === me) return;
  const { customer, agent } = typingText.dataset;
  const name = detail.name || String(detail.who).replace(/^agent:/, "");
  showTyping(detail.on ? (detail.who === "customer" ? customer : agent.replace("{who}", name)) : "");
});
body.addEventListener("conversation:wrote", () => showTyping(""));
