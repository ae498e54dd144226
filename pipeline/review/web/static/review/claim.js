// The claim's desk: values and boxes point at each other; everything goes by keyboard; what is typed isn't lost.
import { busy, post, say, told, words } from "./common.js";
import { drafts } from "./drafts.js";
import { Viewer } from "./viewer.js";

const desk = document.getElementById("desk");
const panel = document.getElementById("panel");
const viewer = new Viewer(desk);
const base = `${location.pathname.replace(/\/$/, "")}`;
const data = (id) => JSON.parse(document.getElementById(id).textContent);
const revision = () => panel.querySelector("[data-revision]").dataset.revision;
const card = (key) => panel.querySelector(`[data-key="${CSS.escape(key)}"]`);
const make = (name, attributes = {}, text = "") => { const one = Object.assign(document.createElement(name), attributes); one.textContent = text; return one; };
const after = (() => { try { const kept = sessionStorage.getItem("queue"); return kept?.startsWith(`${desk.dataset.after}?`) ? kept : desk.dataset.after; } catch { return desk.dataset.after; } })(); // the queue as it was asked for
let now = "";
let aimed = ""; // the decision that waits for its reason

// By what a draft is known: a paper's values by the file and page that it begins on, which stay whatever is sorted anew.
const draftOf = (key) => key.replace(/^([pt]):?(\d+)/, (all, kind, index) => { const place = panel.querySelector(`[data-paper="${index}"]`)?.dataset.ref; return place ? `${kind}:${place}` : all; });

const load = () => {
  viewer.take(data("pages-data"), data("places-data"), new Set([...panel.querySelectorAll(".value.look, .flag")].map((one) => one.dataset.key)));
  for (const one of panel.querySelectorAll("textarea[data-draft]")) one.addEventListener("input", () => drafts.keep(one.dataset.draft, one.value));
  for (const one of panel.querySelectorAll(".flag")) showEvidence(one);
  restore();
  window.htmx?.process(panel);
};

// Forms for what was typed and not saved, with it.
const restore = () => {
  for (const one of panel.querySelectorAll("textarea[data-draft]")) if (!one.value) one.value = drafts.of(one.dataset.draft) ?? "";
  for (const one of panel.querySelectorAll("[data-editable], [data-resort]")) if (drafts.of(draftOf(one.dataset.key)) !== null) edit(one, false); // typed before the page was closed
  if (drafts.of("buyers") !== null && card("buyers")?.matches("[data-users]")) editUsers(card("buyers"), false);
  for (const one of panel.querySelectorAll(".flag")) if (drafts.of(draftOf(one.dataset.key)) !== null && one.querySelector("[data-verdict=dismissed]")) dismiss(one, false);
};

// Where a flag rests on more than one place, a button for each.
const showEvidence = (flag) => {
  const pages = viewer.pagesOf(flag.dataset.key);
  if (pages.length < 2) return;
  const line = make("p", { className: "evidence" }, desk.dataset.evidence);
  const names = pages.map((page) => page.title.replace(/\s*[（(].*$/, ""));
  pages.forEach((page, n) => { const button = make("button", { type: "button", className: "quiet" }, names.indexOf(names[n]) === names.lastIndexOf(names[n]) ? names[n] : `${names[n]} ${page.page}`); button.dataset.evidence = n; button.title = page.title; button.setAttribute("aria-label", `${desk.dataset.evidence} ${n + 1} ${page.title}`); line.append(button); });
  flag.querySelector(".acts").before(line);
};

const focus = (key, scroll = true) => {
  now = key;
  panel.querySelectorAll(".now").forEach((one) => one.classList.remove("now"));
  const one = card(key);
  one?.classList.add("now");
  if (one && document.activeElement !== one && !one.contains(document.activeElement)) one.focus({ preventScroll: true });
  if (scroll) one?.scrollIntoView({ block: "center" });
  panel.querySelectorAll("[data-stop]").forEach((stop) => (stop.dataset.stop === key ? stop.setAttribute("aria-current", "true") : stop.removeAttribute("aria-current")));
  viewer.focus(key);
};

const stops = () => [...panel.querySelectorAll("[data-stop]")].map((stop) => stop.dataset.stop);
const next = (step) => {
  const all = stops();
  if (!all.length) { panel.querySelector(".decide [data-decide]")?.focus(); say(panel.querySelector(".stops .empty")?.textContent ?? ""); return; }
  const at = all.indexOf(now);
  focus(all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length]);
};

// From box to box of the page, as they stand on it.
const besideBox = (step) => { const keys = viewer.keysHere().filter((key) => card(key)); if (keys.length) { const at = keys.indexOf(now); focus(keys[at < 0 ? (step > 0 ? 0 : keys.length - 1) : (at + step + keys.length) % keys.length]); } };

// ---- saying something of a value or a flag

// Posts what was said; what stands against it is shown at the card it is about.
const submit = async (where, fields, key) => {
  const answer = await post(`${base}/${where}`, { revision: revision(), ...fields });
  if (answer.status === 200) {
    drafts.drop(draftOf(key));
    if (where === "retype") afresh(answer.text); else renew(answer.text, key);
    return;
  }
  const box = wrongOf(card(key));
  if (!box) { say(told(answer), true); return; }
  if (answer.status === 409 && answer.text.trimStart().startsWith("<div")) {
    box.innerHTML = answer.text;
    box.querySelector("[data-merge=mine]").addEventListener("click", (event) => submit(where, { ...fields, revision: event.target.dataset.revision }, key));
    box.querySelector("[data-merge=theirs]").addEventListener("click", () => { drafts.drop(draftOf(key)); location.reload(); });
    box.querySelector("button").focus();
  } else {
    box.textContent = told(answer);
    if (answer.status === 401) box.append(" ", make("a", { href: words.login, target: "_blank" }, words.loginWord));
  }
};

// The papers are others now, and so are the pages beside them: the page is loaded anew, and then says what changed.
const afresh = (html) => {
  const changed = new DOMParser().parseFromString(html, "text/html").querySelector(".changed");
  const { file, page } = viewer.pages[viewer.at] ?? {};
  try { sessionStorage.setItem("afresh", JSON.stringify({ changed: [...(changed?.children ?? [])].map((one) => one.textContent).join(desk.dataset.between), file, page })); } catch { /* then it says nothing */ }
  location.reload();
};

// The line of a card that says what is wrong; it is there as soon as there is something to say.
const wrongOf = (one) => {
  if (!one) return null;
  let box = one.querySelector(".wrong");
  if (!box) { box = make("div", { className: "wrong" }); box.setAttribute("role", "alert"); (one.querySelector("form") ?? one).append(box); }
  return box;
};

const renew = (html, key) => {
  const keep = panel.scrollTop;
  const had = stops();
  panel.innerHTML = html;
  load();
  panel.scrollTop = keep;
  const left = stops();
  const then = left.find((one) => !had.slice(0, had.indexOf(key) + 1).includes(one)) ?? left[0];
  const changed = panel.querySelector(".changed");
  if (then) focus(then); else next(1);
  if (changed) say([...changed.children].map((one) => one.textContent).join(desk.dataset.between));
};

// A form in a card: a field, buttons, what is wrong; Escape gives it up.
const open = (one, field, buttons, act) => {
  const form = make("form");
  form.append(field, ...buttons);
  form.addEventListener("submit", (event) => { event.preventDefault(); act(); });
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); drafts.drop(draftOf(one.dataset.key)); form.remove(); one.focus(); } });
  field.addEventListener("input", () => drafts.keep(draftOf(one.dataset.key), field.value));
  for (const text of drafts.left(draftOf(one.dataset.key))) { // another tab was closed on it
    const other = make("button", { type: "button", className: "quiet left" }, `${desk.dataset.draftLeft} ${text}`);
    other.addEventListener("click", () => { drafts.forget(draftOf(one.dataset.key), text); field.value = text; drafts.keep(draftOf(one.dataset.key), text); other.remove(); field.focus(); });
    form.append(other);
  }
  one.append(form);
  return form;
};

const edit = (one, enter = true) => {
  if ("resort" in one.dataset) { resort(one, enter); return; }
  if (one.closest("[data-users]")) { editUsers(one.closest("[data-users]"), enter); return; }
  if (!("editable" in one.dataset)) return;
  if (!one.querySelector("form")) {
    const key = one.dataset.key;
    const choices = one.querySelector("template");
    const field = choices ? choices.content.firstElementChild.cloneNode(true) : make(one.dataset.value.length > 60 ? "textarea" : "input", { value: one.dataset.value });
    field.setAttribute("aria-label", one.querySelector(".label").textContent);
    if (!choices) field.autocomplete = "off";
    if (drafts.of(draftOf(key)) !== null) field.value = drafts.of(draftOf(key));
    const absent = make("button", { type: "button" }, key.startsWith("c.") ? desk.dataset.takeBack : desk.dataset.absent); // of the claim's own value only what was said is taken back
    absent.addEventListener("click", () => submit("amend", { key, what: "absent" }, key));
    const form = open(one, field, [make("button", { className: "primary" }, desk.dataset.save), absent],
      () => submit("amend", { key, value: field.value, ...(form.dataset.place ? { place: form.dataset.place } : {}) }, key));
    if (field.matches("textarea")) field.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); } });
  }
  if (enter) { const field = one.querySelector("form input, form textarea, form select"); field.focus(); field.select?.(); }
};

// A box drawn anew is read, and what was read is put into the form, to be looked at and saved.
const redraw = async () => {
  const one = card(now);
  if (!one || !("editable" in one.dataset)) { say(desk.dataset.drawWhich); return; }
  say(desk.dataset.drawTold);
  const place = await viewer.drawBox();
  say("");
  one.focus({ preventScroll: true });
  if (!place) return;
  const answer = await post(`${base}/read`, { place: JSON.stringify(place) });
  edit(one);
  const form = one.querySelector("form");
  form.dataset.place = JSON.stringify(place);
  const field = form.querySelector("input, textarea");
  if (answer.status === 200 && field) { field.value = JSON.parse(answer.text).text.replaceAll("\n", ""); drafts.keep(draftOf(one.dataset.key), field.value); }
  else if (answer.status !== 200) wrongOf(one).textContent = told(answer);
};

// All users at once: a row each, rows come and go; saving without any leaves those that were read.
const editUsers = (one, enter = true) => {
  const told = desk.dataset;
  if (!one.querySelector("form")) {
    const form = make("form", { className: "users-form" });
    const rows = make("div", { className: "user-rows" });
    const typed = () => [...rows.children].map((row) => [...row.querySelectorAll("input")].map((field) => field.value));
    const keep = () => drafts.keep("buyers", JSON.stringify(typed()));
    const add = (name = "", quantity = "") => {
      const row = make("div", { className: "user-row" });
      [[name, told.userName], [quantity, told.userQuantity]].forEach(([value, label]) => { const field = make("input", { value, autocomplete: "off", maxLength: 200, placeholder: label }); field.setAttribute("aria-label", label); row.append(field); });
      const drop = make("button", { type: "button", className: "quiet" }, "✕");
      drop.setAttribute("aria-label", told.userDrop); drop.title = told.userDrop;
      drop.addEventListener("click", () => { const beside = row.nextElementSibling ?? row.previousElementSibling; row.remove(); keep(); (beside?.querySelector("input") ?? more).focus(); });
      row.append(drop);
      rows.append(row);
      return row;
    };
    const more = make("button", { type: "button" }, told.userAdd);
    more.addEventListener("click", () => { add().querySelector("input").focus(); keep(); });
    const back = make("button", { type: "button" }, told.usersRestore);
    back.addEventListener("click", () => submit("amend", { key: "buyers" }, "buyers"));
    form.append(rows, more, make("button", { className: "primary" }, told.save), back);
    form.addEventListener("input", keep);
    form.addEventListener("submit", (event) => { event.preventDefault(); const all = typed(); submit("amend", { key: "buyers", name: all.map(([name]) => name), quantity: all.map(([, quantity]) => quantity) }, "buyers"); });
    form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); drafts.drop("buyers"); form.remove(); one.focus(); } });
    let begun = data("users-data");
    try { begun = JSON.parse(drafts.of("buyers")) ?? begun; } catch { /* what can't be read was never typed */ }
    begun.forEach((row) => add(...row));
    if (!begun.length) add();
    one.append(form);
  }
  if (enter) one.querySelector("form input, form button").focus();
};

// A paper's type, which of its pages are meant, and where they belong; what the form is about is named by file and page, which stay whatever else is sorted anew.
const resort = (one, enter = true) => {
  if (!("resort" in one.dataset)) return;
  if (!one.querySelector("form")) {
    const told = desk.dataset;
    const place = one.closest("[data-ref]").dataset.ref;
    const sheets = data("sheets-data");
    const own = sheets.find((sheet) => sheet.ref === place);
    const choice = (label, options, value) => {
      const line = make("label", {}, label);
      const field = make("select");
      options.forEach(([code, text]) => field.append(make("option", { value: code }, text)));
      field.value = value;
      line.append(field);
      return [line, field];
    };
    const [typeLine, type] = choice(told.resortOf, data("types-data"), one.dataset.resort);
    const [whereLine, where] = choice(told.resortWhere, [["", told.resortOwn], ...sheets.filter((sheet) => sheet !== own).map((sheet) => [sheet.ref, `${sheet.title} · ${sheet.ref.replace("/", " ")}`])], "");
    const form = make("form", { className: "resort-form" });
    const pages = make("fieldset", { hidden: own.pages.length < 2 });
    pages.append(make("legend", {}, told.resortPages));
    const boxes = own.pages.map((page) => { const line = make("label"); const box = make("input", { type: "checkbox", value: page, checked: true }); line.append(box, page.slice(page.lastIndexOf("/") + 1)); pages.append(line); return box; });
    const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
    const settle = () => { typeLine.hidden = where.value !== ""; };
    const keep = () => { settle(); drafts.keep(draftOf(one.dataset.key), JSON.stringify({ type: type.value, where: where.value, pages: chosen() })); };
    try {
      const begun = JSON.parse(drafts.of(draftOf(one.dataset.key)));
      if (begun) { type.value = begun.type; where.value = begun.where; boxes.forEach((box) => { box.checked = begun.pages.includes(box.value); }); }
    } catch { /* what can't be read was never typed */ }
    settle();
    form.append(typeLine, pages, whereLine, make("button", { className: "primary" }, told.save));
    form.addEventListener("input", keep);
    form.addEventListener("submit", (event) => { event.preventDefault(); submit("retype", { paper: place, type: type.value, page: chosen(), joins: where.value }, one.dataset.key); });
    form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); drafts.drop(draftOf(one.dataset.key)); form.remove(); one.focus(); } });
    one.append(form);
  }
  if (enter) one.querySelector("form select").focus();
};
// The paper of what is in focus, else of the page that is shown.
const paperHere = () => card(now)?.closest("[data-paper]")?.querySelector("[data-resort]") ?? panel.querySelector(`[data-paper="${viewer.pages[viewer.at]?.paper}"] [data-resort]`);

const dismiss = (flag, enter = true) => {
  const key = flag.dataset.key;
  if (!flag.querySelector("form")) {
    const field = make("input", { placeholder: desk.dataset.reason, required: true, value: drafts.of(draftOf(key)) ?? "", maxLength: 1000, autocomplete: "off" });
    field.setAttribute("aria-label", desk.dataset.reason);
    open(flag, field, [make("button", { className: "primary" }, flag.querySelector("[data-verdict=dismissed]").dataset.word)], () => submit("judge", { flag: key.slice(2), verdict: "dismissed", reason: field.value }, key));
  }
  if (enter) flag.querySelector("form input").focus();
};
const verdict = (flag, said) => (said === "dismissed" ? dismiss(flag) : submit("judge", { flag: flag.dataset.key.slice(2), verdict: said }, flag.dataset.key));

const decide = async (action) => {
  if (["return", "reject"].includes(action) && drafts.any(`letter-${action}`, `${base}/letter`)) { say(desk.dataset.letterUnsaved, true); return; }
  const reason = panel.querySelector("#reason");
  const answer = await post(`${base}/decide`, { revision: revision(), action, reason: reason.value });
  if (answer.status === 302 || answer.status === 204) { drafts.drop("reason"); location.assign(after); return; }
  say(told(answer), true);
  aimAt(action);
};
const aimAt = (action) => {
  aimed = action;
  panel.querySelectorAll("[data-decide]").forEach((one) => one.classList.toggle("aimed", one.dataset.decide === action));
  panel.querySelector("#reason").focus();
};
const aim = (action) => {
  const button = panel.querySelector(`[data-decide="${action}"]`);
  if (!button) return;
  if (action === "pass" || panel.querySelector("#reason").value.trim()) decide(action); else aimAt(action);
};

// ---- clicks

panel.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  let hit;
  if ((hit = on("[data-stop]"))) focus(hit.dataset.stop);
  else if ((hit = on("[data-verdict]"))) verdict(hit.closest(".flag"), hit.dataset.verdict);
  else if ((hit = on("[data-clause]"))) clause(hit);
  else if ((hit = on("button[data-evidence]"))) { focus(hit.closest(".flag").dataset.key, false); viewer.focus(now, Number(hit.dataset.evidence)); }
  else if (on("[data-edit-users]")) editUsers(card("buyers"));
  else if ((hit = on("[data-edit-type]"))) resort(hit.closest("[data-resort]"));
  else if ((hit = on("[data-back]"))) submit("retype", { back: hit.dataset.back }, "");
  else if ((hit = on("[data-entry]"))) submit("amend", { key: "entry", value: hit.dataset.entry }, "entry");
  else if ((hit = on("[data-goto]"))) viewer.show(viewer.pages.findIndex((page) => page.paper === Number(hit.dataset.goto)));
  else if ((hit = on("[data-decide]"))) aim(hit.dataset.decide);
  else if (on("[data-undo]")) post(`${base}/undo`, {}).then((answer) => (answer.status === 302 || answer.status === 204 ? location.reload() : say(told(answer), true)));
  else if ((hit = on("[data-key]")) && !event.target.closest("form, button, summary")) { const again = now === hit.dataset.key; focus(hit.dataset.key, false); if (again) edit(hit); }
});
panel.addEventListener("focusin", (event) => { const one = event.target.closest("[data-key]"); if (one && one.dataset.key !== now) focus(one.dataset.key, false); });
desk.addEventListener("picked", (event) => focus(event.detail));

const clause = (button) => {
  const dialog = document.getElementById("clause");
  dialog.querySelector("h2").textContent = button.dataset.clause;
  dialog.querySelector("pre").textContent = button.dataset.text;
  dialog.showModal();
};

const tools = {
  "page-back": () => viewer.show(viewer.at - 1), "page-on": () => viewer.show(viewer.at + 1), seals: (b) => viewer.seals(b), boxes: (b) => viewer.outlines(b),
  draw: () => redraw(), turn: () => viewer.turn(), smaller: () => viewer.scale(1 / 1.25), larger: () => viewer.scale(1.25), fit: () => viewer.scale(0),
};
document.querySelector(".bar").addEventListener("click", (event) => { const button = event.target.closest("[data-do]"); if (button) tools[button.dataset.do](button); });

// ---- keys

const press = (name) => { const button = document.querySelector(`.bar [data-do="${name}"]`); tools[name](button); };
const withFlag = (act) => { const one = card(now); if (one?.matches(".flag") && one.querySelector("[data-verdict]")) act(one); };
const confirmNow = () => { const one = card(now); if (one?.matches(".value.look[data-editable]") && one.dataset.value) submit("amend", { key: now, what: "confirm" }, now); };
const keys = {
  Enter: () => next(1), "Shift+Enter": () => next(-1), e: () => card(now) && edit(card(now)), " ": confirmNow, x: () => withFlag(dismiss), u: () => withFlag((flag) => verdict(flag, "upheld")),
  c: () => { const button = card(now)?.querySelector("[data-clause]"); if (button) clause(button); }, o: () => viewer.focusNext(),
  PageDown: () => press("page-on"), PageUp: () => press("page-back"), "[": () => besideBox(-1), "]": () => besideBox(1), v: () => (document.activeElement === viewer.view ? focus(now) : viewer.view.focus()),
  d: () => redraw(), y: () => { const one = paperHere(); if (one) { focus(one.dataset.key); resort(one); } }, s: () => press("seals"), b: () => press("boxes"), r: () => press("turn"), "+": () => press("larger"), "=": () => press("larger"), "-": () => press("smaller"), 0: () => press("fit"),
  p: () => aim(panel.querySelector("[data-decide=reopen]") ? "reopen" : "pass"), t: () => aim("return"), j: () => aim("reject"), f: () => aim("refer"), l: () => panel.querySelector(".decide a.button")?.click(), q: () => location.assign(after),
};

document.addEventListener("keydown", (event) => {
  if (busy(event) || viewer.drawing) return;
  const typing = event.target.matches("input, textarea, select");
  if (event.target.id === "reason") {
    if (event.key === "Escape") { aimed = ""; event.target.blur(); }
    else if (event.key === "Enter" && !event.shiftKey && aimed && event.target.value.trim()) { event.preventDefault(); decide(aimed); }
    return;
  }
  if (typing || (event.target.matches("button, a, summary") && (event.key === "Enter" || event.key === " "))) return;
  const act = keys[event.shiftKey && event.key === "Enter" ? "Shift+Enter" : event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act) { event.preventDefault(); act(); }
});

load();
const was = (() => { try { const kept = sessionStorage.getItem("afresh"); sessionStorage.removeItem("afresh"); return JSON.parse(kept); } catch { return null; } })();
const back = was ? viewer.pages.findIndex((page) => page.file === was.file && page.page === was.page) : -1;
viewer.show(Math.max(0, back));
if (back >= 0) focus(`t:${viewer.pages[back].paper}`); // the page that was looked at, with what it belongs to now
else if (stops().length) focus(stops()[0], false); // the panel stays at its top, which tells what there is to look at
if (was?.changed) say(was.changed);
drafts.ready.then(() => { drafts.adopt(); restore(); document.documentElement.dataset.ready = ""; });
