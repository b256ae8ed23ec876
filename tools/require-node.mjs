// Runs on any Node: says what is missing when the pinned one is not there.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  console.error(
    `Node ${process.version} is too old. Banso brings Node 24 as a package: run \`npm ci\` (with install scripts allowed for "node"), then \`npm start\`.`,
  )
  process.exit(1)
}
