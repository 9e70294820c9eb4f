// The page works without this. "/" goes to the search box; Escape closes what is open or leaves the box;
// j and k, or the arrow keys with the focus on a hit, go from hit to hit; small screens start with the filters closed.
"use strict";
(() => {
  const box = document.getElementById("q");
  const plain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey;
  const typing = (node) => /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName) || node.isContentEditable;
  const titles = () => [...document.querySelectorAll(".hits .hit :is(h2, h3) > a")];

  const step = (by) => {
    const all = titles();
    const at = all.indexOf(document.activeElement);
    const next = all[at < 0 ? (by > 0 ? 0 : -1) : at + by];
    if (next) next.focus();
    return Boolean(next);
  };

  document.addEventListener("keydown", (event) => {
    if (!plain(event)) return;
    const on = event.target;
    if (event.key === "/" && !typing(on) && box) {
      event.preventDefault();
      box.focus();
      box.select();
    } else if (event.key === "Escape") {
      const open = on.closest && on.closest(".why[open], .near[open], .copies[open]");
      if (open) {
        open.open = false;
        open.querySelector("summary").focus();
      } else if (on === box && !event.defaultPrevented) {
        box.blur();
      }
    } else if (!typing(on) && (event.key === "j" || event.key === "k")) {
      step(event.key === "j" ? 1 : -1);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && titles().includes(on)) {
      if (step(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
    }
  });

  const filters = document.getElementById("filters");
  if (filters && window.matchMedia("(max-width: 56rem)").matches) filters.open = false;
})();
