/** The few words on which the page, the preload, the main process and the browser host must agree. */

export const portWords = {
  /** page → preload, by window.postMessage */
  ask: 'keyline:connect',
  /** preload → main process */
  open: 'keyline:open-port',
  /** main process → preload → page, with the port */
  give: 'keyline:port',
  /**
   * Over the port itself, either way: this side has closed. The web has no event for that. Main process → preload → page:
   * the far side of the page's port has died.
   */
  closed: 'keyline:closed',
} as const;

/** Where the browser host serves the API. */
export const webSocketPath = '/api';
