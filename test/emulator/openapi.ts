/**
 * Validates answers against Microsoft's OpenAPI file of the service API (Swagger 2.0), which is not part of this project:
 * DPS_OPENAPI_DIR names the folder that holds it as `dps-service.openapi.json`, and that of the
 * device API as `dps-device.openapi.json` (in Azure/azure-rest-api-specs it is
 * `specification/deviceprovisioningservices/data-plane/DeviceProvisioningServices/stable/2021-10-01/service.json` and `device.json`).
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormatsModule from 'ajv-formats';
import type { HttpAnswer } from './running-emulator.ts';

const addFormats = addFormatsModule as unknown as (ajv: Ajv) => void;
const service = 'dps-service.openapi.json';
const device = 'dps-device.openapi.json';
const dir = process.env.DPS_OPENAPI_DIR;

/** For a test's `skip`: false where the file is there, else the reason. */
export const openApiMissing: string | false = missing(service);
export const deviceOpenApiMissing: string | false = missing(device);

function missing(file: string): string | false {
  return dir === undefined
    ? `DPS_OPENAPI_DIR is not set: it names the folder with Microsoft's ${file}`
    : !existsSync(join(dir, file)) && `DPS_OPENAPI_DIR holds no ${file}`;
}

interface SwaggerResponse {
  readonly schema?: object;
  readonly headers?: Readonly<Record<string, { readonly type: string }>>;
}

interface Swagger {
  readonly definitions: Readonly<Record<string, object>>;
  readonly paths: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly responses: Readonly<Record<string, SwaggerResponse>> }>>
    >
  >;
}

export class ApiDescription {
  readonly #swagger: Swagger;
  readonly #ajv = new Ajv({ strict: false, allErrors: true });
  readonly #checked = new Set<string>();

  constructor(api: 'service' | 'device' = 'service') {
    assert.ok(dir !== undefined);
    const file = join(dir, api === 'service' ? service : device);
    this.#swagger = validatable(JSON.parse(readFileSync(file, 'utf8'))) as Swagger;
    addFormats(this.#ajv);
    this.#ajv.addFormat('int32', { type: 'number', validate: value => value === (value | 0) });
    this.#ajv.addSchema({ $id: 'service', definitions: this.#swagger.definitions });
  }

  /** Fails where the answer is not what the description says of that operation. */
  check(method: string, pathTemplate: string, answer: HttpAnswer): void {
    const what = `${method} ${pathTemplate} -> ${answer.status}`;
    const responses = this.#swagger.paths[pathTemplate]?.[method.toLowerCase()]?.responses;
    assert.ok(responses, `${what} is described`);
    const response =
      responses[String(answer.status)] ?? (answer.status >= 400 ? responses.default : undefined);
    assert.ok(response, `${what} is a described status`);
    if (response.schema === undefined) assert.equal(answer.text, '', what);
    else {
      const validate = this.#compile(response.schema);
      assert.ok(validate(answer.json), `${what}: ${this.#ajv.errorsText(validate.errors)} in ${answer.text}`);
    }
    for (const [name, { type }] of Object.entries(response.headers ?? {})) {
      const value = answer.headers[name];
      if (value !== undefined && type === 'integer') assert.match(String(value), /^\d+$/, `${what}: ${name}`);
    }
    if (answer.status < 300) this.#checked.add(`${method} ${pathTemplate}`);
  }

  /** The operations that the description has and nothing was checked of with success. */
  unchecked(): string[] {
    return Object.entries(this.#swagger.paths)
      .flatMap(([path, methods]) => Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`))
      .filter(operation => !this.#checked.has(operation));
  }

  #compile(schema: object): ValidateFunction {
    return this.#ajv.compile(schema);
  }
}

/**
 * A schema that ajv can use: no examples (they refer to other files), references into the one schema document, no members
 * beyond the described ones where the description is closed by listing all, and AutoRest's bare `type: object` (in
 * TwinCollection's additional members) read as "anything", which is what it means there: twins hold texts and numbers.
 */
function validatable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(validatable);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value)
    .filter(([name]) => name !== 'x-ms-examples')
    .map(([name, member]): [string, unknown] => {
      if (name === '$ref' && typeof member === 'string') return [name, member.replace(/^#/, 'service#')];
      if (name === 'additionalProperties' && JSON.stringify(member) === '{"type":"object"}')
        return [name, true];
      return [name, validatable(member)];
    });
  const made: Record<string, unknown> = Object.fromEntries(members);
  const isObjectSchema = made.type === 'object' && typeof made.properties === 'object';
  return isObjectSchema && made.additionalProperties === undefined
    ? { ...made, additionalProperties: false }
    : made;
}
