// The table of failures, to be gone through by hand and ticked off: a part to unfold, a row to unfold.

import { $, h, write } from "./dom.js";
import { tell } from "./wire.js";
import { either, t } from "./words.js";

let rows = [];
let parts = [];

export function build({ failures }) {
  rows = failures.map((failure) => ({ failure, ...makeRow(failure) }));
  parts = [...new Set(failures.map(({ part }) => part))].map((name) => makePart(name));
  $("failures").append(...parts.map(({ element }) => element));
}

function makePart(name) {
  const own = rows.filter(({ failure }) => failure.part === name);
  const count = h("span", { className: "note" });
  const title = h("summary", {}, h("span", { "data-words": `parts.${name}` }), " ", count);
  const list = h("ul", { className: "rows" }, ...own.map(({ item }) => item));
  return { element: h("details", { className: "part" }, title, list), own, count };
}

function makeRow({ id }) {
  const box = h("input", { type: "checkbox", id: `tried-${id}` });
  box.addEventListener("change", () => tell("/tick", { failure: id, done: box.checked }));
  const label = h("label", { htmlFor: box.id });
  const how = h("p");
  const must = h("p");
  const more = h(
    "details",
    {},
    h("summary", { "data-words": "practice.by_hand" }),
    how,
    h("h4", { "data-words": "practice.must" }),
    must,
  );
  return { item: h("li", {}, box, label, more), box, label, how, must };
}

export function render({ tried }) {
  for (const { failure, box, label, how, must } of rows) {
    box.checked = tried.includes(failure.id);
    write(label, either(failure.what));
    write(how, either(failure.by_hand));
    write(must, either(failure.must));
  }
  for (const { own, count } of parts) writeCount(count, own, tried);
  writeCount($("tried-count"), rows, tried);
}

function writeCount(element, some, tried) {
  const done = some.filter(({ failure }) => tried.includes(failure.id)).length;
  write(element, t("practice.count", { done, all: some.length }));
}
