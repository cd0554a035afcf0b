/**
 * How the page in a window reaches its station: in Electron by a port that the preload hands over, in a browser by a
 * WebSocket to where the page came from.
 */
import { overPort, overWebSocket } from './client.ts';
import type { Api } from './contract.ts';
import { portWords, webSocketPath } from './window-words.ts';

/** Milliseconds until the other side has to have opened. */
const openTimeout = 10_000;

/** What the preload puts into the page; its presence tells Electron from a browser. */
declare global {
  interface Window {
    readonly keyline?: { readonly host: 'electron' };
  }
}

/** Rejects when the other side does not open in time. */
export function connectWindow(page: Window): Promise<Api> {
  return page.keyline ? askForPort(page) : openWebSocket(page);
}

function askForPort(page: Window): Promise<Api> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => {
      clearTimeout(timer);
      page.removeEventListener('message', take);
      settle();
    };
    const take = (event: MessageEvent) => {
      const [port] = event.ports;
      if (event.source !== page || event.data !== portWords.give || !port) return;
      done(() => resolve(untilGone(page, overPort(port))));
    };
    const timer = setTimeout(
      () => done(() => reject(new Error('The window was given no port'))),
      openTimeout,
    );
    page.addEventListener('message', take);
    page.postMessage(portWords.ask, '/');
  });
}

/** The station's process may die without closing its port; the shell, which knows, says so to the page. */
function untilGone(page: Window, api: Api): Api {
  const hear = (event: MessageEvent) => {
    if (event.source === page && event.data === portWords.closed) api.close();
  };
  page.addEventListener('message', hear);
  api.closed.then(() => page.removeEventListener('message', hear));
  return api;
}

function openWebSocket(page: Window): Promise<Api> {
  const address = new URL(webSocketPath, page.location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(address);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.close(), openTimeout);
    socket.addEventListener('open', () => {
      clearTimeout(timer);
      resolve(overWebSocket(socket));
    });
    socket.addEventListener('close', () => {
      clearTimeout(timer);
      reject(new Error('The station does not answer'));
    });
  });
}
