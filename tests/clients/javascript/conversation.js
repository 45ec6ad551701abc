// A conversation of masto.js, unmodified, with a server: what web clients do, over all it has methods for.
//
// Prints what `tell` of `steps.js` does.
import assert from "node:assert/strict";
import { createRestAPIClient, createStreamingAPIClient } from "masto";
import { eventually, heard, ids, step, tell } from "./steps.js";

const { SERVER, ADA, BOB, EVA, ADA_NAME, BOB_NAME, EVA_NAME } = process.env;

const ada = createRestAPIClient({ url: SERVER, accessToken: ADA });
const bob = createRestAPIClient({ url: SERVER, accessToken: BOB });
const eva = createRestAPIClient({ url: SERVER, accessToken: EVA });
const nobody = createRestAPIClient({ url: SERVER });

const instance = await step("v2.instance.fetch", () => nobody.v2.instance.fetch());
await step("v1.instance.fetch", () => nobody.v1.instance.fetch());
await step("v1.instance.rules.list", () => nobody.v1.instance.rules.list());
await step("v1.instance.peers.list", () => nobody.v1.instance.peers.list());
await step("v1.instance.activity.list", () => nobody.v1.instance.activity.list());
await step("v1.instance.domainBlocks.fetch", async () => {
  assert.deepEqual(await nobody.v1.instance.domainBlocks.fetch(), []);
});
await step("v1.instance.languages.list", () => nobody.v1.instance.languages.list());
await step("v1.instance.extendedDescription.fetch", () =>
  nobody.v1.instance.extendedDescription.fetch());
await step("v1.instance.privacyPolicy.fetch", () => nobody.v1.instance.privacyPolicy.fetch());
await step("v1.instance.translationLanguages.list", () =>
  nobody.v1.instance.translationLanguages.list());
await step("v1.customEmojis.list", () => nobody.v1.customEmojis.list());
await step("v1.apps.create", async () => {
  const app = await nobody.v1.apps.create({
    clientName: "masto",
    redirectUris: "urn:ietf:wg:oauth:2.0:oob",
    scopes: "read write follow push",
  });
  assert(app.clientId && app.clientSecret);
});
await step("v1.apps.verifyCredentials", () => ada.v1.apps.verifyCredentials());

// Accounts
const me = await step("v1.accounts.verifyCredentials", () => ada.v1.accounts.verifyCredentials());
const other = await bob.v1.accounts.verifyCredentials();
await step("v1.accounts.updateCredentials", async () => {
  const changed = await ada.v1.accounts.updateCredentials({
    displayName: "Ada",
    note: "I work out loud #loud",
    fieldsAttributes: [{ name: "Site", value: "https://example.org" }],
  });
  assert.equal(changed.displayName, "Ada");
  assert.equal(changed.source.fields[0].name, "Site");
});
await step("v1.accounts.fetch", async () => {
  assert.deepEqual(ids(await ada.v1.accounts.fetch({ id: [me.id, other.id] })).length, 2);
});
await step("v1.accounts.$select.fetch", async () => {
  assert.equal((await nobody.v1.accounts.$select(me.id).fetch()).username, ADA_NAME);
});
await step("v1.accounts.lookup", () => nobody.v1.accounts.lookup({ acct: BOB_NAME }));
await step("v1.accounts.search.list", async () => {
  assert.deepEqual(ids(await ada.v1.accounts.search.list({ q: BOB_NAME })), [other.id]);
});
await step("v1.accounts.$select.follow", async () => {
  const relation = await bob.v1.accounts.$select(me.id).follow({ notify: true });
  assert(relation.following && relation.notifying);
});
await step("v1.accounts.relationships.fetch", async () => {
  const [relation] = await bob.v1.accounts.relationships.fetch({ id: [me.id] });
  assert(relation.following);
});
await step("v1.accounts.$select.followers.list", async () => {
  assert.deepEqual(ids(await ada.v1.accounts.$select(me.id).followers.list()), [other.id]);
});
await step("v1.accounts.$select.following.list", async () => {
  assert.deepEqual(ids(await bob.v1.accounts.$select(other.id).following.list()), [me.id]);
});
for (const verb of ["mute", "block", "pin", "endorse"]) {
  await step(`v1.accounts.$select.${verb}`, () => bob.v1.accounts.$select(me.id)[verb]());
  if (verb === "mute") {
    await step("v1.mutes.list", async () => {
      assert.deepEqual(ids(await bob.v1.mutes.list()), [me.id]);
    });
  }
  if (verb === "block") {
    await step("v1.blocks.list", async () => {
      assert.deepEqual(ids(await bob.v1.blocks.list()), [me.id]);
    });
  }
  if (verb === "endorse") {
    await step("v1.endorsements.list", () => bob.v1.endorsements.list());
    await step("v1.accounts.$select.endorsements.list", async () => {
      const shown = await nobody.v1.accounts.$select(other.id).endorsements.list();
      assert.deepEqual(ids(shown), [me.id]);
    });
  }
  await step(`v1.accounts.$select.un${verb}`, () => bob.v1.accounts.$select(me.id)[`un${verb}`]());
  // Blocking ended it.
  if (verb === "block") await bob.v1.accounts.$select(me.id).follow();
}
await step("v1.accounts.$select.note.create", async () => {
  const relation = await bob.v1.accounts.$select(me.id).note.create({ comment: "Knows a lot" });
  assert.equal(relation.note, "Knows a lot");
});
await step("v1.accounts.familiarFollowers.fetch", () =>
  bob.v1.accounts.familiarFollowers.fetch([me.id]));
await step("v1.accounts.$select.identityProofs.list", () =>
  bob.v1.accounts.$select(me.id).identityProofs.list());
await step("v1.preferences.fetch", () => ada.v1.preferences.fetch());
await step("v1.profile.fetch", async () => {
  assert.equal((await ada.v1.profile.fetch()).id, me.id);
});
await step("v1.profile.update", async () => {
  const changed = await ada.v1.profile.update({ displayName: "Ada", showFeatured: true });
  assert.equal(changed.displayName, "Ada");
});
await step("v1.profile.avatar.remove", () => ada.v1.profile.avatar.remove());
await step("v1.profile.header.remove", () => ada.v1.profile.header.remove());

// Who is there
await step("v1.directory.list", async () => {
  assert(ids(await nobody.v1.directory.list({ order: "new", local: true })).length > 0);
});
await step("v1.suggestions.list", () => bob.v1.suggestions.list());
await step("v2.suggestions.list", () => bob.v2.suggestions.list());
const stranger = await eva.v1.accounts.verifyCredentials();
await step("v1.suggestions.$select.remove", async () => {
  await bob.v1.suggestions.$select(stranger.id).remove();
  const proposed = await bob.v2.suggestions.list();
  assert(!ids(proposed.map((each) => each.account)).includes(stranger.id));
});
await step("v1.domainBlocks.create", () => bob.v1.domainBlocks.create({ domain: "far.example" }));
await step("v1.domainBlocks.list", async () => {
  assert.deepEqual(await bob.v1.domainBlocks.list(), ["far.example"]);
});
await step("v1.domainBlocks.remove", async () => {
  await bob.v1.domainBlocks.remove({ domain: "far.example" });
  assert.deepEqual(await bob.v1.domainBlocks.list(), []);
});

// Following who has to be asked
await ada.v1.accounts.updateCredentials({ locked: true });
await ada.v1.accounts.$select(other.id).removeFromFollowers().catch(() => undefined);
await bob.v1.accounts.$select(me.id).unfollow();
await step("v1.accounts.$select.unfollow", () => bob.v1.accounts.$select(me.id).unfollow());
await bob.v1.accounts.$select(me.id).follow();
await step("v1.followRequests.list", async () => {
  assert.deepEqual(ids(await ada.v1.followRequests.list()), [other.id]);
});
await step("v1.followRequests.$select.reject", () =>
  ada.v1.followRequests.$select(other.id).reject());
await bob.v1.accounts.$select(me.id).follow();
await step("v1.followRequests.$select.authorize", () =>
  ada.v1.followRequests.$select(other.id).authorize());
await ada.v1.accounts.updateCredentials({ locked: false });

// Lists
const list = await step("v1.lists.create", () => bob.v1.lists.create({ title: "Lab" }));
const chosen = () => bob.v1.lists.$select(list.id);
await step("v1.lists.list", async () => {
  assert.deepEqual(ids(await bob.v1.lists.list()), [list.id]);
});
await step("v1.lists.$select.fetch", () => chosen().fetch());
await step("v1.lists.$select.update", async () => {
  assert.equal((await chosen().update({ title: "Laboratory" })).title, "Laboratory");
});
await step("v1.lists.$select.accounts.create", () =>
  chosen().accounts.create({ accountIds: [me.id] }));
await step("v1.lists.$select.accounts.list", async () => {
  assert.deepEqual(ids(await chosen().accounts.list()), [me.id]);
});
await step("v1.accounts.$select.lists.list", async () => {
  assert.deepEqual(ids(await bob.v1.accounts.$select(me.id).lists.list()), [list.id]);
});

// Streams
const streaming = createStreamingAPIClient({
  streamingApiUrl: instance.configuration.urls.streaming,
  accessToken: BOB,
  implementation: WebSocket,
});
await step("streaming.prepare", () => streaming.prepare());
const isUpdate = (text) => (event) =>
  event.event === "update" && event.payload.content.includes(text);
const spoken = {
  user: streaming.user.subscribe(),
  "user.notification": streaming.user.notification.subscribe(),
  public: streaming.public.subscribe(),
  "public.local": streaming.public.local.subscribe(),
  hashtag: streaming.hashtag.subscribe({ tag: "Aloud" }),
  "hashtag.local": streaming.hashtag.local.subscribe({ tag: "aloud" }),
  list: streaming.list.subscribe({ list: list.id }),
};
for (const [name, subscription] of Object.entries(spoken)) {
  await step(`streaming.${name}.subscribe`, async () => {
    const text = `Said for ${name}`;
    const wanted =
      name === "user.notification"
        ? (event) =>
            event.event === "notification" && event.payload.status?.content.includes(text)
        : isUpdate(text);
    let posted;
    const event = await heard(subscription, wanted, async () => {
      // Until the subscription has arrived, which nothing tells.
      await new Promise((resolve) => setTimeout(resolve, 300));
      posted = await ada.v1.statuses.create({ status: `@${BOB_NAME} ${text} #aloud` });
    });
    assert.equal((event.payload.status ?? event.payload).id, posted.id);
    subscription.unsubscribe();
  });
}
await step("streaming: status.update and delete", async () => {
  const posted = await ada.v1.statuses.create({ status: "A first try" });
  await eventually(async () => ids(await bob.v1.timelines.home.list()).includes(posted.id));
  const home = streaming.user.subscribe();
  const edit = await heard(home, (event) => event.event === "status.update", async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await ada.v1.statuses.$select(posted.id).update({ status: "A second try" });
  });
  assert.equal(edit.payload.id, posted.id);
  home.unsubscribe();
  const again = streaming.user.subscribe();
  const gone = await heard(again, (event) => event.event === "delete", async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await ada.v1.statuses.$select(posted.id).remove();
  });
  assert.equal(gone.payload, posted.id);
  again.unsubscribe();
});
await step("streaming.direct.subscribe", async () => {
  const direct = streaming.direct.subscribe();
  const event = await heard(direct, (each) => each.event === "conversation", async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await ada.v1.statuses.create({ status: `@${BOB_NAME} psst`, visibility: "direct" });
  });
  assert.deepEqual(ids(event.payload.accounts), [me.id]);
  direct.unsubscribe();
});
streaming.close();

// Conversations
await step("v1.timelines.direct.list", async () => {
  const [said] = await bob.v1.timelines.direct.list();
  assert.equal(said.account.id, me.id);
});
const conversation = await step("v1.conversations.list", async () => {
  const [found] = await bob.v1.conversations.list();
  assert(found.unread);
  return found;
});
await step("v1.conversations.$select.read", async () => {
  assert(!(await bob.v1.conversations.$select(conversation.id).read()).unread);
});
await step("v1.conversations.$select.unread", async () => {
  assert((await bob.v1.conversations.$select(conversation.id).unread()).unread);
});
await step("v1.conversations.$select.remove", async () => {
  await bob.v1.conversations.$select(conversation.id).remove();
  assert.deepEqual(await bob.v1.conversations.list(), []);
});

// Statuses
const status = await step("v1.statuses.create", () =>
  ada.v1.statuses.create({
    status: `Working out loud with @${BOB_NAME} #loud`,
    spoilerText: "Work",
    visibility: "public",
    language: "en",
  }));
await step("v1.statuses.$select.fetch", () => nobody.v1.statuses.$select(status.id).fetch());
await step("v1.statuses.fetch", async () => {
  assert.deepEqual(ids(await bob.v1.statuses.fetch({ id: [status.id] })), [status.id]);
});
await step("v1.statuses.$select.update", async () => {
  const edited = await ada.v1.statuses.$select(status.id).update({ status: "Out loud #loud" });
  assert(edited.editedAt);
});
await step("v1.statuses.$select.history.list", async () => {
  assert.equal((await bob.v1.statuses.$select(status.id).history.list()).length, 2);
});
await step("v1.statuses.$select.source.fetch", async () => {
  assert.equal((await ada.v1.statuses.$select(status.id).source.fetch()).text, "Out loud #loud");
});
const reply = await bob.v1.statuses.create({ status: "Indeed", inReplyToId: status.id });
await step("v1.statuses.$select.context.fetch", async () => {
  const context = await ada.v1.statuses.$select(status.id).context.fetch();
  assert.deepEqual(ids(context.descendants), [reply.id]);
});
for (const [verb, undo, flag] of [
  ["favourite", "unfavourite", "favourited"],
  ["bookmark", "unbookmark", "bookmarked"],
  ["reblog", "unreblog", "reblogged"],
  ["mute", "unmute", "muted"],
]) {
  await step(`v1.statuses.$select.${verb}`, async () => {
    const marked = await bob.v1.statuses.$select(status.id)[verb]();
    assert.equal(marked[flag], true);
  });
  if (verb === "favourite") {
    await step("v1.favourites.list", async () => {
      assert.deepEqual(ids(await bob.v1.favourites.list()), [status.id]);
    });
    await step("v1.statuses.$select.favouritedBy.list", async () => {
      const people = await ada.v1.statuses.$select(status.id).favouritedBy.list();
      assert.deepEqual(ids(people), [other.id]);
    });
  }
  if (verb === "bookmark") {
    await step("v1.bookmarks.list", async () => {
      assert.deepEqual(ids(await bob.v1.bookmarks.list()), [status.id]);
    });
  }
  if (verb === "reblog") {
    await step("v1.statuses.$select.rebloggedBy.list", async () => {
      const people = await ada.v1.statuses.$select(status.id).rebloggedBy.list();
      assert.deepEqual(ids(people), [other.id]);
    });
  }
  await step(`v1.statuses.$select.${undo}`, async () => {
    const unmarked = await bob.v1.statuses.$select(status.id)[undo]();
    assert.equal(unmarked[flag], false);
  });
}
await step("v1.statuses.$select.pin", async () => {
  assert((await ada.v1.statuses.$select(status.id).pin()).pinned);
});
await step("v1.accounts.$select.statuses.list", async () => {
  const pinned = await bob.v1.accounts.$select(me.id).statuses.list({ pinned: true });
  assert.deepEqual(ids(pinned), [status.id]);
});
await step("v1.statuses.$select.unpin", () => ada.v1.statuses.$select(status.id).unpin());
await step("v1.statuses.$select.quotes.list", async () => {
  const quote = await bob.v1.statuses.create({ status: "Hear", quotedStatusId: status.id });
  const quotes = await ada.v1.statuses.$select(status.id).quotes.list();
  assert.deepEqual(ids(quotes), [quote.id]);
});
const asked = await ada.v1.statuses.create({
  status: "Which day?",
  poll: { options: ["Monday", "Friday"], expiresIn: 3600 },
});
await step("v1.polls.$select.fetch", () => bob.v1.polls.$select(asked.poll.id).fetch());
await step("v1.polls.$select.votes.create", async () => {
  const poll = await bob.v1.polls.$select(asked.poll.id).votes.create({ choices: [1] });
  assert.deepEqual([...poll.ownVotes], [1]);
});
const at = new Date(Date.now() + 3_600_000).toISOString();
const scheduled = await step("v1.statuses.create: scheduled", () =>
  ada.v1.statuses.create({ status: "Later", scheduledAt: at }));
await step("v1.scheduledStatuses.list", async () => {
  assert.deepEqual(ids(await ada.v1.scheduledStatuses.list()), [scheduled.id]);
});
await step("v1.scheduledStatuses.$select.fetch", () =>
  ada.v1.scheduledStatuses.$select(scheduled.id).fetch());
await step("v1.scheduledStatuses.$select.update", () =>
  ada.v1.scheduledStatuses.$select(scheduled.id).update({
    scheduledAt: new Date(Date.now() + 7_200_000).toISOString(),
  }));
await step("v1.scheduledStatuses.$select.remove", () =>
  ada.v1.scheduledStatuses.$select(scheduled.id).remove());

// Media
const picture = new Blob(
  [
    Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
      "base64",
    ),
  ],
  { type: "image/png" },
);
// Waits until the worker has made it ready.
const dot = await step("v2.media.create", async () => {
  const made = await ada.v2.media.create({
    file: new File([picture], "dot.png", { type: "image/png" }),
    description: "A dot",
    focus: "0.5,-0.5",
  });
  assert.equal(made.type, "image");
  assert.equal(made.description, "A dot");
  assert(made.url && made.previewUrl && made.blurhash);
  return made;
});
await step("v1.media.create", async () => {
  const made = await ada.v1.media.create({ file: picture });
  assert.equal(made.type, "image");
});
await step("v1.media.$select.fetch", () => ada.v1.media.$select(dot.id).fetch());
await step("v1.media.$select.update", async () => {
  const changed = await ada.v1.media.$select(dot.id).update({ description: "A red dot" });
  assert.equal(changed.description, "A red dot");
});
await step("v1.statuses.create: with media", async () => {
  const posted = await ada.v1.statuses.create({ status: "Look", mediaIds: [dot.id] });
  assert.deepEqual(ids(posted.mediaAttachments), [dot.id]);
  const shown = await fetch(posted.mediaAttachments[0].url);
  assert.equal(shown.headers.get("content-type").split("/")[0], "image");
  const found = await bob.v1.accounts.$select(me.id).statuses.list({ onlyMedia: true });
  assert.deepEqual(ids(found), [posted.id]);
});

// Tags
const featured = await step("v1.featuredTags.create", () =>
  ada.v1.featuredTags.create({ name: "loud" }));
await step("v1.featuredTags.list", async () => {
  assert.deepEqual(ids(await ada.v1.featuredTags.list()), [featured.id]);
});
await step("v1.accounts.$select.featuredTags.list", async () => {
  const [shown] = await bob.v1.accounts.$select(me.id).featuredTags.list();
  assert.equal(shown.name, "loud");
});
await step("v1.featuredTags.suggestions.list", () => ada.v1.featuredTags.suggestions.list());
await step("v1.featuredTags.$select.remove", async () => {
  await ada.v1.featuredTags.$select(featured.id).remove();
  assert.deepEqual(await ada.v1.featuredTags.list(), []);
});
await step("v1.tags.$select.feature", async () => {
  assert((await ada.v1.tags.$select("loud").feature()).featuring);
});
await step("v1.tags.$select.unfeature", async () => {
  assert(!(await ada.v1.tags.$select("loud").unfeature()).featuring);
});
await step("v1.tags.$select.follow", async () => {
  assert((await bob.v1.tags.$select("loud").follow()).following);
});
await step("v1.followedTags.list", async () => {
  const followed = await bob.v1.followedTags.list();
  assert.deepEqual(followed.map((tag) => tag.name), ["loud"]);
});
await step("v1.tags.$select.unfollow", async () => {
  assert(!(await bob.v1.tags.$select("loud").unfollow()).following);
});

// Timelines
await step("v1.timelines.list.$select.list", async () => {
  assert(ids(await bob.v1.timelines.list.$select(list.id).list()).includes(status.id));
});
await step("v1.lists.$select.accounts.remove", async () => {
  await chosen().accounts.remove({ accountIds: [me.id] });
  assert.deepEqual(await chosen().accounts.list(), []);
});
await step("v1.lists.$select.remove", async () => {
  await chosen().remove();
  assert.deepEqual(await bob.v1.lists.list(), []);
});
await step("v1.timelines.home.list", () =>
  eventually(async () => ids(await bob.v1.timelines.home.list()).includes(status.id)));
await step("v1.timelines.public.list", async () => {
  assert(ids(await nobody.v1.timelines.public.list({ local: true })).includes(status.id));
});
await step("v1.timelines.tag.$select.list", async () => {
  assert(ids(await nobody.v1.timelines.tag.$select("loud").list()).includes(status.id));
});
await step("pages by the Link header", async () => {
  const pages = [];
  for await (const page of bob.v1.timelines.public.list({ limit: 2 })) {
    pages.push(...ids(page));
    if (pages.length >= 4) break;
  }
  assert.equal(new Set(pages).size, pages.length);
  assert(pages.length >= 4);
});
await step("v1.markers.create", () =>
  bob.v1.markers.create({ home: { lastReadId: status.id } }));
await step("v1.markers.fetch", async () => {
  const markers = await bob.v1.markers.fetch({ timeline: ["home"] });
  assert.equal(markers.home.lastReadId, status.id);
});

// Notifications
const told = await step("v1.notifications.list", () =>
  eventually(async () => {
    const found = await bob.v1.notifications.list({ types: ["mention"] });
    return found.length > 0 && found;
  }));
await step("v1.notifications.$select.fetch", () =>
  bob.v1.notifications.$select(told[0].id).fetch());
await step("v1.notifications.unreadCount.fetch", () => bob.v1.notifications.unreadCount.fetch());
await step("v2.notifications.list", async () => {
  const found = await bob.v2.notifications.list();
  assert(found.notificationGroups.length > 0);
});
await step("v2.notifications.unreadCount.fetch", () => bob.v2.notifications.unreadCount.fetch());
const [group] = (await bob.v2.notifications.list()).notificationGroups;
await step("v2.notifications.$select.fetch", () =>
  bob.v2.notifications.$select(group.groupKey).fetch());
await step("v2.notifications.$select.accounts.fetch", () =>
  bob.v2.notifications.$select(group.groupKey).accounts.fetch());
await step("v2.notifications.$select.dismiss", () =>
  bob.v2.notifications.$select(group.groupKey).dismiss());
await step("v1.notifications.$select.dismiss", async () => {
  const [newest] = await bob.v1.notifications.list();
  await bob.v1.notifications.$select(newest.id).dismiss();
});
await step("v1.notifications.clear", () => bob.v1.notifications.clear());
await step("v2.notifications.policy.fetch", () => bob.v2.notifications.policy.fetch());
await step("v2.notifications.policy.update", async () => {
  const policy = await bob.v2.notifications.policy.update({ forNotFollowing: "filter" });
  assert.equal(policy.forNotFollowing, "filter");
  await bob.v2.notifications.policy.update({ forNotFollowing: "accept" });
});

// Who has to ask before anything is told
await bob.v2.notifications.policy.update({ forNotFollowing: "filter" });
const asking = () =>
  eventually(async () => {
    const [request] = await bob.v1.notifications.requests.list();
    return request;
  });
const ask = async (name, answer) => {
  await eva.v1.statuses.create({ status: `@${BOB_NAME} do you know me?` });
  const request = await asking();
  await step(name, () => answer(request.id));
};
await ask("v1.notifications.requests.$select.dismiss", (id) =>
  bob.v1.notifications.requests.$select(id).dismiss());
await ask("v1.notifications.requests.dismiss", async (id) => {
  await bob.v1.notifications.requests.dismiss({ id: [id] });
  assert.deepEqual(await bob.v1.notifications.requests.list(), []);
});
await ask("v1.notifications.requests.$select.fetch", async (id) => {
  const request = await bob.v1.notifications.requests.$select(id).fetch();
  assert.equal(request.account.username, EVA_NAME);
});
const [request] = await step("v1.notifications.requests.list", () =>
  bob.v1.notifications.requests.list());
await step("v1.notifications.requests.$select.accept", () =>
  bob.v1.notifications.requests.$select(request.id).accept());
await step("v1.notifications.requests.accept", () =>
  bob.v1.notifications.requests.accept({ id: [request.id] }));
await step("v1.notifications.requests.merged.fetch", () =>
  eventually(async () => (await bob.v1.notifications.requests.merged.fetch()).merged));
await bob.v2.notifications.policy.update({ forNotFollowing: "accept" });

// Push
const keys = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, [
  "deriveBits",
]);
const base64url = (bytes) => Buffer.from(bytes).toString("base64url");
await step("v1.push.subscription.create", async () => {
  const subscription = await bob.v1.push.subscription.create({
    subscription: {
      // Nobody listens there, and nothing is sent: all alerts are off.
      endpoint: "https://push.example.org/bob",
      keys: {
        p256dh: base64url(await crypto.subtle.exportKey("raw", keys.publicKey)),
        auth: base64url(crypto.getRandomValues(new Uint8Array(16))),
      },
    },
    data: { alerts: { mention: false } },
    policy: "all",
  });
  assert.equal(subscription.endpoint, "https://push.example.org/bob");
  assert(subscription.serverKey);
});
await step("v1.push.subscription.fetch", () => bob.v1.push.subscription.fetch());
await step("v1.push.subscription.update", async () => {
  const changed = await bob.v1.push.subscription.update({ data: { alerts: { poll: true } } });
  assert(changed.alerts.poll);
});
await step("v1.push.subscription.remove", async () => {
  await bob.v1.push.subscription.remove();
  await assert.rejects(bob.v1.push.subscription.fetch(), { statusCode: 404 });
});

// Filters
const filter = await step("v2.filters.create", () =>
  bob.v2.filters.create({
    title: "Spoilers",
    context: ["home"],
    filterAction: "warn",
    keywordsAttributes: [{ keyword: "ending", wholeWord: true }],
  }));
const filters = () => bob.v2.filters.$select(filter.id);
await step("v2.filters.list", async () => {
  assert.deepEqual(ids(await bob.v2.filters.list()), [filter.id]);
});
await step("v2.filters.$select.fetch", () => filters().fetch());
await step("v2.filters.$select.update", async () => {
  assert.equal((await filters().update({ title: "Endings" })).title, "Endings");
});
const keyword = await step("v2.filters.$select.keywords.create", () =>
  filters().keywords.create({ keyword: "finale" }));
await step("v2.filters.$select.keywords.list", async () => {
  assert.equal((await filters().keywords.list()).length, 2);
});
await step("v2.filters.keywords.$select.fetch", () =>
  bob.v2.filters.keywords.$select(keyword.id).fetch());
await step("v2.filters.keywords.$select.update", () =>
  bob.v2.filters.keywords.$select(keyword.id).update({ keyword: "final" }));
await step("v2.filters.keywords.$select.remove", () =>
  bob.v2.filters.keywords.$select(keyword.id).remove());
const named = await step("v2.filters.$select.statuses.create", () =>
  filters().statuses.create({ statusId: status.id }));
await step("v2.filters.$select.statuses.list", async () => {
  assert.equal((await filters().statuses.list()).length, 1);
});
await step("v2.filters.statuses.$select.fetch", () =>
  bob.v2.filters.statuses.$select(named.id).fetch());
await step("v2.filters.statuses.$select.remove", () =>
  bob.v2.filters.statuses.$select(named.id).remove());
await step("v2.filters.$select.remove", () => filters().remove());
const phrase = await step("v1.filters.create", () =>
  bob.v1.filters.create({ phrase: "ending", context: ["home"] }));
await step("v1.filters.list", () => bob.v1.filters.list());
await step("v1.filters.$select.fetch", () => bob.v1.filters.$select(phrase.id).fetch());
await step("v1.filters.$select.update", () =>
  bob.v1.filters.$select(phrase.id).update({ phrase: "finale", context: ["home"] }));
await step("v1.filters.$select.remove", () => bob.v1.filters.$select(phrase.id).remove());

// Search, trends, the rest
await step("v2.search.list", async () => {
  const found = await bob.v2.search.list({ q: "loud", type: "hashtags" });
  assert(found.hashtags.some((tag) => tag.name === "loud"));
});
await step("v1.tags.$select.fetch", () => bob.v1.tags.$select("loud").fetch());
await step("v1.trends.tags.list", () => nobody.v1.trends.tags.list());
await step("v1.trends.statuses.list", () => nobody.v1.trends.statuses.list());
await step("v1.trends.links.list", () => nobody.v1.trends.links.list());
await step("v1.statuses.$select.translate: there is no translator", () =>
  assert.rejects(bob.v1.statuses.$select(status.id).translate({ lang: "nl" }), { statusCode: 404 }));
await step("v1.announcements.list", () => bob.v1.announcements.list());
await step("v1.reports.create", () =>
  bob.v1.reports.create({ accountId: me.id, statusIds: [status.id], comment: "A test" }));
await step("v1.accounts.$select.removeFromFollowers", () =>
  ada.v1.accounts.$select(other.id).removeFromFollowers());
await step("v1.statuses.$select.remove", async () => {
  assert.equal((await ada.v1.statuses.$select(status.id).remove()).text, "Out loud #loud");
});
await step("an error is an error of masto.js", () =>
  assert.rejects(bob.v1.statuses.$select(status.id).fetch(), {
    name: "MastoHttpError",
    statusCode: 404,
    message: "Record not found",
  }));

tell();
