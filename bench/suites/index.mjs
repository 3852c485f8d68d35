// The suites, in the order in which they run.
//
// A suite is {id, title, needs, run(bench)}: `needs` names the ability of peers/ that its contestants must have, and
// bench is {contestants, world, rounds, seconds, quick, log}. It answers {rows, figures}:
//   rows     [{case, contestant, metric, unit, values}], one value a round, or {case, contestant, error};
//            with `series: [{id, x}]` the row is a point of a curve
//   figures  id of a budget → values, one a round
import { suite as edits } from './edits.mjs';
import { suite as http } from './http.mjs';
import { suite as passThrough } from './pass-through.mjs';
import { suite as profile } from './profile.mjs';
import { suite as remote } from './remote.mjs';
import { suite as search } from './search.mjs';
import { suite as share } from './share.mjs';
import { suite as sse } from './sse.mjs';
import { suite as start } from './start.mjs';

export const SUITES = [start, passThrough, http, sse, profile, remote, search, edits, share];
