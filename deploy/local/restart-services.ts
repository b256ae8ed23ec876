// `npm run dev`: services that were built anew, stopped as ever and started again.
import { waitUntilReady } from './await-ready.ts'
import type { Service } from './secrets.ts'
import { type RunningSystem, SERVICE_GRACE_MS, SERVICE_READY_MS } from './system.ts'

type Restarted = Pick<RunningSystem, 'supervisor' | 'addresses'>

const restart = async (
  { supervisor, addresses }: Restarted,
  service: Service,
  stopping: AbortSignal,
): Promise<void> => {
  await supervisor.stop(service, SERVICE_GRACE_MS)
  if (stopping.aborted) return
  supervisor.startAgain(service)
  const givenUp = new AbortController()
  const ready = waitUntilReady(addresses[service], SERVICE_READY_MS, { signal: givenUp.signal })
  // What was edited may not run at all: the next edit, which mends it, does not wait for that.
  await Promise.race([ready, supervisor.died(service)]).finally(() => givenUp.abort())
}

/** Resolves when all are ready, or everything is being stopped. Rejects, once none is waited for, with what those say that ended. */
export const restartServices = async (
  system: Restarted,
  services: readonly Service[],
  stopping: AbortSignal,
): Promise<void> => {
  const restarts = await Promise.allSettled(services.map((service) => restart(system, service, stopping)))
  const faults = restarts.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  if (faults.length === 0 || stopping.aborted) return
  throw new Error(faults.map((fault) => (fault instanceof Error ? fault.message : String(fault))).join('\n'))
}
