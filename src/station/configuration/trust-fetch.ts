/** Settings of what is fetched for the trust store: whether by itself, and from which hosts. */
import { z } from 'zod';

/** `host` or `host:port`, lower case. */
const host = z
  .string()
  .regex(
    /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(?::[1-9]\d{0,4})?$/,
    'a host, such as pki.example.com or 10.1.2.3:8080, in lower case',
  );

/** Where TPM makers publish the certificates of their CAs. */
const makers = [
  'ftpm.amd.com',
  'pki.infineon.com',
  'secure.globalsign.com',
  'sw-center.st.com',
  'trustedservices.intel.com',
  'tsci.intel.com',
  'upgrades.intel.com',
  'www.intel.com',
  'www.microsoft.com',
  'www.nuvoton.com',
];

export const trustFetch = z.strictObject({
  automatic: z.boolean().default(true).meta({
    title: 'By itself',
    description:
      'Whether a running station that has a key for DPS fetches by itself; keyline trust fetch does on demand. Default: yes.',
  }),
  makerHosts: z
    .array(host)
    .max(100)
    .default(makers)
    .meta({
      title: 'Makers’ hosts',
      description:
        'Hosts that are asked for an issuer’s certificate where only the certificate in a TPM names them, and nothing vouches for that one yet. Default: those of the makers that are known.',
      examples: [['pki.infineon.com']],
    }),
  internalHosts: z
    .array(host)
    .max(100)
    .default([])
    .meta({
      title: 'Hosts of the plant',
      description:
        'Servers of the plant itself with lists or certificates: asked although their address is a private one, and never through a proxy. With :port for another port than 80 or 443. Default: none.',
      examples: [['crl.plant.example']],
    }),
});
