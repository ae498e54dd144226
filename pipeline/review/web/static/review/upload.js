// Uploading to a batch: folders, ZIPs and files, dropped or chosen, sent piece by piece. After a cut it goes on by itself; after a closed page, when the same is dropped again.
import { renewToken } from "./common.js";

const root = document.querySelector("[data-upload]");
const words = root.dataset;
const PIECE = Number(words.piece), AT_ONCE = Number(words.atOnce), SENDERS = 2, LISTED = 100, HASHED = 256 * 2 ** 20, AGAIN = 3;
const find = (name) => root.querySelector(`[data-${name}]`);
const received = document.getElementById("received");
const bar = document.getElementById("upload-all");
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const megabytes = (n) => (n / 2 ** 20).toFixed(1);
const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

const queue = []; // files to be sent: {file, label, name, id, received, row}
const all = { files: 0, done: 0, size: 0, received: 0, resumed: 0, since: 0, quarter: 0 };
let sending = 0;
let announcing = 0;

// ---------------------------------------------------------------- telling

const say = (text) => { find("say").textContent = text; };
const wrong = (text) => { const place = find("wrong"); place.hidden = !text; if (place.textContent !== text) place.textContent = text; };

const refuse = (name, why) => {
  const list = find("refused");
  if (list.hidden) list.replaceChildren();
  list.hidden = false;
  const line = document.createElement("li");
  line.textContent = `${words.kept}${name} — ${why}`;
  list.append(line);
};

const tell = () => {
  bar.max = all.size || 1;
  bar.value = all.size ? all.received : Number(all.done === all.files);
  const seconds = (Date.now() - all.since) / 1000, sent = all.received - all.resumed;
  const left = seconds > 3 && sent > 0 && all.received < all.size ? ((all.size - all.received) * seconds) / sent : 0;
  const time = left < 90 ? `${Math.ceil(left)} s` : `${Math.ceil(left / 60)} min`;
  const figures = fill(words.told, { done: all.done, files: all.files, received: megabytes(all.received), size: megabytes(all.size) });
  find("figures").textContent = left ? `${figures} · ${fill(words.left, { time })}` : figures;
  const quarter = Math.floor((4 * all.received) / (all.size || 1));
  if (quarter > all.quarter) { all.quarter = quarter; say(figures); } // heard four times, not at every piece
};

const listed = (one) => {
  const row = document.createElement("li"), name = document.createElement("span"), own = document.createElement("progress"), state = document.createElement("span");
  name.textContent = `${one.label} / ${one.name}`;
  own.max = one.file.size || 1;
  own.setAttribute("aria-label", name.textContent);
  row.append(name, own, state);
  find("files").append(row);
  one.row = { row, own, state };
};

const moved = (one, now) => {
  all.received += now - one.received;
  one.received = now;
  if (one.row) one.row.own.value = now;
  tell();
};

const ended = (one, text) => {
  all.done += 1;
  if (one.row) { one.row.own.value = one.row.own.max; one.row.state.textContent = text; if (all.files > LISTED) one.row.row.remove(); }
  tell();
};

// ---------------------------------------------------------------- the table of what is here

// What is typed into it and where one stands in it outlast its being renewed.
const typed = new Map();
received.addEventListener("input", ({ target }) => typed.set(target.name, target.type === "checkbox" ? target.checked : target.value));
const renew = (nodes) => {
  const at = received.contains(document.activeElement) ? document.activeElement : null, place = at && [at.id, at.name, at.selectionStart, at.selectionEnd];
  received.replaceChildren(...nodes);
  for (const [name, value] of typed) {
    const one = received.querySelector(`[name="${name}"]`);
    if (one?.type === "checkbox") one.checked = value; else if (one) one.value = value;
  }
  if (!place) return;
  const [id, name, start, end] = place;
  const now = (id && document.getElementById(id)) || (name && received.querySelector(`[name="${name}"]`)) || null;
  now?.focus();
  if (now?.type === "text") now.setSelectionRange(start, end);
};
const refresh = async () => {
  const answer = await fetch(words.rows, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).catch(() => null);
  if (answer?.ok) renew(new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
};

// ---------------------------------------------------------------- talking to the server

const token = () => document.querySelector("input[name=csrfmiddlewaretoken]").value;

// Posts until there is an answer that says something about what was sent: {status, told}.
const post = async (url, body, type) => {
  for (let tries = 0; ; tries += 1) {
    try {
      const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token(), "Content-Type": type, Accept: "application/json" }, credentials: "same-origin", redirect: "manual" });
      if (answer.ok || answer.status === 409 || answer.status === 422) { wrong(""); return { status: answer.status, told: await answer.json() }; }
      if (answer.status === 413) { wrong(""); return { status: 413, told: { detail: words.broken } }; }
      if (answer.status === 403 && (await renewToken()) && tries < AGAIN) continue;
      wrong(answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect" ? words.loggedOut : words.broken);
      if (answer.status === 401) await renewToken().catch(() => {});
    } catch {
      wrong(words.offline);
    }
    await pause(Math.min(2 ** tries, 15));
  }
};

const digest = async (file) => {
  if (!globalThis.crypto?.subtle || file.size > HASHED) return ""; // over plain http the server's own word has to do
  const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

const send = async (one) => {
  if (!one.row) listed(one);
  const url = words.pieceUrl.replace(/0$/, one.id);
  const sha256 = await digest(one.file);
  for (let restarts = 0; ;) {
    const data = await one.file.slice(one.received, one.received + PIECE).arrayBuffer();
    const { status, told } = await post(`${url}?offset=${one.received}&sha256=${sha256}`, data, "application/octet-stream");
    if (status === 409 && restarts < AGAIN) {
      if (told.received < one.received) restarts += 1;
      moved(one, told.received);
      continue;
    }
    if (status !== 200) throw new Error(told.detail);
    moved(one, told.received);
    if (told.sha256) return;
  }
};

const sender = async () => {
  sending += 1;
  for (let one = queue.shift(); one; one = queue.shift()) {
    try {
      await send(one);
      ended(one, "✓");
    } catch (error) { // the file can't be read any more, or isn't taken
      refuse(`${one.label}/${one.name}`, error.message);
      all.files -= 1;
      all.size -= one.file.size;
      all.received -= one.received;
      one.row?.row.remove();
      tell();
    }
  }
  sending -= 1;
  if (!sending && !announcing) finished();
};

const finished = async () => {
  await refresh();
  if (all.files) say(fill(words.allHere, { files: all.files }));
  find("figures").textContent = fill(words.allHere, { files: all.files });
};

const start = () => { while (sending < SENDERS && queue.length) sender(); };

// ---------------------------------------------------------------- what was dropped or chosen

// To which submission each belongs: by its folder, a ZIP by itself, the rest by the number that was typed.
const placed = (found) => {
  const below = root.querySelector("[name=each]:checked").value === "below", loose = document.getElementById("loose").value.trim();
  const depth = below ? 2 : 1;
  const tops = new Map();
  for (const { path } of found) { const [top, sub] = path.split("/"); tops.set(sub, (tops.get(sub) ?? new Set()).add(top)); }
  return found.flatMap(({ file, path }) => {
    const parts = path.split("/");
    if (parts.length > depth) {
      const label = below && tops.get(parts[1]).size > 1 ? `${parts[0]}/${parts[1]}` : parts[depth - 1];
      return [{ file, label, name: parts.slice(depth).join("/") }];
    }
    const name = parts.at(-1);
    if (/\.zip$/i.test(name)) return [{ file, label: name.slice(0, -4) || name, name }];
    if (loose) return [{ file, label: loose, name }];
    refuse(path, words.loose);
    return [];
  });
};

const take = async (found) => {
  find("refused").hidden = true;
  const files = placed(found);
  if (!files.length) { if (!found.length) wrong(words.nothing); return; }
  if (!sending && !queue.length) { Object.assign(all, { files: 0, done: 0, size: 0, received: 0, resumed: 0, since: Date.now(), quarter: 0 }); find("files").replaceChildren(); }
  find("going").hidden = false;
  announcing += 1;
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const some = files.slice(at, at + AT_ONCE);
    const body = JSON.stringify(some.map(({ file, label, name }) => ({ folder: label, name, size: file.size, modified: file.lastModified })));
    const { status, told } = await post(words.announce, body, "application/json");
    if (status !== 200) { wrong(told.detail); break; }
    some.forEach((one, n) => {
      const here = told.files[n];
      if (here.pk === null) { refuse(`${one.label}/${one.name}`, here.refused); return; }
      Object.assign(one, { id: here.pk, received: here.received });
      all.files += 1;
      all.size += one.file.size;
      all.received += here.received;
      all.resumed += here.received;
      if (all.files <= LISTED) listed(one);
      if (here.sha256) ended(one, words.here); else queue.push(one);
    });
    tell();
    await refresh();
    start();
  }
  announcing -= 1;
  if (!sending && !queue.length && !announcing) finished();
};

const entries = (reader) => new Promise((done, failed) => reader.readEntries(done, failed));
const walk = async (entry, before) => {
  const path = before + entry.name;
  if (entry.isFile) return [{ file: await new Promise((done, failed) => entry.file(done, failed)), path }];
  const found = [], reader = entry.createReader();
  for (let some = await entries(reader); some.length; some = await entries(reader)) for (const one of some) found.push(...(await walk(one, `${path}/`))); // a reader gives a hundred at a time
  return found;
};

const zone = find("drop");
const over = (event, on) => { event.preventDefault(); zone.classList.toggle("over", on); };
zone.addEventListener("dragenter", (event) => over(event, true));
zone.addEventListener("dragover", (event) => over(event, true));
zone.addEventListener("dragleave", (event) => { if (!zone.contains(event.relatedTarget)) over(event, false); });
for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault()); // beside the zone a browser would open the file
zone.addEventListener("drop", async (event) => {
  over(event, false);
  const items = [...event.dataTransfer.items].filter((item) => item.kind === "file").map((item) => ({ entry: item.webkitGetAsEntry?.(), file: item.getAsFile() })); // gone after the first pause
  const found = [];
  for (const { entry, file } of items) {
    try {
      if (entry) found.push(...(await walk(entry, "")));
      else if (file) found.push({ file, path: file.name });
    } catch (error) { refuse(entry?.name ?? file?.name ?? "", error.message); }
  }
  await take(found);
});
for (const id of ["pick-folder", "pick-files"]) {
  document.getElementById(id).addEventListener("change", async (event) => {
    const found = [...event.target.files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
    event.target.value = "";
    await take(found);
  });
}

setInterval(() => { if (sending) refresh(); }, 3000);
window.addEventListener("beforeunload", (event) => { if (sending || announcing) event.preventDefault(); });
