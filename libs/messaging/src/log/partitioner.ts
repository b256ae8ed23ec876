import { topicNamed } from '@banso/contracts'

const SEED = 0x9747b28c
const M = 0x5bd1e995
const CACHE_SIZE = 50_000

/** Kafka's murmur2 of bytes, a signed 32-bit integer (org.apache.kafka.common.utils.Utils#murmur2). */
export const murmur2 = (data: Uint8Array): number => {
  const { length } = data
  const view = new DataView(data.buffer, data.byteOffset, length)
  const whole = length - (length % 4)
  let h = SEED ^ length
  for (let at = 0; at < whole; at += 4) {
    let k = Math.imul(view.getInt32(at, true), M)
    k ^= k >>> 24
    h = Math.imul(h, M) ^ Math.imul(k, M)
  }
  if (length > whole) {
    for (let at = length - 1; at >= whole; at -= 1) h ^= view.getUint8(at) << (8 * (at - whole))
    h = Math.imul(h, M)
  }
  h = Math.imul(h ^ (h >>> 13), M)
  return h ^ (h >>> 15)
}

const hashes = new Map<string, number>()

const positiveHash = (key: string): number => {
  const known = hashes.get(key)
  if (known !== undefined) return known
  const hash = murmur2(Buffer.from(key)) & 0x7fffffff
  if (hashes.size >= CACHE_SIZE) hashes.clear()
  hashes.set(key, hash)
  return hash
}

/** The partition of a key among `partitions`, as Kafka's Java client chooses it for this key's UTF-8 bytes. */
export const partitionAmong = (key: string, partitions: number): number => positiveHash(key) % partitions

/** The partition of a key on one of our topics. Throws for a topic that is not in the contracts. */
export const partitionOf = (topic: string, key: string): number => {
  const declared = topicNamed(topic)
  if (!declared) throw new RangeError(`${topic} is not a topic of ours`)
  return partitionAmong(key, declared.partitions)
}
