'use strict';

/* A map is a plane of 16-bit steps: differences of neighbours, low bytes before high bytes, gzip, base64. Step -32768 stands for a value that is not a number. */
const NotANumber = -32768;

const report = JSON.parse(document.getElementById('data').textContent);
const view = { strength: 0.75, fade: true, colors: 'inferno', sign: 'auto', scale: 'method', clip: 'auto', arrange: 'image', hidden: new Set() };
const tables = new Map(report.colormaps.map(c => [c.name, Uint8Array.from(c.colors.match(/../g), h => parseInt(h, 16))]));

function decode(map) {
  map.decoding ??= (async () => {
    const packed = Uint8Array.from(atob(document.getElementById(map.id).textContent), c => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    const steps = new Int16Array(bytes.length / 2);
    for (let i = 0, last = 0; i < steps.length; i++) {
      last = steps[i] = last + (bytes[i] | bytes[i + steps.length] << 8);
    }
    map.steps = steps;
    map.strongest = steps.reduce((best, s, i) => s !== NotANumber && (steps[best] === NotANumber || Math.abs(s) > Math.abs(steps[best])) ? i : best, 0);
    return map;
  })();
  return map.decoding;
}

function picture(image) {
  image.loading ??= (async () => {
    const img = document.querySelector(`#images img[data-image="${image.index}"]`);
    await img.decode();
    const canvas = document.createElement('canvas');
    canvas.width = img.naturalWidth;
    canvas.height = img.naturalHeight;
    const context = canvas.getContext('2d');
    context.drawImage(img, 0, 0);
    return context.getImageData(0, 0, canvas.width, canvas.height).data;
  })();
  return image.loading;
}

/** The value at a pixel, or NaN. */
function valueAt(map, x, y) {
  const s = map.steps[y * map.width + x];
  return s === NotANumber ? NaN : s * map.step;
}

function signOf(map) {
  return view.sign === 'auto' ? { signed: 'both', strength: 'absolute', map: 'positive' }[map.look] : view.sign;
}

/** Which value has no colour, and which has all of it. */
function range(map) {
  const same = view.scale === 'map' ? [map] : report.maps.filter(m => m.method === map.method);
  const own = m => (view.clip === 'auto' ? m.look !== 'map' : view.clip === 'clip') ? m.clip : m.max;
  const high = Math.max(...same.map(own));
  const low = signOf(map) === 'positive' ? Math.min(...same.map(m => m.low)) : 0;
  return { low, high: high > low ? high : low + 1 };
}

function table(sign) {
  return tables.get(sign === 'both' ? 'bwr' : view.colors);
}

/** The map in colours over the image: alpha * colour + (1 - alpha) * image. */
function paint(canvas, map, pixels) {
  const sign = signOf(map), { low, high } = range(map), colors = table(sign);
  const context = canvas.getContext('2d'), out = context.createImageData(map.width, map.height), data = out.data;
  for (let i = 0; i < map.steps.length; i++) {
    const s = map.steps[i], v = s === NotANumber ? 0 : s * map.step;
    const part = sign === 'negative' ? -v : sign === 'absolute' ? Math.abs(v) : v;
    const t = Math.max(sign === 'both' ? -1 : 0, Math.min(1, (part - low) / (high - low)));
    const at = 3 * Math.round(255 * (sign === 'both' ? (t + 1) / 2 : t));
    const alpha = view.strength * (view.fade ? Math.sqrt(Math.abs(t)) : 1);
    for (let c = 0; c < 3; c++) {
      data[4 * i + c] = s === NotANumber ? 128 * (i + Math.floor(i / map.width) & 1) : alpha * colors[at + c] + (1 - alpha) * pixels[4 * i + c];
    }
    data[4 * i + 3] = 255;
  }
  context.putImageData(out, 0, 0);
}

/** The legend's colours, as they come out at full strength. */
function paintBar(canvas, map) {
  const colors = table(signOf(map)), context = canvas.getContext('2d'), out = context.createImageData(256, 1);
  for (let i = 0; i < 256; i++) {
    out.data.set([colors[3 * i], colors[3 * i + 1], colors[3 * i + 2], 255], 4 * i);
  }
  context.putImageData(out, 0, 0);
}
