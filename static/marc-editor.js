/* The cataloguer's editor over the plain form: rows, keys, help for the field under the cursor, problems while typing. */
(() => {
  const marc = window.nhaSanMarc;
  const form = document.querySelector(".marc-editor");
  if (!form) return;
  const plain = form.querySelector("textarea[name=lines]");
  const readOnly = plain.readOnly;
  const help = form.querySelector(".marc-help");
  const said = form.querySelector("[data-said]");
  const list = document.createElement("ol");
  const deleted = [];
  let current = null;
  let dirty = false;
  let timer = 0;
  let problems = [];

  const rows = () => [...list.children].map((each) => each.row);
  const text = () => rows().filter((row) => !row.isEmpty).map((row) => row.text).join("\n");
  const leader = () => (rows()[0]?.isLeader ? rows()[0].content.value.replaceAll("#", " ") : "");
  const tell = (name, row) => (said.textContent = marc.say(name, row.tag.value));

  function start() {
    list.className = "marc-rows";
    list.setAttribute("aria-label", marc.words.list);
    list.append(...plain.value.split("\n").filter((line) => line.trim()).map((line) => new marc.Row(line).element));
    if (readOnly) for (const each of list.querySelectorAll("input, textarea")) each.readOnly = true;
    form.querySelector(".marc-plain").hidden = true;
    form.querySelector(".marc-main").append(list);
    if (!readOnly) form.querySelector(".marc-main").append(tools());
    document.querySelector(".marc-keys").hidden = help.hidden = false;
    for (const row of rows()) row.fit();
    const first = rows().find((row) => row.tag.value === "245") || rows()[0];
    if (first && !readOnly) {
      focus(first);
      const end = first.content.value.indexOf("$", first.content.value.indexOf("$a") + 1);
      if (end > 0) first.content.selectionStart = first.content.selectionEnd = end;
    }
    fetch(form.dataset.rules).then((answer) => answer.json()).then((rules) => {
      marc.rules = rules;
      showHelp();
    });
    if (!readOnly) check();
    stay();
  }

  /* The same deeds for a mouse or a finger. */
  function tools() {
    const bar = document.createElement("div");
    bar.className = "marc-tools";
    for (const [name, deed] of [["addField", add], ["deleteField", remove], ["codes", fixed], ["pair", pair], ["unlink", marc.authorities.unlink]]) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: marc.words[name] });
      button.className = "button button-secondary button-small";
      button.addEventListener("click", () => deed(current || rows()[0]));
      bar.append(button);
    }
    return bar;
  }

  function focus(row, where = "content") {
    const target = row[where].hidden ? row.content : row[where];
    target.focus();
    if (where !== "content") target.select();
    else target.selectionStart = target.selectionEnd = target.value.length;
  }

  function insert(row, line, where) {
    const made = new marc.Row(line);
    made.was = null;
    row.element.after(made.element);
    made.fit();
    focus(made, where);
    touched();
    return made;
  }

  function add(row) {
    insert(row, "    ## $a", "tag").tag.value = "";
  }

  function remove(row) {
    if (row.isLeader) return;
    const next = row.element.nextElementSibling || row.element.previousElementSibling;
    deleted.push([row, row.element.previousElementSibling]);
    row.element.remove();
    tell("deleted", row);
    if (next) focus(next.row);
    touched();
  }

  function bringBack() {
    const [row, before] = deleted.pop() || [];
    if (!row) return;
    if (before?.isConnected) before.after(row.element);
    else list.append(row.element);
    tell("added", row);
    focus(row);
    touched();
  }

  function move(row, down) {
    const other = down ? row.element.nextElementSibling : row.element.previousElementSibling;
    if (row.isLeader || !other || other.row.isLeader) return;
    const at = document.activeElement;
    if (down) other.after(row.element);
    else other.before(row.element);
    at.focus();
    tell("moved", row);
    touched();
  }

  function step(row, down) {
    const at = document.activeElement.className.replace("marc-", "");
    const other = down ? row.element.nextElementSibling : row.element.previousElementSibling;
    if (other) focus(other.row, at);
  }

  const subfields = {
    add(row) {
      const parts = row.parts();
      const at = row.part();
      parts.splice(at + 1, 0, "$");
      row.setParts(parts, at + 1);
    },
    copy(row) {
      const parts = row.parts();
      const at = row.part();
      parts.splice(at + 1, 0, parts[at]);
      row.setParts(parts, at + 1);
    },
    remove(row) {
      const parts = row.parts();
      const at = row.part();
      parts.splice(at, 1);
      row.setParts(parts, Math.max(0, at - 1));
    },
    move(row, later) {
      const parts = row.parts();
      const at = row.part();
      const to = later ? at + 1 : at - 1;
      if (to < 0 || to >= parts.length) return;
      [parts[at], parts[to]] = [parts[to], parts[at]];
      row.setParts(parts, to);
    },
  };

  /* The field in another script: 880 and this one name each other. */
  function pair(row) {
    if (row.isControl || row.tag.value === "880" || !/^\d{3}$/.test(row.tag.value)) return;
    const used = rows().map((each) => /\$6880-(\d\d)/.exec(each.content.value)?.[1]).filter(Boolean).map(Number);
    const had = /\$6880-(\d\d)/.exec(row.content.value)?.[1];
    const number = had || String(Math.max(0, ...used) + 1).padStart(2, "0");
    if (!had) {
      row.content.value = `$6880-${number}${row.content.value}`;
      row.fit();
    }
    const line = `880 ${row.first.value || "#"}${row.second.value || "#"} $6${row.tag.value}-${number}`;
    const parts = row.parts().filter((part) => part.startsWith("$") && part[1] !== "6").map((part) => part.slice(0, 2));
    insert(rows().at(-1), line + parts.join(""));
  }

  function fixed(row) {
    const open = row.element.querySelector(".marc-fixed");
    if (open) {
      open.remove();
      focus(row);
      return;
    }
    if (!marc.rules || !row.isFixed || readOnly) return;
    const box = marc.openFixed(row, leader(), () => {
      row.element.querySelector(".marc-fixed").remove();
      fixed(row);
    });
    if (!box) return;
    row.element.append(box);
    box.querySelector("select, input").focus();
  }

  /* What the format says about the field and the subfield under the cursor. */
  function showHelp() {
    if (!current || !marc.rules) return;
    help.replaceChildren();
    const tag = current.tag.value;
    const rule = marc.rules.fields[tag === "880" ? /\$6(\d{3})/.exec(current.content.value)?.[1] || tag : tag];
    const put = (name, words, className = "") => {
      const made = Object.assign(document.createElement(name), { textContent: words, className });
      help.append(made);
      return made;
    };
    if (!rule) {
      const local = tag.includes("9");
      put("h2", current.isLeader ? `LDR ${marc.words.leader}` : tag);
      put("p", current.isLeader ? marc.words.fixed : tag.length < 3 ? "" : local ? marc.words.local : marc.words.unknown);
      return;
    }
    const times = (repeat) => marc.words[repeat ? "repeat" : "once"];
    put("h2", `${tag} ${rule.name}`);
    put("p", times(rule.repeat), "meta");
    if (current.isFixed) put("p", marc.words.fixed);
    if (current.isControl) return;
    const linked = /\$0/.test(current.content.value);
    if (marc.authorities.codesOf(current)) put("p", marc.words[linked ? "linked" : "controlled"], "meta");
    const at = document.activeElement;
    for (const [index, [name, values]] of rule.indicators.entries()) {
      const known = Object.entries(values).map(([value, label]) => `${value === " " ? "#" : value} ${label}`).join("; ");
      const words = `${marc.words[index ? "second" : "first"]}: ${name ? `${name}. ${known}` : marc.words.blank}`;
      put("p", words, at === (index ? current.second : current.first) ? "now" : "");
    }
    const code = at === current.content ? current.code() : "";
    const names = code === "4" ? "relators" : { "041": "languages", "044": "countries" }[tag];
    const value = code && names ? current.parts()[current.part()].slice(2).trim() : "";
    if (value) put("p", `${value} – ${marc.rules.lists[names][value] || marc.words.unknownCode}`, "now");
    const codes = document.createElement("ul");
    for (const [one, name, repeat] of rule.subfields) {
      const item = document.createElement("li");
      item.textContent = `$${one} ${name} (${times(repeat)})`;
      if (one === code) item.className = "now";
      codes.append(item);
    }
    help.append(codes);
    const now = codes.querySelector(".now");
    help.scrollTop = now ? Math.max(0, now.offsetTop - help.offsetTop - help.clientHeight / 2) : 0;
  }

  function touched() {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(check, 400);
  }

  function post(url, values) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    for (const [name, value] of Object.entries(values)) body.append(name, value);
    return fetch(url, { method: "POST", body }).then((answer) => answer.json());
  }

  function check() {
    const sent = rows().filter((row) => !row.isEmpty);
    post(form.dataset.check, { lines: text() }).then(
      (answer) => show(answer.problems.map((each) => ({ ...each, row: sent[Math.max(0, each.line)] }))),
      () => {},
    );
  }

  function show(found) {
    problems = found;
    for (const row of rows()) row.element.classList.remove("error", "warning");
    const section = form.querySelector(".marc-problems");
    section.querySelector("[data-count]").hidden = !found.length;
    section.querySelector("[data-count] span").textContent = found.length;
    section.querySelector("ul").replaceChildren(...found.map((each) => {
      const item = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button" });
      const strong = Object.assign(document.createElement("strong"), { textContent: each.place });
      const tag = Object.assign(document.createElement("span"), { className: "nha-san-tag", textContent: marc.words[each.severity] });
      button.append(strong, " ", tag, ` ${each.text}`);
      button.addEventListener("click", () => each.row && focus(each.row));
      item.className = each.severity;
      item.append(button);
      if (each.row && !each.row.element.classList.contains("error")) each.row.element.classList.add(each.severity);
      return item;
    }));
  }

  function nextProblem(row) {
    const all = rows();
    const places = [...new Set(problems.map((each) => all.indexOf(each.row)))].filter((at) => at >= 0).sort((a, b) => a - b);
    const at = places.find((each) => each > all.indexOf(row)) ?? places[0];
    if (at === undefined) return;
    focus(all[at]);
    said.textContent = problems.filter((each) => each.row === all[at]).map((each) => each.text).join(" ");
  }

  /* Say that the record is open here, hear who else has it. */
  function stay() {
    if (!form.dataset.presence || readOnly) return;
    const note = document.querySelector("[data-others]");
    post(form.dataset.presence, {}).then((answer) => {
      const newer = String(answer.version) !== form.dataset.version;
      const newerDraft = String(answer.draft) !== form.dataset.draft;
      note.hidden = !newer && !newerDraft && !answer.others.length;
      const others = () => marc.say("others", answer.others.join(", "));
      note.textContent = newer ? marc.words.newer : newerDraft ? marc.words.newerDraft : others();
    }, () => {});
    setTimeout(stay, 30000);
  }

  function pressed(event) {
    const row = event.target.closest(".marc-row")?.row;
    const { key, altKey: alt, shiftKey: shift, ctrlKey, metaKey } = event;
    const control = ctrlKey || metaKey;
    const arrow = key === "ArrowUp" || key === "ArrowDown";
    const down = key === "ArrowDown";
    let deed = null;
    if (row && event.target === row.content && marc.authorities.pressed(event)) {
      event.preventDefault();
      return;
    }
    if (control && key.toLowerCase() === "s" && !readOnly) deed = () => form.querySelector("[name=then][value=save]").click();
    else if (key === "F1") deed = () => (help.hidden = !help.hidden);
    else if (key === "F9") deed = () => nextProblem(row);
    else if (!row || control) return;
    else if (event.target.closest(".marc-fixed")) deed = key === "Escape" || key === "F2" ? () => fixed(row) : key === "Enter" ? () => {} : null;
    else if (arrow && !alt && !shift) deed = () => step(row, down);
    else if (readOnly) return;
    else if (key === "Enter") deed = () => (shift ? subfields.add(row) : add(row));
    else if (key === "F6") deed = () => (shift ? subfields.copy(row) : insert(row, row.typed()));
    else if (key === "F8") deed = () => (shift ? subfields.remove(row) : remove(row));
    else if (key === "Backspace" && alt) deed = bringBack;
    else if (arrow && alt) deed = () => (shift ? subfields.move(row, down) : move(row, down));
    else if (key === "F2") deed = () => fixed(row);
    else if (key === "F4" && !alt) deed = () => pair(row);
    else if (key === "F7") deed = () => marc.authorities.unlink(row);
    if (!deed || event.isComposing) return;
    event.preventDefault();
    deed();
  }

  /* On from the tag to the indicators to the content as each is full. */
  function typed(event) {
    const row = event.target.closest(".marc-row")?.row;
    if (!row) return;
    const target = event.target;
    if (target === row.tag) {
      row.tag.value = row.tag.value.trim();
      row.shape();
      if (row.tag.value.length === 3 && !event.isComposing) {
        if (row.isControl && row.content.value === "$a") row.content.value = "";
        focus(row, row.isControl ? "content" : "first");
      }
    } else if (target === row.first || target === row.second) {
      if (target.value === " ") target.value = "#";
      if (target.value && !event.isComposing) focus(row, target === row.first ? "second" : "content");
    } else if (target === row.content) {
      row.fit();
      row.element.scrollIntoView({ block: "nearest" });
      marc.authorities.typed(row);
    }
    touched();
    showHelp();
  }

  /* Fields that come from elsewhere become rows behind this one. */
  function pasted(event) {
    const row = event.target.closest(".marc-row")?.row;
    const fields = row && !readOnly ? marc.fieldsOf(event.clipboardData.getData("text/plain")) : [];
    if (!fields.length || event.target.closest(".marc-fixed")) return;
    event.preventDefault();
    const last = fields.reduce((at, line) => insert(at, line, "content"), row);
    if (row.isEmpty) row.element.remove();
    focus(last);
    touched();
  }

  /* Where nothing is marked, the whole field is copied. */
  function copied(event) {
    const at = event.target;
    const row = at.closest(".marc-row")?.row;
    if (!row || at.tagName === "SELECT" || at.selectionStart !== at.selectionEnd || at.closest(".marc-fixed")) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", row.text);
  }

  list.addEventListener("paste", pasted);
  list.addEventListener("copy", copied);
  list.addEventListener("focusin", (event) => {
    current = event.target.closest(".marc-row").row;
    for (const row of rows()) row.element.classList.toggle("current", row === current);
    if (event.target.closest(".marc-fixed") === null) current.element.scrollIntoView({ block: "nearest" });
    showHelp();
  });
  list.addEventListener("focusout", () => marc.authorities.close());
  list.addEventListener("keyup", (event) => event.target.matches(".marc-content") && showHelp());
  list.addEventListener("click", (event) => event.target.matches(".marc-content") && showHelp());
  list.addEventListener("input", typed);
  document.addEventListener("keydown", pressed);
  form.addEventListener("submit", () => {
    plain.value = text();
    dirty = false;
  });
  window.addEventListener("beforeunload", (event) => dirty && event.preventDefault());
  start();
})();
