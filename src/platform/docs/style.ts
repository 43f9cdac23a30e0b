/** With the colours and the font of the pages' own stylesheet. */
export const STYLE = `
main, .bar { width: 100%; max-width: 56rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 1.5rem) }
main { padding-bottom: 4rem; line-height: 1.55 }
.brand { display: flex; align-items: center; gap: .625rem; min-width: 0; font-size: 1.125rem; font-weight: 600; overflow-wrap: anywhere }
.brand img { height: 2.25rem; width: auto; max-width: 8rem; object-fit: contain }
.skip { position: absolute; left: -999rem }
.skip:focus { left: .75rem; top: .75rem; padding: .75rem 1rem; border-radius: .75rem; background: var(--card) }
h1 { font-size: 2rem; line-height: 1.2; font-weight: 600; overflow-wrap: anywhere }
h2 { margin-top: 3rem; font-size: 1.375rem; font-weight: 600 }
h3 { font-size: 1rem; font-weight: 600; overflow-wrap: anywhere }
h4 { margin-top: 1.25rem; font-weight: 600 }
p { margin-block: .5rem }
a { color: var(--accent); text-decoration: underline; text-underline-offset: .15em }
a:hover { color: var(--accent-strong) }
code { font: .9em/1.5 ui-monospace, monospace; overflow-wrap: anywhere }
pre { margin-block: .5rem; padding: .875rem 1rem; border: 1px solid var(--line); border-radius: .875rem; background: var(--field);
  white-space: pre-wrap; overflow-wrap: anywhere }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin-top: 1rem }
details, .named { margin-top: .625rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--card) }
.named { padding: 1rem 1.25rem }
summary { padding: .75rem 1.25rem; cursor: pointer; border-radius: 1rem }
summary h3 { display: inline }
summary span { display: block; color: var(--soft) }
details[open] > summary { border-bottom: 1px solid var(--line); border-radius: 1rem 1rem 0 0 }
.inner { padding: .5rem 1.25rem 1.25rem }
.method { padding: .1em .5em; border-radius: .4em; background: var(--tint); color: var(--accent-strong); font-weight: 600 }
.kind { color: var(--soft); font-size: .9375rem }
.fields > div { padding-block: .5rem; border-bottom: 1px solid var(--line) }
.fields > div:last-child { border-bottom: 0 }
.fields p { margin: 0 }
dt { font-weight: 600 }
dd { margin-left: 1rem }
@media (forced-colors: active) { .method { border: 1px solid CanvasText } }`
