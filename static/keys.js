// Single keys for who works through the queue. Each key does what a control on the page does: nothing is only here.
// Switched off for a person, this file is not on the page at all.

const all = (selector) => [...document.querySelectorAll(selector)];
const isTyping = (element) => element?.isContentEditable || /^(TEXTAREA|SELECT)$/.test(element?.tagName ?? "") ||
  (element?.tagName === "INPUT" && !["checkbox", "radio", "button", "submit"].includes(element.type));

function step(by) {
  const rows = all(".queue-row > a");
  const current = document.activeElement?.closest(".queue-row")?.querySelector(":scope > a") ?? null;
  const chosen = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const at = current ? rows.indexOf(current) : chosen >= 0 ? chosen : by > 0 ? -1 : rows.length;
  const row = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

function open(id, field) {
  const details = document.getElementById(id);
  if (!details) return;
  details.open = true;
  details.querySelector(field)?.focus();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  x: () => document.activeElement?.closest(".queue-row")?.querySelector("input[type=checkbox]")?.click(),
  "/": () => open("filters", "input[type=search]"),
  "?": () => open("keys", "summary"),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat && !"jk".includes(event.key)) return;
  if (isTyping(document.activeElement)) return;
  const control = /^[a-z]$/.test(event.key) ? document.querySelector(`[data-key="${event.key}"]`) : null;
  const act = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : control ? () => control.click() : null;
  if (!act) return;
  event.preventDefault();
  act();
});
