import { z } from 'zod';
import { timerMs } from '../../service/timer-option.ts';
import { serviceConfig } from '../service.ts';

/** The options of orders. */
export const ordersConfig = serviceConfig(4102).extend({
  products: z
    .strictObject({
      url: z.url().default('http://localhost:4103').describe('Where products keeps the stock.'),
      timeoutMs: timerMs()
        .positive()
        .default(5_000)
        .describe('How long products may take to reserve, in milliseconds.'),
    })
    .prefault({}),
  client: z
    .strictObject({
      tokenUrl: z
        .url()
        .default('http://localhost:4101/oauth/token')
        .describe('Where this service gets its own token (RFC 6749 §4.4).'),
      id: z.string().default('orders').describe('The name this service has there.'),
      secret: z.string().optional().describe('What it proves itself with. Without it no order can be placed.'),
    })
    .prefault({}),
});

export type OrdersConfig = z.infer<typeof ordersConfig>;
