/**
 * Which addresses may be asked at all. An address comes out of a certificate, and a redirect out of anybody's answer: neither
 * may lead this station into the plant's own network (server-side request forgery). So http and https only, at ports 80 and
 * 443, without a user name, and never to an address that is not a public one; a host that the plant named itself is free.
 */
import { BlockList, isIP } from 'node:net';
import { FetchError } from './errors.ts';

/** Not on the public internet (IANA's special-purpose registries, RFC 6890), and what carries another address inside. */
const inside = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  inside.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(network, prefix, 'ipv6');

/** @param address an IP address */
export function isInside(address: string): boolean {
  const family = isIP(address);
  return family === 0 || inside.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

export interface AskedAddress {
  readonly url: URL;
  /** The plant named this host: its address may be a private one. */
  readonly isInternal: boolean;
}

/**
 * @param internalHosts `host` or `host:port`, of the plant's own configuration
 * @throws FetchError `address-refused`, `address-inside`
 */
export function askedAddress(text: string, internalHosts: readonly string[]): AskedAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === '')
    throw new FetchError('address-refused', 'it is no http or https address');
  if (url.username !== '' || url.password !== '')
    throw new FetchError('address-refused', `${url.hostname}: it has a user name`);
  url.hash = '';
  const isInternal = internalHosts.some(host => host.toLowerCase() === url.host);
  if (isInternal) return { url, isInternal };
  // A default port is none.
  if (url.port !== '') throw new FetchError('address-refused', `${url.hostname}: port ${url.port}`);
  const literal = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const isName = isIP(literal) === 0;
  if (isName ? isNameInside(url.hostname) : isInside(literal))
    throw new FetchError('address-inside', url.hostname);
  return { url, isInternal };
}

/** Names that only this machine or this network knows (RFC 6761, 6762, 8375). */
function isNameInside(name: string): boolean {
  const plain = name.replace(/\.$/, '');
  return !plain.includes('.') || /\.(?:localhost|local|internal|home\.arpa|localdomain)$/.test(plain);
}
