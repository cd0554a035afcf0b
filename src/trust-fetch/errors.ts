/** Why an address gave nothing, each with what an engineer does about it. */
export const fetchHints = {
  'address-refused':
    'A certificate names an address that is not asked: only http and https, at their own ports, without a user name.',
  'address-inside':
    'The name leads to this machine or into the plant’s own network, where no certificate may send the station. If a server of the plant is meant, name it in trustFetch.internalHosts.',
  'name-unknown': 'The name is not known. Check the DNS of the station, and that it may reach the internet.',
  'no-connection': 'Nothing answers there. Let the station out to this host, or set HTTPS_PROXY.',
  'took-too-long':
    'The answer did not come in time. It is tried again by itself; check the way to this host if it stays so.',
  'tls-failed': 'The server’s TLS certificate is not trusted. Check the clock and what stands between.',
  'proxy-failed':
    'The proxy does not let this through. Check HTTPS_PROXY (HTTP_PROXY for http) and its rules.',
  'too-large': 'The answer is larger than anything of its kind. It was not taken.',
  'too-many-redirects': 'The server sends the station from address to address. It was not followed further.',
  'answer-status': 'The server does not have it, or does not give it. Ask the maker.',
  'answer-malformed': 'The server’s answer is not one of HTTP, or is encoded in a way nobody asked for.',
  stopped: 'It was stopped. It is tried again by itself.',
} as const;

export type FetchFaultCode = keyof typeof fetchHints;

/** The message names the address's host and what was wrong, nothing of the answer. */
export class FetchError extends Error {
  readonly code: FetchFaultCode;
  readonly hint: string;

  constructor(code: FetchFaultCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'FetchError';
    this.code = code;
    this.hint = fetchHints[code];
  }
}
