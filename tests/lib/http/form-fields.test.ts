import { describe, expect, it } from 'vitest'
import { assertSmallForm, formFields, readPartsForm } from '@/lib/http/form-fields'

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

  it('treats a repeated field as missing', async () => {
    expect([...(await formFields(post('csrf=a&flow=x&csrf=a')))]).toEqual([['flow', 'x']])
  })

  it.each([
    ['multipart', 'x', 'multipart/form-data; boundary=x'],
    ['plain text', 'flow=a', 'text/plain'],
    ['JSON', '{}', 'application/json'],
  ])('refuses %s', async (_what, body, type) => {
    await expect(formFields(post(body, type))).rejects.toMatchObject({ code: 'bad_request' })
  })

  it('refuses a form that is too large: before reading if its length is announced, otherwise after', async () => {
    const announced = post('flow=a')
    announced.headers.set('content-length', '32769')
    const unannounced = post('a'.repeat(32_769))
    for (const [request, isRead] of [
      [announced, false],
      [unannounced, true],
    ] as const) {
      await expect(formFields(request)).rejects.toMatchObject({
        code: 'bad_request',
        details: { status: 413 },
      })
      expect(request.bodyUsed).toBe(isRead)
    }
  })
})

describe('readPartsForm', () => {
  const FORM = 'multipart/form-data; boundary=x'
  const part = (header: string) => `--x\r\n${header}\r\n\r\nv\r\n`
  const named = part('content-disposition: form-data; name="a"')

  it.each([
    ['a form', `${named}--x--\r\n`, FORM, [['a', 'v']]],
    [
      'a form whose type is in capitals',
      `${named}--x--\r\n`,
      'Multipart/Form-Data; boundary=x',
      [['a', 'v']],
    ],
    ['a form without fields', '--x--\r\n', FORM, []],
    ['another type of form', 'a=b', 'application/x-www-form-urlencoded', undefined],
    ['nothing', '', 'text/plain', undefined],
  ])('reads %s, and the request can still be read', async (_what, body, type, fields) => {
    const request = post(body, type)
    const form = await readPartsForm(request)
    expect(form && [...form]).toEqual(fields)
    expect(await request.text()).toBe(body)
  })

  it('refuses a form that is larger than announced', async () => {
    const large = post(`${named.replace('\r\nv', `\r\n${'v'.repeat(32_768)}`)}--x--\r\n`, FORM)
    await expect(readPartsForm(large)).rejects.toMatchObject({
      code: 'bad_request',
      details: { status: 413 },
    })
  })

  it.each([
    ['without a beginning', 'a=b', FORM],
    ['without an end', named, FORM],
    ['with a part without a name', `${part('content-disposition: form-data')}--x--\r\n`, FORM],
    ['with a part without a header', `${part('content disposition')}--x--\r\n`, FORM],
    ['without a boundary', named, 'multipart/form-data'],
    ['whose type is in capitals', 'a=b', 'Multipart/Form-Data; boundary=x'],
  ])('refuses a form %s', async (_what, body, type) => {
    await expect(readPartsForm(post(body, type))).rejects.toMatchObject({ code: 'bad_request' })
  })
})

describe('the largest form', () => {
  const ofSize = (size: number) => `a=${'x'.repeat(size - 2)}`

  it('is 32 kB; a larger one is refused with status 413', async () => {
    expect((await formFields(post(ofSize(32_768)))).get('a')).toHaveLength(32_766)
    const refusal = { code: 'bad_request', details: { status: 413 } }
    await expect(formFields(post(ofSize(32_769)))).rejects.toMatchObject(refusal)
  })

  it.each([
    ['32768', undefined],
    ['', undefined],
    ['32769', 413],
    ['99999999999999999999', 413],
  ])('is compared with an announced length of %j', (length, status) => {
    const announce = () => assertSmallForm({ headers: new Headers({ 'content-length': length }) })
    if (status === undefined) expect(announce).not.toThrow()
    else expect(announce).toThrow(expect.objectContaining({ details: { status } }))
  })

  it.each(['chunked', 'gzip, chunked', ''])(
    'is exceeded if no length is announced: transfer-encoding %j',
    (encoding) => {
      const announce = () => assertSmallForm({ headers: new Headers({ 'transfer-encoding': encoding }) })
      expect(announce).toThrow(expect.objectContaining({ code: 'bad_request', details: { status: 413 } }))
    },
  )
})
