/** What a search of devices may ask for at all. A place comes from an earlier page, through a client: it is not believed. */
import { z } from 'zod';
import { walkNames } from '../station/devices/find-devices.ts';
import { queueStates } from '../station/kiosk/queue-desk.ts';
import { inputBounds } from './contract.ts';

const time = z.int().min(0);
const place = z.strictObject({
  by: z.enum(walkNames),
  leg: z.int().min(0).max(inputBounds.page),
  through: z.int().min(0),
  key: z
    .array(z.union([z.string().max(inputBounds.text), z.int()]))
    .max(3)
    .readonly()
    .optional(),
});

export const deviceQuestion = z.strictObject({
  text: z.string().max(inputBounds.text),
  workOrder: z.string().min(1).max(inputBounds.text).optional(),
  since: time.optional(),
  until: time.optional(),
  enrollment: z.enum(queueStates).optional(),
  limit: z.int().min(1).max(inputBounds.page),
  after: place.optional(),
});

export const deviceName = z.strictObject({ id: z.string().min(1).max(inputBounds.text) });
