import { v5 } from 'uuid'

// Fixed for ever: every account id follows from it.
const BANSO_NAMESPACE = '6c0f9b0e-58d3-5a7e-9a43-0d2f1f6f5a11'
const EVENT_NAMESPACE = v5('event', BANSO_NAMESPACE)

const namespaces = new Map<string, string>()

const namespaceId = (namespace: string): string => {
  const known = namespaces.get(namespace)
  if (known !== undefined) return known
  const id = v5(namespace, BANSO_NAMESPACE)
  namespaces.set(namespace, id)
  return id
}

/** The account of the vendor's `externalId`: the same id wherever and whenever it is computed. */
export const accountIdOf = (namespace: string, externalId: string): string => v5(externalId, namespaceId(namespace))

/** ce_id of what the sorter emits: the same for the same place in the raw log and slot. */
export const emittedEventId = (writer: string, sequence: number): string => v5(`${writer}#${sequence}`, EVENT_NAMESPACE)
