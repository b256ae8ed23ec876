import { setTimeout as wait } from 'node:timers/promises'
import type { Presence } from '../../presence/presence.ts'
import { createKafka, type KafkaClientOptions, RETRY } from './client.ts'
import { createCluster, type GroupCoordinator } from './cluster.ts'
import { voucherOf } from './vouched-assigner.ts'

/** Milliseconds. */
const REQUEST_TIMEOUT_MS = 5_000
const TRY_AGAIN_MS = 250

/**
 * Members of a group that nobody is any more. Whoever joins would wait for each until its session has run out: they are taken
 * out of the group. Nothing here rejects; where it cannot be done, it is waited.
 */
export class FormerMembers {
  readonly #client: KafkaClientOptions
  readonly #group: string
  #own: string | undefined
  /** Aborts when the group is joined again. */
  #leaving = new AbortController()

  constructor({ brokers, clientId, security }: KafkaClientOptions, group: string) {
    // Without `hear`: kafkajs says of the same broker what it says of it to the consumer.
    this.#client = { brokers, clientId, ...(security && { security }) }
    this.#group = group
  }

  /** Before one joins: those whose processes are known to be gone. */
  async takeOutGone(presence: Presence): Promise<void> {
    await this.#withCoordinator((coordinator) => this.#takeOut(coordinator, presence)).catch(() => undefined)
  }

  /** This process is the member, from now on. */
  joined(member: string): void {
    this.#leaving.abort()
    this.#leaving = new AbortController()
    this.#own = member
  }

  /** kafkajs has given up what it was, perhaps without being able to say so, as when the broker died. */
  async leave(): Promise<void> {
    const member = this.#own
    this.#own = undefined
    if (member === undefined) return
    const { signal } = this.#leaving
    while (!signal.aborted && !(await this.#isOut(member)))
      await wait(TRY_AGAIN_MS, undefined, { signal }).catch(() => undefined)
  }

  stop(): void {
    this.#leaving.abort()
  }

  async #takeOut(coordinator: GroupCoordinator, presence: Presence): Promise<void> {
    const { groups } = await coordinator.describeGroups({ groupIds: [this.#group] })
    const members = groups.flatMap((group) => group.members)
    const vouched = members.map(({ memberId, memberMetadata }) => ({ memberId, voucher: voucherOf(memberMetadata) }))
    const vouchers = vouched.map(({ voucher }) => voucher).filter((id) => id !== undefined)
    const gone = new Set<string | undefined>(await presence.goneOf(vouchers))
    for (const { memberId, voucher } of vouched)
      if (gone.has(voucher)) await coordinator.leaveGroup({ groupId: this.#group, memberId })
  }

  async #isOut(memberId: string): Promise<boolean> {
    try {
      await this.#withCoordinator((coordinator) => coordinator.leaveGroup({ groupId: this.#group, memberId }))
      return true
    } catch (fault) {
      return fault instanceof Error && 'type' in fault && fault.type === 'UNKNOWN_MEMBER_ID'
    }
  }

  /** By a connection of its own, tried once. */
  async #withCoordinator<R>(work: (coordinator: GroupCoordinator) => Promise<R>): Promise<R> {
    const cluster = createCluster(createKafka(this.#client, REQUEST_TIMEOUT_MS, { ...RETRY, retries: 0 }))
    try {
      await cluster.connect()
      await cluster.refreshMetadata()
      return await work(await cluster.findGroupCoordinator({ groupId: this.#group }))
    } finally {
      await cluster.disconnect().catch(() => undefined)
    }
  }
}
