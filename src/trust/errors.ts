/** What of a trust store cannot be used, each with what an engineer does about it. */
export const trustHints = {
  'folder-unreadable':
    'Keyline cannot read the folder of the trust store. Check that it exists and belongs to this user.',
  'file-unreadable': 'The file cannot be read. Check its rights.',
  'file-too-large':
    'The file is far larger than any list of certificates. Put only certificates into the trust store.',
  'no-certificate':
    'The file is neither PEM nor a DER certificate. Take it out of the trust store, or convert it (openssl pkcs7 -print_certs for .p7b).',
  'pem-damaged': 'A PEM block is damaged. Copy the file again from where it came from.',
  'pem-foreign':
    'The file holds something else than certificates. Take it out; a private key has no place here.',
  'certificate-malformed':
    'A certificate has not the form of one. Copy the file again from where it came from.',
  'list-malformed': 'A revocation list has not the form of one. Copy the file again from where it came from.',
} as const;

export type TrustErrorCode = keyof typeof trustHints;

/** The trust store as a whole cannot be read; what is wrong with one file is a value (`SetAside`). */
export class TrustError extends Error {
  readonly code: TrustErrorCode;
  readonly hint: string;

  constructor(code: TrustErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'TrustError';
    this.code = code;
    this.hint = trustHints[code];
  }
}
