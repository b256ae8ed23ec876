// One Jest for the whole house. Each package is up to four projects: `name` (fast), `name:int` (real Postgres),
// `name:kafka` (real Postgres and a real Kafka), `name:e2e` (the built system, as processes).
import type { Config } from 'jest'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { bundledPackages } from './deploy/local/bundled-packages.mjs'

const root = import.meta.dirname
const { jsc, sourceMaps } = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8')) as {
  jsc: object
  sourceMaps: boolean
}
const swc = {
  swcrc: false, // else SWC merges .swcrc in again
  sourceMaps,
  jsc: { ...jsc, rewriteRelativeImportExtensions: false }, // Jest resolves the .ts files themselves
}

const moduleNameMapper = Object.fromEntries(
  [...bundledPackages()].map(([name, file]) => [`^${name.replaceAll('.', String.raw`\.`)}$`, file]),
)

const base = (directory: string): Config => ({
  rootDir: join(root, directory),
  cacheDirectory: join(root, 'node_modules/.cache/jest'), // the folder for temporary files goes after each run
  testEnvironmentOptions: { customExportConditions: ['@banso/source', 'node', 'node-addons'] },
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json'],
  moduleNameMapper,
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  injectGlobals: false,
})

const kinds = [
  { suffix: '', match: '**/!(*.int|*.kafka|*.e2e).spec.ts' },
  { suffix: ':int', match: '**/*.int.spec.ts', setup: 'jest-postgres', stop: 'jest-postgres-stop' },
  { suffix: ':kafka', match: '**/*.kafka.spec.ts', setup: 'jest-kafka', stop: 'jest-kafka-stop' },
  { suffix: ':e2e', match: '**/*.e2e.spec.ts', setup: 'jest-system' },
]

const projects = globSync(['libs/*', 'services/*', 'deploy', 'tools'], { cwd: root }).flatMap((directory): Config[] =>
  kinds
    .filter(
      ({ match }) =>
        globSync(`{src,test,.}/${match}`, { cwd: join(root, directory), exclude: ['**/node_modules/**', '**/dist/**'] })
          .length > 0,
    )
    .map(({ suffix, match, setup, stop }) => ({
      ...base(directory),
      displayName: basename(directory) + suffix,
      testMatch: [match],
      ...(setup && { globalSetup: join(root, `libs/testing/src/${setup}.ts`) }),
      ...(stop && { globalTeardown: join(root, `libs/testing/src/${stop}.ts`) }),
    })),
)

export default {
  projects: projects as NonNullable<Config['projects']>,
  maxWorkers: 2, // each has a broker of its own
  testSequencer: join(root, 'tools/longest-first.mjs'),
  testTimeout: 30_000,
  coverageProvider: 'v8',
  coverageDirectory: join(root, 'coverage'),
} satisfies Config
