/**
 * The demo data that the four services agree on: each seeds its own part of it, only with `seed: demo`. The ids are fixed,
 * so that orders can name users and products of other services, and so that examples in the documentation stay true.
 */

/** The password of every demo user. */
export const DEMO_PASSWORD = 'analytical-engine';

export interface DemoUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: 'ADMIN' | 'CUSTOMER';
}

export interface DemoProduct {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  /** In euro, with two decimals. */
  readonly price: string;
  readonly stock: number;
}

/** A UUID that anyone can recognise: the kind in the first group, the number in the last. */
export function demoId(kind: 'user' | 'product' | 'order' | 'notification', number: number): string {
  const group = { user: 'aaaaaaaa', product: 'bbbbbbbb', order: 'cccccccc', notification: 'dddddddd' }[kind];
  return `${group}-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

const CUSTOMERS = [
  'Ada Lovelace',
  'Charles Babbage',
  'Grace Hopper',
  'Alan Turing',
  'Katherine Johnson',
  'Edsger Dijkstra',
  'Barbara Liskov',
  'Donald Knuth',
  'Margaret Hamilton',
  'John McCarthy',
  'Frances Allen',
  'Tony Hoare',
  'Radia Perlman',
  'Leslie Lamport',
  'Hedy Lamarr',
  'Claude Shannon',
  'Mary Somerville',
  'Konrad Zuse',
  'Joan Clarke',
];

/** The first is Ada, the customer of the README; the last is the administrator. */
export const DEMO_USERS: readonly DemoUser[] = [
  ...CUSTOMERS.map((name, index) => ({
    id: demoId('user', index + 1),
    name,
    email: `${name.split(' ')[0]?.toLowerCase()}@example.com`,
    role: 'CUSTOMER' as const,
  })),
  { id: demoId('user', 20), name: 'Ida Rhodes', email: 'admin@example.com', role: 'ADMIN' },
];

const ARTICLES: readonly (readonly [name: string, description: string, price: string])[] = [
  ['Brass gear', 'Forty teeth, cut by hand.', '12.50'],
  ['Steel axle', 'Turned and polished, 300 mm.', '8.90'],
  ['Punched cards', 'A box of two hundred, blank.', '4.75'],
  ['Card reader', 'Reads eighty columns a second.', '249.00'],
  ['Number wheel', 'Ten digits, engraved.', '6.20'],
  ['Carry lever', 'Carries the one, silently.', '3.10'],
  ['Hand crank', 'Oak handle, cast iron arm.', '18.40'],
  ['Printing drum', 'For tables without a misprint.', '139.99'],
  ['Ink ribbon', 'Black, 13 mm.', '2.35'],
  ['Paper roll', 'Acid-free, 50 m.', '5.60'],
  ['Vacuum tube', 'Double triode, tested.', '7.80'],
  ['Relay', 'Telephone grade, 24 V.', '9.15'],
  ['Patch cable', 'Half a metre, braided.', '1.99'],
  ['Plugboard', 'Twenty-six sockets.', '64.00'],
  ['Rotor', 'Twenty-six contacts, wired.', '48.50'],
  ['Core memory plane', '4096 bits, woven.', '320.00'],
  ['Magnetic drum', '16 kilowords.', '899.00'],
  ['Paper tape', 'Eight channels, a reel.', '11.25'],
  ['Tape punch', 'Sixty characters a second.', '185.00'],
  ['Slide rule', 'Ten inches, mahogany.', '27.30'],
  ['Logarithm tables', 'Seven places, bound in cloth.', '22.00'],
  ['Drafting compass', 'Steel, in a case.', '15.75'],
  ['Oil can', 'Long spout.', '6.95'],
  ['Spanner set', 'Nine pieces, Whitworth.', '39.90'],
  ['Magnifying glass', 'Three times, brass rim.', '13.60'],
  ['Pocket watch', 'Jewelled movement.', '159.00'],
  ['Desk lamp', 'Green glass shade.', '54.20'],
  ['Notebook', 'Squared, 192 pages.', '9.40'],
  ['Fountain pen', 'Gold nib, medium.', '72.00'],
  ['Blotting paper', 'Twenty sheets.', '3.25'],
  ['Abacus', 'Thirteen rods, bamboo.', '19.80'],
  ['Teletype key', 'One letter, any letter.', '2.80'],
  ['Switch panel', 'Sixteen toggles.', '45.00'],
  ['Indicator lamp', 'Neon, amber.', '1.45'],
  ['Transformer', 'Mains to 6.3 V.', '33.70'],
  ['Cooling fan', 'Quiet, 120 mm.', '14.90'],
  ['Moth trap', 'Keeps relays free of bugs.', '12.00'],
  ['Flowchart template', 'All the shapes.', '5.25'],
  ['Difference engine model', 'Scale 1:12, working.', '449.00'],
  ['Analytical engine plans', 'Complete set, reprint.', '88.00'],
];

/** Number 17 is out of stock. */
export const DEMO_PRODUCTS: readonly DemoProduct[] = ARTICLES.map(([name, description, price], index) => ({
  id: demoId('product', index + 1),
  sku: `TRB-${String(index + 1).padStart(4, '0')}`,
  name,
  description,
  price,
  stock: index + 1 === 17 ? 0 : 20 + ((index * 37) % 180),
}));
