// Rows of the builder, dragged by mouse, finger or pen. Dropped, a row sends the form with the
// button that the server knows: "to:<row>:<number>". Escape leaves all as it was.
const main = document.querySelector("main");
const EDGE = 80; // px from the top or bottom of the window within which it scrolls along
let drag = null;

function begin(event) {
  const handle = event.target.closest("[data-drag]");
  if (!handle || drag || event.button) return;
  event.preventDefault();
  const row = handle.closest(".plan-row");
  const others = [...row.parentElement.querySelectorAll(".plan-row")].filter((other) => other !== row);
  drag = { id: handle.dataset.drag, row, others, pointer: event.pointerId, y: event.clientY, number: null };
  handle.setPointerCapture(event.pointerId);
  row.classList.add("is-moving");
  requestAnimationFrame(scrollAlong);
}

function move(event) {
  if (event.pointerId !== drag?.pointer) return;
  drag.y = event.clientY;
  aim();
}

// The number that the row would have here: one more than there are rows above the pointer.
function aim() {
  const above = drag.others.filter((other) => middle(other) < drag.y).length;
  drag.number = above + 1;
  drag.others.forEach((other, place) => {
    other.classList.toggle("is-before", place === above);
    other.classList.toggle("is-after", place === above - 1 && above === drag.others.length);
  });
}

function middle(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}

function scrollAlong() {
  if (!drag) return;
  const by = drag.y < EDGE ? drag.y - EDGE : Math.max(0, drag.y - innerHeight + EDGE);
  if (by && drag.number) {
    window.scrollBy({ top: by / 5, behavior: "instant" });
    aim();
  }
  requestAnimationFrame(scrollAlong);
}

function end() {
  const { row, others } = drag;
  row.classList.remove("is-moving");
  others.forEach((other) => other.classList.remove("is-before", "is-after"));
  drag = null;
}

function drop(event) {
  if (event.pointerId !== drag?.pointer) return;
  const { id, row, number } = drag;
  end();
  const before = [...row.parentElement.querySelectorAll(".plan-row")].indexOf(row) + 1;
  if (!number || number === before) return;
  const button = document.createElement("button");
  Object.assign(button, { name: "do", value: `to:${id}:${number}`, hidden: true });
  const form = row.closest("form");
  form.append(button);
  form.requestSubmit(button);
  button.remove();
}

function showHandles() {
  for (const handle of main.querySelectorAll("[data-drag][hidden]")) handle.hidden = false;
}

main.addEventListener("pointerdown", begin);
main.addEventListener("pointermove", move);
main.addEventListener("pointerup", drop);
main.addEventListener("pointercancel", (event) => { if (event.pointerId === drag?.pointer) end(); });
document.addEventListener("keydown", (event) => { if (drag && event.key === "Escape") end(); });
new MutationObserver(showHandles).observe(main, { childList: true }); // the builder replaces its rows
showHandles();
