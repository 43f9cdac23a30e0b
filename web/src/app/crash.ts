class StorageBlocked extends Error {}

interface CrashWords { title: string, failed: string, blocked: string, reload: string, requestId: string }

// Here and in plain elements: what failed may be the texts or React.
const words: Record<'en' | 'uk' | 'ru', CrashWords> = {
  en: {
    title: 'This page could not be shown',
    failed: 'Something went wrong while it was loading. Reload the page. If that does not help, tell the operator the request ID below.',
    blocked: 'Your browser blocks cookies and site data here, and signing in needs them. Allow them for this site in the browser’s ' +
      'settings, then reload the page.',
    reload: 'Reload',
    requestId: 'Request ID'
  },
  uk: {
    title: 'Не вдалося показати сторінку',
    failed: 'Під час завантаження сталася помилка. Оновіть сторінку. Якщо це не допоможе, повідомте адміністратору ідентифікатор ' +
      'запиту, наведений нижче.',
    blocked: 'Ваш браузер блокує файли cookie та дані цього сайту, а без них увійти не можна. Дозвольте їх для цього сайту ' +
      'в налаштуваннях браузера та оновіть сторінку.',
    reload: 'Оновити сторінку',
    requestId: 'Ідентифікатор запиту'
  },
  ru: {
    title: 'Не удалось показать страницу',
    failed: 'Во время загрузки произошла ошибка. Обновите страницу. Если это не поможет, сообщите администратору идентификатор запроса, ' +
      'указанный ниже.',
    blocked: 'Ваш браузер блокирует файлы cookie и данные этого сайта, а без них войти нельзя. Разрешите их для этого сайта в настройках ' +
      'браузера и обновите страницу.',
    reload: 'Обновить страницу',
    requestId: 'Идентификатор запроса'
  }
}

/** Replaces the page with a sentence, a button that reloads, and the id of the request that led here. */
export function crash (error: unknown): void {
  if (!(error instanceof StorageBlocked)) reportError(error)
  const { lang, dataset } = document.documentElement
  const { title, failed, blocked, reload, requestId } = words[lang === 'uk' || lang === 'ru' ? lang : 'en']
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
