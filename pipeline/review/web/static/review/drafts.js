// What is typed is kept on this machine until the server has it: by person, page, place and tab, so that two tabs on one thing keep what each of them typed.
// A tab that is open holds a lock of its name; what a tab left that is no longer open goes to the first one that shows its place. Browsers lock over https and on this machine alone:
// elsewhere no tab counts as open, and what was typed goes to who shows its place last.
const SEPARATOR = "\n";
const PATIENCE = 500; // milliseconds until the page that was here before has let go of the tab's name
const who = document.getElementById("say").dataset.who;
const fresh = () => `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
const lockOf = (name) => `tab ${name}`;

let tab = (() => { try { return sessionStorage.getItem("tab") ?? fresh(); } catch { return fresh(); } })();
let living = new Set();

const name = (place, page = location.pathname, of = tab) => ["draft", who, page, place, of].join(SEPARATOR);
const put = (key, draft) => { try { localStorage.setItem(key, JSON.stringify(draft)); } catch { /* private windows keep nothing */ } };
const take = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
const remove = (key) => { try { localStorage.removeItem(key); } catch { /* as above */ } };

// Drafts of a place by all tabs, the latest first: {key, of, at, text}.
const all = (place, page = location.pathname) => {
  const start = name(place, page, "");
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(start)).map((key) => ({ key, of: key.slice(start.length), ...take(key) })).sort((a, b) => b.at - a.at);
  } catch { return []; }
};
const left = (place) => all(place).filter(({ of }) => of !== tab && !living.has(lockOf(of))); // by tabs that are gone

const hold = (how) => new Promise((done) => { navigator.locks.request(lockOf(tab), how, () => { done(true); return new Promise(() => {}); }).catch(() => done(false)); });
const settle = async () => {
  if (navigator.locks) {
    if (!(await hold({ signal: AbortSignal.timeout(PATIENCE) }))) { tab = fresh(); await hold({}); } // a tab that was made of another one
    living = new Set((await navigator.locks.query()).held.map((lock) => lock.name));
  }
  try { sessionStorage.setItem("tab", tab); } catch { /* then it is another tab after it is loaded anew */ }
};

export const drafts = {
  ready: settle(), // then it is known which tabs are gone
  keep(place, text) { put(name(place), { at: Date.now(), text }); },
  of(place) { return take(name(place))?.text ?? null; },
  drop(place) { remove(name(place)); },
  any(place, page) { return all(place, page).length > 0; },
  // Texts for a place that tabs left which are gone, beside the tab's own.
  left(place) { return [...new Set(left(place).map(({ text }) => text))].filter((text) => text !== this.of(place)); },
  // Takes what tabs left that are gone for this page's places: the latest of each where this tab has none of its own.
  adopt() {
    const start = ["draft", who, location.pathname, ""].join(SEPARATOR);
    let places = [];
    try { places = [...new Set(Object.keys(localStorage).filter((key) => key.startsWith(start)).map((key) => key.slice(start.length, key.lastIndexOf(SEPARATOR))))]; } catch { /* nothing is kept */ }
    for (const place of places) {
      const [last] = left(place);
      if (last && this.of(place) === null) { put(name(place), { at: last.at, text: last.text }); remove(last.key); }
    }
    return places;
  },
  // Forgets what another tab left, once it has been taken over or isn't wanted.
  forget(place, text) { left(place).filter((one) => one.text === text).forEach(({ key }) => remove(key)); },
};
