// Every text of the page, in the language that this browser chose.

import { mark, write } from "./dom.js";

const KEPT = "language";
const tables = {};
let language = "vi";

export async function load() {
  for (const name of ["vi", "en"]) tables[name] = await (await fetch(`/words/${name}`)).json();
  const wanted = new URLSearchParams(location.search).get("language") ?? localStorage.getItem(KEPT);
  if (wanted in tables) language = wanted;
}

export function choose(name) {
  language = name;
  localStorage.setItem(KEPT, name);
}

export const chosen = () => language;

/** A text by its dotted key, {names} filled in. */
export function t(key, values = {}) {
  const text = key.split(".").reduce((table, name) => table?.[name], tables[language]);
  return (text ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** One of the texts of an object of both languages. */
export const either = (words) => words[language];

/** Fill in what the document itself asks for. */
export function fill() {
  document.documentElement.lang = language;
  document.title = t("page.title");
  for (const element of document.querySelectorAll("[data-words]")) write(element, t(element.dataset.words));
  for (const element of document.querySelectorAll("[data-label]")) mark(element, "aria-label", t(element.dataset.label));
}

export const clock = (instant) =>
  new Date(instant).toLocaleTimeString("vi-VN", { timeZone: "Asia/Ho_Chi_Minh" });
