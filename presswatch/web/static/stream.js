// What a keyboard adds to the stream of changes, and marks that need no new page. Without it every page works the same.
"use strict";

(() => {
  const typing = (target) => target.closest("input, select, textarea, [contenteditable]") !== null;
  const changes = [...document.querySelectorAll("article.change")];
  const flags = ["reviewed", "starred", "noise"];

  // --- marks ---------------------------------------------------------------------------------------------------------

  function tell(text) {
    const told = document.getElementById("told");
    if (told) told.textContent = text;
  }

  function show(marks, found) {
    for (const button of marks.querySelectorAll("button[form=marking]")) {
      const on = found[button.name];
      button.setAttribute("aria-pressed", String(on));
      button.value = String(!on);
      marks.closest("article.change")?.classList.toggle(`is-${button.name}`, on);
    }
  }

  async function mark(form, button) {
    const sent = new URLSearchParams(new FormData(form));
    sent.set(button.name, button.value);
    const answer = await fetch(button.formAction, {
      method: "POST", body: sent, headers: { Accept: "application/json" }, redirect: "error",
    });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const found = await answer.json();
    show(button.closest(".marks"), found);
    tell(`${found[button.name] ? "Marked" : "No longer marked"} as ${button.name}.`);
  }

  const form = document.getElementById("marking");
  form?.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || !flags.includes(button.name)) return;
    event.preventDefault();
    // Where that fails, the form is sent as it would be without this script: its answer says what is wrong.
    mark(form, button).catch(() => {
      form.action = button.formAction;
      const given = document.createElement("input");
      given.type = "hidden";
      given.name = button.name;
      given.value = button.value;
      form.append(given);
      form.submit();
      // What is sent was taken up by then. Where the page stays after all, this mark must not go with the next one.
      given.remove();
    });
  });

  // --- keys ----------------------------------------------------------------------------------------------------------

  if (!changes.length) return;
  const help = document.getElementById("keys");
  const here = () => document.activeElement?.closest("article.change");

  function go(step) {
    const last = changes.indexOf(here());
    const change = changes[last < 0 ? (step > 0 ? 0 : changes.length - 1) : last + step];
    if (!change) return false;
    change.focus({ preventScroll: true });
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    change.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
    return true;
  }

  function press(selector) {
    const found = here()?.querySelector(selector);
    found?.click();
    return Boolean(found);
  }

  function unread() {
    const link = document.getElementById("unread");
    link?.click();
    return Boolean(link);
  }

  const keys = {
    j: () => go(1),
    k: () => go(-1),
    o: () => press("h3 a"),
    e: () => press("button[data-key=e]"),
    s: () => press("button[data-key=s]"),
    n: () => press("button[data-key=n]"),
    u: unread,
    "/": () => { document.getElementById("words").focus(); return true; },
    "?": () => { help.showModal(); return true; },
  };

  document.querySelectorAll(".keys").forEach((each) => { each.hidden = false; });
  document.getElementById("help")?.addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || help.open || typing(event.target)) return;
    if (Object.hasOwn(keys, event.key) && keys[event.key]()) event.preventDefault();
  });
})();
