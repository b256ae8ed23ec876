import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { headerLine, htmlOf } from './mail-text.ts'
import { languageOf, renderMail } from './render-mail.ts'
import { TemplateFailedError, Templates } from './templates.ts'

const templates = new Templates('UTC')
const content = {
  subject: { en: 'Hello {{ account.name }}', ja: '{{ account.name }} 様' },
  body: {
    en: 'Dear {{ account.name }},\n\nthis helps:\n\n- one\n- two\n\nhttps://docs.example.com/a?b=1&c=2.',
    ja: 'はい',
  },
}
const mail = (name: string, wanted: readonly unknown[] = ['en']) =>
  renderMail(templates, content, wanted, { account: { name } })

describe('a mail', () => {
  it('is a text, and the same as simple HTML', () => {
    expect(mail('Acme')).toEqual({
      language: 'en',
      subject: 'Hello Acme',
      text: 'Dear Acme,\n\nthis helps:\n\n- one\n- two\n\nhttps://docs.example.com/a?b=1&c=2.',
      html: `<!doctype html>
<html lang="en">
<body>
<p>Dear Acme,</p>
<p>this helps:</p>
<ul>
<li>one</li>
<li>two</li>
</ul>
<p><a href="https://docs.example.com/a?b=1&amp;c=2">https://docs.example.com/a?b=1&amp;c=2</a>.</p>
</body>
</html>
`,
    })
  })

  it('shows a name that is markup as a text', () => {
    const { text, html } = mail('<img src=x onerror=alert(1)>')
    expect(text).toContain('Dear <img src=x onerror=alert(1)>,')
    expect(html).toContain('Dear &lt;img src=x onerror=alert(1)&gt;,')
  })

  it('lets nothing of a value become markup, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const tags = htmlOf(name, 'en').match(/<[^>]*>?/g) ?? []
        const ours = /^<(!doctype html|html lang="en"|a href="https:[^"<>]*"|\/?(html|body|p|br|ul|li|a))>$/
        expect(tags.filter((tag) => !ours.test(tag))).toEqual([])
      }),
    )
  })

  it('has a subject of one line: a name cannot begin a header', () => {
    expect(mail('Acme\r\nBcc: all@example.com').subject).toBe('Hello Acme Bcc: all@example.com')
    expect(() => headerLine(' \n ')).toThrow(TemplateFailedError)
  })
})

describe('the language of a mail', () => {
  it.each([
    ['that of the account', ['ja', 'en'], 'ja'],
    ['without its region', ['ja-JP', 'en'], 'ja'],
    ['else the default', ['fr', 'en'], 'en'],
    ['else what there is', ['fr', 'de'], 'en'],
    ['whatever the trait is', [42, null, 'JA'], 'ja'],
  ])('is %s', (_what, wanted, language) => {
    expect(languageOf(content, wanted)).toBe(language)
  })
})
