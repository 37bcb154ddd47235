// One message to the server, and the items it answers. Silence, slowness and errors are all failures here.

const PATIENCE = 8000;

export async function send(sender, message) {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), PATIENCE);
  try {
    const reply = await fetch(new URL("webhooks/rest/webhook", document.baseURI), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ sender, message }),
      cache: "no-store",
      credentials: "same-origin",
      signal: late.signal,
    });
    if (!reply.ok) throw new Error(`the server answered ${reply.status}`);
    const items = await reply.json();
    const said = Array.isArray(items) ? items.filter((item) => item && (item.text || item.custom)) : [];
    if (!said.length) throw new Error("the server said nothing");
    return said;
  } finally {
    clearTimeout(timer);
  }
}
