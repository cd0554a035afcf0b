/**
 * TPM_RC, the response code of a TPM 2.0 (Part 2, clause 6.6, version 1.84). Bit 7 clear is format zero (errors 0x1xx,
 * warnings 0x9xx, with bit 10 the maker's own); bit 7 set is format one, which also numbers the parameter, session or
 * handle at fault. Software between us and the TPM (TSS layers, resource manager) marks its own codes in bits 16..23
 * (TSS 2.0 Overview, 2.4.2); these are masked off before decoding.
 */
export interface ResponseCode {
  /** Bits 0..11, the TPM's own. */
  readonly value: number;
  /** Bits 16..23: 0 for the TPM itself, else the software layer that answered. */
  readonly layer: number;
  readonly kind: 'error' | 'warning';
  /** The specification's name without `TPM_RC_`, or `UNKNOWN`. */
  readonly name: string;
  /** Format one only: what the code is about, counted from 1. */
  readonly about?: { readonly part: 'parameter' | 'session' | 'handle'; readonly number: number };
}

const formatZero: Readonly<Record<number, string>> = {
  30: 'BAD_TAG',
  256: 'INITIALIZE',
  257: 'FAILURE',
  259: 'SEQUENCE',
  267: 'PRIVATE',
  281: 'HMAC',
  288: 'DISABLED',
  289: 'EXCLUSIVE',
  292: 'AUTH_TYPE',
  293: 'AUTH_MISSING',
  294: 'POLICY',
  295: 'PCR',
  296: 'PCR_CHANGED',
  301: 'UPGRADE',
  302: 'TOO_MANY_CONTEXTS',
  303: 'AUTH_UNAVAILABLE',
  304: 'REBOOT',
  305: 'UNBALANCED',
  322: 'COMMAND_SIZE',
  323: 'COMMAND_CODE',
  324: 'AUTHSIZE',
  325: 'AUTH_CONTEXT',
  326: 'NV_RANGE',
  327: 'NV_SIZE',
  328: 'NV_LOCKED',
  329: 'NV_AUTHORIZATION',
  330: 'NV_UNINITIALIZED',
  331: 'NV_SPACE',
  332: 'NV_DEFINED',
  336: 'BAD_CONTEXT',
  337: 'CPHASH',
  338: 'PARENT',
  339: 'NEEDS_TEST',
  340: 'NO_RESULT',
  341: 'SENSITIVE',
  342: 'READ_ONLY',
  2305: 'CONTEXT_GAP',
  2306: 'OBJECT_MEMORY',
  2307: 'SESSION_MEMORY',
  2308: 'MEMORY',
  2309: 'SESSION_HANDLES',
  2310: 'OBJECT_HANDLES',
  2311: 'LOCALITY',
  2312: 'YIELDED',
  2313: 'CANCELED',
  2314: 'TESTING',
  2320: 'REFERENCE_H0',
  2321: 'REFERENCE_H1',
  2322: 'REFERENCE_H2',
  2323: 'REFERENCE_H3',
  2324: 'REFERENCE_H4',
  2325: 'REFERENCE_H5',
  2326: 'REFERENCE_H6',
  2328: 'REFERENCE_S0',
  2329: 'REFERENCE_S1',
  2330: 'REFERENCE_S2',
  2331: 'REFERENCE_S3',
  2332: 'REFERENCE_S4',
  2333: 'REFERENCE_S5',
  2334: 'REFERENCE_S6',
  2336: 'NV_RATE',
  2337: 'LOCKOUT',
  2338: 'RETRY',
  2339: 'NV_UNAVAILABLE',
  2431: 'NOT_USED',
};

const formatOne: Readonly<Record<number, string>> = {
  1: 'ASYMMETRIC',
  2: 'ATTRIBUTES',
  3: 'HASH',
  4: 'VALUE',
  5: 'HIERARCHY',
  7: 'KEY_SIZE',
  8: 'MGF',
  9: 'MODE',
  10: 'TYPE',
  11: 'HANDLE',
  12: 'KDF',
  13: 'RANGE',
  14: 'AUTH_FAIL',
  15: 'NONCE',
  16: 'PP',
  18: 'SCHEME',
  21: 'SIZE',
  22: 'SYMMETRIC',
  23: 'TAG',
  24: 'SELECTOR',
  26: 'INSUFFICIENT',
  27: 'SIGNATURE',
  28: 'KEY',
  29: 'POLICY_FAIL',
  31: 'INTEGRITY',
  32: 'TICKET',
  33: 'RESERVED_BITS',
  34: 'BAD_AUTH',
  35: 'EXPIRED',
  36: 'POLICY_CC',
  37: 'BINDING',
  38: 'CURVE',
  39: 'ECC_POINT',
  40: 'FW_LIMITED',
  41: 'SVN_LIMITED',
  48: 'CHANNEL',
  49: 'CHANNEL_KEY',
};

/** Who answered in the TPM's place. The kernel's resource manager is 11: its codes are in the TPM's own form. */
const layers: Readonly<Record<number, string>> = {
  6: 'FAPI',
  7: 'ESAPI',
  8: 'SAPI',
  9: 'marshalling',
  10: 'TCTI',
  11: 'resource manager, as a TPM',
  12: 'resource manager',
  13: 'driver',
};

/** Layers whose codes have the form of TPM_RC; the codes of the others are their own. */
const layersOfTpmForm: ReadonlySet<number> = new Set([0, 11]);

export function decodeResponseCode(answered: number): ResponseCode {
  const value = answered & 0xfff;
  const layer = (answered >>> 16) & 0xff;
  if (!layersOfTpmForm.has(layer)) return { value, layer, kind: 'error', name: 'UNKNOWN' };
  if ((value & 0x80) === 0) {
    return {
      value,
      layer,
      kind: (value & 0x900) === 0x900 ? 'warning' : 'error',
      name: formatZero[value] ?? 'UNKNOWN',
    };
  }
  const name = formatOne[value & 0x3f] ?? 'UNKNOWN';
  if (value & 0x40) {
    return { value, layer, kind: 'error', name, about: { part: 'parameter', number: value >>> 8 } };
  }
  const part = value & 0x800 ? 'session' : 'handle';
  return { value, layer, kind: 'error', name, about: { part, number: (value >>> 8) & 0x7 } };
}

/** Warnings after which the same bytes may be sent again; a failed or locked password is never among them. */
const retriable: ReadonlySet<string> = new Set(['RETRY', 'YIELDED', 'CANCELED', 'TESTING', 'NV_RATE']);

export function mayRetry(code: ResponseCode): boolean {
  return retriable.has(code.name);
}

/** E.g. `0x18B (HANDLE, handle 1)`. */
export function formatResponseCode(code: ResponseCode): string {
  const about = code.about ? `, ${code.about.part} ${code.about.number}` : '';
  const maker = isMakersOwn(code) ? ', the maker’s own' : '';
  return `${responseCodeHex(code)} (${code.name}${about}${maker}${formatLayer(code.layer)})`;
}

/** The specification's name, e.g. `TPM_RC_LOCKOUT`; undefined for a code that has none. */
export function responseCodeName({ name }: ResponseCode): string | undefined {
  return name === 'UNKNOWN' ? undefined : `TPM_RC_${name}`;
}

/** Format zero, bit 10. */
function isMakersOwn({ value, layer }: ResponseCode): boolean {
  return layersOfTpmForm.has(layer) && (value & 0x580) === 0x500;
}

function formatLayer(layer: number): string {
  if (layer === 0) return '';
  const name = layers[layer];
  return `, from software layer ${layer}${name === undefined ? '' : ` (${name})`}`;
}

/** E.g. `0x18B`. */
export function responseCodeHex(code: ResponseCode): string {
  return `0x${code.value.toString(16).toUpperCase().padStart(3, '0')}`;
}
