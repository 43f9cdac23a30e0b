/** Runs `work` once the browser has nothing else to do. Returns a function that cancels it. */
export function whenIdle (work: () => void): () => void {
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(work, 2000)
    return () => { clearTimeout(timer) }
  }
  const handle = requestIdleCallback(work, { timeout: 5000 })
  return () => { cancelIdleCallback(handle) }
}
