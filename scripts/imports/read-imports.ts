/**
 * What a file imports, in any form: `import`, `export … from`, `import(…)`, `require(…)`, the types `import('…').T`, and
 * `new URL('./worker.ts', import.meta.url)`. The whole syntax tree is walked, so that no place can hide an import.
 * The parser is Vite's (oxc): TypeScript 7 has no compiler API for tools to use.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'vite';

export interface Import {
  readonly specifier: string;
  /** Erased before anything runs. */
  readonly typeOnly: boolean;
}

/** @throws Error where the file cannot be parsed: what was not read was not checked. */
export function readImports(root: string, file: string): readonly Import[] {
  const { program, errors } = parseSync(file, readFileSync(path.join(root, file), 'utf8'));
  if (errors[0] !== undefined) throw new Error(`${file} cannot be parsed: ${errors[0].message}`);
  const found: Import[] = [];
  collect(program, found);
  return found;
}

interface SyntaxNode {
  readonly type?: unknown;
  readonly source?: unknown;
  readonly importKind?: unknown;
  readonly exportKind?: unknown;
  readonly callee?: unknown;
  readonly arguments?: unknown;
  readonly name?: unknown;
  readonly value?: unknown;
  readonly expression?: unknown;
}

function collect(node: unknown, found: Import[]): void {
  if (Array.isArray(node)) for (const child of node) collect(child, found);
  else if (isNode(node)) {
    const specifier = literal(moduleNamedBy(node));
    if (specifier !== undefined) found.push({ specifier, typeOnly: isTypeOnly(node) });
    for (const child of Object.values(node)) collect(child, found);
  }
}

function moduleNamedBy(node: SyntaxNode): unknown {
  const [first] = Array.isArray(node.arguments) ? node.arguments : [];
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return node.source;
    case 'TSExternalModuleReference':
      return node.expression;
    case 'CallExpression':
      return isNamed(node.callee, 'require') ? first : undefined;
    case 'NewExpression':
      return isNamed(node.callee, 'URL') && literal(first)?.startsWith('.') ? first : undefined;
    default:
      return undefined;
  }
}

/** `import { type A }` is not among them: under verbatimModuleSyntax it stays an import that runs. */
function isTypeOnly(node: SyntaxNode): boolean {
  return node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type';
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null;
}

function isNamed(node: unknown, name: string): boolean {
  return isNode(node) && node.type === 'Identifier' && node.name === name;
}

function literal(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}
