import { answerTasks } from '../../service/thread-task.ts';

/** A thread that does what it is told. */

let count = 0;
answerTasks((task: string) => {
  if (task === 'throw') throw new Error('as asked');
  if (task === 'exit') process.exit(0);
  if (task === 'memory') for (const kept: unknown[] = []; ; ) kept.push(new Array(1_000_000).fill(kept.length));
  while (task === 'endless');
  count++;
  return String(count);
});
