import { runService } from '../service.ts';
import { orders } from './service.ts';

await runService(orders, process.env);
