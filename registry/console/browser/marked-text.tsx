export interface MarkedTextProps {
  readonly text: string;
}

/** A text in which what stands between backticks is code, as in descriptions of schemas. */
export function MarkedText({ text }: MarkedTextProps) {
  const parts = text.split(/`([^`]+)`/);
  // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name.
  return <>{parts.map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;
}
