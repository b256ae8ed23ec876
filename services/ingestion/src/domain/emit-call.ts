import { type SegmentCallReceived, topics } from '@banso/contracts'
import { traitsOf } from './attribution.ts'
import { type EmissionSources, type Emitted, sealedFor } from './emitted.ts'
import { isJsonObject } from './json-value.ts'
import {
  splitEventProperties,
  splitGroupTraits,
  splitPageProperties,
  splitPersonTraits,
  withoutAddresses,
  withoutMailAddress,
} from './personal-fields.ts'

/** What one Segment call becomes; `alias` nothing. */
export const emitCall = (
  received: SegmentCallReceived,
  accountId: string,
  sources: EmissionSources,
): Emitted | undefined => {
  const { personId } = sources.resolution
  const { type } = received.call
  if (type === 'group') return accountObserved(received, accountId, sources)
  if (type === 'alias' || personId === null) return undefined
  return type === 'identify'
    ? personObserved(received, accountId, personId, sources)
    : productUsed(received, accountId, personId, sources)
}

const originOf = ({ call, receivedAt, source }: SegmentCallReceived, accountId: string) => ({
  accountId,
  receivedAt,
  source,
  messageId: call.messageId,
})

const accountObserved = (received: SegmentCallReceived, accountId: string, sources: EmissionSources): Emitted => {
  const { call, namespace } = received
  const { open, personal } = splitGroupTraits(traitsOf(call))
  return {
    topic: topics.observations.name,
    type: 'ingestion.account-observed.v1',
    slot: 'accountObserved',
    key: accountId,
    time: new Date(call.timestamp),
    data: {
      ...originOf(received, accountId),
      externalId: call.groupId ?? '',
      namespace,
      personId: sources.resolution.personId,
      traits: open,
      ...sealedFor(accountId, personal, 'accountObserved', sources),
    },
  }
}

const personObserved = (
  received: SegmentCallReceived,
  accountId: string,
  personId: string,
  sources: EmissionSources,
): Emitted => {
  const { open, personal } = splitPersonTraits(traitsOf(received.call))
  const kept = received.keyKind === 'browser' ? withoutAddresses(personal) : personal
  return {
    topic: topics.observations.name,
    type: 'ingestion.person-observed.v1',
    slot: 'personObserved',
    key: accountId,
    time: new Date(received.call.timestamp),
    data: {
      ...originOf(received, accountId),
      personId,
      traits: open,
      ...sealedFor(personId, kept, 'personObserved', sources),
    },
  }
}

const productUsed = (
  received: SegmentCallReceived,
  accountId: string,
  personId: string,
  sources: EmissionSources,
): Emitted => {
  const { call } = received
  const kind = call.type === 'page' || call.type === 'screen' ? call.type : 'track'
  const properties = isJsonObject(call.properties) ? call.properties : {}
  const { open, personal } = kind === 'page' ? splitPageProperties(properties) : splitEventProperties(properties)
  return {
    topic: topics.usageEvents.name,
    type: 'ingestion.product-used.v1',
    slot: 'productUsed',
    key: accountId,
    time: new Date(call.timestamp),
    data: {
      ...originOf(received, accountId),
      personId,
      kind,
      name: withoutMailAddress((kind === 'track' ? call.event : call.name) ?? ''),
      properties: open,
      ...sealedFor(personId, personal, 'productUsed', sources),
    },
  }
}
