import { createHash } from 'node:crypto'

// A name space of our own for UUIDv5, so that the same occasion always makes the same run.
const RUN_NAMESPACE = Buffer.from('5b0c7d0e9a8f4e63b1d26f1c0a7e4d52', 'hex')

/** One occasion makes at most one run of a playbook, whatever its version, however often it is told. */
export const runIdOf = (playbook: string, occasionId: string): string => {
  const bytes = createHash('sha1').update(RUN_NAMESPACE).update(`${playbook}/${occasionId}`).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** The id of a step's effect, the same on every attempt: the `webhook-id`, the left part of a Message-ID, a task's id. */
export const actionIdOf = (runId: string, step: string): string => `${runId}-${step}`
