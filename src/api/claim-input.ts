/** Who does one act, where it is not who is signed in: by id or badge, and the PIN. */
import { z } from 'zod';
import { inputBounds } from './contract.ts';

export const id = z.string().min(1).max(inputBounds.id);
export const pin = z.string().min(1).max(inputBounds.pin);
export const badge = z.string().min(1).max(inputBounds.badge);

export const claim = z.union([z.strictObject({ id, pin }), z.strictObject({ badge, pin })]);
