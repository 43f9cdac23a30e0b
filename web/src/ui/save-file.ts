import { serverConfig } from '../app/server-config.ts'

/** Downloads a text as a file; the brand comes before its name, without what no file name may hold. */
export function saveFile (name: string, type: string, text: string): void {
  const brand = serverConfig.brandName.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '')
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = `${brand}-${name}`
  link.click()
  URL.revokeObjectURL(url)
}
