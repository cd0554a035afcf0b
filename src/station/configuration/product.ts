/** Settings of one product: its serials, what its TPM has to prove, and what its enrollments say. */
import { z } from 'zod';
import { checkDigitSchemes } from '../../enrollment/check-digit.ts';
import { isGtin } from '../../enrollment/device-label.ts';
import { dutSerialSources } from '../../harvest/dut-serial.ts';

export const product = z.strictObject({
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
  revocation: z.enum(['off', 'warn', 'require']).optional().meta({
    title: 'Revocation',
    description:
      'Where the certificate is judged: whether a list of its maker must say that it was not revoked. warn (default): a revoked one is refused; where no list holds, it is verified with a warning. require: where no list holds, it passes as certificate debt until one does. off: lists are not looked at (rule H8).',
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
