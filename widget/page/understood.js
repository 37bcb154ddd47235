// The panel "What I understood": the findings the server has heard so far, by what was said of them.

import { strings } from "./strings.en.js";
import { folded, list, make, worded } from "./elements.js";

const MANY = 8;

export function showUnderstood(place, findings) {
  if (!Array.isArray(findings)) return;
  const open = place.open;
  const groups = Object.entries(strings.statuses)
    .map(([status, name]) => [name, findings.filter((one) => one?.status === status)])
    .filter(([, found]) => found.length);
  place.hidden = !groups.length;
  place.replaceChildren(
    make("summary", {}, strings.understood),
    make("div", { class: "understood__inside" },
      groups.map(([name, found]) => (found.length > MANY
        ? folded(`${name} (${found.length})`, list(found.map(said)))
        : [make("h3", {}, name), list(found.map(said))])),
      make("p", { class: "small" }, strings.understoodHint)));
  place.open = open;
}

function said({ id, name, words }) {
  const named = worded(name ?? id);
  return words ? make("span", {}, named, make("q", { class: "words" }, words)) : named;
}
