import { z } from 'zod';
import { serviceConfig } from '../service.ts';

/** The options of products. */
export const productsConfig = serviceConfig(4103).extend({
  reservation: z
    .strictObject({
      ttlS: z
        .int()
        .min(1)
        .max(86_400)
        .default(600)
        .describe('How long stock is set aside for an order that is not placed yet, in seconds.'),
    })
    .prefault({}),
});
