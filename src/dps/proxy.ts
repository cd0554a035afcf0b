/**
 * The plant's way out: `HTTPS_PROXY` and `NO_PROXY`, carried out by Node's own agent (CONNECT, RFC 9110 §9.3.6). Node's
 * agent leaves out, without a word, a proxy that it cannot read, and quotes it with its password in the error where it
 * throws: so the setting is read here first. A host on this machine is never reached through a proxy.
 */
import { DpsError } from './errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface PlantProxy {
  /** `host:port`, without user and password: may be shown. */
  readonly name: string;
  /** For `new https.Agent({ proxyEnv })`. Holds the password. */
  readonly proxyEnv: { readonly HTTPS_PROXY: string; readonly NO_PROXY: string };
}

const onThisMachine = /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3})$/;

/** Undefined where no proxy is set, or the host is on this machine. Throws DpsError `proxy-invalid`, which quotes nothing. */
export function proxyFor(host: string, environment: Environment): PlantProxy | undefined {
  const text = (environment.https_proxy || environment.HTTPS_PROXY || '').trim();
  if (text === '' || onThisMachine.test(host)) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new DpsError('proxy-invalid', 'HTTPS_PROXY is not of the form http://host:port.', {
      notSent: true,
    });
  }
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return {
    name: `${url.hostname}:${port}`,
    proxyEnv: { HTTPS_PROXY: text, NO_PROXY: environment.no_proxy || environment.NO_PROXY || '' },
  };
}

/** What the proxy said, or that it did not: no byte of the request was sent. `status`: of its answer to CONNECT. */
export function proxyFault(
  proxy: PlantProxy,
  host: string,
  errorName: string,
  status: number | undefined,
): DpsError {
  const context = { notSent: true };
  const via = `the proxy ${proxy.name}`;
  const through = `No way through ${via} to ${host}`;
  if (status === 407)
    return new DpsError('proxy-authentication', `${through}: it asks for a password (407).`, context);
  if (status !== undefined && status >= 500)
    return new DpsError('offline', `${through}: it cannot reach it (${status}).`, context);
  if (status !== undefined)
    return new DpsError('proxy-refused', `${through}: it answers ${status}.`, context);
  if (errorName === 'ENOTFOUND')
    return new DpsError('proxy-unknown', `The name of ${via} is not known.`, context);
  return new DpsError('proxy-unreachable', `No way to ${via}${errorName ? ` (${errorName})` : ''}.`, context);
}
