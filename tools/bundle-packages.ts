// `npm run bundle`: the packages that every service loads, some 2,000 files, as a few; a service starts in half the CPU then.
// Only quicker: what is written here is read by deploy/local/bundled-packages.mjs, without which the packages serve.
import { build, type Metafile } from 'esbuild'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
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

/** What `bundledPackages` reads first. */
const INDEX = 'index.json'

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

/**
 * Moves what was built in `from` to `to`: chunks before the entries that load them, and last the index, which names the entries.
 * What was there stays for services that still load of it, as the names of chunks carry a hash; `npm ci` takes all away.
 */
export const putInPlace = async (from: string, to: string): Promise<void> => {
  const last = [...BUNDLED.map(fileOf), INDEX]
  const built = await readdir(from)
  await mkdir(to, { recursive: true })
  for (const name of built.toSorted((a, b) => last.indexOf(a) - last.indexOf(b)))
    await rename(join(from, name), join(to, name))
}

const bundle = async (): Promise<void> => {
  const folder = `${bundleFolder}.${process.pid}`
  const entries = join(folder, 'entries')
  const files = Object.fromEntries(BUNDLED.map((specifier) => [specifier, fileOf(specifier)]))
  try {
    await mkdir(entries, { recursive: true })
    for (const [specifier, file] of Object.entries(files))
      await writeFile(join(entries, file), await entryOf(specifier))
    refuseDoubles(await buildFrom(entries, files, folder))
    await rm(entries, { recursive: true })
    await writeFile(join(folder, INDEX), JSON.stringify({ lock: lockHash(), files }))
    await putInPlace(folder, bundleFolder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) await bundle()
