import english from '../../../messages/en.json'

type Tree = { [name: string]: string | Tree }

/** The English sentences, each with a language tag before it: `[de] Sign out`. */
const marked = (tree: Tree, tag: string): Tree =>
  Object.fromEntries(
    Object.entries(tree).map(([name, value]) => [
      name,
      typeof value === 'string' ? `[${tag}] ${value}` : marked(value, tag),
    ]),
  )

/**
 * A replacement for the exports of `messages/languages.ts`: English, and test languages with their tag in each sentence.
 *
 * @param tags - Tags of the languages besides English.
 */
export const languagesOf = (...tags: string[]) => ({
  LANGUAGE_FILES: Object.fromEntries([
    ['en', async () => ({ default: english })],
    ...tags.map((tag) => [tag, async () => ({ default: marked(english as unknown as Tree, tag) })]),
  ]),
})
