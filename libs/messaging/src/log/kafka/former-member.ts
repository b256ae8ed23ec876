import { setTimeout as wait } from 'node:timers/promises'
import type { Presence } from '../../presence/presence.ts'
import { createKafka, type KafkaClientOptions, RETRY } from './client.ts'
import { createCluster, type GroupCoordinator } from './cluster.ts'
import { voucherOf } from './vouched-assigner.ts'

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
  client: KafkaClientOptions,
  { group, member }: FormerMember,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted && !(await isOut(client, group, member)))
    await wait(TRY_AGAIN_MS, undefined, { signal }).catch(() => undefined)
}

/**
 * Takes the members out of a group whose processes are known to be gone, or everybody who joins would wait for them. Never
 * rejects: where it cannot be done, their sessions run out.
 */
export const leaveForGone = async (client: KafkaClientOptions, group: string, presence: Presence): Promise<void> => {
  const leave = async (coordinator: GroupCoordinator): Promise<void> => {
    const { groups } = await coordinator.describeGroups({ groupIds: [group] })
    const vouchers = new Map(
      groups.flatMap(({ members }) =>
        members.map(({ memberId, memberMetadata }) => [memberId, voucherOf(memberMetadata)] as const),
      ),
    )
    const gone = new Set<string | undefined>(
      await presence.goneOf([...vouchers.values()].filter((id) => id !== undefined)),
    )
    for (const [memberId, voucher] of vouchers)
      if (gone.has(voucher)) await coordinator.leaveGroup({ groupId: group, memberId })
  }
  await withCoordinator(client, group, leave).catch(() => undefined)
}

const isOut = async (client: KafkaClientOptions, group: string, member: string): Promise<boolean> => {
  try {
    await withCoordinator(client, group, (coordinator) => coordinator.leaveGroup({ groupId: group, memberId: member }))
    return true
  } catch (fault) {
    return fault instanceof Error && 'type' in fault && fault.type === 'UNKNOWN_MEMBER_ID'
  }
}

/** By a connection of its own, once; kafkajs's notices of it are nobody's: the consumer has its own of the same broker. */
const withCoordinator = async <R>(
  { brokers, clientId, security }: KafkaClientOptions,
  group: string,
  work: (coordinator: GroupCoordinator) => Promise<R>,
): Promise<R> => {
  const client = { brokers, clientId, ...(security && { security }) }
  const cluster = createCluster(createKafka(client, REQUEST_TIMEOUT_MS, { ...RETRY, retries: 0 }))
  try {
    await cluster.connect()
    await cluster.refreshMetadata()
    return await work(await cluster.findGroupCoordinator({ groupId: group }))
  } finally {
    await cluster.disconnect().catch(() => undefined)
  }
}
