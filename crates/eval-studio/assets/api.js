// Requests to the studio. The token stands behind the # of the address, which browsers send to nobody.
const token = location.hash.slice(1);

export const name = () => localStorage.getItem("studio-name") ?? "";
export const rename = (name) => localStorage.setItem("studio-name", name);

// An answer that is an error, with its status: 409 where another window was faster.
export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

const ask = async (path, options) => {
  let reply;
  try {
    reply = await fetch(path, { ...options, headers: { "x-studio-token": token, ...options?.headers } });
  } catch {
    throw new Refused("The studio does not answer. Is it still running? Nothing was saved.", 0);
  }
  if (reply.ok) return reply;
  const text = await reply.text();
  let message = text.trim();
  try {
    message = JSON.parse(text).error ?? message;
  } catch {
    // The guard answers in plain text.
  }
  throw new Refused(message || "The studio refused this.", reply.status);
};

export const get = async (path) => (await ask(path)).json();

export const post = async (path, body) => {
  const options = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return (await ask(path, options)).json();
};

// A page of a document, as an address that only this window knows.
export const medium = (document, page) => picture(`/api/media?document=${encodeURIComponent(document)}&page=${page}`);

export const picture = async (path) => {
  const reply = await ask(path);
  const kind = reply.headers.get("content-type") ?? "";
  return { kind, pages: Number(reply.headers.get("x-pages") ?? 1), url: URL.createObjectURL(await reply.blob()) };
};

// Elements are made with their text, so that nothing of a document is ever read as markup.
export const make = (tag, kind, text) => {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  if (text !== undefined) made.textContent = text;
  return made;
};

export const button = (text, act, kind) => {
  const made = make("button", kind, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
};
