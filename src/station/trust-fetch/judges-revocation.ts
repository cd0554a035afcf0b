/** Whether a product has revocation judged: only then are lists fetched, and devices looked at again for them. */
import type { ProductConfiguration } from '../configuration/configuration.ts';

export function judgesRevocation({ certificate, revocation }: ProductConfiguration): boolean {
  return certificate !== 'off' && revocation !== 'off';
}
