import Type, { type Static } from 'typebox'

/** OpenTelemetry's own variables, as far as they decide here; the exporter reads `OTEL_EXPORTER_OTLP_HEADERS` and the like. */
export const tracingSettings = {
  /** Base URL of an OTLP receiver over HTTP: `http://collector:4318`. Absent: nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(Type.String({ pattern: '^https?://.+' })),
  OTEL_EXPORTER_OTLP_PROTOCOL: Type.Union([Type.Literal('http/protobuf'), Type.Literal('http/json')], {
    default: 'http/protobuf',
  }),
  OTEL_TRACES_SAMPLER: Type.Union(
    [
      Type.Literal('always_on'),
      Type.Literal('always_off'),
      Type.Literal('traceidratio'),
      Type.Literal('parentbased_always_on'),
      Type.Literal('parentbased_always_off'),
      Type.Literal('parentbased_traceidratio'),
    ],
    { default: 'parentbased_always_on' },
  ),
  /** Of the ratio samplers: the share of traces that is kept. */
  OTEL_TRACES_SAMPLER_ARG: Type.Number({ minimum: 0, maximum: 1, default: 1 }),
  /** Milliseconds for which spans are gathered before they are sent. */
  OTEL_BSP_SCHEDULE_DELAY: Type.Integer({ minimum: 1, default: 5_000 }),
  OTEL_SDK_DISABLED: Type.Boolean({ default: false }),
}

const TracingSettings = Type.Object(tracingSettings)
export type TracingSettings = Static<typeof TracingSettings>
