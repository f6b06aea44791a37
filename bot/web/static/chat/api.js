// The way to the server.
const PATIENCE = 60000;

export async function post(path, body, line = new AbortController()) {
  // A line that hangs is given up: what was asked can be asked again.
  const limit = setTimeout(() => line.abort(), PATIENCE);
  try {
    const response = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal: line.signal,
    });
    const answer = await response.json();
    if (response.ok) return answer;
    throw Object.assign(new Error(answer.error.code), { text: answer.error.text, code: answer.error.code });
  } finally {
    clearTimeout(limit);
  }
}

// Not crypto.randomUUID: browsers have it on https pages only.
export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// To a page that needs the chat: by POST, so that the key to it stands in no address.
export function goTo(path, session) {
  const form = document.createElement("form");
  const field = document.createElement("input");
  Object.assign(form, { method: "post", action: path });
  Object.assign(field, { type: "hidden", name: "session", value: session });
  form.append(field);
  document.body.append(form);
  form.submit();
}
