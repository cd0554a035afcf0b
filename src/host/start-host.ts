/**
 * The browser host: gives the screen over HTTP and the API over a WebSocket, to whoever came with the address that
 * `start` printed. Loopback unless told otherwise. Weaker than Electron in one thing: a browser keeps its own keys.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { messageLimit, type ServeOptions, serveWebSocket } from '../api/serve.ts';
import { webSocketPath } from '../api/window-words.ts';
import { Admission, type Refusal } from './admission.ts';
import { watchLife } from './heartbeat.ts';
import { readScreenFile, screenHeaders } from './screen-files.ts';
import { Strangers } from './strangers.ts';

export interface HostOptions extends Omit<ServeOptions, 'ownWindow'> {
  /** The built screen: out/renderer. */
  readonly rendererDir: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Address to listen on and to be called by. Default 127.0.0.1; others only where the plant decided so. */
  readonly host?: string;
}

export interface Host {
  /** Opens one session, once. Another one: `newAddress()`. */
  readonly url: string;
  readonly port: number;
  newAddress(): string;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** Connections at once: a kiosk needs a handful. */
const connectionLimit = 64;
/** Of these so many that have shown no session. */
const strangerLimit = 16;
/** Milliseconds between two signs of life asked of each WebSocket. */
const heartbeat = 15_000;

/** Rejects as `server.listen` does: EADDRINUSE, EADDRNOTAVAIL, EACCES. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { rendererDir, port = 0, host = '127.0.0.1', ...context } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageLimit, perMessageDeflate: false });
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 10_000 });
  server.maxConnections = connectionLimit;
  const strangers = new Strangers(strangerLimit);
  server.on('connection', socket => strangers.add(socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  const authority = `${isIPv6(host) ? `[${host}]` : host}:${bound}`;
  const admission = new Admission(authority);

  server.on('request', (request, response) => {
    answer(request, response, admission, rendererDir, strangers).catch(fault => {
      context.onFault(fault);
      if (!response.headersSent) response.writeHead(500, screenHeaders);
      response.end();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const refusal =
      admission.refuseHost(request) ?? (isApi(request) ? admission.refuseUpgrade(request) : 404);
    if (refusal) refuseUpgrade(socket, refusal);
    else {
      strangers.know(request.socket);
      sockets.handleUpgrade(request, socket, head, opened => {
        watchLife(opened, heartbeat);
        serveWebSocket(opened, { ...context, ownWindow: isLoopback(host) });
      });
    }
  });

  const newAddress = () => `http://${authority}/?t=${admission.issueToken()}`;
  return {
    url: newAddress(),
    port: bound,
    newAddress,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise(resolve => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

/** Who comes over loopback with this host's address is on this machine: the kiosk's own window. */
const isLoopback = (host: string): boolean => host === '127.0.0.1' || host === '::1' || host === 'localhost';

/** The request's target, which must be a path: `//host/…` is one, too, and a whole address is none. */
const target = (request: IncomingMessage): URL | undefined =>
  request.url?.startsWith('/') ? (URL.parse(`http://station.invalid${request.url}`) ?? undefined) : undefined;

const isApi = (request: IncomingMessage): boolean => target(request)?.pathname === webSocketPath;

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  admission: Admission,
  rendererDir: string,
  strangers: Strangers,
): Promise<void> {
  const refuse = (status: Refusal | 400 | 405) => {
    response.writeHead(status, {
      ...screenHeaders,
      'cache-control': 'no-store',
      'content-type': 'text/plain',
    });
    response.end(refusalText[status]);
  };
  const elsewhere = admission.refuseHost(request);
  if (elsewhere) return refuse(elsewhere);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
  const url = target(request);
  if (!url) return refuse(400);

  const token = url.searchParams.get('t');
  if (url.pathname === '/' && token !== null) {
    const cookie = request.method === 'GET' ? admission.openSession(token) : undefined;
    if (!cookie) return refuse(403);
    response.writeHead(303, {
      ...screenHeaders,
      'cache-control': 'no-store',
      'set-cookie': cookie,
      location: '/',
    });
    response.end();
    return;
  }
  const unknown = admission.refuseRequest(request);
  if (unknown) return refuse(unknown);
  strangers.know(request.socket);
  const file = await readScreenFile(rendererDir, url.pathname);
  response.writeHead(file.status, { ...file.headers, 'content-length': file.body.length });
  response.end(request.method === 'HEAD' ? undefined : file.body);
}

const refusalText: Readonly<Record<Refusal | 400 | 405, string>> = {
  400: 'Not an address of this station.\n',
  401: 'Open the station with the address that "keyline serve" prints.\n',
  403: 'This address was used already. Ask the station for a new one.\n',
  405: 'Only GET.\n',
  421: 'This station is not called by that name.\n',
};

function refuseUpgrade(socket: Duplex, status: Refusal | 404): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
