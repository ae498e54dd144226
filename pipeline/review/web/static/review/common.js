// What every page shares: saying something, talking to the server, drafts that survive, the theme.
export const say = (text, bad = false) => {
  const place = document.getElementById("say");
  place.textContent = text;
  place.classList.toggle("bad", bad);
  clearTimeout(say.timer);
  if (text) say.timer = setTimeout(() => { place.textContent = ""; }, bad ? 12000 : 5000);
};

const token = () => document.querySelector("input[name=csrfmiddlewaretoken]").value;

// Posts a form; gives {status, text}. status 0: the server wasn't reached, and what was typed is still in the draft.
export const post = async (url, fields) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  try {
    const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token(), "HX-Request": "true" }, credentials: "same-origin", redirect: "manual" });
    return { status: answer.type === "opaqueredirect" ? 302 : answer.status, text: await answer.text() };
  } catch {
    return { status: 0, text: "" };
  }
};

// What is typed is kept on this machine until the server has it.
export const drafts = {
  name: (place) => `draft:${location.pathname}:${place}`,
  keep(place, text) { try { localStorage.setItem(this.name(place), text); } catch { /* private windows keep nothing */ } },
  of(place) { try { return localStorage.getItem(this.name(place)); } catch { return null; } },
  drop(place) { try { localStorage.removeItem(this.name(place)); } catch { /* as above */ } },
};

document.querySelector("[data-theme-switch]")?.addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; SameSite=Lax`;
});
