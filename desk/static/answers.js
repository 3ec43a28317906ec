// Answers for elements that are gone: what was pressed may have been replaced before its answer came. htmx tells such
// an element what the answer says (hx-trigger) and what went wrong, and nobody hears; here the page is told instead.

const ENDS = { load: "htmx:responseError", error: "htmx:sendError", timeout: "htmx:timeout" };

const heard = new WeakSet(); // requests whose element was there when the answer came

function triggersOf(xhr) {
  const said = xhr.getResponseHeader("hx-trigger");
  return said?.startsWith("{") ? Object.entries(JSON.parse(said)) : [];
}

function tell(name, detail) {
  document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
}

function onEnd(end, detail) {
  if (heard.has(detail.xhr) || detail.elt.isConnected) return;
  const { xhr } = detail;
  if (end === "load") for (const [name, said] of triggersOf(xhr)) tell(name, said);
  if (end !== "load" || xhr.status >= 400) tell(ENDS[end], detail);
}

// A target that is filled by one that is gone would be filled wrongly: the extension that morphs is found by ancestors.
function onSwap(event) {
  const { requestConfig } = event.detail;
  if (requestConfig && !requestConfig.elt.isConnected) event.preventDefault();
}

export function startAnswers() {
  document.body.addEventListener("htmx:beforeSend", ({ detail }) => {
    const asked = { ...detail, elt: detail.requestConfig.elt };
    for (const end of Object.keys(ENDS)) detail.xhr.addEventListener(end, () => onEnd(end, asked));
  });
  document.body.addEventListener("htmx:beforeOnLoad", ({ detail }) => heard.add(detail.xhr));
  document.body.addEventListener("htmx:beforeSwap", onSwap);
}
