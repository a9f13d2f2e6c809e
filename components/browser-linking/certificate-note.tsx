/** A note for the demo, whose tenant has a certificate that browsers do not trust. The link opens a page to accept it. */
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
