import { describe, expect, it } from '@jest/globals';
import { signedHeaders } from '../../../registry/webhook/sign.ts';

describe('the signature of a webhook', () => {
  it('is that of the Standard Webhooks specification, as its libraries have it in their tests', () => {
    const body = '{"test": 2432232314}';
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body };
    expect(signedHeaders('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', message)).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });
});
