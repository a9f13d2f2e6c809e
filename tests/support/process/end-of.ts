import type { ChildProcess } from 'node:child_process'

/** Waits until a program has ended. Its output must be piped. */
export async function endOf(child: ChildProcess): Promise<{ status: number | null; output: string }> {
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      output += chunk
    })
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { status, output }
}
