import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

/** To be added to a context, so that it is in every page. */
export const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

interface Axe {
  run: (context: Document, options: object) => Promise<{ violations: Array<{ id: string; nodes: Array<{ html: string }> }> }>
}

declare global {
  interface Window { axe: Axe }
}

/** What axe finds, by rule and place. */
export async function violations (page: Page): Promise<string[]> {
  return await page.evaluate(async () => {
    // A colour that is still fading in is not the one that people read.
    const ends = document.getAnimations().filter((animation) => animation.effect?.getTiming().iterations !== Infinity)
    await Promise.allSettled(ends.map(async (animation) => await animation.finished))
    const found = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
  })
}
