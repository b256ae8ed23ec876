import { StartRefusedError } from '../errors.ts'
import { createLogger } from '../logging/logger.ts'

/** Exit code (EX_CONFIG) of a service that cannot start until somebody changes something: starting it again is no use. */
export const EXIT_REFUSED = 78

const describe = (fault: unknown): string => {
  if (!(fault instanceof Error)) return 'not an Error'
  return fault.message || ('code' in fault ? String(fault.code) : fault.name)
}

/** To the process that forked us, where there is one: nobody may be looking at the log. */
const tell = (warnings: readonly string[]): void => {
  // The callback keeps a parent that is gone from being an error.
  for (const warning of warnings) process.send?.({ warning }, undefined, undefined, () => {})
}

/**
 * Runs a service's start, which may warn the process that forked us. When it fails, the reason is logged as any other fault
 * and told to that process, and this one ends: with 78 when it was refused, else with 1.
 */
export const startService = async (service: string, start: (warn: typeof tell) => Promise<void>): Promise<void> => {
  try {
    await start(tell)
  } catch (fault) {
    createLogger({ service }).fatal({ err: fault }, 'the service cannot start')
    const end = (): never => process.exit(fault instanceof StartRefusedError ? EXIT_REFUSED : 1)
    if (!process.send || !process.connected) end()
    process.send?.({ fault: describe(fault) }, end)
  }
}
