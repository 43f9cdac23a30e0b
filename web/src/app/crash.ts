/** As the server wrote it into the page. */
type CrashWords = Record<'title' | 'failed' | 'blocked' | 'reload' | 'requestId', string>

class StorageBlocked extends Error {}

/** Replaces the page with a sentence, a button that reloads, and the id of the request that led here. */
export function crash (error: unknown): void {
  if (!(error instanceof StorageBlocked)) reportError(error)
  const { dataset } = document.documentElement
  // In the page itself, for what failed may be the texts or React.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- The server wrote it.
  const { title, failed, blocked, reload, requestId } = JSON.parse(dataset['crash'] ?? '{}') as CrashWords
  const button = element('button', 'mt-6 min-h-11 rounded-[.875rem] bg-accent px-6 py-2 font-semibold text-on-accent', reload)
  button.addEventListener('click', () => { location.reload() })
  const card = element('section', 'card')
  card.setAttribute('role', 'alert')
  card.append(
    element('h1', 'text-2xl leading-8 font-semibold tracking-tight', title),
    element('p', 'mt-4', error instanceof StorageBlocked ? blocked : failed),
    button,
    element('p', 'mt-6 text-sm text-soft', `${requestId}: ${dataset['requestId'] ?? ''}`)
  )
  const main = element('main', 'stage')
  main.append(card)
  const page = element('div', 'page')
  page.append(element('div', 'bar'), main)
  document.title = title
  document.body.replaceChildren(page)
}

function element (name: string, className: string, text = ''): HTMLElement {
  const made = document.createElement(name)
  made.className = className
  made.textContent = text
  return made
}

/** @throws StorageBlocked where reading site data alone is an error */
export function requireStorage (): void {
  try {
    localStorage.getItem('')
    sessionStorage.getItem('')
  } catch {
    throw new StorageBlocked()
  }
}
