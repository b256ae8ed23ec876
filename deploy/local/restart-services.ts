// `npm run dev`: services that were built anew, stopped as ever and started again.
import { waitUntilReady } from './await-ready.ts'
import type { Service } from './secrets.ts'
import { type RunningSystem, SERVICE_GRACE_MS, SERVICE_READY_MS } from './system.ts'

type Restarted = Pick<RunningSystem, 'supervisor' | 'addresses'>

export interface GivenUp {
  /** Everything is being stopped: nothing is started any more. */
  readonly stopping: AbortSignal
  /** Something newer was built: all are started, and not waited for. */
  readonly newer: AbortSignal
}

const restart = async (
  { supervisor, addresses }: Restarted,
  service: Service,
  { stopping, newer }: GivenUp,
): Promise<boolean> => {
  await supervisor.stop(service, SERVICE_GRACE_MS)
  if (stopping.aborted) return false
  supervisor.startAgain(service)
  const over = new AbortController()
  const ready = waitUntilReady(addresses[service], SERVICE_READY_MS, { signal: over.signal }).then(() => true)
  // What was edited may not run at all, or never be ready: the next edit, which mends it, does not wait for that.
  return Promise.race([ready, supervisor.died(service), fallenBehind(newer)]).finally(() => over.abort())
}

const fallenBehind = async (newer: AbortSignal): Promise<false> => {
  if (!newer.aborted) await new Promise((resolve) => newer.addEventListener('abort', resolve, { once: true }))
  return false
}

/**
 * Resolves when all are ready, or no longer waited for: to whether they are. Rejects, once none is waited for, with what those
 * say that ended.
 */
export const restartServices = async (
  system: Restarted,
  services: readonly Service[],
  givenUp: GivenUp,
): Promise<boolean> => {
  const restarts = await Promise.allSettled(services.map((service) => restart(system, service, givenUp)))
  const faults = restarts.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  if (faults.length === 0 || givenUp.stopping.aborted)
    return restarts.every((one) => one.status === 'fulfilled' && one.value)
  throw new Error(faults.map((fault) => (fault instanceof Error ? fault.message : String(fault))).join('\n'))
}
