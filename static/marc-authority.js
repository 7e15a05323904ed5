/* Authorities for the heading that is being typed: a list below the field, by arrows, Enter and Escape.
   A textarea may not be a combobox, so it is a text box with a list: said when it opens, its option named as one goes. */
(() => {
  const marc = window.nhaSanMarc;
  const form = document.querySelector(".marc-editor");
  if (!form) return;
  const said = form.querySelector("[data-said]");
  let open = null; // {row, box, found, at}
  let timer = 0;
  let asked = 0;

  /* The codes that make the heading of this field; "" where it is under no authority control. */
  const codesOf = (row) => marc.rules?.headings[row.tag.value] || "";

  /* What the heading begins with, up to the subfield under the cursor. */
  function begun(row) {
    const codes = codesOf(row);
    const code = row.code();
    if (!code || !codes.includes(code)) return "";
    const parts = row.parts().slice(0, row.part() + 1).filter((part) => part[0] === "$" && codes.includes(part[1]));
    return parts.map((part) => part.slice(2)).join(" ").trim();
  }

  function typed(row) {
    close();
    clearTimeout(timer);
    const q = begun(row);
    if (q.length > 1) timer = setTimeout(() => ask(row, q), 200);
  }

  function ask(row, q) {
    const mine = (asked += 1);
    const query = new URLSearchParams({ q, tag: row.tag.value, line: row.typed() });
    fetch(`${form.dataset.choose}?${query}`).then((answer) => answer.json()).then((answer) => {
      if (mine === asked && document.activeElement === row.content && answer.found.length) show(row, answer.found);
    }, () => {});
  }

  function show(row, found) {
    close();
    const box = Object.assign(document.createElement("ul"), { id: "marc-authorities", className: "marc-authorities" });
    box.setAttribute("role", "listbox");
    box.setAttribute("aria-label", marc.words.authorities);
    box.append(...found.map((each, at) => {
      const item = Object.assign(document.createElement("li"), { id: `marc-authority-${at}` });
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.append(Object.assign(document.createElement("strong"), { textContent: each.heading }));
      item.append(` ${each.kind}${each.by ? ` · ${marc.say("seeFrom", each.by)}` : ""}`);
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => take(each));
      return item;
    }));
    row.content.setAttribute("aria-autocomplete", "list");
    row.content.setAttribute("aria-controls", box.id);
    row.element.append(box);
    open = { row, box, found, at: -1 };
    box.scrollIntoView({ block: "nearest" });
    said.textContent = marc.say("choices", found.length);
  }

  function close() {
    asked += 1;
    if (!open) return;
    for (const name of ["aria-autocomplete", "aria-controls", "aria-activedescendant"]) open.row.content.removeAttribute(name);
    open.box.remove();
    open = null;
  }

  function step(down) {
    const items = [...open.box.children];
    items[open.at]?.setAttribute("aria-selected", "false");
    open.at = (open.at + (down ? 1 : -1) + items.length + (open.at < 0 && !down ? 1 : 0)) % items.length;
    const item = items[open.at];
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    open.row.content.setAttribute("aria-activedescendant", item.id);
  }

  /* The field as the server wrote it: the preferred heading, what else the field has, and $0. */
  function take(choice) {
    const { row } = open;
    close();
    row.put(choice.line);
    said.textContent = marc.say("linkedTo", choice.heading);
  }

  function unlink(row) {
    const parts = row.parts();
    const kept = parts.filter((part) => !part.startsWith("$0"));
    if (kept.length === parts.length) return;
    close();
    row.setParts(kept, kept.length - 1);
    said.textContent = marc.words.unlinked;
  }

  /* Whether the key was for the list. */
  function pressed({ key, altKey, shiftKey, ctrlKey, metaKey, isComposing }) {
    if (!open || isComposing || altKey || shiftKey || ctrlKey || metaKey) return false;
    if (key === "ArrowDown" || key === "ArrowUp") step(key === "ArrowDown");
    else if (key === "Escape") close();
    else if (key === "Enter" && open.at >= 0) take(open.found[open.at]);
    else return false;
    return true;
  }

  marc.authorities = { codesOf, typed, pressed, close, unlink };
})();
