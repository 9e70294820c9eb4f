// Completion in the search box, after the ARIA pattern of a combobox with a list. Enter searches what was typed;
// an offer is taken only when it was chosen. Answers that arrive after a later one was asked are dropped.
"use strict";
(() => {
  const box = document.getElementById("q");
  if (!box || !box.dataset.complete) return;
  const list = document.createElement("ul");
  const said = document.createElement("span");
  let typed = "", asked = 0, chosen = -1, offers = [], timer = 0;

  list.id = "offers";
  list.className = "options";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Completions");
  said.className = "unseen";
  said.setAttribute("aria-live", "polite");
  box.after(list, said);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-controls": "offers", "aria-expanded": "false",
  })) box.setAttribute(name, value);

  const close = () => {
    asked += 1;
    clearTimeout(timer);
    list.hidden = true;
    chosen = -1;
    said.textContent = "";
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };

  const mark = (index) => {
    chosen = index;
    [...list.children].forEach((one, at) => one.setAttribute("aria-selected", String(at === index)));
    if (index < 0) box.removeAttribute("aria-activedescendant");
    else {
      box.setAttribute("aria-activedescendant", `offer-${index}`);
      list.children[index].scrollIntoView({ block: "nearest" });
    }
    box.value = index < 0 ? typed : offers[index].query;
  };

  const option = (offer, index) => {
    const row = document.createElement("li");
    row.id = `offer-${index}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    const count = Number.isInteger(offer.count) ? offer.count.toLocaleString("en") : "";
    for (const [name, text] of [["label", offer.label], ["is", offer.kind === "word" ? "" : offer.kind], ["count", count]]) {
      const part = document.createElement("span");
      part.className = name;
      part.textContent = text;
      row.append(part);
    }
    return row;
  };

  const show = (found) => {
    offers = found;
    chosen = -1;
    list.replaceChildren(...offers.map(option));
    list.hidden = offers.length === 0;
    box.setAttribute("aria-expanded", String(offers.length > 0));
    box.removeAttribute("aria-activedescendant");
    said.textContent = offers.length ? `${offers.length} completions` : "";
  };

  const ask = async () => {
    if (typed.length < 2 || typed.length > 100 || box.selectionEnd !== typed.length) return close();
    const mine = ++asked;
    try {
      const answer = await fetch(`${box.dataset.complete}?q=${encodeURIComponent(typed)}`);
      if (!answer.ok || mine !== asked) return;
      const body = await answer.json();
      if (mine === asked) show(body.completions.slice(0, 8)); // else it is too late: something else has been typed
    } catch { close(); }
  };

  box.addEventListener("input", () => {
    typed = box.value;
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });

  box.addEventListener("keydown", (event) => {
    if (list.hidden) {
      if (event.key === "ArrowDown" && box.value) { typed = box.value; ask(); }
      return;
    }
    const last = offers.length - 1;
    const moves = {
      ArrowDown: chosen === last ? -1 : chosen + 1,
      ArrowUp: chosen < 0 ? last : chosen - 1,
      ...(chosen >= 0 ? { Home: 0, End: last } : {}),
    };
    if (event.key in moves) mark(moves[event.key]);
    else if (event.key === "Escape") { box.value = typed; close(); }
    else if (event.key === "Tab" || event.key === "Enter") { close(); return; }
    else return;
    event.preventDefault();
  });

  list.addEventListener("mousedown", (event) => {
    const row = event.target.closest("li");
    if (!row) return;
    event.preventDefault();
    mark([...list.children].indexOf(row));
    close();
    box.form.requestSubmit();
  });
  box.addEventListener("blur", close);
})();
