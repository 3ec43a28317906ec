// The server over HTTP.

const ANSWER_MS = 15000;

/** The server said no; `code` says what to do. */
class Refusal extends Error {
  constructor(frame) {
    super(frame.message || frame.code);
    this.code = frame.code;
    this.retryAfter = frame.retry_after || 0;
  }
}

/** The answer's JSON. Throws Refusal for a refusal, and TypeError or AbortError when there is no connection. */
async function ask(method, path, { token, body, query } = {}) {
  const url = new URL(`webchat/${path}`, BASE);
  for (const [name, value] of Object.entries(query || {})) if (value !== undefined) url.searchParams.set(name, value);
  const headers = {};
  if (body) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ANSWER_MS);
  try {
    const answer = await fetch(url, {
      method,
      headers,
      body: body && JSON.stringify(body),
      signal: stop.signal,
      credentials: "omit",
      cache: "no-store",
    });
    return await readAnswer(answer);
  } finally {
    clearTimeout(timer);
  }
}

async function readAnswer(answer) {
  let data = null;
  try {
    data = await answer.json();
  } catch {
    data = null; // a proxy's error page
  }
  if (answer.ok && data) return data;
  if (data && data.type === "error") throw new Refusal(data);
  throw new Refusal({ code: "unavailable", message: `HTTP ${answer.status}`, retry_after: 3 });
}
