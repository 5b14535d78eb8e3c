// Handles over the drawings: dragging one, or an arrow key on it, sends the form with where it is
// now, and what the server drew takes the place of what is shown. All else is the form's business.
const form = document.querySelector("[data-scene]");
const toast = document.querySelector("[data-toast]");
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PAUSE = 40; // milliseconds between a move and the question
const moved = new Map(); // what no answer has drawn yet: handle's id -> its words for the form, x, y
let held = false; // by a finger or the mouse
let asking = false;
let timer;
let unsaved = "unsaved" in form.dataset;

function showHandles() {
  form.querySelectorAll(".handles, [data-with-script]").forEach((part) => part.removeAttribute("hidden"));
}

function put(handle, x, y) {
  const view = handle.closest("[data-view]").dataset.view;
  moved.delete(handle.id); // so that the last one moved comes last
  moved.set(handle.id, { x, y, words: `${handle.dataset.handle} ${view} ${x.toFixed(3)} ${y.toFixed(3)}` });
  handle.setAttribute("transform", `translate(${x} ${y})`);
  form.elements.drag.value = [...moved.values()].map(({ words }) => words).join(";");
  ask(PAUSE);
}

function ask(pause) {
  unsaved = true;
  clearTimeout(timer);
  timer = setTimeout(send, pause);
}

async function send() {
  if (asking) return; // what is newer goes as soon as this is answered
  asking = true;
  const sent = written();
  const body = new URLSearchParams(sent);
  body.set("do", "draw");
  let page;
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body, redirect: "error", signal: AbortSignal.timeout(30_000) });
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    page = null;
  }
  asking = false;
  const fresh = page?.querySelector("[data-scene]");
  const refusal = page?.querySelector(".error-summary li");
  if (!fresh || refusal) {
    say(refusal ? refusal.textContent.trim() : toast.dataset.unreachable, true);
    return;
  }
  const newer = written() !== sent;
  if (newer || held) {
    for (const drawing of fresh.querySelectorAll("[data-drawing]")) {
      renew(form.querySelector(`[data-drawing="${drawing.dataset.drawing}"]`), drawing);
    }
    if (newer) send();
    return;
  }
  renew(form, fresh);
  showHandles();
  const handle = document.getElementById([...moved.keys()].pop());
  say(handle ? `${handle.getAttribute("aria-label")}: ${handle.getAttribute("aria-valuetext")}` : "");
  moved.clear();
}

function written() {
  return new URLSearchParams(new FormData(form)).toString();
}

// Makes the one part of the page like the other, and leaves in place, with the focus, what is alike.
function renew(old, fresh) {
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  if (old.matches("input")) [old.value, old.checked] = [fresh.value, fresh.checked];
  const parts = [...old.childNodes];
  [...fresh.childNodes].forEach((part, at) => {
    const was = parts[at];
    if (!was) old.append(part);
    else if (was.nodeName !== part.nodeName || was.id !== part.id) was.replaceWith(part);
    else if (part.nodeType === Node.ELEMENT_NODE) renew(was, part);
    else if (was.data !== part.data) was.data = part.data;
  });
  parts.slice(fresh.childNodes.length).forEach((part) => part.remove());
}

function say(words, isTrouble = false) {
  toast.textContent = words;
  toast.classList.toggle("hidden", !isTrouble);
  toast.classList.toggle("toast-trouble", isTrouble);
}

function take(event) {
  const handle = event.target.closest("[data-handle]");
  if (!handle || event.button || held) return;
  event.preventDefault();
  handle.focus();
  held = true;
  handle.classList.add("is-held");
  const canvas = handle.ownerSVGElement;
  const zoom = canvas.viewBox.baseVal.width / canvas.getBoundingClientRect().width;
  const from = [Number(handle.dataset.x) - event.clientX * zoom, Number(handle.dataset.y) - event.clientY * zoom];
  const finger = event.pointerId;
  const hands = new AbortController();
  const listen = (kind, hear) => window.addEventListener(kind, (each) => each.pointerId === finger && hear(each), { signal: hands.signal });
  const follow = ({ clientX, clientY }) => put(handle, from[0] + clientX * zoom, from[1] + clientY * zoom);
  const drop = () => {
    hands.abort();
    held = false;
    handle.classList.remove("is-held");
    if (moved.size) ask(0);
  };
  handle.setPointerCapture(finger);
  listen("pointermove", follow);
  listen("pointerup", drop);
  listen("pointercancel", drop);
}

function nudge(event) {
  const handle = event.target.closest("[data-handle]");
  const way = ARROWS[event.key];
  if (!handle || !way || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const step = Number(handle.closest("[data-scale]").dataset.scale) * (event.shiftKey ? 5 : 1);
  const at = moved.get(handle.id) ?? { x: Number(handle.dataset.x), y: Number(handle.dataset.y) };
  put(handle, at.x + way[0] * step, at.y + way[1] * step);
}

showHandles();
form.addEventListener("pointerdown", take);
form.addEventListener("keydown", nudge);
form.addEventListener("change", ({ target }) => {
  if (target.matches("input")) ask(0);
});
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (event.submitter?.value === "draw") {
    event.preventDefault();
    ask(0);
  } else unsaved = false; // what was changed goes along
});
window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
// A page that the browser kept for its "back" may be older than the scene.
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
