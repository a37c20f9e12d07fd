// Puts the page together: the server says how things are, this shows it, in the browser's own language.

import { $, mark, write } from "./dom.js";
import * as glass from "./glass.js";
import * as kept from "./kept.js";
import * as knobs from "./knobs.js";
import * as practice from "./practice.js";
import { get, onState, onTrouble, tell, watch } from "./wire.js";
import * as words from "./words.js";

let state = null;
let trouble = null;

function render() {
  words.fill();
  for (const button of document.querySelectorAll("[data-language]")) {
    mark(button, "aria-pressed", button.dataset.language === words.chosen());
  }
  write($("trouble"), trouble ? words.t(trouble) : "");
  $("trouble").hidden = !trouble;
  if (!state) return;
  mark($("status"), "data-kiosk", state.seen.kiosk);
  write($("status"), words.t(`kiosk.${state.seen.kiosk}`));
  for (const part of [knobs, glass, kept, practice]) part.render(state);
}

await words.load();
const options = await get("/options");
for (const part of [knobs, glass, practice]) part.build(options);

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    words.choose(button.dataset.language);
    render();
  });
}
$("all-well").addEventListener("click", () => tell("/all-well"));
onState((next) => {
  state = next;
  render();
});
onTrouble((key, only) => {
  if (only && trouble !== only) return;
  trouble = key;
  render();
});
render();
watch();
