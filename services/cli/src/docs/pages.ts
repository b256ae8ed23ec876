// The pages that `banso docs` serves: one per document. Nothing in them points outside of this machine.

export interface DocumentPage {
  /** Of the page: `/<name>`. */
  readonly name: string
  /** Of the document: `/documents/<file>`. */
  readonly file: string
  readonly title: string
  readonly description: string
  readonly kind: 'openapi' | 'asyncapi'
}

const html = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const shell = (title: string, head: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/docs.css">
${head}</head>
${body}
</html>
`

export const indexPage = (pages: readonly DocumentPage[]): string => {
  const rows = pages.map(
    ({ name, file, title, description }) =>
      `<li><a href="/${html(name)}">${html(title)}</a> <small><a href="/documents/${html(file)}">${html(file)}</a></small>` +
      `<p>${html(description)}</p></li>`,
  )
  return shell(
    'Banso: APIs and topics',
    '',
    `<body><h1>Banso: APIs and topics</h1>\n<ul>\n${rows.join('\n')}\n</ul></body>`,
  )
}

/** Which assets a page loads, by kind: style sheets, then scripts. */
const ASSETS = {
  openapi: { styles: ['swagger-ui.css'], scripts: ['swagger-ui-bundle.js', 'render-openapi.js'] },
  asyncapi: { styles: ['asyncapi.css'], scripts: ['asyncapi.js', 'render-asyncapi.js'] },
} as const

export const documentPage = ({ title, file, kind }: DocumentPage): string => {
  const { styles, scripts } = ASSETS[kind]
  const head = [
    ...styles.map((style) => `<link rel="stylesheet" href="/assets/${style}">\n`),
    ...scripts.map((script) => `<script defer src="/assets/${script}"></script>\n`),
  ].join('')
  const body = `<body data-document="/documents/${html(file)}">\n<nav><a href="/">All documents</a></nav>\n<main id="document"></main>\n</body>`
  return shell(title, head, body)
}

/** What we add to the renderers' own assets, by name. */
export const ownAssets: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'docs.css': `body { font-family: sans-serif; margin: 0 auto; max-width: 75rem; padding: 1rem }
li { margin: 1rem 0 }
`,
    // Requests are not sent from here: services do not take them from another origin, and tokens stay where they are.
    'render-openapi.js': `SwaggerUIBundle({
  url: document.body.dataset.document,
  domNode: document.getElementById('document'),
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  supportedSubmitMethods: [],
  validatorUrl: null,
})
`,
    'render-asyncapi.js': `fetch(document.body.dataset.document)
  .then((answer) => answer.json())
  .then((schema) =>
    AsyncApiStandalone.render(
      { schema, config: { show: { sidebar: true, errors: true }, expand: { messageExamples: false } } },
      document.getElementById('document'),
    ),
  )
`,
  }),
)
