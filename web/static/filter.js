// A changed filter answers at once: the page that the form would lead to is fetched and its main part put in place,
// so that the focus stays where it is and the back button leads through what was looked at. Without this, Apply does it.
"use strict";
(() => {
  const form = document.getElementById("asking");
  const main = document.getElementById("main");
  if (!form || !document.getElementById("narrow")) return;
  let latest = 0;

  const address = () => {
    const pairs = [...new FormData(form)].filter(([name, value]) => value && !(name === "match" && value === "all"));
    return `${form.action}?${new URLSearchParams(pairs)}`;
  };

  const show = async (url, keep) => {
    const mine = ++latest;
    main.setAttribute("aria-busy", "true");
    let page;
    try {
      const answer = await fetch(url, { headers: { Accept: "text/html" } });
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      location.assign(url);
      return;
    }
    if (mine !== latest) return; // a later change has been asked meanwhile
    const open = new Set([...main.querySelectorAll("details[id][open]")].map((one) => one.id));
    const seen = new Set([...main.querySelectorAll("details[id]")].map((one) => one.id));
    const at = document.activeElement;
    const spoken = main.querySelector("[role=status]");
    const fresh = page.getElementById("main");
    for (const one of fresh.querySelectorAll("details[id]")) {
      if (seen.has(one.id)) one.open = open.has(one.id);
    }
    if (keep) history.pushState(null, "", url);
    document.title = page.title;
    replace(fresh, spoken);
    main.removeAttribute("aria-busy");
    focus(at);
  };

  // The status line is kept and only its text changed: readers for the blind speak what changes in a line they know.
  const replace = (fresh, spoken) => {
    const line = fresh.querySelector("[role=status]");
    const text = line ? [...line.childNodes] : [];
    if (line && spoken) line.replaceWith(spoken);
    main.replaceChildren(...fresh.childNodes);
    if (spoken && line) spoken.replaceChildren(...text);
  };

  const focus = (at) => {
    if (!at || !at.name || at.id === "q") return;
    const same = [...form.elements].find((one) => one.name === at.name && (one.type === "text" || one.value === at.value));
    if (same) same.focus({ preventScroll: true });
  };

  document.addEventListener("change", (event) => {
    if (event.target.form === form && event.target.id !== "q") show(address(), true);
  });
  window.addEventListener("popstate", () => location.reload());
})();
