/** Three streams that become one. */
export function Mark({ size = 24 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" aria-hidden="true">
      <path d="M2 4.5c7 0 6 7.5 13 7.5" stroke-width="2.2" stroke-linecap="round" />
      <path d="M2 19.5c7 0 6-7.5 13-7.5" stroke-width="2.2" stroke-linecap="round" />
      <path d="M2 12h20" stroke-width="2.8" stroke-linecap="round" />
    </svg>
  );
}
