/** What the settings may be sent as. Their content is the station's to judge; here is only how much of it there may be. */
import { z } from 'zod';

export const settingsBounds = {
  /** Bytes of one file for the trust store. */
  trustFile: 32_768,
  /** Characters of a key for DPS: a connection string, or a PEM with its private key. */
  secret: 16_384,
  serial: 1024,
  name: 200,
} as const;

/** Of JSON, so that a message bounds it (`serve.ts`). */
const settings = z.record(z.string(), z.unknown());
const revision = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .nullable();
const name = z.string().min(1).max(settingsBounds.name);

export const settingsInput = z.strictObject({ settings, revision });
export const fixtureTest = z.strictObject({ settings, fixture: z.string().min(1).max(40) });
export const productPreview = z.strictObject({
  settings,
  product: z.string().min(1).max(60),
  serial: z.string().max(settingsBounds.serial),
});
export const dpsKey = z.strictObject({
  secret: z.string().max(settingsBounds.secret),
  offline: z.boolean(),
  otherInstance: z.boolean(),
});
export const trustFile = z.strictObject({
  name,
  content: z.base64().max(Math.ceil(settingsBounds.trustFile / 3) * 4),
});
export const trustName = z.strictObject({ file: z.string().min(1).max(1024) });
