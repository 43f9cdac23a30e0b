import t from 'tap'
import { brandColors, contrast, type SchemeColors } from '../../../src/platform/brand/colors.ts'
import { manyColors } from '../../support/colors.ts'

// As web/src/ui/app.css and the mails have them.
const surfaces = { light: ['#ffffff', '#faf8fc', '#fbf8f6', '#f3f2fa'], dark: ['#1c1926', '#15131d', '#131119', '#1c1b2a', '#12111c'] }
const soft = { light: '#5c586f', dark: '#b7b2c8' }

t.test('whatever the brand’s colour, text reaches 4.5 and shapes 3 in both schemes', async (t) => {
  for (const color of manyColors) {
    for (const scheme of ['light', 'dark'] as const) {
      const { accent, accentStrong, onAccent, tint, glows, gradient } = brandColors(color)[scheme]
      const texts: Array<[string, string]> = [
        ...[...surfaces[scheme], ...glows, tint].map((surface): [string, string] => [accent, surface]),
        ...[...surfaces[scheme], tint].map((surface): [string, string] => [accentStrong, surface]),
        [onAccent, accent],
        [onAccent, accentStrong],
        ...[...glows, tint].map((surface): [string, string] => [soft[scheme], surface])
      ]
      for (const [one, other] of texts) t.ok(contrast(one, other) >= 4.5, `${color}, ${scheme}: ${one} on ${other}`)
      for (const stop of gradient) {
        t.ok(contrast('#ffffff', stop) >= 3, `${color}, ${scheme}: white on ${stop}`)
        if (scheme === 'dark') t.ok(contrast(stop, surfaces.dark[0] ?? '') >= 3, `${color}: ${stop} on a dark card`)
      }
    }
  }
})

t.test('a colour that can be read is taken as it is', async (t) => {
  t.equal(brandColors('#0b6e4f').light.accent, '#0b6e4f')
  t.equal(brandColors('#9ad1ff').dark.accent, '#9ad1ff')
})

t.test('no colour looks like a code', async (t) => {
  const all = ({ glows, gradient, ...plain }: SchemeColors): string[] => [...Object.values(plain), ...glows, ...gradient]
  for (const color of [...manyColors, '#123456', '#555555']) {
    const { light, dark } = brandColors(color)
    t.strictSame([...all(light), ...all(dark)].filter((hex) => !/^#[0-9a-f]{6}$/.test(hex) || /\d{6}/.test(hex)), [], color)
  }
})
