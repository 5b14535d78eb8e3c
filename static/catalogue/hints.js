// Says what is missing, and how hard the text is to read, while somebody types. The server has the
// words, and writes them into the page as well.
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
    return; // overtaken, or no network
  }
}

form?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE);
});
