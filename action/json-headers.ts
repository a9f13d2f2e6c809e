/**
 * Headers of a request with a JSON body.
 *
 * @param bearer - Bearer token, if any.
 */
export const jsonHeaders = (bearer?: string): Record<string, string> => ({
  'content-type': 'application/json',
  ...(bearer && { authorization: `Bearer ${bearer}` }),
})
