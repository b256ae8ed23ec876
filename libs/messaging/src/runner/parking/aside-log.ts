import { HEADER, topicNamed } from '@banso/contracts'
import type { Logger } from '@banso/platform'
import type { Aside } from './parked-messages.ts'

/** What is said of a message that is put aside. */
export type PutAside = Pick<Aside, 'record' | 'state' | 'failure'>

/** Lines that one transaction writes at most; what is beyond is counted in one more. */
export const MOST_LINES = 20

// Ours are UUIDs. What else may stand in a record that nobody could read is for the dead letter, not for a log.
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Says of messages that were put aside why, with the ids by which they are found again. Of those that only wait behind
 * another nothing is said. To be called once what it says is committed.
 */
export const logAside = (logger: Logger, group: string, messages: readonly PutAside[]): void => {
  const failed = messages.filter(({ failure }) => failure !== null)
  for (const message of failed.slice(0, MOST_LINES)) {
    const fields = { group, ...placeOf(message), ...reasonOf(message) }
    if (message.state === 'dead') logger.error(fields, 'a message is given up')
    else logger.warn(fields, 'a message is parked, it is tried again')
  }
  const further = failed.length - MOST_LINES
  if (further > 0) logger.warn({ group, topic: failed[0]?.record.topic, further }, 'further messages are put aside')
}

const placeOf = ({ record: { topic, partition, offset, key, headers } }: PutAside) => ({
  topic,
  partition,
  offset,
  ...idAs('eventId', headers[HEADER.id]),
  ...(topicNamed(topic)?.key === 'account id' && idAs('accountId', key)),
})

const idAs = (field: string, id: string | undefined): Record<string, string> =>
  id !== undefined && UUID.test(id) ? { [field]: id } : {}

const reasonOf = ({ failure }: PutAside) => ({
  reason: failure?.reason,
  errorClass: failure?.errorClass ?? undefined,
  detail: failure?.message ?? undefined,
})
