// The customer's phone: reads /sim/chat, sends acts to /sim/inbound.
import {call, element, poll, readFile, span} from '/page/frame.js';
import {bubble, excerpt} from '/page/bubbles.js';

const POLL_MS = 500;
const at = name => document.getElementById(name);
const state = {shown: '', quoting: null};
const PLACE = {latitude: 52.5163, longitude: 13.3777, place: 'Brandenburger Tor', address: 'Pariser Platz, 10117 Berlin'};

function complain(error) { at('trouble').textContent = error ? error.message : ''; }

async function act(values) {
  const sender = {from: at('customer').value.replace(/\D/g, ''), to: at('number').value, name: at('name').value};
  const quote = state.quoting && !['reaction', 'unreaction', 'edit', 'revoke', 'tap'].includes(values.type)
    ? {reply_to: state.quoting} : {};
  try {
    await call('/sim/inbound', {...sender, hidden: at('hidden').checked, ...quote, ...values});
    complain(null);
    quoteNothing();
    await look();
  } catch (error) { complain(error); }
}

function quoteNothing() { state.quoting = null; at('answering').hidden = true; }

function quote(entry) {
  state.quoting = entry.id;
  at('answering').firstElementChild.textContent = excerpt(entry);
  at('answering').hidden = false;
  at('words').focus();
}

function sheet(title, ...content) {
  const dialog = at('sheet');
  const close = element('button', {class: 'close'}, 'Close');
  close.addEventListener('click', () => dialog.close());
  dialog.replaceChildren(element('h2', {id: 'sheet-title', dir: 'auto'}, title), ...content, close);
  dialog.showModal();
}

function option(title, description, chosen) {
  const button = element('button', {class: 'option', dir: 'auto'}, title,
    description ? element('small', {dir: 'auto'}, description) : null);
  button.addEventListener('click', () => { at('sheet').close(); chosen(); });
  return button;
}

function openList(entry) {
  const parts = entry.seen.sections.flatMap(section => [
    section.title ? element('h3', {dir: 'auto'}, section.title) : null,
    ...section.rows.map(row => option(row.title, row.description,
      () => act({type: 'tap', choice: row.id, message_id: entry.id}))),
  ]);
  sheet(entry.seen.list_button, ...parts.filter(Boolean));
}

function openMenu(entry) {
  const reactions = ['👍', '❤️', '😮'].map(emoji => option(`React ${emoji}`, '',
    () => act({type: 'reaction', message_id: entry.id, emoji})));
  const own = !entry.mine ? [] : [
    option('Edit', 'The business gets the new words', () => {
      const text = prompt('New words', excerpt(entry));
      if (text) act({type: 'edit', message_id: entry.id, text});
    }),
    option('Delete for everyone', '', () => act({type: 'revoke', message_id: entry.id})),
  ];
  sheet('Message', option('Reply', 'Quotes this message', () => quote(entry)), ...reactions,
    option('Take reaction back', '', () => act({type: 'unreaction', message_id: entry.id})), ...own);
}

function pick(type, accept) {
  const input = at('file');
  input.accept = accept;
  input.value = '';
  input.onchange = async () => {
    const file = await readFile(input.files[0]);
    const caption = at('words').value;
    at('words').value = '';
    act({type, data: file.data, mime_type: type === 'voice' ? 'audio/ogg; codecs=opus' : file.mime_type,
      file_name: file.name, ...(caption && ['image', 'video', 'document'].includes(type) ? {caption} : {})});
  };
  input.click();
}

function openAttachments() {
  sheet('Send',
    option('Picture', 'JPEG or PNG from this computer', () => pick('image', 'image/jpeg,image/png')),
    option('Sample picture', 'A parcel', () => act({type: 'image', caption: at('words').value})),
    option('Voice note', 'An Ogg Opus file', () => pick('voice', '.ogg,.opus,audio/ogg')),
    option('Sample voice note', 'One second of silence', () => act({type: 'voice'})),
    option('Document', '', () => pick('document', '')),
    option('Video', '', () => pick('video', 'video/mp4')),
    option('Location', PLACE.place, () => act({type: 'location', ...PLACE})),
    option('Sticker', '', () => act({type: 'sticker'})),
    option('Contact', 'Lena Vogt', () => act({type: 'contacts'})),
    option('A kind the API does not know', 'Poll', () => act({type: 'unsupported', kind: 'poll'})));
}

function draw(chat) {
  const log = at('log');
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const doors = {
    tap: (entry, choice) => act({type: 'tap', choice: choice.id, message_id: entry.id}),
    list: openList, menu: openMenu, location: () => act({type: 'location', ...PLACE}),
  };
  const rows = chat.messages.map(entry => bubble(entry, chat.messages, doors)).filter(Boolean);
  if (!rows.length) rows.push(element('p', {class: 'note'}, 'Write first: that opens the 24-hour window.'));
  if (chat.typing) {
    const dots = element('span', {class: 'dots', 'aria-label': 'typing'}, element('i'), element('i'), element('i'));
    rows.push(element('div', {class: 'row'}, element('div', {class: 'bubble'}, dots)));
  }
  log.replaceChildren(...rows);
  if (atEnd || state.shown === '') log.scrollTop = log.scrollHeight;
}

async function look() {
  const query = new URLSearchParams({phone: at('number').value, user: at('customer').value.replace(/\D/g, '')});
  const chat = await call(`/sim/chat?${query}`);
  const shown = JSON.stringify([chat.messages, chat.typing, query.toString()]);
  if (shown !== state.shown) { draw(chat); state.shown = shown; }
  const left = chat.window_left_s;
  at('window').textContent = left > 0 ? span(left) : 'closed';
  at('timer').textContent = left > 0 ? span(left) : 'window closed';
  at('presence').textContent = chat.typing ? 'typing…' : '';
  at('paid').textContent = chat.billable;
  at('open').textContent = chat.webhooks_open;
}

function showNumber() {
  const chosen = at('number').selectedOptions[0];
  at('business').textContent = chosen ? `${chosen.dataset.name} · +${chosen.dataset.display}` : '';
  at('face').textContent = chosen ? chosen.dataset.name.slice(0, 1) : '';
  state.shown = '';
}

async function begin() {
  const setup = await call('/sim/setup');
  at('number').replaceChildren(...setup.numbers.map(number => element('option', {
    value: number.phone_number_id, 'data-name': number.verified_name, 'data-display': number.display,
  }, `${number.name || number.phone_number_id} (+${number.display})`)));
  at('known').replaceChildren(...setup.customers.map(person => element('option', {value: person.wa_id}, person.name)));
  showNumber();
  poll(() => look().catch(complain), POLL_MS);
}

at('number').addEventListener('change', showNumber);
at('customer').addEventListener('change', () => { state.shown = ''; });
at('attach').addEventListener('click', openAttachments);
at('answering').lastElementChild.addEventListener('click', quoteNothing);
at('pen').addEventListener('submit', event => {
  event.preventDefault();
  const text = at('words').value.trim();
  at('words').value = '';
  if (text) act({type: 'text', text});
});
at('clock').addEventListener('click', event => {
  const seconds = Number(event.target.dataset.seconds);
  if (seconds) call('/sim/advance', {seconds}).catch(complain);
});
at('faults').addEventListener('click', event => {
  const faults = event.target.dataset.faults;
  if (faults) call('/sim/faults', JSON.parse(faults)).then(() => complain(null), complain);
});
begin().catch(complain);
