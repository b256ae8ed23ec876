// Everything that our pages tell a reader to do, done once on a system of its own, in the order of the page.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { NpmStart } from '../../deploy/drive/npm-start.ts'
import { temporaryHome } from '../../deploy/drive/temporary-home.ts'
import { pages, readPage, type Snippet, snippetsOf } from './snippets.ts'
import { Workshop } from './workshop.ts'

const PORT_BASE = 30_600

const isRun = ({ mark }: Snippet): boolean => mark?.kind === 'run' || mark?.kind === 'file'
const toRun = pages()
  .map((page) => ({ page, snippets: snippetsOf(page, readPage(page)).filter(isRun) }))
  .filter(({ snippets }) => snippets.length > 0)

describe('what the pages tell a reader to do', () => {
  const home = temporaryHome('pages')
  const folder = temporaryHome('workshop')
  const system = new NpmStart({ BANSO_HOME: home.path, BANSO_PORT_BASE: String(PORT_BASE) })
  let workshop: Workshop
  beforeAll(async () => {
    const writeKey = await system.writeKey()
    workshop = new Workshop({ home: home.path, portBase: PORT_BASE, writeKey }, folder.path)
  }, 100_000)
  afterAll(async () => {
    await system.stop()
    home.remove()
    folder.remove()
  }, 40_000)

  it.each(toRun)(
    'works: $page',
    async ({ snippets }) => {
      for (const snippet of snippets) await expect(workshop.run(snippet)).resolves.toBeUndefined()
    },
    120_000,
  )
})
