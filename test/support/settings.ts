import { ConfigError, loadConfig } from '../../src/platform/config/config.ts'

/** What the start would say of these settings; nothing when they are right. */
export function problemsOf (env: Record<string, string | undefined>): string[] {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}
