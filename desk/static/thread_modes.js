// Which language of a message is shown: the original, the translation, or both; for one message or for all.

const KEY = "aftersail-desk-mode";
const MODES = ["original", "translation", "both"];

/** The mode chosen for all messages; empty: each shows what suits its language. */
export function modeOf() {
  try {
    return sessionStorage.getItem(KEY) || "";
  } catch {
    return ""; // no storage: nothing is remembered
  }
}

/** Let a message show what was chosen for it, or for all. */
export function applyMode(message) {
  if (!message.dataset.translation || message.dataset.translation === "none") return;
  if (!message.dataset.chosen && modeOf()) message.dataset.mode = modeOf();
  const { mode } = message.dataset;
  message.querySelectorAll("[data-mode-set]").forEach((button) => press(button, button.dataset.modeSet === mode));
}

/** Buttons of messages and those for all; `wants` is called when a translation may have to be made. */
export function listenToModes(list, wants) {
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mode-set]");
    if (!button) return;
    const message = button.closest(".message");
    message.dataset.chosen = "yes";
    message.dataset.mode = button.dataset.modeSet;
    applyMode(message);
    if (message.dataset.translation === "wanted" && message.dataset.mode !== "original") wants();
  });
  const all = [...document.querySelectorAll("[data-mode-all]")];
  all.forEach((button) => button.addEventListener("click", () => chooseAll(list, all, button.dataset.modeAll, wants)));
  document.querySelector("[data-mode-next]").addEventListener("click", () => {
    const next = MODES[(MODES.indexOf(modeOf()) + 1) % MODES.length];
    chooseAll(list, all, next, wants);
  });
  all.forEach((button) => press(button, button.dataset.modeAll === modeOf()));
}

function chooseAll(list, buttons, mode, wants) {
  try {
    sessionStorage.setItem(KEY, mode);
  } catch {
    // no storage: it holds until the page is left
  }
  buttons.forEach((button) => press(button, button.dataset.modeAll === mode));
  const messages = [...list.querySelectorAll(".message[data-translation]")];
  messages.forEach((message) => {
    delete message.dataset.chosen;
    if (message.dataset.translation !== "none") message.dataset.mode = mode;
    applyMode(message);
  });
  if (mode !== "original" && messages.some((message) => message.dataset.translation === "wanted")) wants();
}

function press(button, on) {
  button.setAttribute("aria-pressed", String(on));
}
