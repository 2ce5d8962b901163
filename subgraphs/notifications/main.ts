import { runService } from '../service.ts';
import { notifications } from './service.ts';

await runService(notifications, process.env);
