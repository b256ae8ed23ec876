import { type Logger, measureHttp, NestLogger, traceHttp } from '@banso/platform'
import type { OnModuleDestroy } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { Registry } from 'prom-client'
import { CaptureModule, type CaptureParts } from '../capture.module.ts'
import { captureAdapter, type CaptureLimits } from './capture-adapter.ts'
import { CaptureFilter } from './capture.filter.ts'

export interface CaptureServerParts extends CaptureParts {
  readonly registry: Registry
  /** Whether requests go on with the traces that they name: who has a write key then decides what is sampled. */
  readonly continuesTraces: boolean
}

/** Listens for events; the first to stop, so that what was accepted can still be appended. */
export class CaptureServer implements OnModuleDestroy {
  readonly #logger: Logger
  #app: NestFastifyApplication | undefined

  constructor(private readonly parts: CaptureServerParts) {
    this.#logger = parts.logger
  }

  /** The address that it listens on. */
  async listen(port: number, bind: string, limits?: CaptureLimits): Promise<string> {
    const module = CaptureModule.forParts(this.parts)
    const { registry, tracing, continuesTraces: continues } = this.parts
    const adapter = captureAdapter(limits)
    measureHttp(registry, adapter.getInstance())
    traceHttp(tracing, adapter.getInstance(), { continues })
    const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
      bodyParser: false,
      abortOnError: false,
      logger: new NestLogger(this.#logger),
    })
    this.#app = app
    app.useGlobalFilters(new CaptureFilter(this.#logger))
    await app.listen(port, bind)
    return app.getUrl()
  }

  async onModuleDestroy(): Promise<void> {
    await this.#app?.close()
  }
}
