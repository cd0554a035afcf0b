/**
 * fast-check for every property test. A test run tries the same cases each time, so that what is red on one machine is red
 * on the next; `KEYLINE_PROPERTY_SEED` (a whole number, or `any` for a new one each time) tries others, and a failure prints
 * the seed with which it comes again.
 */
import fc from 'fast-check';

const asked = process.env.KEYLINE_PROPERTY_SEED ?? '20261121';
if (asked !== 'any') {
  const seed = Number(asked);
  if (!Number.isSafeInteger(seed)) throw new RangeError(`KEYLINE_PROPERTY_SEED is no whole number: ${asked}`);
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
}

export default fc;
