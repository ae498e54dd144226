// What is typed into a letter is kept on this machine until the server has it, with the letter that it was typed over: who wrote meanwhile isn't overwritten unseen.
import { post, say, told } from "./common.js";
import { drafts } from "./drafts.js";

const text = document.querySelector("[data-draft=letter]");
const form = text.form;
const place = `letter-${form.elements.kind.value}`;
const kept = document.getElementById("kept");
const stale = document.getElementById("stale");
const shown = text.value;

const draft = () => { try { const { text: typed, seen } = JSON.parse(drafts.of(place)); return typeof typed === "string" ? { typed, seen } : null; } catch { return null; } };
const keep = () => drafts.keep(place, JSON.stringify({ text: text.value, seen: form.elements.seen.value }));
const again = () => { if (!draft() || draft().typed === text.value) drafts.drop(place); location.assign(`?kind=${form.elements.kind.value}`); }; // another tab's draft stays
const give = () => { drafts.drop(place); again(); };

const restore = () => {
  const before = draft();
  if (!before || before.typed === shown || text.value !== shown || text.readOnly || "fresh" in form.dataset) return;
  text.value = before.typed;
  form.elements.seen.value = before.seen;
  kept.hidden = false;
};
restore();
drafts.ready.then(() => { drafts.adopt(); restore(); document.documentElement.dataset.ready = ""; });
kept.querySelector("button").addEventListener("click", give);
text.addEventListener("input", keep);

const save = async () => {
  const answer = await post(form.action, Object.fromEntries(new FormData(form)));
  if (answer.status === 302) { again(); return; }
  if (answer.status !== 409) { say(told(answer), true); return; }
  stale.innerHTML = answer.text;
  stale.querySelector("[data-merge=mine]").addEventListener("click", (event) => { form.elements.seen.value = event.target.dataset.seen; keep(); stale.replaceChildren(); save(); });
  stale.querySelector("[data-merge=theirs]").addEventListener("click", give);
  stale.querySelector("button").focus();
};
form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
// Ctrl+Enter saves, Escape leads back to the claim: what was typed stays.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !text.readOnly) { event.preventDefault(); save(); }
  else if (event.key === "Escape" && !event.isComposing) document.querySelector("h1 a").click();
});
