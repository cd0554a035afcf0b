/** What the shell and the station's process say to each other. Both are of one build; a window's calls go by its port. */

/** shell → core. With `window` comes the port of a page; the page before has none any more. */
export type ToCore =
  | { readonly kind: 'open'; readonly dataDirectory: string }
  | { readonly kind: 'window' }
  | { readonly kind: 'close' };

/** core → shell */
export type FromCore =
  /** Or stopped, which its windows say (rule S4). */
  | { readonly kind: 'open' }
  /** Staff ended the kiosk at its window. */
  | { readonly kind: 'end-kiosk' };
