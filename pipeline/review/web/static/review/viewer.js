// The page viewer: one page of the claim at a time, boxes of its values over it.
// In: pages [{number, page, file, title}], places {key: [{file, page, box, text}]} with boxes as fractions of the page; keys of seals begin with "s:". Out: `picked` events of boxes.
const SVG = "http://www.w3.org/2000/svg";
const STEP = 0.004; // of the page, for each press of an arrow

// A box moved, or its lower right corner alone, within the page.
const moved = ([x0, y0, x1, y1], dx, dy, corner) => {
  if (corner) return [x0, y0, Math.max(x0 + STEP, Math.min(1, x1 + dx)), Math.max(y0 + STEP, Math.min(1, y1 + dy))];
  const [mx, my] = [Math.max(-x0, Math.min(1 - x1, dx)), Math.max(-y0, Math.min(1 - y1, dy))];
  return [x0 + mx, y0 + my, x1 + mx, y1 + my];
};

const whole = ([x0, y0, x1, y1]) => x1 - x0 > 0.98 && y1 - y0 > 0.98;

export class Viewer {
  constructor(desk) {
    this.desk = desk;
    this.view = document.getElementById("view");
    this.sheet = document.getElementById("sheet");
    this.picture = document.getElementById("picture");
    this.boxes = document.getElementById("boxes");
    this.where = document.getElementById("where");
    this.strip = [...document.querySelectorAll("#strip [data-page]")];
    this.at = -1; this.zoom = 1; this.turned = 0; this.lifted = false; this.key = ""; this.nth = 0; this.drawing = false;
    this.strip.forEach((button) => button.addEventListener("click", () => this.show(Number(button.dataset.page))));
    this.picture.addEventListener("load", () => { this.sheet.classList.remove("waiting"); this.lay(); this.reveal(); });
    this.picture.addEventListener("error", () => { this.sheet.classList.remove("waiting"); this.sheet.classList.add("missing"); this.lay(); });
    for (const small of document.querySelectorAll("#strip img")) {
      small.addEventListener("error", () => small.remove());
      if (small.complete && small.currentSrc && !small.naturalWidth) small.remove(); // failed before this was there to see it
    }
    new ResizeObserver(() => this.lay()).observe(this.view);
  }

  take(pages, places, unsure) { this.sheet.classList.toggle("missing", !pages.length); this.pages = pages; this.places = places; this.unsure = unsure; this.draw(); }

  address(page, kind) { return this.desk.dataset.picture.replace("/0/0/KIND", `/${page.number}/${page.page}/${kind}`); }

  show(at) {
    if (at < 0 || at >= this.pages.length) return;
    const same = at === this.at;
    this.at = at;
    if (!same) this.turned = 0;
    const page = this.pages[at];
    const address = page.number ? this.address(page, this.lifted ? "lifted" : "page") : "";
    this.sheet.classList.toggle("missing", !address);
    if (this.picture.getAttribute("src") !== address) { this.sheet.classList.toggle("waiting", address !== ""); if (address) this.picture.setAttribute("src", address); else this.picture.removeAttribute("src"); }
    this.picture.alt = `${page.file} ${page.page}`;
    this.where.textContent = `${at + 1} / ${this.pages.length} ${page.title}`;
    this.where.title = `${page.file} ${page.page}`;
    this.strip.forEach((button, i) => (i === at ? button.setAttribute("aria-current", "page") : button.removeAttribute("aria-current")));
    this.strip[at]?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.draw();
    this.lay();
  }

  // Goes to where a key stands and marks it; false where it stands nowhere.
  focus(key, nth = 0) {
    this.key = key;
    this.nth = nth;
    const at = this.pageOf(this.place);
    if (at < 0) { this.draw(); return false; }
    this.show(at);
    this.reveal();
    return true;
  }

  // The next of the places that the key in focus has.
  focusNext() { const all = this.places[this.key] || []; if (all.length) this.focus(this.key, (this.nth + 1) % all.length); }

  get place() { return (this.places[this.key] || [])[this.nth]; }

  pageOf(place) { return place ? this.pages.findIndex((page) => page.number === place.file && page.page === place.page) : -1; }

  // The pages that a key's places are on, place by place.
  pagesOf(key) { return (this.places[key] || []).map((place) => this.pages[this.pageOf(place)]).filter((page) => page); }

  // Keys of the page's boxes from its top to its foot.
  keysHere() {
    const found = Object.entries(this.places).flatMap(([key, places]) => places.filter((place) => this.pageOf(place) === this.at).map((place) => [key, place.box]));
    return [...new Set(found.sort(([, a], [, b]) => (Math.abs(a[1] - b[1]) > 0.008 ? a[1] - b[1] : a[0] - b[0])).map(([key]) => key))];
  }

  // Brings the place in focus into view, where it is on the page that is shown.
  reveal() {
    if (!this.place || this.pageOf(this.place) !== this.at) return;
    const [x0, y0, x1, y1] = whole(this.place.box) ? [0, 0, 1, 0] : this.place.box; // of a whole page its head
    const [w, h] = [this.sheet.offsetWidth, this.sheet.offsetHeight];
    this.view.scrollTo({ left: this.sheet.offsetLeft + ((x0 + x1) / 2) * w - this.view.clientWidth / 2, top: this.sheet.offsetTop + ((y0 + y1) / 2) * h - this.view.clientHeight / 2 });
  }

  lay() {
    const width = (this.view.clientWidth - 24) * this.zoom;
    const ratio = this.picture.naturalWidth ? this.picture.naturalHeight / this.picture.naturalWidth : 1.414;
    this.sheet.style.width = `${width}px`;
    this.sheet.style.height = `${width * ratio}px`;
    this.sheet.style.rotate = `${this.turned}deg`;
  }

  draw() {
    this.boxes.replaceChildren();
    const page = this.pages?.[this.at];
    if (!page) return;
    for (const [key, places] of Object.entries(this.places)) {
      for (const place of places) {
        if (place.file !== page.number || place.page !== page.page) continue;
        const [x0, y0, x1, y1] = place.box;
        const all = whole(place.box);
        if (all && key !== this.key) continue; // nothing to point at
        const rect = document.createElementNS(SVG, "rect");
        Object.entries({ x: x0, y: y0, width: x1 - x0, height: y1 - y0 }).forEach(([name, value]) => rect.setAttribute(name, value));
        rect.classList.toggle("now", key === this.key);
        rect.classList.toggle("whole", all);
        rect.classList.toggle("no", this.unsure.has(key));
        rect.classList.toggle("seal", key.startsWith("s:"));
        if (place.text) rect.appendChild(document.createElementNS(SVG, "title")).textContent = place.text;
        rect.addEventListener("click", () => this.desk.dispatchEvent(new CustomEvent("picked", { detail: key })));
        this.boxes.append(rect);
      }
    }
  }

  // Lets a box be drawn: with the mouse, or from where the value stands by arrows (Shift: its size) and Enter. Gives {file, page, box}, or null where it was given up or is too small.
  drawBox() {
    this.turned = 0;
    this.lay();
    this.drawing = true;
    this.view.classList.add("drawing");
    this.view.focus({ preventScroll: true });
    return new Promise((resolve) => {
      const here = this.place && this.pageOf(this.place) === this.at ? [...this.place.box] : [0.4, 0.45, 0.6, 0.48];
      const page = this.pages[this.at];
      let drawn = here.map((x) => Math.max(0, Math.min(1, x)));
      let from = null;
      const rect = document.createElementNS(SVG, "rect");
      rect.classList.add("drawn");
      this.boxes.append(rect);
      const lay = () => { const [x0, y0, x1, y1] = drawn; Object.entries({ x: x0, y: y0, width: x1 - x0, height: y1 - y0 }).forEach(([name, value]) => rect.setAttribute(name, value)); };
      const at = (event) => {
        const frame = this.boxes.getBoundingClientRect();
        return [(event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height].map((x) => Math.max(0, Math.min(1, x)));
      };
      const stop = new AbortController();
      const end = (found) => { this.drawing = false; this.view.classList.remove("drawing"); rect.remove(); stop.abort(); resolve(found); };
      const done = () => end(drawn[2] - drawn[0] > 0.004 && drawn[3] - drawn[1] > 0.003 ? { file: page.file, page: page.page, box: drawn } : null);
      const on = (target, type, act) => target.addEventListener(type, act, { signal: stop.signal, capture: true });
      on(this.sheet, "pointerdown", (event) => { event.preventDefault(); event.stopPropagation(); from = at(event); });
      on(document, "pointermove", (event) => { if (!from) return; const to = at(event); drawn = [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1])]; lay(); });
      on(document, "pointerup", () => { if (from) done(); });
      on(document, "keydown", (event) => {
        const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
        if (event.key === "Escape") end(null);
        else if (event.key === "Enter") done();
        else if (dx || dy) drawn = moved(drawn, dx * STEP, dy * STEP, event.shiftKey);
        else return;
        event.preventDefault();
        event.stopPropagation();
        lay();
      });
      lay();
    });
  }

  scale(factor) { this.zoom = factor ? Math.max(0.4, Math.min(5, this.zoom * factor)) : 1; this.lay(); this.reveal(); }
  turn() { this.turned = (this.turned + 90) % 360; this.lay(); }
  seals(button) { this.lifted = !this.lifted; button.setAttribute("aria-pressed", this.lifted); this.show(this.at); }
  outlines(button) { const off = this.boxes.classList.toggle("off"); button.setAttribute("aria-pressed", !off); }
}
