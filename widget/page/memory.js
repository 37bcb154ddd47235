// What this tab remembers: who is talking, and what was said. Gone with the tab, or when the person asks.

const PLACE = "sciatriage.talk";

function newSender() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // A page served without TLS on another name than localhost has no randomUUID.
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Memory {
  constructor() {
    this.forget(false);
    try {
      const kept = JSON.parse(sessionStorage.getItem(PLACE));
      if (typeof kept?.sender === "string" && Array.isArray(kept.entries)) {
        this.sender = kept.sender;
        this.entries = kept.entries;
      }
    } catch {
      // Storage is switched off or unreadable: the talk lives in memory alone.
    }
  }

  add(entry) {
    this.entries.push(entry);
    this.save();
    return entry;
  }

  /** The person's messages the server has not answered yet, oldest first. */
  get waiting() {
    return this.entries.filter((entry) => entry.by === "person" && !entry.answered);
  }

  save() {
    try {
      sessionStorage.setItem(PLACE, JSON.stringify({ sender: this.sender, entries: this.entries }));
    } catch {
      // As above.
    }
  }

  forget(stored = true) {
    this.sender = newSender();
    this.entries = [];
    try {
      if (stored) sessionStorage.removeItem(PLACE);
    } catch {
      // As above.
    }
  }
}
