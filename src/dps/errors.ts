/** Ways in which the DPS service API fails, each with what an operator can do. */
export const dpsHints = {
  'connection-string-invalid':
    'The DPS connection string needs HostName, SharedAccessKeyName and SharedAccessKey. Copy it again from the DPS shared access policies.',
  'ca-file-unreadable': 'The file named by KEYLINE_DPS_CA_FILE cannot be read as PEM certificates.',
  'host-is-iot-hub':
    'The host is an IoT hub. Take the service endpoint of the Device Provisioning Service, which ends in azure-devices-provisioning.net.',
  'host-unknown':
    'The name of the DPS host is not known to the network. Check HostName and the name server; everything is kept here.',
  offline: 'DPS cannot be reached. Everything is kept here and sent when the connection is back.',
  timeout: 'DPS did not answer in time. Everything is kept here and sent again later.',
  tls: 'The TLS certificate of the DPS host (or of the sign-in service) is not trusted here. Check the host name, the proxy and the plant CA (KEYLINE_DPS_CA_FILE).',
  'clock-wrong':
    'The clock of this station is wrong. Set date and time, and switch on time synchronisation; everything is kept here.',
  'proxy-invalid':
    'HTTPS_PROXY (or NO_PROXY) cannot be read. It needs the form http://host:port or https://host:port.',
  'proxy-unknown':
    'The name of the proxy in HTTPS_PROXY is not known to the network. Everything is kept here.',
  'proxy-unreachable':
    'The proxy in HTTPS_PROXY does not answer. Everything is kept here and sent when it is back.',
  'proxy-authentication':
    'The proxy asks for a user and a password. Put the right ones into HTTPS_PROXY: http://user:password@host:port.',
  'proxy-refused': 'The proxy does not let this station through to DPS. Have the DPS host allowed there.',
  throttled: 'DPS asked to slow down. Keyline waits and goes on by itself.',
  unauthorized:
    'DPS refuses the key. Check the policy name, the key, and that they belong to this DPS instance.',
  'access-revoked':
    'DPS took this key before and refuses it now: the policy was deleted, or its key was made anew. Get the new one.',
  forbidden: 'The DPS policy lacks a right. It needs EnrollmentRead and EnrollmentWrite.',
  'entra-settings-invalid':
    'The settings for Microsoft Entra ID cannot be used. Check tenant, client id, and the secret or the certificate with its key.',
  'entra-login-failed':
    'Microsoft Entra ID refuses the sign-in. Check tenant, client id and the secret, and whether it has run out.',
  'entra-unreachable':
    'The sign-in service of Microsoft Entra ID cannot be reached. Everything is kept here and sent when it is back.',
  'entra-role-missing':
    'The sign-in succeeded, but DPS refuses this identity. Give it the role Device Provisioning Service Data Contributor on this DPS.',
  'not-found': 'DPS does not know what was asked for. Check that HostName names the right instance.',
  rejected: 'DPS refuses the request as invalid. The entry is set aside with the reason.',
  'etag-mismatch': 'The enrollment was changed in DPS meanwhile. Keyline reads it again before it goes on.',
  'server-error': 'DPS has a fault of its own. Keyline tries again later.',
  'emulator-refused':
    'This is a production ledger, and what answered is a DPS emulator. Check HostName in the connection string; to rehearse, start a new data directory with KEYLINE_REHEARSAL=1.',
  'answer-malformed': 'What answered is not DPS, or a proxy changed the answer. Check host name and proxy.',
} as const;

export type DpsErrorCode = keyof typeof dpsHints;

export class DpsError extends Error {
  readonly code: DpsErrorCode;
  readonly hint: string;
  /** HTTP status where one was answered. */
  readonly status: number | undefined;
  /** DPS's own error code (six digits) and tracking id, where given. */
  readonly errorCode: number | undefined;
  readonly trackingId: string | undefined;
  /** What the service asked us to wait, in milliseconds (Retry-After). */
  readonly retryAfterMs: number | undefined;
  /**
   * True where not one byte of the request can have reached the service: the connection never came about. Otherwise a
   * request that failed may have done its work, and only asking tells (rule O3).
   */
  readonly notSent: boolean;

  constructor(
    code: DpsErrorCode,
    message: string,
    context: {
      cause?: unknown;
      status?: number | undefined;
      errorCode?: number | undefined;
      trackingId?: string | undefined;
      retryAfterMs?: number | undefined;
      notSent?: boolean | undefined;
    } = {},
  ) {
    super(message, { cause: context.cause });
    this.name = 'DpsError';
    this.code = code;
    this.hint = dpsHints[code];
    this.status = context.status;
    this.errorCode = context.errorCode;
    this.trackingId = context.trackingId;
    this.retryAfterMs = context.retryAfterMs;
    this.notSent = context.notSent ?? false;
  }
}
