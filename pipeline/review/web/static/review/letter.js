// What is typed into a letter is kept on this machine until it is saved.
import { drafts } from "./common.js";
const text = document.querySelector("[data-draft=letter]");
const kept = drafts.of("letter");
if (kept !== null && !text.readOnly) text.value = kept;
text.addEventListener("input", () => drafts.keep("letter", text.value));
text.form.addEventListener("submit", () => drafts.drop("letter"));
