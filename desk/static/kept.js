// A part that is read anew because of news keeps what somebody has typed, chosen or opened in it meanwhile.
// What comes after they have pressed a button themselves does not: that is the answer, and begins a new form.

const FIELDS = "input, textarea, select";
const WRITTEN = new Set(["value", "checked", "selected"]);

function isChanged(field) {
  if (field.matches("select")) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  return field.type !== "hidden" && field.value !== field.defaultValue;
}

function isBegun(form) {
  return Boolean(form) && [...form.querySelectorAll(FIELDS)].some(isChanged);
}

export function startKept() {
  const callbacks = window.Idiomorph?.defaults.callbacks;
  if (!callbacks) return;
  let begun = null; // forms that somebody has begun, while a part is read anew

  document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const isNews = detail.requestConfig?.verb === "get" && detail.requestConfig.elt === detail.target;
    begun = isNews ? new Set([...detail.target.querySelectorAll("form")].filter(isBegun)) : null;
  });
  document.body.addEventListener("htmx:afterSwap", () => { begun = null; });
  callbacks.beforeAttributeUpdated = (name, element) => {
    if (!begun) return true;
    if (name === "open" && element.matches("details")) return false;
    return !(WRITTEN.has(name) && begun.has(element.closest("form")));
  };
}
