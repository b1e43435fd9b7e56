// The faces of a camera in figures: a row a face.
import { el } from './dom.js';

const columns = ['Face', 'Score', 'Yaw', 'Pitch', 'Roll', 'Left eye', 'Right eye', 'Mouth'];
const degrees = value => `${value < -0.5 ? '−' : ''}${Math.abs(Math.round(value))}°`;

export class FaceTable {
  #rows = [];

  constructor(camera) {
    this.element = el('div', { class: 'faces', tabindex: '0', role: 'region', 'aria-label': `Faces of ${camera}` },
      el('table', {},
        el('thead', {}, el('tr', {}, ...columns.map(column => el('th', { scope: 'col' }, column)))),
        this.body = el('tbody')),
      this.none = el('p', { class: 'none' }, 'No face.'));
  }

  /** @param faces faces of a landmarks message */
  show(faces) {
    this.none.hidden = faces.length > 0;
    this.body.parentElement.hidden = faces.length === 0;
    while (this.#rows.length > faces.length)
      this.#rows.pop().row.remove();
    while (this.#rows.length < faces.length)
      this.#rows.push(this.#add());
    faces.forEach((face, index) => {
      const { pose, eyes, mouth } = face;
      const { head, cells } = this.#rows[index];
      head.textContent = `#${face.id}`;
      [`${Math.round(face.score * 100)} %`, degrees(pose.yaw), degrees(pose.pitch), degrees(pose.roll)].forEach((text, i) => { cells[i].textContent = text; });
      [eyes.left, eyes.right, mouth.open].forEach((value, i) => this.#meter(cells[4 + i], value));
    });
  }

  #add() {
    const head = el('th', { scope: 'row' });
    const cells = columns.slice(1).map((_, i) => el('td', { class: i > 3 ? 'meter' : '' }, ...(i > 3 ? [el('i'), el('span')] : [])));
    const row = el('tr', {}, head, ...cells);
    this.body.append(row);
    return { row, head, cells };
  }

  #meter(cell, value) {
    const percent = Math.round(value * 100);
    cell.style.setProperty('--part', `${percent}%`);
    cell.lastChild.textContent = percent;
  }
}
