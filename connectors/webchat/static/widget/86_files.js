// Files that a person sent along: pictures are shown in place, others can be saved.

const MEGA = 1_000_000;
const MOST_WIDE = 260, MOST_HIGH = 320; // of a picture in the chat, in pixels

Object.assign(Rows.prototype, {
  drawFiles(row) {
    if (!row.files || !row.files.length) return null;
    return el("div", { class: "files" }, row.files.map((file) => (file.kind === "image" ? drawPicture : drawDocument)(file)));
  },
});

// The server names a path: the file comes from where the words come from, whatever page the widget stands on.
const addressOf = (file) => new URL(file.link, BASE).href;

function drawPicture(file) {
  const image = el("img", { src: addressOf(file), alt: file.name, ...sizeInChat(file), loading: "lazy", decoding: "async" });
  const link = el("a", { class: "file picture", href: addressOf(file), target: "_blank", rel: "noopener noreferrer" }, image);
  image.addEventListener("error", () => missing(file, link));
  return link;
}

/** Its place is kept before it has come, so that the end of the chat stays in sight; nothing where its size is unknown. */
function sizeInChat({ width, height }) {
  if (!width || !height) return {};
  const scale = Math.min(1, MOST_WIDE / width, MOST_HIGH / height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

function drawDocument(file) {
  const link = { class: "file document", href: addressOf(file), target: "_blank", rel: "noopener noreferrer", download: file.name };
  return el("a", link, icon("file"), el("bdi", {}, file.name), el("span", { class: "size" }, sizeOf(file.size)));
}

/** It did not come: without a connection it is tried again, else it is gone. */
function missing(file, link) {
  if (navigator.onLine) link.replaceWith(el("p", { class: "file gone" }, say("file_gone")));
  else addEventListener("online", () => link.replaceWith(drawPicture(file)), { once: true });
}

/** Bytes as the language writes them. */
function sizeOf(bytes) {
  const [value, unit] = bytes < MEGA ? [Math.max(1, Math.round(bytes / 1000)), "kilobyte"] : [bytes / MEGA, "megabyte"];
  return new Intl.NumberFormat(words.language || undefined, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
}
