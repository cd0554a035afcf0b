/**
 * One way to write a configuration: two spaces, fields in the order of the schema, those of free objects (twins) by name, and
 * only what was set. The same settings give the same bytes, so that files and their hashes can be compared.
 */
import { configurationJsonSchema, fieldsOf, type SchemaNode } from './json-schema.ts';

/** @param json as `checkConfiguration` found no fault with its shape */
export function canonicalConfiguration(json: unknown): string {
  return `${JSON.stringify(inOrder(json, configurationJsonSchema()), null, 2)}\n`;
}

function inOrder(value: unknown, node: SchemaNode | undefined): unknown {
  if (Array.isArray(value)) return value.map(each => inOrder(each, node?.items));
  if (typeof value !== 'object' || value === null) return value;
  const fields = fieldsOf(node);
  const names = Object.keys(value);
  const ordered = fields ? Object.keys(fields).filter(name => Object.hasOwn(value, name)) : names.sort();
  // By entries, because a member may be called __proto__.
  return Object.fromEntries(
    ordered.map(name => [name, inOrder((value as Record<string, unknown>)[name], fields?.[name])]),
  );
}
