// The rail and the banner: appearance, presence, counts, signing out.

import { announce, post } from "./net.js";
import { toast } from "./toast.js";
import { forget, recall, remember } from "./store.js";

const BEAT_MS = 45_000;
const USED_MS = 300_000;
const HEALED_MS = 4_000;

let usedAt = Date.now();

function showTheme() {
  const theme = recall("theme") ?? "auto";
  for (const item of document.querySelectorAll("[data-theme-choice]")) {
    item.setAttribute("aria-checked", String(item.dataset.themeChoice === theme));
  }
}

function chooseTheme(theme) {
  remember("theme", theme === "auto" ? null : theme);
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  showTheme();
}

function startTheme() {
  document.addEventListener("click", ({ target }) => {
    const item = target.closest("[data-theme-choice]");
    if (item) chooseTheme(item.dataset.themeChoice);
  });
  addEventListener("storage", showTheme);
  showTheme();
}

function startBanner() {
  const banner = document.getElementById("offline");
  let healed = 0;
  const say = (text, kind) => {
    clearTimeout(healed);
    banner.dataset.kind = kind;
    banner.textContent = text;
  };
  document.body.addEventListener("desk:offline", () => say(banner.dataset.offline, "bad"));
  document.body.addEventListener("desk:online", () => {
    say(banner.dataset.online, "ok");
    healed = setTimeout(() => say("", ""), HEALED_MS);
  });
}

/** Shows a number at an item of the rail: queue, alerts, compensations. */
export function setCount(name, number) {
  const count = document.getElementById(`rail-${name}`);
  if (!count) return;
  count.hidden = !number;
  count.textContent = number > 99 ? "99+" : String(number);
}

async function countAlerts() {
  if (!document.getElementById("rail-alerts") || document.hidden) return;
  const answer = await fetch("/desk/alerts/count", { headers: { accept: "application/json" } }).catch(() => null);
  if (answer?.ok) setCount("alerts", (await answer.json()).unseen);
}

function startAlerts() {
  if (!document.body.dataset.stream) return;
  document.body.addEventListener("desk:alert", ({ detail }) => {
    if (detail.text) toast(detail.text, detail.kind === "info" ? "info" : "warn");
    countAlerts();
  });
  for (const name of ["desk:visible", "desk:reload", "desk:alerts-seen"]) document.body.addEventListener(name, countAlerts);
  document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful && detail.requestConfig?.path?.startsWith("/desk/alerts/")) countAlerts();
  });
  countAlerts();
}

function showPresence(button, presence) {
  const isHere = presence === "here";
  button.setAttribute("aria-pressed", String(isHere));
  button.querySelector(".dot").dataset.kind = isHere ? "ok" : "off";
  button.querySelector("[data-presence-text]").textContent = button.dataset[presence];
}

async function switchPresence(button) {
  const wanted = button.getAttribute("aria-pressed") === "true" ? "away" : "here";
  const answer = await post("/desk/presence", { presence: wanted }).catch(() => null);
  if (!answer?.ok) {
    toast(document.getElementById("toasts").dataset[answer ? "failed" : "noNetwork"], "error");
    return;
  }
  showPresence(button, wanted);
  announce("desk:presence", { presence: wanted });
}

// Any request says that somebody is there; this one also tells what another tab or a lead has switched.
async function beat(button) {
  if (document.hidden || Date.now() - usedAt > USED_MS) return;
  const answer = await fetch("/desk/presence", { headers: { accept: "application/json" } }).catch(() => null);
  if (answer?.redirected) location.reload(); // signed out elsewhere: the server says where to
  else if (answer?.ok) showPresence(button, (await answer.json()).presence);
}

function startPresence() {
  const button = document.getElementById("presence");
  if (!button) return;
  button.addEventListener("click", () => switchPresence(button));
  for (const name of ["pointerdown", "keydown", "wheel"]) {
    addEventListener(name, () => { usedAt = Date.now(); }, { passive: true });
  }
  setInterval(() => beat(button), BEAT_MS);
  document.body.addEventListener("desk:visible", () => beat(button));
  beat(button);
}

// What was written and not sent is not left on a computer that others may use. Where one tab is signed out, all are.
function startSignOut() {
  document.addEventListener("submit", ({ target }) => {
    if (!target.matches("[data-sign-out]")) return;
    forget("draft:");
    remember("leaving", "1");
  });
  // A session that has just run out is another thing: its drafts are kept.
  if (!document.body.dataset.stream && recall("leaving")) {
    forget("draft:"); // another tab may have written one meanwhile
    remember("leaving", null);
    remember("signed-out", String(Date.now()));
  }
  addEventListener("storage", ({ key }) => {
    if (key === "desk:signed-out" && document.body.dataset.stream) checkSession();
  });
}

async function checkSession() {
  const answer = await fetch("/desk/presence", { headers: { accept: "application/json" } }).catch(() => null);
  if (answer?.redirected) location.reload();
}

function startBack() {
  const back = document.querySelector("[data-back]");
  if (!back || history.length < 2) return;
  back.hidden = false;
  back.addEventListener("click", () => history.back());
}

export function startShell() {
  startTheme();
  startBanner();
  startAlerts();
  startPresence();
  startSignOut();
  startBack();
}
