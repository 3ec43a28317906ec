// @name in a note: colleagues are offered while it is written.

const BEGUN = /(?:^|[^\w@.-])@([\w.-]{0,40})$/u;
const PAUSE_MS = 120;

let timer;
let asked = 0;

/** Offer colleagues in every field with data-mentions, also in those that come later. */
export function offerMentions(root) {
  root.addEventListener("input", (event) => event.target.dataset?.mentions && later(event.target));
  root.addEventListener("keydown", (event) => event.target.dataset?.mentions && key(event));
  root.addEventListener("focusout", (event) => event.target.dataset?.mentions && hide(event.target));
  root.addEventListener("mousedown", (event) => {
    const option = event.target.closest(".mention");
    if (!option) return;
    event.preventDefault(); // the field keeps the focus
    choose(document.querySelector(`[aria-controls="${option.parentElement.id}"]`), option);
  });
}

function later(field) {
  clearTimeout(timer);
  const begun = field.value.slice(0, field.selectionStart).match(BEGUN);
  if (!begun) return hide(field);
  timer = setTimeout(() => ask(field, begun[1]), PAUSE_MS);
  return undefined;
}

async function ask(field, begun) {
  const number = (asked += 1);
  const address = new URL(field.dataset.mentions, location.href);
  address.searchParams.set("q", begun);
  const answer = await fetch(address, { headers: { "hx-request": "true" } }).catch(() => null);
  if (!answer?.ok || number !== asked || document.activeElement !== field) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const list = listOf(field);
  list.replaceChildren(...page.querySelectorAll(".mention"));
  list.hidden = !list.childElementCount;
  mark(field, list.firstElementChild);
}

function key(event) {
  const field = event.target;
  const list = listOf(field);
  if (list.hidden) return;
  const now = list.querySelector("[aria-selected=true]");
  const steps = { ArrowDown: now?.nextElementSibling || list.firstElementChild, ArrowUp: now?.previousElementSibling || list.lastElementChild };
  if (event.key in steps) mark(field, steps[event.key]);
  else if (event.key === "Enter" || event.key === "Tab") choose(field, now);
  else if (event.key === "Escape") hide(field);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function mark(field, option) {
  [...listOf(field).children].forEach((item) => item.setAttribute("aria-selected", String(item === option)));
  if (!option) return field.removeAttribute("aria-activedescendant");
  option.scrollIntoView({ block: "nearest" });
  return field.setAttribute("aria-activedescendant", option.id);
}

function choose(field, option) {
  if (!option) return;
  const end = field.selectionStart;
  const begun = field.value.slice(0, end).match(BEGUN);
  if (begun) field.setRangeText(`${option.dataset.name} `, end - begun[1].length, end, "end");
  hide(field);
}

function hide(field) {
  clearTimeout(timer);
  asked += 1;
  const list = listOf(field);
  list.hidden = true;
  list.replaceChildren();
  field.removeAttribute("aria-activedescendant");
}

function listOf(field) {
  return document.getElementById(field.getAttribute("aria-controls"));
}
