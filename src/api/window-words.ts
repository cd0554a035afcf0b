/** The few words on which the page, the preload, the main process and the browser host must agree. */

export const portWords = {
  /** page → preload, by window.postMessage */
  ask: 'keyline:connect',
  /** preload → main process */
  open: 'keyline:open-port',
  /** main process → preload → page, with the port */
  give: 'keyline:port',
} as const;

/** Where the browser host serves the API. */
export const webSocketPath = '/api';
