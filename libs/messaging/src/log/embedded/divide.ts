import type { TopicPartition } from '../event-log.ts'
import { partitionAmong } from '../partitioner.ts'

interface Subscriber {
  readonly id: string
  readonly topics: readonly string[]
}

/**
 * Which member shall have which partitions: as evenly as possible, and the same for everyone who sees the same members.
 * A partition goes only to members that subscribe its topic.
 */
export const divide = (
  topics: readonly { readonly name: string; readonly partitions: number }[],
  members: readonly Subscriber[],
): ReadonlyMap<string, readonly TopicPartition[]> => {
  const shares = new Map<string, TopicPartition[]>(members.map(({ id }) => [id, []]))
  const sorted = members.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  for (const { name, partitions } of topics) {
    const takers = sorted.filter(({ topics: subscribed }) => subscribed.includes(name))
    // Members may know different topics, so each topic is divided by itself; its name says who gets the first one.
    const first = takers.length > 0 ? partitionAmong(name, takers.length) : 0
    for (let partition = 0; partition < partitions && takers.length > 0; partition += 1) {
      const taker = takers[(first + partition) % takers.length]
      if (taker) shares.get(taker.id)?.push({ topic: name, partition })
    }
  }
  return shares
}
