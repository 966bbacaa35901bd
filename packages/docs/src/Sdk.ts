import { isPropertySignatureDeclaration, type Node, type SourceFile, SyntaxKind } from "typescript/unstable/ast"
import { API, type Checker, type Symbol as Named, type Project, SymbolFlags, type Type } from "typescript/unstable/sync"
import type { Page } from "./Api.ts"
import { commentOf, messageOf } from "./Contract.ts"
import { anchor, code, link, table } from "./Markdown.ts"

/** NodeBuilderFlags: NoTruncation, and InTypeAlias, which writes out the alias itself. */
const whole = 1
const spelled = whole | 0x80_0000

/** The anchors that GitHub gives headings in their order: one that is taken gets a number. */
const anchorsOf = (headings: ReadonlyArray<string>): Links => {
  const taken = new Map<string, number>()
  return new Map(
    headings.map((heading) => {
      const plain = anchor(heading)
      const times = taken.get(plain) ?? 0
      taken.set(plain, times + 1)
      return [heading, times === 0 ? plain : `${plain}-${times}`]
    })
  )
}

const sorted = <A extends { readonly name: string }>(all: ReadonlyArray<A>): ReadonlyArray<A> =>
  [...all].sort((a, b) => (a.name < b.name ? -1 : 1))

/** A name that an entry exports, with what it stands for. */
interface Exported {
  readonly entry: string
  readonly name: string
  readonly symbol: Named
}

/** The anchors of names that have a section. */
type Links = ReadonlyMap<string, string>

/** What is asked of the compiler. */
interface Asked {
  readonly checker: Checker
  readonly project: Project
  readonly problems: Array<string>
}

const localName = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** What the contract says of a field, where a member has no comment of its own because it is made from a schema. */
const fieldComment = (owner: string, member: string): string => {
  const message = messageOf(owner)
  const found = message?.members.find(({ name }) => localName(name) === member)
  return found === undefined ? "" : commentOf(found)
}

const resolved = (checker: Checker, symbol: Named): Named =>
  (symbol.flags & SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol)

const inline = (text: string): string => text.trim().replace(/\s*\n\s*/g, " ")

/** The comment of a symbol; a value and a type of one name may both have one, and the longer of two alike says it all. */
const commentText = ({ checker }: Asked, symbol: Named): string => {
  const lines = symbol.getDocumentationComment(checker).split("\n")
  const starts = (other: ReadonlyArray<string>, line = "") =>
    inline(other.join("\n")).startsWith(line.replace(/\.$/, ""))
  if (lines.length > 1 && starts(lines.slice(0, -1), lines.at(-1))) return inline(lines.slice(0, -1).join("\n"))
  return inline((lines.length > 1 && starts(lines.slice(1), lines.at(0)) ? lines.slice(1) : lines).join("\n"))
}

const isOurs = ({ declarations }: Named): boolean => declarations.some(({ path }) => !path.includes("/node_modules/"))

/** What a class or interface says itself: not what it has from Error, nor what is named by a symbol. */
const membersOf = ({ checker }: Asked, type: Type): ReadonlyArray<Named> =>
  checker
    .getPropertiesOfType(type)
    .filter(
      (member) => isOurs(member) && /^[A-Za-z]/.test(member.name) && member.name !== "name" && member.name !== "_tag"
    )

const commented = (asked: Asked, owner: string, member: Named): string => {
  const text = commentText(asked, member) || fieldComment(owner, member.name)
  if (text === "") asked.problems.push(`${owner}.${member.name} has no comment`)
  return text
}

const isOptional = ({ flags }: Named): boolean => (flags & SymbolFlags.Optional) !== 0

/** The type as it is written where it is declared; where none is written, as the compiler finds it. */
const typeText = ({ checker, project }: Asked, symbol: Named): string => {
  const declaration = symbol.valueDeclaration?.resolve(project)
  const written =
    declaration !== undefined && isPropertySignatureDeclaration(declaration) ? declaration.type : undefined
  if (written !== undefined)
    return inline(written.getText())
      .replace(/\bInput\./g, "")
      .replace(/\(\s+/g, "(")
      .replace(/\s+\)/g, ")")
  const type = checker.getTypeOfSymbol(symbol)
  return type === undefined ? "" : checker.typeToString(type, undefined, whole)
}

/** How the type of a member is shown: one that has a section of its own, or is a message of the contract, is a link. */
const shownType = (asked: Asked, member: Named, links: Links): string => {
  if ((member.flags & SymbolFlags.Value) === 0)
    return messageOf(member.name) === undefined ? "a type" : link(member.name, "api.md")
  const text = typeText(asked, member)
  const anchor = links.get(text)
  const shown = isOptional(member) ? text.replace(/ \| undefined$/, "") : text
  return anchor === undefined ? code(shown) : `[${text}](#${anchor})`
}

const memberTable = (asked: Asked, owner: string, members: ReadonlyArray<Named>, links: Links): string =>
  table(
    ["member", "type", "meaning"],
    members.map((member) => [
      code(`${member.name}${isOptional(member) ? "?" : ""}`),
      shownType(asked, member, links),
      commented(asked, owner, member)
    ])
  )

/** An input is made from the table of flows: its fields are a message's, by the same names in camelCase. */
const inputText = ({ checker }: Asked, type: Type, [service, method]: readonly [string, string]): string => {
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
  const message = `${capital(service)}Service${capital(method)}Request`
  const properties = checker.getPropertiesOfType(type)
  if (properties.length === 0) return `As ${link(message, "api.md")}: it has no fields.`
  const names = (optional: boolean) =>
    properties
      .filter((property) => isOptional(property) === optional)
      .map(({ name }) => code(name))
      .join(", ")
  const rest = names(true)
  return `The fields of ${link(message, "api.md")}. Required: ${names(false)}.${rest === "" ? "" : ` Optional: ${rest}.`}`
}

const flowOf = (declaration: Node | undefined): readonly [string, string] | undefined => {
  const [, service, method] = /RequestOf<"(\w+)", "(\w+)">/.exec(declaration?.getText() ?? "") ?? []
  return service === undefined || method === undefined ? undefined : [service, method]
}

const signature = (name: string, type: string): string => `\`\`\`ts\n${name}${type}\n\`\`\``

/** The body of a name's section. */
const bodyOf = (asked: Asked, { name, symbol }: Exported, links: Links): string => {
  const { checker, problems, project } = asked
  if ((symbol.flags & SymbolFlags.Module) !== 0) {
    return memberTable(
      asked,
      name,
      sorted(checker.getExportsOfModule(symbol).map((one) => resolved(checker, one))),
      links
    )
  }
  const declarations = (symbol.declarations ?? []).flatMap((declaration) => declaration.resolve(project) ?? [])
  const ofKind = (kind: SyntaxKind) => declarations.find((declaration) => declaration.kind === kind)
  const comment = commentText(asked, symbol)
  if (comment === "") problems.push(`${name} has no comment`)
  // an answer is a message of the contract, whose fields have their comments there
  if (messageOf(name) !== undefined && ofKind(SyntaxKind.InterfaceDeclaration) !== undefined)
    return `${comment}\n\nThe fields of ${link(name, "api.md")}.`
  const alias = ofKind(SyntaxKind.TypeAliasDeclaration)
  if (alias !== undefined) {
    const type = checker.getDeclaredTypeOfSymbol(symbol)
    const parameters = /^[^=]*?\b\w+(<[^=]*>)? =/.exec(alias.getText())?.[1] ?? ""
    return `${comment}\n\n${signature(`type ${name}${parameters} = `, checker.typeToString(type, undefined, spelled))}`
  }
  if ((symbol.flags & SymbolFlags.Variable) !== 0) {
    return `${comment}\n\n${signature(`${name}: `, typeText(asked, symbol))}`
  }
  const type = checker.getDeclaredTypeOfSymbol(symbol)
  const declaration = ofKind(SyntaxKind.InterfaceDeclaration) ?? ofKind(SyntaxKind.ClassDeclaration)
  const flow = flowOf(declaration)
  if (flow !== undefined) return `${comment}\n\n${inputText(asked, type, flow)}`
  const members = membersOf(asked, type)
  return members.length === 0 ? comment : `${comment}\n\n${memberTable(asked, name, members, links)}`
}

/** The modules of the SDK by their path in it, without the ending. */
const modulesOf = ({ program }: Project, folder: string): ReadonlyMap<string, SourceFile> =>
  new Map(
    program.getSourceFileNames().flatMap((file) => {
      const source = file.startsWith(folder) ? program.getSourceFile(file) : undefined
      return source === undefined ? [] : [[file.slice(folder.length).replace(/\.ts$/, ""), source] as const]
    })
  )

/** What is imported though others are made of it, or though it stands in a folder. */
const besides = new Set([
  "Payments",
  ...["Express", "Fastify", "Fetch", "Hono"].map((framework) => `webhooks/${framework}`)
])

/** What is imported: a module that no other is made of, the one with the service's tag, and those for frameworks. */
const isEntry = (name: string, all: ReadonlyMap<string, SourceFile>): boolean =>
  besides.has(name) || (!name.includes("/") && ![...all.values()].some(({ text }) => text.includes(`/${name}.ts"`)))

const exportsOf = ({ checker }: Asked, entry: string, source: SourceFile): ReadonlyArray<Exported> => {
  const module = checker.getSymbolAtLocation(source)
  const exported = module === undefined ? [] : checker.getExportsOfModule(module)
  return sorted(exported.map((symbol) => ({ entry, name: symbol.name, symbol: resolved(checker, symbol) })))
}

const sdkPage = (asked: Asked, folder: string): string => {
  const modules = modulesOf(asked.project, folder)
  const entries = [...modules].filter(([name]) => isEntry(name, modules)).sort(([a], [b]) => (a < b ? -1 : 1))
  const all = entries.flatMap(([entry, source]) => exportsOf(asked, entry, source))
  const isShared = ({ symbol }: Exported) => all.filter((other) => other.symbol.id === symbol.id).length > 1
  const headingOf = (exported: Exported) => (isShared(exported) ? exported.name : `${exported.entry}.${exported.name}`)
  const shared = sorted([...new Map(all.filter(isShared).map((exported) => [exported.symbol.id, exported])).values()])
  const ordered = [
    ...entries.flatMap(([entry]) => all.filter((one) => one.entry === entry && !isShared(one))),
    ...shared
  ]
  const anchors = anchorsOf(ordered.map(headingOf))
  const anchorOf = (exported: Exported) => anchors.get(headingOf(exported)) ?? ""
  const linksOf = (entry: string): Links =>
    new Map(all.filter((one) => one.entry === entry).map((one) => [one.name, anchorOf(one)]))
  const section = (exported: Exported) =>
    `### ${headingOf(exported)}\n\n${bodyOf(asked, exported, linksOf(exported.entry))}\n`
  const ofEntry = ([entry]: readonly [string, unknown]) => {
    const names = all.filter((exported) => exported.entry === entry)
    return `## @connector-service/sdk/${entry}

Exports ${names.map((exported) => `[${exported.name}](#${anchorOf(exported)})`).join(" · ")}.

${names
  .filter((exported) => !isShared(exported))
  .map(section)
  .join("\n")}`
  }
  return `# The SDK's names

Every name that a program can import, with its type and comment. [The SDK](../sdk.md) says how they are used. Inputs and answers have the fields of [the contract's messages](api.md), in camelCase: an \`int64\` is a \`bigint\`, a Timestamp a \`DateTime.Utc\`, a Duration a \`Duration\`. In an input a time may be a \`Date\`, and a secret (a card's number, a token) plain text or \`Redacted\`.

${entries.map(ofEntry).join("\n")}
## Names that several of them export

${shared.map(section).join("\n")}`
}

/** The page of what the modules of a package export; `root` is its folder, with a slash at its end. */
export const sdk = (root: string): Page => {
  const config = `${root}tsconfig.json`
  const compiler = new API({ cwd: root })
  const project = compiler.updateSnapshot({ openProject: config }).getProjects().at(0)
  const problems: Array<string> = project === undefined ? [`${config} was not read`] : []
  const text = project === undefined ? "" : sdkPage({ checker: project.checker, project, problems }, `${root}src/`)
  compiler.close()
  return { text, problems }
}
