// A process of `npm run dev` that is to become a service, in whose directory it runs: it has loaded the packages that every
// service loads, which is more than half of a start, and waits for a word to run what is built there by then.
import { once } from 'node:events'
import { pathToFileURL } from 'node:url'

const PACKAGES = [
  '@nestjs/core',
  '@nestjs/microservices',
  '@nestjs/platform-fastify',
  '@nestjs/terminus',
  'class-transformer',
  'class-validator',
  'pg',
  'pino',
  'prom-client',
  'rxjs',
  'typebox',
  'typebox/compile',
  'typebox/value',
  'typeorm',
]

const leave = () => process.exit(0)
process.once('disconnect', leave)
if (!process.connected) leave() // the launcher went before we listened
const word = once(process, 'message')
await Promise.all(PACKAGES.map((name) => import(name)))
await word
process.off('disconnect', leave)
await import(pathToFileURL('dist/main.js').href)
