import { describe, expect, it } from 'vitest'
import { formFields } from '@/lib/http/form-fields'

const post = (body: string, type = 'application/x-www-form-urlencoded') =>
  new Request('http://localhost:3000/link/finish', {
    method: 'POST',
    body,
    headers: { 'content-type': type },
  })

describe('formFields', () => {
  it('reads a form', async () => {
    const fields = await formFields(
      post('flow=a&csrf=b%2Bc', 'application/x-www-form-urlencoded; charset=UTF-8'),
    )
    expect([...fields]).toEqual([
      ['flow', 'a'],
      ['csrf', 'b+c'],
    ])
  })

  it('counts a field that comes twice as absent', async () => {
    expect([...(await formFields(post('csrf=a&flow=x&csrf=a')))]).toEqual([['flow', 'x']])
  })

  it.each([
    ['multipart', 'x', 'multipart/form-data; boundary=x'],
    ['plain text', 'flow=a', 'text/plain'],
    ['JSON', '{}', 'application/json'],
    ['a large form', `a=${'x'.repeat(40_000)}`, 'application/x-www-form-urlencoded'],
  ])('refuses %s', async (_what, body, type) => {
    await expect(formFields(post(body, type))).rejects.toMatchObject({ code: 'bad_request' })
  })
})
