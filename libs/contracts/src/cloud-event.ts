// CloudEvents 1.0, Kafka binary binding: attributes travel as `ce_*` headers, the value is the JSON data.

export const HEADER = {
  specversion: 'ce_specversion',
  id: 'ce_id',
  type: 'ce_type',
  source: 'ce_source',
  time: 'ce_time',
  subject: 'ce_subject',
  /** Who appended: `received/<log id>/<raw partition>` or `outbox/<service>/<generation>`. */
  writer: 'ce_writer',
  /** Rises per (topic, partition, writer); a decimal integer below 2^53. */
  sequence: 'ce_sequence',
  contentType: 'content-type',
} as const

/** W3C trace context of what caused the record, where that was traced: CloudEvents' extension, under OpenTelemetry's name. */
export const TRACEPARENT_HEADER = 'traceparent'

/** Set by a re-drive of a quarantined event on `ingestion.received.v1`. */
export const REDRIVE_HEADER = 'redrive'

export interface EventAttributes {
  /** UUID or another unique text. */
  readonly id: string
  readonly type: string
  /** URI reference of the producer: `/banso/<service>`. */
  readonly source: string
  /** The event's own time. */
  readonly time: Date
  /** What it is about: the account id, where there is one. */
  readonly subject?: string
}

export type Headers = Readonly<Record<string, string>>

export const toHeaders = (event: EventAttributes): Record<string, string> => ({
  [HEADER.specversion]: '1.0',
  [HEADER.id]: event.id,
  [HEADER.type]: event.type,
  [HEADER.source]: event.source,
  [HEADER.time]: event.time.toISOString(),
  ...(event.subject === undefined ? {} : { [HEADER.subject]: event.subject }),
  [HEADER.contentType]: 'application/json',
})

/** The attributes, or the names of the headers that are missing or malformed. */
export const fromHeaders = (headers: Headers): EventAttributes | { faults: string[] } => {
  const { [HEADER.id]: id, [HEADER.type]: type, [HEADER.source]: source, [HEADER.subject]: subject } = headers
  const time = new Date(headers[HEADER.time] ?? Number.NaN)
  const faults: string[] = []
  if (headers[HEADER.specversion] !== '1.0') faults.push(HEADER.specversion)
  if (!id) faults.push(HEADER.id)
  if (!type) faults.push(HEADER.type)
  if (!source) faults.push(HEADER.source)
  if (Number.isNaN(time.getTime())) faults.push(HEADER.time)
  if (!id || !type || !source || faults.length > 0) return { faults }
  return { id, type, source, time, ...(subject === undefined ? {} : { subject }) }
}
