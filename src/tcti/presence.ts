/**
 * Whether there is something at the other end of a bridge, found out without a word to its TPM: the device file is looked
 * at, or a connection is made and closed at once. It says that somebody listens, not who; a relay that always listens is
 * always there. `cmd:` and `replay:` bridges cannot be looked at.
 */
import { stat } from 'node:fs/promises';
import { destroy, openSocket } from './connect.ts';
import { TPM_DEVICES } from './device-tcti.ts';
import { TctiError } from './errors.ts';
import type { OpenOptions } from './tcti.ts';
import type { CmdConf, DeviceConf, ReplayConf, TctiConf } from './tcti-conf.ts';

export type WatchableConf = Exclude<TctiConf, CmdConf | ReplayConf>;

export function isWatchable(conf: TctiConf): conf is WatchableConf {
  return conf.name !== 'cmd' && conf.name !== 'replay';
}

/** Within the connect deadline; false also when the caller's signal was aborted. */
export async function isPresent(conf: WatchableConf, options: OpenOptions): Promise<boolean> {
  if (conf.name === 'device') return hasDevice(conf);
  try {
    await destroy(await openSocket(conf, options));
    return true;
  } catch (error) {
    if (error instanceof TctiError) return false;
    throw error;
  }
}

async function hasDevice({ path }: DeviceConf): Promise<boolean> {
  for (const candidate of path === undefined ? TPM_DEVICES : [path]) {
    const facts = await stat(candidate).catch(() => undefined);
    if (facts?.isCharacterDevice()) return true;
  }
  return false;
}
