// The node's figures: header, times, trends, drops, comparison.
import { el } from './dom.js';

const steps = [
  ['queue', 'Waiting'], ['locate', 'Finding faces'], ['preprocess', 'Pre-processing'], ['inference', 'Inference'], ['postprocess', 'Post-processing'], ['total', 'Total'],
];
const trends = [['fps', 'Results a second', 1], ['delay', 'Delay, ms', 1], ['cpu', 'CPU, %', 0], ['memory', 'Memory, MB', 0]];
const points = 120;
const reasons = {
  driverLost: 'the driver lost them', damaged: 'they arrived damaged',
  newerFrame: 'a newer frame took their place', stopping: 'the node was stopping', engineFault: 'the engine failed', invalidOutput: 'the engine gave NaN or infinity',
  offline: 'no broker', queueFull: 'the broker was too slow', diskFault: 'the disk refused', busy: 'the encoder was busy', tooLarge: 'larger than the broker accepts',
};
const places = {
  camera: 'Frames of the camera', gate: 'Frames', infer: 'Frames at the engine', publish: 'Messages', events: 'Events', outbox: 'Waiting messages', preview: 'Pictures',
};
const byId = id => document.getElementById(id);
const milliseconds = value => value === undefined ? '–' : value.toFixed(value < 9.95 ? 2 : value < 99.5 ? 1 : 0);

const distance = (px, percent) => px === undefined ? '–' : `${px.toFixed(2)} px · ${percent.toFixed(2)} %`; // none without faces

export class Figures {
  #history = new Map(trends.map(([key]) => [key, []]));
  #cells = new Map();
  #charts = new Map();
  #at = 0;

  constructor() {
    for (const [key, name] of steps) {
      const cells = [el('td'), el('td'), el('td')];
      byId('times').append(el('tr', { class: key === 'total' ? 'sum' : '' }, el('th', { scope: 'row' }, name, el('i')), ...cells));
      this.#cells.set(key, cells);
    }
    for (const [key, name] of trends) {
      const value = el('b', {}, '–');
      const chart = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
      chart.setAttribute('viewBox', `0 0 ${points - 1} 30`);
      chart.setAttribute('preserveAspectRatio', 'none');
      chart.setAttribute('aria-hidden', 'true');
      chart.innerHTML = '<path class="area"/><path class="line"/>';
      byId('trends').append(el('figure', {}, el('figcaption', {}, name, value), chart));
      this.#charts.set(key, { value, chart });
    }
  }

  /** A message of stats. */
  addStats(stats) {
    this.#at = performance.now();
    const now = { fps: stats.fps.out, delay: stats.endToEnd.p50, cpu: stats.cpuPercent, memory: stats.memoryBytes / 1e6 };
    byId('fps').textContent = now.fps.toFixed(1);
    byId('delay').textContent = now.delay.toFixed(0);
    byId('cpu').textContent = now.cpu.toFixed(0);
    byId('memory').textContent = now.memory.toFixed(0);
    byId('temperature').textContent = stats.temperatureC?.toFixed(0) ?? '–';
    byId('temperature').closest('div').hidden = stats.temperatureC === undefined;
    for (const [key, , decimals] of trends) {
      const values = this.#history.get(key);
      values.push(now[key]);
      if (values.length > points)
        values.shift();
      this.#plot(key, values, decimals);
    }
    const whole = stats.endToEnd.p50 || 1;
    for (const [key] of steps) {
      const { p50, p95 } = (key === 'total' ? stats.endToEnd : stats.stages[key]) ?? {};
      const [, half, most] = this.#cells.get(key);
      half.textContent = milliseconds(p50);
      most.textContent = milliseconds(p95);
      half.parentElement.style.setProperty('--part', `${Math.min(100, 100 * (p50 ?? 0) / whole)}%`);
    }
    const drops = Object.entries(stats.drops).flatMap(([place, counts]) => Object.entries(counts).map(([reason, count]) => [place, reason, count]));
    byId('drops').replaceChildren(...drops.length === 0
      ? [el('div', {}, el('dt', {}, 'Dropped since the start'), el('dd', {}, 'nothing'))]
      : drops.map(([place, reason, count]) => el('div', {},
        el('dt', {}, `${places[place] ?? place} dropped: ${reasons[reason] ?? reason}`), el('dd', {}, count.toLocaleString('en')))));
  }

  /** Times of the newest result; null when none comes. */
  setTiming(timing) {
    for (const [key] of steps)
      this.#cells.get(key)[0].textContent = milliseconds(timing?.[key]);
  }

  /** A message of compare. */
  addComparison(message) {
    this.#compared = performance.now();
    byId('compare').hidden = false;
    const { window: over, engines } = message;
    const rows = [
      ['Between', engines.map(engine => engine.device.emulated ? `${engine.device.name} (emulated)` : engine.device.name).join(' and ')],
      ['Mean distance', distance(over.meanPx, over.meanPercent)],
      ['Largest distance', distance(over.maxPx, over.maxPercent)],
      ['Over', `${over.faces} faces; % of the distance between the eyes`],
    ];
    byId('compare-figures').replaceChildren(...rows.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
  }

  #compared = -Infinity;

  /** Dims what is old. */
  age() {
    const now = performance.now();
    document.body.classList.toggle('stale', now - this.#at > 5000);
    byId('compare').hidden = now - this.#compared > 3000;
  }

  /** Another node: what was shown is not its. */
  clear() {
    for (const values of this.#history.values())
      values.length = 0;
    for (const id of ['fps', 'delay', 'cpu', 'memory', 'temperature'])
      byId(id).textContent = '–';
    for (const { value, chart } of this.#charts.values()) {
      value.textContent = '–';
      chart.querySelectorAll('path').forEach(path => path.removeAttribute('d'));
    }
    for (const [, half, most] of this.#cells.values()) {
      half.textContent = most.textContent = '–';
      half.parentElement.style.removeProperty('--part');
    }
    byId('drops').replaceChildren();
    byId('compare').hidden = true;
    this.#at = 0;
    this.#compared = -Infinity;
    this.setTiming(null);
  }

  #plot(key, values, decimals) {
    const { value, chart } = this.#charts.get(key);
    value.textContent = values.at(-1).toFixed(decimals);
    const most = Math.max(...values) * 1.15 || 1;
    const line = values.map((y, i) => `${points - values.length + i},${(29 - 28 * y / most).toFixed(2)}`).join(' L');
    chart.querySelector('.line').setAttribute('d', `M${line}`);
    chart.querySelector('.area').setAttribute('d', `M${points - values.length},30 L${line} L${points - 1},30 Z`);
  }
}
