/**
 * The station's configuration: `keyline.json` in the data directory, written by an engineer or on the Settings screen.
 * The one place of every setting: its bounds, its default, and what it does (`title`, `description` with unit and default),
 * of which `keyline config schema` is made. What single values cannot show is in `settings/check-configuration.ts`. Defaults
 * let a station without a file work from the command line.
 */
import { z } from 'zod';
import { checkDigitSchemes } from '../enrollment/check-digit.ts';
import { isGtin } from '../enrollment/device-label.ts';
import { dutSerialSources } from '../harvest/dut-serial.ts';

const fixture = z.strictObject({
  id: z.string().min(1).max(40).meta({
    title: 'Id',
    description:
      'Names the fixture in every record; keep it when the name changes. The secret ssh-<id> belongs to it.',
  }),
  name: z
    .string()
    .max(60)
    .optional()
    .meta({ title: 'Name', description: 'On the screens; default: the id.' }),
  bridge: z
    .string()
    .min(1)
    .max(2000)
    .meta({
      title: 'Bridge',
      description:
        'The way to the TPM, as a TCTI conf string: device:/dev/tpmrm0, swtpm:host=H,port=P, mssim:host=H,port=P, ssh:user@host[:port], replay:FILE (rehearsal only) or cmd:COMMAND. cmd: is taken from this file and the command line only, never from a screen.',
      examples: ['device:/dev/tpmrm0', 'ssh:line@10.0.0.21', 'swtpm:host=127.0.0.1,port=2321'],
    }),
  ssh: z
    .strictObject({
      identityFile: z.string().min(1).max(2000).optional().meta({
        title: 'Private key file',
        description:
          'Then no other key and no agent is tried. From the data directory on where it is not absolute. Default: the agent and keys of the account.',
      }),
      knownHostKey: z
        .string()
        .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'a fingerprint: SHA256: and 43 characters')
        .optional()
        .meta({
          title: 'Host key',
          description:
            'As ssh-keygen -lf prints it. Default: the key met first at this address is recorded and must stay.',
        }),
    })
    .optional()
    .meta({
      title: 'SSH',
      description: 'With an ssh: bridge: how the station signs in, and knows the device again.',
    }),
  handsFree: z.enum(['scanned', 'device-serial']).optional().meta({
    title: 'Starts by itself',
    description:
      'When a device comes into it and its serial is there: scanned, before or after; or asked of the device by the product’s dutSerial (device-serial, over ssh: alone). Not with cmd: or replay:. Default: a hand starts it.',
  }),
  connectSeconds: z.number().positive().max(60).optional().meta({
    title: 'Time to connect',
    description: 'Seconds until the bridge has to be open; default 5.',
  }),
  commandSeconds: z.number().positive().max(120).optional().meta({
    title: 'Time of a command',
    description: 'Seconds for one TPM command, but for making a key; default 10.',
  }),
  harvestSeconds: z.number().positive().max(900).optional().meta({
    title: 'Time of a harvest',
    description: 'Seconds for the whole of one harvest; default 180.',
  }),
});

const product = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(60)
    .meta({ title: 'Name', description: 'Recorded with every device; a serial counts within its product.' }),
  serialPattern: z
    .string()
    .max(500)
    .optional()
    .meta({
      title: 'Serial pattern',
      description: 'ECMAScript regular expression that a whole serial must match (rule H10). Default: any.',
      examples: ['GX2-\\d{6}'],
    }),
  gtin: z
    .string()
    .refine(isGtin, 'a GTIN: 14 digits with their check digit')
    .optional()
    .meta({
      title: 'GTIN',
      description:
        'GS1’s number of the product, 14 digits: a label of another one is refused, and one that begins with it is GS1 data also where the scanner does not say so. Default: none.',
      examples: ['09506000134352'],
    }),
  checkDigit: z.enum(checkDigitSchemes).optional().meta({
    title: 'Check digit',
    description:
      'Scheme of the check digit at the end of the pattern’s named group "checked", or else of the whole serial (rule H10). Default: none.',
  }),
  registrationId: z
    .string()
    .max(200)
    .optional()
    .meta({
      title: 'Registration id',
      description:
        'Template of {registrationId}, which is derived from the key, and {serial}; what comes of it must pass the rules of DPS (rule H3). Default: {registrationId}.',
      examples: ['gx2-{serial}'],
    }),
  deviceId: z.string().max(200).optional().meta({
    title: 'Device id',
    description:
      'Template of {serial} or {registrationId} for the name in IoT Hub. Default: the registration id.',
  }),
  possession: z.enum(['require', 'off']).optional().meta({
    title: 'Proof of the key',
    description:
      'require (default): a device passes only with a proof that its TPM holds the key (rule H7). off: not asked for.',
  }),
  deviceKey: z.enum(['persisted', 'L-1', 'sdk-empty-unique']).optional().meta({
    title: 'Key that is enrolled',
    description:
      'persisted: the key stored at 0x81010001 and no other. L-1: the TCG key of that template. sdk-empty-unique: the key that Microsoft’s SDKs make where none is stored. Default: the stored one, else that of L-1 with a warning (rule H9).',
  }),
  certificate: z.enum(['require', 'warn', 'off']).optional().meta({
    title: 'EK certificate',
    description:
      'warn (default): what is not verified passes as certificate debt. require: it is refused. off: not judged (rule H8).',
  }),
  referenceFirmware: z.enum(['warn', 'accept']).optional().meta({
    title: 'Reference firmware',
    description:
      'What a TPM gets that names itself as Microsoft’s reference code does (MSFT, xCG fTPM), as firmware TPMs of real boards do. warn (default): the warning reference-firmware-tpm. accept: none, where the boards are known to have one.',
  }),
  dutSerial: z
    .strictObject({
      from: z.enum(dutSerialSources).optional().meta({
        title: 'Place',
        description: 'Where Linux on the device shows its serial.',
      }),
      command: z.string().min(1).max(2000).optional().meta({
        title: 'Command',
        description: 'For /bin/sh of the device; from this file only, never from a screen.',
      }),
      unread: z.enum(['refuse', 'warn']).optional().meta({
        title: 'Where it gives none',
        description: 'refuse (default), or warn: passes with a warning.',
      }),
    })
    .refine(({ from, command }) => (from === undefined) !== (command === undefined), 'either from or command')
    .optional()
    .meta({
      title: 'The device’s own serial',
      description:
        'How the device itself is asked for its serial, which must be the scanned one (rule H10): a place or a command, one of the two. Over ssh: bridges; over others it gives none. Default: not asked.',
    }),
  initialTwin: z
    .strictObject({
      tags: z.record(z.string(), z.unknown()).optional().meta({ title: 'Tags' }),
      properties: z
        .strictObject({
          desired: z.record(z.string(), z.unknown()).optional().meta({ title: 'Desired properties' }),
        })
        .optional()
        .meta({ title: 'Properties' }),
    })
    .optional()
    .meta({
      title: 'Initial twin',
      description:
        'What the device’s twin begins with, as DPS has it: tags, and properties.desired. In any other place DPS would drop it without a word.',
    }),
  capabilities: z
    .strictObject({ iotEdge: z.boolean().meta({ title: 'IoT Edge' }) })
    .optional()
    .meta({
      title: 'Capabilities',
      description:
        'As DPS means them. Default: those of DPS. keyline devices update brings a change to what is enrolled.',
    }),
  reprovisionPolicy: z
    .strictObject({
      updateHubAssignment: z.boolean().meta({ title: 'Hub may change' }),
      migrateDeviceData: z.boolean().meta({ title: 'Data moves along' }),
    })
    .optional()
    .meta({
      title: 'When it registers again',
      description: 'DPS’s reprovisioning policy. Default: that of DPS.',
    }),
  allocationPolicy: z.enum(['hashed', 'geoLatency', 'static']).optional().meta({
    title: 'Allocation',
    description: 'How DPS chooses the hub. Default: the policy of the DPS instance.',
  }),
  iotHubs: z.array(z.string().min(1).max(253)).min(1).max(50).optional().meta({
    title: 'IoT hubs',
    description: 'Host names of linked hubs; only together with allocationPolicy.',
  }),
  targetPerHour: z.number().positive().optional().meta({
    title: 'Target',
    description: 'Devices an hour, which the pace on the screen is compared with. Default: none.',
  }),
});

const application = {
  tenantId: z.string().min(1).max(253).meta({
    title: 'Tenant',
    description: 'GUID or domain name of the Entra tenant.',
  }),
  clientId: z.string().min(1).max(253).meta({
    title: 'Application',
    description: 'GUID of the application (client).',
  }),
  authorityHost: z
    .url({ protocol: /^https$/ })
    .optional()
    .meta({
      title: 'Authority',
      description: 'Of a national cloud, such as https://login.microsoftonline.us. Default: the public one.',
    }),
};

/** Its secrets come by `keyline dps set-key` into the secret store, never in here. */
const entra = z.discriminatedUnion('signIn', [
  z.strictObject({ signIn: z.literal('client-secret'), ...application }),
  z.strictObject({ signIn: z.literal('client-certificate'), ...application }),
  z.strictObject({
    signIn: z.literal('workload-identity'),
    ...application,
    tokenFile: z.string().min(1).max(2000).meta({
      title: 'Token file',
      description: 'File that something else renews.',
    }),
  }),
  z.strictObject({
    signIn: z.literal('managed-identity'),
    clientId: z.string().min(1).max(253).optional().meta({
      title: 'Identity',
      description: 'Client id of a user-assigned identity. Default: the machine’s own.',
    }),
  }),
]);

const dps = z.strictObject({
  host: z
    .string()
    .max(253)
    .optional()
    .meta({
      title: 'Host',
      description:
        'The service endpoint. It is also in the key; here it lets entries name their DPS before any key is at hand.',
      examples: ['plant.azure-devices-provisioning.net'],
    }),
  idScope: z
    .string()
    .max(64)
    .optional()
    .meta({
      title: 'Id scope',
      description: 'Of the DPS instance, as the Azure portal shows it; entries name it.',
      examples: ['0ne00000000'],
    }),
  operationsPerMinute: z.number().positive().max(1_000_000).optional().meta({
    title: 'Operations a minute',
    description:
      'The limit that Azure gives this DPS; all stations and programs on it share it. Default 1000.',
  }),
  bulkCost: z
    .union([z.literal(1), z.literal(10)])
    .optional()
    .meta({
      title: 'Cost of a bulk request',
      description: 'What a request of ten enrollments counts towards that limit. Default 1.',
    }),
  entra: entra.optional().meta({
    title: 'Microsoft Entra ID',
    description:
      'Signs in as an application or an identity of the machine instead of with a policy’s key; needs host. Its secret comes by keyline dps set-key, never in here.',
  }),
});

export const configurationSchema = z
  .strictObject({
    $schema: z.string().max(2000).optional().meta({
      title: 'Schema',
      description: 'Where an editor finds the JSON Schema of this file; keyline config schema prints it.',
    }),
    station: z
      .strictObject({
        name: z.string().min(1).max(60).default('Station 01').meta({
          title: 'Station',
          description: 'As the screens show it.',
        }),
        line: z.string().max(60).default('Line 1').meta({
          title: 'Line',
          description: 'As the screens show it.',
        }),
        language: z.enum(['en', 'ko']).default('en').meta({
          title: 'Language',
          description: 'Of the screens, until somebody chooses another one at a window.',
        }),
        badgePrefix: z.string().min(1).max(20).optional().meta({
          title: 'Badge prefix',
          description:
            'What every badge of the plant begins with, as scanned: a scan that begins so is a badge and never a serial. Default: only badges that are known here are.',
        }),
        scanner: z
          .strictObject({
            prefix: z.string().min(1).max(20).optional().meta({ title: 'Prefix' }),
            suffix: z.string().min(1).max(20).optional().meta({ title: 'Suffix' }),
          })
          .optional()
          .meta({
            title: 'Scanner',
            description:
              'What the plant’s scanners put around every scan, over and above Enter or Tab; it is cut off. Default: nothing.',
          }),
        workOrderPrefix: z
          .string()
          .min(1)
          .max(20)
          .optional()
          .meta({
            title: 'Work order prefix',
            description:
              'What every work order of the plant begins with, as scanned: a scan that begins so is an order and never a serial. Default: none; orders are scanned into their dialog.',
            examples: ['WO-'],
          }),
        shifts: z
          .array(
            z
              .string()
              .regex(/^(?:[01]\d|2[0-3]):(?:00|15|30|45)$/, 'a time of day: HH:MM, on a quarter of an hour'),
          )
          .min(1)
          .max(6)
          .optional()
          .meta({
            title: 'Shifts',
            description:
              'When each shift begins, in local time: the counts and plots at the foot are of the shift that is under way. Default: of the day, from midnight on.',
            examples: [['06:00', '14:00', '22:00']],
          }),
        goldenCheck: z
          .strictObject({
            units: z
              .array(
                z.strictObject({
                  serial: z.string().min(1).max(128).meta({
                    title: 'Serial',
                    description:
                      'As on the label of the reference unit: scanning it at a fixture checks the fixture.',
                  }),
                  ekSha256: z
                    .string()
                    .regex(/^[0-9a-f]{64}$/)
                    .optional()
                    .meta({
                      title: 'Key, SHA-256',
                      description:
                        'The key that the unit must have, as 64 hex digits. Default: the one of its last check that passed.',
                    }),
                }),
              )
              .min(1)
              .max(32)
              .meta({
                title: 'Reference units',
                description: 'Never enrolled and not counted, whatever is read of them.',
              }),
            everyHours: z.number().positive().max(168).default(12).meta({
              title: 'Holds for',
              description: 'Hours that a check of a fixture holds: a shift.',
            }),
            required: z.boolean().default(false).meta({
              title: 'Required',
              description: 'A fixture without a check that holds tests no other units.',
            }),
          })
          .optional()
          .meta({
            title: 'Golden check',
            description:
              'Reference units that go through the whole chain at each fixture at the start of a shift. Default: none.',
          }),
        lockMinutes: z.number().min(0).max(720).default(15).meta({
          title: 'Lock after',
          description: 'Minutes without a hand at a window until it locks; 0: never.',
        }),
      })
      .prefault({})
      .meta({ title: 'Station' }),
    fixtures: z
      .array(fixture.meta({ title: 'Fixture' }))
      .max(32)
      .default([])
      .meta({
        title: 'Fixtures',
        description: 'The places for devices, in the order of their numbers on the screen.',
      }),
    products: z
      .array(product.meta({ title: 'Product' }))
      .min(1)
      .default([{ name: 'default' }])
      .meta({ title: 'Products', description: 'What is made here, and how each is judged and enrolled.' }),
    currentProduct: z.string().optional().meta({
      title: 'Current product',
      description: 'Name of the product that the Station screen makes. Default: the first one.',
    }),
    dps: dps.prefault({}).meta({ title: 'DPS' }),
    audit: z
      .strictObject({
        checkpointFolder: z.string().min(1).max(2000).optional().meta({
          title: 'Folder for checkpoints',
          description:
            'Where checkpoints of the audit log are kept outside the ledger, from the data directory on; best on another disk. Default: checkpoints.',
        }),
        witnessFolder: z.string().min(1).max(2000).optional().meta({
          title: 'Folder of witnesses',
          description:
            'Folder on a share where stations leave their checkpoints for each other. Default: none.',
        }),
        exportFolders: z
          .array(
            z.strictObject({
              name: z.string().min(1).max(60).meta({
                title: 'Name',
                description: 'As the Audit screen shows it; name a stick or a share as what it is.',
              }),
              path: z.string().min(1).max(2000).meta({
                title: 'Folder',
                description: 'Where it is, from the data directory on.',
              }),
            }),
          )
          .max(16)
          .optional()
          .meta({
            title: 'Folders for exports',
            description:
              'Where the Audit screen may write exports and read them from; set in this file only. Default: none.',
            examples: [[{ name: 'Auditor’s stick', path: '/media/audit' }]],
          }),
        checkpointHours: z.number().positive().max(168).default(8).meta({
          title: 'Hours between checkpoints',
          description: 'While the kiosk runs, as long as a shift lasts at most.',
        }),
      })
      .prefault({})
      .meta({ title: 'Audit log', description: 'Where its checkpoints are kept, and how often.' }),
    courier: z
      .strictObject({
        recipient: z
          .string()
          .regex(/^age1[0-9a-z]{20,4000}$/, 'an age recipient: age1…')
          .optional()
          .meta({
            title: 'Recipient',
            description:
              'age recipient that `keyline courier key` prints at the receiving station: bundles are encrypted for it. Default: signed only.',
          }),
        validDays: z.number().int().positive().max(365).default(30).meta({
          title: 'Days that a bundle is valid',
          description: 'After that it is refused, and packed again. Default 30.',
        }),
      })
      .prefault({})
      .meta({
        title: 'Courier',
        description: 'Of a station without a network: how its entries travel to another station.',
      }),
    backup: z
      .strictObject({
        folder: z.string().min(1).max(2000).optional().meta({
          title: 'Folder',
          description:
            'Where backups go, on another disk, a stick or a share; it must be there. From the data directory on where it is not absolute. Default: none are made by themselves.',
        }),
        everyHours: z.number().min(0.25).max(168).default(8).meta({
          title: 'Every',
          description:
            'Hours from one backup to the next while the kiosk or serve runs; where station.shifts are set, one at the beginning of each as well. Default 8.',
        }),
        keep: z.number().int().min(1).max(1000).default(14).meta({
          title: 'How many stay',
          description: 'Older ones of this station go when a new one was verified. Default 14.',
        }),
      })
      .prefault({})
      .meta({
        title: 'Backups',
        description: 'Verified copies of the station; `keyline restore` goes on from one.',
      }),
    trustStore: z.string().min(1).max(2000).optional().meta({
      title: 'Trust store',
      description:
        'Folder with the CA certificates of the plant’s TPM makers, from the data directory on. Default: trust.',
    }),
  })
  .meta({
    title: 'keyline.json',
    description: 'Configuration of a Keyline station. A field that is left out has its default.',
  });

export type Configuration = z.infer<typeof configurationSchema>;
export type EntraConfiguration = z.infer<typeof entra>;
export type ProductConfiguration = Configuration['products'][number];
export type CertificatePolicy = NonNullable<ProductConfiguration['certificate']>;
export type FixtureConfiguration = Configuration['fixtures'][number];
