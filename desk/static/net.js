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

/** A part of a page as a document of its own. Rejects without network, after `limit` and for any other status than 2xx. */
export async function fetchPart(address, limit = LIMIT_MS) {
  const answer = await fetch(address, { headers: { "hx-request": "true" }, signal: AbortSignal.timeout(limit) });
  const elsewhere = answer.headers.get("hx-redirect");
  if (elsewhere) location.assign(elsewhere);
  if (!answer.ok || elsewhere) throw new Error(`${answer.status} instead of a part of the page`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}
