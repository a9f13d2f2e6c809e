import english from '../../../messages/en.json'

type Tree = { [name: string]: string | Tree }

/** The English sentences with the tag before each: `[de] Sign out`. */
const marked = (tree: Tree, tag: string): Tree =>
  Object.fromEntries(
    Object.entries(tree).map(([name, value]) => [
      name,
      typeof value === 'string' ? `[${tag}] ${value}` : marked(value, tag),
    ]),
  )

/**
 * What `messages/languages.ts` exports, for languages of a test: English as it is, and others that can be told from it.
 *
 * @param tags - Without English.
 */
export const languagesOf = (...tags: string[]) => ({
  LANGUAGE_FILES: Object.fromEntries([
    ['en', async () => ({ default: english })],
    ...tags.map((tag) => [tag, async () => ({ default: marked(english as unknown as Tree, tag) })]),
  ]),
})
