// Talks to the sandbox. Every call names who acts; every failure becomes an Error with words.

const start = JSON.parse(document.getElementById("start").textContent);

export const me = start.user;
export const commands = start.commands;

/** Say one of the page's phrases, its {places} filled. */
export function say(key, values = {}) {
  return start.words[key].replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

async function answer(response) {
  if (response.ok) return response;
  const text = await response.text();
  let words = text;
  try {
    const body = JSON.parse(text);
    words = body.message || body.error || text;
  } catch {
    // Not JSON: the text itself is the best there is.
  }
  throw new Error(words || `HTTP ${response.status}`);
}

/** Fetch a fragment of HTML that the server has drawn for the acting user. */
export async function fragment(name, query = {}) {
  const search = new URLSearchParams({ user: me, ...query });
  return (await answer(await fetch(`/sandbox/page/${name}?${search}`))).text();
}

/** Read JSON from the control API. */
export async function read(name, query = {}) {
  const search = new URLSearchParams(query);
  return (await answer(await fetch(`/sandbox/api/${name}?${search}`))).json();
}

/** Act through the control API. */
export async function act(name, body = {}, method = "POST") {
  const response = await fetch(`/sandbox/api/${name}`, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const told = await (await answer(response)).json();
  if (told.ok === false && name !== "slash") throw new Error(told.error); // Slackbot tells of commands
  return told;
}

/** Tell the user something for a few seconds. */
export function toast(words, kind = "info") {
  const note = document.createElement("p");
  note.className = kind;
  note.textContent = words;
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), 6000);
}

/** Run something that talks to the sandbox; failures are told, not thrown. */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    toast(say("failed", { words: error.message }), "bad");
    return undefined;
  }
}
