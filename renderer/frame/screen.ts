/** What a screen of the kiosk is: its name in the catalogues (`screens/<id>`), its key, who may see it, and itself. */
import type { ComponentType } from 'react';
import type { Role, StationView, WhoView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import type { Catalogue } from '../messages/catalogue.ts';

export interface ScreenProps {
  readonly session: Session;
  readonly view: StationView;
  /** No contact, or nobody is signed in: the view is looked at only. */
  readonly lost: boolean;
  /** Of the Devices screen: the device that it was opened for. */
  readonly device: string | undefined;
  /** Leads to a device by its serial or another of its names. */
  readonly onDevice: (name: string) => void;
  /** Leads to where a station is set up. */
  readonly onPlace: (place: 'settings' | 'first-supervisor') => void;
}

export interface Screen {
  readonly id: keyof Catalogue['screens'];
  /** Leads there from any other screen. Not F1, which a screen's main action has, nor F6, F8 or F10, which are the frame's, nor what Electron keeps (F3, F5, F7, F11, F12). */
  readonly key?: `F${number}`;
  readonly roles: readonly Role[];
  /** Gives one `<main>`, which fills the place between header and foot. */
  readonly View: ComponentType<ScreenProps>;
}

/** A badge alone gives an operator's rights, whatever the role; without people, everybody sees everything. */
export function maySee(screen: Pick<Screen, 'roles'>, who: WhoView | undefined): boolean {
  if (!who) return true;
  if (who.state === 'locked') return false;
  return screen.roles.includes(who.proof === 'badge' ? 'operator' : who.role);
}
