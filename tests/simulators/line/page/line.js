// A customer's phone: shows a chat and lets the customer act in it.
import {call, element, poll, readFile} from '/page/frame.js';
import {row, safeAddress} from '/page/bubbles.js';

const PAUSE_MS = 400;
const STICKERS = [
  ['446', '1988', ['hello', 'greeting', 'hi']], ['446', '2027', ['thanks', 'thank you', 'grateful']],
  ['789', '10855', ['ok', 'good', 'sure']], ['11537', '52002771', ['sad', 'crying', 'sorry']],
  ['11538', '51626526', ['angry', 'mad']], ['6325', '10979904', ['please', 'request']],
];
const PLACE = {title: 'Ximending', address: '108台北市萬華區西門町', latitude: 25.0421, longitude: 121.5081};
const find = id => document.getElementById(id);
const state = {bots: [], chat: '', after: 0, shown: new Map(), last: '', turn: 0};

const bot = () => state.bots.find(item => item.id === find('bot').value);
const group = () => bot().groups.find(item => item.id === find('customer').value);

/** Lets the customer act; trouble is shown beside the phone. */
async function act(type, details = {}) {
  find('trouble').textContent = '';
  const place = group();
  const who = place ? {user: place.members[0], group: place.id} : {user: find('customer').value};
  try {
    await call('/sim/inbound', {type, bot: bot().id, ...who, ...details});
  } catch (error) {
    find('trouble').textContent = error.message;
  }
  await look();
}

const deeds = {
  unsend: entry => act('unsend', {message_id: entry.id}),
  tap: (action, entry) => tapped(action, entry.id),
};

/** What a button does on a phone: some open something, the others tell the bot. */
function tapped(action, messageId) {
  const details = messageId ? {message_id: messageId} : {};
  if (action.type === 'camera' || action.type === 'cameraRoll') return choose('image', 'image/*');
  if (action.type === 'location') return act('location', PLACE);
  return act('tap', {label: action.label ?? '', ...details});
}

function choose(type, accept) {
  const input = find('file');
  input.accept = accept;
  input.value = '';
  input.onchange = async () => {
    const file = await readFile(input.files[0]);
    await act(type, {content: file.data, mime: file.mime_type, file_name: file.name});
  };
  input.click();
}

function menu(title, options) {
  find('menu-title').textContent = title;
  find('options').replaceChildren(...options.map(([label, note, deed]) => {
    const small = note ? element('small', {}, note) : null;
    const button = element('button', {type: 'button', class: 'option'}, label, small);
    button.addEventListener('click', () => { find('menu').close(); deed(); });
    return button;
  }));
  find('menu').showModal();
}

/** Draws what is new; older rows stay as they are. */
async function look() {
  if (!state.chat) return;
  const turn = state.turn;
  const query = new URLSearchParams({bot: bot().id, chat: state.chat, after: String(state.after)});
  const chat = await call(`/sim/chat?${query}`);
  if (turn !== state.turn) return;
  const log = find('log');
  const low = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  for (const entry of chat.entries) {
    if (entry.number <= state.after) continue;
    state.after = entry.number;
    const drawn = row(entry, !entry.way, deeds);
    state.shown.set(entry.id, {entry, drawn});
    log.append(drawn);
  }
  withdraw(chat.unsent);
  markRead(chat.read_number);
  quickReplies(chat);
  facts(chat);
  find('typing').hidden = !chat.loading;
  if (low || chat.entries.some(entry => !entry.way)) requestAnimationFrame(() => { log.scrollTop = log.scrollHeight; });
}

function withdraw(ids) {
  for (const id of ids) {
    const known = state.shown.get(id);
    if (!known || known.entry.unsent) continue;
    known.entry = {...known.entry, unsent: true, message: {}};
    const drawn = row(known.entry, !known.entry.way, deeds);
    known.drawn.replaceWith(drawn);
    known.drawn = drawn;
  }
}

function markRead(number) {
  for (const mark of document.querySelectorAll('.read')) {
    mark.textContent = Number(mark.dataset.number) <= number ? 'Read' : '';
  }
}

function quickReplies(chat) {
  const key = JSON.stringify([chat.last, chat.quick_replies]);
  if (key === state.last) return;
  state.last = key;
  find('quick').replaceChildren(...chat.quick_replies.map(reply => {
    const address = reply.type === 'uri' ? safeAddress(reply.uri) : '';
    if (address) return element('a', {href: address, target: '_blank', rel: 'noopener noreferrer'}, reply.label);
    const button = element('button', {type: 'button', dir: 'auto'}, reply.label);
    button.addEventListener('click', () => tapped(reply, ''));
    return button;
  }));
}

function facts(chat) {
  const entries = [...state.shown.values()].map(item => item.entry);
  find('pushes').textContent = `${chat.pushes_used} of ${chat.monthly_limit ?? 'unlimited'}`;
  const meter = find('quota');
  meter.max = chat.monthly_limit ?? 1;
  meter.high = meter.max * 0.8;
  meter.value = chat.monthly_limit === null ? 0 : chat.pushes_used;
  find('replies').textContent = String(entries.filter(entry => entry.cost === 'free').length);
  find('doubles').textContent = String(entries.filter(entry => entry.double).length);
  find('clock').textContent = new Date(chat.now_ms).toLocaleString([], {dateStyle: 'short', timeStyle: 'medium'});
  const lone = group() ? `Group of ${group().members.length}` : chat.friend ? 'Friend' : 'Not a friend';
  find('status').textContent = chat.blocked ? 'You blocked this account' : lone;
  find('text').disabled = chat.blocked;
  find('text').placeholder = chat.blocked ? 'Unblock to write' : 'Aa';
}

/** Shows another chat. */
function enter() {
  state.turn += 1;
  Object.assign(state, {chat: find('customer').value, after: 0, shown: new Map(), last: ''});
  const note = bot().webhook ? `Events go to ${bot().webhook}` : 'No webhook is set';
  find('log').replaceChildren(element('span', {class: 'note'}, note));
  find('quick').replaceChildren();
  find('bot-name').textContent = bot().name;
  find('face').textContent = [...bot().name][0];
  find('mention-row').hidden = !group();
  look();
}

function customers() {
  const people = bot().people.map(item => {
    const language = item.language ? ` · ${item.language}` : '';
    return element('option', {value: item.id}, item.name + language);
  });
  const groups = bot().groups.map((item, index) => element('option', {value: item.id}, `Group ${index + 1}`));
  find('customer').replaceChildren(...people, ...groups);
  enter();
}

function send(event) {
  event.preventDefault();
  const text = find('text').value;
  if (!text.trim()) return;
  find('text').value = '';
  act('text', {text, mentions: group() && find('mention').checked ? ['self'] : []});
}

function wire() {
  find('pen').addEventListener('submit', send);
  find('bot').addEventListener('change', customers);
  find('customer').addEventListener('change', enter);
  find('close').addEventListener('click', () => find('menu').close());
  find('sticker').addEventListener('click', () => menu('Stickers', STICKERS.map(([pack, id, keywords]) => [
    `☺ ${keywords[0]}`, keywords.join(' · '), () => act('sticker', {package_id: pack, sticker_id: id, keywords})])));
  find('more').addEventListener('click', () => menu('Send', [
    ['Picture…', 'from this computer', () => choose('image', 'image/*')],
    ['Sample picture', 'a dented parcel', () => act('image')],
    ['Three pictures', 'at once', () => act('image', {total: 3})],
    ['Voice message', 'two silent seconds', () => act('audio')],
    ['Video', 'prepared for two seconds', () => act('video')],
    ['File…', 'from this computer', () => choose('file', '')],
    ['Location', PLACE.title, () => act('location', PLACE)],
  ]));
  for (const button of document.querySelectorAll('[data-deed]')) {
    button.addEventListener('click', () => act(button.dataset.deed));
  }
  for (const button of document.querySelectorAll('[data-forward]')) {
    button.addEventListener('click', () => call('/sim/advance', {seconds: Number(button.dataset.forward)}));
  }
}

async function start() {
  state.bots = (await call('/sim/bots')).bots;
  const label = item => item.market ? `${item.name} (${item.market})` : item.name;
  find('bot').replaceChildren(...state.bots.map(item => element('option', {value: item.id}, label(item))));
  wire();
  customers();
  poll(look, PAUSE_MS);
}

start();
