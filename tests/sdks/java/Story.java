// The story of docs/sdks.md, with the SDK for Java.

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.hardop.ApiClient;
import org.hardop.ApiException;
import org.hardop.api.ExpertiseApi;
import org.hardop.api.FeedsApi;
import org.hardop.api.IdentityApi;
import org.hardop.api.MediaApi;
import org.hardop.api.StatusesApi;
import org.hardop.api.TimelinesApi;
import org.hardop.auth.OAuth;
import org.hardop.model.CredentialApplication;
import org.hardop.model.Expert;
import org.hardop.model.FeedFormat;
import org.hardop.model.MediaAttachment;
import org.hardop.model.RegisterAppParameters;
import org.hardop.model.Status;
import org.hardop.model.StatusParameters;
import org.hardop.model.Token;

public final class Story {
    private static final String URL = System.getenv("SERVER");
    private static final String USERNAME = System.getenv("NAME");
    private static final String REDIRECT = "urn:ietf:wg:oauth:2.0:oob";

    private interface Call {
        void run() throws ApiException;
    }

    public static void main(String[] arguments) throws Exception {
        // Register an app, and let a person authorise it.
        IdentityApi anybody = new IdentityApi(new ApiClient().setBasePath(URL));
        CredentialApplication app = anybody.registerApp(
                new RegisterAppParameters().clientName("Story").redirectUris(List.of(REDIRECT)).scopes("read write"),
                null);
        System.out.println(URL + "/oauth/authorize?response_type=code&client_id=" + app.getClientId()
                + "&redirect_uri=" + URLEncoder.encode(REDIRECT, StandardCharsets.UTF_8) + "&scope=read+write");
        String code = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        Token token = anybody.createToken(app.getClientId(), app.getClientSecret(), "authorization_code",
                code.strip(), REDIRECT, null, null, null, null, null);
        ApiClient client = new ApiClient().setBasePath(URL);
        ((OAuth) client.getAuthentication("person")).setAccessToken(token.getAccessToken());
        StatusesApi statuses = new StatusesApi(client);

        // Post with an image.
        MediaAttachment image = new MediaApi(client)
                .uploadMediaAtOnce(null, "Ice.", null, null, new File(System.getenv("PICTURE")));
        Status said = null;
        for (int number = 0; number < 5; number++) {
            StatusParameters draft = new StatusParameters().status("Measured " + number);
            if (number == 4) {
                draft.addMediaIdsItem(image.getId());
            }
            said = statuses.createStatus(null, draft).getStatus();
        }
        expect("Ice.".equals(said.getMediaAttachments().get(0).getDescription()), said);

        // Page through home.
        List<String> seen = new ArrayList<>();
        TimelinesApi timelines = new TimelinesApi(client);
        List<Status> page = timelines.getHomeTimeline(2, null, null, null);
        while (!page.isEmpty()) {
            page.forEach(status -> seen.add(status.getId()));
            page = timelines.getHomeTimeline(2, seen.get(seen.size() - 1), null, null);
        }
        expect(seen.size() == 5 && new HashSet<>(seen).size() == 5 && seen.get(0).equals(said.getId()), seen);

        // React, find an expert, read a feed.
        Status reacted = statuses.reactToStatus(said.getId(), "💡");
        expect(reacted.getReactions().get(0).getMe(), reacted);
        ExpertiseApi expertise = new ExpertiseApi(client);
        long until = System.nanoTime() + 30_000_000_000L;
        List<Expert> experts = List.of();
        while (experts.isEmpty()) {
            experts = find(expertise);
            expect(System.nanoTime() < until, "nobody knows");
        }
        expect(!experts.get(0).getReasons().isEmpty(), experts);
        expect(!new FeedsApi(client).getAccountFeed(USERNAME, FeedFormat.JSON, null, null, null).getItems().isEmpty(),
                "an empty feed");

        // What goes wrong has a type.
        refused(404, "not_found", () -> statuses.getStatus("1"));
        refused(422, "invalid", () -> statuses.createStatus(null, new StatusParameters().status("")));
        ApiException refusal = refused(429, "too_many_requests", () -> {
            for (int number = 0; number < 100; number++) {
                find(expertise);
            }
        });
        String seconds = refusal.getResponseHeaders().get("retry-after").get(0);
        expect(Integer.parseInt(seconds) > 0, seconds);
        System.out.println("The end");
    }

    private static List<Expert> find(ExpertiseApi expertise) throws ApiException {
        return expertise.findExperts("water sensors", null, null, null, null, null, null, null);
    }

    private static ApiException refused(int status, String code, Call call) {
        try {
            call.run();
        } catch (ApiException refusal) {
            expect(refusal.getCode() == status && refusal.getErrorObject().getCode().equals(code), refusal);
            return refusal;
        }
        throw new AssertionError("not refused: " + code);
    }

    private static void expect(boolean condition, Object about) {
        if (!condition) {
            throw new AssertionError(about);
        }
    }
}
