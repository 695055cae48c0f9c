const units = JSON.parse(document.getElementById('data').textContent);
const byId = id => document.getElementById(id);
const isNumber = v => typeof v === 'number' && Number.isFinite(v);
const fixed = digits => v => isNumber(v) ? v.toFixed(digits) : '';
const columns = [
  ['channel', 'unit', fixed(0)], ['label', 'label', v => v ?? ''], ['category', 'category', v => v ?? ''], ['iou', 'IoU', fixed(3)],
  ['ceiling', 'ceiling', fixed(3)], ['precision', 'precision', fixed(3)], ['lift', 'lift', fixed(1)], ['p', 'p', fixed(4)],
  ['p_place', 'p place', fixed(4)], ['q', 'q', fixed(4)], ['images', 'images', fixed(0)], ['remark', 'remark', v => v]];
const words = new Set(['label', 'category', 'remark']);
let sort = { key: 'iou', up: false }, chosen = null;

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

function before(a, b) {
  const [x, y] = [a[sort.key], b[sort.key]], [none, other] = [x === null || x === 'NaN' || x === '', y === null || y === 'NaN' || y === ''];
  const order = none || other ? none - other : (words.has(sort.key) ? x.localeCompare(y) : x - y) * (sort.up ? 1 : -1);
  return order || a.channel - b.channel;
}

function show() {
  const part = byId('words').value.trim().toLowerCase(), category = byId('category').value;
  const rows = units.filter(u => (!part || (u.label ?? '').toLowerCase().includes(part)) && (!category || u.category === category)
    && (!byId('detectors').checked || u.detector) && (!byId('significant').checked || u.significant)).sort(before);
  byId('rows').replaceChildren(...rows.map(u => {
    const row = make('tr', { class: u.significant ? undefined : 'chance', 'aria-selected': u === chosen ? 'true' : undefined },
      ...columns.map(([key, , text]) => key === 'channel' ? make('td', {}, make('button', { type: 'button' }, text(u[key])))
        : make('td', { class: words.has(key) ? 'word' : undefined }, text(u[key]))));
    row.addEventListener('click', () => choose(u));
    return row;
  }));
  byId('shown').textContent = `${rows.length} of ${units.length} units`;
  for (const head of byId('heads').children) {
    head.setAttribute('aria-sort', head.dataset.key === sort.key ? (sort.up ? 'ascending' : 'descending') : 'none');
  }
}

function facts(pairs) {
  return make('dl', {}, ...pairs.filter(([, v]) => v !== '').map(([name, v]) => make('div', {}, make('dt', {}, name), make('dd', {}, v))));
}

function choose(u) {
  chosen = u;
  history.replaceState(null, '', `#unit-${u.channel}`);
  const three = fixed(3), four = fixed(4);
  const image = u.sheet && make('a', { href: u.sheet }, make('img', { src: u.sheet,
    alt: `The images that excite unit ${u.channel} most; outside of its mask they are dark` }));
  byId('unit').replaceChildren(make('h2', {}, `Unit ${u.channel}: ${u.label ?? 'no label'}`),
    make('p', { class: 'none' }, u.remark === 'dead' ? 'Never active in these images.'
      : `${u.detector ? 'A detector' : 'No detector'}, ${u.significant ? 'significant' : 'not significant: chance gives as much'}.${
        u.significant && isNumber(u.p_place) && u.p_place > 0.05 ? ' Moved labels do as well: it may know the images, not the place in them.' : ''}`),
    image, facts([['IoU', three(u.iou)], ['largest possible IoU', three(u.ceiling)], ['of the mask on the concept', three(u.precision)],
      ['of the concept in the mask', three(u.recall)], ['times chance', fixed(1)(u.lift)], ['p, images exchanged', four(u.p)],
      ['p, labels moved', four(u.p_place)], ['false discovery rate', four(u.q)], ['images with the concept', fixed(0)(u.images)],
      ['real share of the mask', isNumber(u.mask_share) ? `${(100 * u.mask_share).toFixed(3)} %` : '']]),
    make('h3', {}, 'Best of each category'), facts(u.categories.map(c => [`${c.category}: ${c.label ?? 'none'}`, three(c.iou)])));
  show();
}

byId('heads').append(...columns.map(([key, name]) => {
  const button = make('button', { type: 'button' }, name), head = make('th', { scope: 'col', 'data-key': key, class: words.has(key) ? 'word' : undefined }, button);
  button.addEventListener('click', () => {
    sort = { key, up: sort.key === key ? !sort.up : words.has(key) || ['channel', 'p', 'p_place', 'q'].includes(key) };
    show();
  });
  return head;
}));
byId('category').append(...[...new Set(units.map(u => u.category).filter(c => c))].map(c => make('option', { value: c }, c)));
byId('filters').addEventListener('input', show);
byId('filters').addEventListener('submit', e => e.preventDefault());
const asked = units.find(u => `#unit-${u.channel}` === location.hash);
if (asked) {
  choose(asked);
} else {
  show();
}
