/**
 * A DPS that costs nothing, as a process of its own: every bulk request succeeds after so many milliseconds, every question
 * finds nothing, nothing is kept. With a budget it refuses what goes beyond it in a window, as the service does.
 *
 *   node dps-responder.ts FOLDER REPLY_MS [OPERATIONS WINDOW_MS]
 *
 * A window stands for the service's minute, and `Retry-After` is told in that time, for a client whose clock is as fast.
 * Its first line on stdout is `{port, caFile}`; `GET /counts` answers `{calls, refused, enrollments, connections}`, and
 * begins counting again. It ends with its stdin.
 */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { openServerIdentity } from '../../src/emulator/certificates.ts';

const [folder = '', ...numbers] = process.argv.slice(2);
const [replyMs = 0, operations = Number.POSITIVE_INFINITY, windowMs = 60_000] = numbers.map(Number);
const none = () => ({ calls: 0, refused: 0, enrollments: 0, connections: 0 });
let counts = none();
let window = 0;
let used = 0;

const { caFile, certificate, privateKey } = await openServerIdentity(folder);
const server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', chunk => chunks.push(chunk));
  request.on('end', () => {
    if (request.url === '/counts') {
      response.end(JSON.stringify(counts));
      counts = none();
      return;
    }
    const reply = (status: number, body: unknown, headers = {}) =>
      setTimeout(() => {
        response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers });
        response.end(JSON.stringify(body));
      }, replyMs);
    counts.calls += 1;
    const refusedFor = overBudget();
    if (refusedFor > 0) {
      counts.refused += 1;
      reply(429, { errorCode: 429001, message: 'Throttled' }, { 'Retry-After': String(refusedFor) });
      return;
    }
    if (request.method === 'PUT') {
      counts.enrollments += 1;
      const body = Buffer.concat(chunks);
      reply(200, { ...JSON.parse(body.toString()), etag: '"1"' });
    } else if (request.method === 'POST' && !request.url?.includes('/query')) {
      // As many as there are registration ids: parsing them would cost more than all the rest.
      counts.enrollments += Buffer.concat(chunks).toString().split('"registrationId"').length - 1;
      reply(200, { isSuccessful: true, errors: [] });
    } else if (request.method === 'POST') reply(200, []);
    else reply(404, { errorCode: 404201, message: 'Enrollment not found.' });
  });
});

/** @returns seconds of the service's time until the window ends; 0 where the call is within the budget */
function overBudget(): number {
  const now = Date.now();
  if (Math.floor(now / windowMs) !== window) {
    window = Math.floor(now / windowMs);
    used = 0;
  }
  used += 1;
  return used > operations ? Math.ceil(((windowMs - (now % windowMs)) * 60) / windowMs) : 0;
}

server.keepAliveTimeout = 60_000;
server.on('connection', () => {
  counts.connections += 1;
});
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port, caFile })}\n`),
);
process.stdin.on('end', () => process.exit()).resume();
