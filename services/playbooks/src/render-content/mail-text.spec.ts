import { describe, expect, it } from '@jest/globals'
import { headerLine, tidy } from './mail-text.ts'

describe('what people read', () => {
  it('holds nothing that no column of texts takes, wherever its values come from', () => {
    expect(tidy('a\u0000b\u0007\r\n\tc\n\n\n\nd ')).toBe('ab\n\tc\n\nd')
    expect(headerLine(' a\u0000\nb ')).toBe('a b')
  })
})
