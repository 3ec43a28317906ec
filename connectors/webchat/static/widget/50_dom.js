// Small tools for building elements.

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  chat: ["M4 5.5A2.5 2.5 0 0 1 6.5 3h11A2.5 2.5 0 0 1 20 5.5v8a2.5 2.5 0 0 1-2.5 2.5H11l-4.6 4.1A.85.85 0 0 1 5 19.5V16a1 1 0 0 1-1-1z", "M8.4 9.5h.01M12 9.5h.01M15.6 9.5h.01"],
  hello: [
    "M20 13.5V6.7A2.7 2.7 0 0 0 17.3 4H6.7A2.7 2.7 0 0 0 4 6.700v6.600A2.7 2.7 0 0 0 6.700 16H7v3.300L11 16h3",
    "M8.500 9c.6-1 1.700-1 2.300 0M13.200 9c.6-1 1.700-1 2.300 0M9.300 11.900c1.700 1.300 3.700 1.300 5.400 0",
    "M18.500 16.200v5M16 18.700h5",
  ],
  close: ["M6 6l12 12M18 6L6 18"],
  down: ["M12 5v14M6 13l6 6 6-6"],
  more: ["M5.5 12h.01M12 12h.01M18.5 12h.01"],
  send: ["M4.2 4.6l16 6.6a.9.9 0 0 1 0 1.6l-16 6.6 2.2-7.4z", "M6.4 12h6.2"],
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  again: ["M20 12a8 8 0 1 1-2.6-5.9M20 3.5v4.6h-4.6"],
  plus: ["M12 5v14M5 12h14"],
  languages: ["M4 6h9M8.500 4v2M11.200 6c-.7 3.600-3 6.300-6.700 7.800M6 8.800c1.300 2.500 3.200 4.200 5.700 5.200", "M12.500 20l3.800-9 3.800 9M13.800 17h5"],
  file: ["M6 3h8l4 4v14H6z", "M14 3v4h4M9 13h6M9 16.500h6"],
  book: ["M5 4.5h10a3 3 0 0 1 3 3v12H8a3 3 0 0 1-3-3z", "M9 9h5.5M9 12.5h5.5"],
};

/** An element. `on…` attributes are listeners; false, null and undefined ones are left out; true sets an empty one. */
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  setAll(element, attributes);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

function setAll(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === false || value === null || value === undefined) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : value);
  }
}

/** A line drawing; screen readers skip it. */
function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  setAll(drawing, { class: `icon icon-${name}`, viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" });
  for (const d of ICONS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    drawing.append(path);
  }
  return drawing;
}

/** A button with an icon; its label is for screen readers and the tooltip. */
const iconButton = (name, attributes) => el("button", { type: "button", ...attributes }, icon(name));

/** Put a label on an icon button. */
const label = (button, text) => setAll(button, { "aria-label": text, title: text });

/** Show or hide an element, for eyes and screen readers. */
const show = (element, visible) => element.toggleAttribute("hidden", !visible);
