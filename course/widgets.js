// Draws grids of cells and shows which of them belong together: hover over an output and see what it
// reads, over an input and see every output that reads it; drag the window, or use the arrow keys.
// What the cells look like comes from Python (course/widgets.py); nothing is computed here, so the
// same code serves a notebook and a saved page without a kernel.

const SVG = "http://www.w3.org/2000/svg";

function append(parent, tag, attributes = {}, text = "") {
  const node = tag === "svg" || parent.namespaceURI === SVG
    ? document.createElementNS(SVG, tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text) node.textContent = text;
  parent.append(node);
  return node;
}

// The index of the window whose middle is nearest to a place; empty windows are nowhere.
function nearest(windows, place) {
  const far = windows.map((cells) =>
    cells.length ? Math.abs((cells[0] + cells[cells.length - 1]) / 2 - place) : Infinity);
  return far.indexOf(Math.min(...far));
}

class Grid {
  constructor(parent, spec) {
    this.figure = append(parent, "figure");
    append(this.figure, "figcaption", {}, spec.title);
    const [tall, wide] = spec.size;
    const left = spec.rows.length ? 8 + 7 * Math.max(...spec.rows.map((text) => text.length)) : 3;
    const top = spec.columns.length ? 20 : 3;
    this.columns = spec.cells[0].length;
    this.width = left + this.columns * wide + 3;
    this.height = top + spec.cells.length * tall + 3;
    this.svg = append(this.figure, "svg", {
      class: spec.name,
      role: "img",
      "aria-label": spec.label || spec.title,
      viewBox: `${-left} ${-top} ${this.width} ${this.height}`,
      width: this.width,
      height: this.height,
    });
    this.left = left;
    this.top = top;
    this.cells = spec.cells.map((line, row) => line.map((_, column) => {
      const at = `${row},${column}`;
      const rect = append(this.svg, "rect", {
        class: "cell", x: column * wide, y: row * tall, width: wide, height: tall,
      });
      const text = append(this.svg, "text", {
        "data-cell": at, x: (column + 0.5) * wide, y: (row + 0.5) * tall, dy: ".35em",
      });
      return { rect, text };
    }));
    spec.rows.forEach((text, row) =>
      append(this.svg, "text", { class: "row-label", x: -6, y: (row + 0.5) * tall, dy: ".35em" }, text));
    spec.columns.forEach((text, column) =>
      append(this.svg, "text", { class: "column-label", x: (column + 0.5) * wide, y: -6 }, text));
    // The window, the cells that it reads where it has holes, and what is pointed at.
    const names = ["frame", "dot", "pointed-under", "pointed", "taps", "window"];
    this.marks = Object.fromEntries(names.map((name) =>
      [name, append(this.svg, "path", { class: name })]));
    this.show(spec);
  }

  // Take a spec of the same size: only what differs is drawn.
  show(spec) {
    this.spec = spec;
    spec.cells.forEach((line, row) => line.forEach((cell, column) => this.put(row, column, cell)));
    this.svg.setAttribute("aria-label", spec.label || spec.title);
    this.figure.firstChild.textContent = spec.title;
    this.over = [];
  }

  put(row, column, [fill, text, ink]) {
    const cell = this.cells[row][column];
    const key = `${fill}|${text}|${ink}`;
    if (cell.key === key) return;
    cell.key = key;
    const [tall, wide] = this.spec.size;
    cell.rect.setAttribute("fill", fill);
    cell.text.textContent = text;
    cell.text.setAttribute("fill", ink);
    const size = Math.min(14, 0.55 * tall, (1.5 * wide) / Math.max(text.length, 3.5));
    cell.text.setAttribute("font-size", size.toFixed(1));
  }

  // Put the cells that a place has (`by_place`), and back what stood under those of the last place.
  lay(cells, rows, columns) {
    for (const [row, column] of this.over) this.put(row, column, this.spec.cells[row][column]);
    this.over = [];
    rows.forEach((row, p) => columns.forEach((column, q) => {
      this.put(row, column, cells[p * columns.length + q]);
      this.over.push([row, column]);
    }));
  }

  // The cell under a pointer, or null.
  at(event) {
    const box = this.svg.getBoundingClientRect();
    const [tall, wide] = this.spec.size;
    const x = ((event.clientX - box.left) / box.width) * this.width - this.left;
    const y = ((event.clientY - box.top) / box.height) * this.height - this.top;
    const [row, column] = [Math.floor(y / tall), Math.floor(x / wide)];
    const inside = row >= 0 && column >= 0 && row < this.cells.length && column < this.columns;
    return inside ? [row, column] : null;
  }

  // A rectangle for each cell, smaller than it by a part on every side.
  path(rows, columns, margin = 0) {
    const [tall, wide] = this.spec.size;
    const [high, across] = [(1 - 2 * margin) * tall, (1 - 2 * margin) * wide];
    return rows.map((row) => columns.map((column) =>
      `M${(column + margin) * wide} ${(row + margin) * tall}h${across}v${high}h${-across}z`
    ).join("")).join("");
  }

  // One rectangle around all the cells.
  frame(rows, columns) {
    if (!rows.length || !columns.length) return "";
    const [tall, wide] = this.spec.size;
    const [top, left] = [Math.min(...rows), Math.min(...columns)];
    const high = (Math.max(...rows) - top + 1) * tall;
    const across = (Math.max(...columns) - left + 1) * wide;
    return `M${left * wide} ${top * tall}h${across}v${high}h${-across}z`;
  }

  mark(name, path) {
    if (this.marks[name].getAttribute("d") !== path) this.marks[name].setAttribute("d", path);
  }

  point(rows, columns) {
    const closed = rows.length * columns.length > 0 && dense(rows) && dense(columns);
    const path = closed ? this.frame(rows, columns) : this.path(rows, columns);
    this.mark("pointed-under", path);
    this.mark("pointed", path);
  }
}

function dense(places) {
  return Math.max(...places) - Math.min(...places) === places.length - 1;
}

function alike(one, other) {
  const shape = (spec) => JSON.stringify([
    spec.name, spec.size, spec.rows, spec.columns, spec.cells.length, spec.cells[0].length,
  ]);
  return one.type === "grid" && other.type === "grid" && shape(one) === shape(other);
}

function render({ model, el }) {
  const root = append(el, "div", { class: "grids", tabindex: 0, role: "group" });
  const board = append(root, "div", { class: "board" });
  const said = append(root, "p", { class: "said", "aria-live": "polite" });
  const note = append(root, "div", { class: "note" });
  const pointed = append(root, "p", { class: "pointed-at" });
  let grids = [];
  let layout = null;
  let state = model.get("state");
  let dragging = null;

  const windows = () => state.windows;
  const own = (grid) => grid.spec.windows ?? [windows().rows, windows().columns];
  const place = () => {
    const [row, column] = model.get("place");
    const { rows, columns } = windows();
    return [Math.min(row, rows.length - 1), Math.min(column, columns.length - 1)];
  };

  function build(part, parent) {
    if (part.type === "grid") {
      const grid = new Grid(parent, part);
      grids.push(grid);
      listen(grid);
    } else if (part.type === "sign") {
      append(parent, "span", { class: "sign" }, part.text);
    } else {
      const box = append(parent, "div", { class: part.type });
      part.parts.forEach((child) => build(child, box));
    }
  }

  function flat(part) {
    return part.parts ? part.parts.flatMap(flat) : [part];
  }

  function update() {
    state = model.get("state");
    root.setAttribute("aria-label", state.label);
    const parts = flat(state.layout);
    const old = layout ? flat(layout) : [];
    const same = parts.length === old.length && parts.every((part, index) =>
      part.type === "sign" ? old[index].type === "sign" : alike(part, old[index]));
    if (same) {
      const drawn = parts.filter((part) => part.type === "grid");
      grids.forEach((grid, index) => grid.show(drawn[index]));
      board.querySelectorAll(".sign").forEach((sign, index) => {
        sign.textContent = parts.filter((part) => part.type === "sign")[index].text;
      });
    } else {
      grids = [];
      board.replaceChildren();
      build(state.layout, board);
    }
    layout = state.layout;
    note.innerHTML = state.note;
    move();
  }

  // Draw what depends on the window's place.
  function move() {
    if (!windows().rows.length || !windows().columns.length) return;
    const [i, j] = place();
    for (const grid of grids) {
      const { role, by_place: cells, tap } = grid.spec;
      const [rows, columns] = [own(grid)[0][i], own(grid)[1][j]];
      const every = (count) => [...Array(count).keys()];
      const [down, across] = {
        windows: [rows, columns],
        places: [[i], [j]],
      }[role] ?? [every(grid.cells.length), every(grid.columns)];
      if (cells) grid.lay(cells[i][j], down, across);
      else if (tap) grid.lay(Array(down.length * across.length).fill(tap), down, across);
      if (role === "windows") {
        grid.mark("window", grid.frame(rows, columns));
        const holes = !dense(rows) || !dense(columns);
        grid.mark("taps", holes ? grid.path(rows, columns) : "");
      } else if (role === "places") {
        grid.mark("window", grid.frame([i], [j]));
      }
    }
    further(i, j);
    said.innerHTML = state.sentences[i]?.[j] ?? "";
  }

  // Mark the further cells of a place: that of the window, or one that is pointed at.
  function further(i, j) {
    for (const grid of grids) {
      for (const [name, [rows, columns]] of Object.entries(grid.spec.marks ?? {})) {
        grid.mark(name, grid.path(rows[i], columns[j], name === "dot" ? 0.3 : 0));
      }
    }
  }

  function go(row, column) {
    const { rows, columns } = windows();
    const clamp = (value, count) => Math.max(0, Math.min(count - 1, value));
    const [i, j] = [clamp(row, rows.length), clamp(column, columns.length)];
    const [before, beside] = model.get("place");
    if (i === before && j === beside) return;
    model.set("place", [i, j]);
    model.save_changes();
    move();
  }

  // Frame what belongs to the cell under the pointer; null for none.
  function point(grid, cell) {
    for (const each of grids) each.point([], []);
    further(...place());
    pointed.textContent = "";
    if (!cell) return;
    const [row, column] = cell;
    const [rows, columns] = own(grid);
    const [down, right] = grid.spec.offset;
    const name = `${grid.spec.title}[${row - down}, ${column - right}]`;
    const says = grid.spec.says?.[row]?.[column];
    if (grid.spec.role === "places") {
      for (const each of grids) {
        const [down, across] = own(each);
        if (each.spec.role === "windows") each.point(down[row], across[column]);
      }
      mark("places", [row], [column]);
      further(row, column);
      const count = rows[row].length * columns[column].length;
      pointed.textContent = says ?? state.words.places.replace("{}", name).replace("{n}", count);
    } else if (grid.spec.role === "windows") {
      const which = (all, index) => all.flatMap((cells, i) => (cells.includes(index) ? [i] : []));
      const [i, j] = [which(rows, row), which(columns, column)];
      grid.point([row], [column]);
      if (i.length && j.length) mark("places", i, j);
      const count = i.length * j.length;
      pointed.textContent = says ?? state.words.windows.replace("{}", name).replace("{n}", count);
      const [at, beside] = place();
      const tap = [rows[at].indexOf(row), columns[beside].indexOf(column)];
      if (Math.min(...tap) >= 0) mark("kernel", [tap[0]], [tap[1]]);
    } else {
      grid.point([row], [column]);
      if (grid.spec.role === "kernel") {
        mark("kernel", [row], [column]);
        const [at, beside] = place();
        mark("windows", [rows[at][row]], [columns[beside][column]]);
      }
      pointed.textContent = says ?? "";
    }
  }

  function mark(role, rows, columns) {
    for (const grid of grids) if (grid.spec.role === role) grid.point(rows, columns);
  }

  function listen(grid) {
    let last = "";
    const hover = (event) => {
      const cell = grid.at(event);
      if (String(cell) === last) return;
      last = String(cell);
      if (dragging === grid && cell) drag(grid, cell);
      point(grid, cell);
    };
    grid.svg.addEventListener("pointermove", hover);
    grid.svg.addEventListener("pointerdown", (event) => {
      const cell = grid.at(event);
      if (!cell || !["windows", "places"].includes(grid.spec.role)) return;
      dragging = grid;
      grid.svg.setPointerCapture?.(event.pointerId);
      drag(grid, cell);
    });
    grid.svg.addEventListener("pointerup", () => { dragging = null; });
    grid.svg.addEventListener("pointerleave", () => {
      last = "";
      point(grid, null);
    });
  }

  function drag(grid, [row, column]) {
    if (grid.spec.role === "places") go(row, column);
    else go(nearest(own(grid)[0], row), nearest(own(grid)[1], column));
  }

  const KEYS = {
    ArrowUp: ([i, j]) => [i - 1, j],
    ArrowDown: ([i, j]) => [i + 1, j],
    ArrowLeft: ([i, j]) => [i, j - 1],
    ArrowRight: ([i, j]) => [i, j + 1],
    Home: ([i]) => [i, 0],
    End: ([i]) => [i, Infinity],
  };
  root.addEventListener("keydown", (event) => {
    if (!KEYS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation(); // the notebook would select another cell
    go(...KEYS[event.key](place()));
  });

  update();
  model.on("change:state", update);
  model.on("change:place", move);
  return () => {
    model.off("change:state", update);
    model.off("change:place", move);
  };
}

const grids = { render };
export default grids;
