// Narrows the list of exercises while somebody types or chooses, without a new page. The same boxes
// work without this script: the catalogue asks by its address, the builder with its one form.
const PAUSE = 200; // milliseconds without a key
let timer;
let asking = new AbortController();

async function narrow(part) {
  asking.abort();
  asking = new AbortController();
  const boxes = [...part.querySelectorAll("input:not([type=hidden])")].filter((box) => box.type !== "checkbox" || box.checked);
  const asked = new URLSearchParams(boxes.filter((box) => box.value).map((box) => [box.name, box.value]));
  const address = `${part.dataset.search}?${asked}`.replace(/[?]$/, "");
  let html;
  try {
    const answer = await fetch(address, { signal: asking.signal, redirect: "error" });
    if (!answer.ok) return;
    html = await answer.text();
  } catch {
    return; // overtaken, or no network: what is shown stays true
  }
  if (!part.isConnected) return;
  const news = new DOMParser().parseFromString(html, "text/html").querySelector("[data-search]");
  const focus = document.activeElement.id;
  for (const old of part.querySelectorAll("[data-part]")) {
    const fresh = news.querySelector(`[data-part="${old.dataset.part}"]`);
    if (old.innerHTML !== fresh.innerHTML) old.replaceChildren(...fresh.childNodes);
  }
  if (focus && document.activeElement.id !== focus) (document.getElementById(focus) ?? part.querySelector("summary")).focus();
  history.replaceState(null, "", address);
}

function hear(event) {
  const box = event.target;
  const part = box.closest?.("[data-search]");
  if (!part || !box.matches("input")) return;
  event.stopPropagation(); // a search is nothing to be saved
  clearTimeout(timer);
  timer = setTimeout(narrow, event.type === "change" ? 0 : PAUSE, part);
}

document.addEventListener("input", hear, true);
