// The origin behind the tunnel: answers a POST with its own body, a GET with one event every 10 ms that says when it was sent.
import http from 'node:http';

const now = () => performance.timeOrigin + performance.now();
const server = http.createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const timer = setInterval(() => response.write(`data: ${now()}\n\n`), 10);
    response.on('close', () => clearInterval(timer));
    return;
  }
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': body.length,
    });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
