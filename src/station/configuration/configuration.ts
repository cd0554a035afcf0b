/**
 * The station's configuration: `keyline.json` in the data directory, written by an engineer or on the Settings screen.
 * The one place of every setting, with `configuration/` for fixtures, products and DPS: its bounds, its default, and what it
 * does (`title`, `description` with unit and default), of which `keyline config schema` is made. What single values cannot
 * show is in `settings/check-configuration.ts`. Defaults let a station without a file work from the command line.
 */
import { z } from 'zod';
import { dps } from './dps.ts';
import { fixture } from './fixture.ts';
import { product } from './product.ts';
import { trustFetch } from './trust-fetch.ts';

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
    trustFetch: trustFetch.prefault({}).meta({
      title: 'Fetching for the trust store',
      description:
        'Revocation lists and intermediate certificates that certificates name, fetched by a station that is online; in this file only.',
    }),
  })
  .meta({
    title: 'keyline.json',
    description: 'Configuration of a Keyline station. A field that is left out has its default.',
  });

export type Configuration = z.infer<typeof configurationSchema>;
export type { EntraConfiguration } from './dps.ts';
export type ProductConfiguration = Configuration['products'][number];
export type CertificatePolicy = NonNullable<ProductConfiguration['certificate']>;
export type RevocationPolicy = NonNullable<ProductConfiguration['revocation']>;
export type FixtureConfiguration = Configuration['fixtures'][number];
