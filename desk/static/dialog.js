// Dialogs: <button data-dialog="ID"> opens one, data-close in it closes it. hx-confirm asks in ours.

export function openDialog(dialog) {
  if (!dialog.open) dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("desk:opened"));
}

/** Asks; resolves to whether they said yes. */
export function ask(text) {
  const dialog = document.getElementById("confirm");
  document.getElementById("confirm-text").textContent = text;
  dialog.returnValue = "";
  openDialog(dialog);
  dialog.querySelector("[data-confirm-yes]").focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

function onClick(event) {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog) openDialog(dialog);
    return;
  }
  const dialog = event.target.closest("dialog");
  if (!dialog) return;
  if (event.target.closest("[data-confirm-yes]")) dialog.close("yes");
  else if (event.target.closest("[data-close]") || isOutside(dialog, event)) dialog.close();
}

// A click on the veil; a drag that ends there, or Enter in a field (a click at 0, 0), is none.
function isOutside(dialog, event) {
  if (event.target !== dialog || event.detail === 0) return false;
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

async function onConfirm(event) {
  if (!event.detail.question) return;
  event.preventDefault();
  if (await ask(event.detail.question)) event.detail.issueRequest(true);
}

async function onSubmit(event) {
  const form = event.target;
  const question = form.dataset.confirm;
  if (!question || form.dataset.confirmed) return;
  event.preventDefault();
  if (await ask(question)) {
    form.dataset.confirmed = "yes";
    form.requestSubmit(event.submitter);
    delete form.dataset.confirmed;
  }
}

export function startDialogs() {
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  document.body.addEventListener("htmx:confirm", onConfirm);
  document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful && detail.elt.matches("[data-close-after]")) detail.elt.closest("dialog")?.close();
  });
}
