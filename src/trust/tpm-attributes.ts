/**
 * Maker, model and version of the TPM as an EK certificate states them, in a directory name of its subjectAltName (TCG
 * EK Credential Profile, 3.1.2: 2.23.133.2.1 to .3; maker and version as `id:` and eight hex digits). They are shown and
 * compared; whether the TPM is genuine is said by the chain alone (rule H8).
 */
import { cleanText } from '../tpm/clean-text.ts';
import { firstDerElement } from '../tpm/der.ts';
import { manufacturerName } from '../tpm/manufacturers.ts';
import { CertificateMalformed, elementsOf, TAG, wholeElement } from './asn1-values.ts';
import { extensionOid } from './certificate-extensions.ts';
import { readName } from './distinguished-name.ts';
import { parseCertificate } from './parse-certificate.ts';

export interface TpmAttributes {
  /** The maker's name where the id is a known one, else the id as it stands. */
  readonly manufacturer?: string;
  /** Eight hex digits, upper case, where it has that form. */
  readonly manufacturerId?: string;
  readonly model?: string;
  readonly version?: string;
}

const DIRECTORY_NAME = 0xa4;
const oid = { manufacturer: '2.23.133.2.1', model: '2.23.133.2.2', version: '2.23.133.2.3' } as const;
/** swtpm's CA states IBM by its PCI vendor number, as certificates of TPM 1.2 did; the TPM itself says `IBM`. */
const pciVendors: Readonly<Record<string, string>> = { '00001014': 'IBM' };

/** Undefined where the certificate states none, or is not well-formed. */
export function readTpmAttributes(der: Uint8Array): TpmAttributes | undefined {
  try {
    const stated = statedAttributes(der);
    const read = (type: string) => {
      const text = stated.get(type);
      return text === undefined ? undefined : cleanText(text, 80);
    };
    const maker = read(oid.manufacturer);
    const manufacturerId = maker && /^id:([0-9a-f]{8})$/i.exec(maker)?.[1]?.toUpperCase();
    const model = read(oid.model);
    const version = read(oid.version);
    if (maker === undefined && model === undefined && version === undefined) return undefined;
    return {
      ...(maker === undefined ? {} : { manufacturer: (manufacturerId && makerOf(manufacturerId)) ?? maker }),
      ...(manufacturerId ? { manufacturerId } : {}),
      ...(model === undefined ? {} : { model }),
      ...(version === undefined ? {} : { version }),
    };
  } catch (error) {
    if (error instanceof CertificateMalformed) return undefined;
    throw error;
  }
}

/** @param tpmManufacturerId TPM_PT_MANUFACTURER, eight hex digits. Ids of one maker are the same maker. */
export function makerDiffers(stated: TpmAttributes, tpmManufacturerId: string): boolean {
  const { manufacturerId } = stated;
  if (manufacturerId === undefined) return false;
  const tpm = tpmManufacturerId.toUpperCase();
  return manufacturerId !== tpm && (makerOf(manufacturerId) ?? manufacturerId) !== (makerOf(tpm) ?? tpm);
}

function makerOf(id: string): string | undefined {
  return manufacturerName(id) ?? (Object.hasOwn(pciVendors, id) ? pciVendors[id] : undefined);
}

function statedAttributes(der: Uint8Array): ReadonlyMap<string, string> {
  const what = 'subjectAltName';
  const { all } = parseCertificate(der).extensions;
  const value = all.find(extension => extension.oid === extensionOid.subjectAltName)?.value;
  const names = value === undefined ? [] : elementsOf(wholeElement(value, TAG.SEQUENCE, what), what);
  const attributes = names
    .filter(({ tag }) => tag === DIRECTORY_NAME)
    .flatMap(({ content }) => readName(firstDerElement(content), what).attributes);
  return new Map(attributes.flatMap(({ type, text }) => (text === undefined ? [] : [[type, text]])));
}
