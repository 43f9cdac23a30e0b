import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import ts from 'typescript'
import { decoratorLimits, libraries, libraryDecorators, type Zone, zones } from './house-rules.ts'

/** Source texts by their path from the root of the project. */
export type Tree = ReadonlyMap<string, string>

interface Import { specifier: string, isType: boolean }
interface Decorator { kind: 'instance' | 'request', name: string }
interface Plugin { name: string, dependencies: string[] }

export interface Source {
  path: string
  imports: Import[]
  /** Decorators that the file adds. */
  decorates: Decorator[]
  /** Properties that it reads from an instance, a request or a reply. */
  reads: Decorator[]
  /** What it passes to fastify-plugin. */
  plugin: Plugin | null
}

export function readTree (root: string, folders: string[], files = /\.tsx?$/): Tree {
  const paths = folders.filter((folder) => existsSync(join(root, folder))).flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
  const sources = paths.filter((path) => files.test(path) && !path.endsWith('.d.ts')).toSorted()
  return new Map(sources.map((path) => [path, readFileSync(join(root, path), 'utf8')]))
}

export const parseTree = (tree: Tree): Source[] => [...tree].map(([path, text]) => parse(path, text))

function parse (path: string, text: string): Source {
  const source: Source = { path, imports: [], decorates: [], reads: [], plugin: null }
  const visit = (node: ts.Node): void => {
    const imported = importOf(node)
    if (imported) source.imports.push(imported)
    if (ts.isCallExpression(node)) {
      const decorator = decoratorOf(node)
      if (decorator) source.decorates.push(decorator)
      source.plugin ??= pluginOf(node)
    }
    source.reads.push(...readsOf(node))
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS))
  return source
}

function importOf (node: ts.Node): Import | null {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const { importClause: clause } = node
    const names = clause?.namedBindings && ts.isNamedImports(clause.namedBindings) ? clause.namedBindings.elements : null
    const isType = clause !== undefined && (clause.isTypeOnly ||
      (!clause.name && names !== null && names.length > 0 && names.every((name) => name.isTypeOnly)))
    return { specifier: node.moduleSpecifier.text, isType }
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
    return { specifier: node.moduleSpecifier.text, isType: node.isTypeOnly }
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
    return { specifier: node.argument.literal.text, isType: true }
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [specifier] = node.arguments
    return specifier && ts.isStringLiteralLike(specifier) ? { specifier: specifier.text, isType: false } : null
  }
  return null
}

/** `x.decorate('name', ...)`. A name that is no literal counts too, by its text. */
function decoratorOf ({ expression, arguments: [name] }: ts.CallExpression): Decorator | null {
  if (!name || !ts.isPropertyAccessExpression(expression) || !/^decorate(Request|Reply)?$/.test(expression.name.text)) return null
  const kind = expression.name.text === 'decorate' ? 'instance' : 'request'
  return { kind, name: ts.isStringLiteralLike(name) ? name.text : name.getText() }
}

function pluginOf ({ arguments: [, options] }: ts.CallExpression): Plugin | null {
  if (!options || !ts.isObjectLiteralExpression(options)) return null
  const valueOf = (name: string): ts.Expression | undefined => options.properties.filter(ts.isPropertyAssignment)
    .find((property) => property.name.getText() === name)?.initializer
  const name = valueOf('name')
  if (!name || !ts.isStringLiteral(name)) return null
  const dependencies = valueOf('dependencies')
  const names = dependencies && ts.isArrayLiteralExpression(dependencies) ? dependencies.elements.filter(ts.isStringLiteral) : []
  return { name: name.text, dependencies: names.map(({ text }) => text) }
}

/** `fastify.name`, `request.name`, `request.server.name`, and `const { name } = fastify`. */
function readsOf (node: ts.Node): Decorator[] {
  if (ts.isPropertyAccessExpression(node)) {
    const kind = kindOf(node.expression)
    return kind ? [{ kind, name: node.name.text }] : []
  }
  if (ts.isVariableDeclaration(node) && node.initializer && ts.isObjectBindingPattern(node.name)) {
    const kind = kindOf(node.initializer)
    return kind ? node.name.elements.map((element) => ({ kind, name: (element.propertyName ?? element.name).getText() })) : []
  }
  return []
}

function kindOf (node: ts.Expression): Decorator['kind'] | null {
  const name = ts.isPropertyAccessExpression(node) ? node.name.text : node.getText()
  if (/^(fastify|instance|server|this)$/.test(name)) return 'instance'
  return /^(request|reply)$/.test(name) ? 'request' : null
}

const resolve = (from: string, specifier: string): string => normalize(join(dirname(from), specifier)).replace(/\.js$/, '.ts')
const isRelative = ({ specifier }: Import): boolean => specifier.startsWith('.')
const zoneOf = (path: string): Zone | undefined => zones.find(({ files }) => files.test(path))

/** Imports that the table does not allow. */
export const forbiddenImports = (sources: Source[]): string[] => sources.flatMap(({ path, imports }) => {
  const zone = zoneOf(path)
  if (!zone) return [`${path} lies in no zone of test/support/house-rules.ts`]
  return imports.filter(isRelative).flatMap(({ specifier }) => {
    const target = resolve(path, specifier)
    const to = zoneOf(target)?.name ?? 'no zone'
    if (to !== zone.name && !zone.imports.includes(to)) return [`${path} imports ${target}: ${zone.name} may not import ${to}`]
    const { never } = zone
    return never?.files.test(target) && !never.except?.test(target) ? [`${path} imports ${target}: ${never.why}`] : []
  })
})

/** Libraries in a room that may not touch them. */
export const forbiddenLibraries = (sources: Source[]): string[] => sources.flatMap(({ path, imports }) =>
  imports.filter(({ specifier, isType }) => libraries.some(({ name, files, typesIn }) =>
    name.test(specifier) && !files.test(path) && !(isType && typesIn?.test(path))))
    .map(({ specifier }) => `${path} imports ${specifier}`))

type Edges = Map<string, Set<string>>

/** Groups of files that import each other. */
export const fileCircles = (sources: Source[]): string[] => circlesOf(edgesOf(sources, (path) => path))

/** Groups of rooms that import each other: `src/<floor>/<room>`, or the file itself where it lies directly in `src`. */
export const roomCircles = (sources: Source[]): string[] => circlesOf(edgesOf(sources, (path) =>
  dirname(path) === 'src' ? path : dirname(path).split('/').slice(0, 3).join('/')))

function edgesOf (sources: Source[], nodeOf: (path: string) => string): Edges {
  const known = new Set(sources.map(({ path }) => path))
  const edges: Edges = new Map(sources.map(({ path }) => [nodeOf(path), new Set()]))
  for (const { path, imports } of sources) {
    for (const target of imports.filter(isRelative).map(({ specifier }) => resolve(path, specifier))) {
      if (known.has(target) && nodeOf(target) !== nodeOf(path)) edges.get(nodeOf(path))?.add(nodeOf(target))
    }
  }
  return edges
}

/** Nodes that reach each other, group by group. */
function circlesOf (edges: Edges): string[] {
  const reachable = new Map([...edges.keys()].map((node) => [node, reachableFrom(node, edges)]))
  const groups = [...edges.keys()].filter((node) => reachable.get(node)?.has(node))
    .map((node) => [...reachable.get(node) ?? []].filter((other) => reachable.get(other)?.has(node)).toSorted().join(', '))
  return [...new Set(groups)]
}

function reachableFrom (start: string, edges: Edges): Set<string> {
  const found = new Set<string>()
  const open = [start]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const next of edges.get(node) ?? []) {
      if (found.has(next)) continue
      found.add(next)
      open.push(next)
    }
  }
  return found
}

/** Says when there are more decorators than the limit, and which. */
export function tooManyDecorators (sources: Source[]): string[] {
  const namesOf = (kind: Decorator['kind']): string[] =>
    [...new Set(sources.flatMap(({ decorates }) => decorates).filter((one) => one.kind === kind).map(({ name }) => name))].toSorted()
  const over = (what: string, names: string[], limit: number): string[] =>
    names.length > limit ? [`${names.length} ${what} decorators instead of ${limit}: ${names.join(', ')}`] : []
  return [
    ...over('instance', namesOf('instance'), decoratorLimits.instance),
    ...over('request and reply', namesOf('request'), decoratorLimits.requestAndReply)
  ]
}

/** Decorators that a plugin uses although its `dependencies` do not name the plugin that adds them. */
export function undeclaredDependencies (sources: Source[]): string[] {
  const plugins = sources.flatMap((source) => source.plugin ? [{ ...source, plugin: source.plugin }] : [])
  const makers = new Map(plugins.flatMap(({ plugin, decorates, imports }) => [
    ...decorates,
    ...imports.flatMap(({ specifier }) => libraryDecorators[specifier] ?? []).map((name): Decorator => ({ kind: 'instance', name }))
  ].map(({ kind, name }) => [`${kind} ${name}`, plugin.name])))
  return plugins.flatMap(({ path, plugin: { name: own, dependencies }, reads }) => {
    const missing = reads.flatMap(({ kind, name }) => {
      const maker = makers.get(`${kind} ${name}`)
      return maker === undefined || maker === own || dependencies.includes(maker) ? [] : [`${path} uses ${name} without naming ${maker}`]
    })
    return [...new Set(missing)]
  })
}
