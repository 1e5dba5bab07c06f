import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import ts from 'typescript'

/** A source file, as far as its place in the house goes. */
export interface Module {
  /** Relative to the folder of sources, with `/`: `core/bencode.ts`. */
  readonly path: string
  readonly lineCount: number
  /** Sources that it imports, type-only and dynamic imports included, by `path`. */
  readonly imports: readonly string[]
  /** Packages and Node modules that it imports, as written. */
  readonly packages: readonly string[]
  /** Whether it touches the global `process`. */
  readonly usesProcess: boolean
  /** Whether it holds nothing but `export … from`. */
  readonly onlyReexports: boolean
}

/** Every TypeScript source at or below `folder`; declarations of foreign modules (`.d.ts`) left out. */
export function readModules(folder: string): Module[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .map(path => path.split('\\').join('/'))
    .sort()
    .map(path => parseModule(path, readFileSync(join(folder, path), 'utf8')))
}

export function parseModule(path: string, text: string): Module {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const imports = new Set<string>()
  const packages = new Set<string>()
  let usesProcess = false

  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node)
    if (specifier?.startsWith('.')) imports.add(posix.join(dirname(path), specifier))
    else if (specifier !== undefined) packages.add(specifier)
    if (ts.isIdentifier(node) && node.text === 'process' && isReference(node)) usesProcess = true
    ts.forEachChild(node, visit)
  }
  visit(source)
  return {
    path,
    lineCount: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    imports: [...imports],
    packages: [...packages],
    usesProcess: usesProcess || packages.has('node:process') || packages.has('process'),
    onlyReexports: source.statements.every(
      statement => ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined,
    ),
  }
}

function specifierOf(node: ts.Node): string | undefined {
  const specifier =
    ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
      ? node.moduleSpecifier
      : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
        ? node.arguments[0]
        : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
          ? node.argument.literal
          : undefined
  return specifier && ts.isStringLiteralLike(specifier) ? specifier.text : undefined
}

/** Whether an identifier stands for a value, rather than being the name of a property or parameter. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent))
    return parent.expression === node || isGlobalThis(parent.expression)
  if (ts.isQualifiedName(parent)) return parent.left === node
  return !('name' in parent && parent.name === node)
}

function isGlobalThis(node: ts.Node): boolean {
  return ts.isIdentifier(node) && (node.text === 'globalThis' || node.text === 'global')
}
