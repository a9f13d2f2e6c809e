import { describe, expect, it } from 'vitest'
import { addDeclines, isDisputed, MARKS_KEY, NEVER } from '@/core'

const ann = { user_id: 'auth0|ann', app_metadata: {} }
const google = { user_id: 'google-oauth2|g', app_metadata: {} }
const marked = async (user: typeof ann, other: typeof ann, disputed?: true) => ({
  ...user,
  app_metadata: {
    [MARKS_KEY]: await addDeclines(user, [other.user_id], {
      until: NEVER,
      at: 1,
      ...(disputed && { disputed }),
    }),
  },
})

describe('isDisputed', () => {
  it('holds if either account says so of the other', async () => {
    expect(await isDisputed(await marked(ann, google, true), google)).toBe(true)
    expect(await isDisputed(ann, await marked(google, ann, true))).toBe(true)
  })

  it('does not hold for a plain decline, another pair, or no marks', async () => {
    expect(await isDisputed(await marked(ann, google), google)).toBe(false)
    expect(await isDisputed(await marked(ann, { ...google, user_id: 'github|x' }, true), google)).toBe(false)
    expect(await isDisputed(ann, google)).toBe(false)
  })
})
