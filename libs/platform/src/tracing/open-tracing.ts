import type { Logger } from '../logging/logger.ts'
import { noTracing, type Tracing } from './tracing.ts'
import type { TracingSettings } from './tracing-settings.ts'

/** Off unless an endpoint is set: then, and only then, OpenTelemetry is loaded. */
export const openTracing = async (service: string, settings: TracingSettings, logger: Logger): Promise<Tracing> => {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: disabled } = settings
  if (endpoint === undefined || disabled) return noTracing
  const { otlpTracing } = await import('./otlp-tracing.ts')
  return otlpTracing({ service, endpoint, settings, logger })
}
