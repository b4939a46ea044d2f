// What a keyboard and a slider add to the pages of a release. Without it every page reads the same.
"use strict";

(() => {
  const typing = (target) => target.closest("input, select, textarea, [contenteditable]") !== null;

  // --- a diff: n and p go from change to change ---------------------------------------------------------------------

  const changes = [...document.querySelectorAll(".diff [id^=c]")].filter((each) => /^c\d+$/.test(each.id));

  function go(step) {
    const last = changes.indexOf(document.activeElement?.closest(".diff [id^=c]"));
    const place = last < 0 ? (step > 0 ? 0 : changes.length - 1) : last + step;
    const change = changes[place];
    if (!change) return;
    change.focus({ preventScroll: true });
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    change.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  }

  if (changes.length) {
    document.querySelectorAll(".keys").forEach((each) => { each.hidden = false; });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      if (event.key === "n") go(1);
      else if (event.key === "p") go(-1);
      else return;
      event.preventDefault();
    });
  }

  // --- a release: the slider shows another version in the place of the text ------------------------------------------

  const slider = document.querySelector("input.versions");
  if (!slider) return;
  const numbers = slider.dataset.numbers.split(" ");
  const kept = new Map();
  let wanted = null;

  async function version(number) {
    if (!kept.has(number)) {
      const answer = await fetch(`${slider.dataset.at}/revisions/${number}`, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(`${answer.status}`);
      kept.set(number, new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".version"));
    }
    return kept.get(number);
  }

  function named() {
    slider.setAttribute("aria-valuetext", `Revision ${numbers[slider.valueAsNumber]}`);
  }

  async function show() {
    const number = numbers[slider.valueAsNumber];
    wanted = number;
    named();
    try {
      const found = await version(number);
      const place = document.querySelector(".version");
      if (wanted !== number || !found || !place) return;
      place.replaceWith(document.importNode(found, true));
    } catch {
      if (wanted === number) window.location.assign(`${slider.dataset.at}/revisions/${number}`);
    }
  }

  named();
  slider.closest("[hidden]").hidden = false;
  slider.addEventListener("input", show);
})();
