// The claim's desk: values and boxes point at each other; everything goes by keyboard; what is typed isn't lost.
import { drafts, post, say } from "./common.js";
import { Viewer } from "./viewer.js";

const desk = document.getElementById("desk");
const panel = document.getElementById("panel");
const viewer = new Viewer(desk);
const base = `${location.pathname.replace(/\/$/, "")}`;
const data = (id) => JSON.parse(document.getElementById(id).textContent);
const revision = () => panel.querySelector("[data-revision]").dataset.revision;
const card = (key) => panel.querySelector(`[data-key="${CSS.escape(key)}"]`);
let now = "";

const load = () => {
  viewer.take(data("pages-data"), data("places-data"), new Set([...panel.querySelectorAll(".value.look, .flag")].map((one) => one.dataset.key)));
  for (const one of panel.querySelectorAll("textarea[data-draft]")) {
    one.value = drafts.of(one.dataset.draft) ?? one.value;
    one.addEventListener("input", () => drafts.keep(one.dataset.draft, one.value));
  }
  for (const one of panel.querySelectorAll("[data-editable]")) if (drafts.of(one.dataset.key) !== null) edit(one); // typed before the page was closed
  window.htmx?.process(panel);
};

const focus = (key, scroll = true) => {
  now = key;
  panel.querySelectorAll(".now").forEach((one) => one.classList.remove("now"));
  const one = card(key);
  one?.classList.add("now");
  if (scroll) one?.scrollIntoView({ block: "center" });
  if (one && document.activeElement !== one && !one.contains(document.activeElement)) one.focus({ preventScroll: true });
  panel.querySelectorAll("[data-stop]").forEach((stop) => (stop.dataset.stop === key ? stop.setAttribute("aria-current", "true") : stop.removeAttribute("aria-current")));
  viewer.focus(key);
};

const stops = () => [...panel.querySelectorAll("[data-stop]")].map((stop) => stop.dataset.stop);
const next = (step) => {
  const all = stops();
  if (!all.length) { panel.querySelector("#reason, .decide button")?.focus(); say(panel.querySelector(".stops .empty")?.textContent ?? ""); return; }
  const at = all.indexOf(now);
  focus(all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length]);
};

// ---- saying something of a value

const answered = async (answer, place, form) => {
  if (answer.status === 200) {
    drafts.drop(place);
    const keep = panel.scrollTop;
    const had = stops();
    panel.innerHTML = answer.text;
    load();
    panel.scrollTop = keep;
    const left = stops();
    const after = left.find((key) => !had.slice(0, had.indexOf(place) + 1).includes(key)) ?? left[0];
    const changed = panel.querySelector(".changed");
    if (changed) say([...changed.children].map((one) => one.textContent).join("；"));
    if (after) focus(after); else next(1);
    return;
  }
  const told = answer.status === 0 ? desk.dataset.offline : answer.status === 401 || answer.status === 403 ? desk.dataset.loggedOut : answer.text;
  const box = form?.querySelector(".wrong");
  if (answer.status === 409 && form && told.trimStart().startsWith("<")) box.innerHTML = told;
  else if (box) box.textContent = told;
  else say(told, true);
};

const send = (fields, place, form) => post(`${base}/amend`, { revision: revision(), ...fields }).then((answer) => answered(answer, place, form));

const edit = (one) => {
  if (one.querySelector("form") || !("editable" in one.dataset)) return;
  const form = document.createElement("form");
  const template = one.querySelector("template");
  const input = template ? template.content.firstElementChild.cloneNode(true) : document.createElement(one.dataset.value.length > 60 ? "textarea" : "input");
  if (!template) input.value = drafts.of(one.dataset.key) ?? one.dataset.value;
  input.setAttribute("aria-label", one.querySelector(".label").textContent);
  input.addEventListener("input", () => drafts.keep(one.dataset.key, input.value));
  const button = (text, act, primary) => { const b = document.createElement("button"); b.type = primary ? "submit" : "button"; b.textContent = text; if (primary) b.className = "primary"; else b.addEventListener("click", act); return b; };
  const wrong = document.createElement("div");
  wrong.className = "wrong";
  wrong.setAttribute("role", "alert");
  form.append(input, button(desk.dataset.save, null, true), button(desk.dataset.absent, () => send({ key: one.dataset.key, what: "absent" }, one.dataset.key, form)), wrong);
  form.addEventListener("submit", (event) => { event.preventDefault(); send({ key: one.dataset.key, value: input.value, ...(form.dataset.place ? { place: form.dataset.place } : {}) }, one.dataset.key, form); });
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); drafts.drop(one.dataset.key); form.remove(); one.focus(); } });
  form.addEventListener("click", (event) => {
    const choice = event.target.dataset?.merge;
    if (choice === "mine") post(`${base}/amend`, { revision: event.target.dataset.revision, key: one.dataset.key, value: input.value }).then((answer) => answered(answer, one.dataset.key, form));
    if (choice === "theirs") { drafts.drop(one.dataset.key); location.reload(); }
  });
  one.append(form);
  input.focus();
  input.select?.();
};

// A box drawn anew is read, and what was read is put into the form, to be looked at and saved.
const redraw = async () => {
  const one = card(now);
  if (!one || !("editable" in one.dataset)) return;
  say(desk.dataset.drawTold);
  viewer.turned = 0;
  viewer.lay();
  const place = await viewer.drawBox();
  say("");
  if (!place) return;
  const answer = await post(`${base}/read`, { place: JSON.stringify(place) });
  edit(one);
  const form = one.querySelector("form");
  form.dataset.place = JSON.stringify(place);
  const input = form.querySelector("input, textarea");
  if (answer.status === 200 && input) { input.value = JSON.parse(answer.text).text.replaceAll("\n", ""); drafts.keep(one.dataset.key, input.value); }
  else if (answer.text) form.querySelector(".wrong").textContent = answer.text;
};

const verdict = async (flag, said) => {
  const key = flag.dataset.key;
  let reason = "";
  if (said === "dismissed") {
    let form = flag.querySelector("form");
    if (!form) {
      form = document.createElement("form");
      const input = document.createElement("input");
      input.placeholder = desk.dataset.reason;
      input.required = true;
      input.value = drafts.of(key) ?? "";
      input.addEventListener("input", () => drafts.keep(key, input.value));
      const button = document.createElement("button");
      button.className = "primary";
      button.textContent = flag.querySelector("[data-verdict=dismissed]").textContent;
      const wrong = document.createElement("div");
      wrong.className = "wrong";
      wrong.setAttribute("role", "alert");
      form.append(input, button, wrong);
      form.addEventListener("submit", async (event) => { event.preventDefault(); answered(await post(`${base}/judge`, { revision: revision(), flag: key.slice(2), verdict: said, reason: input.value }), key, form); });
      form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); form.remove(); flag.focus(); } });
      flag.append(form);
    }
    form.querySelector("input").focus();
    return;
  }
  answered(await post(`${base}/judge`, { revision: revision(), flag: key.slice(2), verdict: said, reason }), key, null);
};

const decide = async (action) => {
  const reason = panel.querySelector("#reason");
  const answer = await post(`${base}/decide`, { revision: revision(), action, reason: reason.value });
  if (answer.status === 302 || answer.status === 204) { drafts.drop("reason"); location.assign(desk.dataset.after); return; }
  say(answer.status === 0 ? desk.dataset.offline : answer.text, true);
  reason.focus();
};

// ---- clicks

panel.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  let hit;
  if ((hit = on("[data-stop]"))) focus(hit.dataset.stop);
  else if ((hit = on("[data-verdict]"))) verdict(hit.closest(".flag"), hit.dataset.verdict);
  else if ((hit = on("[data-clause]"))) clause(hit);
  else if ((hit = on("[data-entry]"))) send({ key: "entry", value: hit.dataset.entry }, "entry", null);
  else if ((hit = on("[data-goto]"))) viewer.show(viewer.pages.findIndex((page) => page.paper === Number(hit.dataset.goto)));
  else if ((hit = on("[data-decide]"))) decide(hit.dataset.decide);
  else if (on("[data-undo]")) post(`${base}/undo`, {}).then((answer) => (answer.status === 302 || answer.status === 204 ? location.reload() : say(answer.text, true)));
  else if (on("[data-do=keys]")) document.getElementById("keys").showModal();
  else if ((hit = on("[data-key]")) && !event.target.closest("form")) { const again = now === hit.dataset.key; focus(hit.dataset.key, false); if (again) edit(hit); }
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
const keys = {
  Enter: () => next(1), "Shift+Enter": () => next(-1), e: () => card(now) && edit(card(now)), " ": () => confirmNow(), x: () => withFlag((flag) => verdict(flag, "dismissed")), u: () => withFlag((flag) => verdict(flag, "upheld")),
  c: () => { const button = card(now)?.querySelector("[data-clause]"); if (button) clause(button); }, PageDown: () => press("page-on"), PageUp: () => press("page-back"),
  d: () => redraw(), s: () => press("seals"), b: () => press("boxes"), r: () => press("turn"), "+": () => press("larger"), "=": () => press("larger"), "-": () => press("smaller"), 0: () => press("fit"),
  p: () => aim("pass"), t: () => aim("return"), j: () => aim("reject"), f: () => aim("refer"), l: () => panel.querySelector(".decide a.button")?.click(), "?": () => document.getElementById("keys").showModal(),
};
const withFlag = (act) => { const one = card(now); if (one?.matches(".flag") && one.querySelector("[data-verdict]")) act(one); };
const confirmNow = () => { const one = card(now); if (one?.matches(".value.look[data-editable]") && one.dataset.value) send({ key: now, what: "confirm" }, now, null); };
const aim = (action) => { const button = panel.querySelector(`[data-decide="${action}"]`); if (!button) return; const reason = panel.querySelector("#reason"); if (action === "pass" || reason.value.trim()) button.click(); else reason.focus(); };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const typing = event.target.matches("input, textarea, select");
  if (typing && event.target.id === "reason" && event.key === "Escape") { event.target.blur(); return; }
  if (typing || (event.target.matches("button, a") && (event.key === "Enter" || event.key === " "))) return;
  const act = keys[event.shiftKey && event.key === "Enter" ? "Shift+Enter" : event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act) { event.preventDefault(); act(); }
});

load();
viewer.show(0);
if (stops().length) focus(stops()[0]);
