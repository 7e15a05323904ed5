/* The table of codes for the leader, 006, 007 and 008: a drop-down for each position, in the form of the material. */
(() => {
  const LISTS = { "008 15": "countries", "008 35": "languages" };
  let number = 0;

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  /* Which form the field has: by the leader, for 008, or by its own first character. */
  function form(marc, row, leader) {
    const kind = leader.slice(6, 7);
    if (row.isLeader) return "";
    if (row.tag.value === "007") return row.content.value[0] || "c";
    if (row.tag.value === "006") {
      const first = row.content.value[0] || "a";
      return first === "s" ? "continuing" : marc.rules.forms[first] || "books";
    }
    if (kind === "a" && "bis".includes(leader.slice(7, 8))) return "continuing";
    return marc.rules.forms[kind] || "books";
  }

  function select(codes, value, other) {
    const made = element("select");
    if (!(value in codes)) made.append(new Option(`${value.replaceAll(" ", "#")} – ${other}`, value));
    for (const [code, name] of Object.entries(codes)) {
      made.append(new Option(`${code.replaceAll(" ", "#")} – ${name}`, code));
    }
    made.value = value;
    return made;
  }

  function list(marc, name) {
    const id = `marc-list-${name}`;
    if (!document.getElementById(id)) {
      const options = Object.entries(marc.rules.lists[name]).map(([code, label]) => element("option", { value: code, label }));
      document.body.append(element("datalist", { id }, ...options));
    }
    return id;
  }

  window.nhaSanMarc.openFixed = (row, leader, changed) => {
    const marc = window.nhaSanMarc;
    const tag = row.tag.value;
    const forms = marc.rules.fixed[tag];
    const positions = forms && (forms[form(marc, row, leader)] || forms[Object.keys(forms)[0]]);
    if (!positions) return null;
    const length = Math.max(...positions.map(([start, size]) => start + size), { LDR: 24, "008": 40, "006": 18 }[tag] || 0);
    const fill = tag === "007" ? "|" : "#";
    const read = () => row.content.value.padEnd(length, fill).replaceAll("#", " ");
    const box = element("fieldset", { className: "marc-fixed" });
    box.append(element("legend", { textContent: marc.say("form", tag) }));

    function put(start, size, value) {
      const now = read();
      const typed = value.replaceAll("#", " ");
      row.content.value = (now.slice(0, start) + typed.padEnd(size).slice(0, size) + now.slice(start + size)).replaceAll(" ", "#");
      row.content.dispatchEvent(new Event("input", { bubbles: true }));
      if (start === 0 && ["006", "007"].includes(tag)) changed();
    }

    function field(start, size, name, control) {
      control.id = `marc-position-${(number += 1)}`;
      control.addEventListener("change", () => put(start, size, control.value));
      const two = (at) => String(at).padStart(2, "0");
      const place = size > 1 ? `${two(start)}–${two(start + size - 1)}` : two(start);
      box.append(element("div", {}, element("label", { htmlFor: control.id, textContent: `${place} ${name}` }), control));
    }

    for (const [start, size, name, given] of positions) {
      let codes = given;
      if (tag === "007" && start === 0) codes = Object.fromEntries(Object.entries(forms).map(([code, rows]) => [code, rows[0][3][code]]));
      const value = read().slice(start, start + size);
      const keys = Object.keys(codes);
      if (!keys.length || "001-999" in codes) {
        const control = element("input", { value: value.replaceAll(" ", "#"), maxLength: size });
        const listed = LISTS[`${tag} ${start}`];
        if (listed && "authority" !== form(marc, row, leader)) {
          control.value = value.trim();
          control.setAttribute("list", list(marc, listed));
        }
        field(start, size, name, control);
      } else if (size > 1 && keys.every((code) => code.length === 1)) {
        for (let at = 0; at < size; at += 1) field(start + at, 1, name, select(codes, value[at], marc.words.other));
      } else {
        field(start, size, name, select(codes, value, marc.words.other));
      }
    }
    return box;
  };
})();
