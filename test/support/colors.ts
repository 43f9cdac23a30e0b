const EDGES = ['00', '80', 'ff']

/** Corners, edges and middles of sRGB, greys, and what brands like: 54 colours. */
export const manyColors: string[] = [
  ...EDGES.flatMap((r) => EDGES.flatMap((g) => EDGES.map((b) => `#${r}${g}${b}`))),
  '#0b6e4f', '#1877f2', '#e50914', '#ff9900', '#fee500', '#25d366', '#4a154b', '#5865f2', '#ea4335', '#34a853', '#fbbc05', '#0f172a',
  '#fafafa', '#111111', '#c0ffee', '#bada55', '#663399', '#ffc0cb', '#b5651d', '#123456', '#f0e68c', '#2e8b57', '#708090', '#dc143c',
  '#40e0d0', '#00ffaa', '#767676'
]
