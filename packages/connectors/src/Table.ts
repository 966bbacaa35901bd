/** A processor's words and what they mean. A word that is not in the table has no meaning, whatever it is. */
export const table = <Meaning>(meanings: Readonly<Record<string, Meaning>>) => {
  const known = new Map(Object.entries(meanings))
  return (word: string | null | undefined): Meaning | undefined => (word == null ? undefined : known.get(word))
}
