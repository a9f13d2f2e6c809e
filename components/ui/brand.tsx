/** How the operator appears. */
export interface BrandView {
  name: string
  /** Data URI, or an address of our own. */
  logo: string | undefined
}

/** The operator's logo and name; without a logo its first letter. */
export function Brand({ brand: { name, logo } }: { brand: BrandView }) {
  return (
    <>
      {logo ? (
        // biome-ignore lint/performance/noImgElement: inlined, or served as it is
        <img src={logo} alt="" />
      ) : (
        <span className="letter" aria-hidden="true">
          {[...name][0]?.toUpperCase()}
        </span>
      )}
      <span>{name}</span>
    </>
  )
}
