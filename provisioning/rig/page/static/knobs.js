// What is around the kiosk: groups of large buttons, the chosen one marked.

import { $, h, mark, write } from "./dom.js";
import { tell } from "./wire.js";
import { t } from "./words.js";

const ORDER = ["persona", "card", "camera", "light_lux", "printer", "site", "network", "reader", "power"];
const buttons = [];

/** Make the groups, once; `render` fills in words and marks. */
export function build({ people, knobs }) {
  for (const knob of ORDER) {
    const title = h("h3", { id: `${knob}-title`, "data-words": `${knob}.title` });
    const choices = h("div", { className: "choices" });
    const group = h("div", { className: `group ${knob}`, role: "group", "aria-labelledby": title.id }, title, choices);
    for (const value of knobs[knob]) choices.append(button(knob, value, people));
    $("knobs").append(group);
  }
}

function button(knob, value, people) {
  const made = h("button", { type: "button" });
  made.addEventListener("click", () => tell("/change", { knob, value }));
  const person = knob === "persona" && people.find(({ id }) => id === value);
  if (person) {
    const note = h("span", { className: "note" });
    made.append(h("span", { className: "name" }, person.name), " ", note);
    buttons.push({ knob, value, made, label: note, key: `people.${value}` });
  } else buttons.push({ knob, value, made, label: made, key: `${knob}.values.${value}` });
  return made;
}

export function render({ hall }) {
  for (const { knob, value, made, label, key } of buttons) {
    write(label, t(key));
    mark(made, "aria-pressed", hall[knob] === value);
  }
}
