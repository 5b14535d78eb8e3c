// Says what is missing, and how hard the text is to read, while somebody types. The words come from
// the server, which also writes them into every page of the editor.
const PAUSE = 500; // milliseconds without a key
const form = document.querySelector("form[data-hints]");
let timer;
let asking = new AbortController();

async function look() {
  asking.abort();
  asking = new AbortController();
  const typed = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  try {
    const answer = await fetch(form.dataset.hints, { method: "POST", body: new URLSearchParams(typed), signal: asking.signal, redirect: "error" });
    if (!answer.ok) return;
    const news = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("hints");
    const old = document.getElementById("hints");
    if (news && old.innerHTML !== news.innerHTML) old.replaceChildren(...news.childNodes);
  } catch {
    return; // overtaken by newer words, or no network: the hints are a comfort
  }
}

form?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE);
});
