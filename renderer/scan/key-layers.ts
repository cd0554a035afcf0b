/**
 * Who gets the keys and scans: the topmost part of the screen that wants them. A screen lays its handlers under those of
 * the dialogs that it opens; what a layer does not use goes on to the one below, but never through a modal one.
 */
import { createContext, useContext, useEffect, useLayoutEffect, useRef } from 'react';
import type { WedgeEvent } from './wedge.ts';

export interface KeyLayer {
  /** True: used. */
  readonly onWedge?: (event: WedgeEvent) => boolean;
  /** True: used, the page must not act on it. */
  readonly onKey?: (event: KeyboardEvent) => boolean;
  /** Nothing goes on to the layers below. */
  readonly modal?: boolean;
  /** Wants the scans of badges, too, which else sign the next person in. */
  readonly badges?: boolean;
}

export class KeyLayers {
  readonly #layers: { readonly current: KeyLayer }[] = [];

  add(layer: { readonly current: KeyLayer }): () => void {
    this.#layers.push(layer);
    return () => this.#layers.splice(this.#layers.indexOf(layer), 1);
  }

  get wantsBadges(): boolean {
    return this.#layers.at(-1)?.current.badges === true;
  }

  /** True: somebody used it, or nothing below may have it. */
  wedge(event: WedgeEvent): boolean {
    return this.#offer(layer => layer.onWedge?.(event) === true) !== undefined;
  }

  /** `modal`: not used, and yet for nobody else of ours. */
  key(event: KeyboardEvent): 'used' | 'modal' | undefined {
    return this.#offer(layer => layer.onKey?.(event) === true);
  }

  #offer(use: (layer: KeyLayer) => boolean): 'used' | 'modal' | undefined {
    for (const { current } of [...this.#layers].reverse()) {
      if (use(current)) return 'used';
      if (current.modal) return 'modal';
    }
    return undefined;
  }
}

export const KeyLayersContext = createContext(new KeyLayers());

/** For as long as the component is there. */
export function useKeyLayer(layer: KeyLayer): void {
  const layers = useContext(KeyLayersContext);
  const latest = useRef(layer);
  useEffect(() => {
    latest.current = layer;
  });
  useEffect(() => layers.add(latest), [layers]);
}

/** For what is around others, such as a dialog: it lies under theirs, whose effects run before those of their parent. */
export function useKeyLayerAround(layer: KeyLayer): void {
  const layers = useContext(KeyLayersContext);
  const latest = useRef(layer);
  useLayoutEffect(() => {
    latest.current = layer;
  });
  useLayoutEffect(() => layers.add(latest), [layers]);
}
