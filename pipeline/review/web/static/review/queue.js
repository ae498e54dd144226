// The queue by keyboard: J and K or the arrows go up and down, Space chooses, Enter opens, N takes the next, / searches; Enter, Escape or the down arrow leave the search.
import { busy } from "./common.js";

const rows = () => [...document.querySelectorAll("[data-row]")];
const remember = () => { try { sessionStorage.setItem("queue", location.pathname + location.search); } catch { /* then a decision leads to the whole queue */ } };
remember();
document.addEventListener("htmx:pushedIntoHistory", remember);

// Cases that are chosen for one decision: how many, and whether there is anything to decide.
const boxes = () => [...document.querySelectorAll("[data-row] input[type=checkbox]")];
const chosen = () => {
  const [all, on] = [boxes(), boxes().filter((box) => box.checked)];
  const [whole, told] = [document.querySelector("[data-all]"), document.querySelector("[data-chosen]")];
  if (!whole || !told) return;
  whole.checked = on.length > 0 && on.length === all.length;
  whole.indeterminate = on.length > 0 && on.length < all.length;
  told.textContent = on.length;
  for (const button of document.querySelectorAll("#bulk button")) button.disabled = !on.length;
};
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-all]")) for (const box of boxes()) box.checked = event.target.checked;
  if (event.target.matches("[data-all], [data-row] input")) chosen();
});
window.addEventListener("pageshow", chosen); // the browser keeps what was chosen where one goes back

// The first claim's first page is asked for ahead, so that its picture is made by the time somebody takes it.
const ahead = () => {
  const link = document.querySelector("[data-key=n]") && rows()[0]?.querySelector("a");
  if (link) (window.requestIdleCallback ?? setTimeout)(() => { new Image().src = `${link.getAttribute("href")}/pictures/1/1/thumbnail`; });
};
ahead();

// What each filter would leave is told anew with the rows; the one that is being used stays as it is.
document.addEventListener("htmx:afterSwap", () => {
  const choices = JSON.parse(document.getElementById("choices").dataset.choices);
  for (const select of document.querySelectorAll("[data-counted]")) {
    if (select === document.activeElement) continue;
    const { value } = select;
    select.replaceChildren(select.options[0], ...choices[select.name].map(([code, words]) => new Option(words, code, false, code === value)));
  }
  chosen();
});
document.addEventListener("click", (event) => {
  const pill = event.target.closest("[data-triage]");
  if (!pill) return;
  const select = document.querySelector("[name=triage]");
  select.value = pill.getAttribute("aria-pressed") === "true" ? "" : pill.dataset.triage;
  select.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("keydown", (event) => {
  if (busy(event)) return;
  const all = rows();
  if (event.target.id === "q" && ["Enter", "Escape", "ArrowDown"].includes(event.key)) { event.preventDefault(); event.target.blur(); all[0]?.focus(); return; }
  if (event.target.matches("input, select, textarea")) return;
  const at = all.indexOf(document.activeElement.closest?.("[data-row]"));
  const go = (n) => { event.preventDefault(); all[Math.max(0, Math.min(all.length - 1, n))]?.focus(); };
  if (event.key === "j" || event.key === "ArrowDown") go(at + 1);
  else if (event.key === "k" || event.key === "ArrowUp") go(at - 1);
  else if (event.key === "Enter" && at >= 0 && document.activeElement === all[at]) all[at].querySelector("a").click();
  else if (event.key === " " && at >= 0 && document.activeElement === all[at]) { event.preventDefault(); all[at].querySelector("input[type=checkbox]")?.click(); }
  else if (event.key === "n") document.querySelector("[data-key=n]")?.click();
  else if (event.key === "/") { event.preventDefault(); document.getElementById("q").focus(); }
});
