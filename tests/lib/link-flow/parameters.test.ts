import { describe, expect, it } from 'vitest'
import { linkParameters } from '@/lib/link-flow/parameters'

const read = (query: string) => () => linkParameters(new URLSearchParams(query))

describe('linkParameters', () => {
  it.each(['abc', 'a+b/c=%~:,', 'ü😀', 's'.repeat(4096)])('accepts state %j unchanged', (state) => {
    expect(read(new URLSearchParams({ session_token: 't', state }).toString())()).toEqual({
      token: 't',
      state,
    })
  })

  it.each([
    ['no token', 'state=s', 'missing_token'],
    ['no state', 'session_token=t', 'missing_state'],
    ['an empty state', 'session_token=t&state=', 'missing_state'],
    ['a token twice', 'session_token=t&session_token=u&state=s', 'bad_request'],
    ['a state twice', 'session_token=t&state=s&state=s', 'bad_request'],
    ['a list of tokens', 'session_token[]=t&state=s', 'bad_request'],
    ['a token in capitals', 'SESSION_TOKEN=t&state=s', 'bad_request'],
    ['a state with a line break', 'session_token=t&state=a%0d%0ab', 'bad_state'],
    ['a state with a null', 'session_token=t&state=%00', 'bad_state'],
    ['a state that is no UTF-8', 'session_token=t&state=%ff', 'bad_state'],
    ['a state that is too long', `session_token=t&state=${'s'.repeat(4097)}`, 'bad_state'],
  ])('refuses %s', (_what, query, code) => {
    expect(read(query)).toThrow(expect.objectContaining({ code }))
  })
})
