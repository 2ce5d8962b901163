/** Texts of many that come again and again, and what was made of each. */
export type Remember<Value> = (text: string, make: () => Value) => Value;

/** Longer ones are not remembered. In characters. */
const LONGEST = 500;

/** Remembers so many at most: when they are more, all are forgotten, which costs less than to know the oldest of them. */
export function createRemember<Value>(most: number): Remember<Value> {
  const known = new Map<string, Value>();
  return (text, make) => {
    let value = known.get(text);
    if (value === undefined) {
      value = make();
      if (text.length > LONGEST) return value;
      if (known.size >= most) known.clear();
      known.set(text, value);
    }
    return value;
  };
}
