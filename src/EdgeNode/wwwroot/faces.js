// Draws faces: contours of the 98 WFLW points, the points, corners of a box and a label.

// First and last point, closed or not, kind of the line.
const lines = [
  [0, 32, false, 'contour'],
  [33, 41, true, 'brow'],
  [42, 50, true, 'brow'],
  [51, 54, false, 'nose'],
  [55, 59, false, 'nose'],
  [60, 67, true, 'eye'],
  [68, 75, true, 'eye'],
  [76, 87, true, 'lips'],
  [88, 95, true, 'lips'],
];
const pupils = 96;
// Pixels of the screen: the points of a face up to the first would hide it; between the two they become clearer little by little, so that
// none flickers.
const [barePoints, fullPoints] = [45, 95];

// On pictures, which are neither dark nor light: the same in both themes. The second engine of a comparison has a colour of its own.
const palettes = [
  { contour: '#40c4ff', brow: '#ffab40', nose: '#b2ff59', eye: '#18ffff', lips: '#ff5282', point: '#fff', box: '#ffd600', text: '#181818' },
  { contour: '#e879f9', brow: '#e879f9', nose: '#e879f9', eye: '#e879f9', lips: '#e879f9', point: '#f5d0fe', box: '#e879f9', text: '#181818' },
];

/** The points of a face as one flat array of frame pixels, from JSON ([x, y] pairs) or CBOR (flat hundredths). */
export function flatten(points) {
  return Array.isArray(points[0]) ? points.flat() : points.map(value => value / 100);
}

/**
 * @param pen 2D context
 * @param faces faces of a landmarks message
 * @param scale pixels of the canvas for one of the frame
 * @param dot pixels of the canvas for one of the screen
 * @param engine 0, or 1 for the second of two engines
 */
export function drawFaces(pen, faces, scale, dot, engine) {
  for (const face of faces)
    drawFace(pen, face, scale, dot, palettes[engine], engine);
}

function drawFace(pen, face, scale, dot, colours, engine) {
  const at = face.points;
  const size = scale * Math.max(face.box[2], face.box[3]);
  const width = dot * Math.min(2, Math.max(1, size / dot / 220));
  pen.lineJoin = pen.lineCap = 'round';
  if (at.length === 196) {
    for (const [first, last, closed, kind] of lines) {
      const path = new Path2D();
      for (let i = first; i <= last; i++)
        path.lineTo(at[2 * i] * scale, at[2 * i + 1] * scale);
      if (closed)
        path.closePath();
      trace(pen, path, width, colours[kind]);
    }
  }
  const clear = at.length === 196 ? Math.min(1, Math.max(0, (size / dot - barePoints) / (fullPoints - barePoints))) : 1;
  const radius = dot * Math.min(2.4, Math.max(1, size / dot / 180));
  for (let i = clear > 0 ? 0 : pupils; i < at.length / 2; i++) {
    const isPupil = at.length === 196 && i >= pupils;
    pen.globalAlpha = isPupil ? 1 : clear;
    pen.beginPath();
    pen.arc(at[2 * i] * scale, at[2 * i + 1] * scale, isPupil ? 1.8 * radius : radius, 0, 2 * Math.PI);
    pen.fillStyle = isPupil ? colours.eye : colours.point;
    pen.fill();
  }
  pen.globalAlpha = 1;
  drawBox(pen, face, scale, dot, width, colours, engine);
}

// A dark line below a bright one is seen on every picture.
function trace(pen, path, width, colour) {
  pen.strokeStyle = 'rgb(0 0 0 / .35)';
  pen.lineWidth = 2.6 * width;
  pen.stroke(path);
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.stroke(path);
}

function drawBox(pen, face, scale, dot, width, colours, engine) {
  const margin = 0.06 * Math.max(face.box[2], face.box[3]);
  const [left, top] = [(face.box[0] - margin) * scale, (face.box[1] - margin) * scale];
  const [right, bottom] = [(face.box[0] + face.box[2] + margin) * scale, (face.box[1] + face.box[3] + margin) * scale];
  const arm = Math.min(right - left, bottom - top) / 6;
  const path = new Path2D();
  for (const [x, y, dx, dy] of [[left, top, arm, arm], [right, top, -arm, arm], [right, bottom, -arm, -arm], [left, bottom, arm, -arm]]) {
    path.moveTo(x + dx, y);
    path.lineTo(x, y);
    path.lineTo(x, y + dy);
  }
  trace(pen, path, 1.4 * width, colours.box);
  if (engine > 0)
    return; // the first one's label names the face

  const label = `#${face.id}  ${Math.round(face.score * 100)} %`;
  const height = 18 * dot;
  pen.font = `600 ${12 * dot}px system-ui, sans-serif`;
  const length = pen.measureText(label).width + 12 * dot;
  const x = Math.min(Math.max(0, left), pen.canvas.width - length);
  const y = Math.min(Math.max(0, top - height - 3 * dot), pen.canvas.height - height);
  pen.fillStyle = colours.box;
  pen.beginPath();
  pen.roundRect(x, y, length, height, 4 * dot);
  pen.fill();
  pen.fillStyle = colours.text;
  pen.textBaseline = 'middle';
  pen.fillText(label, x + 6 * dot, y + height / 2 + dot);
}
