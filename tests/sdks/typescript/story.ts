// The story of docs/sdks.md, with the SDK for TypeScript.

import {
  createStatus,
  createToken,
  findExperts,
  getAccountFeed,
  getHomeTimeline,
  getStatus,
  reactToStatus,
  registerApp,
  uploadMediaAtOnce,
} from "./sdk/sdk.gen";
import type { Error as Refusal } from "./sdk/types.gen";
import { createClient } from "./sdk/client";

const REDIRECT = "urn:ietf:wg:oauth:2.0:oob";

function expect(condition: boolean, about: unknown): asserts condition {
  if (!condition) throw new Error(JSON.stringify(about));
}

/** `authorise` lets a person open an address, and brings the code that they are shown. */
export async function story(
  server: string,
  username: string,
  picture: Blob,
  authorise: (url: string) => Promise<string>,
): Promise<void> {
  // Register an app, and let a person authorise it.
  const anybody = createClient({ baseUrl: server });
  const { data: app } = await registerApp({
    client: anybody,
    body: { client_name: "Story", redirect_uris: [REDIRECT], scopes: "read write" },
    throwOnError: true,
  });
  const asked = new URLSearchParams({
    client_id: app.client_id,
    redirect_uri: REDIRECT,
    response_type: "code",
    scope: "read write",
  });
  const { data: token } = await createToken({
    client: anybody,
    body: {
      client_id: app.client_id,
      client_secret: app.client_secret,
      redirect_uri: REDIRECT,
      grant_type: "authorization_code",
      code: await authorise(`${server}/oauth/authorize?${asked}`),
    },
    throwOnError: true,
  });
  const client = createClient({ baseUrl: server, auth: token.access_token });

  // Post with an image.
  const { data: image } = await uploadMediaAtOnce({
    client,
    body: { file: picture, description: "Ice." },
    throwOnError: true,
  });
  let said = "";
  for (let number = 0; number < 5; number++) {
    const { data: status } = await createStatus({
      client,
      body: { status: `Measured ${number}`, media_ids: number === 4 ? [image.id] : [] },
      throwOnError: true,
    });
    expect("account" in status, status);
    said = status.id;
  }

  // Page through home.
  const seen: string[] = [];
  for (;;) {
    const { data: page } = await getHomeTimeline({
      client,
      query: { limit: 2, max_id: seen.at(-1) },
      throwOnError: true,
    });
    if (page.length === 0) break;
    seen.push(...page.map((status) => status.id));
  }
  expect(seen.length === 5 && new Set(seen).size === 5 && seen[0] === said, seen);

  // React, find an expert, read a feed.
  const { data: reacted } = await reactToStatus({
    client,
    path: { status_id: said, name: "💡" },
    throwOnError: true,
  });
  expect(reacted.reactions?.[0]?.me === true, reacted.reactions);
  expect(reacted.media_attachments[0]?.description === "Ice.", reacted.media_attachments);
  const until = Date.now() + 30_000;
  let known = 0;
  while (known === 0) {
    const { data: experts } = await findExperts({
      client,
      query: { q: "water sensors" },
      throwOnError: true,
    });
    known = experts[0]?.reasons.length ?? 0;
    expect(Date.now() < until, "nobody knows");
  }
  const { data: feed } = await getAccountFeed({
    client,
    path: { username, format: "json" },
    throwOnError: true,
  });
  expect(typeof feed === "object" && feed.items.length > 0, feed);

  // What goes wrong has a type.
  const missing = await getStatus({ client, path: { status_id: "1" } });
  expect(missing.response?.status === 404 && missing.error?.code === "not_found", missing.error);
  const empty = await createStatus({ client, body: { status: "" } });
  expect(empty.response?.status === 422 && empty.error?.code === "invalid", empty.error);
  let refusal: Refusal | undefined;
  for (let number = 0; number < 100 && refusal === undefined; number++) {
    refusal = (await findExperts({ client, query: { q: "water sensors" } })).error;
  }
  expect(refusal?.status === 429 && refusal.code === "too_many_requests", refusal);
}
