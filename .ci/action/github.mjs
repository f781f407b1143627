// A server on this machine that stands for GitHub: releases to download, and the comments of one pull request.
import { createHash } from "node:crypto";
import http from "node:http";

/** `state.comments` and `state.refuse` may be changed while it runs; `state.asked` says what was asked. */
export function startGitHub(archive, archiveName, token) {
  const sum = createHash("sha256").update(archive).digest("hex");
  const state = { comments: [], asked: [], refuse: null, sum, next: 5000 };
  const server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      const url = new URL(request.url, "http://localhost");
      state.asked.push(`${request.method} ${url.pathname}`);
      const reply = (status, content) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content));
      };
      if (/\/releases\/(latest\/download|download\/v[\d.]+)\//.test(url.pathname)) {
        if (url.pathname.endsWith(archiveName)) return reply(200, archive);
        if (url.pathname.endsWith("SHA256SUMS")) return reply(200, `${"0".repeat(64)}  other.tar.gz\n${state.sum}  ${archiveName}\n`);
        return reply(404, "no such file");
      }
      if (request.headers.authorization !== `Bearer ${token}`) return reply(401, { message: "Bad credentials" });
      if (state.refuse && request.method !== "GET") return reply(state.refuse, { message: "Resource not accessible" });
      comments(state, request.method, url, body, reply);
    });
  });
  return new Promise((ready) => {
    server.listen(0, "127.0.0.1", () => ready({ state, server, url: `http://127.0.0.1:${server.address().port}` }));
  });
}

function comments(state, method, url, body, reply) {
  const list = url.pathname.match(/^\/repos\/o\/r\/issues\/7\/comments$/);
  const one = url.pathname.match(/^\/repos\/o\/r\/issues\/comments\/(\d+)$/);
  if (list && method === "GET") {
    const [count, page] = ["per_page", "page"].map((name) => Number(url.searchParams.get(name)));
    return reply(200, state.comments.slice((page - 1) * count, page * count));
  }
  const text = JSON.parse(body).body;
  if (text.length > 65536) return reply(422, { message: "body is too long" });
  if (list && method === "POST") {
    const comment = { id: state.next++, user: { login: "github-actions[bot]" }, body: text, html_url: "http://localhost/comment" };
    state.comments.push(comment);
    return reply(201, comment);
  }
  const known = one && method === "PATCH" && state.comments.find((comment) => comment.id === Number(one[1]));
  if (!known) return reply(404, { message: "Not Found" });
  known.body = text;
  return reply(200, known);
}
