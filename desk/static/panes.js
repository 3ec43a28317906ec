// The three parts of a conversation's page: widths, the details in and out of sight, and one at a time on a phone.

import { recall, remember } from "./store.js";

const LIMITS = { queue: [200, 520], side: [260, 640] };
const STEP = 24;

function widthOf(workspace, name) {
  return workspace.querySelector(`.pane-${name}`).getBoundingClientRect().width;
}

function setWidth(workspace, name, pixels) {
  const [least, most] = LIMITS[name];
  const width = Math.round(Math.max(least, Math.min(most, pixels)));
  workspace.style.setProperty(`--${name}-width`, `${width}px`);
  const grip = workspace.querySelector(`[data-grip="${name}"]`);
  grip?.setAttribute("aria-valuenow", String(width));
  remember(`width:${name}`, String(width));
}

function startGrip(workspace, grip) {
  const name = grip.dataset.grip;
  const [least, most] = LIMITS[name];
  grip.setAttribute("aria-valuemin", String(least));
  grip.setAttribute("aria-valuemax", String(most));
  const kept = Number(recall(`width:${name}`));
  if (kept) setWidth(workspace, name, kept);
  else grip.setAttribute("aria-valuenow", String(Math.round(widthOf(workspace, name)) || least));
  const sign = () => ((getComputedStyle(workspace).direction === "rtl") === (name === "side") ? 1 : -1);
  grip.addEventListener("pointerdown", (event) => {
    grip.setPointerCapture(event.pointerId);
    const [from, width] = [event.clientX, widthOf(workspace, name)];
    grip.toggleAttribute("data-dragging", true);
    const move = (moved) => setWidth(workspace, name, width + sign() * (moved.clientX - from));
    grip.addEventListener("pointermove", move);
    grip.addEventListener("lostpointercapture", () => {
      grip.removeEventListener("pointermove", move);
      grip.toggleAttribute("data-dragging", false);
    }, { once: true });
  });
  grip.addEventListener("keydown", (event) => {
    const step = { ArrowRight: STEP, ArrowLeft: -STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    setWidth(workspace, name, widthOf(workspace, name) + sign() * step);
  });
}

/** Shows one part on a phone: queue, thread, side. */
export function showPane(name) {
  const workspace = document.querySelector(".workspace");
  if (!workspace) return;
  workspace.dataset.pane = name;
  for (const button of workspace.querySelectorAll(".pane-go")) {
    button.setAttribute("aria-pressed", String(button.dataset.paneGo === name));
  }
}

// --- the details beside a conversation: a column, a drawer where there is no room for one, on a phone a part of its own

const isDrawer = () => matchMedia("(48rem <= width < 75rem)").matches;
const isPhone = () => matchMedia("(width < 48rem)").matches;
const isShown = (pane) => getComputedStyle(pane).display !== "none";

function tellSide(workspace) {
  const shown = String(isShown(workspace.querySelector(".pane-side")));
  for (const button of workspace.querySelectorAll("[data-pane-toggle]")) button.setAttribute("aria-expanded", shown);
}

function showSide(workspace, show) {
  if (isPhone()) showPane(show ? "side" : "thread");
  else if (isDrawer()) workspace.toggleAttribute("data-show-side", show);
  else remember("folded:side", workspace.toggleAttribute("data-no-side", !show) ? "1" : null);
  tellSide(workspace);
}

function openSide(workspace) {
  showSide(workspace, true);
  if (isDrawer()) workspace.querySelector("[data-pane-close]").focus();
}

/** The keyboard goes back to where it came from, unless it is at work elsewhere. */
function closeSide(workspace) {
  const side = workspace.querySelector(".pane-side");
  const goesBack = side.contains(document.activeElement) || document.activeElement === document.body;
  showSide(workspace, false);
  if (goesBack) workspace.querySelector("[data-pane-toggle]").focus();
}

/** To one panel, wherever it is: unfolded, in sight, and the keyboard there. */
function goToPanel(workspace, name) {
  showSide(workspace, true);
  const place = document.getElementById(`side-${name}`);
  const details = place.querySelector("details:has(> .panel-head)");
  if (details) details.open = true;
  const at = details?.querySelector("summary") ?? place.querySelector(".panel") ?? place;
  if (!at.matches("summary")) at.tabIndex = -1;
  place.scrollIntoView({ block: "start" });
  at.focus({ preventScroll: true });
}

function onClick({ target }) {
  const go = target.closest("[data-pane-go]");
  if (go) showPane(go.dataset.paneGo);
  const workspace = target.closest(".workspace");
  if (!workspace) return;
  const panel = target.closest("[data-side-go]");
  if (panel) goToPanel(workspace, panel.dataset.sideGo);
  if (target.closest("[data-pane-close]")) closeSide(workspace);
  if (!target.closest("[data-pane-toggle]")) return;
  if (isShown(workspace.querySelector(".pane-side"))) closeSide(workspace);
  else openSide(workspace);
}

function onEscape(event) {
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || !isDrawer()) return;
  const workspace = document.querySelector(".workspace[data-show-side]");
  if (!workspace || document.querySelector("dialog[open], :popover-open[role=menu]")) return;
  event.preventDefault();
  closeSide(workspace);
}

export function startPanes() {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onEscape);
  const workspace = document.querySelector(".workspace");
  if (!workspace) return;
  workspace.toggleAttribute("data-no-side", recall("folded:side") === "1");
  for (const grip of workspace.querySelectorAll("[data-grip]")) startGrip(workspace, grip);
  tellSide(workspace);
  addEventListener("resize", () => tellSide(workspace));
}
