// Making elements. Words only ever go in as text, never as markup.

import { strings } from "./strings.en.js";

let made = 0;

export const freshId = (name) => `${name}-${++made}`;

export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter(Boolean));
  return node;
}

export function button(label, press, kind = "") {
  const node = make("button", { type: "button", class: `button ${kind}`.trim() }, label);
  node.addEventListener("click", press);
  return node;
}

export const hidden = (words) => make("span", { class: "hidden" }, `${words} `);

export const lines = (text) => String(text ?? "").split(/\r?\n/).map((line) => line.trim()).filter(Boolean);

export const sentences = (text) => String(text ?? "").split(/(?<=[.!?？؟])\s+(?=[\p{Lu}\p{Lo}"“])/u).filter(Boolean);

const LONG = 180;

/** A long line in paragraphs of a few sentences. */
function breathe(line) {
  if (line.length <= LONG) return [line];
  const paragraphs = [];
  for (const sentence of sentences(line)) {
    if (paragraphs.length && paragraphs.at(-1).length + sentence.length < LONG * 0.75) paragraphs.push(`${paragraphs.pop()} ${sentence}`);
    else paragraphs.push(sentence);
  }
  return paragraphs;
}

/** A text as paragraphs and lists: a line is a paragraph, lines that begin with a dash or dot are a list. */
export function prose(text) {
  const nodes = [];
  for (const line of (Array.isArray(text) ? text : lines(text)).flatMap(breathe)) {
    const item = /^[-*•–]\s+(.*)$/.exec(line);
    if (!item) {
      nodes.push(make("p", {}, line));
    } else {
      if (nodes.at(-1)?.tagName !== "UL") nodes.push(make("ul"));
      nodes.at(-1).append(make("li", {}, item[1]));
    }
  }
  return nodes;
}

export const list = (words, kind = "") => make("ul", kind ? { class: kind } : {}, words.map((word) => make("li", {}, word)));

/** Something named by an id or described by an object, in words. */
export function worded(thing) {
  if (thing && typeof thing === "object") return String(thing.name ?? thing.title ?? thing.label ?? thing.words ?? worded(thing.id ?? thing.finding));
  const word = String(thing ?? "");
  return /^[a-z0-9]+(_[a-z0-9]+)*$/.test(word) ? word.replaceAll("_", " ") : word;
}

/** A source: its title, a link where it has a web address. `cited` may name what stands as an id, "ID: what for". */
function source(one, cited) {
  if (typeof one !== "object") {
    const [, id, use] = /^([A-Z][A-Z0-9_]*)(?:: (.*))?$/s.exec(String(one)) ?? [];
    if (!id) return document.createTextNode(String(one));
    if (!cited?.[id]) return document.createTextNode([id.replaceAll("_", " "), use].filter(Boolean).join(": "));
    return make("span", {}, source(typeof cited[id] === "object" ? cited[id] : { title: cited[id] }), use ? ` (${use})` : "");
  }
  const words = String(one.title ?? one.name ?? one.id ?? one.url);
  if (!/^https?:\/\//i.test(one.url ?? "")) return document.createTextNode(words);
  return make("a", { href: one.url, target: "_blank", rel: "noopener noreferrer" }, words);
}

/** The sources of one thing, each once, or nothing. */
export function sourceList(sources, cited) {
  const each = new Map((sources ?? []).filter(Boolean).map((one) => [JSON.stringify(one), one]));
  return each.size ? make("ul", { class: "sources" }, [...each.values()].map((one) => make("li", {}, source(one, cited)))) : null;
}

export function folded(summary, ...children) {
  return make("details", { class: "fold" }, make("summary", {}, summary), make("div", { class: "fold__inside" }, ...children));
}

export function foldedSources(sources, cited) {
  const found = sourceList(sources, cited);
  return found && folded(strings.sources, found);
}
