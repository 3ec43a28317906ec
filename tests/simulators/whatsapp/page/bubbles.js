// Draws one message of either side.
import {clockTime, element, linked} from '/page/frame.js';

const TICKS = {accepted: '✓', sent: '✓', delivered: '✓✓', read: '✓✓', played: '✓✓', failed: '✗'};
const HIDDEN = ['edit', 'revoke', 'reaction'];

/** A few words of a message. */
export function excerpt(entry) {
  if (!entry.mine) return entry.seen.text || entry.seen.media_kind || entry.type;
  const part = entry.payload[entry.type] ?? {};
  return part.body ?? part.caption ?? part.text ?? part.button_reply?.title ?? part.list_reply?.title ?? entry.type;
}

/** The row of a message, or null for one that only changes another. */
export function bubble(entry, all, doors) {
  if (HIDDEN.includes(entry.type)) return null;
  if (entry.type === 'system') return element('p', {class: 'note', dir: 'auto'}, entry.payload.system.body);
  const body = element('div', {class: 'bubble'});
  if (entry.removed) {
    body.classList.add('gone');
    body.append('You deleted this message');
  } else {
    body.append(...quoted(entry, all), ...(entry.mine ? customerContent(entry, all) : businessContent(entry)));
  }
  body.append(meta(entry));
  if (!entry.removed) body.append(more(entry, doors));
  const row = element('div', {class: entry.mine ? 'row mine' : 'row'}, body);
  const marks = reactionsTo(entry, all);
  if (marks) row.append(element('span', {class: 'reactions'}, marks));
  if (!entry.mine) row.append(...choices(entry, doors));
  return row;
}

function quoted(entry, all) {
  const id = entry.mine ? entry.payload.context?.id : entry.quoted;
  const target = id && all.find(other => other.id === id);
  return target ? [element('div', {class: 'quote', dir: 'auto'}, excerpt(target).slice(0, 120))] : [];
}

function words(text) { return element('div', {dir: 'auto'}, ...linked(text)); }

function picture(source, kind, label) {
  if (kind === 'image') return element('img', {src: source, alt: label || 'picture'});
  if (kind === 'sticker') return element('img', {class: 'sticker', src: source, alt: 'sticker'});
  if (kind === 'audio') return element('audio', {src: source, controls: true});
  if (kind === 'video') return element('video', {src: source, controls: true, width: 240});
  return element('a', {class: 'file', href: source, download: label || 'file'}, '▤', element('span', {dir: 'auto'}, label || 'Document'));
}

function place(name, address, latitude, longitude) {
  return [element('div', {dir: 'auto'}, `◎ ${name || `${latitude}, ${longitude}`}`),
    address ? element('div', {class: 'footer', dir: 'auto'}, address) : null].filter(Boolean);
}

function customerContent(entry, all) {
  const edits = all.filter(other => other.type === 'edit' && other.payload.edit.original_message_id === entry.id);
  const payload = edits.length ? {...entry.payload, ...edits.at(-1).payload.edit.message} : entry.payload;
  const part = payload[entry.type] ?? {};
  const made = [];
  if (part.id && part.mime_type) made.push(picture(`/sim/media/${encodeURIComponent(part.id)}`, entry.type, part.filename ?? ''));
  if (entry.type === 'location') made.push(...place(part.name, part.address, part.latitude, part.longitude));
  if (entry.type === 'contacts') made.push(...part.map(card => element('div', {dir: 'auto'}, `☺ ${card.name.formatted_name}`)));
  if (entry.type === 'order') made.push(words(`▣ ${part.product_items.map(item => `${item.quantity} × ${item.product_retailer_id}`).join(', ')}`));
  if (entry.type === 'unsupported') made.push(words(`A ${payload.unsupported?.type ?? 'kind of message'} that businesses cannot get`));
  const text = part.body ?? part.caption ?? part.text ?? part.button_reply?.title ?? part.list_reply?.title;
  if (text) made.push(words(text));
  if (edits.length) made.push(element('span', {class: 'footer'}, 'edited'));
  return made;
}

function businessContent(entry) {
  const seen = entry.seen;
  const made = [];
  if (seen.media) {
    const source = /^https?:/.test(seen.media) ? seen.media : `/sim/media/${encodeURIComponent(seen.media)}`;
    made.push(picture(source, seen.media_kind || 'image', seen.file_name));
  }
  if (seen.header) made.push(element('h2', {dir: 'auto'}, seen.header));
  if (seen.text) made.push(words(seen.text));
  if (seen.places.length) made.push(...place(seen.places[2], seen.places[3], seen.places[0], seen.places[1]));
  made.push(...seen.cards.map(name => element('div', {dir: 'auto'}, `☺ ${name}`)));
  if (seen.footer) made.push(element('div', {class: 'footer', dir: 'auto'}, seen.footer));
  return made;
}

function choices(entry, doors) {
  const seen = entry.seen;
  const button = (title, pressed) => {
    const made = element('button', {class: 'choice', dir: 'auto'}, title);
    made.addEventListener('click', pressed);
    return made;
  };
  return [
    ...seen.buttons.map(choice => button(choice.title, () => doors.tap(entry, choice))),
    seen.list_button ? button(`☰ ${seen.list_button}`, () => doors.list(entry)) : null,
    seen.asks_location ? button('◎ Send location', () => doors.location()) : null,
    seen.link ? element('a', {class: 'choice', href: seen.link, target: '_blank', rel: 'noopener noreferrer', dir: 'auto'}, `↗ ${seen.link_title}`) : null,
  ].filter(Boolean);
}

function reactionsTo(entry, all) {
  const latest = {};
  for (const other of all) {
    if (other.type !== 'reaction') continue;
    if (other.mine && other.payload.reaction.message_id === entry.id) latest.mine = other.payload.reaction.emoji ?? '';
    if (!other.mine && other.seen.target === entry.id) latest.theirs = other.seen.emoji;
  }
  return Object.values(latest).join('');
}

function meta(entry) {
  const line = element('div', {class: 'meta'});
  if (!entry.mine) {
    const paid = entry.billable ? 'paid' : 'free';
    line.append(element('span', {class: `tag ${paid}`}, entry.template ? `template · ${paid}` : paid));
  }
  line.append(clockTime(entry.mine ? entry.at : entry.arrived_at));
  const status = entry.mine ? (entry.read_at ? 'read' : entry.taken ? 'delivered' : 'sent') : entry.status;
  const read = ['read', 'played'].includes(status) ? ' read' : '';
  line.append(element('span', {class: `ticks${read}`, title: status, 'aria-label': status}, TICKS[status] ?? ''));
  return line;
}

function more(entry, doors) {
  const button = element('button', {class: 'more', 'aria-label': 'More', title: 'Reply, react, edit, delete'}, '⌄');
  button.addEventListener('click', () => doors.menu(entry));
  return button;
}
