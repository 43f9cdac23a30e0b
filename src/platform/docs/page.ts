import { createHash } from 'node:crypto'
import { FIRST } from '../http/openapi-groups.ts'
import { escapeHtml as e } from '../escape-html.ts'
import type { Document, Operation, Schema, Scheme } from './document.ts'
import { bodyOf, exampleOf, fieldsOf, prose } from './schemas.ts'
import { STYLE } from './style.ts'

/** What the page has of the brand and of the built pages. */
export interface Look {
  icon: { type: string, href: string }
  /** Colours of the brand. */
  style: string
  /** HTML: what the built pages look like. */
  links: string
  /** Address of this page, with the document below it. */
  folder: string
}

/** The API for people to read. There is nothing in it that runs; `csp` is the policy that it needs. */
export function renderDocs (document: Document, { icon, style, links, folder }: Look): { html: string, csp: string } {
  const { info, tags, components, servers: [server] } = document
  const url = server?.url ?? ''
  const rank = ({ operation }: Placed): number => [...FIRST, operation.operationId].indexOf(operation.operationId)
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })))
    .toSorted((one, other) => rank(one) - rank(other))
  const sections = tags.map(({ name, description }) => ({
    name, description, own: operations.filter(({ operation }) => operation.tags.includes(name))
  })).filter(({ own }) => own.length > 0)
  const ownStyle = style + STYLE
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${e(info.title)} API</title>
<link rel="icon" type="${e(icon.type)}" href="${e(icon.href)}">
${links}
<style>${ownStyle}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar"><p class="brand"><img src="${e(icon.href)}" alt="" height="36">${e(info.title)}</p></header>
<main id="main" tabindex="-1">
<h1>${e(info.title)} API</h1>
<p>${prose(info.description)}</p>
<p>Version ${e(info.version)}, at <code>${e(url)}</code>. For programs: <a href="${e(folder)}/json">OpenAPI as JSON</a>,
<a href="${e(folder)}/yaml">as YAML</a>.</p>
<nav aria-label="Contents"><ul>
${[...sections.map(({ name }) => name), PROOFS, SHAPES].map((name) => `<li><a href="#${idOf(name)}">${e(name)}</a></li>`).join('\n')}
</ul></nav>
${sections.map(({ name, description, own }) => section(name, description, own.map((one) => operationOf(one, url, document)))).join('\n')}
${section(PROOFS, 'How a request says who sends it.', Object.entries(components.securitySchemes).map(schemeOf))}
${section(SHAPES, 'What requests and answers share.', Object.entries(components.schemas).map(shapeOf))}
</main>
</body>
</html>
`
  const hash = createHash('sha256').update(ownStyle).digest('base64')
  return {
    html,
    csp: `default-src 'none'; style-src 'self' 'sha256-${hash}'; font-src 'self'; img-src 'self' data:; base-uri 'none'; ` +
      "form-action 'none'; frame-ancestors 'none'"
  }
}

const PROOFS = 'Authentication'
const SHAPES = 'Schemas'

const idOf = (name: string): string => `group-${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`

const codeOf = (text: string): string => `<pre><code>${e(text)}</code></pre>`

const section = (name: string, description: string, parts: string[]): string =>
  `<section aria-labelledby="${idOf(name)}"><h2 id="${idOf(name)}">${e(name)}</h2><p>${prose(description)}</p>
${parts.join('\n')}</section>`

const paragraph = (text: string | undefined): string => text === undefined ? '' : `<p>${prose(text)}</p>`

function schemeOf ([name, { scheme, name: cookie, description }]: [string, Scheme]): string {
  const how = cookie === undefined ? `Authorization: ${scheme === 'basic' ? 'Basic' : 'Bearer'} …` : `Cookie: ${cookie}=…`
  return `<section class="named"><h3 id="proof-${e(name)}">${e(name)}</h3><p><code>${e(how)}</code></p>${paragraph(description)}</section>`
}

function shapeOf ([name, schema]: [string, Schema]): string {
  const example = schema.examples ? `<h4>Example</h4>${codeOf(JSON.stringify(schema.examples[0], null, 2))}` : ''
  return `<section class="named"><h3 id="${e(name)}">${e(name)}</h3>${paragraph(schema.description)}${bodyOf(schema)}${example}</section>`
}

interface Placed { method: string, path: string, operation: Operation }

function operationOf ({ method, path, operation }: Placed, url: string, document: Document): string {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation
  const answers = Object.entries(responses).filter(([status]) => /^\d+$/.test(status)).map(([status, { content }]) => {
    const { type, schema } = contentOf(content)
    return `<h4>Answer ${e(status)}</h4>${schema ? bodyOf(schema) : `<p class="kind">${type === undefined ? 'no body' : e(type)}</p>`}`
  })
  const { schema: body } = contentOf(requestBody?.content)
  const fields = parameters.map(({ in: place, name, required, schema, description }) =>
    ({ name, schema, description, note: `in the ${place}${required === true ? '' : ', optional'}` }))
  return `<details><summary><h3><code class="method">${method}</code> <code>${e(path)}</code></h3><span>${prose(summary)}</span></summary>
<div class="inner" id="${e(operationId)}">
${paragraph(description)}
<p>Needs ${needsOf(operation)}. In generated clients: <a href="#${e(operationId)}"><code>${e(operationId)}</code></a></p>
${fields.length === 0 ? '' : `<h4>Parameters</h4>${fieldsOf(fields)}`}
${body ? `<h4>Body</h4>${bodyOf(body)}` : ''}
${answers.join('\n')}
<h4>With curl</h4>${codeOf(curlOf({ method, path, operation }, url, document))}
</div></details>`
}

/** The first kind of a body, with its schema. */
function contentOf (content: Operation['responses'][string]['content'] = {}): { type?: string, schema?: Schema | undefined } {
  const [first] = Object.entries(content)
  return first ? { type: first[0], schema: first[1].schema } : {}
}

function needsOf ({ security }: Operation): string {
  const ways = security.map((proofs) => Object.entries(proofs).map(([name, scopes]) =>
    `<a href="#proof-${e(name)}">${e(name)}</a>${scopes.map((scope) => ` (<code>${e(scope)}</code>)`).join('')}`).join(' and '))
  // Nothing comes last, whatever its place in the document.
  return [...ways.filter((way) => way !== ''), ...ways.includes('') || ways.length === 0 ? ['nothing'] : []].join(', or ')
}

function curlOf ({ method, path, operation }: Placed, url: string, { components: { schemas, securitySchemes } }: Document): string {
  const needs = new Set(operation.security.flatMap((proofs) => Object.keys(proofs)))
  const bearer = [...needs].find((name) => securitySchemes[name]?.scheme === 'bearer')
  const { schema: body } = contentOf(operation.requestBody?.content)
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
  return [
    `curl${method === 'GET' ? '' : ` -X ${method}`} ${quoted(url + path)}`,
    ...[...needs].some((name) => securitySchemes[name]?.name !== undefined) ? ['-b cookies.txt -c cookies.txt'] : [],
    ...bearer === undefined ? [] : ['-H "authorization: Bearer $TOKEN"'],
    ...body ? ["-H 'content-type: application/json'", `-d ${quoted(JSON.stringify(exampleOf(body, schemas)))}`] : []
  ].join(' \\\n  ')
}
