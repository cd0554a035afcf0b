/**
 * `PUT /$emulator/registrations/{id}`: what became of a device that registered, as if it had, so that the service API has
 * registration records to tell of. The enrollment, or the group that is named, must be there.
 */
import { z } from 'zod';
import { isRegistrationId } from '../enrollment-shape.ts';
import { enrollmentNotFound } from '../refusal.ts';
import { answer } from '../reply.ts';
import { type ControlResource, takingJson } from './resource.ts';

const outcome = z.strictObject({
  status: z.enum(['unassigned', 'assigning', 'assigned', 'failed', 'disabled']).default('assigned'),
  substatus: z
    .enum(['initialAssignment', 'deviceDataMigrated', 'deviceDataReset', 'reprovisionedToInitialAssignment'])
    .optional(),
  assignedHub: z.string().optional(),
  deviceId: z.string().optional(),
  errorCode: z.int32().optional(),
  errorMessage: z.string().optional(),
  payload: z.record(z.string(), z.json()).optional(),
  /** The group that it came through; absent = its individual enrollment. */
  enrollmentGroupId: z.string().optional(),
});

export const registrations: ControlResource = {
  path: /^registrations\/([^/]{1,400})$/,
  methods: {
    PUT: takingJson('registration', ({ parts: { store }, name }, json) => {
      if (!isRegistrationId(name)) return 'the registration id is none';
      const read = outcome.safeParse(json);
      if (!read.success) {
        return read.error.issues
          .map(issue => `${issue.path.join('.') || 'registration'}: ${issue.message}`)
          .join('; ');
      }
      const { enrollmentGroupId, ...members } = read.data;
      const enrollment =
        enrollmentGroupId === undefined ? store.enrollments.get(name) : store.groups.get(enrollmentGroupId);
      if (enrollment === undefined) return enrollmentNotFound();
      return answer(200, store.registrations.put({ registrationId: name, ...members }, enrollmentGroupId));
    }),
  },
};
