/** A name that may break over lines behind its slashes, colons and dots: targets, case ids and paths are long. */
export function Name({ text }: { readonly text: string }) {
  return (
    <>
      {text.split(/(?<=[/:.@])(?=\w)/).map((part, index) => (
        <>
          {index === 0 ? null : <wbr />}
          {part}
        </>
      ))}
    </>
  );
}
