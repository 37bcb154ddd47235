// The talk: what is said goes in, what comes back is shown, and focus goes where the next thing to do is.

import { strings } from "./strings.en.js";
import { Strip } from "./assessment.js";
import { send } from "./connection.js";
import { fault, personSaid, saying } from "./sayings.js";
import { showUnderstood } from "./understood.js";

export class Conversation {
  constructor(memory, page) {
    this.memory = memory;
    this.page = page;
    this.strip = new Strip(page.strip);
    this.open = []; // the questions that still take an answer
    this.busy = false;
    this.talk = 0; // rises when the person starts again: a late answer to the old talk is dropped
  }

  /** After a reload: everything back in its place, without a word to the server. */
  restore() {
    for (const entry of this.memory.entries) {
      if (entry.by === "person") this.addPerson(entry);
      else this.addItem(entry.item);
    }
    if (!this.memory.entries.length) return;
    this.page.writing.textContent = strings.restored;
    if (this.memory.waiting.length) this.showFault(false);
    this.page.log.lastElementChild?.scrollIntoView({ block: "start", behavior: "instant" });
  }

  say(message, shown = message) {
    if (this.busy) return;
    const entry = this.memory.add({ by: "person", message, text: shown, answered: false });
    const bubble = this.addPerson(entry);
    if (document.activeElement !== this.page.message) bubble.focus({ preventScroll: true });
    bubble.scrollIntoView({ block: "nearest" });
    this.deliver();
  }

  sayAgain() {
    const last = this.memory.entries.findLast(({ by }) => by === "person");
    if (last) this.say(last.message, last.text);
  }

  /** Sends what waits, oldest first, until all is answered or one fails. */
  async deliver() {
    if (this.busy) return;
    const talk = this.talk;
    this.waitFor(true);
    const home = document.activeElement;
    const shown = [];
    let failed = false;
    for (const entry of this.memory.waiting) {
      try {
        const items = await send(this.memory.sender, entry.message);
        if (talk !== this.talk) return;
        this.clearFault();
        entry.answered = true;
        for (const item of items) {
          this.memory.add({ by: "bot", item });
          shown.push(this.addItem(item));
        }
      } catch (error) {
        if (talk !== this.talk) return;
        console.info(`Sciatriage: ${error.message}`);
        failed = true;
        break;
      }
    }
    this.waitFor(false);
    if (failed) this.showFault(true, home);
    else this.attend(shown, home);
  }

  startAgain() {
    this.talk += 1;
    this.memory.forget();
    this.open = [];
    this.strip.clear();
    this.page.log.replaceChildren();
    this.page.understood.hidden = true;
    this.page.understood.open = false;
    this.waitFor(false);
    this.nameComposer();
  }

  addPerson(entry) {
    for (const { fieldset, node } of this.open) {
      fieldset.disabled = true;
      node.classList.add("question--answered");
      node.querySelector(".back")?.remove();
    }
    this.open = [];
    this.nameComposer();
    const bubble = personSaid(entry.text);
    this.page.log.append(bubble);
    return bubble;
  }

  addItem(item) {
    const made = saying(item, (message, shown) => this.say(message, shown), () => this.sayAgain());
    if (made.fieldset) {
      this.open.push(made);
      this.nameComposer(made.typed ? made.heading.id : null);
    }
    if (item.custom?.type === "assessment") this.strip.clear();
    this.page.log.append(made.node);
    if (made.emergency) this.strip.stand(made);
    showUnderstood(this.page.understood, item.custom?.understood);
    return made;
  }

  /** The eye and the focus go to the emergency if there is one, else to the first new thing and its question. */
  attend(shown, home) {
    const alarm = shown.find(({ emergency }) => emergency) ?? shown.find(({ failed }) => failed);
    const question = shown.findLast(({ fieldset }) => fieldset);
    const first = alarm ?? shown[0];
    first.node.scrollIntoView({ block: "start" });
    const wandered = document.activeElement !== home && document.activeElement !== document.body;
    // In a low window the text field doesn't stick: whoever is there would be left out of sight of what is new.
    const tall = matchMedia("(min-height: 30.01rem)").matches;
    const writing = document.activeElement === this.page.message
      && (this.page.message.value || (tall ? question?.typed ?? true : !question));
    if (!alarm && (wandered || writing)) return;
    const card = shown.find(({ heading, node }) => heading && node.dataset.type === "assessment");
    // A question to be answered in words: into the text field, unless that would throw up a phone's keyboard.
    const typing = !alarm && !card && question?.typed && tall && matchMedia("(pointer: fine)").matches;
    (typing ? this.page.message : (alarm ?? card ?? question)?.heading)?.focus({ preventScroll: true });
  }

  showFault(announced, home) {
    this.clearFault();
    const made = fault(() => this.deliver());
    this.page.log.append(made.node);
    made.node.scrollIntoView({ block: "start", behavior: announced ? "auto" : "instant" });
    const writing = document.activeElement === this.page.message && this.page.message.value;
    if (announced && !writing && (document.activeElement === home || document.activeElement === document.body)) made.retry.focus({ preventScroll: true });
    this.faultShown = made;
  }

  clearFault() {
    this.faultShown?.node.remove();
    this.faultShown = null;
  }

  waitFor(busy) {
    this.busy = busy;
    document.body.toggleAttribute("data-waiting", busy);
    this.page.writing.textContent = busy ? strings.writing : "";
    this.page.send.setAttribute("aria-disabled", String(busy));
    if (this.faultShown) this.faultShown.retry.setAttribute("aria-disabled", String(busy));
  }

  /** The text field's label, and for a question answered in words the question itself. */
  nameComposer(asked = null) {
    this.page.messageLabel.textContent = asked ? strings.composerAnswer : strings.composer;
    this.page.message.setAttribute("aria-describedby", ["message-error", asked].filter(Boolean).join(" "));
  }
}
