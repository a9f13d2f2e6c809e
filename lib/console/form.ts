import 'server-only'

/** The text of a field of a posted form; empty if there is none. */
export async function formText(request: Request, name: string): Promise<string> {
  const value = (await request.clone().formData()).get(name)
  return typeof value === 'string' ? value.trim() : ''
}
