// The table of failures, to be gone through by hand and ticked off.

import { $, h, write } from "./dom.js";
import { tell } from "./wire.js";
import { either, t } from "./words.js";

let rows = [];

export function build({ failures }) {
  rows = failures.map((failure) => ({ failure, ...makeRow(failure) }));
  const parts = [...new Set(failures.map((failure) => failure.part))];
  for (const part of parts) {
    const list = h("ul", { className: "rows" });
    list.append(...rows.filter(({ failure }) => failure.part === part).map(({ item }) => item));
    $("failures").append(h("h3", { "data-words": `parts.${part}` }), list);
  }
}

function makeRow({ id }) {
  const box = h("input", { type: "checkbox", id: `tried-${id}` });
  box.addEventListener("change", () => tell("/tick", { failure: id, done: box.checked }));
  const label = h("label", { htmlFor: box.id });
  const summary = h("summary");
  const [how, must] = [h("p"), h("p")];
  const [howTitle, mustTitle] = [h("h4"), h("h4")];
  const details = h("details", {}, summary, howTitle, how, mustTitle, must);
  return { item: h("li", {}, box, label, details), box, label, summary, how, must, howTitle, mustTitle };
}

export function render({ tried }) {
  for (const { failure, box, label, summary, how, must, howTitle, mustTitle } of rows) {
    box.checked = tried.includes(failure.id);
    write(label, either(failure.what));
    write(summary, t("practice.by_hand"));
    write(howTitle, t("practice.by_hand"));
    write(how, either(failure.by_hand));
    write(mustTitle, t("practice.must"));
    write(must, either(failure.must));
  }
  write($("tried-count"), t("practice.count", { done: tried.length, all: rows.length }));
}
