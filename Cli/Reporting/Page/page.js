
const byId = id => document.getElementById(id);
const cards = new Set();
const seen = new IntersectionObserver(entries => entries.forEach(e => {
  e.target.card.visible = e.isIntersecting;
  if (e.isIntersecting) {
    draw(e.target.card);
  }
}), { rootMargin: '300px' });

/** An element with text or children; text never becomes markup. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.filter(c => c !== undefined && c !== null));
  return element;
}

function number(v, signed = false) {
  const n = Number(v);
  if (!Number.isFinite(n)) {
    return 'not a number';
  }
  const size = Math.abs(n), text = size !== 0 && (size < 1e-3 || size >= 1e5) ? n.toExponential(2) : String(Number(n.toPrecision(3)));
  return (signed && n > 0 ? '+' : '') + text.replace('-', '\u2212');
}

const percent = p => p > 0 && p < 1e-4 ? `${(100 * p).toExponential(1)} %` : `${(100 * p).toFixed(2)} %`;
const count = n => n.toLocaleString('en-US');
const time = ms => ms < 1000 ? `${Math.round(ms)} ms` : ms < 60000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 60000).toFixed(1)} min`;
const passes = m => `${count(m.forward_passes)} forward, ${count(m.backward_passes)} backward passes, ${time(m.time_ms)}`;
const titleOf = map => report.methods[map.method].title;
const nameOf = map => report.images[map.image].name;

/** The image with its map, the legend, and what shows the value under the pointer. */
function stage(map, tag) {
  const canvas = make('canvas', { width: map.width, height: map.height });
  const bar = make('canvas', { class: 'bar', width: 256, height: 1, 'aria-hidden': 'true' });
  const low = make('span'), high = make('span');
  const probe = make('span', { class: 'probe', hidden: true, 'aria-hidden': 'true' }, make('b'));
  const area = make(tag, { class: 'stage', type: tag === 'button' ? 'button' : undefined, tabindex: tag === 'button' ? undefined : '0' }, canvas, probe);
  const card = { map, canvas, bar, low, high, probe, area, legend: make('div', { class: 'legend' }, low, bar, high), visible: false };
  area.card = card;
  area.addEventListener('pointermove', e => {
    const box = canvas.getBoundingClientRect();
    const place = (at, start, length, size) => Math.min(size - 1, Math.max(0, Math.floor((at - start) / length * size)));
    point(card, place(e.clientX, box.left, box.width, map.width), place(e.clientY, box.top, box.height, map.height));
  });
  area.addEventListener('pointerleave', unpoint);
  area.addEventListener('blur', unpoint);
  area.addEventListener('keydown', e => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    if (move && map.steps) {
      e.preventDefault();
      const by = e.shiftKey ? 10 : 1, [x, y] = card.at ?? [map.strongest % map.width, Math.floor(map.strongest / map.width)];
      point(card, Math.min(map.width - 1, Math.max(0, x + by * move[0])), Math.min(map.height - 1, Math.max(0, y + by * move[1])));
      byId('status').textContent = card.probe.textContent;
    }
  });
  cards.add(card);
  seen.observe(area);
  return card;
}

async function draw(card) {
  const [, pixels] = await Promise.all([decode(card.map), picture(report.images[card.map.image])]);
  if (!card.visible) {
    return;
  }
  paint(card.canvas, card.map, pixels);
  paintBar(card.bar, card.map);
  const sign = signOf(card.map), { low, high } = range(card.map);
  card.low.textContent = number(sign === 'both' ? -high : low);
  card.high.textContent = number(high, sign === 'both');
  const x = card.map.strongest % card.map.width, y = Math.floor(card.map.strongest / card.map.width);
  card.area.setAttribute('aria-label', `${titleOf(card.map)} of ${nameOf(card.map)}: strongest at x ${x}, y ${y} with ${number(valueAt(card.map, x, y), true)}. Arrow keys read values${card.area.tagName === 'BUTTON' ? ', Enter shows details' : ''}.`);
}

/** Shows the value at a pixel in every map of the same image. */
function point(from, x, y) {
  for (const card of cards) {
    const here = card.map.image === from.map.image && card.map.steps && x < card.map.width && y < card.map.height;
    card.probe.hidden = !here;
    card.at = here ? [x, y] : undefined;
    if (here) {
      const value = number(valueAt(card.map, x, y), true);
      card.probe.style.left = `${(x + 0.5) / card.map.width * 100}%`;
      card.probe.style.top = `${(y + 0.5) / card.map.height * 100}%`;
      card.probe.classList.toggle('left', x > card.map.width / 2);
      card.probe.classList.toggle('main', card === from);
      card.probe.firstChild.textContent = card === from ? `x ${x}, y ${y}: ${value}` : value;
    }
  }
}

function unpoint() {
  for (const card of cards) {
    card.probe.hidden = true;
  }
}

function redraw() {
  for (const card of cards) {
    if (card.visible) {
      draw(card);
    }
  }
}
