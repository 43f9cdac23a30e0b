/** What can hardly be read or seen on the page: a line for each. */
export const FAINT = '__faint()'

/**
 * Runs in the page, and is text because what compiles the tests names functions by a helper that the page lacks. Text is held against what
 * lies behind it, on the ground against its darkest and lightest places; white shapes against the gradient, and that against a card.
 */
export const FAINT_SOURCE = `
globalThis.__faint = () => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const parse = (color) => {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = '#000'
    canvas.fillStyle = color
    canvas.fillRect(0, 0, 1, 1)
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data
    return [r, g, b, a / 255]
  }
  const over = ([r, g, b, a], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a), 1]
  const linear = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b)
    return (high + 0.05) / (low + 0.05)
  }
  const root = getComputedStyle(document.documentElement)
  const variable = (name) => root.getPropertyValue('--' + name).trim()
  const grounds = ['ground', 'glow-a', 'glow-b', 'glow-c'].map((name) => parse(variable(name)))
  const card = parse(variable('card'))
  const stops = variable('gradient').match(/#[0-9a-f]{6}/g).map(parse)
  const isDark = luminance(card) < 0.5
  const behind = (element) => {
    const layers = []
    for (let one = element; one; one = one.parentElement) {
      if (one.classList.contains('gradient')) return stops
      const color = parse(getComputedStyle(one).backgroundColor)
      if (color[3] > 0) layers.push(color)
      if (color[3] === 1) break
    }
    const solid = layers.at(-1)?.[3] === 1 ? [layers.pop()] : grounds
    return solid.map((base) => layers.reduceRight((below, layer) => over(layer, below), base))
  }
  const faint = []
  const judge = (what, color, backgrounds, wanted) => {
    const least = Math.min(...backgrounds.map((background) => contrast(over(parse(color), background), background)))
    if (least < wanted) faint.push(what + ': ' + color + ' has ' + least.toFixed(2) + ' of ' + wanted)
  }
  for (const element of document.body.querySelectorAll('*')) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.closest('.sr-only')) continue
    const style = getComputedStyle(element)
    const isOff = element.matches(':disabled, [aria-disabled=true]') || element.closest('[data-input-otp-container] .opacity-55')
    const text = [...element.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ data }) => data.trim()).join('')
    const name = element.tagName.toLowerCase() + ' "' + text.slice(0, 30) + '"'
    if (text !== '' && !isOff) judge(name, style.color, behind(element), 4.5)
    if (element.tagName === 'svg') judge('a shape in ' + element.parentElement.className.slice(0, 30), style.color, behind(element), 3)
    if (element.matches('button.bg-accent:not(:disabled)')) {
      judge('the shape of ' + name, style.backgroundColor, behind(element.parentElement), 3)
    }
    if (isDark && element.matches('.gradient')) {
      for (const stop of stops) if (contrast(stop, card) < 3) faint.push('a tile of ' + stop)
    }
  }
  for (const ground of [...grounds, card]) judge('the focus ring', variable('accent'), [ground], 3)
  return faint
}`
