/**
 * X.509 certificates for tests, written byte by byte, so that any rule can be broken and nothing else with it. What
 * they look like when nothing is broken is held against `openssl verify` by the tests that use them.
 */
import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export interface TestKey {
  readonly spki: Buffer;
  readonly privateKey: KeyObject;
}

export function rsaKey(modulusLength = 2048): TestKey {
  return keyOf(generateKeyPairSync('rsa', { modulusLength }).privateKey);
}

export function ecKey(namedCurve = 'prime256v1'): TestKey {
  return keyOf(generateKeyPairSync('ec', { namedCurve }).privateKey);
}

export function ed25519Key(): TestKey {
  return keyOf(generateKeyPairSync('ed25519').privateKey);
}

function keyOf(privateKey: KeyObject): TestKey {
  return { privateKey, spki: createPublicKey(privateKey).export({ format: 'der', type: 'spki' }) };
}

export function der(tag: number, ...content: readonly (Uint8Array | string)[]): Buffer {
  const body = Buffer.concat(content.map(part => (typeof part === 'string' ? Buffer.from(part) : part)));
  const { length } = body;
  const head =
    length < 0x80
      ? [length]
      : length < 0x100
        ? [0x81, length]
        : length < 0x10000
          ? [0x82, length >> 8, length & 0xff]
          : [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), body]);
}

export const sequence = (...content: readonly Uint8Array[]) => der(0x30, ...content);
const TRUE = der(0x01, Buffer.of(0xff));

export function oid(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(Number) as [number, number, ...number[]];
  const bytes = [first * 40 + second, ...rest].flatMap(arc => {
    const groups = [arc & 0x7f];
    for (let more = Math.floor(arc / 128); more > 0; more = Math.floor(more / 128))
      groups.unshift((more & 0x7f) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.from(bytes));
}

export const STRING = { utf8: 0x0c, printable: 0x13 } as const;

/** Attributes in the order given, one to a part, e.g. `['2.5.4.3', 'A CA']`. */
export function name(
  attributes: readonly (readonly [type: string, text: string])[],
  stringTag: number = STRING.printable,
): Buffer {
  return sequence(...attributes.map(([type, text]) => der(0x31, sequence(oid(type), der(stringTag, text)))));
}

export const commonName = (text: string) => name([['2.5.4.3', text]]);

export interface Extension {
  readonly oid: string;
  readonly critical?: boolean;
  readonly value: Buffer;
}

export const basicConstraints = (ca: boolean, pathLength?: number): Extension => ({
  oid: '2.5.29.19',
  critical: true,
  value: sequence(
    ...(ca ? [TRUE] : []),
    ...(pathLength === undefined ? [] : [der(0x02, Buffer.of(pathLength))]),
  ),
});

const usageBits = { digitalSignature: 0, keyEncipherment: 2, keyAgreement: 4, keyCertSign: 5, cRLSign: 6 };

export function keyUsage(...usages: readonly (keyof typeof usageBits)[]): Extension {
  const bits = usages.reduce((sum, usage) => sum | (0x80 >> usageBits[usage]), 0);
  const unused = bits === 0 ? 0 : 31 - Math.clz32(bits & -bits);
  return { oid: '2.5.29.15', critical: true, value: der(0x03, Buffer.of(unused, bits)) };
}

export const extendedKeyUsage = (...purposes: readonly string[]): Extension => ({
  oid: '2.5.29.37',
  value: sequence(...purposes.map(oid)),
});

/** subjectAltName with a directory name, as the TCG asks for. */
export const tpmSubjectAltName = (
  attributes: readonly (readonly [type: string, text: string])[],
  critical = false,
): Extension => ({ oid: '2.5.29.17', critical, value: sequence(der(0xa4, name(attributes, STRING.utf8))) });

const uri = (address: string) => der(0x86, address);

/** cRLDistributionPoints: one point with these addresses. */
export const distributionPoint = (...addresses: readonly string[]): Extension => ({
  oid: '2.5.29.31',
  value: sequence(sequence(der(0xa0, der(0xa0, ...addresses.map(uri))))),
});

/** authorityInfoAccess: where the issuer's certificate lies. */
export const issuerAt = (...addresses: readonly string[]): Extension => ({
  oid: '1.3.6.1.5.5.7.1.1',
  value: sequence(...addresses.map(address => sequence(oid('1.3.6.1.5.5.7.48.2'), uri(address)))),
});

/** issuingDistributionPoint with what lies in its SEQUENCE. */
export const issuingDistributionPoint = (...parts: readonly Buffer[]): Extension => ({
  oid: '2.5.29.28',
  critical: true,
  value: sequence(...parts),
});

export const algorithms = {
  sha256WithRSA: { oid: '1.2.840.113549.1.1.11', hash: 'sha256', rsa: true },
  sha384WithRSA: { oid: '1.2.840.113549.1.1.12', hash: 'sha384', rsa: true },
  sha224WithRSA: { oid: '1.2.840.113549.1.1.14', hash: 'sha224', rsa: true },
  sha1WithRSA: { oid: '1.2.840.113549.1.1.5', hash: 'sha1', rsa: true },
  md5WithRSA: { oid: '1.2.840.113549.1.1.4', hash: 'md5', rsa: true },
  ecdsaWithSha256: { oid: '1.2.840.10045.4.3.2', hash: 'sha256', rsa: false },
  ecdsaWithSha1: { oid: '1.2.840.10045.4.1', hash: 'sha1', rsa: false },
} as const;

export type AlgorithmName = keyof typeof algorithms;

export interface CertificatePlan {
  /** As encoded: 2 is version 3. */
  readonly version?: number;
  /** Content of the INTEGER. */
  readonly serialNumber?: Buffer;
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly key: TestKey;
  readonly extensions?: readonly Extension[];
  readonly signer: TestKey;
  readonly algorithm?: AlgorithmName;
  /** The one beside the signature, where it is to be another. */
  readonly outerAlgorithm?: AlgorithmName;
}

export const validFrom = new Date('2026-01-01T00:00:00Z');
export const validUntil = new Date('2036-01-01T00:00:00Z');

export function makeCertificate(plan: CertificatePlan): Buffer {
  const algorithm = plan.algorithm ?? (isRsa(plan.signer) ? 'sha256WithRSA' : 'ecdsaWithSha256');
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.of(plan.version ?? 2))),
    der(0x02, plan.serialNumber ?? Buffer.of(0x2a)),
    algorithmIdentifier(algorithm),
    plan.issuer,
    sequence(time(plan.notBefore ?? validFrom), time(plan.notAfter ?? validUntil)),
    plan.subject,
    plan.key.spki,
    ...(plan.extensions === undefined
      ? []
      : [der(0xa3, sequence(...plan.extensions.map(extension => encodeExtension(extension))))]),
  );
  const signature = sign(algorithms[algorithm].hash, signed, plan.signer.privateKey);
  return sequence(
    signed,
    algorithmIdentifier(plan.outerAlgorithm ?? algorithm),
    der(0x03, Buffer.of(0), signature),
  );
}

export interface RevokedPlan {
  /** Content of the INTEGER. */
  readonly serialNumber: Buffer;
  readonly at: Date;
  /** CRLReason (RFC 5280, 5.3.1). */
  readonly reason?: number;
  readonly extensions?: readonly Extension[];
}

export interface RevocationListPlan {
  /** As encoded: 1 is version 2; null: left out, which is version 1. */
  readonly version?: number | null;
  readonly issuer: Buffer;
  readonly signer: TestKey;
  readonly thisUpdate: Date;
  /** Null: left out. */
  readonly nextUpdate: Date | null;
  readonly revoked?: readonly RevokedPlan[];
  readonly extensions?: readonly Extension[];
  readonly algorithm?: AlgorithmName;
  readonly outerAlgorithm?: AlgorithmName;
}

export const crlNumber = (number: number): Extension => ({
  oid: '2.5.29.20',
  value: der(0x02, Buffer.of(number)),
});

export function makeRevocationList(plan: RevocationListPlan): Buffer {
  const algorithm = plan.algorithm ?? (isRsa(plan.signer) ? 'sha256WithRSA' : 'ecdsaWithSha256');
  const entries = (plan.revoked ?? []).map(({ serialNumber, at, reason, extensions = [] }) => {
    const all = [
      ...(reason === undefined ? [] : [{ oid: '2.5.29.21', value: der(0x0a, Buffer.of(reason)) }]),
      ...extensions,
    ];
    return sequence(
      der(0x02, serialNumber),
      time(at),
      ...(all.length > 0 ? [sequence(...all.map(encodeExtension))] : []),
    );
  });
  const extensions = plan.extensions ?? [crlNumber(1)];
  const signed = sequence(
    ...(plan.version === null ? [] : [der(0x02, Buffer.of(plan.version ?? 1))]),
    algorithmIdentifier(algorithm),
    plan.issuer,
    time(plan.thisUpdate),
    ...(plan.nextUpdate === null ? [] : [time(plan.nextUpdate)]),
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    ...(extensions.length > 0 ? [der(0xa0, sequence(...extensions.map(encodeExtension)))] : []),
  );
  const signature = sign(algorithms[algorithm].hash, signed, plan.signer.privateKey);
  return sequence(
    signed,
    algorithmIdentifier(plan.outerAlgorithm ?? algorithm),
    der(0x03, Buffer.of(0), signature),
  );
}

export function toPem(...certificates: readonly Buffer[]): string {
  return certificates.map(certificate => pemBlock('CERTIFICATE', certificate)).join('');
}

export function pemBlock(label: string, content: Buffer): string {
  const lines = content.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function isRsa(key: TestKey): boolean {
  return key.privateKey.asymmetricKeyType === 'rsa';
}

function algorithmIdentifier(algorithm: AlgorithmName): Buffer {
  const { oid: type, rsa } = algorithms[algorithm];
  return sequence(oid(type), ...(rsa ? [der(0x05)] : []));
}

function time(at: Date): Buffer {
  const text = `${at.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
  return at.getUTCFullYear() < 2050 ? der(0x17, text.slice(2)) : der(0x18, text);
}

function encodeExtension({ oid: type, critical, value }: Extension): Buffer {
  return sequence(oid(type), ...(critical ? [TRUE] : []), der(0x04, value));
}
