import type { Pool } from 'pg'
import { isGone, type Presence, type Session } from '../../presence/presence.ts'
import { laneName } from '../consuming/lanes.ts'
import type { TopicPartition } from '../event-log.ts'
import { divide } from './divide.ts'
import type { EmbeddedTopic } from './topics.ts'

/** How long a member whose connection does not end keeps its partitions without a sign of life. Milliseconds. */
export const LEASE_MS = 10_000

interface GroupRow {
  members: readonly { id: string; topics: readonly string[] }[] | null
  kept: readonly { topic_id: number; partition: number; end: number }[] | null
  taken: readonly { topic_id: number; partition: number }[] | null
}

export interface OwnedPartition extends TopicPartition {
  /** Where the partition ends now. */
  readonly end: number
}

/** What the group looks like after a beat. */
export interface Membership {
  /** As which member it beat. */
  readonly id: string
  /** Leased to this member. */
  readonly owned: readonly OwnedPartition[]
  /** Leased to this member, but another one's by now: hand over when nothing of them is under way. */
  readonly surplus: readonly TopicPartition[]
}

const BEAT = {
  name: 'group-beat',
  text: `
    with beat as (
      insert into member (group_name, id, topics, alive_until)
      values ($1, $2, $3, now() + $4 * interval '1 millisecond')
      on conflict (group_name, id) do update set alive_until = excluded.alive_until, topics = excluded.topics
    ), kept as (
      update lease set until = now() + $4 * interval '1 millisecond'
      where group_name = $1 and member = $2 and until > now()
      returning topic_id, partition
    )
    select
      (select json_agg(json_build_object('id', id, 'topics', topics)) from member
        where group_name = $1 and id <> $2 and alive_until > now() and not ${isGone('id')}) as members,
      (select json_agg(json_build_object('topic_id', topic_id, 'partition', partition, 'end', next_offset))
        from kept join partition using (topic_id, partition)) as kept,
      (select json_agg(json_build_object('topic_id', topic_id, 'partition', partition)) from lease
        where group_name = $1 and member <> $2 and until > now() and not ${isGone('member')}) as taken`,
}

const CLAIM = {
  name: 'group-claim',
  text: `
    with claimed as (
      insert into lease (group_name, topic_id, partition, member, until)
      select $1, w.topic_id, w.partition, $2, now() + $3 * interval '1 millisecond'
      from unnest($4::int[], $5::int[]) as w (topic_id, partition)
      order by w.topic_id, w.partition
      on conflict (group_name, topic_id, partition) do update set member = excluded.member, until = excluded.until
      where lease.until <= now() or ${isGone('lease.member')}
      returning topic_id, partition
    )
    select c.topic_id, c.partition, p.next_offset from claimed c join partition p using (topic_id, partition)`,
}

/** A member as which it beats now, and the session that vouches for it. */
interface Present {
  readonly id: string
  readonly session: Session
}

/**
 * One member of a consumer group: its sign of life and the partitions leased to it. When its session ends, others may
 * take them at once, and it begins anew with what is left.
 */
export class GroupMember {
  #present: Present | undefined
  readonly #pool: Pool
  readonly #presence: Presence
  readonly #group: string
  readonly #topics: readonly EmbeddedTopic[]
  readonly #names: ReadonlyMap<number, string>
  readonly #onLost: () => void

  /** `onLost`: nothing is leased to it any more. */
  constructor(
    database: { readonly pool: Pool; readonly presence: Presence },
    group: string,
    topics: readonly EmbeddedTopic[],
    onLost: () => void,
  ) {
    this.#pool = database.pool
    this.#presence = database.presence
    this.#group = group
    this.#topics = topics
    this.#names = new Map(topics.map(({ id, name }) => [id, name]))
    this.#onLost = onLost
  }

  /** Gives a sign of life, renews the leases and claims what is due to this member and free. */
  async beat(): Promise<Membership> {
    const present = await this.#presentNow()
    const names = this.#topics.map(({ name }) => name)
    const { rows } = await present.session.query<GroupRow>(BEAT, [this.#group, present.id, names, LEASE_MS])
    const { members, kept, taken } = rows[0] ?? { members: null, kept: null, taken: null }
    const due = divide(this.#topics, [...(members ?? []), { id: present.id, topics: names }]).get(present.id) ?? []
    const dueNames = new Set(due.map(laneName))
    const owned = (kept ?? []).map(({ topic_id: id, partition, end }) => ({ topic: this.#nameOf(id), partition, end }))
    const held = new Set([
      ...owned.map(laneName),
      ...(taken ?? []).map((row) => laneName({ topic: this.#nameOf(row.topic_id), partition: row.partition })),
    ])
    const free = due.filter((partition) => !held.has(laneName(partition)))
    const claimed = await this.#claim(present, free)
    present.session.ended.throwIfAborted()
    const surplus = owned.filter((partition) => !dueNames.has(laneName(partition)))
    return { id: present.id, owned: [...owned, ...claimed], surplus }
  }

  /** Gives back what was leased to it as the member `id`; others may take it at once. */
  async release(id: string, partitions: readonly TopicPartition[]): Promise<void> {
    if (partitions.length === 0) return
    await this.#pool.query(
      `delete from lease using unnest($3::int[], $4::int[]) as w (topic_id, partition)
       where lease.group_name = $1 and lease.member = $2
         and lease.topic_id = w.topic_id and lease.partition = w.partition`,
      [this.#group, id, ...this.#columns(partitions)],
    )
  }

  async leave(): Promise<void> {
    this.#present?.session.ended.removeEventListener('abort', this.#onLost)
    await this.#pool.query(
      `with freed as (delete from lease where group_name = $1 and member = $2)
       delete from member where group_name = $1 and id = $2`,
      [this.#group, this.#present?.id],
    )
  }

  async #presentNow(): Promise<Present> {
    const session = await this.#presence.session()
    if (this.#present?.session === session) return this.#present
    const isSame = this.#present?.session.number === session.number
    this.#present = { id: isSame && this.#present ? this.#present.id : session.newId(), session }
    session.ended.addEventListener('abort', this.#onLost, { once: true })
    return this.#present
  }

  async #claim({ id, session }: Present, partitions: readonly TopicPartition[]): Promise<readonly OwnedPartition[]> {
    if (partitions.length === 0) return []
    const { rows } = await session.query<{ topic_id: number; partition: number; next_offset: string }>(CLAIM, [
      this.#group,
      id,
      LEASE_MS,
      ...this.#columns(partitions),
    ])
    return rows.map((row) => ({
      topic: this.#nameOf(row.topic_id),
      partition: row.partition,
      end: Number(row.next_offset),
    }))
  }

  #columns(partitions: readonly TopicPartition[]): [number[], number[]] {
    const ids = new Map(this.#topics.map(({ id, name }) => [name, id]))
    return [partitions.map(({ topic }) => ids.get(topic) ?? 0), partitions.map(({ partition }) => partition)]
  }

  #nameOf(topicId: number): string {
    return this.#names.get(topicId) ?? `topic ${topicId}`
  }
}
