/**
 * Whether the D-Bus session bus, the way to Linux's Secret Service, answers. libdbus waits for ever for one that takes the
 * connection and says nothing, so the first words of its authentication (D-Bus specification, "Authentication
 * Protocol") are tried in a thread of their own that can be ended.
 */
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';

const DEADLINE_MS = 1_500;

/** In plain JavaScript, as text: it must run from a bundle, too. */
const ASK = `
const { connect } = require('node:net');
const { workerData: { path, uid, port, flag } } = require('node:worker_threads');
const tell = answer => { port.postMessage(answer); Atomics.store(flag, 0, 1); Atomics.notify(flag, 0); socket.destroy(); };
const socket = connect({ path }, () => socket.write('\\0AUTH EXTERNAL ' + Buffer.from(String(uid)).toString('hex') + '\\r\\n'));
socket.once('data', data => tell(data.toString('latin1').startsWith('OK ')));
socket.once('error', () => tell(false));
socket.once('end', () => tell(false));
`;

/** Takes milliseconds; at most a second and a half. Other systems need no bus. */
export function sessionBusAnswers(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (platform !== 'linux') return true;
  const path = busSocket(env);
  if (path === undefined) return false;
  const { port1, port2 } = new MessageChannel();
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(ASK, {
    eval: true,
    workerData: { path, uid: process.getuid?.() ?? 0, port: port2, flag },
    transferList: [port2],
  });
  worker.unref();
  Atomics.wait(flag, 0, 0, DEADLINE_MS);
  const answer = receiveMessageOnPort(port1)?.message === true;
  port1.close();
  void worker.terminate();
  return answer;
}

/** The first address that is a socket of this machine; without any, where systemd puts the user's bus. */
export function busSocket(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const addresses = env.DBUS_SESSION_BUS_ADDRESS?.split(';') ?? [];
  for (const address of addresses) {
    const [, parts = ''] = /^unix:(.*)$/.exec(address) ?? [];
    for (const part of parts.split(',')) {
      const [, kind, value] = /^(path|abstract)=(.+)$/.exec(part) ?? [];
      if (value !== undefined) return `${kind === 'abstract' ? '\0' : ''}${unescaped(value)}`;
    }
  }
  return addresses.length === 0 && env.XDG_RUNTIME_DIR ? `${env.XDG_RUNTIME_DIR}/bus` : undefined;
}

/** Values of an address have `%` and two hex digits for other characters. */
function unescaped(value: string): string {
  return value.replace(/%([0-9a-fA-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}
