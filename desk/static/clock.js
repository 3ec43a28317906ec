// Times that tick: <time data-clock="left|ago" datetime="…">. One timer for all; only those in sight are written.

const UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];

const ICONS = { open: "clock", at_risk: "clock-alert", broken: "circle-alert" };

const language = document.documentElement.lang || "en";
const relative = new Intl.RelativeTimeFormat(language, { numeric: "always", style: "narrow" });
const words = new Map(UNITS.map(([unit]) => [
  unit, new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "narrow" }),
]));

/** How long `seconds` are, in the page's language: two units at most, no seconds from five minutes on. */
export function duration(seconds) {
  const all = Math.abs(Math.trunc(seconds));
  const first = UNITS.findIndex(([, size]) => all >= size);
  if (first < 0) return words.get("second").format(0);
  const [unit, size] = UNITS[first];
  const text = words.get(unit).format(Math.floor(all / size));
  const [smaller, part] = UNITS[first + 1] ?? [];
  const rest = Math.floor((all % size) / (part ?? 1));
  const isEnough = !smaller || rest === 0 || (unit === "minute" && all >= 300);
  return isEnough ? text : `${text} ${words.get(smaller).format(rest)}`;
}

/** When it was or will be: "5 min. ago". */
export function ago(seconds) {
  const [unit, size] = UNITS.find(([, one]) => Math.abs(seconds) >= one) ?? UNITS.at(-1);
  return relative.format(Math.trunc(seconds / size), unit);
}

// The server's clock minus this machine's, in milliseconds; the page says when it was written.
let offset = Number(document.documentElement.dataset.now) * 1000 - Date.now();
if (Math.abs(offset) < 5_000) offset = 0; // that is how long the page took to come

/** The server's time in milliseconds since 1970: this machine's clock may be wrong. */
export const now = () => Date.now() + offset;

// A promise comes to be at risk and broken by time alone; where the clock was wrong, it is neither after all.
function judge(chip, seconds, risk) {
  if (!chip || !(chip.dataset.state in ICONS)) return;
  const given = (chip.dataset.given ??= chip.dataset.state); // by the server
  const running = given === "broken" ? "open" : given;
  const state = seconds < 0 ? "broken" : risk < 0 ? "at_risk" : running;
  if (state === chip.dataset.state) return;
  const words = document.getElementById("icon-shapes").dataset;
  const label = chip.querySelector(".visually-hidden");
  if (label.textContent.startsWith(words[chip.dataset.state])) label.textContent = `${words[state]}: `;
  chip.dataset.state = state;
  const shape = document.getElementById("icon-shapes").content.querySelector(`[data-name="${ICONS[state]}"] svg`);
  chip.querySelector("svg")?.replaceWith(shape.cloneNode(true));
}

function write(time, at) {
  const seconds = (Date.parse(time.dateTime) - at) / 1000;
  if (!Number.isFinite(seconds)) return;
  const text = time.dataset.clock === "ago" ? ago(seconds) : `${seconds < 0 ? "−" : ""}${duration(seconds)}`;
  if (time.textContent !== text) time.textContent = text;
  time.toggleAttribute("data-soon", Math.abs(seconds) < 300);
  const chip = time.closest(".clock");
  const risk = chip?.dataset.risk ? (Date.parse(chip.dataset.risk) - at) / 1000 : Infinity;
  judge(chip, seconds, risk);
}

export function tick(all = false, root = document) {
  const at = now();
  for (const time of root.querySelectorAll(all ? "time[data-clock]" : "time[data-clock][data-soon]")) write(time, at);
}

/** The server says what time it is, in seconds since 1970. */
export function setNow(seconds) {
  offset = seconds * 1000 - Date.now();
  tick(true);
}

// New ones are written before they are first drawn.
function onAdded(records) {
  for (const { addedNodes } of records) {
    for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) tick(true, node.parentElement ?? document);
  }
}

export function startClocks() {
  let count = 0;
  setInterval(() => {
    if (document.hidden) return;
    count = (count + 1) % 30;
    tick(count === 0);
  }, 1_000);
  document.addEventListener("visibilitychange", () => tick(true));
  document.body.addEventListener("htmx:afterSwap", () => tick(true));
  new MutationObserver(onAdded).observe(document.body, { childList: true, subtree: true });
  tick(true);
}
