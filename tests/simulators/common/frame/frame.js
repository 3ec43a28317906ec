// Parts of every simulator's page. Values from outside only ever become text nodes.

/** A new element; `attributes` are set as attributes, `children` are elements or strings. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

/** The JSON answer of the simulator; throws an Error with its words when it refuses. */
export async function call(path, body) {
  const options = body === undefined ? {} : {
    method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body),
  };
  const answer = await fetch(path, options);
  const data = await answer.json();
  if (!answer.ok) throw new Error(data.error?.message ?? data.message ?? `HTTP ${answer.status}`);
  return data;
}

/** Calls `look` again and again, never twice at once. */
export function poll(look, pauseMs) {
  const turn = async () => {
    try { await look(); } finally { setTimeout(turn, pauseMs); }
  };
  turn();
}

/** A chosen file as {name, mime_type, data}, data in Base64. */
export function readFile(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(reader.error);
    reader.onload = () => resolve({name: file.name, mime_type: file.type, data: reader.result.split(',', 2)[1]});
    reader.readAsDataURL(file);
  });
}

/** Hours, minutes and seconds of a span: 23:59:07. */
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return parts.map(part => String(part).padStart(2, '0')).join(':');
}

/** A clock time of the reader's place. */
export function clockTime(unixSeconds) {
  return new Date(unixSeconds * 1000).toLocaleTimeString([], {hour: '2-digit', minute: '2-digit'});
}

/** A text with its links made clickable; everything else stays text. */
export function linked(text) {
  return text.split(/(https?:\/\/[^\s]+)/).map((part, index) => index % 2
    ? element('a', {href: part, target: '_blank', rel: 'noopener noreferrer'}, part) : part);
}
