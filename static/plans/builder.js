// The builder without page reloads. Without this script every button works the same, more slowly.
const main = document.querySelector("main");

// Show the weekday boxes and the date box only where the select beside them asks for them.
function showWhatIsAsked() {
  for (const part of main.querySelectorAll("[data-shown-for]")) {
    const select = document.getElementById(part.dataset.shownBy);
    part.hidden = select.value !== part.dataset.shownFor && !part.querySelector(".has-error");
  }
}

// Send the form in the background and put the answer's main part in the place of this one.
async function send(event) {
  const form = event.target.closest("[data-builder]");
  const button = event.submitter;
  if (!form || button?.hasAttribute("formaction")) return;
  event.preventDefault();
  const data = new FormData(form, button);
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(data) });
  } catch {
    form.requestSubmit === undefined ? form.submit() : HTMLFormElement.prototype.submit.call(form);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const place = window.scrollY;
  main.replaceChildren(...page.querySelector("main").childNodes);
  document.title = page.title;
  if (answer.redirected) history.replaceState(null, "", answer.url.split("#")[0]);
  showWhatIsAsked();
  window.scrollTo(0, place);
  const target = main.querySelector("[autofocus]") ?? sameControl(button);
  target?.focus({ preventScroll: !target.matches(".error-summary, .plan-row") });
}

// Where the pressed button was, its successor stands; else the list's heading keeps the place.
function sameControl(button) {
  const value = button?.value ?? "";
  return main.querySelector(`button[value="${CSS.escape(value)}"]:not([tabindex])`)
    ?? main.querySelector("#rows-title");
}

main.addEventListener("change", showWhatIsAsked);
document.addEventListener("submit", send);
showWhatIsAsked();
