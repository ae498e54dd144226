// The queue by keyboard: J and K or the arrows go up and down, Enter opens, N takes the next, / searches.
const rows = () => [...document.querySelectorAll("[data-row]")];
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = rows();
  const at = all.indexOf(document.activeElement.closest?.("[data-row]"));
  const go = (n) => { event.preventDefault(); all[Math.max(0, Math.min(all.length - 1, n))]?.focus(); };
  if (event.key === "j" || event.key === "ArrowDown") go(at + 1);
  else if (event.key === "k" || event.key === "ArrowUp") go(at - 1);
  else if (event.key === "Enter" && at >= 0 && document.activeElement === all[at]) all[at].querySelector("a").click();
  else if (event.key === "n") document.querySelector("[data-key=n]")?.click();
  else if (event.key === "/") { event.preventDefault(); document.getElementById("q").focus(); }
});
