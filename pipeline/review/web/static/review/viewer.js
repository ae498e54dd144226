// The page viewer: one page of the claim at a time, boxes of its values over it.
// In: pages [{number, page, file, seals}], places {key: [{file, page, box}]} with boxes as fractions of the page. Out: `picked` events of boxes.
const SVG = "http://www.w3.org/2000/svg";

export class Viewer {
  constructor(desk) {
    this.desk = desk;
    this.view = document.getElementById("view");
    this.sheet = document.getElementById("sheet");
    this.picture = document.getElementById("picture");
    this.boxes = document.getElementById("boxes");
    this.where = document.getElementById("where");
    this.strip = [...document.querySelectorAll("#strip [data-page]")];
    this.at = -1; this.zoom = 1; this.turned = 0; this.lifted = false; this.key = "";
    this.strip.forEach((button) => button.addEventListener("click", () => this.show(Number(button.dataset.page))));
    this.picture.addEventListener("load", () => this.lay());
    this.picture.addEventListener("error", () => { this.sheet.classList.add("missing"); this.lay(); });
    new ResizeObserver(() => this.lay()).observe(this.view);
  }

  take(pages, places, unsure) { this.pages = pages; this.places = places; this.unsure = unsure; this.draw(); }

  address(page, kind) { return this.desk.dataset.picture.replace("/0/0/KIND", `/${page.number}/${page.page}/${kind}`); }

  show(at) {
    if (at < 0 || at >= this.pages.length) return;
    const same = at === this.at;
    this.at = at;
    if (!same) this.turned = 0;
    const page = this.pages[at];
    const address = page.number ? this.address(page, this.lifted ? "lifted" : "page") : "";
    this.sheet.classList.toggle("missing", !address);
    if (this.picture.getAttribute("src") !== address) this.picture.setAttribute("src", address);
    this.picture.alt = `${page.file} ${page.page}`;
    this.where.textContent = `${at + 1} / ${this.pages.length}`;
    this.strip.forEach((button, i) => (i === at ? button.setAttribute("aria-current", "page") : button.removeAttribute("aria-current")));
    this.strip[at]?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.draw();
    this.lay();
  }

  // Goes to where a key stands and marks it; false where it stands nowhere.
  focus(key) {
    this.key = key;
    const place = (this.places[key] || [])[0];
    const at = place ? this.pages.findIndex((page) => page.number === place.file && page.page === place.page) : -1;
    if (at < 0) { this.draw(); return false; }
    this.show(at);
    this.reveal(place.box);
    return true;
  }

  reveal([x0, y0, x1, y1]) {
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
        if (x1 - x0 > 0.98 && y1 - y0 > 0.98 && key !== this.key) continue; // the whole page: nothing to point at
        const rect = document.createElementNS(SVG, "rect");
        Object.entries({ x: x0, y: y0, width: x1 - x0, height: y1 - y0 }).forEach(([name, value]) => rect.setAttribute(name, value));
        rect.classList.toggle("now", key === this.key);
        rect.classList.toggle("no", this.unsure.has(key));
        rect.addEventListener("click", () => this.desk.dispatchEvent(new CustomEvent("picked", { detail: key })));
        this.boxes.append(rect);
      }
    }
  }

  // Lets a box be drawn with the mouse; gives {file, page, box} or null where it was given up or is too small.
  drawBox() {
    this.view.classList.add("drawing");
    return new Promise((resolve) => {
      let from = null;
      const rect = document.createElementNS(SVG, "rect");
      rect.classList.add("drawn");
      const at = (event) => {
        const frame = this.boxes.getBoundingClientRect();
        return [(event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height].map((x) => Math.max(0, Math.min(1, x)));
      };
      const box = (event) => { const to = at(event); return [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1])]; };
      const end = (found) => { this.view.classList.remove("drawing"); rect.remove(); stop.abort(); resolve(found); };
      const stop = new AbortController();
      const on = (target, type, act) => target.addEventListener(type, act, { signal: stop.signal, capture: true });
      on(this.sheet, "pointerdown", (event) => { event.preventDefault(); event.stopPropagation(); from = at(event); this.boxes.append(rect); });
      on(document, "pointermove", (event) => { if (!from) return; const [x0, y0, x1, y1] = box(event); Object.entries({ x: x0, y: y0, width: x1 - x0, height: y1 - y0 }).forEach(([name, value]) => rect.setAttribute(name, value)); });
      on(document, "pointerup", (event) => { if (!from) return; const drawn = box(event); const page = this.pages[this.at]; end(drawn[2] - drawn[0] > 0.004 && drawn[3] - drawn[1] > 0.003 ? { file: page.file, page: page.page, box: drawn } : null); });
      on(document, "keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); end(null); } });
    });
  }

  scale(factor) { this.zoom = factor ? Math.max(0.4, Math.min(5, this.zoom * factor)) : 1; this.lay(); const place = (this.places[this.key] || [])[0]; if (place) this.reveal(place.box); }
  turn() { this.turned = (this.turned + 90) % 360; this.lay(); }
  seals(button) { this.lifted = !this.lifted; button.setAttribute("aria-pressed", this.lifted); this.show(this.at); }
  outlines(button) { const off = this.boxes.classList.toggle("off"); button.setAttribute("aria-pressed", !off); }
}
