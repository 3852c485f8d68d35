/** Usage: what ran, how often, how long; never contents. */
export { openRecorder, type Recorder } from './recorder.ts';
export type { Operation, OperationKind, Run, SessionStart } from './records.ts';
export {
  type ItemUsage,
  type ServerUsage,
  type UsageQuery,
  type UsageReport,
  usageReport,
} from './report.ts';
