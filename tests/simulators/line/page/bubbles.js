// Draws messages. Values from outside only ever become text nodes or attributes that are checked here.
import {element, linked} from '/page/frame.js';

/** A link target that may be opened; empty for anything but a web address. */
export function safeAddress(uri) {
  return /^https?:\/\//i.test(uri ?? '') ? uri : '';
}

/** A picture; when it cannot be loaded, its address instead. */
function picture(source, note) {
  const image = element('img', {src: source, alt: note, loading: 'lazy'});
  image.addEventListener('error', () => image.replaceWith(element('span', {class: 'missing'}, note)));
  return image;
}

/** A button of a template or a Flex Message. */
function choice(action, tap) {
  const address = action.type === 'uri' ? safeAddress(action.uri) : '';
  if (address) {
    const link = {class: 'choice', href: address, target: '_blank', rel: 'noopener noreferrer'};
    return element('a', link, action.label ?? address);
  }
  const button = element('button', {type: 'button', class: 'choice'}, action.label ?? action.type);
  button.addEventListener('click', () => tap(action));
  return button;
}

/** A card with picture, title, text and buttons. */
function card(part, tap) {
  const source = part.thumbnailImageUrl ?? part.imageUrl;
  return element('div', {class: 'template'},
    source ? picture(source, source) : null,
    part.title ? element('h2', {dir: 'auto'}, part.title) : null,
    part.text ? element('div', {dir: 'auto'}, part.text) : null,
    ...[...(part.actions ?? []), ...(part.action ? [part.action] : [])].map(action => choice(action, tap)));
}

/** The words and buttons of a Flex Message, in order, without its layout. */
function flex(part, tap) {
  if (Array.isArray(part)) return part.flatMap(item => flex(item, tap));
  if (part === null || typeof part !== 'object') return [];
  if (part.type === 'text' && part.text) return [element('div', {dir: 'auto'}, part.text)];
  if (part.type === 'image') return [picture(part.url, part.url)];
  if (part.type === 'button') return [choice(part.action, tap)];
  return ['header', 'hero', 'body', 'contents', 'footer'].flatMap(name => flex(part[name], tap));
}

function place(message) {
  return [element('b', {}, message.title ?? 'Location'), element('div', {dir: 'auto'}, message.address ?? ''),
    element('small', {}, `${message.latitude}, ${message.longitude}`)];
}

function sticker(message) {
  const words = (message.keywords ?? []).join(' · ') || `${message.packageId} / ${message.stickerId}`;
  return [element('span', {class: 'pill'}, element('b', {'aria-hidden': 'true'}, '☺'), message.text ?? '',
    message.text ? element('br') : null, words)];
}

/** What a customer or a bot sent, by kind; the words of anything unknown. */
const DRAW = {
  text: message => linked(message.text),
  textV2: message => linked(message.text),
  sticker,
  location: place,
  image: (message, own) => [picture(own ?? message.originalContentUrl, own ? 'Picture' : message.originalContentUrl)],
  video: (message, own) => [element('video', {src: own ?? message.originalContentUrl, controls: true, width: '230'})],
  audio: (message, own) => [element('audio', {src: own ?? message.originalContentUrl, controls: true}),
    element('small', {}, `Voice message, ${(message.duration / 1000).toFixed(0)} s`)],
  file: message => [`${message.fileName} (${message.fileSize} bytes)`],
  template: (message, own, tap) => {
    const template = message.template;
    return template.columns ? template.columns.map(column => card(column, tap)) : [card(template, tap)];
  },
  flex: (message, own, tap) => [element('div', {class: 'template', dir: message.contents.direction ?? 'auto'},
    ...flex(message.contents, tap))],
};

/** The row of a message. `deeds` has tap(action, entry) and unsend(entry). */
export function row(entry, mine, deeds) {
  const message = entry.message;
  const external = message.contentProvider?.originalContentUrl;
  const own = entry.loads ? `${entry.loads}previewImageUrl` : entry.way ? null : external ?? `/sim/media/${entry.id}`;
  const draw = DRAW[message.type] ?? (() => [message.altText ?? message.type ?? '']);
  const inner = entry.unsent ? ['Message unsent'] : draw(message, own, action => deeds.tap(action, entry));
  const plain = message.type === 'sticker' && !entry.unsent ? ' plain' : '';
  const bubble = element('div', {class: 'bubble', dir: 'auto'}, ...inner);
  const sender = message.sender?.name;
  return element('div', {class: `row ${mine ? 'mine' : 'bot'}${plain}`, 'data-id': entry.id},
    sender ? element('span', {class: 'sender', dir: 'auto'}, sender) : null, bubble, meta(entry, mine, deeds));
}

function meta(entry, mine, deeds) {
  const time = new Date(entry.at_ms).toLocaleTimeString([], {hour: '2-digit', minute: '2-digit'});
  const parts = [element('time', {}, time)];
  if (entry.cost) parts.push(element('span', {class: `mark ${entry.cost}`}, entry.cost));
  if (entry.double) parts.push(element('span', {class: 'mark twice'}, 'double'));
  if (mine && !entry.unsent) {
    const undo = element('button', {type: 'button'}, 'Unsend');
    undo.addEventListener('click', () => deeds.unsend(entry));
    parts.unshift(element('span', {class: 'read', 'data-number': entry.number}), undo);
  }
  return element('div', {class: 'meta'}, ...parts);
}
