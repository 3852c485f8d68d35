/** Which messages may reach a server twice without harm. */
import type { Message } from '../../json-rpc.ts';

/** Methods that only ask, or say again what holds already. A call of a tool may do something each time. */
const REPEATABLE = new Set([
  'initialize',
  'notifications/initialized',
  'server/discover',
  'ping',
  'tools/list',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'subscriptions/listen',
  'completion/complete',
  'logging/setLevel',
]);

/** Whether a message may be sent again when nobody knows whether it arrived. */
export function isRepeatable(message: Message): boolean {
  return 'method' in message && REPEATABLE.has(message.method);
}
