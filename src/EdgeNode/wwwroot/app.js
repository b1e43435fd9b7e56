// Puts the page together: which broker, which node, what its messages are shown by.
import { Broker } from './broker.js';
import { CameraView } from './camera.js';
import { Control } from './control.js';
import { Events } from './events.js';
import { Figures } from './figures.js';
import { el } from './dom.js';

const byId = id => document.getElementById(id);
const here = await fetch('node.json', { cache: 'no-store' }).then(answer => answer.json());
const broker = new Broker(here.mqttVersion);
const json = (() => {
  const decoder = new TextDecoder();
  return payload => JSON.parse(decoder.decode(payload));
})();

const nodes = new Map(); // name -> { status, info }
let node = here.node;
let link = { state: 'connecting', sentence: '' };
let forbidden = ''; // what the broker does not let this account read
const views = new Map(); // camera -> CameraView
const figures = new Figures();
const events = new Events();
const control = new Control((verb, message) => broker.publish(`${here.base}/${node}/request/${verb}`, message));
control.onPreview = settings => views.forEach(view => { view.overlaid = settings.overlay === true; });
control.onShow = () => views.forEach(view => {
  view.toggle.disabled = !control.may('camera');
  view.snapshot.disabled = !control.may('snapshot');
});

// ---- Subscriptions

const quick = ['cameras/+/landmarks', 'cameras/+/preview'];
const slow = [['stats', 0], ['compare', 0], ['cameras/+/state', 1], ['cameras/+/events', 1], ['response/+', 1]];

function listen() {
  for (const [topic, qos] of slow)
    broker.subscribe(`${here.base}/${node}/${topic}`, qos);
  listenToFrames();
}

// A page that nobody sees takes no frames.
function listenToFrames() {
  for (const topic of quick) {
    if (document.hidden)
      broker.unsubscribe(`${here.base}/${node}/${topic}`);
    else
      broker.subscribe(`${here.base}/${node}/${topic}`);
  }
  views.forEach(view => view.wake());
}

function choose(name) {
  for (const topic of [...slow.map(([topic]) => topic), ...quick])
    broker.unsubscribe(`${here.base}/${node}/${topic}`);
  node = name;
  views.forEach(view => view.element.remove());
  views.clear();
  figures.clear();
  events.clear();
  showNode();
  listen();
}

broker.addEventListener('message', ({ topic, payload, properties }) => {
  const [name, ...rest] = topic.slice(here.base.length + 1).split('/');
  if (rest[0] === 'status' || rest[0] === 'info') {
    const known = nodes.get(name) ?? {};
    nodes.set(name, { ...known, [rest[0]]: payload.length === 0 ? null : rest[0] === 'info' ? json(payload) : payload.toString() });
    showNodes();
    if (name === node)
      showNode();
  } else if (name === node) {
    receive(rest, payload, properties);
  }
});

function receive([kind, camera, part], payload, properties) {
  switch (kind === 'cameras' ? part : kind) {
    case 'landmarks': return view(camera).addLandmarks(payload);
    case 'preview': return view(camera).addPicture(payload, properties?.userProperties?.seq);
    case 'state': return payload.length > 0 && view(camera).setState(json(payload));
    case 'events': return events.add(json(payload), views.size > 1);
    case 'stats': return figures.addStats(json(payload));
    case 'compare': return figures.addComparison(json(payload));
    case 'response': return control.addAnswer(json(payload));
  }
}

function view(camera) {
  if (!views.has(camera)) {
    const added = new CameraView(camera, (verb, fields, button) => control.ask(verb, fields, button));
    added.overlaid = control.preview.overlay === true;
    added.connected = link.state === 'online' && nodes.get(node)?.status === 'online';
    views.set(camera, added);
    byId('cameras').append(added.element);
    control.onShow();
  }
  return views.get(camera);
}

// ---- Where things stand

broker.addEventListener('state', ({ state, sentence }) => {
  forbidden = state === 'forbidden' ? sentence : '';
  if (state !== 'forbidden')
    link = { state, sentence };
  byId('login').hidden = state !== 'refused';
  byId('main').hidden = state === 'refused';
  document.body.classList.toggle('outside', state === 'refused');
  if (state === 'refused') {
    byId('login-why').textContent = sentence;
    byId('user').focus();
  }
  showNode();
});

byId('login').addEventListener('submit', event => {
  event.preventDefault();
  link = { state: 'connecting', sentence: '' };
  showNode();
  broker.connect({ username: byId('user').value, password: byId('password').value });
});

function showNodes() {
  const select = byId('node');
  const names = [...new Set([node, ...nodes.keys()])].filter(name => name === node || nodes.get(name).status || nodes.get(name).info).sort();
  if ([...select.options].map(option => option.value).join('/') !== names.join('/'))
    select.replaceChildren(...names.map(name => el('option', { value: name }, name)));
  select.value = node;
  select.disabled = names.length < 2;
}

function showNode() {
  const { status, info } = nodes.get(node) ?? {};
  const [tone, word, trouble] = standing(status);
  const pill = byId('state');
  pill.dataset.tone = tone;
  show(pill, word);
  show(byId('trouble'), trouble || forbidden);
  document.body.classList.toggle('cut', tone === 'bad');
  document.title = `${node} – FaceLandmark`;
  for (const { name } of info?.cameras ?? [])
    view(name);
  const connected = link.state === 'online' && status === 'online';
  for (const camera of views.values()) {
    if (connected && !camera.connected)
      camera.wake();
    camera.connected = connected;
    camera.tell();
  }
  control.setInfo(info ?? null);
  control.setLive(connected && !!info);
  byId('facts').textContent = info
    ? `${info.software.name} ${info.software.version} · ${info.engines.map(engine => `${engine.runtime} for ${engine.device.name}${engine.device.emulated ? ' (emulated)' : ''}`).join(', ')} · ${info.software.system}, ${info.software.architecture} · since ${new Date(info.started).toLocaleString()}`
    : '';
}

function standing(status) {
  switch (link.state) {
    case 'connecting': return ['wait', 'Connecting …', ''];
    case 'refused': return ['wait', 'Log in', ''];
    case 'offline': return ['bad', 'No connection', `${link.sentence} Trying again …`];
  }
  switch (status) {
    case 'online': return ['good', 'Online', ''];
    case 'stopped': return ['wait', 'Stopped', `Node ${node} was stopped. It appears here when it runs again.`];
    case 'offline': return ['bad', 'Offline', `Node ${node} has lost its connection to the broker, or has ended unexpectedly. It appears here when it is back.`];
    default: return ['wait', 'Waiting', `The broker has nothing from node ${node} yet.`];
  }
}

function show(element, text) {
  if (element.textContent !== text)
    element.textContent = text;
  element.hidden = text === '';
}

// ---- Start

byId('node').addEventListener('change', event => choose(event.target.value));
document.addEventListener('visibilitychange', listenToFrames);
broker.subscribe(`${here.base}/+/status`, 1);
broker.subscribe(`${here.base}/+/info`, 1);
showNodes();
showNode();
listen();
broker.connect();

let told = 0;
function frame(now) {
  views.forEach(camera => camera.draw(now));
  if (now - told > 250) {
    told = now;
    views.forEach(camera => camera.tell());
    figures.setTiming([...views.values()].map(camera => camera.pace?.message.timing).find(timing => timing) ?? null);
    figures.age();
  }
  requestAnimationFrame(frame);
}
requestAnimationFrame(frame);
