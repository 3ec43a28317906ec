// The page of a conversation: what news, connection, dialogs and typing mean to its parts.

import { offerMentions } from "./thread_mentions.js";
import { listenToModes } from "./thread_modes.js";
import { Thread } from "./thread.js";

const TYPING_MS = 6000;
const HEADER_MS = 250; // a burst of news is one look at the header

const workspace = document.querySelector("[data-conversation]");
const { conversation, me } = workspace.dataset;
const thread = new Thread(document.getElementById("thread"));
const head = document.getElementById("conversation-head");
const dialog = document.getElementById("act");
const { body } = document;

listenToModes(thread.list, () => thread.refresh());
offerMentions(body);

// --- news ------------------------------------------------------------------------------------------------------

let headerTimer;

function changed(wait = HEADER_MS) {
  clearTimeout(headerTimer);
  headerTimer = setTimeout(() => body.dispatchEvent(new CustomEvent("conversation:changed")), wait);
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

/** The button that was pressed may be gone: the keyboard goes on in the messages. */
function keepFocus() {
  if (document.activeElement === body) thread.root.focus({ preventScroll: true });
}

// The pressed button says where to; htmx would have to know it by then.
document.getElementById("do").addEventListener("htmx:configRequest", ({ detail }) => {
  detail.path = detail.triggeringEvent.submitter.getAttribute("formaction");
});
for (const name of ["conversation:done", "conversation:refused"]) {
  body.addEventListener(name, () => {
    dialog.close();
    thread.refresh();
    changed(0);
    keepFocus();
  });
}
let hadFocus = false;
head.addEventListener("htmx:beforeSwap", () => { hadFocus = head.contains(document.activeElement); });
head.addEventListener("htmx:afterSwap", () => { if (hadFocus) keepFocus(); });

// --- dialogs ---------------------------------------------------------------------------------------------------

body.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target !== dialog || dialog.open) return;
  dialog.showModal();
  dialog.querySelector(".dialog-body :is(input:not([type=hidden]), select, textarea, button)")?.focus();
});
dialog.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
});
dialog.addEventListener("close", () => dialog.replaceChildren());

// --- notes -----------------------------------------------------------------------------------------------------

const notes = document.getElementById("side-notes");

function isWritingNote() {
  const field = document.getElementById("note-text");
  return Boolean(field) && (Boolean(field.value) || document.activeElement === field);
}

body.addEventListener("conversation:note", () => {
  if (!isWritingNote()) window.htmx?.trigger(notes, "refresh");
});
// It may have been begun while the notes were on their way.
notes.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.requestConfig.verb === "get" && isWritingNote()) event.preventDefault();
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
