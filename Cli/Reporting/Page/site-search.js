const byId = id => document.getElementById(id);
const most = 240;

/** An element with text or children; text never becomes markup. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.filter(c => c));
  return element;
}

function show() {
  const words = byId('words').value.toLowerCase().split(/\s+/).filter(w => w);
  const found = site.filter(e => (!byId('significant').checked || e.significant)
    && words.every(w => `${e.name} ${e.words}`.toLowerCase().includes(w)));
  byId('found').replaceChildren(...found.slice(0, most).map(e => make('a', { href: e.page },
    e.image ? make('img', { src: e.image, alt: '', loading: 'lazy' }) : make('span', { class: 'blank' }),
    make('b', {}, e.name), make('span', {}, e.words), e.words && e.unit && !e.significant ? make('i', {}, 'not significant') : null)));
  byId('shown').textContent = found.length > most ? `first ${most} of ${found.length}` : `${found.length} of ${site.length}`;
}

byId('filters').addEventListener('input', show);
byId('filters').addEventListener('submit', e => e.preventDefault());
byId('words').value = decodeURIComponent(location.hash.slice(1));
show();
