// Clicks and choices on blocks, wherever they stand: a message, a modal, Home.

import { act, attempt, me } from "./api.js";

/** Ask what a confirm object says; true if the user goes on. */
function confirmed(control) {
  const question = control.closest(".control, .ticks")?.querySelector("template.confirm");
  if (!question) return Promise.resolve(true);
  return ask(question.content.cloneNode(true));
}

/** Show a question with buttons; true for the button whose value is "yes". */
export function ask(content) {
  const dialog = document.getElementById("ask");
  const form = document.createElement("form");
  form.method = "dialog";
  form.append(content);
  dialog.replaceChildren(form);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/** Ask a question in plain words. */
export function askWords(words, yes, no) {
  const content = document.createDocumentFragment();
  const text = document.createElement("p");
  text.textContent = words;
  const footer = document.createElement("footer");
  for (const [label, value, style] of [[no, "", ""], [yes, "yes", "danger"]]) {
    const button = document.createElement("button");
    button.className = `button ${style}`;
    button.value = value;
    button.textContent = label;
    footer.append(button);
  }
  content.append(text, footer);
  return ask(content);
}

function option(element) {
  return element?.dataset?.option ? JSON.parse(element.dataset.option) : null;
}

/** Read what an interactive element holds, as Slack writes it into `state.values`. */
export function held(control) {
  const kind = control.dataset.kind;
  if (kind === "checkboxes") return { type: kind, selected_options: [...control.querySelectorAll("input:checked")].map(option) };
  if (kind === "radio_buttons") return { type: kind, selected_option: option(control.querySelector("input:checked")) };
  if (control.tagName === "SELECT") return chosen(control, kind);
  const value = control.value || null;
  if (kind === "datepicker") return { type: kind, selected_date: value };
  if (kind === "timepicker") return { type: kind, selected_time: value };
  if (kind === "datetimepicker") return { type: kind, selected_date_time: value && Math.floor(Date.parse(value) / 1000) };
  return { type: kind, value };
}

const SINGLE = { users_select: "selected_user", channels_select: "selected_channel", conversations_select: "selected_conversation" };
const MANY = { multi_users_select: "selected_users", multi_channels_select: "selected_channels", multi_conversations_select: "selected_conversations" };

function chosen(select, kind) {
  const picked = [...select.selectedOptions].filter((item) => item.value);
  if (kind in SINGLE) return { type: kind, [SINGLE[kind]]: picked[0]?.value ?? null };
  if (kind in MANY) return { type: kind, [MANY[kind]]: picked.map((item) => item.value) };
  if (kind.startsWith("multi_")) return { type: kind, selected_options: picked.map(option) };
  return { type: kind, selected_option: option(picked[0]) };
}

/** Every value of the inputs under `root`: {block_id: {action_id: value}}. */
export function values(root) {
  const all = {};
  for (const control of root.querySelectorAll("select[data-action], .field[data-action], .ticks[data-action]")) {
    (all[control.dataset.block] ??= {})[control.dataset.action] = held(control);
  }
  return all;
}

function where(control, channel) {
  const view = control.closest("[data-view]");
  if (view) return { view_id: view.dataset.view };
  return { channel, message_ts: control.closest("[data-ts]").dataset.ts };
}

async function send(control, channel, extra) {
  if (!(await confirmed(control))) return;
  const source = control.closest("[data-action]");
  const body = { user: me, ...where(control, channel), action_id: source.dataset.action };
  if (source.dataset.block) body.block_id = source.dataset.block;
  control.setAttribute("aria-busy", "true");
  await attempt(() => act("click", { ...body, ...extra }));
  control.removeAttribute("aria-busy");
}

function silent(control) {
  const input = control.closest("[data-input]");
  return input !== null && input.dataset.dispatch !== "yes";
}

/** Listen for clicks and choices; `channel()` names the channel that is shown. */
export function listen(channel) {
  document.addEventListener("click", (event) => {
    const control = event.target.closest("button[data-action], a[data-action]");
    if (!control || silent(control)) return;
    control.closest("details.overflow")?.removeAttribute("open");
    const picked = option(control);
    void send(control, channel(), picked ? { value: { selected_option: picked } } : {});
  });
  document.addEventListener("change", (event) => {
    const control = event.target.closest("select[data-action], .ticks[data-action], input.field[data-action]");
    if (!control || silent(control)) return;
    const { type: _, ...value } = held(control);
    void send(control, channel(), { value });
  });
}
