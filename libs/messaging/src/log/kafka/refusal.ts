import { LogRefusedError } from '../errors.ts'

const field = (fault: object, name: string): unknown => Reflect.get(fault, name)

/** What Kafka calls it and what it is about: `TOPIC_AUTHORIZATION_FAILED of health.scores.v1`. */
const refusalsIn = (fault: unknown): string[] => {
  if (typeof fault !== 'object' || fault === null) return []
  const [type, topic, errors, cause] = ['type', 'topic', 'errors', 'cause'].map((name) => field(fault, name))
  if (typeof type === 'string' && type.endsWith('_AUTHORIZATION_FAILED'))
    return [typeof topic === 'string' ? `${type} of ${topic}` : type]
  const inner: readonly unknown[] = Array.isArray(errors) ? errors : []
  return [...inner, cause].flatMap(refusalsIn)
}

/** The error to show when Kafka does not let us do what a service must; undefined: it is another one. */
export const refusalOf = (fault: unknown): LogRefusedError | undefined => {
  if (fault instanceof LogRefusedError) return fault
  const refusals = [...new Set(refusalsIn(fault))]
  if (refusals.length === 0) return undefined
  return new LogRefusedError(
    `Kafka refuses us what we need: ${refusals.join(', ')}. Every service needs create, describe, describe configs, read ` +
      'and write on its topics, read on groups, and describe on the cluster',
    { cause: fault },
  )
}
