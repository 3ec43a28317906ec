// The three parts of a conversation's page: widths, folding, and one at a time on a phone.

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

function fold(workspace, name) {
  const isNarrow = name === "side" && matchMedia("(width < 75rem)").matches;
  if (isNarrow) workspace.toggleAttribute("data-show-side");
  else remember(`folded:${name}`, workspace.toggleAttribute(`data-no-${name}`) ? "1" : null);
  tellFolds(workspace);
}

function tellFolds(workspace) {
  for (const button of workspace.querySelectorAll("[data-pane-toggle]")) {
    const pane = workspace.querySelector(`.pane-${button.dataset.paneToggle}`);
    button.setAttribute("aria-expanded", String(getComputedStyle(pane).display !== "none"));
  }
}

export function startPanes() {
  document.addEventListener("click", ({ target }) => {
    const go = target.closest("[data-pane-go]");
    if (go) showPane(go.dataset.paneGo);
    const toggle = target.closest("[data-pane-toggle]");
    if (toggle) fold(toggle.closest(".workspace"), toggle.dataset.paneToggle);
  });
  const workspace = document.querySelector(".workspace");
  if (!workspace) return;
  for (const name of ["queue", "side"]) workspace.toggleAttribute(`data-no-${name}`, recall(`folded:${name}`) === "1");
  for (const grip of workspace.querySelectorAll("[data-grip]")) startGrip(workspace, grip);
  tellFolds(workspace);
  addEventListener("resize", () => tellFolds(workspace));
}
