/* The editor's rows: a line of text becomes fields to type in and back. A row that nobody touched gives its own line. */
(() => {
  const CONTROL = /^(LDR|00.)$/;
  const marc = (window.nhaSanMarc = { words: {}, rules: null });

  for (const term of document.querySelectorAll("#marc-words dt")) {
    marc.words[term.textContent] = term.nextElementSibling.textContent;
  }
  marc.say = (name, what) => marc.words[name].replace("%s", what);

  function take(line) {
    const control = CONTROL.test(line.slice(0, 3)) || !line.includes("$");
    if (control) return { tag: line.slice(0, 3), first: "#", second: "#", content: line.slice(4) };
    const found = /^(.{3}) (.)(.) (.*)$/s.exec(line);
    if (!found) return { tag: line.slice(0, 3), first: "#", second: "#", content: line.slice(4) };
    return { tag: found[1], first: found[2], second: found[3], content: found[4] };
  }

  /* Lines of a pasted text as the editor writes them, where each of them is a field; else none. */
  marc.fieldsOf = (text) => {
    const lines = text.split(/\r\n?|\n/).filter((line) => line.trim());
    const fields = lines.map(fieldOf);
    return fields.every(Boolean) ? fields.filter((line) => !line.startsWith("LDR")) : [];
  };

  /* 245 10 $aX, =245  10$aX, 245 10 |aX and the like. */
  function fieldOf(line) {
    const control = /^=?(LDR|00\d)(?: {1,2}|\t)(.*)$/.exec(line);
    if (control) return `${control[1]} ${control[2]}`;
    const data = /^=?(\w{3})([ \t\d#\\_]{0,6})([$|‡])(?=\S)(.*)$/.exec(line);
    if (!data) return "";
    const [, tag, between, mark, rest] = data;
    const start = between.length < 3 ? 0 : /^ {2}.\S/.test(between) ? 2 : /^[ \t]/.test(between) ? 1 : 0;
    const indicators = between.slice(start, start + 2).padEnd(2).replace(/[ \\_\t]/g, "#");
    return `${tag} ${indicators} $${mark === "$" ? rest : rest.replaceAll("$", "{dollar}").replaceAll(mark, "$")}`;
  }

  function input(name, size, value) {
    const made = document.createElement(name === "content" ? "textarea" : "input");
    made.className = `marc-${name}`;
    made.spellcheck = false;
    made.autocapitalize = "off";
    made.setAttribute("autocomplete", "off");
    made.setAttribute("aria-label", marc.words[name]);
    if (size) made.maxLength = size;
    else made.rows = 1;
    made.value = value;
    return made;
  }

  marc.Row = class {
    constructor(line) {
      const parts = take(line);
      this.line = line;
      this.element = document.createElement("li");
      this.element.className = "marc-row";
      this.tag = input("tag", 3, parts.tag.trim());
      this.first = input("first", 1, parts.first);
      this.second = input("second", 1, parts.second);
      this.content = input("content", 0, parts.content);
      this.element.append(this.tag, this.first, this.second, this.content);
      this.element.row = this;
      this.shape();
      this.was = this.typed();
    }

    get isControl() {
      return CONTROL.test(this.tag.value);
    }

    get isLeader() {
      return this.tag.value === "LDR";
    }

    get isFixed() {
      return ["LDR", "006", "007", "008"].includes(this.tag.value);
    }

    /* Indicators only where there are some; the content as high as it needs. */
    shape() {
      this.tag.readOnly = this.isLeader;
      this.first.hidden = this.second.hidden = this.isControl;
      this.element.classList.toggle("control", this.isControl);
      this.fit();
    }

    fit() {
      if (CSS.supports("field-sizing", "content")) return;
      this.content.style.height = "auto";
      this.content.style.height = `${this.content.scrollHeight + 2}px`;
    }

    typed() {
      const content = this.content.value.replace(/\s*\n\s*/g, " ");
      if (this.isControl) return `${this.tag.value} ${content}`;
      const blank = (value) => (value === "" || value === " " ? "#" : value);
      return `${this.tag.value} ${blank(this.first.value)}${blank(this.second.value)} ${content}`;
    }

    /* The line to send: the very one that came where nothing was typed. */
    get text() {
      const typed = this.typed();
      return typed === this.was ? this.line : typed;
    }

    get isEmpty() {
      return this.tag.value === "" && /^(\$a)?\s*$/.test(this.content.value);
    }

    /* Subfields as parts of the content: each from its $ to the next. */
    parts() {
      return this.content.value.split(/(?=\$)/);
    }

    /* Which of them the cursor is in. */
    part() {
      let end = 0;
      const parts = this.parts();
      const at = this.content.selectionStart;
      return Math.max(0, parts.findIndex((each) => (end += each.length) >= at && at > end - each.length));
    }

    setParts(parts, at) {
      this.content.value = parts.join("");
      this.content.focus();
      this.content.selectionStart = this.content.selectionEnd = parts.slice(0, at + 1).join("").length;
      this.content.dispatchEvent(new Event("input", { bubbles: true }));
    }

    /* Another line for the same field, as if it had been typed; the cursor stands behind it. */
    put(line) {
      const parts = take(line);
      [this.first.value, this.second.value, this.content.value] = [parts.first, parts.second, parts.content];
      this.setParts(this.parts(), this.parts().length);
    }

    code() {
      const part = this.parts()[this.part()] || "";
      return part.startsWith("$") ? part[1] : "";
    }
  };
})();
