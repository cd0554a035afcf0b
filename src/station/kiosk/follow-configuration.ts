/** What an act made of the configuration, at a window here or in another process: the kiosk follows what changed in it. */
import { isDeepStrictEqual } from 'node:util';
import type { Configuration } from '../configuration/configuration.ts';
import type { StationCore } from '../open-core.ts';

export interface Followers {
  /** It cannot be read now; the one of before stays. */
  readonly onFault: (error: unknown) => void;
  /** It is another one. Runs go on with what they began with. */
  readonly changed: (now: Configuration) => void;
  readonly fixturesChanged: () => void;
  readonly dpsChanged: () => void;
  /** Everything above was done. */
  readonly followed: () => void;
}

/** To be called after the ledger changed. */
export function configurationFollower(core: StationCore, followers: Followers): () => void {
  let configuration = core.configuration;
  return () => {
    try {
      core.takeConfiguration();
    } catch (error) {
      followers.onFault(error);
    }
    const before = configuration;
    configuration = core.configuration;
    if (configuration === before) return;
    followers.changed(configuration);
    if (!isDeepStrictEqual(before.fixtures, configuration.fixtures)) followers.fixturesChanged();
    if (!isDeepStrictEqual(before.dps, configuration.dps)) followers.dpsChanged();
    followers.followed();
  };
}
