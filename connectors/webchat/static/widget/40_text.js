// Text to DOM nodes. Nothing is ever parsed as HTML, so nothing that anybody writes can become markup.

const PIECES = new RegExp(
  [
    "(?<url>https://[A-Za-z0-9\\-._~:/?#\\[\\]@!$&'()*+,;=%]+)",
    "(?<mail>[A-Za-z0-9._%+-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,24})",
    "(?<phone>\\+[0-9][0-9 ().-]{6,20}[0-9])",
    "(?<code>[A-Z]{2,5}-[0-9]{4,12}|(?=[A-Z0-9-]*[0-9])[A-Z0-9][A-Z0-9-]{7,34}[A-Z0-9])",
  ].join("|"),
  "g",
);
const SHORT = 24; // characters of a number that must not be broken
const SCHEMES = new Set(["https:", "mailto:", "tel:"]);

/** Nodes for `text`: links where it has some, numbers and addresses isolated so that Arabic does not turn them round. */
function textNodes(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(PIECES)) {
    const piece = match.groups.url ? trimLink(match[0]) : match[0];
    nodes.push(text.slice(end, match.index), isolated(piece, hrefOf(match.groups, piece)));
    end = match.index + piece.length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

function hrefOf(groups, piece) {
  if (groups.url) return piece;
  if (groups.mail) return `mailto:${piece}`;
  if (groups.phone) return `tel:${piece.replace(/[^+0-9]/g, "")}`;
  return "";
}

/** The link without the punctuation of the sentence around it. */
function trimLink(link) {
  let kept = link.replace(/[.,;:!?'*]+$/, "");
  while (/[)\]]$/.test(kept) && (kept.match(/[([]/g) || []).length < (kept.match(/[)\]]/g) || []).length) {
    kept = kept.slice(0, -1).replace(/[.,;:!?'*]+$/, "");
  }
  return kept;
}

function isolated(piece, href) {
  const inside = href && isSafe(href) ? el("a", { href, target: "_blank", rel: "noopener noreferrer" }, piece) : piece;
  return el("bdi", { class: !href && piece.length <= SHORT && "code" }, inside);
}

/** True for an address that may become a link. */
function isSafe(href) {
  try {
    const url = new URL(href);
    return SCHEMES.has(url.protocol) && !url.username && !url.password;
  } catch {
    return false;
  }
}

/** The number of characters as the server counts them. */
const lengthOf = (text) => [...text].length;
