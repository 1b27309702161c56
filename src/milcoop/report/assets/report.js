// Interaction of the offline report: a click on a figure or mark lists its events, an event opens its citations,
// the filters narrow charts and chronology by area and years. All text goes in as text, never as markup.
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const panel = document.getElementById("panel");

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
  for (const child of children) node.append(child);
  return node;
}

function citationItem(c) {
  const link = el("a", { href: c.url, rel: "noopener noreferrer", target: "_blank" }, c.title);
  return el("li", {}, `${c.publisher}, `, link, `, ${c.date} (${c.language})`);
}

function eventNode(id, open) {
  const e = data.rows[id];
  const node = el("details", { class: "event" });
  if (open) node.open = true;
  node.append(el("summary", {}, `${e.number} · ${e.when} · ${e.title}`));
  const facts = e.facts.map(([name, value]) => el("div", {}, `${name}: ${value}`));
  node.append(el("div", { class: "meta" }, ...facts));
  node.append(el("ol", {}, ...e.citations.map(citationItem)));
  return node;
}

function criterionNode(c) {
  const node = el("details", { class: "event" });
  node.append(el("summary", {}, el("span", { class: c.met ? "met" : "unmet" }, c.met ? "met " : "not met "),
    `rung ${c.level}: ${c.text} (found ${c.value}, needs ${c.threshold})`));
  node.append(...c.events.filter((i) => data.rows[i]).map((i) => eventNode(i, false)));
  return node;
}

function show(ids, title) {
  const close = el("button", { class: "close", type: "button", "aria-label": "close" }, "×");
  close.addEventListener("click", () => { panel.replaceChildren(); panel.classList.add("empty"); });
  panel.replaceChildren(close, el("h2", {}, title || "Evidence"));
  panel.classList.remove("empty");
  const rows = ids.filter((i) => data.rows[i]);
  for (const id of ids.filter((i) => data.ratings[i]).slice(0, 12)) {
    const r = data.ratings[id];
    panel.append(el("h2", {}, `${r.area}, ${r.on}: ${r.level === null ? r.label : `level ${r.level} (${r.label})`}, ${r.coverage}`));
    panel.append(...r.criteria.map(criterionNode));
  }
  if (rows.length) panel.append(el("p", { class: "hint" }, `${rows.length} ${rows.length === 1 ? "entry" : "entries"}; open one for its sources`));
  panel.append(...rows.map((i) => eventNode(i, rows.length === 1)));
  panel.scrollTop = 0;
}

document.addEventListener("click", (event) => {
  const ref = event.target.closest("a.ref");
  if (!ref) return;
  event.preventDefault();
  show(ref.dataset.ids.split(" "), ref.textContent);
});

const state = { from: data.years[0], to: data.years[data.years.length - 1], areas: new Set(data.areas.map((a) => a.id)) };
const allAreas = () => state.areas.size === data.areas.length;
const visible = (id) => {
  const row = data.rows[id];
  if (!row) return true;
  if (row.year < state.from || row.year > state.to) return false;
  return allAreas() || row.areas.some((a) => state.areas.has(a));
};

function filterRows(rows) {
  return rows.flatMap((row) => {
    if (row.year !== undefined && (row.year < state.from || row.year > state.to)) return [];
    if (row.area_id !== undefined && !state.areas.has(row.area_id)) return [];
    if (row.n === undefined || row.n === 0) return [row];
    const ids = row.ids.filter(visible);
    return ids.length ? [{ ...row, ids, n: ids.length }] : [];
  });
}

function filtered(spec) {
  if (Array.isArray(spec)) return spec.length && spec[0] && spec[0].ids ? filterRows(spec) : spec.map(filtered);
  if (spec && typeof spec === "object") {
    return Object.fromEntries(Object.entries(spec).map(([key, value]) =>
      [key, key === "values" && value && value.type === "Topology" ? value : filtered(value)]));
  }
  return spec;
}

async function draw(chart) {
  const result = await vegaEmbed(`#${chart.id}`, filtered(chart.spec), { actions: false, renderer: "svg" });
  result.view.addEventListener("click", (event, item) => {
    const datum = item && item.datum;
    if (datum && datum.ids && datum.ids.length) {
      const title = [datum.place, datum.area, datum.family, datum.field, datum.value, datum.year].filter((x) => x !== undefined).join(" · ");
      show(datum.ids, title);
    }
  });
}

function apply() {
  for (const li of document.querySelectorAll("#chronology ul.events li")) li.hidden = !visible(li.dataset.id);
  for (const group of document.querySelectorAll("#chronology .group")) {
    group.hidden = !group.querySelector("li:not([hidden])");
  }
  data.charts.forEach(draw);
}

const filters = document.getElementById("filters");
const number = (name, value) => {
  const input = el("input", { type: "number", id: `filter-${name}`, min: data.years[0], max: data.years[data.years.length - 1], value });
  input.addEventListener("change", () => { state[name] = Number(input.value); apply(); });
  return el("label", {}, `${name} `, input);
};
filters.append(el("span", {}, "Years"), number("from", state.from), number("to", state.to), el("span", {}, "Areas"));
for (const area of data.areas) {
  const box = el("input", { type: "checkbox", "data-area": area.id });
  box.checked = true;
  box.addEventListener("change", () => { box.checked ? state.areas.add(area.id) : state.areas.delete(area.id); apply(); });
  filters.append(el("label", { title: area.label }, box, ` ${area.id}`));
}
apply();
document.documentElement.dataset.ready = "yes";
