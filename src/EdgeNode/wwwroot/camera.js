// One camera: its picture, the points over it, where it stands, and its faces in figures.
import { decodeCbor } from './cbor.js';
import { drawFaces, flatten } from './faces.js';
import { FaceTable } from './face-table.js';
import { el } from './dom.js';

const remembered = 240; // landmarks messages that wait for their picture
const pictureHolds = 3000; // ms without a new picture after which points are drawn as they come
const resultHolds = 1000; // ms after which points without a picture are gone
const silence = 3000; // ms without a result after which the page says so

const words = {
  opening: 'is being opened', streaming: 'streams', stalled: 'has stalled', unplugged: 'is unplugged', ended: 'has ended', failed: 'has failed', stopped: 'is stopped',
};

let count = 0;

export class CameraView {
  #decoder = new TextDecoder();
  #bySequence = new Map(); // seq -> messages of that frame, one an engine
  #latest = []; // messages of the newest frame
  #arrivals = []; // when the results of the last seconds came
  #picture = null; // { bitmap, seq, at }
  #decoding = false;
  #waiting = null; // the newest picture that waits for the decoder
  #jpegs = []; // the last pictures as files, for snapshots
  #dirty = false;
  #state = { state: 'opening' };
  #drawn = '';
  #since = performance.now(); // from when on results are expected

  /** @param ask sends a command: verb, fields */
  constructor(name, ask) {
    this.name = name;
    this.overlaid = false; // whether the node draws the points into the pictures
    this.connected = false; // whether there is a way to the node
    const id = `camera-${++count}`;
    this.element = el('article', { class: 'camera', 'aria-labelledby': id, 'data-camera': name },
      el('header', {},
        el('h2', { id }, name),
        this.pill = el('span', { class: 'pill', 'data-tone': 'wait', role: 'status' }),
        this.meta = el('span', { class: 'meta' }),
        el('span', { class: 'tools' },
          this.snapshot = el('button', { type: 'button', 'aria-label': `Save a picture of ${name}` }, 'Save picture'),
          this.toggle = el('button', { type: 'button' }, 'Stop'))),
      this.stage = el('div', { class: 'stage' },
        this.canvas = el('canvas', { class: 'picture', role: 'img', 'aria-label': `Picture of ${name}` }),
        this.points = el('canvas', { class: 'points', 'aria-hidden': 'true' }),
        this.veil = el('p', { class: 'veil', hidden: true })));
    this.table = new FaceTable(name);
    this.element.append(this.table.element);
    this.snapshot.addEventListener('click', () => this.#save(ask));
    this.toggle.addEventListener('click', () => ask('camera', { camera: name, action: this.toggle.dataset.action }, this.toggle));
    new ResizeObserver(() => { this.#dirty = true; }).observe(this.stage);
    this.setState(this.#state);
  }

  /** A message of cameras/<cam>/state. */
  setState(message) {
    this.#state = message;
    const { state } = message;
    const over = state === 'ended' && message.live !== true; // a live source is opened again
    this.pill.textContent = state === 'ended' && !over ? 'has ended and is being reopened' : words[state] ?? state;
    this.pill.dataset.tone = state === 'streaming' ? 'good' : state === 'opening' || state === 'ended' || state === 'stopped' ? 'wait' : 'bad';
    const halts = state === 'stopped' || over;
    this.toggle.dataset.action = halts ? 'start' : 'stop';
    this.toggle.textContent = halts ? 'Start' : 'Stop';
    this.toggle.setAttribute('aria-label', `${this.toggle.textContent} ${this.name}`);
    if (message.width)
      this.#size(message.width, message.height);
    this.tell();
  }

  /** A message of cameras/<cam>/landmarks, JSON or CBOR. */
  addLandmarks(payload) {
    const message = payload[0] === 0x7b ? JSON.parse(this.#decoder.decode(payload)) : decodeCbor(payload);
    const isCompact = message.faces.length > 0 && !Array.isArray(message.faces[0].points[0]);
    for (const face of message.faces) {
      face.points = flatten(face.points);
      if (isCompact)
        face.box = face.box.map(value => value / 100);
    }
    const key = `${message.session}/${message.seq}`;
    const ofFrame = this.#bySequence.get(key) ?? [];
    ofFrame.push(message);
    this.#bySequence.set(key, ofFrame);
    if (this.#bySequence.size > remembered)
      this.#bySequence.delete(this.#bySequence.keys().next().value);
    this.#latest = ofFrame;
    this.#arrivals.push(performance.now());
    this.#size(message.frame.width, message.frame.height);
    this.#dirty ||= !this.#picture || this.#picture.key === key;
  }

  /** A message of cameras/<cam>/preview; without a sequence number (MQTT 3.1.1) it is taken for the newest frame's. */
  addPicture(jpeg, seq) {
    const { session, seq: newest } = this.#latest[0] ?? {};
    const number = Number(seq ?? newest);
    const picture = { file: new Blob([jpeg], { type: 'image/jpeg' }), key: `${session}/${number}`, seq: number };
    this.#jpegs = [...this.#jpegs.slice(-4), picture];
    this.#waiting = picture;
    this.#decode();
  }

  // One at a time; of those that come meanwhile the newest.
  async #decode() {
    if (this.#decoding)
      return;
    this.#decoding = true;
    for (let next; (next = this.#waiting); ) {
      this.#waiting = null;
      const bitmap = await createImageBitmap(next.file).catch(() => null);
      if (bitmap) {
        this.#picture?.bitmap.close();
        this.#picture = { ...next, bitmap, at: performance.now() };
        this.#dirty = true;
      }
    }
    this.#decoding = false;
  }

  /** What the node last said about the camera's frames a second and delay; null while nothing comes. */
  get pace() {
    const now = performance.now();
    this.#arrivals = this.#arrivals.filter(at => now - at < 2000);
    return this.#arrivals.length === 0 ? null : { fps: this.#arrivals.length / 2 / Math.max(1, this.#latest.length), message: this.#latest[0] };
  }

  /** Draws what is new; called for every picture of the screen. */
  draw(now) {
    if (this.#picture && now - this.#picture.at > pictureHolds) {
      this.#picture.bitmap.close();
      this.#picture = null;
      this.#dirty = true;
    }
    if (!this.#dirty)
      return;
    this.#dirty = false;
    const shown = this.#picture ? this.#bySequence.get(this.#picture.key) ?? [] : now - (this.#arrivals.at(-1) ?? 0) < resultHolds ? this.#latest : [];
    this.#drawPicture();
    const stamp = shown.length === 0 ? '' : `${shown[0].seq}`;
    const dot = devicePixelRatio;
    const [width, height] = [Math.round(this.stage.clientWidth * dot), Math.round(this.stage.clientHeight * dot)];
    if (this.points.width !== width || this.points.height !== height)
      [this.points.width, this.points.height] = [width, height];
    const pen = this.points.getContext('2d');
    pen.clearRect(0, 0, width, height);
    this.points.dataset.seq = stamp;
    if (this.overlaid && this.#picture)
      return; // the points are in the picture
    shown.map((message, engine) => [message, Math.min(engine, 1)]).reverse() // the first engine's on top
      .forEach(([message, engine]) => drawFaces(pen, message.faces, width / message.frame.width, dot, engine));
  }

  /** Figures that people read, a few times a second. */
  tell() {
    const pace = this.pace;
    const message = pace?.message;
    const seen = message?.faces ?? [];
    this.table.show(seen);
    const engines = this.#latest.map(result => result.device.emulated ? `${result.device.name} (emulated)` : result.device.name).join(' and ');
    this.meta.textContent = message
      ? `${message.frame.width}×${message.frame.height} · ${pace.fps.toFixed(1)} results/s · ${message.model} on ${engines}`
      : '';
    const label = `Picture of ${this.name}: ${seen.length === 0 ? 'no face' : seen.length === 1 ? 'one face' : `${seen.length} faces`}`;
    if (label !== this.#drawn)
      this.canvas.setAttribute('aria-label', this.#drawn = label);
    this.#dirty ||= !message;
    if (!this.connected)
      this.#cover('No connection.');
    else if (this.#state.state === 'streaming')
      this.#cover(!message && performance.now() - this.#since > silence ? 'The camera streams, but no result has come for some seconds.' : '');
    else
      this.#cover(this.#state.cause ?? `The camera ${words[this.#state.state] ?? this.#state.state}.`);
  }

  /** Messages come from now on. */
  wake() {
    this.#since = performance.now();
  }

  #drawPicture() {
    const { canvas } = this;
    const bitmap = this.#picture?.bitmap;
    if (!bitmap) {
      canvas.dataset.seq = '';
      canvas.getContext('2d').clearRect(0, 0, canvas.width, canvas.height);
      return;
    }
    if (canvas.width !== bitmap.width || canvas.height !== bitmap.height)
      [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
    canvas.getContext('2d').drawImage(bitmap, 0, 0);
    canvas.dataset.seq = this.#picture.seq;
  }

  #size(width, height) {
    const ratio = `${width} / ${height}`;
    if (this.stage.style.getPropertyValue('--ratio') !== ratio)
      this.stage.style.setProperty('--ratio', ratio);
  }

  #cover(sentence) {
    if (this.veil.textContent !== sentence)
      this.veil.textContent = sentence;
    this.veil.hidden = sentence === '';
  }

  // Asks for the next frame, which comes like any picture, and saves it.
  async #save(ask) {
    const answer = await ask('snapshot', { camera: this.name }, this.snapshot);
    if (!answer)
      return;
    const picture = this.#jpegs.find(jpeg => jpeg.seq === answer.seq) ?? this.#jpegs.at(-1);
    if (!picture)
      return;
    const url = URL.createObjectURL(picture.file);
    el('a', { href: url, download: `${this.name}-${answer.seq}.jpg` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}
