import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import {
  type AnyDesc,
  createFileRegistry,
  type DescEnum,
  type DescMessage,
  type DescService,
  fromBinary
} from "@bufbuild/protobuf"
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt"

const byName = <A extends { readonly name: string }>(all: Iterable<A>): ReadonlyArray<A> =>
  [...all].sort((a, b) => (a.name < b.name ? -1 : 1))

/** The contract's services, messages and enums, each sorted by name. */
export interface Contract {
  readonly services: ReadonlyArray<DescService>
  readonly messages: ReadonlyArray<DescMessage>
  readonly enums: ReadonlyArray<DescEnum>
}

/** Reads a google.protobuf.FileDescriptorSet with its comments. */
export const readContract = (set: Uint8Array): Contract => {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, set))
  const files = [...registry.files].filter(({ proto }) => proto.package === "payments.v1")
  return {
    services: byName(files.flatMap(({ services }) => services)),
    messages: byName(files.flatMap(({ messages }) => messages)),
    enums: byName(files.flatMap(({ enums }) => enums))
  }
}

/** The contract in force. */
export const contract = readContract(
  readFileSync(fileURLToPath(import.meta.resolve("@connector-service/proto/descriptors.binpb")))
)

/** Where a descriptor stands in its file: field numbers and indices of google.protobuf.FileDescriptorProto. */
const pathOf = (desc: AnyDesc): ReadonlyArray<number> => {
  switch (desc.kind) {
    case "message":
      return [4, desc.file.messages.indexOf(desc)]
    case "field":
      return [...pathOf(desc.parent), 2, desc.parent.fields.indexOf(desc)]
    case "oneof":
      return [...pathOf(desc.parent), 8, desc.parent.oneofs.indexOf(desc)]
    case "enum":
      return [5, desc.file.enums.indexOf(desc)]
    case "enum_value":
      return [...pathOf(desc.parent), 2, desc.parent.values.indexOf(desc)]
    case "service":
      return [6, desc.file.services.indexOf(desc)]
    case "rpc":
      return [...pathOf(desc.parent), 2, desc.parent.methods.indexOf(desc)]
    default:
      return []
  }
}

const fileOf = (desc: AnyDesc) =>
  desc.kind === "file"
    ? desc
    : "parent" in desc && desc.parent !== undefined
      ? desc.parent.file
      : "file" in desc
        ? desc.file
        : undefined

/** The comment above a descriptor in its file, in one line; empty where there is none. */
export const commentOf = (desc: AnyDesc): string => {
  const path = pathOf(desc).join()
  const location = fileOf(desc)?.proto.sourceCodeInfo?.location.find((location) => location.path.join() === path)
  return (location?.leadingComments ?? "").trim().replace(/\s*\n\s*/g, " ")
}

/** A message of the contract. */
export const messageOf = (name: string, { messages }: Contract = contract): DescMessage | undefined =>
  messages.find((message) => message.name === name)
