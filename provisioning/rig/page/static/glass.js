// The kiosk itself: its screen to be touched, its lamps, and what the visitor does before it.

import { $, h, keep, mark, write } from "./dom.js";
import { tell } from "./wire.js";
import { t } from "./words.js";

const LAMPS = ["free", "busy", "out_of_order"];
let people = [];
let hall = {};
let touches = Promise.resolve();

export function build(options) {
  people = options.people;
  $("picture").addEventListener("pointerdown", touchAt);
  $("card").addEventListener("click", () => tell("/change", { knob: "card_on_reader", value: !hall.card_on_reader }));
  $("call-staff").addEventListener("click", () => tell("/call-staff"));
  $("step-up").addEventListener("click", () => tell("/presence", { there: true }));
  $("walk-away").addEventListener("click", () => tell("/presence", { there: false }));
}

export function render(state) {
  hall = state.hall;
  renderScreen(state.seen);
  renderPanel(state.seen.panel);
  renderHands(state.seen.panel);
}

// the screen ---------------------------------------------------------------------------------------------------

function renderScreen({ kiosk, picture }) {
  const image = $("picture");
  mark($("screen"), "data-kiosk", kiosk);
  write($("curtain"), kiosk === "running" ? "" : t(`kiosk.${kiosk}`));
  image.hidden = !picture && !image.src; // while the kiosk starts again its last picture stays, behind a curtain
  mark(image, "alt", t("glass.picture"));
  if (picture) {
    const source = `/screen.png?version=${picture.version}`;
    if (image.getAttribute("src") !== source) image.src = source;
    mark(image, "width", picture.width_px);
    mark(image, "height", picture.height_px);
    mark(document.body, "data-shape", picture.width_px > picture.height_px ? "landscape" : "portrait");
  }
  keep($("touchables"), kiosk === "running" ? picture.touchables : [], (spot) => spot.id, makeSpot, placeSpot);
}

/** A transparent button over each thing that can be touched: for the keyboard, and for those who do not see. */
function makeSpot() {
  const spot = h("button", { type: "button", className: "spot" });
  spot.addEventListener("pointerdown", touchAt);
  spot.addEventListener("click", (event) => {
    if (event.detail === 0) touchMiddle(spot); // Enter or Space; a pointer's press was told of already
  });
  return spot;
}

function placeSpot(element, { id, text, left, top, width, height }) {
  const name = text || (id.startsWith("language") ? t("glass.other_language") : t("glass.unnamed"));
  mark(element, "aria-label", name);
  for (const [side, share] of Object.entries({ left, top, width, height })) {
    element.style[side] = `${(100 * share).toFixed(2)}%`;
  }
}

function touchAt(event) {
  if (event.button === 0) touch(event.clientX, event.clientY);
}

function touchMiddle(spot) {
  const box = spot.getBoundingClientRect();
  touch(box.left + box.width / 2, box.top + box.height / 2);
}

function touch(clientX, clientY) {
  const box = $("picture").getBoundingClientRect();
  const share = (offset, whole) => Math.min(1, Math.max(0, offset / whole));
  const place = { x: share(clientX - box.left, box.width), y: share(clientY - box.top, box.height) };
  touches = touches.then(() => tell("/touch", place)); // one finger: digits arrive in the order they were touched
}

// lamps and sound ----------------------------------------------------------------------------------------------

function renderPanel(panel) {
  const lines = panel
    ? [
        { key: "lamp", lamp: panel.lamp, text: t(`panel.${panel.lamp ?? "dark"}`) },
        { key: "reader", lit: panel.reader_light, text: t(panel.reader_light ? "panel.reader_on" : "panel.reader_off") },
        { key: "sound", text: soundText(panel.last_sound) },
      ]
    : [];
  keep($("panel"), lines, (line) => line.key, makeLine, updateLine);
}

const soundText = (sound) => (sound ? t("panel.sound", { sound: t(`sounds.${sound}`) }) : t("panel.no_sound"));

function makeLine({ key }) {
  const signs = key === "lamp" ? LAMPS.map((lamp) => h("i", { className: `bulb ${lamp}` })) : [];
  if (key === "reader") signs.push(h("i", { className: "bulb reader" }));
  return h("p", { className: key }, ...signs, h("span"));
}

function updateLine(element, { key, lamp, lit, text }) {
  for (const sign of element.querySelectorAll("i")) {
    sign.classList.toggle("lit", key === "lamp" ? sign.classList.contains(lamp) : lit);
  }
  write(element.lastElementChild, text);
}

// the visitor --------------------------------------------------------------------------------------------------

function renderHands(panel) {
  const person = people.find(({ id }) => id === hall.persona);
  write($("card"), t(hall.card_on_reader ? "hands.take" : "hands.lay"));
  write($("card-place"), t(hall.card_on_reader ? "hands.on_reader" : "hands.in_hand", person));
  for (const [id, there] of [["step-up", true], ["walk-away", false]]) {
    mark($(id), "aria-pressed", panel?.somebody_there === there);
  }
}
