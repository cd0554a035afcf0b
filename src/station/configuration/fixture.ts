/** Settings of one fixture: what it is called, the bridge to its device, and how long each part of a harvest may take. */
import { z } from 'zod';

export const fixture = z.strictObject({
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
