import { readFile } from 'node:fs/promises'
import { beforeEach, describe, expect, it, vi } from 'vitest'

vi.mock('node:fs/promises')

/** The result for a form with these fields, if the build's list of server actions has this text. */
async function isOfAnother(names: string[], list = '{"node":{"40aa":{},"60bb":{}},"edge":{"70cc":{}}}') {
  vi.resetModules()
  vi.mocked(readFile).mockResolvedValue(list)
  const { isFormOfAnotherBuild } = await import('@/lib/http/server-actions')
  const form = new FormData()
  for (const name of names) form.set(name, '$ACTION_ID_0000')
  return isFormOfAnotherBuild(form)
}
beforeEach(() => vi.mocked(readFile).mockReset())

describe('isFormOfAnotherBuild', () => {
  it.each([
    ['an action of this build', ['identity', '$ACTION_ID_40aa'], false],
    ['an action that this build lacks', ['identity', '$ACTION_ID_0000'], true],
    ['one of each', ['$ACTION_ID_60bb', '$ACTION_ID_0000'], true],
    ['an action of the edge runtime, which we do not use', ['$ACTION_ID_70cc'], true],
    ['no action', ['identity', 'x$ACTION_ID_0000'], false],
    ['no fields', [], false],
  ])('decides for a form with %s', async (_what, names, expected) => {
    expect(await isOfAnother(names)).toBe(expected)
  })

  it.each(['', 'null', '{}', '{"node":[]}'])("is false if the build's list is %j", async (list) => {
    expect(await isOfAnother(['$ACTION_ID_0000'], list)).toBe(false)
  })

  it('reads the list once', async () => {
    await isOfAnother(['$ACTION_ID_40aa'])
    const { isFormOfAnotherBuild } = await import('@/lib/http/server-actions')
    await isFormOfAnotherBuild(new FormData())
    expect(readFile).toHaveBeenCalledTimes(1)
  })
})
