/**
 * Serves the router to one client over anything that carries text both ways: a WebSocket or a MessagePort.
 * The client is untrusted: messages are bounded in size and number, a malformed one ends the connection, and what goes
 * wrong inside reaches the client as a code only; the fault itself goes to `onFault`.
 */
import { ORPCError, onError } from '@orpc/server';
import { StandardRPCHandler } from '@orpc/server/standard';
import { createServerPeerHandleRequestFn } from '@orpc/server/standard-peer';
import { ServerPeer } from '@orpc/standard-server-peer';
import type { WebSocket } from 'ws';
import type { Entered } from '../station/keep-station.ts';
import type { KioskStation } from '../station/kiosk/kiosk-station.ts';
import { type ApiContext, router } from './router.ts';
import { type StopContext, stopRouter } from './stop-router.ts';
import { portWords } from './window-words.ts';

/** Characters of one message, and calls (streams included) of one client that may be open at once. */
export const messageLimit = 65_536;
export const openCallsLimit = 32;

/** A station that may stop and open again: each window enters what it is then, and is sent away when it is that no more. */
export interface StationDoor {
  enter(
    window: { readonly own: boolean; readonly end?: (() => void) | undefined },
    gone: () => void,
  ): Entered;
}

export interface ServeOptions {
  readonly station: KioskStation | StationDoor;
  /** Takes faults of the station for its log. They hold stack traces and stay on this side. */
  readonly onFault: (fault: unknown) => void;
  /** The client is the kiosk's own window; absent: it may have come over a network. */
  readonly ownWindow?: boolean;
  /** Ends this host when staff end the kiosk at its own window; absent: nobody can there. */
  readonly endKiosk?: (() => void) | undefined;
}

/** One client. `send` resolves when the client can take more: an awaited send is what slows a stream down. */
interface Channel {
  send(text: string): Promise<void> | void;
  close(): void;
}

function enter({ station, ownWindow = false, endKiosk }: ServeOptions, gone: () => void): Entered {
  const setting = { own: ownWindow, end: endKiosk };
  if ('enter' in station) return station.enter(setting, gone);
  const window = station.openWindow(setting);
  return { open: true, window, close: () => window.close() };
}

function openPeer(options: ServeOptions, channel: Channel) {
  const { onFault } = options;
  const entered = enter(options, () => channel.close());
  const report = (error: unknown) => {
    if (!(error instanceof ORPCError) || error.status >= 500) onFault(error);
  };
  const handle = entered.open
    ? createServerPeerHandleRequestFn(
        new StandardRPCHandler<ApiContext>(router, { interceptors: [onError(report)] }),
        { context: { window: entered.window, onFault } },
      )
    : createServerPeerHandleRequestFn(
        new StandardRPCHandler<StopContext>(stopRouter, { interceptors: [onError(report)] }),
        { context: { stop: entered.stop } },
      );
  const peer = new ServerPeer(async message => {
    if (typeof message !== 'string') throw new TypeError('The API answers in text only');
    await channel.send(message);
  });
  let openCalls = 0;
  return {
    async receive(message: unknown): Promise<void> {
      if (typeof message !== 'string' || message.length > messageLimit || openCalls >= openCallsLimit) {
        channel.close();
        return;
      }
      openCalls += 1;
      try {
        await peer.message(message, handle);
      } catch {
        // Not a message of this API, or the client left while it was answered: either way this client is done with.
        channel.close();
      } finally {
        openCalls -= 1;
      }
    },
    end: () => {
      peer.close();
      entered.close();
    },
  };
}

/** Serves until the socket closes. The caller has checked who it is and set `maxPayload`. */
export function serveWebSocket(socket: WebSocket, options: ServeOptions): void {
  const peer = openPeer(options, {
    send: text =>
      new Promise((resolve, reject) => socket.send(text, error => (error ? reject(error) : resolve()))),
    close: () => socket.close(1008),
  });
  socket.on('message', (data, isBinary) => void peer.receive(isBinary ? undefined : String(data)));
  socket.on('close', () => peer.end());
  // ws reports protocol violations here and then closes; without a listener they would end the station.
  socket.on('error', () => socket.terminate());
}

/** The far half of Electron's MessagePortMain, which is not named here: src/ knows no Electron. */
export interface ServerPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: string): void;
  start(): void;
  close(): void;
}

/** Serves until either side closes; returns the way to close. A port cannot say that its reader is slow: see README. */
export function servePort(port: ServerPort, options: ServeOptions): () => void {
  // Electron's port tells of its far side only: what we close ourselves, we end ourselves.
  const end = () => {
    port.close();
    peer.end();
  };
  const close = () => {
    port.postMessage(portWords.closed);
    end();
  };
  const peer = openPeer(options, { send: text => port.postMessage(text), close });
  port.on('message', event => {
    if (event.data === portWords.closed) end();
    else void peer.receive(event.data);
  });
  port.on('close', () => peer.end());
  port.start();
  return close;
}
