// Requests that are no htmx ones.

const LIMIT_MS = 10_000;

/** Post fields as a form of this session. Resolves to the response, whatever its status; rejects without network. */
export function post(address, fields = {}) {
  return fetch(address, {
    method: "POST",
    headers: { "x-csrf-token": document.querySelector("meta[name=csrf]").content, accept: "application/json" },
    body: new URLSearchParams(fields),
    signal: AbortSignal.timeout(LIMIT_MS),
  });
}

/** Tell the page. */
export function announce(name, detail = {}) {
  document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
}
