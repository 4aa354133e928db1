// The panels at the side: traffic between app and Slack, and faults.

import { act, attempt, fragment } from "./api.js";
import { patch } from "./patch.js";

const panel = document.getElementById("panel");
const body = document.getElementById("panel-body");
let shown = "";

/** Whether the panel hides the channel: on a narrow screen. */
export const covers = () => window.matchMedia("(max-width: 700px)").matches && shown !== "";

function press() {
  for (const name of ["traffic", "faults"]) {
    document.querySelector(`.top [data-do="${name}"]`).setAttribute("aria-pressed", String(name === shown));
  }
}

export function close() {
  shown = "";
  panel.hidden = true;
  press();
}

export async function toggle(name) {
  if (shown === name) return close();
  shown = name;
  panel.hidden = false;
  document.getElementById("panel-title").textContent = document.querySelector(`.top [data-do="${name}"]`).firstChild.textContent;
  body.replaceChildren();
  press();
  return refresh();
}

/** Draw again what is shown; the number of faults always. */
export async function refresh() {
  const badge = document.getElementById("fault-count");
  const name = shown;
  if (name) {
    const html = await fragment(name);
    if (name === shown) patch(body, html);
  }
  const faults = name === "faults" ? body.querySelectorAll("[data-fault]").length : await count();
  badge.hidden = faults === 0;
  badge.textContent = String(faults);
}

async function count() {
  const template = document.createElement("template");
  template.innerHTML = await fragment("faults"); // drawn and escaped by our own server
  return template.content.querySelectorAll("[data-fault]").length;
}

function ruleOf(form) {
  return JSON.parse(form.elements.kind.selectedOptions[0].dataset.rule);
}

async function add(form) {
  const { method, channel, times } = Object.fromEntries(new FormData(form));
  const rule = { ...ruleOf(form), method };
  if (channel) rule.channel = channel;
  if (Number(times)) rule.times = Number(times);
  await attempt(() => act("faults", rule));
  await attempt(refresh);
}

/** Wire forms and buttons of the panels. */
export function listen() {
  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    void add(event.target);
  });
  panel.addEventListener("click", (event) => {
    const control = event.target.closest("[data-clear]");
    if (!control) return;
    const id = control.dataset.clear;
    void attempt(() => act(`faults${id ? `?id=${encodeURIComponent(id)}` : ""}`, {}, "DELETE")).then(() => attempt(refresh));
  });
  panel.addEventListener("change", ({ target }) => {
    if (target.name === "kind") target.form.elements.method.value = ruleOf(target.form).method ?? "chat.postMessage";
  });
  panel.addEventListener("input", (event) => {
    const filter = event.target.closest("#filter");
    if (!filter) return;
    for (const row of body.querySelectorAll("[data-entry]")) row.hidden = !row.textContent.includes(filter.value);
  });
}
