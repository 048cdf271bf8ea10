// Pages stay fresh, forms help, nothing depends on it. A socket message names a topic; the page then fetches what it
// shows of that topic again, as the same reader, so what may be seen is decided in one place: the server.

const policy = globalThis.trustedTypes?.createPolicy("klankbord", { createHTML: (html) => html });
const parse = (html) => new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, "text/html");
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const PAUSE = 500; // at most two fetches a second for each place on the page

// --- live places -------------------------------------------------------------------------------------------------
const places = new Map(); // element → { last, timer, busy, again }

function isBeingUsed(place) {
  const active = document.activeElement;
  if (all("form[data-sent]", place).length) return true; // on its way: a second click must not find a fresh key
  return all("input:not([type=hidden]), textarea, select", place).some((field) =>
    field === active || ("checked" in field && field.checked !== field.defaultChecked) ||
    ("defaultValue" in field && field.value !== field.defaultValue) ||
    all("option", field).some((option) => option.selected !== option.defaultSelected && (option.defaultSelected || option.index > 0)));
}

// How to know an element again after a swap: by its id, by what it leads to, or by its words.
function markOf(element) {
  const leads = element.id ? [element.id] : ["href", "name", "value"].map((key) => element.getAttribute(key));
  const form = element.form?.getAttribute("action");
  return JSON.stringify([element.localName, form, leads.some(Boolean) ? leads : element.textContent]);
}

function swap(place, html) {
  const page = parse(html);
  const same = all("[data-src]", page).find((other) => other.dataset.src === place.dataset.src);
  const fresh = [...(same ?? page.body).childNodes].map((node) => document.importNode(node, true));
  const active = place.contains(document.activeElement) ? document.activeElement : null;
  const mark = active && markOf(active);
  const open = all("details[open]", place).map((details) => details.id);
  place.replaceChildren(...fresh);
  open.filter(Boolean).forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  if (active) {
    const target = all(active.localName, place).find((other) => markOf(other) === mark) ?? place;
    if (target === place) place.tabIndex = -1;
    target.focus({ preventScroll: true });
  }
  prepare(place);
  const told = document.getElementById("live-told");
  if (place.dataset.liveAnnounce && told) told.textContent = place.dataset.liveAnnounce;
}

async function refetch(place) {
  const state = places.get(place);
  if (!state || state.timer) return;
  if (state.busy) { state.again = true; return; }
  const wait = Math.max(0, state.last + PAUSE - performance.now());
  state.timer = setTimeout(async () => {
    state.timer = 0;
    if (!place.isConnected) { places.delete(place); return; }
    if (isBeingUsed(place)) { state.late = true; return; } // fetched when the reader is done with the field
    state.busy = true;
    state.last = performance.now();
    try {
      const answer = await fetch(place.dataset.src, { headers: { "X-Fragment": "1" }, credentials: "same-origin", cache: "no-store" });
      const html = answer.ok && !answer.redirected ? await answer.text() : null;
      if (html !== null && isBeingUsed(place)) state.late = true;
      else if (html !== null) swap(place, html);
    } catch { /* offline: the socket will be back, and everything is fetched again then */ }
    state.busy = false;
    if (state.again) { state.again = false; refetch(place); }
  }, wait);
}

const refetchAll = () => [...places.keys()].forEach(refetch);
const catchUp = () => places.forEach((state, place) => {
  if (state.late && !isBeingUsed(place)) { state.late = false; refetch(place); }
});
document.addEventListener("focusout", () => setTimeout(catchUp));

// --- the socket: a ticket is asked for with the page's own form token, and opens one socket ------------------------
const STEADY = 10_000; // open for so long, the next time it is lost counts as the first
let socket = null, asking = false, tries = 0, missed = false, openedAt = 0, offset = 0;

// Thousands of pages lose their socket at once when a server starts anew: each comes back at a moment of its own.
function connectLater() {
  tries += 1;
  missed = true;
  setTimeout(connect, Math.min(60_000, 2000 * 2 ** tries) * (0.5 + Math.random()));
}

// null: try again later; false: not ours to hear, asking again will not help
async function ticketFor(topics) {
  const _csrf_token = document.querySelector("input[name=_csrf_token]")?.value;
  if (!_csrf_token) return false;
  try {
    const body = new URLSearchParams({ _csrf_token, topics: topics.join(), page: location.pathname });
    const answer = await fetch("/live/ticket", { method: "POST", body, credentials: "same-origin", cache: "no-store" });
    if (answer.ok) return (await answer.json()).ticket;
    return [408, 429].includes(answer.status) || answer.status >= 500 ? null : false;
  } catch { return null; }
}

async function connect() {
  const topics = [...new Set([...places.keys()].map((place) => place.dataset.live))];
  if (!topics.length || socket || asking) return;
  asking = true;
  const ticket = await ticketFor(topics);
  asking = false;
  if (ticket === false) return;
  if (ticket === null) { connectLater(); return; }
  const address = new URL(`/live?ticket=${encodeURIComponent(ticket)}`, location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  socket = new WebSocket(address);
  socket.onopen = () => { openedAt = performance.now(); if (missed) refetchAll(); missed = false; };
  socket.onmessage = ({ data }) => {
    let message;
    try { message = JSON.parse(data); } catch { return; }
    if (message.topic === "resync") refetchAll();
    else places.forEach((_, place) => { if (place.dataset.live === message.topic) refetch(place); });
  };
  socket.onclose = () => {
    if (openedAt && performance.now() - openedAt > STEADY) tries = 0;
    socket = null;
    openedAt = 0;
    connectLater();
  };
}

// --- time left, by the server's clock ------------------------------------------------------------------------------
function tellTime(time) {
  const minutes = Math.floor((Date.parse(time.dateTime) - Date.now() - offset) / 60_000);
  const { days, hours, minutes: many, minute, last, over } = time.dataset;
  const words = minutes < 0 ? over : minutes >= 2880 ? days.replace("{n}", Math.floor(minutes / 1440))
    : minutes >= 120 ? hours.replace("{n}", Math.floor(minutes / 60))
    : minutes > 1 ? many.replace("{n}", minutes) : minutes === 1 ? minute : last;
  if (time.textContent !== words) time.textContent = words;
}

// --- forms ---------------------------------------------------------------------------------------------------------
function guide(area) {
  const count = document.getElementById(`${area.id}-count`);
  if (!count || area.dataset.guided) return;
  area.dataset.guided = "yes";
  let timer = 0;
  const tell = () => {
    const typed = [...area.value].length, left = Number(area.dataset.max) - typed;
    const isShort = area.dataset.short && typed > 0 && typed < Number(area.dataset.enough);
    count.setAttribute("aria-live", isShort || left <= 200 ? "polite" : "off"); // heard only where it helps
    count.textContent = isShort ? area.dataset.short : (left < 0 ? area.dataset.over : area.dataset.left).replace("{n}", Math.abs(left).toLocaleString(document.documentElement.lang));
    count.classList.toggle("is-over", left < 0);
  };
  area.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(tell, 400); });
  if (area.value) tell();
}

const buttonsOf = (form) => all("button:not([type=button])", form);
const release = (form) => { delete form.dataset.sent; buttonsOf(form).forEach((button) => button.removeAttribute("aria-disabled")); catchUp(); };
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (event.defaultPrevented || form.method !== "post") return;
  form.dataset.sent = "yes";
  buttonsOf(form).forEach((button) => button.setAttribute("aria-disabled", "true"));
  setTimeout(release, 8000, form); // a download leaves the page standing
});

// --- ideas like the one being written: looked for after a word or a pause, at most twice a second; focus stays ----------
function offerSimilar(place) {
  const form = place.closest("form");
  if (!form || place.dataset.offers) return;
  place.dataset.offers = "yes";
  const FIELDS = ["title", "body", "stuck"];
  const wordsOf = () => FIELDS.map((name) => form.elements[name]?.value.trim() ?? "").join("\n").trim();
  let shown = "", busy = false, timer = 0, last = -500;
  async function look() {
    const words = wordsOf();
    if (busy || words === shown || words.length < 8 || place.contains(document.activeElement)) return;
    busy = true;
    shown = words;
    last = performance.now();
    const body = new URLSearchParams(["_csrf_token", "kind", ...FIELDS].map((name) => [name, form.elements[name]?.value ?? ""]));
    try {
      const answer = await fetch(place.dataset.similar, { method: "POST", body, credentials: "same-origin", cache: "no-store" });
      if (answer.ok && !answer.redirected) show(await answer.text());
    } catch { /* offline: writing goes on */ }
    busy = false;
    if (wordsOf() !== shown) lookLater(400);
  }
  function show(html) {
    if (place.contains(document.activeElement)) return;
    const wasOpen = place.querySelector("details")?.open, before = place.querySelector("summary")?.textContent;
    place.replaceChildren(...[...parse(html).body.childNodes].map((node) => document.importNode(node, true)));
    const list = place.querySelector("details"), told = document.getElementById("live-told");
    if (!list) return;
    list.addEventListener("toggle", () => { if (list.open) list.querySelector("[name=looked]").value = "1"; });
    list.open = Boolean(wasOpen);
    const summary = list.querySelector("summary").textContent;
    if (told && summary !== before) told.textContent = summary;
  }
  function lookLater(pause) {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(pause, last + 500 - performance.now()));
  }
  form.addEventListener("input", ({ target }) => {
    if (FIELDS.includes(target.name)) lookLater(/[\s.,!?]$/.test(target.value) ? 0 : 300);
  });
}

function prepare(root) {
  all("[data-similar]", root).forEach(offerSimilar);
  all("[data-live][data-src]", root).forEach((place) => { if (!places.has(place)) places.set(place, { last: -PAUSE, timer: 0 }); });
  all("textarea[data-max]", root).forEach(guide);
}

prepare(document);
const stamp = document.querySelector("[data-countdown][data-now]");
if (stamp) offset = Date.parse(stamp.dataset.now) - Date.now();
const tick = () => all("time[data-countdown]").forEach(tellTime);
tick();
setInterval(tick, 15_000);
connect();
document.querySelector("[data-focus]")?.focus();
addEventListener("pageshow", (event) => {
  all("form[data-sent]").forEach(release);
  if (event.persisted) { refetchAll(); connect(); }
});
