/** A link of a given round trip in front of a TCP port, which can be cut: what comes in goes out half a round trip later. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface SlowLink {
  readonly port: number;
  /** Round trips so far: how often the near side spoke after the far one had. */
  readonly roundTrips: () => number;
  /** Both sides see their connection break off. */
  cut(): void;
}

export async function startSlowLink(
  port: number,
  roundTripMs: number,
  later: (action: () => unknown) => void,
): Promise<SlowLink> {
  const sockets = new Set<Socket>();
  let [trips, spoke] = [0, undefined as Socket | undefined];
  const server = createServer({ noDelay: true }, near => {
    const far = connect({ host: '127.0.0.1', port, noDelay: true });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {}).on('close', () => to.destroy());
      from.on('data', bytes => {
        if (from === near && spoke !== near) trips += 1;
        spoke = from;
        setTimeout(() => to.write(bytes), roundTripMs / 2);
      });
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  later(() => {
    cut();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, roundTrips: () => trips, cut };
}
