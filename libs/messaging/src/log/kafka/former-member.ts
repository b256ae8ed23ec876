import { setTimeout as wait } from 'node:timers/promises'
import { createKafka, type KafkaClientOptions, RETRY } from './client.ts'
import { createCluster } from './cluster.ts'

/** Milliseconds. */
const REQUEST_TIMEOUT_MS = 5_000
const TRY_AGAIN_MS = 250

export interface FormerMember {
  readonly group: string
  readonly member: string
}

/**
 * Takes a member out of its group that kafkajs has given up without being able to say so, as when the broker died: until
 * its session has run out, everybody who joins waits for it. Tries until it is done or `signal` aborts; never rejects.
 */
export const leaveAs = async (
  { brokers, clientId, security }: KafkaClientOptions,
  former: FormerMember,
  signal: AbortSignal,
): Promise<void> => {
  const client = { brokers, clientId, ...(security && { security }) } // kafkajs says of each try what the consumer's says
  while (!signal.aborted && !(await isOut(client, former)))
    await wait(TRY_AGAIN_MS, undefined, { signal }).catch(() => undefined)
}

const isOut = async (client: KafkaClientOptions, { group, member }: FormerMember): Promise<boolean> => {
  const cluster = createCluster(createKafka(client, REQUEST_TIMEOUT_MS, { ...RETRY, retries: 0 }))
  try {
    await cluster.connect()
    await cluster.refreshMetadata()
    const coordinator = await cluster.findGroupCoordinator({ groupId: group })
    await coordinator.leaveGroup({ groupId: group, memberId: member })
    return true
  } catch (fault) {
    return fault instanceof Error && 'type' in fault && fault.type === 'UNKNOWN_MEMBER_ID'
  } finally {
    await cluster.disconnect().catch(() => undefined)
  }
}
