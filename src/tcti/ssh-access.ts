/**
 * How a station signs in at a DUT over SSH and knows it again (RFC 4252, RFC 4253). Whoever opens an `ssh:` bridge hands
 * this in; the carrier itself looks at no environment, no home folder and no configuration.
 */

export type SshCredential =
  /** A private key file, OpenSSH or PEM, without a passphrase. One that is absent or unusable is passed over. */
  | { readonly kind: 'key-file'; readonly path: string }
  /** The socket of an ssh-agent, as in SSH_AUTH_SOCK. */
  | { readonly kind: 'agent'; readonly socket: string }
  | { readonly kind: 'password'; readonly password: string };

/** Fingerprints as `ssh-keygen -l` prints them: `SHA256:` and unpadded base64. A place is `host:port`. */
export interface HostKeys {
  /** The fingerprint that this host must show; undefined at the first contact. */
  known(place: string): string | undefined;
  /** At first contact, once the host has proved its key and let us in. Gives the one that counts from now on. */
  record(place: string, fingerprint: string): string;
}

export interface SshAccess {
  /** Tried in this order. */
  readonly credentials: readonly SshCredential[];
  readonly hostKeys: HostKeys;
}
