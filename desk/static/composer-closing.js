// Closing asks first where the customer waits for an answer, or where something is written and not sent.

export function startClosing(turns) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#do-close");
    if (!button) return;
    const hasDraft = Boolean(turns.current?.draft?.text?.trim());
    if (!hasDraft && !("waits" in button.dataset)) return;
    event.preventDefault();
    event.stopPropagation();
    window.htmx.ajax("GET", button.getAttribute("formaction"), {
      target: "#act", swap: "innerHTML", values: hasDraft ? { draft: "1" } : {},
    });
  }, true);
}
