// What happened to faces, newest first.
import { el } from './dom.js';

const kept = 60;
const words = {
  appeared: 'appeared', left: 'left', blink: 'blinked', eyesClosed: 'keeps the eyes closed', yawn: 'yawned', lookingAway: 'looks away',
};
const time = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });

export class Events {
  #seen = [];

  constructor() {
    this.list = document.getElementById('events');
  }

  /** A message of cameras/<cam>/events; it may come twice. */
  add(message, showCamera) {
    const key = `${message.session}/${message.camera}/${message.seq}`;
    if (this.#seen.includes(key))
      return;
    this.#seen = [...this.#seen.slice(1 - kept), key];
    this.list.querySelector('.none')?.remove();
    const what = `face #${message.face} ${words[message.event] ?? message.event}${message.seconds ? ` (${message.seconds.toFixed(1)} s)` : ''}`;
    this.list.prepend(el('li', { 'data-event': message.event },
      el('time', { datetime: message.at }, time.format(new Date(message.at))), el('span', {}, showCamera ? `${message.camera}: ${what}` : what)));
    while (this.list.children.length > kept)
      this.list.lastChild.remove();
  }

  clear() {
    this.list.replaceChildren(el('li', { class: 'none' }, 'None yet.'));
  }
}
