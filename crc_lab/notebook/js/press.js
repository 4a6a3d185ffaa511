// While something is pressed nothing is redrawn: a button that is replaced, or that moves, between the two halves of a click
// never hears of it. The page of a slow computer is redrawn at any moment, by what Python has just had the time to say.

const LONGEST = 1000; // then it is no click any more

const waiting = /** @type {(() => void)[]} */ ([]);
let pressed = false;
let timer = 0;

function release() {
  clearTimeout(timer);
  pressed = false;
  for (const action of waiting.splice(0)) queueMicrotask(action);
}

document.addEventListener("pointerdown", () => {
  pressed = true;
  clearTimeout(timer);
  timer = setTimeout(release, LONGEST);
}, true);
window.addEventListener("click", () => { if (pressed) release(); }); // the button has heard of it by now
const lifted = () => { if (pressed) setTimeout(release); }; // pressed here and released there: there is no click
document.addEventListener("pointerup", lifted, true);
document.addEventListener("pointercancel", lifted, true);

/** Do this now, or after the click that is under way. @param {() => void} action */
export function afterClick(action) {
  if (pressed) waiting.push(action);
  else action();
}
