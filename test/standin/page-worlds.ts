/**
 * The two scripts that make a Chromium page look like Electron's: the preload's isolated world with its `electron`
 * module, and the page's own world, which only receives what contextBridge exposes.
 */

/** Name of the isolated world, and of the binding that exists only in it. */
export const worldName = 'electron-preload';
export const bindingName = '__standinSend';

/** Plain data only: Keyline exposes no functions, and a function would have to be modelled. */
export const mainWorld = `window.addEventListener('__standin-expose', event => {
  const { name, json } = event.detail;
  Object.defineProperty(window, name, { value: Object.freeze(JSON.parse(json)), enumerable: true });
}, { once: true });`;

/** Wraps the built preload. Messages to Node are JSON over the binding; from Node, calls of `__standin`. */
export function isolatedWorld(preload: string): string {
  return `(() => {
  const send = message => window.${bindingName}(JSON.stringify(message));
  const unknown = what => ({ get: (target, key) => {
    if (key in target) return target[key];
    throw new Error('stand-in: no ' + what + '.' + String(key));
  } });
  const listeners = new Map(), ports = new Map();
  const electron = new Proxy({
    contextBridge: new Proxy({
      exposeInMainWorld(name, value) {
        const json = JSON.stringify(value, (key, part) => {
          if (typeof part === 'function') throw new Error('stand-in: exposes data only');
          return part;
        });
        window.dispatchEvent(new CustomEvent('__standin-expose', { detail: { name, json } }));
      },
    }, unknown('contextBridge')),
    ipcRenderer: new Proxy({
      send: (channel, ...args) => send({ type: 'ipc', channel, args }),
      on: (channel, listener) => { listeners.set(channel, listener); },
    }, unknown('ipcRenderer')),
  }, unknown('electron'));
  globalThis.__standin = {
    ipc(channel, message, ids) {
      const given = ids.map(id => {
        const { port1, port2 } = new MessageChannel();
        ports.set(id, port2);
        port2.onmessage = event => send({ type: 'port', id, data: event.data });
        return port1;
      });
      listeners.get(channel)?.({ ports: given }, message);
    },
    port: (id, data) => ports.get(id)?.postMessage(data),
    closePort: id => ports.get(id)?.close(),
  };
  const require = name => {
    if (name === 'electron') return electron;
    throw new Error('stand-in: a sandboxed preload has no module ' + name);
  };
  ((require, module, exports) => {${preload}
})(require, { exports: {} }, {});
})();`;
}
