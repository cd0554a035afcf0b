/** A running station with its browser host, for `serve` and for `start` where Electron's runtime is not installed. */
import { describeFailure } from '../station/failure.ts';
import type { Invocation } from './command-context.ts';
import { builtScreen, installationRoot } from './installation.ts';
import { UsageError } from './usage-error.ts';

export interface ServedStation {
  /** Holds the token that opens one session, once. */
  readonly url: string;
  readonly port: number;
  /** For another browser, or the same one once it was opened again. */
  newAddress(): string;
  readonly kioskProfile: string;
  close(): Promise<void>;
}

/** @returns undefined where the screen could not be built; that was told */
export async function serveStation(
  invocation: Invocation,
  where: {
    readonly port: number | undefined;
    readonly host: string;
    /** Staff ended the kiosk at its window. Absent: they cannot. */
    readonly endKiosk?: () => void;
    /** A station that cannot be opened says so at its windows, and is not an error (rule S4). */
    readonly showStop: boolean;
  },
): Promise<ServedStation | undefined> {
  const rendererDir = builtScreen(installationRoot(), text => invocation.output.note(`keyline: ${text}`));
  if (rendererDir === undefined) {
    invocation.output.failure({
      kind: 'unexpected',
      code: 'screen-not-built',
      message: 'the screen is not built and could not be built',
      hint: 'Run npm run build in the checkout and see what it says.',
    });
    return undefined;
  }
  const { dataDirectory } = invocation;
  const { prepareDataDirectory } = await import('../station/data-directory.ts');
  const { KeptStation } = await import('../station/keep-station.ts');
  const { startHost } = await import('../host/start-host.ts');
  const { kioskProfile } = prepareDataDirectory(dataDirectory);
  const kept = await KeptStation.open({ dataDirectory });
  const { station, failure } = kept;
  if (failure !== undefined) {
    if (!where.showStop) {
      await kept.close();
      throw failure;
    }
    invocation.output.failure(describeFailure(failure));
  }
  for (const notice of station?.core.notices ?? []) invocation.output.note(`keyline: ${notice}`);
  if (station?.kiosk.view().connection.code === 'drain-elsewhere')
    invocation.output.note(
      'keyline: another Keyline process sends this ledger to DPS; this one takes over when that one ends',
    );
  try {
    const host = await startHost({
      station: kept,
      rendererDir,
      host: where.host,
      endKiosk: where.endKiosk,
      ...(where.port === undefined ? {} : { port: where.port }),
      onFault: fault => {
        const failure = describeFailure(fault);
        invocation.output.note(`keyline: ${failure.code}: ${failure.message}`);
      },
    });
    return {
      url: host.url,
      port: host.port,
      newAddress: host.newAddress,
      kioskProfile,
      close: async () => {
        await host.close();
        await kept.close();
      },
    };
  } catch (error) {
    await kept.close();
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE' || code === 'EADDRNOTAVAIL' || code === 'EACCES' || code === 'ENOTFOUND')
      throw new UsageError(`cannot listen on ${where.host} port ${where.port ?? 'any'}: ${code}`);
    throw error;
  }
}
