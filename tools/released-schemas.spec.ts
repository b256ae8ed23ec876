import { describe, expect, it } from '@jest/globals'
import { brokenIn, present, released } from './released-schemas.ts'

describe('the released event schemas', () => {
  it('are still kept by the code', () => {
    expect(brokenIn(released(), present())).toEqual([])
  })

  it('are what the code says, of every version (else: node --conditions=@banso/source tools/released-schemas.ts)', () => {
    expect(Object.fromEntries(released())).toEqual(Object.fromEntries(present()))
  })

  it('name the next version where one is broken', () => {
    const now = new Map(present())
    now.delete('playbooks.run-started.v1')
    expect(brokenIn(released(), now)).toEqual([
      expect.stringMatching(/^playbooks\.run-started\.v1: the event type is gone.* make playbooks\.run-started\.v2/),
    ])
  })
})
