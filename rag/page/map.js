// The map of papers on a canvas: hover tells a title, a click opens the paper, a drawn line chooses an area.
// Python gives the places (whole numbers from 0 to `grain`) and hears of `outline` and `topic`.

const REACH = 12; // pixels from a point within which it is meant; a finger's reach is twice that
const EDGE = 22; // pixels around the map, so that no point touches the frame
const FOOT = 40; // pixels more at the bottom of a narrow map, where the buttons would cover points
const MOST_ZOOM = 12;
const COLOURS = 8;

class PaperMap {
  constructor(root) {
    this.root = root;
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("role", "img");
    this.hint = document.createElement("div");
    this.hint.className = "hint";
    this.hint.hidden = true;
    this.tools = document.createElement("div");
    this.tools.className = "tools";
    this.tools.append(
      this.tool("+", "Zoom in", () => this.zoomBy(1.6)),
      this.tool("–", "Zoom out", () => this.zoomBy(1 / 1.6)),
      (this.areaButton = this.tool("Choose an area", "", () => this.chooseArea(!this.choosing))),
      (this.clearButton = this.tool("Clear the area", "", () => this.tellOutline([]))),
    );
    root.replaceChildren(this.canvas, this.hint, this.tools);
    this.view = { scale: 1, x: 0.5, y: 0.5 }; // the middle of what is seen
    this.line = null; // while it is drawn: places
    this.hovered = -1;
    this.choosing = false;
    this.fingers = new Map();
    this.listen();
  }

  tool(words, label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    if (label) button.setAttribute("aria-label", label);
    button.addEventListener("click", act);
    return button;
  }

  update(data, tell) {
    const before = this.data?.chosen;
    this.data = data;
    this.tell = tell;
    this.canvas.setAttribute("aria-label", data.label);
    this.clearButton.hidden = !data.outline.length;
    if (before !== data.chosen) this.goTo(data.chosen);
    this.observer ??= new ResizeObserver(() => this.draw());
    this.observer.observe(this.root);
    this.draw();
  }

  rest() {
    this.observer?.disconnect();
  }

  // Places. --------------------------------------------------------------------------------------------------------
  toScreen(x, y) {
    const { width, height, view, foot } = this;
    return [
      width / 2 + (x - view.x) * view.scale * (width - 2 * EDGE),
      (height - foot) / 2 + (y - view.y) * view.scale * (height - foot - 2 * EDGE),
    ];
  }

  toPlace(left, top) {
    const { width, height, view, foot } = this;
    return [
      view.x + (left - width / 2) / (view.scale * (width - 2 * EDGE)),
      view.y + (top - (height - foot) / 2) / (view.scale * (height - foot - 2 * EDGE)),
    ];
  }

  goTo(topic) {
    const { x, y, topic: of, grain } = this.data;
    let low = [0, 0];
    let high = [1, 1];
    if (topic >= 0) {
      const own = [...of.keys()].filter((row) => of[row] === topic);
      const cut = (values) => {
        const sorted = values.map((value) => value / grain).sort((one, other) => one - other);
        return [sorted[Math.floor(sorted.length * 0.08)] ?? 0, sorted[Math.floor(sorted.length * 0.92)] ?? 1];
      };
      const [left, right] = cut(own.map((row) => x[row]));
      const [top, bottom] = cut(own.map((row) => y[row]));
      [low, high] = [[left, top], [right, bottom]];
    }
    const span = Math.max(high[0] - low[0], high[1] - low[1], 0.08);
    const scale = topic < 0 ? 1 : Math.min(4, Math.max(1, 0.55 / span));
    this.view = this.kept({ scale, x: (low[0] + high[0]) / 2, y: (low[1] + high[1]) / 2 });
  }

  get foot() {
    return this.width < 500 ? FOOT : 0;
  }

  // The map does not leave its frame.
  kept(view) {
    const room = 0.5 / view.scale;
    const inside = (middle) => Math.min(1 - room, Math.max(room, middle));
    return view.scale <= 1 ? { scale: 1, x: 0.5, y: 0.5 } : { ...view, x: inside(view.x), y: inside(view.y) };
  }

  zoomBy(factor, at) {
    const [x, y] = at ?? [this.view.x, this.view.y];
    const scale = Math.min(MOST_ZOOM, Math.max(1, this.view.scale * factor));
    const share = this.view.scale / scale;
    this.view = this.kept({ scale, x: x + (this.view.x - x) * share, y: y + (this.view.y - y) * share });
    this.draw();
  }

  nearest(left, top, reach) {
    const { x, y, grain, topic, chosen } = this.data;
    let found = -1;
    let least = reach * reach;
    for (let row = 0; row < x.length; row++) {
      if (chosen >= 0 && topic[row] !== chosen) continue;
      const [a, b] = this.toScreen(x[row] / grain, y[row] / grain);
      const far = (a - left) ** 2 + (b - top) ** 2;
      if (far < least) [found, least] = [row, far];
    }
    return found;
  }

  labelAt(left, top) {
    return this.labels?.find((each) => left >= each.left && left <= each.right && top >= each.top && top <= each.bottom);
  }

  // What the reader does. ------------------------------------------------------------------------------------------
  listen() {
    const { canvas } = this;
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      this.fingers.set(event.pointerId, at(event));
      if (this.fingers.size > 1) {
        this.line = this.start = null;
        return;
      }
      this.start = at(event);
      this.from = { ...this.view };
      this.moved = false;
      const draws = this.choosing || (event.pointerType === "mouse" && this.view.scale === 1);
      this.line = draws ? [this.toPlace(...this.start)] : null;
      if (this.choosing || event.pointerType === "mouse") canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      const here = at(event);
      if (this.fingers.has(event.pointerId)) this.pinch(event.pointerId, here);
      if (!this.start) {
        this.hover(event.pointerType === "mouse" ? here : null);
        return;
      }
      if (Math.hypot(here[0] - this.start[0], here[1] - this.start[1]) > 5) this.moved = true;
      if (!this.moved) return;
      this.hover(null);
      if (this.line) {
        this.line.push(this.toPlace(...here));
        this.draw();
      } else if (this.view.scale > 1) {
        const [a, b] = this.toPlace(...this.start);
        const [c, d] = this.toPlace(...here);
        this.start = here;
        this.view = this.kept({ ...this.view, x: this.view.x + a - c, y: this.view.y + b - d });
        this.draw();
      }
    });
    const ends = (event) => {
      this.fingers.delete(event.pointerId);
      const { start, line } = this;
      this.start = this.line = null;
      if (!start || event.type === "pointercancel") return this.draw();
      if (!this.moved) this.click(at(event), event);
      else if (line) this.closeLine(line);
    };
    canvas.addEventListener("pointerup", ends);
    canvas.addEventListener("pointercancel", ends);
    canvas.addEventListener("pointerleave", () => !this.start && !this.hint.matches(":hover") && this.hover(null));
    canvas.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
        event.preventDefault();
        this.zoomBy(Math.exp(-event.deltaY / 200), this.toPlace(...at(event)));
      },
      { passive: false },
    );
    canvas.addEventListener("dblclick", (event) => this.zoomBy(2, this.toPlace(...at(event))));
  }

  pinch(id, here) {
    const before = [...this.fingers.values()];
    this.fingers.set(id, here);
    if (before.length !== 2) return;
    const after = [...this.fingers.values()];
    const wide = ([one, other]) => Math.hypot(one[0] - other[0], one[1] - other[1]);
    const middle = this.toPlace((after[0][0] + after[1][0]) / 2, (after[0][1] + after[1][1]) / 2);
    this.zoomBy(wide(after) / Math.max(1, wide(before)), middle);
  }

  hover(here) {
    const row = here ? this.nearest(...here, REACH) : -1;
    const label = here && row < 0 ? this.labelAt(...here) : null;
    this.canvas.style.cursor = row >= 0 || label ? "pointer" : this.choosing ? "crosshair" : "default";
    if (row !== this.hovered) {
      this.hovered = row;
      this.showHint(row);
      this.draw();
    }
  }

  showHint(row) {
    this.hint.hidden = row < 0;
    if (row < 0) return;
    const { x, y, grain, titles, ids, topic, topics } = this.data;
    const title = document.createElement("a");
    title.className = "inside";
    title.href = `papers?paper=${encodeURIComponent(ids[row])}`;
    title.textContent = titles[row];
    const of = document.createElement("p");
    of.textContent = topics[topic[row]]?.terms ?? "";
    this.hint.replaceChildren(title, of);
    const [left, top] = this.toScreen(x[row] / grain, y[row] / grain);
    const wide = Math.min(320, this.width - 16);
    this.hint.style.maxWidth = `${wide}px`;
    this.hint.style.left = `${Math.min(Math.max(8, left - wide / 2), this.width - Math.min(wide, this.hint.offsetWidth) - 8)}px`;
    const above = top > this.hint.offsetHeight + 24;
    this.hint.style.top = `${above ? top - this.hint.offsetHeight - 12 : top + 14}px`;
  }

  click(here, event) {
    const touched = event.pointerType !== "mouse";
    const row = this.nearest(...here, touched ? 2 * REACH : REACH);
    const label = this.labelAt(...here);
    if (row >= 0 && touched) {
      this.hovered = row; // the title comes first, a tap on it opens the paper
      this.showHint(row);
      this.draw();
    } else if (row >= 0) {
      this.showHint(row);
      this.hint.querySelector("a").click();
    } else if (label) this.tell("topic", label.topic);
    else this.hover(null);
  }

  chooseArea(on) {
    this.choosing = on;
    this.areaButton.classList.toggle("on", on);
    this.areaButton.setAttribute("aria-pressed", String(on));
    this.areaButton.textContent = on ? "Draw around papers" : "Choose an area";
    this.canvas.style.touchAction = on ? "none" : "pan-y";
    this.draw();
  }

  closeLine(line) {
    const step = Math.max(1, Math.floor(line.length / 120)); // enough corners for any hand
    const outline = line.filter((_, number) => number % step === 0).map(([x, y]) => [+x.toFixed(4), +y.toFixed(4)]);
    let area = 0;
    outline.forEach(([x, y], number) => {
      const [next, below] = outline[(number + 1) % outline.length];
      area += x * below - next * y;
    });
    this.chooseArea(false);
    if (Math.abs(area) / 2 > 0.0004 / this.view.scale ** 2) this.tellOutline(outline);
  }

  tellOutline(outline) {
    this.data = { ...this.data, outline };
    this.clearButton.hidden = !outline.length;
    this.draw();
    this.tell("outline", outline);
  }

  // Drawing. -------------------------------------------------------------------------------------------------------
  colours() {
    const probe = document.createElement("span");
    this.root.append(probe);
    const of = (name) => {
      probe.style.color = `var(${name})`;
      return getComputedStyle(probe).color;
    };
    const topics = Array.from({ length: COLOURS }, (_, number) => of(`--topic-${number}`));
    const found = { ink: of("--ink"), quiet: of("--quiet"), ground: of("--raised"), accent: of("--accent"), topics };
    probe.remove();
    return found;
  }

  draw() {
    if (!this.data) return;
    const { canvas, data } = this;
    const box = canvas.getBoundingClientRect();
    if (!box.width) return;
    [this.width, this.height] = [box.width, box.height];
    const dense = window.devicePixelRatio || 1;
    const [wide, high] = [Math.round(box.width * dense), Math.round(box.height * dense)];
    if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
    const pen = canvas.getContext("2d");
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    pen.clearRect(0, 0, box.width, box.height);
    const paint = this.colours();
    pen.drawImage(this.points(wide, high, dense, paint), 0, 0, box.width, box.height);
    this.drawHovered(pen, paint);
    const line = this.line ?? (data.outline.length ? data.outline : null);
    if (line) this.drawLine(pen, paint, line);
    this.drawLabels(pen, paint);
  }

  // The points on a canvas of their own, which is drawn anew only where they look otherwise: hovering stays quick.
  points(wide, high, dense, paint) {
    const { data, view } = this;
    const state = [wide, high, view.scale, view.x, view.y, data.chosen, paint.quiet, paint.topics[0]].join(" ");
    if (this.layer && this.drawn === data.x && this.state === state) return this.layer;
    this.layer ??= document.createElement("canvas");
    [this.layer.width, this.layer.height] = [wide, high]; // clears it, too
    [this.drawn, this.state] = [data.x, state];
    const pen = this.layer.getContext("2d");
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    this.drawPoints(pen, paint);
    return this.layer;
  }

  radius() {
    const many = this.data.x.length;
    const crowded = many > 2000 ? (this.width < 500 ? 0.65 : 0.8) : many > 600 ? 1 : 1.35;
    return (this.width < 500 ? 1.9 : 2.5) * crowded * Math.min(1.8, Math.sqrt(this.view.scale));
  }

  drawPoints(pen, paint) {
    const { x, y, grain, topic, topics, chosen } = this.data;
    const radius = this.radius();
    for (const own of [false, true]) {
      for (let row = 0; row < x.length; row++) {
        const meant = chosen < 0 || topic[row] === chosen;
        if (meant !== own) continue;
        const [left, top] = this.toScreen(x[row] / grain, y[row] / grain);
        if (left < -5 || top < -5 || left > this.width + 5 || top > this.height + 5) continue;
        pen.globalAlpha = meant ? 0.75 : 0.13;
        pen.fillStyle = meant ? paint.topics[topics[topic[row]].colour] : paint.quiet;
        pen.beginPath();
        pen.arc(left, top, radius, 0, 7);
        pen.fill();
      }
    }
  }

  drawHovered(pen, paint) {
    const { x, y, grain } = this.data;
    if (this.hovered < 0) return;
    pen.beginPath();
    pen.arc(...this.toScreen(x[this.hovered] / grain, y[this.hovered] / grain), this.radius() + 3.5, 0, 7);
    pen.lineWidth = 2;
    pen.strokeStyle = paint.accent;
    pen.stroke();
  }

  drawLine(pen, paint, line) {
    pen.beginPath();
    line.forEach(([x, y], number) => pen[number ? "lineTo" : "moveTo"](...this.toScreen(x, y)));
    pen.closePath();
    pen.globalAlpha = 0.1;
    pen.fillStyle = paint.accent;
    pen.fill();
    pen.globalAlpha = 1;
    pen.lineWidth = 1.5;
    pen.strokeStyle = paint.accent;
    pen.stroke();
  }

  // The largest topics first; a name that would cover another one stands a line higher or lower, or is left out.
  drawLabels(pen, paint) {
    const small = this.width < 500;
    pen.font = `600 ${small ? 11.5 : 13}px "Source Sans", system-ui, sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    this.labels = [];
    this.data.topics.forEach((topic, number) => {
      if (this.data.chosen >= 0 && this.data.chosen !== number) return;
      const wide = pen.measureText(topic.name).width;
      let [left, top] = this.toScreen(topic.x, topic.y);
      if (left < 0 || top < 0 || left > this.width || top > this.height) return;
      left = Math.min(Math.max(left, wide / 2 + 4), this.width - wide / 2 - 4);
      const boxes = [0, -20, 20].map((shift) => {
        const middle = Math.min(Math.max(top + shift, 12), this.height - 12);
        return { topic: number, left: left - wide / 2 - 3, right: left + wide / 2 + 3, top: middle - 10, bottom: middle + 10 };
      });
      const free = (box) =>
        !this.labels.some((each) => box.left < each.right && box.right > each.left && box.top < each.bottom && box.bottom > each.top);
      const box = boxes.find(free);
      if (!box) return;
      this.labels.push(box);
      top = box.top + 10;
      pen.lineWidth = this.data.x.length > 2000 ? 5 : 4;
      pen.strokeStyle = paint.ground;
      pen.globalAlpha = 0.9;
      pen.strokeText(topic.name, left, top);
      pen.globalAlpha = 1;
      pen.fillStyle = paint.ink;
      pen.fillText(topic.name, left, top);
    });
  }
}

export default function (component) {
  const root = component.parentElement.querySelector(".corpus-map");
  root.papers ??= new PaperMap(root);
  root.papers.update(component.data, (name, value) =>
    name === "topic" ? component.setTriggerValue(name, value) : component.setStateValue(name, value),
  );
  return () => root.papers.rest();
}
