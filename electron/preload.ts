/**
 * Between page and main process: carries one word out, one MessagePort in, and the word that it is dead. The page gets no
 * function of Electron; a port cannot cross the context bridge, window.postMessage carries it.
 */
import { contextBridge, ipcRenderer } from 'electron';
import { portWords } from '../src/api/window-words.ts';

contextBridge.exposeInMainWorld('keyline', { host: 'electron' });

window.addEventListener('message', event => {
  if (event.source === window && event.data === portWords.ask) ipcRenderer.send(portWords.open);
});
// '/' is the page's own origin.
ipcRenderer.on(portWords.give, event => window.postMessage(portWords.give, '/', [...event.ports]));
ipcRenderer.on(portWords.closed, () => window.postMessage(portWords.closed, '/'));
