/** The card of what the settings refuse. A file of the trust store has a sentence of its own (`trustFault`). */
import type { SettingsRefusalCode, TrustChangeCode } from '../../src/api/contract.ts';
import type { CardName } from '../messages/card.ts';
import { en } from '../messages/en.ts';

export function settingsRefusal(code: SettingsRefusalCode): CardName {
  for (const group of ['settingsCard', 'access', 'personCard', 'dps'] as const)
    if (code in en[group]) return `${group}/${code}` as CardName;
  return 'call/failed';
}

export function isTrustFault(code: SettingsRefusalCode): code is TrustChangeCode {
  return code in en.trustFault;
}
