// Asks the rig and tells it. Whoever listens gets every state; the newest answer wins.

const EVERY_MS = 500;
const listeners = [];
let asked = 0;
let shown = 0;

export const onState = (listener) => listeners.push(listener);
const troubled = [];
export const onTrouble = (listener) => troubled.push(listener);

export const get = async (path) => (await fetch(path)).json();

/** Change something; the state after it comes back and is shown at once. */
export const tell = (path, body = {}) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

async function ask(path, options) {
  const number = ++asked;
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    return trouble("page.lost");
  }
  if (!answer.ok) return trouble(answer.status < 500 ? "page.refused" : "page.lost");
  const state = await answer.json();
  if (number < shown) return;
  shown = number;
  if (options) trouble(null);
  else trouble(null, "page.lost");
  for (const listener of listeners) listener(state);
}

function trouble(key, only) {
  for (const listener of troubled) listener(key, only);
}

export async function watch() {
  for (;;) {
    await ask("/state");
    await new Promise((done) => setTimeout(done, EVERY_MS));
  }
}
