// What is typed into a letter is kept on this machine until the server has it.
import { drafts, post, say, told } from "./common.js";
const text = document.querySelector("[data-draft=letter]");
const form = text.form;
const place = `letter-${form.elements.kind.value}`;
const kept = drafts.of(place);
if (kept !== null && !text.readOnly) text.value = kept;
text.addEventListener("input", () => drafts.keep(place, text.value));
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await post(form.action, Object.fromEntries(new FormData(form)));
  if (answer.status === 302) { drafts.drop(place); location.reload(); }
  else say(told(answer, form.dataset), true);
});
