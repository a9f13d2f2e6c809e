import { readFile } from 'node:fs/promises'
import { beforeEach, describe, expect, it, vi } from 'vitest'

vi.mock('node:fs/promises')

/** What {@link isFormOfAnotherBuild} returns for a form with these fields, if the build's list is this text. */
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
    ['one of this build', ['identity', '$ACTION_ID_40aa'], false],
    ['one that this build does not have', ['identity', '$ACTION_ID_0000'], true],
    ['one of each', ['$ACTION_ID_60bb', '$ACTION_ID_0000'], true],
    ['one of the edge runtime, which we do not use', ['$ACTION_ID_70cc'], true],
    ['none', ['identity', 'x$ACTION_ID_0000'], false],
    ['nothing at all', [], false],
  ])('for a form that names %s', async (_what, names, expected) => {
    expect(await isOfAnother(names)).toBe(expected)
  })

  it.each(['', 'null', '{}', '{"node":[]}'])('is false if the list of the build is %j', async (list) => {
    expect(await isOfAnother(['$ACTION_ID_0000'], list)).toBe(false)
  })

  it('reads the list once', async () => {
    await isOfAnother(['$ACTION_ID_40aa'])
    const { isFormOfAnotherBuild } = await import('@/lib/http/server-actions')
    await isFormOfAnotherBuild(new FormData())
    expect(readFile).toHaveBeenCalledTimes(1)
  })
})
