/**
 * The configuration as a JSON Schema (draft 2020-12), made of the one validation, and what its nodes say: which fields an
 * object has, and in which order they are written.
 */
import { z } from 'zod';
import { configurationSchema } from '../configuration/configuration.ts';

export interface SchemaNode {
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
}

let made: SchemaNode | undefined;

/** What a file may hold; the rules that no schema can say are checked by the station (`config check`). */
export function configurationJsonSchema(): SchemaNode {
  made ??= z.toJSONSchema(configurationSchema, { io: 'input', target: 'draft-2020-12' }) as SchemaNode;
  return made;
}

/** The fields that a node's object may have, of all its forms, in the order of the schema; undefined where any may be. */
export function fieldsOf(node: SchemaNode | undefined): Readonly<Record<string, SchemaNode>> | undefined {
  if (!node) return undefined;
  const forms = [node, ...(node.oneOf ?? []), ...(node.anyOf ?? [])].flatMap(form => form.properties ?? []);
  return forms.length === 0 ? undefined : Object.assign({}, ...forms);
}

/** Undefined where the schema says nothing of this place. */
export function nodeAt(path: readonly (string | number)[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = configurationJsonSchema();
  for (const part of path) node = typeof part === 'number' ? node?.items : fieldsOf(node)?.[part];
  return node;
}
