// What a check says comes into view, and nothing that one looks at moves while it does.

const MARGIN = 8;

/** True where people asked their system for less motion. */
export function calm() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Do what changes the page above `node`, which stays where it is on the screen. @param {HTMLElement} node @param {() => void} action */
export function still(node, action) {
  const before = node.getBoundingClientRect().top;
  action();
  const moved = node.isConnected ? node.getBoundingClientRect().top - before : 0;
  if (Math.abs(moved) >= 1) scrollerOf(node)?.scrollBy({ top: moved, behavior: "instant" });
}

/** Scroll as little as need be for `node` to be in the window: all of it, or its beginning where it is higher than that. @param {HTMLElement} node */
export function reveal(node) {
  const scroller = scrollerOf(node);
  if (!scroller || !node.offsetHeight) return;
  const page = scroller === document.scrollingElement;
  const frame = page ? { top: 0, bottom: window.innerHeight } : scroller.getBoundingClientRect();
  const [top, bottom] = [Math.max(0, frame.top) + MARGIN, Math.min(window.innerHeight, frame.bottom) - MARGIN];
  const box = node.getBoundingClientRect();
  const down = Math.min(box.bottom - bottom, box.top - top);
  const by = box.top < top ? box.top - top : Math.max(0, down);
  if (Math.abs(by) >= 1) scroller.scrollBy({ top: by, behavior: calm() ? "instant" : "smooth" });
}

/** What scrolls the card up and down: the notebook's panel, or the page. @param {HTMLElement} node @returns {Element | null} */
function scrollerOf(node) {
  for (let each = node.parentElement; each && each !== document.body; each = each.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(each).overflowY) && each.scrollHeight > each.clientHeight) return each;
  }
  return document.scrollingElement;
}
