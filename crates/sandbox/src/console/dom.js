// Builds and replaces elements. Text is always set as text, so content of a request never becomes markup.

/** An element with properties, `on…` listeners, `aria-…` and `data-…` attributes, and children. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && !name.includes("-") && name !== "list") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

/**
 * Replaces the children of an element. The focus stays on the element with the same `id` or `data-key`, so that a live
 * update does not move the focus to the start of the page.
 */
export function replace(parent, ...children) {
  const active = parent.contains(document.activeElement) ? document.activeElement : null;
  const key = active && (active.id || active.dataset.key);
  parent.replaceChildren(...children.flat().filter(Boolean));
  if (!key) return;
  const quoted = CSS.escape(key);
  parent.querySelector(`#${quoted}, [data-key="${quoted}"]`)?.focus({ preventScroll: true });
}

/** A description from the spec, with `code` and **strong** as in Markdown. */
export function prose(text) {
  const parts = String(text ?? "").split(/(`[^`]+`|\*\*[^*]+\*\*)/);
  return parts.filter(Boolean).map((part) => {
    if (/^`.+`$/.test(part)) return h("code", {}, part.slice(1, -1));
    if (/^\*\*.+\*\*$/.test(part)) return h("strong", {}, part.slice(2, -2));
    return part;
  });
}

/** Why the last action failed, if it did. */
export function failure({ problem }) {
  return problem && h("p", { className: "failed", role: "alert" }, problem);
}

/** Announces a message to screen readers without showing it. */
export function announce(text) {
  document.getElementById("announcer").textContent = text;
}

/** A button that copies a string, and confirms it. */
export function copyButton(label, text, properties = {}) {
  const button = h("button", { type: "button", ...properties, onclick: copy }, label);
  async function copy() {
    let said = "Copied";
    try {
      await navigator.clipboard.writeText(typeof text === "function" ? text() : text);
    } catch {
      said = "Not copied: the browser refused";
    }
    button.textContent = said;
    announce(said);
    setTimeout(() => (button.textContent = label), 1500);
  }
  return button;
}

/** A command that can be pasted, with its button. */
export function command(text) {
  return h("div", { className: "command" }, h("pre", { tabIndex: 0, "aria-label": "Command" }, text), copyButton("Copy", text));
}

/** The time of day, with the date in its tooltip. */
export function time(text) {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return h("span", {}, text ?? "");
  const two = (number) => String(number).padStart(2, "0");
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  return h("time", { dateTime: text, title: date.toLocaleString() }, clock);
}
