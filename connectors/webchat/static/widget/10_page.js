// What the page says about itself. The parts of this folder run inside one function, in the order of their names.

const SCRIPT = document.currentScript;
const BASE = new URL(".", SCRIPT.src);
const PAGE = {
  market: (SCRIPT.dataset.market || "").toUpperCase(),
  language: SCRIPT.dataset.language || "",
  identity: SCRIPT.dataset.identity || "",
  locale: document.documentElement.lang || "",
};

/** Body of POST /webchat/session, without what is remembered. */
function describePage() {
  return {
    market: PAGE.market,
    language: PAGE.language,
    page_locale: PAGE.locale,
    browser_languages: [...(navigator.languages || [])],
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone || "",
  };
}

/** A random id; the same id is the same message for the server. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID(); // only on https and localhost
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
