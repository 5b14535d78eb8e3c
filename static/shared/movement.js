// The link to a film becomes a button: the film moves above it until the button stops it.
// Nothing moves, and nothing is loaded, before somebody asks.
for (const link of document.querySelectorAll("[data-movement]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.append(...link.childNodes);
  link.replaceWith(button);
  const words = button.querySelector("span");
  const show = words.textContent;
  const stage = document.createElement("div");
  stage.className = "step-picture";
  button.before(stage);
  button.addEventListener("click", () => {
    const moves = stage.firstChild !== null;
    if (moves) {
      stage.replaceChildren();
    } else {
      const film = new Image();
      film.alt = link.dataset.alt;
      // A picture that is in the cache would go on where it stood: this one begins anew.
      film.src = link.href;
      stage.append(film);
    }
    stage.parentElement.classList.toggle("is-moving", !moves);
    words.textContent = moves ? show : link.dataset.stop;
    button.scrollIntoView({ block: "nearest" });
  });
}
