/** An HTTP proxy on loopback that knows CONNECT only: whatever is asked for, it leads to one port of this machine. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ProxyBehaviour {
  readonly leadsTo?: number;
  /** Answers this to CONNECT instead of a tunnel. */
  readonly refusesWith?: number;
  /** `user:password` */
  readonly demands?: string;
  /** Takes the connection and never answers. */
  readonly mute?: boolean;
}

export class ConnectProxy {
  /** `host:port` of every CONNECT. */
  readonly asked: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(behaviour: ProxyBehaviour): Promise<ConnectProxy> {
    const server = createServer((_, response) => response.writeHead(405).end());
    const proxy = new ConnectProxy(server);
    server.on('connection', (socket: Socket) => proxy.#hold(socket));
    server.on('connect', (request: IncomingMessage, socket: Duplex) =>
      proxy.#answer(request, socket, behaviour),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #hold(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }

  #answer(request: IncomingMessage, socket: Duplex, behaviour: ProxyBehaviour): void {
    const { leadsTo, refusesWith, demands, mute } = behaviour;
    this.asked.push(request.url ?? '');
    if (mute) return;
    const wanted = demands && `Basic ${Buffer.from(demands).toString('base64')}`;
    const mayPass = wanted === undefined || request.headers['proxy-authorization'] === wanted;
    const status = mayPass ? refusesWith : 407;
    if (status !== undefined || leadsTo === undefined) {
      const said = request.headers['proxy-authorization'] ?? '';
      socket.end(
        `HTTP/1.1 ${status ?? 502} No ${said}\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n`,
      );
      return;
    }
    const onward = connect(leadsTo, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    this.#hold(onward);
    onward.on('close', () => socket.destroy());
  }
}
