// Reads what CBOR (RFC 8949) messages of a node contain: integers, texts, arrays and maps of known or open length, floats, simple values.

/** @param bytes Uint8Array */
export function decodeCbor(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = new TextDecoder();
  let at = 0;

  function length(info) {
    if (info < 24)
      return info;
    const size = 1 << (info - 24);
    const value = size === 1 ? view.getUint8(at) : size === 2 ? view.getUint16(at) : size === 4 ? view.getUint32(at) : Number(view.getBigUint64(at));
    at += size;
    return value;
  }

  function half() {
    const bits = view.getUint16(at);
    at += 2;
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 31)
      return fraction ? NaN : sign * Infinity;
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
  }

  function simple(info) {
    switch (info) {
      case 20: return false;
      case 21: return true;
      case 22: return null;
      case 25: return half();
      case 26: at += 4; return view.getFloat32(at - 4);
      case 27: at += 8; return view.getFloat64(at - 8);
      default: throw new Error(`CBOR: simple value ${info}`);
    }
  }

  // An array or map that ends with a mark.
  function open(next) {
    const all = [];
    while (view.getUint8(at) !== 0xff)
      all.push(next());
    at++;
    return all;
  }

  function item() {
    const head = view.getUint8(at++);
    const info = head & 0x1f;
    const type = head >> 5;
    if (type === 7)
      return simple(info);
    if (info === 31)
      return type === 4 ? open(item) : Object.fromEntries(open(() => [item(), item()]));
    const count = length(info);
    switch (type) {
      case 0: return count;
      case 1: return -1 - count;
      case 2: at += count; return bytes.subarray(at - count, at);
      case 3: at += count; return text.decode(bytes.subarray(at - count, at));
      case 4: return Array.from({ length: count }, item);
      case 5: return Object.fromEntries(Array.from({ length: count }, () => [item(), item()]));
      default: throw new Error(`CBOR: type ${type}`);
    }
  }

  return item();
}
