// The builder without page reloads: a button sends the whole form in the background, and the main
// part of the answer takes the place of this one. Without this script every button does the same.
const main = document.querySelector("main");
const toast = document.querySelector("[data-toast]"); // a live region that no answer replaces
let unsaved = false;
let waiting = false;

async function send(event) {
  const form = event.target;
  if (!form.matches("[data-builder]")) {
    if (main.contains(form)) unsaved = false; // what was typed goes along in this other form
    return;
  }
  event.preventDefault();
  if (waiting) return;
  const button = event.submitter;
  const leaves = button.hasAttribute("formaction"); // to another page, if nothing stands against it
  const body = new URLSearchParams(new FormData(form, button));
  const before = look(form);
  pause(form, true);
  let answer, html;
  try {
    answer = await fetch(leaves ? button.formAction : form.action, {
      method: "POST", body, redirect: leaves ? "manual" : "follow", signal: AbortSignal.timeout(30_000),
    });
    html = await answer.text();
  } catch {
    keep(form, before, toast.dataset.unreachable);
    return;
  }
  if (answer.type === "opaqueredirect") {
    unsaved = false;
    location.assign(button.formAction);
    return;
  }
  const page = new DOMParser().parseFromString(html, "text/html");
  const holdsWhatWasTyped = page.querySelector("main [name=save_key]");
  if (holdsWhatWasTyped) show(page, answer, before);
  else keep(form, before, `${page.querySelector("h1")?.textContent ?? ""}. ${toast.dataset.kept}`);
}

// Nothing came of it: say why, and leave all as it was typed.
function keep(form, before, why) {
  pause(form, false);
  before.focus.focus({ preventScroll: true });
  say(why, true);
}

function show(page, answer, before) {
  const notices = [...page.querySelectorAll("main > .notice[role=status]")];
  notices.forEach((notice) => notice.remove());
  page.querySelectorAll("[autofocus]").forEach((part) => part.removeAttribute("autofocus"));
  main.replaceChildren(...page.querySelector("main").childNodes);
  document.title = page.title;
  waiting = false;
  const form = main.querySelector("[data-builder]");
  if (answer.ok || (form && form.based_on.value !== before.version)) unsaved = false;
  if (!form) { // to be sent again, or somebody else's text beside one's own
    say("");
    focusOn(main.querySelector("h1"));
    return;
  }
  if (answer.redirected) history.replaceState(null, "", answer.url);
  for (const id of before.open) document.getElementById(id)?.querySelector("details").setAttribute("open", "");
  main.querySelector(".builder-catalogue").scrollTop = before.found;
  window.scrollTo(0, before.place);
  const now = look(form);
  const words = notices.map((notice) => notice.querySelector(".notice-text").textContent.trim());
  if (!words.length && answer.ok) words.push(main.querySelector("[data-found]").textContent);
  if (now.warnings !== before.warnings) words.push(now.warnings);
  say(words.join(" "));
  focusOn(main.querySelector(".error-summary") ?? successor(before));
}

// What the answer does not know of the page that it replaces.
function look(form) {
  const focus = document.activeElement;
  const rows = [...form.querySelectorAll(".plan-row")];
  return {
    focus,
    row: rows.indexOf(focus.closest(".plan-row")),
    open: rows.filter((row) => row.querySelector("details[open]")).map((row) => row.id),
    version: form.based_on.value,
    warnings: form.querySelector("[data-warnings]")?.textContent ?? "",
    found: form.querySelector(".builder-catalogue").scrollTop,
    place: window.scrollY,
  };
}

// What stands where the focus was: the same control, the new row, or the row that moved up.
function successor({ focus, row }) {
  const named = (id) => (id ? document.getElementById(id) : null);
  const at = new URLSearchParams(location.search).get("at");
  return named(focus.id) ?? named(at) ?? main.querySelectorAll(".plan-row")[row] ?? main.querySelector("#rows-title");
}

function focusOn(target) {
  const control = target.matches(".plan-row-moves") ? target.querySelector("button") : target;
  if (control.tabIndex < 0) control.tabIndex = -1;
  control.focus({ preventScroll: control.matches("h2") });
}

// While an answer is awaited nothing can be pressed twice, or typed that the answer would wipe out.
function pause(form, on) {
  waiting = on;
  form.inert = on;
  form.ariaBusy = String(on);
}

function say(words, isTrouble = false) {
  toast.textContent = words;
  toast.classList.toggle("toast-trouble", isTrouble);
}

document.addEventListener("submit", send);
main.addEventListener("click", (event) => { // of a double click the first is enough
  if (event.detail > 1 && event.target.closest("[data-builder] button")) event.preventDefault();
});
main.addEventListener("keydown", (event) => { // and so it is of a key held down
  if (event.repeat && event.key === "Enter" && event.target.matches("button, input")) event.preventDefault();
});
main.addEventListener("input", ({ target }) => {
  if (target.closest("[data-builder]") && !target.closest(".builder-catalogue")) unsaved = true;
});
window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
// A page that the browser kept for its "back" may be older than the draft.
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
