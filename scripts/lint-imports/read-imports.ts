import { parseAst } from "vitest/node";

/** One import or re-export, type-only and dynamic ones included. */
export interface Import {
  /** As it is written, e.g. `../core/clusters.ts` or `fastify`. */
  specifier: string;
  /** Counted from 1. */
  line: number;
}

/**
 * The imports of a TypeScript module, in the order of the text.
 *
 * @throws {Error} when the text cannot be parsed
 */
export function readImports(source: string): Import[] {
  const imports: Import[] = [];
  visit(parseAst(source, { lang: "ts" }), (specifier, offset) => {
    imports.push({ specifier, line: source.slice(0, offset).split("\n").length });
  });
  return imports;
}

/** Every syntax node with a literal `source` is an import of some kind: ESTree uses the name for nothing else. */
function visit(node: unknown, found: (specifier: string, offset: number) => void): void {
  if (Array.isArray(node)) {
    for (const child of node) visit(child, found);
    return;
  }
  if (!isNode(node)) return;
  const { source } = node;
  if (isNode(source) && typeof source.value === "string") found(source.value, source.start);
  for (const child of Object.values(node)) visit(child, found);
}

interface SyntaxNode {
  [property: string]: unknown;
  start: number;
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "start" in value && typeof value.start === "number";
}
