// The words of the page's language; they come from the server, there is none in this file.

const words = { language: "", dir: "ltr", limit: 5000, strings: {}, languages: [], brand: "", greeting: "" };

/** Take over the words of an answer. */
function learnWords(answer) {
  for (const name of Object.keys(words)) words[name] = answer[name];
}

/** A word of the widget, with its {values} filled in. */
function say(name, values = {}) {
  const text = words.strings[`widget_${name}`] || "";
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
}

/** A time of day as the language writes it. */
const timeOf = (seconds) => format(seconds, { hour: "2-digit", minute: "2-digit" });

/** A day as the language writes it. */
const dayOf = (seconds) => format(seconds, { weekday: "long", day: "numeric", month: "long" });

/** A number as the language writes it. */
const numberOf = (value) => new Intl.NumberFormat(words.language || undefined).format(value);

function format(seconds, options) {
  return new Intl.DateTimeFormat(words.language || undefined, options).format(new Date(seconds * 1000));
}
