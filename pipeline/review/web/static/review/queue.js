// The queue by keyboard: J and K or the arrows go up and down, Space chooses, Enter opens, N takes the next, / searches; Enter, Escape or the down arrow leave the search.
import { busy } from "./common.js";

const rows = () => [...document.querySelectorAll("[data-row]")];
const remember = () => { try { sessionStorage.setItem("queue", location.pathname + location.search); } catch { /* then a decision leads to the whole queue */ } };
remember();
document.addEventListener("htmx:pushedIntoHistory", remember);

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
