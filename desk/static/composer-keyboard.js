// Where the keyboard is in a composer, so that it is in the same place of the composer that replaces it.

/** {name, start, end}: which field, and the caret in it; null: the keyboard is elsewhere. */
export function keyboardIn(composer) {
  const at = document.activeElement;
  if (!composer.root.contains(at)) return null;
  const name = ["text", "translation", "language"].find((one) => composer[one] === at) ?? "text";
  return { name, start: at.selectionStart ?? 0, end: at.selectionEnd ?? 0 };
}

export function goBack(composer, { name, start, end }) {
  const field = composer[name];
  if (!field) return keepQuiet(composer.root.parentElement);
  field.focus({ preventScroll: true });
  if (name !== "language") field.setSelectionRange(start, end);
  return undefined;
}

// The field is gone under the hands of whoever writes: what they type now is no shortcut (shortcuts.js).
function keepQuiet(place) {
  place.toggleAttribute("data-quiet", true);
  place.focus({ preventScroll: true });
  place.addEventListener("focusout", () => place.toggleAttribute("data-quiet", false), { once: true });
}
