// One item the server sent, shown by its type. What a type doesn't know is still shown: as its text, with its buttons.

import { strings } from "./strings.en.js";
import { assessment, callButtons, crisis, ownEmergencyWords } from "./assessment.js";
import { button, foldedSources, hidden, make, prose } from "./elements.js";
import { optionsUnder, question } from "./question.js";

/** The item's node, and where it has them: heading to focus, fieldset to close, emergency, calls. */
export function saying(item, answer, sayAgain) {
  const custom = item.custom ?? {};
  const made = (TYPES[custom.type] ?? plain)(item, answer, sayAgain);
  if (!made.fieldset) {
    made.fieldset = optionsUnder(item, answer);
    if (made.fieldset) made.node.append(made.fieldset);
  }
  made.node.classList.add("turn");
  made.node.dataset.type = custom.type ?? "information";
  const language = custom.language ?? custom.lang;
  if (typeof language === "string") made.node.lang = language;
  return made;
}

const TYPES = { question, assessment, crisis, fail_safe: failSafe, summary: panel, safety_net: panel, handoff: panel };

function plain(item, answer) {
  if (item.custom?.options?.length || item.buttons?.length) return question(item, answer);
  const node = make("div", { class: "bubble" }, hidden(strings.botSaid), prose(item.text), extras(item));
  return { node };
}

function panel(item) {
  const title = make("h2", { tabindex: -1 }, item.custom.heading ?? strings.titles[item.custom.type]);
  return { node: make("section", { class: "panel" }, title, prose(item.text), extras(item)), heading: title };
}

function extras({ custom = {} }) {
  return [callButtons(custom), foldedSources(custom.sources, custom.cited)].filter(Boolean);
}

function failSafe(item, answer, sayAgain) {
  const title = make("h2", { tabindex: -1 }, item.custom.heading ?? strings.faultHeading);
  const own = callButtons(item.custom) ?? ownEmergencyWords(true);
  const fieldset = make("fieldset", { class: "question__answer" }, make("div", { class: "controls" }, button(strings.tryAgain, sayAgain, "button--main")));
  const node = make("section", { class: "panel panel--fault", role: "alert" }, title, prose(item.text), fieldset, own);
  return { node, heading: title, fieldset, failed: true };
}

/** No answer came: the page's own words, and another try. */
export function fault(again) {
  const title = make("h2", { tabindex: -1 }, strings.faultHeading);
  const retry = button(strings.tryAgain, again, "button--main");
  const node = make("section", { class: "panel panel--fault turn", role: "alert", "data-type": "fault" }, title, prose(strings.faultText), retry,
    ownEmergencyWords(), prose(strings.faultOften));
  return { node, heading: title, retry };
}

export function personSaid(text) {
  return make("div", { class: "bubble bubble--person turn", tabindex: -1 }, hidden(strings.youSaid), prose(text));
}
