// The dialogs: modals of the app, JSON of a message.

import { act, attempt, fragment, me, say, toast } from "./api.js";
import { values } from "./act.js";

const dialog = document.getElementById("modal");
const sheet = document.getElementById("json");

/** Show the modal on top of the acting user's stack, or none. */
export async function refresh() {
  const html = await fragment("modal");
  const template = document.createElement("template");
  template.innerHTML = html; // drawn and escaped by our own server
  const fresh = template.content.querySelector("form");
  const shown = dialog.querySelector("form");
  if (!fresh) {
    if (dialog.open) dialog.close();
    dialog.replaceChildren();
    return;
  }
  if (shown?.dataset.key === fresh.dataset.key) return;
  const kept = shown?.dataset.view === fresh.dataset.view ? shown : null;
  dialog.replaceChildren(fresh);
  if (kept) keep(kept, fresh);
  if (!dialog.open) dialog.showModal();
}

/** What was typed survives an update where block and action keep their names, as in Slack. */
function keep(old, fresh) {
  for (const field of old.querySelectorAll(".field[data-action], select[data-action]")) {
    const same = fresh.querySelector(
      `[data-block="${CSS.escape(field.dataset.block)}"][data-action="${CSS.escape(field.dataset.action)}"]`,
    );
    if (same && "value" in same) same.value = field.value;
  }
}

function complain(form, problems) {
  for (const input of form.querySelectorAll("[data-input]")) {
    const words = problems[input.dataset.input];
    const place = input.querySelector(".problem");
    place.hidden = !words;
    place.textContent = words ?? "";
  }
}

function empty(value) {
  const { type: _, ...rest } = value;
  return Object.values(rest).every((held) => held === null || held === "" || held?.length === 0);
}

function missing(form, filled) {
  const problems = {};
  for (const input of form.querySelectorAll('[data-input][data-optional="no"]')) {
    if (Object.values(filled[input.dataset.input] ?? {}).some(empty)) problems[input.dataset.input] = say("required");
  }
  return problems;
}

async function submit(form) {
  const filled = values(form);
  const problems = missing(form, filled);
  complain(form, problems);
  if (Object.keys(problems).length) return;
  const answer = await attempt(() => act("submit_view", { user: me, view_id: form.dataset.view, values: filled }));
  if (answer?.errors) complain(form, answer.errors);
  await refresh();
}

async function closeView() {
  const view = dialog.querySelector("form")?.dataset.view;
  if (view) await attempt(() => act("close_view", { user: me, view_id: view }));
  await refresh();
}

/** Show the JSON of a message. */
export function showJson(message) {
  document.getElementById("json-text").textContent = message.querySelector("template.json").content.textContent;
  sheet.showModal();
}

/** Wire the dialogs' own buttons. */
export function listen() {
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit(event.target);
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    void closeView();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target.closest('[data-do="close-view"]')) void closeView();
  });
  sheet.addEventListener("click", async (event) => {
    if (event.target === sheet || event.target.closest('[data-do="close-json"]')) sheet.close();
    if (!event.target.closest('[data-do="copy"]')) return;
    await navigator.clipboard.writeText(document.getElementById("json-text").textContent);
    toast(say("copied"));
  });
}
