// What happens to containers: restarted by an operator, killed with the engine looking on, crashed from within.
import type { Fault } from '../chaos/faults.ts'
import { until } from '../drive/wait.ts'
import { services } from '../local/secrets.ts'
import { type ComposedSystem, docker } from './composed.ts'

const HEALTHY_WITHIN_MS = 120_000

/**
 * Every container restarted once and killed once; every service crashed once, too, after which nobody but its restart policy
 * starts it (Docker leaves alone what it was told to kill).
 */
export const containerFaults: readonly Fault[] = [
  ...[...services, 'postgres', 'kafka'].flatMap((victim) => [
    { kind: 'restart' as const, victim },
    { kind: 'kill' as const, victim },
  ]),
  ...services.map((victim) => ({ kind: 'crash' as const, victim })),
]

const startedAt = (id: string): Promise<string> => docker(['inspect', id, '--format', '{{.State.StartedAt}}'])
const isHealthy = async (id: string): Promise<boolean> =>
  (await docker(['inspect', id, '--format', '{{.State.Health.Status}}'])) === 'healthy'

const strike = async ({ kind }: Fault, id: string): Promise<void> => {
  switch (kind) {
    case 'restart':
      await docker(['restart', id])
      return
    case 'kill':
      await docker(['kill', '--signal', 'KILL', id])
      await docker(['start', id])
      return
    case 'crash':
      // all processes of the service's user; its first, docker-init, ends with the one that it started
      await docker(['exec', id, 'sh', '-c', 'kill -KILL -1']).catch(() => undefined)
      return
    case 'stop':
      throw new Error('a container is not stopped here')
  }
}

/** Does it, and returns when the container was started anew and is healthy. */
export const inflictOnContainer = async (fault: Fault, { compose }: ComposedSystem): Promise<void> => {
  const id = await compose('ps', '--all', '--quiet', fault.victim)
  const before = await startedAt(id)
  await strike(fault, id)
  await until(`${fault.victim} to run again and be healthy`, HEALTHY_WITHIN_MS, async () =>
    (await startedAt(id)) !== before && (await isHealthy(id)) ? true : undefined,
  )
}
