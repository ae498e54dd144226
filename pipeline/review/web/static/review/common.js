// What every page shares: saying something, talking to the server, keys' list, the theme.
export const say = (text, bad = false) => {
  const place = document.getElementById("say");
  place.textContent = text;
  place.classList.toggle("bad", bad);
  clearTimeout(say.timer);
  if (text) say.timer = setTimeout(() => { place.textContent = ""; }, bad ? 12000 : 5000);
};

const tokens = (root) => [...root.querySelectorAll("input[name=csrfmiddlewaretoken]")];

// A login in another window makes this page's token void: the page's present one takes its place.
export const renewToken = async () => {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  const [found] = tokens(new DOMParser().parseFromString(await answer.text(), "text/html"));
  if (found) tokens(document).forEach((one) => { one.value = found.value; });
  return Boolean(found);
};

const send = async (url, fields) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
  const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": tokens(document)[0].value, "HX-Request": "true" }, credentials: "same-origin", redirect: "manual" });
  return { status: answer.type === "opaqueredirect" ? 302 : answer.status, text: await answer.text() };
};

// Posts a form; gives {status, text}. status 0: the server wasn't reached, and what was typed is still in the draft.
export const post = async (url, fields) => {
  try {
    const answer = await send(url, fields);
    return answer.status === 403 && (await renewToken()) ? await send(url, fields) : answer;
  } catch {
    return { status: 0, text: "" };
  }
};

// What to tell a person of an answer that isn't the one hoped for; how: words for offline, loggedOut and broken, where a page has its own.
export const words = document.getElementById("say").dataset;
export const told = (answer, how = words) => {
  if (answer.status === 0) return how.offline;
  if (answer.status === 401) return how.loggedOut;
  return answer.status >= 500 || answer.text.trimStart().startsWith("<!doctype") ? how.broken : answer.text;
};

export const busy = (event) => event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]") !== null;

document.addEventListener("keydown", (event) => {
  if (event.key === "?" && !busy(event) && !event.target.matches("input, textarea, select")) document.getElementById("keys")?.showModal();
});
document.addEventListener("click", (event) => { if (event.target.closest("[data-do=keys]")) document.getElementById("keys")?.showModal(); });

document.querySelector("[data-theme-switch]")?.addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; SameSite=Lax`;
});

// What a page asked for by itself and didn't get: said, instead of nothing happening.
document.addEventListener("htmx:responseError", (event) => say(told({ status: event.detail.xhr.status, text: event.detail.xhr.responseText }), true));
document.addEventListener("htmx:sendError", () => say(words.offline, true));
