import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { parser } from '@prometheus-io/lezer-promql'
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { Service } from 'kubernetes-models/v1'
import t from 'tap'
import { parse, parseAllDocuments } from 'yaml'
import { loadConfig } from '../src/platform/config/config.ts'
import { schema } from '../src/platform/config/variables.ts'
import { startApp } from './support/app.ts'
import { json, present, shaped } from './support/shapes.ts'

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
type Model = new (manifest: object) => { validate: () => void }
const MODELS: Record<string, Model> = { Deployment, StatefulSet, PodDisruptionBudget, Service, Ingress, NetworkPolicy }

interface Probe { httpGet: { path: string } }
interface PodSpec { containers: Array<Record<string, Probe>>, terminationGracePeriodSeconds: number }
interface Manifest { kind: string, spec?: { template: { spec: PodSpec } } }

const FOLDER = 'deploy/kubernetes'
const manifests = ['dvokrok.yaml', 'ingress.example.yaml', 'redis/redis.yaml']
  .flatMap((file) => parseAllDocuments(read(`${FOLDER}/${file}`)).map((document) => shaped<Manifest>(document.toJS())))

function validate (manifest: { kind: string, spec?: object }): void {
  const Model = present(MODELS[manifest.kind])
  new Model(json(JSON.stringify(manifest))).validate()
}

t.test('the manifests fit the schemas of Kubernetes', async (t) => {
  t.strictSame([...new Set(manifests.map(({ kind }) => kind))].toSorted(), Object.keys(MODELS).toSorted())
  for (const manifest of manifests) t.doesNotThrow(() => validate(manifest), manifest.kind)
  const deployment = present(manifests.find(({ kind }) => kind === 'Deployment'))
  const { template } = present(deployment.spec)
  t.throws(() => validate({ ...deployment, spec: { replicas: 2, template } }), 'a missing selector would be found')
  t.throws(() => validate({ ...deployment, spec: { ...deployment.spec, replicas: 'two' } }), 'and a wrong type')
})

t.test('the server starts with the settings of the manifests', async (t) => {
  const variables = { ...parseEnv(read(`${FOLDER}/settings.env`)), ...parseEnv(read(`${FOLDER}/secrets.example.env`)) }
  t.strictSame(Object.keys(variables).filter((name) => !(name in schema.properties)), [])
  t.throws(() => loadConfig(variables), /SECRET is the example/, 'not with the example of a secret')
  const config = loadConfig({
    ...variables,
    SECRET: '3vPqXk9Jb2LmTz7RwYc5NdHs8GfUa1Qe',
    METRICS_TOKEN: 'b4c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6a7b8c9d0e1f2a3'
  })
  t.match(config, { production: true, host: '0.0.0.0', port: 3000, warnings: [] })

  const [deployment] = manifests.filter(({ kind }) => kind === 'Deployment')
  const { spec } = present(deployment?.spec).template
  const [container] = spec.containers
  const server = await startApp(t)
  for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
    t.equal((await server.browser().get(container?.[probe]?.httpGet.path ?? '')).status, 200, probe)
  }
  const [, closeSeconds] = /CLOSE_WITHIN_MS = (\d+)_000/.exec(read('src/server.ts')) ?? []
  t.ok(spec.terminationGracePeriodSeconds > Number(closeSeconds) + 5, 'a stop has the time it may take')
})

const hasKubectl = spawnSync('kubectl', ['kustomize', '--help']).status === 0

t.test('a change of settings or secrets replaces the servers', { skip: !hasKubectl && 'no kubectl here' }, async (t) => {
  const folder = join(t.testdir({}), 'kubernetes')
  cpSync(fileURLToPath(new URL(`../${FOLDER}`, import.meta.url)), folder, { recursive: true })
  writeFileSync(join(folder, 'secrets.env'), read(`${FOLDER}/secrets.example.env`))
  writeFileSync(join(folder, 'signing-keys.json'), '{ "keys": [] }')
  writeFileSync(join(folder, 'redis/secrets.env'), 'REDIS_PASSWORD=one\n')
  const template = (path = ''): string => {
    const built = spawnSync('kubectl', ['kustomize', join(folder, path)], { encoding: 'utf8' })
    const documents = parseAllDocuments(built.stdout).map((document) => shaped<Manifest>(document.toJS()))
    return JSON.stringify(present(documents.find(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind))?.spec).template)
  }
  const [servers, redis] = [template(), template('redis')]
  t.equal(template(), servers)
  for (const file of ['settings.env', 'secrets.env', 'signing-keys.json']) {
    const before = template()
    writeFileSync(join(folder, file), `${readFileSync(join(folder, file), 'utf8')}\n# another\nLOG_LEVEL=warn\n`)
    t.not(template(), before, file)
  }
  writeFileSync(join(folder, 'redis/secrets.env'), 'REDIS_PASSWORD=two\n')
  t.not(template('redis'), redis)
})

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0

t.test('the unit for systemd is valid, and closes what is not needed', { skip: !hasSystemd && 'no systemd here' }, async (t) => {
  const folder = t.testdir({ 'dvokrok.service': read('deploy/systemd/dvokrok.service').replaceAll('/usr/bin/node', process.execPath) })
  const analyze = (...args: string[]) => spawnSync('systemd-analyze', [...args, join(folder, 'dvokrok.service')], { encoding: 'utf8' })
  const verified = analyze('verify')
  t.equal(verified.status, 0, verified.stderr)
  const secured = analyze('security', '--offline=true', '--no-pager', '--threshold=20')
  t.equal(secured.status, 0, 'an exposure of 2.0 at most')
  t.match(secured.stdout, /Overall exposure level for dvokrok\.service: [01]\.\d/)
})

t.test('the unit starts the server with settings that it takes, and Compose 1 and 2 take the other file', async (t) => {
  const unit = read('deploy/systemd/dvokrok.service')
  const names = [...unit.matchAll(/^Environment=(.*)$/gm)]
    .flatMap(([, pairs = '']) => pairs.split(' ').map((pair) => pair.split('=')[0] ?? ''))
  t.strictSame(names.filter((name) => !(name in schema.properties)), [])
  t.match(unit, /^ExecStart=\/usr\/bin\/node dist\/src\/dvokrok\.js serve$/m)
  const compose = shaped<object>(parse(read('docker-compose.yml')))
  t.strictSame(Object.keys(compose), ['services', 'volumes'], 'Compose 1 refuses a name, Compose 2 warns of a version')
})

t.test('what the image is built with is let in', async (t) => {
  const allowed = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path = '']) => path)
  const isIn = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`)
  const isAllowed = (path: string): boolean => allowed.some((one) => isIn(path, one) || isIn(one, path))
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths = '']) => paths.split(' '))
  t.ok(copied.length > 10)
  t.strictSame(copied.filter((path) => !isAllowed(path)), [])

  const scripts = ['scripts/build.js']
  for (const script of scripts) {
    const imported = [...read(script).matchAll(/(?:from |import\()'(\.[^']+)'/g)].map(([, path = '']) => join(dirname(script), path))
    scripts.push(...imported.filter((path) => !scripts.includes(path)))
  }
  t.ok(scripts.length > 1)
  t.strictSame(scripts.filter((path) => !isAllowed(path)), [])
})

t.test('dashboard and alerts are valid PromQL over metrics that exist', async (t) => {
  const server = await startApp(t)
  const { text } = await server.browser({ ip: '127.0.0.1', origin: 'http://localhost' }).get('/metrics')
  const known = new Set([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)]
    .flatMap(([, name = '', type]) => type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name]))

  interface Rule { alert: string, expr: string, annotations: { runbook: string } }
  const { groups } = shaped<{ groups: Array<{ rules: Rule[] }> }>(parse(read('deploy/prometheus/alerts.yaml')))
  const rules = groups.flatMap((group) => group.rules)
  interface Panel { title: string, targets: Array<{ expr: string }> }
  const dashboard = json<{ panels: Panel[] }>(read('deploy/grafana/dashboard.json'))
  const expressions = [
    ...rules.map(({ alert, expr }) => [alert, expr] as const),
    ...dashboard.panels.flatMap(({ title, targets }) =>
      targets.map(({ expr }) => [title, expr.replaceAll('$__rate_interval', '5m')] as const)
    )
  ]
  for (const [name, expression] of expressions) {
    t.ok(isPromql(expression), `${name}: ${expression}`)
    const used = metricsIn(expression).filter((metric) => metric !== 'up')
    t.strictSame(used.filter((metric) => !known.has(metric)), [], `${name} reads metrics that exist`)
    t.ok(used.length > 0 || expression.startsWith('up'))
  }
  t.notOk(isPromql('sum(rate(x[5m])'), 'an open bracket would be found')

  const headings = [...read('docs/operations.md').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-')
  )
  for (const { alert, annotations: { runbook } } of rules) {
    t.match(runbook, /^docs\/operations\.md#/)
    t.ok(headings.includes(runbook.split('#')[1] ?? ''), `${alert} leads to what to do: ${runbook}`)
  }
})

function nodesOf (expression: string): Array<{ name: string, isError: boolean, text: string }> {
  const nodes: Array<{ name: string, isError: boolean, text: string }> = []
  parser.parse(expression).iterate({
    enter: ({ type, from, to }) => { nodes.push({ name: type.name, isError: type.isError, text: expression.slice(from, to) }) }
  })
  return nodes
}

const isPromql = (expression: string): boolean => nodesOf(expression).every(({ isError }) => !isError)

const metricsIn = (expression: string): string[] =>
  nodesOf(expression).filter(({ name }) => name === 'VectorSelector').map(({ text }) => /^\w+/.exec(text)?.[0] ?? '')
