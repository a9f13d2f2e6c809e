/** A note for the demo, whose tenant has a self-signed certificate: the link opens the page at which the person can accept it. */
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
