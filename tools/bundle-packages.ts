// `npm run bundle`: the packages that every service loads, some 2,000 files, as a few; a service starts in half the CPU then.
// Only quicker: what is written here is read by deploy/local/bundled-packages.mjs, without which the packages serve.
import { build, type Metafile } from 'esbuild'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleFolder, lockHash } from '../deploy/local/bundled-packages.mjs'

/**
 * As they are imported, by us or by one another. In: what is large, or has one of these as a dependency, so that nothing is
 * there twice. Out: kafkajs, whose parts we mend (libs/messaging/src/log/kafka/request-queue.ts), and what starts workers.
 */
export const BUNDLED = [
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/microservices',
  '@nestjs/microservices/microservices-module.js',
  '@nestjs/platform-fastify',
  '@nestjs/terminus',
  'class-transformer',
  'class-validator',
  'fastify',
  'pg',
  'prom-client',
  'rxjs',
  'rxjs/operators',
  'typebox',
  'typebox/compile',
  'typebox/value',
  'typeorm',
]
/** Loaded by some of the bundled only when asked for, or kept as they are. */
const OUTSIDE = ['@grpc/*', '@nestjs/websockets', '@opentelemetry/*', 'kafkajs', 'pg-native', 'pino']
/** CommonJS packages find what a module of ours would not have. */
const COMMONJS = [
  `import { createRequire as __createRequire } from 'node:module'`,
  `const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname`,
].join('\n')

const fileOf = (specifier: string): string => `${specifier.replaceAll(/\W+/g, '-').replace(/^-/, '')}.mjs`

/** `@nestjs/core` of `@nestjs/core/injector/module.js`. */
export const packageOf = (specifier: string): string =>
  specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')

/** What is loaded from outside would be there twice, and its classes be strangers to those of the bundle. */
const refuseDoubles = ({ outputs }: Metafile): void => {
  const bundled = new Set(BUNDLED.map(packageOf))
  const outside = Object.values(outputs).flatMap(({ imports }) => imports.filter(({ external }) => external))
  const doubles = new Set(outside.map(({ path }) => path).filter((path) => bundled.has(packageOf(path))))
  if (doubles.size > 0) throw new Error(`${[...doubles].join(', ')}: loaded by what is bundled, so bundle it too`)
}

/** Exports what Node finds in it: a bundler by itself sees no names in a CommonJS package. */
const entryOf = async (specifier: string): Promise<string> => {
  const found = Object.keys((await import(specifier)) as object)
  const names = found.filter((name) => name !== 'default' && name !== 'module.exports')
  return [
    `import * as all from '${specifier}'`,
    `export const { ${names.join(', ')} } = all`,
    ...(found.includes('default') ? [`export { default } from '${specifier}'`] : []),
  ].join('\n')
}

const buildFrom = async (
  entries: string,
  files: Readonly<Record<string, string>>,
  outdir: string,
): Promise<Metafile> => {
  const { metafile } = await build({
    entryPoints: Object.values(files).map((file) => join(entries, file)),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    keepNames: true, // Nest and TypeORM tell classes by them
    legalComments: 'none', // the packages lie beside, licences and all
    logLevel: 'error',
    metafile: true,
    external: OUTSIDE,
    banner: { js: COMMONJS },
    plugins: [
      {
        name: 'loads-at-run-time',
        setup: (bundler) => {
          bundler.onResolve({ filter: /^[^./]/ }, ({ kind, path }) =>
            kind === 'dynamic-import' ? { path: files[path] ? `./${files[path]}` : path, external: true } : undefined,
          )
        },
      },
    ],
  })
  return metafile
}

const bundle = async (): Promise<void> => {
  const folder = `${bundleFolder}.${process.pid}` // services that run may still load some of what is there
  const entries = join(folder, 'entries')
  await mkdir(entries, { recursive: true })
  const files = Object.fromEntries(BUNDLED.map((specifier) => [specifier, fileOf(specifier)]))
  for (const [specifier, file] of Object.entries(files)) await writeFile(join(entries, file), await entryOf(specifier))
  refuseDoubles(await buildFrom(entries, files, folder))
  await rm(entries, { recursive: true })
  await writeFile(join(folder, 'index.json'), JSON.stringify({ lock: lockHash(), files }))
  await rm(bundleFolder, { recursive: true, force: true })
  await rename(folder, bundleFolder)
}

if (import.meta.main) await bundle()
