import { detectResources, resourceAttributesEnvDetector, resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Logger } from '../logging/logger.ts'
import { OtelTracing } from './otel-tracing.ts'
import type { TracingSettings } from './tracing-settings.ts'

export interface OtlpOptions {
  readonly service: string
  readonly endpoint: string
  readonly settings: TracingSettings
  readonly logger: Logger
}

const COMPLAIN_EVERY_MS = 60_000

/** Sends spans in batches to an OTLP receiver; what it does not take is dropped, and said once a minute. */
export const otlpTracing = async ({ service, endpoint, settings, logger }: OtlpOptions): Promise<OtelTracing> => {
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`
  const exporter = await exporterOf(settings.OTEL_EXPORTER_OTLP_PROTOCOL, url)
  const own = resourceFromAttributes({ 'service.name': service, 'service.namespace': 'banso' })
  const provider = new TracerProvider({
    resource: detectResources({ detectors: [resourceAttributesEnvDetector] }).merge(own),
    sampler: samplerOf(settings),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: complaining(exporter, logger),
        scheduledDelayMillis: settings.OTEL_BSP_SCHEDULE_DELAY,
      }),
    ],
  })
  return new OtelTracing(provider)
}

const exporterOf = async (
  protocol: TracingSettings['OTEL_EXPORTER_OTLP_PROTOCOL'],
  url: string,
): Promise<SpanExporter> => {
  const { OTLPTraceExporter } = await (protocol === 'http/json'
    ? import('@opentelemetry/exporter-trace-otlp-http')
    : import('@opentelemetry/exporter-trace-otlp-proto'))
  return new OTLPTraceExporter({ url })
}

const samplerOf = ({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio }: TracingSettings): Sampler => {
  switch (name) {
    case 'always_on':
      return new AlwaysOnSampler()
    case 'always_off':
      return new AlwaysOffSampler()
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(ratio)
    case 'parentbased_always_on':
      return new ParentBasedSampler({ root: new AlwaysOnSampler() })
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() })
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) })
    default:
      return name satisfies never
  }
}

// Without it a receiver that is away, or not at that address, is never heard of. What it answers is not logged.
const complaining = (exporter: SpanExporter, logger: Logger): SpanExporter => {
  let saidAt = Number.NEGATIVE_INFINITY
  const say = (): void => {
    if (performance.now() - saidAt < COMPLAIN_EVERY_MS) return
    saidAt = performance.now()
    logger.warn('spans could not be sent: is OTEL_EXPORTER_OTLP_ENDPOINT an OTLP receiver over HTTP, and there?')
  }
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error) say()
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
  }
}
