// What the stories of masto.js have in common: things are done one after the other, and all that fail are told.
import assert from "node:assert/strict";

// A worker brings statuses home and notifications along.
const LAG_MS = 30_000;

const steps = [];
const failed = {};

/** Do one thing; what it answers, or undefined if it fails. */
export async function step(name, act) {
  steps.push(name);
  try {
    return await act();
  } catch (error) {
    failed[name] = `${error.name} ${error.statusCode ?? ""}: ${error.message}`;
    return undefined;
  }
}

/** What `act` answers as soon as it is true. */
export async function eventually(act) {
  const deadline = Date.now() + LAG_MS;
  for (;;) {
    const found = await act();
    if (found) return found;
    assert(Date.now() < deadline, "not in time");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The first event of `subscription` that `wanted` takes, heard while `act` is done. */
export async function heard(subscription, wanted, act) {
  const found = (async () => {
    for await (const event of subscription) {
      if (wanted(event)) return event;
    }
    throw new Error("the stream ended");
  })();
  await act();
  const timeout = new Promise((_, reject) => {
    setTimeout(() => reject(new Error("not heard")), LAG_MS).unref();
  });
  return Promise.race([found, timeout]);
}

export const ids = (list) => list.map((each) => each.id);

/** Print `steps`, all that was done, and `failed`, `{step: why}`, as one JSON object, and end. */
export function tell() {
  process.stdout.write(JSON.stringify({ steps, failed }, null, 2));
  process.exit(0);
}
