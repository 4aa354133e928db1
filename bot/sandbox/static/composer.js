// Where one types: messages, replies, slash commands with hints.

import { act, attempt, commands, me, say, toast } from "./api.js";

const words = document.getElementById("words");
const list = document.getElementById("suggestions");
let marked = -1;

function grow(field) {
  field.style.height = "auto"; // set by script, not by markup: the policy allows it
  field.style.height = `${Math.min(field.scrollHeight, 180)}px`;
}

function hints() {
  const typed = words.value.trimStart().toLowerCase();
  if (!typed.startsWith("/") || typed.includes("\n")) return [];
  return commands.filter(({ text }) => text.toLowerCase().startsWith(typed) && text.toLowerCase() !== typed);
}

function suggest() {
  const found = hints();
  marked = -1;
  list.replaceChildren(
    ...found.map(({ text, hint, about }, index) => {
      const item = document.createElement("li");
      item.id = `hint-${index}`;
      item.role = "option";
      item.dataset.text = text;
      const name = document.createElement("b");
      name.textContent = text;
      const usage = document.createElement("code");
      usage.textContent = hint;
      const note = document.createElement("span");
      note.textContent = about;
      item.append(name, " ", usage, " ", note);
      return item;
    }),
  );
  list.hidden = found.length === 0;
  words.setAttribute("aria-expanded", String(!list.hidden));
  words.removeAttribute("aria-activedescendant");
}

function mark(step) {
  const items = [...list.children];
  marked = (marked + step + items.length + (marked < 0 && step < 0 ? 1 : 0)) % items.length;
  items.forEach((item, index) => item.setAttribute("aria-selected", String(index === marked)));
  items[marked].scrollIntoView({ block: "nearest" });
  words.setAttribute("aria-activedescendant", items[marked].id);
}

function take(item) {
  words.value = `${item.dataset.text} `;
  words.focus();
  suggest();
}

/** Keys of the list of commands; true if the key was one. */
function steer(event) {
  if (list.hidden) return false;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(event.key === "ArrowDown" ? 1 : -1);
  else if (event.key === "Tab" && !event.shiftKey) take(list.children[Math.max(marked, 0)]);
  else if (event.key === "Enter" && marked >= 0) take(list.children[marked]);
  else if (event.key === "Escape") list.hidden = true;
  else return false;
  event.preventDefault();
  return true;
}

async function send(field, post) {
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  grow(field);
  const done = await attempt(() => post(text));
  if (done === undefined && !field.value) field.value = text; // refused: nothing typed is lost
  grow(field);
}

function wire(form, field, post) {
  field.addEventListener("input", () => grow(field));
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // Enter picks a Chinese word here
    if (field === words && steer(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(field, post);
  });
}

/** Wire both composers; `place()` gives {channel, thread}, `toEnd()` goes where the answer will stand. */
export function listen(place, toEnd) {
  wire(document.getElementById("composer"), words, async (text) => {
    list.hidden = true;
    toEnd();
    const body = { user: me, channel: place().channel, text };
    return act(text.startsWith("/") ? "slash" : "say", body);
  });
  wire(document.getElementById("reply-composer"), document.getElementById("reply-words"), async (text) => {
    if (text.startsWith("/")) {
      toast(say("no_commands_in_threads"), "bad");
      return undefined;
    }
    return act("say", { user: me, channel: place().channel, text, thread_ts: place().thread });
  });
  words.addEventListener("input", suggest);
  words.addEventListener("blur", () => setTimeout(() => { list.hidden = true; }, 150));
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const item = event.target.closest("li");
    if (item) take(item);
  });
}
