/** Settings of the DPS that enrollments go to, and of the sign-in there. No secret is among them. */
import { z } from 'zod';

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

export const dps = z.strictObject({
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

export type EntraConfiguration = z.infer<typeof entra>;
