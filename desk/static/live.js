// News of the desk: one stream for the page. Each event becomes desk:<event> on the body.

import { announce } from "./net.js";
import { now as serverNow, setNow } from "./clock.js";
import { recall, remember } from "./store.js";

const EVENTS = ["queue", "conversation", "typing", "alert", "reload"];
const OFFLINE_AFTER_MS = 3_000;
const SILENCE_MS = 45_000; // the server says something every 15 s
const WAITS_MS = [500, 1_000, 2_000, 5_000, 10_000, 20_000];
const HIDDEN_MS = 60_000;

let stream = null;
let tries = 0;
let isOffline = false;
let wasOpen = false;
let heardAt = 0;
const timers = { retry: 0, offline: 0, hidden: 0 };
let releaseLock = null;

function address() {
  const shown = document.querySelector("[data-conversation]")?.dataset.conversation;
  return document.body.dataset.stream + (shown ? `?c=${encodeURIComponent(shown)}` : "");
}

function open() {
  clearTimeout(timers.retry);
  close();
  const made = new EventSource(address());
  stream = made;
  heardAt = Date.now();
  made.addEventListener("ready", (event) => onReady(made, JSON.parse(event.data)));
  for (const name of EVENTS) {
    made.addEventListener(name, (event) => {
      heardAt = Date.now();
      announce(`desk:${name}`, JSON.parse(event.data));
    });
  }
  made.addEventListener("ping", () => { heardAt = Date.now(); });
  made.addEventListener("error", () => {
    if (made === stream) lost();
  });
}

function onReady(made, { now }) {
  if (made !== stream) return;
  heardAt = Date.now();
  tries = 0;
  clearTimeout(timers.offline);
  timers.offline = 0;
  if (now && Math.abs(now * 1000 - serverNow()) > 2_000) setNow(now);
  if (isOffline) {
    isOffline = false;
    announce("desk:online");
  }
  if (wasOpen) announce("desk:reload"); // something may have been missed
  wasOpen = true;
}

// The browser's own retry has no back-off, and gives up for good after some answers: ours does neither.
function lost() {
  close();
  timers.offline ||= setTimeout(goOffline, OFFLINE_AFTER_MS);
  const wait = WAITS_MS[Math.min(tries, WAITS_MS.length - 1)];
  tries += 1;
  timers.retry = setTimeout(open, wait * (0.5 + Math.random()));
}

function close() {
  stream?.close();
  stream = null;
}

function goOffline() {
  if (isOffline) return;
  isOffline = true;
  announce("desk:offline");
}

// A browser opens six connections to one server: of all hidden tabs one keeps its stream, for its alerts.
function onVisibility() {
  clearTimeout(timers.hidden);
  if (!document.hidden) {
    releaseLock?.();
    releaseLock = null;
    if (!stream) open();
    announce("desk:visible");
  } else {
    timers.hidden = setTimeout(restIfOthersWatch, HIDDEN_MS);
  }
}

function restIfOthersWatch() {
  navigator.locks?.request("desk:hidden-stream", { ifAvailable: true }, (lock) => {
    if (!document.hidden) return undefined; // seen again meanwhile
    if (!lock) return rest();
    return new Promise((resolve) => { releaseLock = resolve; });
  });
}

function rest() {
  clearTimeout(timers.retry);
  close();
}

function watchSilence() {
  if (stream && Date.now() - heardAt > SILENCE_MS) lost();
}

/** Whether the page hears of news now. */
export const isOnline = () => !isOffline;

/** The page shows another conversation now. */
export function follow() {
  if (stream || tries === 0) open();
}

export function startLive() {
  if (!document.body.dataset.stream) return;
  open();
  setInterval(watchSilence, 5_000);
  document.addEventListener("visibilitychange", onVisibility);
  document.body.addEventListener("desk:show", follow);
  addEventListener("online", () => { tries = 0; open(); });
  addEventListener("offline", lost);
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted) open(); });
  remember("used", recall("used") ?? "0");
}
