// The page comes alive here: its parts are found, the talk is restored, and the fields and buttons are wired.

import { strings } from "./strings.en.js";
import { unfoldForPrint } from "./assessment.js";
import { Conversation } from "./conversation.js";
import { Memory } from "./memory.js";

const LONGEST = 4000;
const part = (id) => document.getElementById(id);
const memory = new Memory();
const message = part("message");
const talk = new Conversation(memory, {
  log: part("log"), writing: part("writing"), strip: part("strip"), understood: part("understood"),
  message, messageLabel: part("message-label"), send: part("send"),
});

function showWelcome() {
  const begun = memory.entries.length > 0;
  part("welcome").hidden = begun;
  part("start-again").hidden = !begun;
}

function complain(words) {
  part("message-error").textContent = words;
  message.setAttribute("aria-invalid", String(Boolean(words)));
}

function say(text, shown) {
  part("emergency").open = false;
  talk.say(text, shown);
  showWelcome();
}

function sendWritten() {
  const text = message.value.trim();
  if (talk.busy) return;
  if (!text || text.length > LONGEST) {
    complain(text ? strings.tooLong : strings.nothingWritten);
    message.focus();
    return;
  }
  complain("");
  message.value = "";
  message.focus();
  say(text);
}

part("start").addEventListener("click", () => say(strings.opening.message, strings.opening.shown));
part("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  sendWritten();
});
message.addEventListener("input", () => complain(""));
message.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendWritten();
});

const forget = part("forget");
part("start-again").addEventListener("click", () => forget.showModal());
part("forget-no").addEventListener("click", () => forget.close());
part("forget-yes").addEventListener("click", () => {
  forget.close();
  talk.startAgain();
  message.value = "";
  complain("");
  showWelcome();
  scrollTo(0, 0);
  part("welcome-title").focus({ preventScroll: true });
});

// What sticks to the bottom must not cover what has the focus.
new ResizeObserver(([entry]) => {
  document.documentElement.style.setProperty("--dock", `${Math.ceil(entry.borderBoxSize[0].blockSize)}px`);
}).observe(part("dock"));

unfoldForPrint();
part("dock").hidden = false;
talk.restore();
showWelcome();
