// Hides what doesn't match. Without this script the page is whole, and the box that it brings stays away.
(() => {
  const box = document.getElementById("filter");
  const words = document.getElementById("filter-words");
  const awaiting = document.getElementById("filter-awaiting");
  const told = document.getElementById("filter-told");
  const entries = [...document.querySelectorAll("[data-entry]")];
  const groups = [...document.querySelectorAll("[data-group]")].reverse(); // the inner ones first
  const texts = entries.map((entry) => `${entry.id.replaceAll("_", " ")} ${entry.id} ${entry.textContent}`
    .toLowerCase().replace(/\s+/g, " "));

  const apply = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const active = wanted.length > 0 || awaiting.checked;
    let shown = 0;
    entries.forEach((entry, index) => {
      const fits = wanted.every((word) => texts[index].includes(word))
        && (!awaiting.checked || entry.querySelector(".mark--awaiting") !== null);
      entry.hidden = !fits;
      shown += fits;
    });
    for (const group of groups) group.hidden = active && !group.querySelector("[data-entry]:not([hidden])");
    told.textContent = active ? `${shown} of ${entries.length} entries` : "";
  };
  // A link to an entry that is hidden would lead nowhere.
  const reveal = (hash) => {
    const target = document.getElementById(decodeURIComponent(hash.slice(1)));
    if (!target || !target.closest("[hidden]")) return;
    words.value = "";
    awaiting.checked = false;
    apply();
    target.scrollIntoView();
  };

  box.hidden = false;
  box.addEventListener("submit", (event) => event.preventDefault());
  words.addEventListener("input", apply);
  awaiting.addEventListener("change", apply);
  addEventListener("hashchange", () => reveal(location.hash));
  addEventListener("click", (event) => { // also where the address already ends so, and nothing changes
    const link = event.target.closest("a[href^='#']");
    if (link) reveal(link.hash);
  });
  // Paper can't be unfolded.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const fold of folded) fold.open = true;
  });
  addEventListener("afterprint", () => { for (const fold of folded) fold.open = false; });
  if (words.value) apply(); // kept by the browser over a reload
})();
