// Puts a ready text into the composer: any button with data-insert. The composer may take it itself (desk:insert).
const FIELD = "#composer textarea";

function insert(text) {
  const event = new CustomEvent("desk:insert", { detail: { text }, cancelable: true });
  if (!document.body.dispatchEvent(event)) return; // taken
  const field = document.querySelector(FIELD);
  if (!(field instanceof HTMLTextAreaElement) || field.disabled || field.readOnly) return;
  const start = field.selectionStart ?? field.value.length;
  const end = field.selectionEnd ?? start;
  const before = field.value.slice(0, start);
  const gap = before && !/\s$/.test(before) ? "\n" : "";
  field.setRangeText(gap + text, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button[data-insert]") : null;
  if (button) insert(button.dataset.insert);
});
