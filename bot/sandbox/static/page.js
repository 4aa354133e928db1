// The page: which channel is shown, what changes, and who listens to what.

import * as blocks from "./act.js";
import * as composer from "./composer.js";
import * as modal from "./modal.js";
import * as panels from "./panels.js";
import { act, attempt, fragment, me, say, toast } from "./api.js";
import { follow, patch, patchScrolled, toBottom, toNewest, toTop } from "./patch.js";

const $ = (id) => document.getElementById(id);
const PAGE = 60; // messages drawn at once; "earlier" adds as many
const here = { channel: "", thread: "", count: PAGE };

function address() {
  const search = new URLSearchParams({ user: me, channel: here.channel });
  if (here.thread) search.set("thread", here.thread);
  return `?${search}`;
}

async function drawSide() {
  patch($("side"), await fragment("side", { channel: here.channel }));
}

async function drawTimeline() {
  const { channel, count } = here;
  const html = await fragment(channel === "home" ? "home" : "timeline", { channel, count });
  if (channel !== here.channel) return; // the reader has gone elsewhere meanwhile
  const behind = patchScrolled($("scroll"), $("timeline"), html);
  if (behind) $("jump").hidden = false;
  watchPictures();
}

async function drawThread() {
  const { channel, thread } = here;
  if (!thread) return;
  const html = await fragment("thread", { channel, thread_ts: thread });
  if (thread !== here.thread) return;
  patchScrolled($("thread-scroll"), $("replies"), html);
  watchPictures();
}

/** A picture that cannot load shows its words instead. */
function watchPictures() {
  for (const image of document.querySelectorAll("img:not([data-watched])")) {
    image.dataset.watched = "yes";
    const missing = () => {
      image.hidden = true;
      const words = image.parentElement.querySelector(".placeholder");
      if (words) words.hidden = false;
    };
    if (image.complete && image.naturalWidth === 0 && image.loading !== "lazy") missing();
    else image.addEventListener("error", missing);
  }
}

function nameplace() {
  const link = $("side").querySelector(`[data-channel="${CSS.escape(here.channel)}"]`);
  const name = link?.dataset.name ?? "";
  const home = here.channel === "home";
  $("place").textContent = home ? say("app_home", { name }) : `${link?.dataset.sign ?? "#"} ${name}`;
  $("topic").textContent = link?.dataset.topic ?? "";
  $("thread-place").textContent = home ? "" : `${link?.dataset.sign ?? "#"} ${name}`;
  $("composer").hidden = home || link?.dataset.archived === "yes";
  $("words").placeholder = say("write_to", { name });
  $("words").setAttribute("aria-label", say("write_to", { name }));
  $("timeline").classList.toggle("is-home", home);
  document.title = home ? name : `#${name} · ${say("title")}`;
}

async function show(channel, thread = "", push = true) {
  const moved = channel !== here.channel;
  Object.assign(here, { channel, thread, count: moved ? PAGE : here.count });
  if (push) history.pushState(null, "", address());
  closeMenu();
  if (moved) $("timeline").replaceChildren();
  $("jump").hidden = true;
  await drawSide();
  nameplace();
  if (channel === "home" && moved) await act("open_home", { user: me });
  await drawTimeline();
  if (moved) {
    if (channel === "home") toTop($("scroll"));
    else toNewest($("scroll"), $("timeline"));
    await drawSide(); // what is shown is read now
  }
  await showThread(thread);
}

async function showThread(thread) {
  const moved = $("thread").dataset.thread !== `${here.channel} ${thread}`;
  here.thread = thread;
  $("thread").hidden = !thread;
  $("thread").dataset.thread = `${here.channel} ${thread}`;
  if (!thread) return;
  panels.close();
  if (moved) $("replies").replaceChildren();
  await drawThread();
  if (moved) toTop($("thread-scroll"));
}

function closeMenu() {
  document.body.classList.remove("menu-open");
  document.querySelector(".shade").hidden = true;
  document.querySelector(".menu").setAttribute("aria-expanded", "false");
}

function toggleMenu() {
  const open = document.body.classList.toggle("menu-open");
  document.querySelector(".shade").hidden = !open;
  document.querySelector(".menu").setAttribute("aria-expanded", String(open));
  if (open) $("side").querySelector("a")?.focus();
}

function theme(next) {
  if (next) document.documentElement.dataset.theme = next;
  else delete document.documentElement.dataset.theme;
}

function toggleTheme() {
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const next = (document.documentElement.dataset.theme ?? system) === "dark" ? "light" : "dark";
  localStorage.setItem("theme", next);
  theme(next);
}

async function reset() {
  if (!(await blocks.askWords(say("reset_sure"), say("reset"), say("cancel")))) return;
  if ((await attempt(() => act("reset"))) === undefined) return;
  toast(say("reset_done"));
  $("timeline").replaceChildren();
  await show(here.channel);
}

const DO = {
  menu: toggleMenu,
  theme: toggleTheme,
  reset,
  traffic: () => panels.toggle("traffic"),
  faults: () => panels.toggle("faults"),
  "close-panel": panels.close,
  "close-thread": () => show(here.channel, ""),
  thread: (control) => show(here.channel, control.closest("[data-thread]").dataset.thread),
  json: (control) => modal.showJson(control.closest(".message")),
  earlier: async () => {
    here.count += PAGE;
    const below = $("scroll").scrollHeight - $("scroll").scrollTop;
    await drawTimeline();
    $("scroll").scrollTop = $("scroll").scrollHeight - below;
  },
};

function wire() {
  document.addEventListener("click", (event) => {
    const control = event.target.closest("[data-do]");
    const work = control && DO[control.dataset.do];
    if (work) void attempt(() => work(control));
    const link = event.target.closest("a[data-channel]");
    if (!link || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    if (panels.covers()) panels.close();
    void attempt(() => show(link.dataset.channel));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]") || event.defaultPrevented) return;
    if (document.body.classList.contains("menu-open")) closeMenu();
    else if (!$("panel").hidden) panels.close();
    else if (here.thread) void show(here.channel, "");
  });
  $("act-as").addEventListener("change", (event) => {
    location.search = new URLSearchParams({ user: event.target.value, channel: here.channel });
  });
  $("scroll").addEventListener("scroll", () => {
    const { scrollHeight, scrollTop, clientHeight } = $("scroll");
    if (scrollHeight - scrollTop - clientHeight < 60) $("jump").hidden = true;
  });
  $("jump").addEventListener("click", () => toBottom($("scroll")));
  window.addEventListener("popstate", () => void attempt(arrive));
}

function arrive() {
  const search = new URLSearchParams(location.search);
  const first = $("side").querySelector("a")?.dataset.channel ?? "home";
  return show(search.get("channel") || first, search.get("thread") || "", false);
}

// ------------------------------------------------------------------ live

const waiting = new Set();
let timer = 0;

/** Draw soon, many changes at once. A refused post is in the log alone and still belongs here. */
function soon(kind, channel) {
  const message = kind === "message" || kind === "ephemeral";
  waiting.add(message ? "side" : kind);
  if (channel === here.channel && (message || kind === "log")) waiting.add("here");
  timer ||= setTimeout(() => {
    timer = 0;
    const kinds = new Set(waiting);
    waiting.clear();
    void attempt(() => redraw(kinds)).then(() => document.body.setAttribute("data-live", "yes"));
  }, 40);
}

async function redraw(kinds) {
  const all = kinds.has("all") || kinds.has("reset") || kinds.has("channel");
  if (all || kinds.has("here")) await Promise.all([drawTimeline(), drawThread()]);
  if (all || kinds.has("side") || kinds.has("here")) {
    await drawSide();
    nameplace();
  }
  if (here.channel === "home" && kinds.has("home")) await drawTimeline();
  if (all || kinds.has("view")) await modal.refresh();
  if (all || kinds.has("log") || kinds.has("fault")) await panels.refresh();
}

function live() {
  const events = new EventSource("/sandbox/api/events");
  let lost = false;
  events.addEventListener("message", ({ data }) => {
    const { kind, channel } = JSON.parse(data);
    soon(kind, channel);
  });
  events.addEventListener("open", () => {
    soon("all"); // whatever changed while nobody listened
    document.body.classList.remove("lost");
    lost = false;
  });
  events.addEventListener("error", () => {
    if (!lost) toast(say("lost"), "bad");
    lost = true;
    document.body.classList.add("lost");
    if (events.readyState === EventSource.CLOSED) setTimeout(live, 2000);
  });
}

theme(localStorage.getItem("theme"));
wire();
blocks.listen(() => here.channel);
composer.listen(() => here, () => toBottom($("scroll")));
modal.listen();
follow($("scroll"), $("timeline"));
follow($("thread-scroll"), $("replies"));
panels.listen();
await attempt(drawSide);
await attempt(arrive);
live();
