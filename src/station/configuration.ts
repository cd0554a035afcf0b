/**
 * The station's configuration: `keyline.json` in the data directory, written by an engineer. Defaults let a station
 * without a file work from the command line.
 */
import { z } from 'zod';
import { checkDigitSchemes } from '../enrollment/check-digit.ts';
import { dutSerialSources } from '../harvest/dut-serial.ts';

const fixture = z.strictObject({
  id: z.string().min(1).max(40),
  name: z.string().max(60).optional(),
  /** TCTI conf string; `cmd:` is allowed here and on the command line only. */
  bridge: z.string().min(1).max(2000),
  /** How the station signs in where the bridge is `ssh:`, and knows the device again. */
  ssh: z
    .strictObject({
      /** Private key file; then no other key and no agent is tried. From the data directory on where it is not absolute. */
      identityFile: z.string().min(1).max(2000).optional(),
      /** As `ssh-keygen -lf` prints it; where absent, the key met first at this address is recorded and must stay. */
      knownHostKey: z
        .string()
        .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'a fingerprint: SHA256: and 43 characters')
        .optional(),
    })
    .optional(),
  /**
   * The fixture starts by itself when a device comes into it and its serial is there: `scanned`, before or after, or else
   * asked of the device by the product's `dutSerial` (`device-serial`, over `ssh:` alone). Not with `cmd:` or `replay:`.
   */
  handsFree: z.enum(['scanned', 'device-serial']).optional(),
  /** Seconds; design defaults where absent. */
  connectSeconds: z.number().positive().max(60).optional(),
  commandSeconds: z.number().positive().max(120).optional(),
  harvestSeconds: z.number().positive().max(900).optional(),
});

const product = z.strictObject({
  name: z.string().min(1).max(60),
  /** ECMAScript regular expression that a whole serial must match. */
  serialPattern: z.string().max(500).optional(),
  /** Scheme of the check digit at the end of the pattern's named group `checked`, or else of the whole serial (rule H10). */
  checkDigit: z.enum(checkDigitSchemes).optional(),
  /** `{registrationId}` (default) or text with `{serial}`; must pass DPS's rules. */
  registrationId: z.string().max(200).optional(),
  /** Text with `{serial}` or `{registrationId}`; absent = DPS uses the registration id. */
  deviceId: z.string().max(200).optional(),
  /** `require` (default): a device passes only with a proof that its TPM holds the key (rule H7). */
  possession: z.enum(['require', 'off']).optional(),
  /**
   * Which key is enrolled (rule H9): the one stored at 0x81010001 and no other, the TCG key of template L-1, or the key
   * that Microsoft's SDKs make where none is stored. Absent: the stored one, else that of L-1 with a warning.
   */
  deviceKey: z.enum(['persisted', 'L-1', 'sdk-empty-unique']).optional(),
  /** `warn` (default): what is not verified passes as certificate debt; `require`: refused; `off`: not judged (rule H8). */
  certificate: z.enum(['require', 'warn', 'off']).optional(),
  /**
   * What a TPM gets that names itself as Microsoft's reference code does (`MSFT`, `xCG fTPM`), as firmware TPMs of real
   * boards do: the warning `reference-firmware-tpm` (default), or none where the product's boards are known to have one.
   */
  referenceFirmware: z.enum(['warn', 'accept']).optional(),
  /**
   * How the device itself is asked for its serial, which must be the scanned one (rule H10): a place where Linux shows it,
   * or a command for the device's /bin/sh. Over `ssh:` bridges; over others, and where the device gives none, `unread`
   * says whether it is refused (default) or passes with a warning.
   */
  dutSerial: z
    .strictObject({
      from: z.enum(dutSerialSources).optional(),
      command: z.string().min(1).max(2000).optional(),
      unread: z.enum(['refuse', 'warn']).optional(),
    })
    .refine(({ from, command }) => (from === undefined) !== (command === undefined), 'either from or command')
    .optional(),
  /** Two places, as DPS has them: in any other one it would be dropped there without a word. */
  initialTwin: z
    .strictObject({
      tags: z.record(z.string(), z.unknown()).optional(),
      properties: z.strictObject({ desired: z.record(z.string(), z.unknown()).optional() }).optional(),
    })
    .optional(),
  /** As DPS means them; what is absent is DPS's default. `keyline devices update` brings a change to what is enrolled. */
  capabilities: z.strictObject({ iotEdge: z.boolean() }).optional(),
  reprovisionPolicy: z
    .strictObject({ updateHubAssignment: z.boolean(), migrateDeviceData: z.boolean() })
    .optional(),
  allocationPolicy: z.enum(['hashed', 'geoLatency', 'static']).optional(),
  /** Host names of linked hubs; only together with `allocationPolicy`. */
  iotHubs: z.array(z.string().min(1).max(253)).min(1).max(50).optional(),
  targetPerHour: z.number().positive().optional(),
});

const application = {
  /** GUID or domain name of the Entra tenant. */
  tenantId: z.string().min(1).max(253),
  /** GUID of the application (client). */
  clientId: z.string().min(1).max(253),
  /** Of a national cloud, such as https://login.microsoftonline.us. */
  authorityHost: z.url({ protocol: /^https$/ }).optional(),
};

/** Its secrets come by `keyline dps set-key` into the secret store, never in here. */
const entra = z.discriminatedUnion('signIn', [
  z.strictObject({ signIn: z.literal('client-secret'), ...application }),
  z.strictObject({ signIn: z.literal('client-certificate'), ...application }),
  z.strictObject({
    signIn: z.literal('workload-identity'),
    ...application,
    /** File that something else renews. */
    tokenFile: z.string().min(1).max(2000),
  }),
  z.strictObject({
    signIn: z.literal('managed-identity'),
    /** Of a user-assigned identity; absent: the machine's own. */
    clientId: z.string().min(1).max(253).optional(),
  }),
]);

const dps = z.strictObject({
  /** Also in the connection string; here so that entries can name their DPS before any secret is at hand. */
  host: z.string().max(253).optional(),
  idScope: z.string().max(64).optional(),
  /** The limit that Azure gives this DPS; 1000 where absent. All stations and programs on it share it. */
  operationsPerMinute: z.number().positive().max(1_000_000).optional(),
  /** What a bulk request of ten enrollments counts towards that limit; 1 where absent. */
  bulkCost: z.union([z.literal(1), z.literal(10)]).optional(),
  /** Signs in through Microsoft Entra ID instead of a policy's key; needs `host`. */
  entra: entra.optional(),
});

export const configurationSchema = z.strictObject({
  station: z
    .strictObject({
      name: z.string().min(1).max(60).default('Station 01'),
      line: z.string().max(60).default('Line 1'),
      language: z.enum(['en', 'ko']).default('en'),
      /** What every badge of the plant begins with, as scanned: a scan that begins so is a badge and never a serial. */
      badgePrefix: z.string().min(1).max(20).optional(),
      /** Minutes without a hand at a window until it locks; 0: never. */
      lockMinutes: z.number().min(0).max(720).default(15),
    })
    .prefault({}),
  fixtures: z.array(fixture).max(32).default([]),
  products: z
    .array(product)
    .min(1)
    .default([{ name: 'default' }]),
  /** The product that the Station screen makes; the first one where absent. */
  currentProduct: z.string().optional(),
  dps: dps.prefault({}),
  /** Folder with the plant's CA certificates, from the data directory on; `trust` there where absent. */
  trustStore: z.string().min(1).max(2000).optional(),
});

export type Configuration = z.infer<typeof configurationSchema>;
export type EntraConfiguration = z.infer<typeof entra>;
export type ProductConfiguration = Configuration['products'][number];
export type CertificatePolicy = NonNullable<ProductConfiguration['certificate']>;
export type FixtureConfiguration = Configuration['fixtures'][number];
