// The echo server over Streamable HTTP, on node:http with JSON answers: the floor of HTTP, and the remote server of the remote suite.
//   node http.mjs PORT
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { answerTo } from './answers.mjs';

const settings = { tools: 30 };

createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    if (request.method !== 'POST') {
      response.writeHead(request.method === 'DELETE' ? 200 : 405).end();
      return;
    }
    const body = Buffer.concat(parts);
    const answer = answerTo(body, settings);
    if (answer === undefined) {
      response.writeHead(202).end();
      return;
    }
    const bytes = Buffer.concat(answer.map((part) => Buffer.from(part)));
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': bytes.length,
      ...(body.includes('"initialize"') ? { 'mcp-session-id': randomUUID() } : {}),
    });
    response.end(bytes);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
