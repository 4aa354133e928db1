// Puts new HTML from the server in place, touching only the keyed elements that changed,
// so that focus, scrolling and half-made choices survive.

const drawn = new WeakMap();

/** Replace the children of `parent` by those of `html`; both carry data-key. */
export function patch(parent, html) {
  const template = document.createElement("template");
  template.innerHTML = html; // drawn and escaped by our own server
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let cursor = parent.firstElementChild;
  for (const fresh of [...template.content.children]) {
    const source = fresh.outerHTML;
    const known = old.get(fresh.dataset.key);
    old.delete(fresh.dataset.key);
    let child = known;
    if (!known || drawn.get(known) !== source) {
      child = fresh;
      drawn.set(fresh, source);
      if (known) {
        if (cursor === known) cursor = known.nextElementSibling;
        replace(known, fresh);
      }
    }
    if (child === cursor) cursor = cursor.nextElementSibling;
    else if (!(known && child === fresh && child.nextElementSibling === cursor)) parent.insertBefore(child, cursor);
  }
  for (const gone of old.values()) gone.remove();
}

function replace(known, fresh) {
  const focused = known.contains(document.activeElement) ? document.activeElement : null;
  const spot = focused && path(focused, known);
  known.replaceWith(fresh);
  if (spot) spot.reduce((node, index) => node?.children[index], fresh)?.focus();
}

function path(node, root) {
  const steps = [];
  for (; node !== root; node = node.parentElement) steps.unshift([...node.parentElement.children].indexOf(node));
  return steps;
}

const following = new WeakSet();

/** Keep a scrolled list at its end while it grows, unless the reader has scrolled up. */
export function follow(scroll, list) {
  scroll.addEventListener("scroll", () => (atBottom(scroll) ? following.add(scroll) : following.delete(scroll)));
  new ResizeObserver(() => {
    if (following.has(scroll)) toBottom(scroll);
  }).observe(list);
}

/** Patch a scrolled list; tells whether something new stands below what the reader sees. */
export function patchScrolled(scroll, list, html) {
  const stay = following.has(scroll);
  const before = list.lastElementChild?.dataset.key;
  patch(list, html);
  if (stay) toBottom(scroll);
  return !stay && before !== undefined && list.lastElementChild?.dataset.key !== before;
}

function atBottom(scroll) {
  return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;
}

/** Go to the end and stay there. */
export function toBottom(scroll) {
  following.add(scroll);
  scroll.scrollTop = scroll.scrollHeight;
}

/** Go to the end; to the beginning of the last element if it is taller than what can be seen. */
export function toNewest(scroll, list) {
  toBottom(scroll);
  const last = list.lastElementChild;
  if (!last || last.offsetHeight <= scroll.clientHeight) return;
  following.delete(scroll);
  scroll.scrollTop += last.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
}

/** Go to the beginning. */
export function toTop(scroll) {
  following.delete(scroll);
  scroll.scrollTop = 0;
}
