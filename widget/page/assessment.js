// The result as a care card: blue for what can wait, red for today, red and dark for an emergency.

import { strings } from "./strings.en.js";
import { button, folded, hidden, lines, list, make, prose, sentences, sourceList, worded } from "./elements.js";

/** Whom an item says to call: `calls`, or the fail-safe's `numbers` by line. */
const callsOf = ({ calls, numbers }) =>
  (Array.isArray(calls) ? calls : [numbers?.emergency, numbers?.urgent].map((number) => ({ number }))).filter((call) => call?.number);

export function callButtons(custom) {
  const numbers = callsOf(custom);
  return numbers.length ? make("ul", { class: "calls" }, numbers.map((call) => make("li", {}, callLink(call)))) : null;
}

function callLink({ label, number }) {
  const words = label ? strings.call(String(label), String(number)) : strings.callNumber(number);
  return make("a", { class: "call", href: `tel:${String(number).replace(/[^\d+*#]/g, "")}` }, words);
}

/** The page's own emergency words, as they stand in its header. */
export function ownEmergencyWords(onlyNumbers = false) {
  const words = document.getElementById("emergency-words");
  const from = onlyNumbers ? words.querySelectorAll(".numbers") : words.children;
  return make("div", { class: "own-words" }, [...from].map((node) => node.cloneNode(true)));
}

export function assessment(item) {
  const custom = item.custom ?? {};
  const { urgency, level, heading } = strings.levels[custom.disposition] ?? strings.levels.out_of_scope;
  const emergency = urgency === "emergency";
  const title = make("h2", { class: "card__title", tabindex: -1 }, hidden(level), custom.heading || heading);
  const because = reasons(custom);
  const rest = [
    differential(custom, emergency || urgency === "urgent"),
    advice(custom.advice, custom.week),
    withheld(custom.week?.withheld ?? custom.withheld_advice),
    custom.safety_net && make("section", { class: "card__net" }, make("h3", {}, strings.safetyNet), prose(custom.safety_net)),
    everySource(custom),
  ];
  const told = [
    lead(item.text, custom, title),
    custom.final === false && !emergency && make("p", { class: "small" }, strings.notFinal),
    callButtons(custom) ?? (emergency && ownEmergencyWords(true)),
    because.length && [make("h3", {}, strings.reasons), list(because)],
  ].filter(Boolean);
  const end = make("div", { class: "card__end" },
    button(strings.print, () => printCard(node)),
    make("p", { class: "small" }, strings.reference(custom.case_id, custom.knowledge_version)));
  const node = make("article", { class: `card card--${urgency}`, "data-disposition": custom.disposition, "data-emergency": emergency },
    make("div", { class: "card__first", role: emergency ? "alert" : null }, make("div", { class: "card__head" }, title), make("div", { class: "card__told" }, told)),
    make("div", { class: "card__rest" }, rest, end));
  return { node, heading: title, emergency, calls: callsOf(custom) };
}

export function crisis(item) {
  const custom = item.custom ?? {};
  const title = make("h2", { class: "card__title", tabindex: -1 }, hidden(strings.crisisLevel), custom.heading || strings.crisisHeading);
  const node = make("article", { class: "card card--crisis", "data-emergency": true },
    make("div", { class: "card__first", role: "alert" }, make("div", { class: "card__head" }, title),
      make("div", { class: "card__told" }, prose(item.text), callButtons(custom) ?? ownEmergencyWords(true))));
  return { node, heading: title, emergency: true, calls: callsOf(custom), jump: strings.crisisHeading };
}

/** Why: the reasons of this level where there are some, not the lesser ones beside them. */
function reasons({ red_flags: flags, reasons: others, disposition }) {
  const all = [...(flags ?? []), ...(others ?? [])].filter((one) => one?.because);
  const these = all.filter(({ level }) => level === disposition);
  return [...new Set((these.length ? these : all).map(({ because }) => because))];
}

const plain = (text) => String(text).toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

/** What to do and whom to call; without them the item's text, less the lines that stand elsewhere on the card. */
function lead(text, custom, title) {
  if (custom.what_to_do) {
    const [first, ...steps] = sentences(custom.what_to_do);
    return [make("p", {}, first), steps.length > 0 && list(steps), prose(custom.who_to_call)];
  }
  const elsewhere = plain([title.lastChild.textContent, custom.safety_net,
    ...[...(custom.red_flags ?? []), ...(custom.differential ?? []), ...(custom.advice ?? []), ...(custom.withheld_advice ?? [])]
      .map((one) => [one?.because, one?.title, one?.text, one?.words, one?.name].filter(Boolean).join(" "))].join(" "));
  return prose(lines(text).filter((line) => !` ${elsewhere} `.includes(` ${plain(line)} `)));
}

const WORTH_NAMING = 0.2;

/** What it may be; behind a fold where getting help comes first. */
function differential(custom, folds) {
  const known = (custom.differential ?? []).filter((one) => one?.condition || one?.name);
  if (!known.length) return null;
  const names = new Map((custom.understood ?? []).map(({ id, name }) => [id, name]));
  const show = (one) => condition(one, names);
  const likely = known.filter(({ score }, at) => at < 3 && (at === 0 || !Number.isFinite(score) || score >= WORTH_NAMING));
  const rest = known.slice(likely.length);
  const said = [prose(custom.may_be?.length ? custom.may_be.join(" ") : strings.possibleNote), likely.map(show)];
  const less = rest.length > 0 && folded(strings.lessLikely, rest.map(show));
  return folds ? folded(strings.possible, said, less) : make("section", {}, make("h3", {}, strings.possible), said, less);
}

function condition(one, names) {
  const name = worded(one.name ?? one.condition);
  const row = (label, findings) => findings?.length > 0 &&
    make("p", { class: "points" }, make("strong", {}, label), ` ${findings.map((id) => names.get(id) ?? worded(id)).join("; ")}`);
  return make("div", { class: "condition" }, make("h4", {}, name.charAt(0).toUpperCase() + name.slice(1)),
    prose(one.words ?? one.text), row(strings.fits, one.for), row(strings.against, one.against));
}

const ENOUGH = 5;

/** Cautions and the first advice in the open, the rest of it, what a clinician may add and what is good to know behind folds. */
function advice(items, plan) {
  if (!items?.length) return null;
  const show = (one) => make("div", { class: "advice" }, one.title && make("h4", {}, one.title), prose(one.text));
  const later = Object.entries(strings.laterAdvice).map(([kind, name]) => [name, items.filter((one) => one.kind === kind)]);
  const first = items.filter((one) => !(one.kind in strings.laterAdvice));
  const more = first.filter((one) => one.kind !== "caution").slice(ENOUGH);
  return make("section", {}, make("h3", {}, strings.advice), first.filter((one) => !more.includes(one)).map(show),
    week(plan, items), more.length > 0 && folded(strings.moreAdvice, more.map(show)),
    later.filter(([, some]) => some.length).map(([name, some]) => folded(name, some.map(show))));
}

/** The week day by day, behind a fold. How an item is done stands beside it already, unless it is only for later days. */
function week(plan, advised) {
  if (!plan?.days?.length) return null;
  const beside = new Set(advised.map(({ id }) => id));
  const item = (one) => make("li", {}, make("strong", {}, one.title),
    !beside.has(one.id) ? `: ${one.text}` : one.how_often ? `: ${one.how_often}.` : ".", one.stop_if && ` ${one.stop_if}`);
  const stops = (plan.stop_rules ?? []).map(({ text }) => text);
  return folded(plan.title, prose(plan.intro),
    byDay(plan.days).map(({ heading, items }) => [make("h4", {}, heading), make("ul", {}, items.map(item))]),
    stops.length > 0 && [make("h4", {}, plan.stop_title), list(stops)], prose(plan.check_in));
}

/** What is for every day once, then what changes from day to day. */
function byDay(days) {
  if (days.length === 1) return days;
  const isDaily = ({ id }) => days.every(({ items }) => items.some((one) => one.id === id));
  return [{ heading: strings.everyDay, items: days[0].items.filter(isDaily) },
    ...days.map(({ heading, items }) => ({ heading, items: items.filter((one) => !isDaily(one)) }))]
    .filter(({ items }) => items.length);
}

function withheld(items) {
  if (!items?.length) return null;
  return make("section", {}, make("h3", {}, strings.withheld), make("ul", {}, items.map((one) =>
    make("li", {}, make("strong", {}, worded(one.title ?? one.id)), one.because ? `: ${one.because}` : ""))));
}

/** All sources in one fold, each under the name of what it carries. */
function everySource(custom) {
  const groups = [
    [strings.reasons, [...(custom.red_flags ?? []), ...(custom.reasons ?? [])].flatMap((one) => one?.sources ?? [])],
    [strings.possible, (custom.differential ?? []).flatMap((one) => one?.sources ?? [])],
    ...(custom.advice ?? []).map((one) => [one.title ?? worded(one.id), one.sources]),
    [custom.week?.title, [custom.week, ...(custom.week?.stop_rules ?? [])].flatMap((one) => one?.sources ?? [])],
    [strings.withheld, (custom.week?.withheld ?? custom.withheld_advice ?? []).flatMap((one) => one?.sources ?? [])],
    [strings.safetyNet, custom.sources],
  ].map(([name, sources]) => [name, sourceList(sources, custom.cited)]).filter(([, sources]) => sources);
  return groups.length ? folded(strings.sources, groups.map(([name, sources]) => [make("h4", {}, name), sources])) : null;
}

function printCard(card) {
  card.toggleAttribute("data-printing", true);
  document.body.toggleAttribute("data-print-card", true);
  addEventListener("afterprint", () => {
    card.toggleAttribute("data-printing", false);
    document.body.toggleAttribute("data-print-card", false);
  }, { once: true });
  print();
}

/** On paper nothing is folded. */
export function unfoldForPrint() {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll(".log details:not([open])")];
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });
}

/** While an emergency stands, a strip at the top stays in sight: back to the card, and the number to call. */
export class Strip {
  constructor(place) {
    this.place = place;
  }

  stand({ heading, calls, jump }) {
    const go = button(jump ?? strings.stripJump, () => {
      heading.scrollIntoView({ block: "start" });
      heading.focus({ preventScroll: true });
    }, "button--strip");
    const [first] = calls;
    this.place.replaceChildren(make("div", { class: "column strip__row" }, go, first && callLink({ number: first.number })));
    this.place.hidden = false;
  }

  clear() {
    this.place.hidden = true;
    this.place.replaceChildren();
  }
}
