
const arrows = { higher: '\u2191', lower: '\u2193', neither: '' };
const words = { higher: 'higher is better', lower: 'lower is better', neither: 'neither way is better' };

/** Whether no other map of the same image has a better number. */
function isBest(map, column) {
  const sign = { higher: 1, lower: -1, neither: 0 }[column.better], own = Number(map.manifest.evidence[column.name]);
  const others = report.maps.filter(m => m.image === map.image).map(m => Number(m.manifest.evidence[column.name])).filter(v => !Number.isNaN(v));
  return sign !== 0 && others.length > 1 && others.every(v => sign * v <= sign * own);
}

function evidence(map) {
  const columns = report.columns.filter(c => c.name in map.manifest.evidence);
  return columns.length === 0 ? undefined : make('dl', { class: 'evidence' }, ...columns.map(c => {
    const value = map.manifest.evidence[c.name], best = isBest(map, c);
    return make('div', { title: `${c.title}; ${words[c.better]}${best ? '; the best of this image' : ''}`, class: best ? 'best' : undefined },
      make('dt', {}, c.name, ' ', make('span', { 'aria-label': words[c.better] }, arrows[c.better])), make('dd', {}, Number.isNaN(Number(value)) ? '\u2013' : Number(value).toFixed(3)));
  }));
}

function notes(map) {
  const m = map.manifest, bad = m.diagnosis, doubts = Object.values(m.verdicts);
  const list = [...bad.map(t => make('li', { class: 'bad' }, t)), ...doubts.map(t => make('li', { class: 'doubt' }, t))];
  if (list.length === 0 && Object.keys(m.evidence).length > 0) {
    list.push(make('li', { class: 'fine' }, 'nothing measured speaks against this map'));
  }
  return list.length === 0 ? undefined : make('ul', { class: 'notes' }, ...list);
}

function figure(map, heading) {
  const card = stage(map, 'button');
  card.area.addEventListener('click', () => showDetail(map));
  const name = view.arrange === 'image' ? titleOf(map) : nameOf(map);
  return make('figure', {}, card.area, card.legend, make('figcaption', {}, make(heading, {}, name), evidence(map), notes(map), make('p', { class: 'cost' }, passes(map.manifest))));
}

function imageHead(image) {
  const picture = byId('images').querySelector(`img[data-image="${image.index}"]`).cloneNode();
  return make('header', { class: 'subject' }, make('h2', {}, image.name), picture,
    make('p', { class: 'target' }, 'Explained: ', make('b', {}, image.target)),
    make('ol', { class: 'top' }, ...image.top.map(t => {
      const bar = make('i', { 'aria-hidden': 'true' });
      bar.style.width = `${100 * Number(t.probability)}%`;
      return make('li', { class: t.class === image.class ? 'explained' : undefined }, make('span', { title: `class ${t.class}, logit ${number(t.logit)}` }, t.label), make('b', {}, percent(Number(t.probability))), bar);
    })));
}

function methodHead(method) {
  return make('header', { class: 'subject' }, make('h2', {}, method.title), make('p', {}, make('code', {}, method.name)), make('p', {}, method.summary), make('p', { class: 'paper' }, method.paper));
}

function rows() {
  const maps = report.maps.filter(m => !view.hidden.has(m.method));
  const groups = view.arrange === 'image' ? report.images.map(i => [imageHead(i), maps.filter(m => m.image === i.index)])
    : report.methods.map((method, i) => [methodHead(method), maps.filter(m => m.method === i)]);
  seen.disconnect();
  cards.clear();
  byId('results').replaceChildren(...groups.filter(([, of]) => of.length > 0).map(([head, of], i) =>
    make('section', { id: `row-${i}` }, head, make('div', { class: 'grid' }, ...of.map(m => figure(m, 'h3'))))));
}

const rowsOf = values => make('table', {}, make('tbody', {}, ...Object.entries(values).map(([k, v]) => make('tr', {}, make('th', { scope: 'row' }, k), make('td', {}, typeof v === 'number' ? number(v) : Array.isArray(v) ? v.map(r => Object.values(r).map(x => typeof x === 'number' ? number(x) : x).join(' ')).join('; ') : String(v))))));
const part = (title, values) => Object.keys(values).length === 0 ? undefined : make('section', {}, make('h3', {}, title), rowsOf(values));

function showDetail(map) {
  const m = map.manifest, method = report.methods[map.method], card = stage(map, 'div');
  const numbers = Object.fromEntries(report.columns.filter(c => c.name in m.evidence)
    .map(c => [`${c.title} ${arrows[c.better]}`, number(m.evidence[c.name])]));
  const close = make('button', { type: 'button', class: 'close', autofocus: true }, 'Close');
  const dialog = byId('detail');
  close.addEventListener('click', () => dialog.close());
  card.area.setAttribute('role', 'img');
  dialog.replaceChildren(
    make('header', {}, make('h2', { id: 'detail-title' }, `${method.title}, ${nameOf(map)}`), close),
    make('div', { class: 'wide' },
      make('div', { class: 'large' }, card.area, card.legend, notes(map), make('p', {}, method.summary), make('p', { class: 'paper' }, method.paper)),
      make('div', { class: 'tables' },
        part('Target', { explained: m.target_description, value: number(m.score), ...(m.probability === null ? {} : { probability: percent(Number(m.probability)) }), 'raw values': `${number(m.raw_min)} to ${number(m.raw_max)}`, cost: passes(m) }),
        part('Evidence', numbers), part('Options', m.options), part('What the method says', m.facts),
        m.remarks.length > 0 ? part('Images', Object.fromEntries(m.remarks.map((r, i) => [i + 1, r]))) : undefined)));
  dialog.addEventListener('close', () => { seen.unobserve(card.area); cards.delete(card); }, { once: true });
  dialog.showModal();
}
