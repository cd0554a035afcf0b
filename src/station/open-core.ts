/**
 * The core of a station, without a screen: data directory, configuration, ledger, identity and audit log. Everything
 * that records or reads goes through this one object; several processes may each have one on the same directory.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { LedgerError } from '../../db/errors.ts';
import type { FileLock } from '../../db/file-lock.ts';
import type { Ledger } from '../../db/ledger.ts';
import { createLedger, openLedger } from '../../db/ledger-file.ts';
import { shareLedgerUse } from '../../db/ledger-use.ts';
import { type PlantTrust, plantTrustOf } from './attempt/plant-trust.ts';
import { type MeasuredClock, measuredClock, type StationClock, systemClock } from './clock/station-clock.ts';
import type { Configuration } from './configuration/configuration.ts';
import { configurationOf, loadConfiguration } from './configuration/load-configuration.ts';
import { type DataDirectory, prepareDataDirectory } from './data-directory.ts';
import { type DpsTarget, type StationDps, stationDps } from './dps/dps-target.ts';
import { StationError } from './errors.ts';
import { AuditLog } from './log/audit-log.ts';
import { checkpointFolders } from './log/checkpoint-folders.ts';
import { currentIdentity, identityOf, type StationIdentity, stationSecrets } from './log/identity.ts';
import { startNewLog } from './log/new-log.ts';
import { newLogNotices, noteMachine, whyNewLog } from './log/why-new-log.ts';
import { personOf } from './people.ts';
import { openSecretStore, secretsBegan } from './secrets/open-secret-store.ts';
import type { SecretStore } from './secrets/secret-store.ts';
import { currentRevision, readConfigurationFile } from './settings/configuration-file.ts';
import { version } from './version.ts';

export interface StationCore {
  readonly directory: DataDirectory;
  readonly configuration: Configuration;
  readonly ledger: Ledger;
  readonly rehearsal: boolean;
  /** As it is now: another process may exchange the key or begin another log. */
  readonly identity: StationIdentity;
  readonly audit: AuditLog;
  readonly clock: MeasuredClock;
  readonly secrets: SecretStore;
  readonly trust: PlantTrust;
  readonly dps: StationDps;
  /** The DPS that new entries are made for (rule O8); null where none is configured. */
  readonly dpsTarget: DpsTarget | null;
  /** What an operator should know about this start, in words. */
  readonly notices: readonly string[];
  /** Reads the configuration that an act made, in this process or another. @returns whether it was another one */
  takeConfiguration(): boolean;
  close(): void;
}

export interface CoreOptions {
  readonly dataDirectory: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly clock?: StationClock;
}

/** Opens the station in this directory; at its first start makes ledger and identity there. */
export function openCore(options: CoreOptions): StationCore {
  const env = options.env ?? process.env;
  const clock = measuredClock(options.clock ?? systemClock());
  const directory = prepareDataDirectory(options.dataDirectory);
  let revision = currentRevision(directory);
  let configuration = loadConfiguration(directory.configurationFile);
  let trust = plantTrustOf(configuration, directory);
  // A restore puts another ledger in the place of this one only while nobody holds a share.
  const use = shareLedgerUse(directory.path);
  if (!use) throw new StationError('restore-underway', `another ledger is put into ${directory.path}`);
  const { ledger, made } = orRelease(use, () =>
    openOrCreate(directory, env.KEYLINE_REHEARSAL === '1', clock.read().at),
  );
  try {
    const rehearsal = ledger.identity.kind === 'rehearsal';
    const notices = [
      ...(made ? [`made a new ${rehearsal ? 'rehearsal' : 'production'} ledger in ${directory.path}`] : []),
      ...(env.KEYLINE_REHEARSAL === '1' && !rehearsal
        ? [
            'this ledger is a production one and stays so; KEYLINE_REHEARSAL=1 counts only when a ledger is made',
          ]
        : []),
    ];
    const { secretsDirectory } = directory;
    const secrets = openSecretStore(secretsDirectory, { env, rehearsal, stationKey: stationSecrets[0]! });
    const dps = stationDps({
      get configuration() {
        return configuration;
      },
      secrets,
      secretsDirectory,
      env,
    });
    if (dps.fault) {
      const { code, message } = dps.fault.error;
      notices.push(`nothing can be sent to DPS till its settings are mended: ${message} (${code})`);
    }
    const audit = new AuditLog(ledger, clock, rehearsal);
    const now = clock.read().at;
    const newLog = whyNewLog(ledger, checkpointFolders({ configuration, directory })[0], env);
    if (newLog) notices.push(newLogNotices[newLog.because]);
    let identity = newLog
      ? startNewLog({ ledger, secrets, audit, clock, env }, newLog)
      : identityOf(ledger, secrets, now, started => {
          audit.append(started, personOf(ledger, 'system', now), {
            type: 'log-started',
            data: {
              stationId: started.stationId,
              logId: started.logId,
              verifierKey: started.verifierKey,
              version,
            },
          });
        });
    noteMachine(ledger, env);
    return {
      directory,
      get configuration() {
        return configuration;
      },
      ledger,
      rehearsal,
      get identity() {
        identity = currentIdentity(ledger, secrets, identity);
        return identity;
      },
      audit,
      clock,
      secrets,
      get trust() {
        return trust;
      },
      dps,
      get dpsTarget() {
        return dps.target;
      },
      notices,
      takeConfiguration() {
        const latest = currentRevision(directory);
        if (latest === revision) return false;
        const file = readConfigurationFile(directory.configurationFile);
        // What somebody writes by hand counts from the next start, as it always did.
        if (file.hash !== latest) return false;
        const next = configurationOf(file.text, directory.configurationFile);
        trust = plantTrustOf(next, directory);
        configuration = next;
        revision = latest;
        dps.refresh();
        return true;
      },
      close: () => {
        ledger.close();
        use.release();
      },
    };
  } catch (error) {
    ledger.close();
    use.release();
    throw error;
  }
}

function orRelease<T>(use: FileLock, open: () => T): T {
  try {
    return open();
  } catch (error) {
    use.release();
    throw error;
  }
}

function openOrCreate(
  directory: DataDirectory,
  rehearsal: boolean,
  now: number,
): { readonly ledger: Ledger; readonly made: boolean } {
  // A first start makes the ledger before the key: a key without it means that the ledger was lost. The key is looked
  // for first, because another process may be making both between our two looks.
  const keyIsThere = secretsBegan(directory.secretsDirectory, stationSecrets[0]!);
  if (!existsSync(directory.ledgerFile)) {
    if (keyIsThere) throw new StationError('ledger-missing', `${directory.ledgerFile} is not there`);
    try {
      const kind = rehearsal ? 'rehearsal' : 'production';
      return {
        ledger: createLedger(directory.ledgerFile, { kind, ledgerId: randomUUID(), now }),
        made: true,
      };
    } catch (error) {
      // Another process made it in between: that one is the ledger.
      if (!(error instanceof LedgerError && error.code === 'exists')) throw error;
    }
  }
  return { ledger: openLedger(directory.ledgerFile), made: false };
}
