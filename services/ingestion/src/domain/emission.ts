import { topics, type SorterSlot } from '@banso/contracts'
import { emitCall } from './emit-call.ts'
import { emitTicket } from './emit-ticket.ts'
import type { EmissionSources, Emitted } from './emitted.ts'
import { eventTimeOf } from './received.ts'

/**
 * What a record becomes, in the order of the slots: a function of the raw record, its stored resolution and the stored
 * keys, and of nothing else, so that a record sorted twice gives the same bytes.
 */
export const emit = (sources: EmissionSources): Emitted[] => {
  const { received, resolution } = sources
  const { accountId } = resolution
  if (resolution.state !== 'accepted' || accountId === null) return []
  const output =
    received.type === 'ingestion.segment-call-received.v1'
      ? emitCall(received.data, accountId, sources)
      : emitTicket(received.data, accountId, sources)
  return [...keysMade(sources), ...(output ? [output] : [])]
}

const keysMade = ({ received, resolution, dataKeys }: EmissionSources): Emitted[] => {
  const made: [SorterSlot, string | null][] = [
    ['personKey', resolution.personMade ? resolution.personId : null],
    ['accountKey', resolution.accountKeyMade ? resolution.accountId : null],
  ]
  return made.flatMap(([slot, subject]) => {
    const dataKey = subject === null ? undefined : dataKeys.get(subject)
    if (subject === null || !dataKey) return []
    const data = { subject, wrappedKey: dataKey.wrapped }
    const time = eventTimeOf(received)
    return [{ topic: topics.personKeys.name, type: 'ingestion.person-key-made.v1', slot, key: subject, time, data }]
  })
}
