// Gives every question of the page that has none yet a form: see questions.py.
(() => {
  const make = (tag, attributes = {}, text = "") => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.textContent = text;
    return node;
  };

  // Browsers may forbid a page to keep anything: then nothing is kept.
  const keep = (key, value) => {
    try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* nothing to do */ }
  };
  const kept = (key) => {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  };

  // "1,510" and "1 510" are 1510, "2,6" is 2.6, "7/9" is a number too; anything else is NaN.
  const readNumber = (text) => {
    text = text.trim().replace(/[−–]/g, "-").replace(/[\s%]+$/, "");
    if (/^-?\d{1,3}([ ,'\u202f]\d{3})+(\.\d+)?$/.test(text)) text = text.replace(/[ ,'\u202f]/g, "");
    const parts = text.replace(",", ".").split("/").map((part) => part.trim());
    if (parts.length > 2 || parts.some((part) => part === "")) return NaN;
    return parts.length === 2 ? Number(parts[0]) / Number(parts[1]) : Number(parts[0]);
  };
  const readRow = (text) => (text.match(/-?\d+/g) || []).map(Number);

  const same = (about, got, answer) => {
    if (about.kind !== "number") return JSON.stringify(got) === JSON.stringify(answer);
    const size = Math.max(Math.abs(got), Math.abs(answer));
    return Math.abs(got - answer) <= about.within * size + 1e-12;
  };

  // Each gives the controls, what is answered now, and a way to put an answer back.
  const field = (about, read, label) => {
    const input = make("input", { type: "text", size: 14, "aria-label": label, autocomplete: "off" });
    const empty = () => (about.kind === "number" ? Number.isNaN(read(input.value)) : !read(input.value).length);
    return {
      nodes: [input, make("span", {}, about.unit || "")],
      answer: () => (empty() ? null : read(input.value)),
      text: () => input.value,
      put: (text) => { input.value = text; },
    };
  };
  const choices = (about) => {
    const name = `question-${Math.random()}`;
    const list = make("div", { role: "radiogroup", "aria-label": "your answer" });
    const inputs = about.choices.map((text, place) => {
      const label = make("label", { style: "display: block; padding-left: 1.7em; text-indent: -1.7em" });
      const input = make("input", { type: "radio", name, value: place });
      label.append(input, ` ${text.replaceAll("`", "")}`);
      list.append(label);
      return input;
    });
    const answer = () => {
      const place = inputs.findIndex((input) => input.checked);
      return place < 0 ? null : place;
    };
    return { nodes: [list], answer, text: answer, put: (place) => { inputs[place].checked = true; } };
  };
  const ordering = (about) => {
    let places = about.items.map((_, place) => place);
    const list = make("ol", { "aria-label": "your order" });
    const move = (from, to, focus) => {
      places.splice(to, 0, places.splice(from, 1)[0]);
      draw();
      list.children[to].querySelector(`.${focus}`).focus();
    };
    const draw = () => {
      list.replaceChildren(...places.map((place, at) => {
        const item = make("li");
        const up = make("button", { type: "button", class: "up", "aria-label": `${about.items[place]}, up` }, "↑");
        const down = make("button", { type: "button", class: "down", "aria-label": `${about.items[place]}, down` }, "↓");
        up.onclick = () => at > 0 && move(at, at - 1, "up");
        down.onclick = () => at < places.length - 1 && move(at, at + 1, "down");
        item.append(up, down, ` ${about.items[place].replaceAll("`", "")}`);
        return item;
      }));
    };
    draw();
    return { nodes: [list], answer: () => places, text: () => places, put: (old) => { places = old; draw(); } };
  };

  const ask = (section) => {
    if (section.dataset.asked) return;
    section.dataset.asked = "yes";
    const about = JSON.parse(section.querySelector('script[type="application/json"]').textContent);
    const said = section.querySelector(".said");
    const controls = {
      number: () => field(about, readNumber, "your answer, a number"),
      shape: () => field(about, readRow, "your answer, such as 4, 3"),
      choice: () => choices(about),
      order: () => ordering(about),
    }[about.kind]();
    const form = make("form");
    form.append(...controls.nodes, " ", make("button", { type: "submit" }, "check"));
    const judge = () => {
      const got = controls.answer();
      const known = got === null ? null : about.wrong.find((one) => same(about, got, one.answer));
      if (got === null) {
        said.textContent = about.kind === "number" ? "Write a number, such as 2.6 or 7/9." : "Answer first.";
      } else if (same(about, got, about.right)) {
        said.innerHTML = "<b>Right.</b>";
        section.querySelector("details").open = true;
      } else {
        said.innerHTML = `<b>Not yet.</b> ${known ? known.said : "Work it out once more, or open the answer below."}`;
      }
      said.dataset.verdict = got === null ? "" : same(about, got, about.right) ? "right" : "wrong";
      return got !== null;
    };
    form.onsubmit = (event) => {
      event.preventDefault();
      if (judge()) keep(about.key, controls.text());
    };
    // JupyterLab takes the Enter of a text field for itself.
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
      event.preventDefault();
      form.requestSubmit();
    });
    section.querySelector(".answer").append(form);
    const old = kept(about.key);
    if (old !== null) {
      try { controls.put(old); judge(); } catch { /* kept by an older wording of the question */ }
    }
  };

  // In a page saved as HTML a folded cell lies open, and this one tells the answer.
  const fold = (section) => {
    const input = section.closest(".jp-Cell")?.querySelector(".jp-Cell-inputWrapper");
    if (!input || !section.closest("body.jp-Notebook") || input.closest("details")) return;
    const folded = make("details", { class: "asked-by", style: "margin-left: 6em; font-family: var(--jp-ui-font-family); font-size: var(--jp-ui-font-size1)" });
    input.before(folded);
    folded.append(make("summary", {}, "The cell that asks"), input);
  };

  document.querySelectorAll("section.course-question").forEach((section) => {
    ask(section);
    fold(section);
  });
})();
