// Asks the browser for a passkey when its button is pressed, and sends the form with the answer.
for (const button of document.querySelectorAll("button[data-passkey]")) {
  const form = button.form;
  const given = form.querySelector("input[name=passkey]");
  const said = form.querySelector("[data-passkey-said]");
  let asking = false;

  form.addEventListener("submit", async (event) => {
    if (event.submitter !== button || given.value) return;
    event.preventDefault();
    if (asking) return;
    if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return say(button.dataset.cannot);
    asking = true;
    button.ariaBusy = "true";
    say(button.dataset.waiting);
    try {
      const made = await ask(form, button.dataset.passkey);
      if (!made) return;
      given.value = JSON.stringify(made);
      form.requestSubmit(button);
    } catch (error) {
      say(error.sentence ?? button.dataset.trouble);
      asking = false;
      button.ariaBusy = "false";
    }
  });

  function say(words) {
    said.textContent = words;
  }
}

// A page kept for "back" holds an answer that was used.
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

async function ask(form, address) {
  const token = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
  const answer = await fetch(address, { method: "POST", body: token, redirect: "manual" });
  // To sign in, or to show once more who one is.
  if (answer.type === "opaqueredirect" || answer.status === 401) return location.reload();
  const question = await answer.json();
  if (!answer.ok) throw { sentence: question.trouble };
  const made = question.pubKeyCredParams
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question) });
  return made.toJSON();
}
