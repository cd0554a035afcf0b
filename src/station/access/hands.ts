/** Whoever stands at a window, as the desks there ask for them. */
import type { Actor } from './authorize.ts';
import type { Claim } from './sign-in.ts';

/** Who does one act in place of who is signed in; used for it and forgotten. */
export type OneTimeSignIn = Claim & { readonly pin: string };

export interface Hands {
  /** Under which the ledger knows them; throws StationError `sign-in-needed` where the window is locked. */
  account(): string;
  /** Who does an act that needs a role: whoever is named with their PIN, else whoever is signed in. */
  actor(by?: OneTimeSignIn): Promise<Actor>;
}
