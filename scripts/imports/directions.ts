/**
 * The directions in which the house's parts may import each other. Data flows one way: DUT -> tcti -> tpm -> harvest
 * -> station (one ledger transaction) -> outbox -> dps; imports follow it and never run back.
 */

/** Each part and the other parts (or single files of them) that it may import. A folder of src/ that is not named here breaks the rules. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  'src/tcti': [],
  'src/tpm': ['src/tcti'],
  'src/dps': [],
  'src/audit': [],
  'src/emulator': [],
  'src/enrollment': ['src/tpm', 'src/dps'],
  'src/harvest': ['src/enrollment', 'src/tpm', 'src/tcti'],
  'src/trust': ['src/tpm/clean-text.ts', 'src/tpm/der.ts', 'src/tpm/manufacturers.ts'],
  'src/trust-fetch': ['src/dps/proxy.ts'],
  'src/outbox': ['src/dps'],
  'src/courier': ['src/audit', 'src/enrollment', 'src/outbox/states.ts'],
  'src/batch': ['src/enrollment', 'src/audit/spreadsheet-cell.ts'],
  'src/station': [
    'src/tcti',
    'src/tpm',
    'src/enrollment',
    'src/harvest',
    'src/trust',
    'src/trust-fetch',
    'src/dps',
    'src/outbox',
    'src/audit',
    'src/batch',
    'src/courier',
    'db',
  ],
  'src/api': ['src/station'],
  'src/host': ['src/api', 'src/station'],
  'src/cli': ['src/api', 'src/station', 'src/host', 'src/emulator'],
  electron: ['src/api', 'src/station', 'src/host/screen-files.ts'],
  renderer: ['src/api'],
  db: [],
  scripts: ['src', 'db', 'electron'],
  test: ['src', 'db', 'electron', 'renderer', 'scripts'],
};

/**
 * Packages that are fenced in, each with the files and folders that may import it: packages at risk are replaced in
 * one place, and the core runs in plain Node. Tests may use any of them as the peer that Keyline is held against.
 */
export const fencedPackages: Readonly<Record<string, readonly string[]>> = {
  'tpm2-ts': ['src/tpm/structures.ts'],
  '@orpc/': ['src/api/router.ts', 'src/api/stop-router.ts', 'src/api/serve.ts', 'src/api/client.ts'],
  '@peculiar/x509': ['src/emulator/certificates.ts', 'scripts', 'test'],
  'azure-iot-provisioning-service': ['src/dps/service-client.ts', 'test'],
  '@azure/identity': ['src/dps/entra-token.ts', 'src/dps/entra-journey.ts', 'test'],
  'azure-iot-': ['src/dps/service-client.ts', 'src/dps/exchange.ts', 'test'],
  'better-sqlite3': ['db', 'src/emulator', 'scripts/bench', 'scripts/crash', 'scripts/tamper', 'test'],
  '@napi-rs/keyring': ['src/station/secrets/keyring-secrets.ts', 'test'],
  ssh2: ['src/tcti/ssh-connection.ts', 'scripts/virtual-dut', 'test'],
  electron: ['electron', 'test'],
  react: ['renderer', 'scripts/bench/trivial-page', 'test'],
  playwright: ['test', 'scripts'],
};

/** The half of src/api that runs in a page: the renderer sees no other file, and at run time these need nothing else. */
export const apiInPage: readonly string[] = [
  'src/api/apply-event.ts',
  'src/api/client.ts',
  'src/api/connect-window.ts',
  'src/api/contract.ts',
  'src/api/session.ts',
  'src/api/shown-state.ts',
  'src/api/window-words.ts',
];

/** Finer than whole parts: `from` does not know `to`. */
export const strangers: readonly { readonly from: string; readonly to: string }[] = [
  { from: 'src/audit/verify', to: 'src/audit/export' },
];
