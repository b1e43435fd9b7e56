// The connection to the broker through the node's /mqtt: kept up without end, with a sentence for every reason why it is down.
import mqtt from './lib/mqtt.esm.js';

const again = 1500; // ms between attempts
// CONNACK reasons: MQTT 5 and MQTT 3.1.1, wrong user or password and not authorised.
const refusals = new Set([0x86, 0x87, 4, 5]);

export class Broker extends EventTarget {
  #client;
  #filters = new Map(); // filter -> quality of service
  #version;

  /** @param version 5, or 4 for MQTT 3.1.1 */
  constructor(version) {
    super();
    this.#version = version;
  }

  /** Connects, without an account or with one. */
  connect(account = {}) {
    this.#client?.end(true);
    const url = new URL('mqtt', location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    const client = this.#client = mqtt.connect(url.href, {
      ...account,
      clientId: `facelandmark-page-${crypto.getRandomValues(new Uint32Array(2)).join('')}`,
      protocolVersion: this.#version,
      clean: true,
      resubscribe: false,
      keepalive: 120, // browsers let hidden pages act once a minute only
      reconnectPeriod: again,
      connectTimeout: 10_000,
      timerVariant: 'native', // its other timer is a worker made of text, which the page's policy forbids
      forceNativeWebSocket: true,
    });
    client.on('connect', () => {
      this.#tell('online');
      for (const [filter, qos] of this.#filters)
        this.#subscribe(filter, qos);
    });
    client.on('message', (topic, payload, packet) => this.dispatchEvent(Object.assign(new Event('message'), { topic, payload, properties: packet.properties })));
    client.on('close', () => client === this.#client && this.#explain());
    client.on('error', error => {
      if (client !== this.#client || !refusals.has(error.code))
        return; // a broken connection is followed by 'close'
      this.#client = null;
      client.end(true);
      this.#tell('refused', account.username
        ? `It refuses the user '${account.username}' with this password.`
        : 'It requires an account.');
    });
  }

  get isOnline() {
    return this.#client?.connected === true;
  }

  subscribe(filter, qos = 0) {
    this.#filters.set(filter, qos);
    if (this.isOnline)
      this.#subscribe(filter, qos);
  }

  unsubscribe(filter) {
    if (this.#filters.delete(filter) && this.isOnline)
      this.#client.unsubscribe(filter);
  }

  /** Sends a JSON message; rejects with a sentence when it cannot be sent. */
  async publish(topic, message) {
    if (!this.isOnline)
      throw new Error('There is no connection to the broker.');
    try {
      await this.#client.publishAsync(topic, JSON.stringify(message), { qos: 1 });
    } catch (refusal) {
      throw new Error(`The broker refused the message: this account may not write to ${topic} (${refusal.message}).`);
    }
  }

  #subscribe(filter, qos) {
    this.#client.subscribe(filter, { qos }, (error, granted) => {
      if (this.isOnline && (error || granted?.some(grant => grant.qos > 2)))
        this.#tell('forbidden', `The broker does not let this account read ${filter}: use another one.`);
    });
  }

  // A WebSocket says nothing about why it failed; the node does.
  async #explain() {
    const client = this.#client;
    let sentence;
    try {
      const answer = await fetch('broker.json', { cache: 'no-store' });
      sentence = (await answer.json()).trouble || 'The broker closed the connection.';
    } catch {
      sentence = 'The node that serves this page does not answer: it has stopped, or the network is down.';
    }
    if (client === this.#client && !this.isOnline)
      this.#tell('offline', sentence);
  }

  #tell(state, sentence = '') {
    this.dispatchEvent(Object.assign(new Event('state'), { state, sentence }));
  }
}
