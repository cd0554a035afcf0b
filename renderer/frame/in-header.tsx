/** What a screen puts into the frame's header: its actions, and words that come and go beside the place's name. */
import { createContext, type ReactNode, useContext } from 'react';
import { createPortal } from 'react-dom';

export interface HeaderPlaces {
  readonly actions: HTMLElement | null;
  readonly words: HTMLElement | null;
  /** Beside the place's name for as long as the screen is there; words that come lie over it. */
  readonly work: HTMLElement | null;
}

export const HeaderPlacesContext = createContext<HeaderPlaces>({ actions: null, words: null, work: null });

export function InHeader({ place, children }: { place: keyof HeaderPlaces; children: ReactNode }) {
  const element = useContext(HeaderPlacesContext)[place];
  return element && createPortal(children, element);
}
