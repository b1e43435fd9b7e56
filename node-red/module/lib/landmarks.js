// What a FaceLandmark node publishes on cameras/<cam>/landmarks, read and drawn. No dependency, neither on Node-RED.
"use strict";

const cbor = bytes => {
    let at = 0;
    const unsigned = info => {
        if (info < 24) return info;
        const size = 1 << (info - 24), start = at;
        at += size;
        return size === 8 ? Number(bytes.readBigUInt64BE(start)) : bytes.readUIntBE(start, size);
    };
    const half = () => {
        const bits = bytes.readUInt16BE(at), exponent = (bits >> 10) & 31, fraction = bits & 1023;
        at += 2;
        const value = exponent === 0 ? fraction * 2 ** -24 : exponent === 31 ? (fraction ? NaN : Infinity) : (1 + fraction / 1024) * 2 ** (exponent - 15);
        return bits & 0x8000 ? -value : value;
    };
    const END = Symbol("end");
    const item = () => {
        if (at >= bytes.length) throw new Error("it ends too early");
        const head = bytes[at++], type = head >> 5, info = head & 31, open = info === 31;
        const several = (count, take) => {
            for (let i = 0; open || i < count; i++) if (take() === END) return;
        };
        if (type === 7) {
            if (info === 25) return half();
            if (info === 26) return at += 4, bytes.readFloatBE(at - 4);
            if (info === 27) return at += 8, bytes.readDoubleBE(at - 8);
            return { 20: false, 21: true, 22: null, 31: END }[info];
        }
        const count = open ? 0 : unsigned(info);
        if (type === 0) return count;
        if (type === 1) return -1 - count;
        if (type === 2 || type === 3) return at += count, type === 3 ? bytes.toString("utf8", at - count, at) : bytes.subarray(at - count, at);
        if (type === 6) return item();
        if (type === 4) {
            const list = [];
            several(count, () => { const value = item(); if (value !== END) list.push(value); return value; });
            return list;
        }
        const map = {};
        several(count, () => { const key = item(); if (key !== END) map[key] = item(); return key; });
        return map;
    };
    return item();
};

// Of the 98 points of WFLW; left and right are those of the picture.
const WFLW = {
    contour: [0, 32], leftBrow: [33, 41], rightBrow: [42, 50], noseBridge: [51, 54], noseBase: [55, 59],
    leftEye: [60, 67], rightEye: [68, 75], outerLips: [76, 87], innerLips: [88, 95], leftPupil: [96, 96], rightPupil: [97, 97],
};

/**
 * Reads a landmarks message.
 * @param payload Bytes (JSON or CBOR), text (JSON), or the object of the message.
 * @returns The message; each face has `points` as pairs in pixels of the frame, and `parts`.
 * @throws An Error when it is no such message.
 */
function decode(payload) {
    let message = payload;
    try {
        if (Buffer.isBuffer(message)) message = message[0] === 0x7b ? JSON.parse(message.toString()) : cbor(message);
        else if (typeof message === "string") message = JSON.parse(message);
        if (!message || !Array.isArray(message.faces)) throw new Error("it has no faces");
    } catch (reason) {
        throw new Error(`This is no landmarks message of FaceLandmark: ${reason.message}`);
    }
    const faces = message.faces.map(face => {
        if (face.parts) return face; // decoded before
        // CBOR: whole hundredths of a pixel, in one list.
        const flat = typeof face.points[0] === "number";
        const points = flat ? Array.from({ length: face.points.length / 2 }, (_, i) => [face.points[2 * i] / 100, face.points[2 * i + 1] / 100]) : face.points;
        const parts = {};
        for (const [name, [first, last]] of Object.entries(points.length === 98 ? WFLW : {})) parts[name] = points.slice(first, last + 1);
        return { ...face, box: flat ? face.box.map(value => value / 100) : face.box, points, parts };
    });
    return { ...message, faces };
}

/**
 * Draws a decoded message as SVG in pixels of the frame.
 * @param message What decode returned.
 * @param picture JPEG bytes of the same frame; otherwise only the points are drawn.
 * @param colour Of the lines.
 */
function draw(message, picture, colour) {
    // Whatever somebody publishes: only numbers get into the drawing.
    const pairs = list => list.map(([x, y]) => [Number(x), Number(y)]);
    const [width, height] = message.frame ? [Number(message.frame.width), Number(message.frame.height)] : [640, 480];
    const path = (points, closed) => points.length ? `M${points.map(([x, y]) => `${x} ${y}`).join("L")}${closed ? "Z" : ""}` : "";
    const drawn = message.faces.map(face => {
        const { id, score } = face, box = face.box.map(Number), points = pairs(face.points);
        const parts = Object.fromEntries(Object.entries(face.parts).map(([name, list]) => [name, pairs(list)]));
        const pen = Math.max(1, Math.max(box[2], box[3]) / 160);
        const open = ["contour", "noseBridge", "noseBase"], closed = ["leftBrow", "rightBrow", "leftEye", "rightEye", "outerLips", "innerLips"];
        const lines = parts.contour ? [...open.map(name => path(parts[name])), ...closed.map(name => path(parts[name], true))].join("") : "";
        const dots = points.map(([x, y], i) => `<circle cx="${x}" cy="${y}" r="${(i > 95 ? 2 : 1) * pen}"/>`).join("");
        return `<g data-face="${Number(id)}"><path d="${lines}" fill="none" stroke="${colour}" stroke-width="${pen}" stroke-linejoin="round"/>` +
            `<g fill="#fff">${dots}</g><text x="${box[0]}" y="${box[1] - 2 * pen}" fill="${colour}" font-family="sans-serif" font-size="${8 * pen}">#${Number(id)} ${Number(score).toFixed(2)}</text></g>`;
    });
    const image = Buffer.isBuffer(picture) ? `<image width="${width}" height="${height}" href="data:image/jpeg;base64,${picture.toString("base64")}"/>` : "";
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">${image}${drawn.join("")}</svg>`;
}

module.exports = { decode, draw };
