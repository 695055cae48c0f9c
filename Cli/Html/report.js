"use strict";
(() => {
  const report = JSON.parse(document.getElementById("data").textContent);
  const control = id => document.getElementById(id);
  const readout = control("readout");
  const maps = []; // everything that is drawn

  const element = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children.filter(child => child !== null && child !== undefined));
    return node;
  };

  const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
  const short = value => !Number.isFinite(value) ? String(value)
    : value === 0 ? "0" : Math.abs(value) >= 0.001 && Math.abs(value) < 10000 ? value.toPrecision(4).replace(/\.?0+$/, "") : value.toExponential(2);

  const decode = map => {
    const raw = bytes(map.data), view = new DataView(raw.buffer), values = new Float32Array(raw.length / 2);
    for (let i = 0; i < values.length; i++) values[i] = view.getInt16(2 * i, true) * map.unit;
    return values;
  };

  const signed = { all: v => v, positive: v => Math.max(v, 0), negative: v => Math.max(-v, 0), absolute: Math.abs };

  // The size that becomes the last colour, and whether there are two sides to show.
  const range = (list, sign, clip) => {
    const sizes = [];
    let low = 0;
    for (const map of list) for (const v of map.values) { const s = signed[sign](v); sizes.push(Math.abs(s)); low = Math.min(low, s); }
    sizes.sort((a, b) => a - b);
    return { high: sizes[Math.floor(clip * (sizes.length - 1))] || sizes[sizes.length - 1] || 0, both: low < 0 };
  };

  const draw = () => {
    const alpha = Number(control("alpha").value), sign = control("sign").value, clip = Number(control("clip").value), chosen = control("colormap").value;
    control("alpha-value").textContent = alpha.toFixed(2);
    const perMethod = new Map();
    if (control("scale").value === "method")
      for (const method of new Set(maps.map(m => m.method))) perMethod.set(method, range(maps.filter(m => m.method === method), sign, clip));
    for (const map of maps) {
      const { high, both } = perMethod.get(map.method) ?? range([map], sign, clip);
      const colors = report.colormaps[chosen === "auto" ? (both ? "bwr" : "jet") : chosen];
      const picture = map.context.createImageData(map.width, map.height);
      const step = map.width / map.columns;
      for (let y = 0, i = 0; y < map.height; y++) for (let x = 0; x < map.width; x++, i += 4) {
        const v = signed[sign](map.values[Math.floor(y / step) * map.columns + Math.floor(x / step)]);
        const t = high > 0 ? (both ? 0.5 + v / (2 * high) : v / high) : both ? 0.5 : 0;
        const c = 3 * Math.round(255 * Math.min(1, Math.max(0, t)));
        for (let k = 0; k < 3; k++) picture.data[i + k] = alpha * colors[c + k] + (1 - alpha) * map.input[i + k];
        picture.data[i + 3] = 255;
      }
      map.context.putImageData(picture, 0, 0);
      if (map.cursor) mark(map);
    }
  };

  const mark = map => {
    const step = map.width / map.columns, [x, y] = map.cursor;
    map.context.strokeStyle = "#fff";
    map.context.lineWidth = 3;
    map.context.strokeRect((x - 1.5) * step, (y - 1.5) * step, 4 * step, 4 * step);
    map.context.strokeStyle = "#000";
    map.context.lineWidth = 1;
    map.context.strokeRect((x - 1.5) * step, (y - 1.5) * step, 4 * step, 4 * step);
  };

  const say = (map, x, y) => {
    readout.textContent = `${map.method}, column ${x}, row ${y}: ${short(map.values[y * map.columns + x])}`;
  };

  const place = (map, event) => {
    const box = map.canvas.getBoundingClientRect();
    const clamp = (v, n) => Math.min(n - 1, Math.max(0, Math.floor(v)));
    return [clamp((event.clientX - box.left) / box.width * map.columns, map.columns), clamp((event.clientY - box.top) / box.height * map.rows, map.rows)];
  };

  const steer = (map, event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!move) return;
    event.preventDefault();
    const by = event.shiftKey ? 10 : 1, [x, y] = map.cursor ?? [map.columns >> 1, map.rows >> 1];
    map.cursor = [Math.min(map.columns - 1, Math.max(0, x + by * move[0])), Math.min(map.rows - 1, Math.max(0, y + by * move[1]))];
    say(map, ...map.cursor);
    draw();
  };

  const list = entries => element("dl", {}, ...Object.entries(entries).flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, String(value))]));

  const card = (image, map, input) => {
    map.values = decode(map);
    map.input = input;
    map.canvas = element("canvas", { width: map.width = image.width, height: map.height = image.height, tabindex: "0", role: "img",
      "aria-label": `${map.title} of ${image.name}: values from ${short(map.minimum)} to ${short(map.maximum)}` });
    map.context = map.canvas.getContext("2d");
    map.canvas.addEventListener("pointermove", event => say(map, ...place(map, event)));
    map.canvas.addEventListener("keydown", event => steer(map, event));
    map.canvas.addEventListener("blur", () => { if (map.cursor) { map.cursor = null; draw(); } });
    maps.push(map);
    const arrow = { higher: "more is better", lower: "less is better", neither: "" };
    const rows = map.evidence.map(e => element("tr", { title: [e.title, arrow[e.better]].filter(Boolean).join("; ") },
      element("td", {}, e.name + ({ higher: " ↑", lower: " ↓" }[e.better] ?? "")), element("td", {}, short(Number(e.value)))));
    const verdicts = map.diagnosis.concat(map.verdicts).map(text => element("p", { class: "verdict" }, text));
    if (rows.length > 0 && verdicts.length === 0) verdicts.push(element("p", { class: "verdict none" }, "Nothing was found wrong with this map."));
    return element("article", { class: "map" }, map.canvas, element("h3", {}, map.title),
      element("p", { class: "soft" }, `${map.method} · ${short(map.minimum)} to ${short(map.maximum)} · ${Math.round(map.time)} ms`),
      rows.length > 0 ? element("table", { class: "evidence" }, element("tbody", {}, ...rows)) : null, ...verdicts,
      element("details", {}, element("summary", {}, "Options and facts"),
        list({ ...map.options, ...map.facts, "forward passes": map.forward, "backward passes": map.backward })));
  };

  const section = async image => {
    const picture = element("img", { src: image.input, width: image.width, height: image.height, alt: `${image.name} as the network sees it` });
    await picture.decode();
    const canvas = element("canvas", { width: image.width, height: image.height });
    const context = canvas.getContext("2d");
    context.drawImage(picture, 0, 0);
    const input = context.getImageData(0, 0, image.width, image.height).data;
    const top = image.top.map(t => element("li", {}, element("span", { class: "bar", style: `width:${100 * t.probability}%` }),
      element("span", { class: "name", title: t.label }, t.label), element("span", { class: "value" }, `${(100 * t.probability).toFixed(1)} %`)));
    return element("section", { class: "image", "aria-label": image.name },
      element("div", { class: "seen" }, element("h2", {}, image.name), picture, element("ol", { class: "top", "aria-label": "Most probable classes" }, ...top),
        element("p", { class: "soft" }, `Explained: ${image.target}`)),
      element("div", { class: "maps" }, ...image.maps.map(map => card(image, map, input))));
  };

  const start = async () => {
    for (const [name, text] of Object.entries(report.colormaps)) report.colormaps[name] = bytes(text);
    control("colormap").append(...["auto", ...Object.keys(report.colormaps)].map(name => element("option", { value: name }, name)));
    control("about").textContent = report.about.join(" · ");
    for (const image of report.images) control("images").append(await section(image));
    for (const id of ["alpha", "colormap", "sign", "scale", "clip"]) control(id).addEventListener("input", draw);
    control("controls").addEventListener("submit", event => event.preventDefault());
    draw();
    document.documentElement.dataset.ready = "true";
  };

  start();
})();
