/** For the demo: its tenant has a certificate of its own making. */
export function CertificateNote({ words, address }: { words: string; address: string }) {
  return (
    <p className="mb-8 max-w-2xl text-sm text-quiet [overflow-wrap:anywhere]">
      {words}{' '}
      <a
        href={address}
        target="_blank"
        rel="noreferrer"
        className="inline-flex min-h-11 items-center text-accent-ink underline underline-offset-4"
      >
        {address}
      </a>
    </p>
  )
}
