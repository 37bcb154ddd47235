// A question and the controls that answer it, one kind after the other. Free text stays possible beside them all.
// `answer(message, shown)` sends the message; the transcript shows the other words where they are given.

import { strings } from "./strings.en.js";
import { button, folded, freshId, lines, make, prose, sentences, sourceList } from "./elements.js";

export function question(item, answer) {
  const custom = item.custom ?? {};
  const options = custom.options?.length ? custom.options : fromButtons(item.buttons);
  const kind = KINDS[custom.kind] ? custom.kind : options.length ? "choice" : "text";
  const { before, asked, after } = parts(item.text);
  const heading = make("h2", { class: "question__asked", tabindex: -1, id: freshId("asked") }, asked);
  const controls = make("div", { class: "controls" }, KINDS[kind](options, answer, { ...custom, text: item.text }));
  const fieldset = make("fieldset", { class: "question__answer" }, make("legend", {}, heading), prose(after), controls);
  const form = make("form", { class: "question", novalidate: true, "data-kind": kind, "data-asks": custom.value, "data-question": custom.id }, prose(before), fieldset, footer(custom, answer));
  form.addEventListener("submit", (event) => event.preventDefault());
  return { node: form, heading, fieldset, typed: kind === "text" };
}

/** A question's words: what comes before it, the sentence that asks, what follows. */
function parts(text) {
  const all = lines(text);
  let at = all.findLastIndex((line) => /[?？؟]/.test(line));
  if (at < 0) at = all.length - 1;
  const said = sentences(all[at] ?? strings.yourAnswer);
  const asks = said.findLastIndex((sentence) => /[?？؟]$/.test(sentence));
  if (asks < 0) return { before: all.slice(0, at), asked: said.join(" "), after: all.slice(at + 1) };
  const around = (some) => (some.length ? [some.join(" ")] : []);
  return {
    before: [...all.slice(0, at), ...around(said.slice(0, asks))],
    asked: said[asks],
    after: [...around(said.slice(asks + 1)), ...all.slice(at + 1)],
  };
}

function fromButtons(buttons) {
  return (buttons ?? []).map(({ title, payload }) => ({ label: title, payload }));
}

/** Buttons under an item that isn't a question, or nothing. */
export function optionsUnder(item, answer) {
  const options = item.custom?.options?.length ? item.custom.options : fromButtons(item.buttons);
  return options.length ? make("fieldset", { class: "question__answer" }, make("div", { class: "controls" }, bigButtons(options, answer, {}))) : null;
}

function footer(custom, answer) {
  const why = custom.why || custom.sources?.length;
  const { asked, at_most: atMost } = custom.progress ?? {};
  const known = Number.isFinite(asked) && Number.isFinite(atMost) && atMost > 0;
  const back = button(strings.goBack.shown, () => answer(strings.goBack.message, strings.goBack.shown), "button--link");
  return make("div", { class: "question__foot" },
    why && folded(strings.why, prose(custom.why || strings.noWhy), sourcesUnder(custom)),
    make("div", { class: "question__last" },
      known && make("p", { class: "progress" },
        make("progress", { class: "progress__bar", max: atMost, value: Math.min(asked, atMost), "aria-hidden": "true" }),
        strings.progress(asked, atMost)),
      known && asked > 1 && make("span", { class: "back" }, back)));
}

function sourcesUnder({ sources, cited }) {
  const found = sourceList(sources, cited);
  return found && [make("p", { class: "small" }, `${strings.sources}:`), found];
}

const KINDS = { yes_no: bigButtons, choice: bigButtons, checklist, number, duration, text: bigButtons };

function bigButtons(options, answer, custom) {
  if (!options.length) return [];
  const wide = custom.kind === "yes_no" && options.every(({ label }) => label.length < 14);
  return [make("div", { class: wide ? "options options--row" : "options" }, options.map((option) => {
    const onward = option.value === "continue";
    const node = button(option.label, () => answer(option.payload ?? option.label, option.label), onward ? "button--main" : "");
    if (onward) node.dataset.value = "continue";
    return node;
  }))];
}

function checklist(options, answer, custom) {
  const problem = make("p", { class: "error", id: freshId("problem"), role: "alert" });
  const given = options.filter(({ finding }) => !finding);
  const alone = given.length ? given : [{ label: strings.noneOfThese }];
  const rows = [...options.filter(({ finding }) => finding).map((option) => row(option, false)), ...alone.map((option) => row(option, true))];

  function row(option, single) {
    const id = freshId("tick");
    const box = make("input", { type: "checkbox", id, "aria-describedby": problem.id });
    const unsure = single ? null : button(strings.notSure, () => {}, "button--toggle");
    unsure?.setAttribute("aria-pressed", "false");
    unsure?.setAttribute("aria-label", strings.notSureAbout(option.label));
    const node = make("div", { class: single ? "tick tick--none" : "tick" },
      make("label", { class: "tick__label", for: id }, box, make("span", {}, option.label)), unsure);
    const made = { option, single, box, unsure, node };
    box.addEventListener("change", () => box.checked && settle(made, false));
    unsure?.addEventListener("click", () => {
      const pressed = !isPressed(unsure);
      unsure.setAttribute("aria-pressed", String(pressed));
      if (pressed) settle(made, true);
    });
    return made;
  }

  /** One row was just chosen: what can't stand beside it is cleared. */
  function settle(chosen, asUnsure) {
    problem.textContent = "";
    if (asUnsure) chosen.box.checked = false;
    else chosen.unsure?.setAttribute("aria-pressed", "false");
    for (const other of rows) {
      if (other === chosen || !(chosen.single || other.single)) continue;
      other.box.checked = false;
      other.unsure?.setAttribute("aria-pressed", "false");
    }
  }

  const sendIt = button(strings.send, () => {
    const picked = rows.filter(({ box, unsure }) => box.checked || isPressed(unsure));
    if (picked.length) {
      answer(picked.map(({ option, box }) => (box.checked ? words(option) : strings.notSureSent(option.label))).join("; "),
        shown(picked.map(({ option, box }) => (box.checked ? option.label : strings.notSureAbout(option.label)))));
      return;
    }
    problem.textContent = strings.tickSomething(alone.at(-1).label);
    rows[0].box.focus();
  }, "button--main");
  const hint = [/\btick\b/i.test(custom.text) ? "" : strings.tickHint,
    custom.unticked_means_no && !/\bempty\b/i.test(custom.text) ? strings.emptyMeansNo : ""].filter(Boolean).join(" ");
  return [hint && make("p", { class: "small" }, hint), ...rows.map(({ node }) => node), problem, sendIt];
}

const isPressed = (toggle) => toggle?.getAttribute("aria-pressed") === "true";

/** A label is what is sent, but one that holds the separator goes as its payload. */
const words = (option) => (option.label.includes(";") && option.payload ? option.payload : option.label);

/** How the transcript shows ticked rows: one as it is, several as a list. */
const shown = (picked) => (picked.length > 1 ? picked.map((label) => `• ${label}`).join("\n") : picked[0]);

// Numbers are text fields with a number pad: a real number field changes its value when the wheel turns over it.
function numberField(label, id, problem) {
  const input = make("input", { class: "field field--number", id, type: "text", inputmode: "decimal", autocomplete: "off", "aria-describedby": problem.id });
  return { input, node: make("div", { class: "entry" }, make("label", { for: id }, label), input) };
}

function read(input) {
  const text = input.value.trim().replace(",", ".");
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

function entryForm(options, answer, problem, input, nodes, compose) {
  const complain = (words) => {
    problem.textContent = words;
    input.setAttribute("aria-invalid", "true");
    input.focus();
  };
  const go = () => {
    const said = compose(complain);
    if (said) answer(said);
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      go();
    }
  });
  return [problem, make("div", { class: "entries" }, nodes, button(strings.send, go, "button--main")), ...bigButtons(options, answer, {})];
}

function number(options, answer, custom) {
  const problem = make("p", { class: "error", id: freshId("problem"), role: "alert" });
  const [low, high] = [custom.min ?? strings.ranges[custom.value]?.[0], custom.max ?? strings.ranges[custom.value]?.[1]];
  const { input, node } = numberField(strings.numberLabels[custom.value] ?? strings.yourAnswer, freshId("number"), problem);
  return entryForm(options, answer, problem, input, [node], (complain) => {
    const value = read(input);
    if (value === null) return complain(low === undefined ? strings.numberNeeded : strings.numberBetween(low, high));
    if (value < (low ?? value) || value > (high ?? value)) return complain(strings.numberBetween(low, high));
    return String(value);
  });
}

function duration(options, answer) {
  const problem = make("p", { class: "error", id: freshId("problem"), role: "alert" });
  const { input, node } = numberField(strings.howMany, freshId("number"), problem);
  const unit = make("select", { class: "field", id: freshId("unit") }, strings.units.map(([, many]) =>
    make("option", { value: many, selected: many === "days" }, many)));
  const units = make("div", { class: "entry" }, make("label", { for: unit.id }, strings.unit), unit);
  return entryForm(options, answer, problem, input, [node, units], (complain) => {
    const value = read(input);
    if (value === null) return complain(strings.durationNeeded);
    const [one, many] = strings.units.find(([, plural]) => plural === unit.value);
    return `${value} ${value === 1 ? one : many}`;
  });
}
