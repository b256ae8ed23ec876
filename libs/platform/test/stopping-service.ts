// A service that says in which order its parts stop; `stuck` as argument: one that never does, `crash`: one that
// ends by an error. Runs on the built lib.
import { createLogger, enableOrderedShutdown, fastifyAdapter, Public, stopping } from '@banso/platform'
import { Controller, Get, Post } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { setTimeout as sleep } from 'node:timers/promises'

const stuck = process.argv[2] === 'stuck'
const say = (word: string): void => void process.stdout.write(`${word}\n`)

// Decorators as calls: Node runs this file as it is.
class SlowController {
  async slow(): Promise<string> {
    say('request-begins')
    await sleep(600)
    say('request-ends')
    return 'done'
  }

  upload(): string {
    return 'uploaded'
  }
}
const slow = Object.getOwnPropertyDescriptor(SlowController.prototype, 'slow') ?? {}
Get()(SlowController.prototype, 'slow', slow)
const upload = Object.getOwnPropertyDescriptor(SlowController.prototype, 'upload') ?? {}
Post()(SlowController.prototype, 'upload', upload)
Controller('slow')(SlowController)
Public()(SlowController)

class Lifecycle {
  async onModuleDestroy(): Promise<void> {
    say('module-destroy')
    await stopping('what stops at once', Promise.resolve())
    if (stuck) await stopping('the consumers', new Promise(() => {}))
  }

  beforeApplicationShutdown(): void {
    say('before-shutdown')
  }

  onApplicationShutdown(): void {
    say('pools-close')
  }
}

const app = await NestFactory.create(
  { module: Lifecycle, controllers: [SlowController] },
  fastifyAdapter({ lastRequestsMs: 1_500 }),
  {
    logger: false,
  },
)
enableOrderedShutdown(app, createLogger({ service: 'stopping' }), stuck ? 300 : undefined)
await app.listen(0, '127.0.0.1')
say(`listening ${await app.getUrl()}`)
if (process.argv[2] === 'crash') void Promise.resolve('{"email": alice@example.com').then(JSON.parse)
