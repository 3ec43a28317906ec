// What this browser remembers. Where storage is off or full, it forgets; nothing fails.

const PREFIX = "desk:";

/** The name under which the browser keeps it. */
export const nameOf = (name) => PREFIX + name;

export function recall(name) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // full or switched off
  }
}

/** Forget everything whose name begins so. */
export function forget(start) {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX + start)) localStorage.removeItem(key);
  } catch {
    // switched off: there is nothing
  }
}
