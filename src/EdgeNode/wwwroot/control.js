// The controls: they show what the node says holds, and ask it for something else.
import { el } from './dom.js';

const modes = [
  ['cpu', 'CPU', 'Every frame goes to the CPU.'],
  ['drpai', 'DRP-AI', 'Every frame goes to the DRP-AI.'],
  ['remote', 'Server', 'Every frame goes to the inference server.'],
  ['balance', 'Balance', 'Each frame goes to the engine with less to do.'],
  ['compare', 'Compare', 'Every frame goes to two engines; the page draws the points of each and shows how far they are apart.'],
  ['failover', 'Failover', 'The preferred engine, and the next one when it fails.'],
];
const patience = 65_000; // ms; the node gives a command up after 60 s
const verbs = ['camera', 'health', 'mode', 'model', 'preview', 'snapshot'];
const byId = id => document.getElementById(id);

export class Control {
  #pending = new Map(); // transaction -> { settle, timer }
  #count = 0;
  #session = crypto.getRandomValues(new Uint32Array(2)).join('');
  #info = null;
  #allowed = [];
  #live = false; // whether the node can be asked
  #preview = {};

  /** @param send publishes: verb, message */
  constructor(send) {
    this.send = send;
    this.answer = byId('answer');
    this.modes = new Map(modes.map(([word, name]) => {
      const input = el('input', { type: 'radio', name: 'mode', value: word, id: `mode-${word}` });
      byId('mode').append(el('span', {}, input, el('label', { for: input.id }, name)));
      input.addEventListener('change', () => this.ask('mode', { mode: word }, byId('mode')));
      return [word, input];
    }));
    this.model = byId('model');
    this.model.addEventListener('change', () => this.ask('model', { model: this.model.value }, this.model));
    for (const [id, field] of [['preview', 'enabled'], ['overlay', 'overlay']])
      byId(id).addEventListener('change', event => this.ask('preview', { [field]: event.target.checked }, event.target));
    byId('rate').addEventListener('input', event => { byId('rate-value').value = event.target.value; });
    byId('rate').addEventListener('change', event => this.ask('preview', { rate: Number(event.target.value) }, event.target));
  }

  /** Asks the node; what it says is shown. Gives the answer's data, or null when it refuses. */
  async ask(verb, fields, control) {
    const transaction = `${this.#session}-${++this.#count}`;
    control?.setAttribute('aria-busy', 'true');
    try {
      const answer = new Promise((resolve, reject) => {
        this.#pending.set(transaction, { resolve, reject, timer: setTimeout(() => reject(new Error('The node did not answer.')), patience) });
      });
      answer.catch(() => {}); // the request itself may fail first
      await this.send(verb, { ...fields, transaction });
      const data = await answer;
      if (control)
        this.#say(said(verb, fields, data), 'good');
      return data ?? {};
    } catch (refusal) {
      if (control)
        this.#say(refusal.message, 'bad');
      return null;
    } finally {
      clearTimeout(this.#pending.get(transaction)?.timer);
      this.#pending.delete(transaction);
      control?.removeAttribute('aria-busy');
      this.#show();
    }
  }

  /** A message of response/<verb>, from any sender. */
  addAnswer(message) {
    if (message.verb === 'preview' && message.status === 'ok')
      this.setPreview(message.data);
    const asked = this.#pending.get(message.transaction);
    if (message.status === 'ok')
      asked?.resolve(message.data);
    else
      asked?.reject(new Error(message.error));
  }

  /** A message of info; null for none. */
  setInfo(info) {
    const isNew = info?.session !== this.#info?.session;
    this.#info = info;
    const allow = info?.configuration?.commands?.allow ?? '';
    this.#allowed = allow.split(',').map(verb => verb.trim());
    if (isNew)
      this.setPreview(info?.configuration?.preview ?? {}); // a command may have changed it since
    else
      this.#show();
  }

  /** Whether the node can be asked now. */
  setLive(live) {
    if (live && !this.#live && this.#allowed.includes('preview'))
      this.ask('preview', {}); // what holds may be other than what was configured
    this.#live = live;
    this.#show();
  }

  setPreview(settings) {
    this.#preview = { ...this.#preview, ...settings };
    this.onPreview?.(this.#preview);
    this.#show();
  }

  get preview() {
    return this.#preview;
  }

  /** Whether a verb is obeyed. */
  may(verb) {
    return this.#live && this.#allowed.includes(verb);
  }

  #show() {
    const info = this.#info;
    const names = info?.engines.map(engine => engine.name) ?? [];
    const mode = info?.dispatch?.mode;
    for (const [word, input] of this.modes) {
      input.checked = word === mode;
      const lacks = word === 'drpai' || word === 'remote' ? !names.includes(word) : word !== 'cpu' && names.length < 2;
      input.disabled = !this.may('mode') || lacks;
      input.parentElement.hidden = word === 'remote' && lacks; // few nodes have a server
    }
    const meaning = modes.find(([word]) => word === mode)?.[2] ?? '';
    const failed = info?.dispatch?.failed ? ` ${info.dispatch.failed}` : '';
    byId('mode-note').textContent = info && names.length === 1 ? `${meaning} The other choices need a DRP-AI, and this node has none.` : meaning + failed;

    const running = info?.engines[0]?.model.name;
    const models = info?.models ?? [];
    const options = models.some(model => model.name === running) || !running ? models : [{ name: running }, ...models];
    if ([...this.model.options].map(option => option.value).join() !== options.map(model => model.name).join())
      this.model.replaceChildren(...options.map(model => el('option', { value: model.name, title: model.description ?? '' }, model.name)));
    if (running)
      this.model.value = running;
    this.model.disabled = !this.may('model');

    const { enabled, rate, overlay } = this.#preview;
    byId('preview').checked = enabled === true;
    byId('overlay').checked = overlay === true;
    if (rate !== undefined && document.activeElement !== byId('rate')) {
      byId('rate').value = rate;
      byId('rate-value').value = Math.round(rate * 10) / 10;
    }
    for (const id of ['preview', 'rate', 'overlay'])
      byId(id).disabled = !this.may('preview');
    const missing = verbs.filter(verb => verb !== 'health' && !this.#allowed.includes(verb));
    const note = byId('control-note');
    note.hidden = !info || missing.length === 0;
    note.textContent = missing.length === verbs.length - 1
      ? 'This node accepts no commands: Commands:Allow in its configuration lists those it accepts.'
      : `Not allowed by this node's Commands:Allow: ${missing.join(', ')}.`;
    this.onShow?.();
  }

  #say(text, tone) {
    this.answer.textContent = text;
    this.answer.dataset.tone = tone;
  }
}

function said(verb, fields, data) {
  switch (verb) {
    case 'mode': return `Engines: ${modes.find(([word]) => word === data.mode)?.[1] ?? data.mode}.`;
    case 'model': return `The model is now ${data.model}.`;
    case 'camera': return `${data.camera}: ${{ start: 'started', stop: 'stopped', reopen: 'opened again' }[data.action]}.`;
    case 'snapshot': return `Picture ${data.seq} of ${data.camera} is saved.`;
    case 'preview': return 'rate' in fields ? `${data.rate} pictures a second.` : 'enabled' in fields ? `Pictures are ${data.enabled ? 'on' : 'off'}.` : `The node draws ${data.overlay ? 'the points into the pictures' : 'no points into the pictures'}.`;
    default: return 'Done.';
  }
}
