import 'server-only'

/** The trimmed text of a field in a posted form; empty if the form has no such field. */
export async function formText(request: Request, name: string): Promise<string> {
  const value = (await request.clone().formData()).get(name)
  return typeof value === 'string' ? value.trim() : ''
}
