/** For the demo: its tenant has a certificate of its own making. */
export function CertificateNote({ words, address }: { words: string; address: string }) {
  return (
    <p className="quiet small">
      {words}{' '}
      <a href={address} target="_blank" rel="noreferrer" className="touch">
        {address}
      </a>
    </p>
  )
}
