
function masthead() {
  const images = report.images.length, methods = report.methods.length, all = report.maps.map(m => m.manifest);
  const total = key => all.reduce((sum, m) => sum + m[key], 0);
  byId('title').textContent = `Where ${report.model} looks`;
  byId('summary').textContent = [
    `${images} ${images === 1 ? 'image' : 'images'}`, `${methods} ${methods === 1 ? 'method' : 'methods'}`, report.target,
    `${count(total('forward_passes'))} forward and ${count(total('backward_passes'))} backward passes in ${time(total('time_ms'))}, evidence apart`, `seed ${report.seed}`].join(' \u00b7 ');
  if (report.pages.length > 1) {
    byId('pages').append(...report.pages.map((p, i) => i === report.page ? make('b', { 'aria-current': 'page' }, p.images) : make('a', { href: encodeURI(p.file) }, p.images)));
  }
}

function footer() {
  byId('made').append(
    make('h2', {}, 'How this was made'),
    rowsOf({
      program: `interp-cli ${report.version}`, model: `${report.model}, SHA-256 ${report.model_hash}`, probabilities: report.activation,
      seed: report.seed, 'computed on': report.backend, evidence: report.evidence.join(', ') || 'not measured',
    }),
    make('h2', {}, 'How to read it'),
    make('p', {}, 'Colours show one number for each pixel of the image as the network saw it: for sensitivities the channel with the largest change, for contributions the sum of the channels, for maps the map. They are kept here in 65,535 steps of the map\u2019s own largest value; the files beside this one hold them in full. Maps of different methods have different units, so a scale is never shared between methods.'),
    make('p', {}, 'Evidence says what happens to the network\u2019s answer when pixels are taken away or added in the map\u2019s order, and whether the map depends on the class at all. The best number of an image is set in bold. No number makes a map true.'));
}

function choices() {
  const boxes = [];
  const methods = report.methods.map((m, i) => ({ ...m, i }));
  for (const family of new Set(methods.map(m => m.family))) {
    byId('choices').append(make('fieldset', {}, make('legend', {}, family), ...methods.filter(m => m.family === family).map(m => {
      const box = make('input', { type: 'checkbox', checked: true });
      box.addEventListener('change', () => { view.hidden[box.checked ? 'delete' : 'add'](m.i); rows(); });
      boxes.push(box);
      return make('label', { class: 'check' }, box, ' ', m.title);
    })));
  }
  const buttons = make('div', { class: 'buttons' });
  for (const [text, on] of [['all', true], ['none', false]]) {
    const button = make('button', { type: 'button' }, text);
    button.addEventListener('click', () => {
      boxes.forEach(b => { b.checked = on; });
      view.hidden = new Set(on ? [] : report.methods.keys());
      rows();
    });
    buttons.append(button);
  }
  byId('choices').append(buttons);
}

function controls() {
  byId('colors').append(...report.colormaps.filter(c => c.name !== 'bwr').map(c => make('option', { value: c.name, selected: c.name === view.colors }, c.name)));
  byId('strength').addEventListener('input', e => {
    view.strength = e.target.value / 100;
    document.querySelector('output[for=strength]').textContent = `${e.target.value} %`;
    redraw();
  });
  byId('fade').addEventListener('change', e => { view.fade = e.target.checked; redraw(); });
  for (const name of ['colors', 'sign', 'scale', 'clip']) {
    byId(name).addEventListener('change', e => { view[name] = e.target.value; redraw(); });
  }
  byId('arrange').addEventListener('change', e => { view.arrange = e.target.value; rows(); });
  byId('controls').addEventListener('submit', e => e.preventDefault());
  byId('controls').reset();
}

report.images.forEach((image, i) => { image.index = i; });
controls();
choices();
masthead();
footer();
rows();
