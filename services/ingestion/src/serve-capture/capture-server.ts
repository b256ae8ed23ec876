import { type Logger, NestLogger } from '@banso/platform'
import type { OnModuleDestroy } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { CaptureModule, type CaptureParts } from '../capture.module.ts'
import { captureAdapter, type CaptureLimits } from './capture-adapter.ts'
import { CaptureFilter } from './capture.filter.ts'

/** Listens for events; the first to stop, so that what was accepted can still be appended. */
export class CaptureServer implements OnModuleDestroy {
  readonly #logger: Logger
  #app: NestFastifyApplication | undefined

  constructor(private readonly parts: CaptureParts) {
    this.#logger = parts.logger
  }

  /** The address that it listens on. */
  async listen(port: number, bind: string, limits?: CaptureLimits): Promise<string> {
    const module = CaptureModule.forParts(this.parts)
    const app = await NestFactory.create<NestFastifyApplication>(module, captureAdapter(limits), {
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
