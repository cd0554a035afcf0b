/** An HTTP server on loopback whose answers a test sets by path; it keeps what it was asked. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AnsweringServer {
  /** `127.0.0.1:port`, as `trustFetch.internalHosts` has it. */
  readonly host: string;
  /** Paths (or whole addresses, as a proxy is given them) in the order in which they were asked for. */
  readonly asked: string[];
  address(path: string): string;
  answer(path: string, by: Buffer | RequestListener): void;
  close(): Promise<void>;
}

export async function startAnsweringServer(): Promise<AnsweringServer> {
  const answers = new Map<string, Buffer | RequestListener>();
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url!);
    const answer = answers.get(request.url!);
    if (typeof answer === 'function') answer(request, response);
    else if (answer) response.end(answer);
    else response.writeHead(404).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    asked,
    address: path => `http://${host}${path}`,
    answer: (path, by) => answers.set(path, by),
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
