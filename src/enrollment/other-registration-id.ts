/**
 * The second name of a device whose registration id is another's in DPS (rule H3: derived, never typed): the id that its
 * product gives, a hyphen, and the first eight characters of the id that its endorsement key alone gives. The same key
 * gets the same name at every station, and two keys get two. The device must be told it; by itself it uses the other one.
 */
import { isRegistrationId, type RegistrationId } from './registration-id.ts';

const keyCharacters = 8;

/**
 * @param registrationId the one that is taken, as the product's template gives it
 * @param ofKey the one that is derived from the endorsement key
 */
export function otherRegistrationId(registrationId: string, ofKey: string): RegistrationId {
  const other = `${registrationId}-${ofKey.slice(0, keyCharacters)}`;
  if (isRegistrationId(other)) return { ok: true, registrationId: other };
  return { ok: false, detail: `with its suffix the registration id would have ${other.length} characters` };
}
