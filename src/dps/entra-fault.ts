/**
 * A sign-in to Microsoft Entra ID that failed, in Keyline's codes. Entra's descriptions may repeat what was sent, so only
 * its code (AADSTS…) is passed on, and no error of the library is kept as a cause (rule S2).
 */

import type { EntraJourney } from './entra-journey.ts';
import { DpsError, type DpsErrorCode } from './errors.ts';
import { isCertificateFault } from './network-fault.ts';
import { proxyFault } from './proxy.ts';

/** A signed assertion that is not valid yet or any more by Entra's clock. */
const assertionOutOfTime = 'AADSTS700024';
/** Faults behind the proxy: the tunnel was there. */
const behindProxy = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE']);

export function signInFault({ host, proxy, end }: EntraJourney): DpsError {
  if (end === undefined) return settingsFault();
  const { fault, status = 0, json = false, aadsts } = end;
  if (fault) {
    const { code, message } = fault;
    if (isCertificateFault(code))
      return failed('tls', `The certificate of ${host} is not trusted (${code}).`);
    if (proxy && !behindProxy.has(code)) {
      const answered =
        code === 'ERR_PROXY_TUNNEL' ? /\bHTTP\/\d\.\d (\d{3})\b/.exec(message)?.[1] : undefined;
      return proxyFault(proxy, host, code, answered === undefined ? undefined : Number(answered));
    }
    return failed('entra-unreachable', `No way to ${host}${code ? ` (${code})` : ''}.`);
  }
  if (aadsts === assertionOutOfTime)
    return failed('clock-wrong', `The clock of this station is not that of Microsoft Entra ID (${aadsts}).`);
  // All went well till then, and nothing more was asked: what was to be signed or read here could not be.
  if (status < 300 && json) return settingsFault();
  if (aadsts === undefined && (status === 429 || status >= 500 || status < 400))
    return failed('entra-unreachable', `What answered for ${host} gave no token (${status}).`);
  return failed('entra-login-failed', `Microsoft Entra ID refuses the sign-in (${aadsts ?? status}).`);
}

/** The library could not use the settings. */
export function settingsFault(): DpsError {
  return failed(
    'entra-settings-invalid',
    'Nothing can be signed in with these settings for Microsoft Entra ID.',
  );
}

export function failed(code: DpsErrorCode, message: string): DpsError {
  return new DpsError(code, message, { notSent: true });
}
