// masto.js, unmodified: everything moderators and administrators have methods for.
// Prints what `tell` of `steps.js` does.
import assert from "node:assert/strict";
import { createOAuthAPIClient, createRestAPIClient } from "masto";
import { ids, step, tell } from "./steps.js";

const { SERVER, OWNER, GUS, LINK } = process.env;

const owner = createRestAPIClient({ url: SERVER, accessToken: OWNER });
const nobody = createRestAPIClient({ url: SERVER });

const me = await owner.v1.accounts.verifyCredentials();
const gus = createRestAPIClient({ url: SERVER, accessToken: GUS });
const somebody = await gus.v1.accounts.verifyCredentials();

// Who signs up
const app = await nobody.v1.apps.create({
  clientName: "masto",
  redirectUris: "urn:ietf:wg:oauth:2.0:oob",
  scopes: "read write",
});
const token = await step("oauth.token.create", () =>
  createOAuthAPIClient({ url: SERVER }).token.create({
    grantType: "client_credentials",
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    redirectUri: "urn:ietf:wg:oauth:2.0:oob",
    scope: "read write",
  }));
const newcomers = createRestAPIClient({ url: SERVER, accessToken: token.accessToken });
const waiting = {};
for (const username of ["jan", "kim"]) {
  const made = await step(`v1.accounts.create: ${username}`, () =>
    newcomers.v1.accounts.create({
      username,
      email: `${username}@example.org`,
      password: "a long walk in the hills",
      agreement: true,
      locale: "nl",
      reason: "I work here",
    }));
  await step(`v1.emails.confirmations.create: ${username}`, () =>
    createRestAPIClient({ url: SERVER, accessToken: made.accessToken })
      .v1.emails.confirmations.create({}));
}
await step("v1.admin.accounts.list", async () => {
  for (const each of await owner.v1.admin.accounts.list({ pending: true })) {
    waiting[each.username] = each.id;
  }
  assert(waiting.jan && waiting.kim);
});
await step("v1.admin.accounts.$select.approve", async () => {
  assert((await owner.v1.admin.accounts.$select(waiting.jan).approve()).approved);
});
await step("v1.admin.accounts.$select.reject", () =>
  owner.v1.admin.accounts.$select(waiting.kim).reject());

// What becomes of people
const decided = () => owner.v1.admin.accounts.$select(somebody.id);
for (const [type, undo, state] of [
  ["silence", "unsilence", "silenced"],
  ["sensitive", "unsensitive", "sensitized"],
  ["disable", "enable", "disabled"],
  ["suspend", "unsuspend", "suspended"],
]) {
  await step(`v1.admin.accounts.$select.action.create: ${type}`, async () => {
    await decided().action.create({ type, text: "Not so", sendEmailNotification: false });
    assert((await decided().fetch())[state]);
  });
  await step(`v1.admin.accounts.$select.${undo}`, async () => {
    assert(!(await decided()[undo]())[state]);
  });
}

// Reports
const reported = await owner.v1.reports.create({ accountId: somebody.id, comment: "A test" });
await step("v1.admin.reports.list", async () => {
  assert(ids(await owner.v1.admin.reports.list()).includes(reported.id));
});
const report = () => owner.v1.admin.reports.$select(reported.id);
await step("v1.admin.reports.$select.fetch", async () => {
  assert.equal((await report().fetch()).targetAccount.id, somebody.id);
});
await step("v1.admin.reports.$select.assignToSelf", async () => {
  assert.equal((await report().assignToSelf()).assignedAccount.id, me.id);
});
await step("v1.admin.reports.$select.unassign", async () => {
  assert.equal((await report().unassign()).assignedAccount, null);
});
await step("v1.admin.reports.$select.resolve", async () => {
  assert((await report().resolve()).actionTaken);
});
await step("v1.admin.reports.$select.reopen", async () => {
  assert(!(await report().reopen()).actionTaken);
});

// Who may sign up
const blocks = {
  emailDomainBlocks: { domain: "spam.example" },
  canonicalEmailBlocks: { email: "mallory@example.com" },
  ipBlocks: { ip: "198.51.100.0/24", severity: "sign_up_block", comment: "Robots" },
};
for (const [name, given] of Object.entries(blocks)) {
  const made = await step(`v1.admin.${name}.create`, () => owner.v1.admin[name].create(given));
  const one = () => owner.v1.admin[name].$select(made.id);
  await step(`v1.admin.${name}.list`, async () => {
    assert.deepEqual(ids(await owner.v1.admin[name].list()), [made.id]);
  });
  await step(`v1.admin.${name}.$select.fetch`, () => one().fetch());
  if (name === "canonicalEmailBlocks") {
    await step("v1.admin.canonicalEmailBlocks.test", async () => {
      const found = await owner.v1.admin[name].test({ email: "mal.lory+x@example.com" });
      assert.deepEqual(ids(found), [made.id]);
    });
  }
  if (name === "ipBlocks") {
    await step("v1.admin.ipBlocks.$select.update", async () => {
      assert.equal((await one().update({ severity: "no_access" })).severity, "no_access");
    });
  }
  await step(`v1.admin.${name}.$select.remove`, async () => {
    await one().remove();
    assert.deepEqual(await owner.v1.admin[name].list(), []);
  });
}
for (const name of ["domainBlocks", "domainAllows"]) {
  await step(`v1.admin.${name}.list: there are no other servers`, async () => {
    assert.deepEqual(await owner.v1.admin[name].list(), []);
  });
}

// Figures
const period = {
  startAt: new Date(Date.now() - 5 * 86_400_000).toISOString(),
  endAt: new Date().toISOString(),
};
await step("v1.admin.measures.create", async () => {
  const [users] = await owner.v1.admin.measures.create({ keys: ["active_users"], ...period });
  assert.equal(users.key, "active_users");
});
await step("v1.admin.dimensions.create", async () => {
  const [space] = await owner.v1.admin.dimensions.create({ keys: ["space_usage"], ...period });
  assert(space.data.length > 0);
});
await step("v1.admin.retention.create", async () => {
  assert((await owner.v1.admin.retention.create({ frequency: "day", ...period })).length > 0);
});

// What many people are concerned with
const trends = owner.v1.admin.trends;
const said = await owner.v1.statuses.create({ status: "Think of #terpen" });
const found = await owner.v2.search.list({ q: "#terpen", type: "hashtags" });
await step("v1.admin.trends.tags.list", () => trends.tags.list());
await step("v1.admin.trends.statuses.list", () => trends.statuses.list());
for (const verb of ["reject", "approve"]) {
  await step(`v1.admin.trends.tags.$select.${verb}`, async () => {
    assert.equal((await trends.tags.$select(found.hashtags[0].id)[verb]()).name, "terpen");
  });
  await step(`v1.admin.trends.statuses.$select.${verb}`, async () => {
    assert.equal((await trends.statuses.$select(said.id)[verb]()).id, said.id);
  });
}
const link = await step("v1.admin.trends.links.list", async () =>
  (await trends.links.list()).find((each) => each.url === LINK));
const site = await step("v1.admin.trends.links.publishers.list", async () =>
  (await trends.links.publishers.list()).find((each) => LINK.includes(each.domain)));
for (const verb of ["reject", "approve"]) {
  await step(`v1.admin.trends.links.publishers.$select.${verb}`, () =>
    trends.links.publishers.$select(site.id)[verb]());
  await step(`v1.admin.trends.links.$select.${verb}`, async () => {
    assert.equal((await trends.links.$select(link.id)[verb]()).url, LINK);
  });
}
await step("v1.timelines.link.list", async () => {
  assert((await nobody.v1.timelines.link.list({ url: LINK })).length > 0);
});

// Announcements, which masto.js reads and has no method to write
const write = (method, path = "", body = undefined) =>
  fetch(`${SERVER}/api/hardop/v1/admin/announcements${path}`, {
    method,
    headers: { Authorization: `Bearer ${OWNER}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }).then((response) => response.json());
const { id } = await write("POST", "", { text: "Friday is quiet." });
const announcement = owner.v1.announcements.$select(id);
await step("v1.announcements.$select.reactions.$select.update", () =>
  announcement.reactions.$select(encodeURIComponent("👍")).update());
await step("v1.announcements.$select.reactions.$select.remove", () =>
  announcement.reactions.$select(encodeURIComponent("👍")).remove());
await step("v1.announcements.$select.dismiss", async () => {
  await announcement.dismiss();
  assert(!ids(await owner.v1.announcements.list()).includes(id));
});
// Others who come after us have announcements of their own.
await write("DELETE", `/${id}`);

tell();
