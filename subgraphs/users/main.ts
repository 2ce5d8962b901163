import { runService } from '../service.ts';
import { users } from './service.ts';

await runService(users, process.env);
