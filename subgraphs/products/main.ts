import { runService } from '../service.ts';
import { products } from './service.ts';

await runService(products, process.env);
