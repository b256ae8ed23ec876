import { StartRefusedError } from '../errors.ts'
import { createLogger } from '../logging/logger.ts'

/** Exit code (EX_CONFIG) of a service that cannot start until somebody changes something: starting it again is no use. */
export const EXIT_REFUSED = 78

const describe = (fault: unknown): string => {
  if (!(fault instanceof Error)) return 'not an Error'
  return fault.message || ('code' in fault ? String(fault.code) : fault.name)
}

/**
 * Runs a service's start. When it fails, the reason is logged as any other fault and told to the process that forked us, and
 * this one ends: with 78 when it was refused, else with 1.
 */
export const startService = async (service: string, start: () => Promise<void>): Promise<void> => {
  try {
    await start()
  } catch (fault) {
    createLogger({ service }).fatal({ err: fault }, 'the service cannot start')
    const end = (): never => process.exit(fault instanceof StartRefusedError ? EXIT_REFUSED : 1)
    if (!process.send || !process.connected) end()
    process.send?.({ fault: describe(fault) }, end)
  }
}
