// One event, from the SDK's request to the webhook that it set off, with all services traced.
import { Analytics } from '@segment/analytics-node'
import { OtlpReceiver, type ReceivedSpan } from '@banso/testing'
import { randomBytes } from 'node:crypto'
import type { Arrival } from '../drive/receiver.ts'
import { applyBlueprint, setStage, type Stage } from '../drive/stage.ts'
import { until } from '../drive/wait.ts'

export interface TracedStage extends Stage {
  readonly collector: OtlpReceiver
}

/** A system whose services send their spans to a collector of ours. */
export const setTracedStage = async (options: {
  readonly kafka: boolean
  readonly portBase: number
}): Promise<TracedStage> => {
  const collector = await OtlpReceiver.start()
  const lines: string[] = []
  try {
    const stage = await setStage({
      ...options,
      purpose: 'observe',
      say: (line) => lines.push(line),
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_BSP_SCHEDULE_DELAY: '200',
        INGESTION_CONTINUE_TRACES: 'true',
      },
    })
    const close = async (): Promise<void> => {
      await stage.close()
      await collector.close()
    }
    return { ...stage, collector, close }
  } catch (fault) {
    await collector.close()
    process.stderr.write(`${lines.join('\n')}\n`)
    throw fault
  }
}

export interface TracedStory {
  /** Of the caller: its product traces, too. */
  readonly traceId: string
  readonly callerSpanId: string
  readonly arrival: Arrival
  /** Those that the collector has by now: each service sends its own in its own time, a parent after its children. */
  readonly spans: () => readonly ReceivedSpan[]
}

const ACCOUNT = 'little-use'

/** What the SDK sends names the trace of whoever called it, as OpenTelemetry's instrumentation of `fetch` does. */
const sendBySdk = async ({ system, writeKey }: Stage, traceparent: string): Promise<void> => {
  const analytics = new Analytics({
    writeKey,
    host: system.addresses.capture,
    httpClient: (url, options) => fetch(url, { ...options, headers: { ...options.headers, traceparent } }),
  })
  analytics.track({ userId: 'hanako', event: 'Report Created', context: { groupId: ACCOUNT } })
  await analytics.closeAndFlush()
}

const isWebhook = ({ name }: ReceivedSpan): boolean => name === 'POST'

const applyFirstRed = (stage: TracedStage, mode: 'active' | 'observe') =>
  applyBlueprint(stage, {
    kind: 'Playbook',
    name: 'first-red',
    spec: {
      mode,
      trigger: { on: 'band-changed', to: ['red'], firstScore: true },
      action: { kind: 'webhook', url: stage.receiver.url },
    },
  })

/** A new customer with little use scores red, and a playbook calls the receiver; it only observes after that. */
export const tellTracedStory = async (stage: TracedStage): Promise<TracedStory> => {
  await applyFirstRed(stage, 'active')
  const before = stage.receiver.arrivals.length
  const [traceId, callerSpanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')]
  await sendBySdk(stage, `00-${traceId}-${callerSpanId}-01`)
  const arrival = await until('the webhook', 30_000, () => Promise.resolve(stage.receiver.arrivals[before]))
  const spans = () => stage.collector.spans.filter((span) => span.traceId === traceId)
  const toldWhole = () => spans().some(isWebhook) && spans().some(({ name }) => name === 'timer send-webhook')
  await until('the spans of the webhook', 15_000, () => Promise.resolve(toldWhole() || undefined))
  await applyFirstRed(stage, 'observe')
  return { traceId, callerSpanId, arrival, spans }
}
