/**
 * `/$emulator/policies`: grant a policy its rights, give it a new key, revoke it, while the emulator runs. Whoever changes
 * a policy is told its connection strings; the list tells no key (rule S2).
 */
import { z } from 'zod';
import { type AccessPolicy, keyNames, right } from '../access-policies.ts';
import { pathNotFound } from '../refusal.ts';
import { answer } from '../reply.ts';
import { type ControlParts, type ControlResource, takingJson } from './resource.ts';

const grant = z.strictObject({ rights: z.array(right) });
const regenerate = z.strictObject({ key: z.enum(keyNames) });

export const policies: ControlResource = {
  path: /^policies$/,
  methods: {
    GET: ({ parts }) =>
      answer(
        200,
        parts.policies.list().map(({ name, rights }) => ({ name, rights })),
      ),
  },
};

export const onePolicy: ControlResource = {
  path: /^policies\/([A-Za-z0-9!.,\-_]{1,64})$/,
  methods: {
    PUT: takingJson('policy', ({ parts, name }, json) => {
      const read = grant.safeParse(json);
      if (!read.success) return `rights: must be a list of ${right.options.join(', ')}`;
      return answer(200, view(parts, parts.policies.grant(name, read.data.rights)));
    }),
    DELETE: ({ parts, name }) => (parts.policies.revoke(name) ? answer(204) : pathNotFound()),
  },
};

export const regeneratedKey: ControlResource = {
  path: /^policies\/([A-Za-z0-9!.,\-_]{1,64})\/regenerate$/,
  methods: {
    POST: takingJson('request', ({ parts, name }, json) => {
      const read = regenerate.safeParse(json);
      if (!read.success) return `key: must be one of ${keyNames.join(', ')}`;
      const changed = parts.policies.regenerate(name, read.data.key);
      return changed === undefined ? pathNotFound() : answer(200, view(parts, changed));
    }),
  },
};

function view(parts: ControlParts, { name, rights, key, secondaryKey }: AccessPolicy): object {
  return {
    name,
    rights,
    primaryConnectionString: parts.connectionString(name, key),
    secondaryConnectionString: parts.connectionString(name, secondaryKey),
  };
}
