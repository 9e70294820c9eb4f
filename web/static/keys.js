// The page works without this. "/" goes to the search box, Escape leaves it; small screens start with filters closed.
"use strict";
const box = document.getElementById("q");
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && box) {
    event.preventDefault();
    box.focus();
    box.select();
  } else if (event.key === "Escape" && event.target === box) {
    box.blur();
  }
});
const narrow = document.querySelector("details.narrow");
if (narrow && window.matchMedia("(max-width: 52rem)").matches) {
  narrow.open = false;
}
