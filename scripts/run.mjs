/** Every command of package.json comes through here: `node scripts/run.mjs <command> [--verbose] [its own arguments]`. */

const oldest = 20
const major = Number(process.versions.node.split(".")[0])

if (major < oldest) {
  console.error(`Node.js ${process.versions.node} is too old: install Node.js ${oldest} or newer and run this again.`)
  process.exitCode = 1
} else {
  // Imported late, so that an older Node reads only this file and can print the line above.
  import("./commands.mjs")
    .then(({ run }) => run(process.argv.slice(2)))
    .then((code) => {
      process.exitCode = code
    })
}
