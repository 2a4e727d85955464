/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.AxeResults;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.LoadState;
import dev.traversion.e2e.plugin.KeptRecording;
import dev.traversion.e2e.plugin.Plugin;
import dev.traversion.e2e.recording.Waiting;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The console on the recording of the demo's incident, served by the packaged plugin, in a real browser. */
@Tag("console")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleIT {

    private static final List<String> SCREENS =
            List.of("pulse", "resources", "topology", "timeline", "diff", "logs", "why", "recordings");

    /** Of these the pictures are taken where an agent recorded, too. */
    private static final Set<String> OF_AGENT = Set.of("topology", "logs");

    private static final String BROKEN = "&o=pods/shop/checkout-67d9485ddb-d4wtp";

    /** Of a picture, the share that may differ. */
    private static final double MOST_DIFFERENCE = 0.08;

    /** A telephone's width, or a wide window enlarged to 400 %. */
    private static final int NARROW = 360;

    private static final Duration DRAWN_WITHIN = Duration.ofSeconds(20);

    private Chromium chromium;
    private KeptRecording kept;
    private KeptRecording withAgent;
    private Plugin plugin;

    /** What the logins leave in the browser. */
    private String session;

    private String keptOrigin;
    private String agentOrigin;
    private BrowserContext context;
    private Page page;
    private String origin;
    private final List<String> elsewhere = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();

    @BeforeAll
    void serve(@TempDir Path directory) throws Exception {
        chromium = Chromium.start();
        kept = KeptRecording.unpack(directory.resolve("kept"));
        Path kubeconfig = Files.writeString(directory.resolve("config"), "apiVersion: v1\nkind: Config\n");
        plugin = new Plugin(directory, directory.resolve("no-kubectl"), kubeconfig);
        withAgent = KeptRecording.unpackWithAgent(directory.resolve("with-agent"));
        try (BrowserContext first = chromium.browser().newContext()) {
            keptOrigin = logIn(kept, first.newPage());
            agentOrigin = logIn(withAgent, first.newPage());
            session = first.storageState();
        }
    }

    private String logIn(KeptRecording recording, Page login) throws Exception {
        URI link = URI.create(plugin.run(
                        "console",
                        "--no-browser",
                        recording.before(),
                        "--from",
                        recording.location().toString())
                .succeeds()
                .out()
                .strip());
        login.navigate(link.toString());
        // The server has only just begun.
        assertThat(login.getByTestId("badge"))
                .hasText(Pattern.compile("PAST .*Z"), new LocatorAssertions.HasTextOptions().setTimeout(60_000));
        return "http://" + link.getAuthority();
    }

    @AfterAll
    void end() throws Exception {
        if (plugin != null) {
            plugin.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void open() {
        context = chromium.browser().newContext(new Browser.NewContextOptions().setStorageState(session));
        page = context.newPage();
        origin = keptOrigin;
        page.onRequest(request -> {
            boolean isOwn = Stream.of(keptOrigin, agentOrigin, "data:")
                    .anyMatch(own -> request.url().startsWith(own));
            if (!isOwn) {
                elsewhere.add(request.url());
            }
        });
        page.onPageError(errors::add);
        page.onConsoleMessage(message -> {
            if (message.text().contains("Content Security Policy")) {
                errors.add(message.text());
            }
        });
    }

    @AfterEach
    void nothingWentWrongOrElsewhere() {
        if (context != null) {
            context.close();
        }
        assertThat(elsewhere).as("requests to other servers").isEmpty();
        assertThat(errors).as("errors of the page").isEmpty();
    }

    private Locator badge() {
        return page.getByTestId("badge");
    }

    private void go(String place) {
        page.navigate(origin + "/console/" + place);
    }

    @Test
    void movingTheTimeShowsHowTheRolloutBreaks() {
        go("resources?r=pods&ns=shop&t=" + kept.before());
        assertThat(page.getByTestId("screen-resources")).containsText("Running");
        assertThat(page.getByTestId("screen-resources")).not().containsText("CrashLoopBackOff");
        page.getByTestId("thumb-a").focus();
        for (int i = 0;
                i < 600 && !page.getByTestId("screen-resources").textContent().contains("CrashLoopBackOff");
                i++) {
            page.keyboard().press("ArrowRight");
        }
        assertThat(page.getByTestId("screen-resources")).containsText("CrashLoopBackOff");
    }

    @Test
    void aLinkShowsTheSameAfterItIsLoadedAgain() {
        go("resources?r=pods&ns=shop&t=" + kept.after());
        assertThat(page.getByTestId("screen-resources")).containsText("CrashLoopBackOff");
        page.reload();
        assertThat(page.getByTestId("screen-resources")).containsText("CrashLoopBackOff");
        assertThat(badge()).hasText(Pattern.compile("PAST .*Z"));
    }

    @Test
    void theDifferenceNamesWhatBrokeIt() {
        go("diff?t=" + kept.before() + "&b=" + kept.after());
        assertThat(page.getByTestId("screen-diff")).containsText("checkout-config");
    }

    /** Fonts differ between machines, and what is alive moves: what is somewhere else, or missing, is not tolerated. */
    @Test
    void everyScreenLooksLikeItsPictureInTheDocumentation() throws Exception {
        Stills stills = new Stills(context);
        page.setViewportSize(1280, 800);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        for (String screen :
                SCREENS.stream().filter(each -> !OF_AGENT.contains(each)).toList()) {
            compare(stills, screen, placeOf(screen), page.getByTestId("screen-" + screen));
        }
        origin = agentOrigin;
        String shop = "?ns=shop&t=" + withAgent.after();
        compare(stills, "topology", "topology" + shop, page.getByTestId("node").first());
        compare(stills, "logs", "logs" + shop, page.getByTestId("log"));
        compare(stills, "activity", "resources" + shop + BROKEN + "&tab=activity", page.getByTestId("connections"));
    }

    private void compare(Stills stills, String name, String place, Locator shown) throws Exception {
        go(place);
        assertThat(shown).isVisible();
        page.waitForLoadState(LoadState.NETWORKIDLE);
        stills.writeIfAsked(name, page);
        // On a busy machine a page can be silent between two requests.
        Waiting.until(DRAWN_WITHIN, "the page is as the picture of " + name, () -> {
            boolean isAlike = stills.difference(name, page) < MOST_DIFFERENCE;
            if (!isAlike) {
                stills.writeIfAsked(name, page);
            }
            return isAlike;
        });
    }

    private String placeOf(String screen) {
        String checkout = "&ns=shop&o=deployments.apps/shop/checkout&t=" + kept.after();
        return switch (screen) {
            case "diff" -> "diff?t=" + kept.before() + "&b=" + kept.after();
            case "resources" -> "resources?r=pods" + checkout;
            case "why" -> "why?" + checkout;
            default -> screen + "?t=" + kept.after();
        };
    }

    @Test
    void logsFollowTheTime() {
        origin = agentOrigin;
        go("logs?ns=shop&t=" + withAgent.before());
        Locator log = page.getByTestId("log");
        assertThat(log).containsText("GET /charge 200");
        assertThat(log).not().containsText("is not a valid url");
        page.getByTestId("thumb-a").focus();
        for (int i = 0; i < 12 && !log.textContent().contains("is not a valid url"); i++) {
            page.keyboard().press("ArrowRight");
        }
        assertThat(log).containsText("is not a valid url");
        page.getByTestId("filter").fill("fatal");
        assertThat(log).not().containsText("GET /charge");
        assertThat(log).containsText("is not a valid url");
        page.getByTestId("thumb-a").press("Home");
        assertThat(log).not().containsText("is not a valid url");
    }

    @Test
    void whatAnAgentSawIsInTheTopologyAndWithThePod() {
        origin = agentOrigin;
        go("topology?ns=shop&t=" + withAgent.after());
        assertThat(page.getByTestId("flows")).containsText("talked to");
        assertThat(page.getByTestId("edge-flow").first()).hasAttribute("marker-end", "url(#arrow)");
        page.locator("[data-testid=node][data-object='" + BROKEN.substring(3) + "']")
                .click();
        page.getByTestId("tab-activity").click();
        assertThat(page.getByTestId("processes")).containsText("exited with 1");
        assertThat(page.getByTestId("connections")).containsText("failed");
    }

    @Test
    void whatWasWrongIsListedAndLeadsToItsCause() {
        go("why?t=" + kept.after());
        Locator incident = page.getByTestId("incident").filter(new Locator.FilterOptions().setHasText("Pod checkout-"));
        incident.locator("button").click();
        assertThat(page.getByTestId("cause").first()).containsText("checkout-config");
        page.getByText("All that was wrong").click();
        assertThat(incident).isVisible();
    }

    @Test
    void whatAnAgentSawIsEvidence() {
        origin = agentOrigin;
        go("why?ns=shop&t=" + withAgent.after() + BROKEN);
        assertThat(page.getByTestId("symptom").first()).containsText("the node saw: actor");
        assertThat(page.getByTestId("symptom").first()).containsText("exited with 1");
    }

    @Test
    void aPictureOfAnotherScreenIsNotTaken() throws Exception {
        Stills stills = new Stills(context);
        page.setViewportSize(1280, 800);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        go("timeline?t=" + kept.after());
        assertThat(page.getByTestId("screen-timeline")).isVisible();
        page.waitForLoadState(LoadState.NETWORKIDLE);
        assertThat(stills.difference("resources", page)).isGreaterThan(MOST_DIFFERENCE);
    }

    @Test
    void whoIsNotLoggedInIsToldTheWayOn() {
        try (BrowserContext stranger = chromium.browser().newContext()) {
            Page other = stranger.newPage();
            other.navigate(origin + "/console/");
            assertThat(other.getByTestId("start-problem")).isVisible();
            assertThat(other.locator("body")).containsText("kubectl traversion console");
        }
    }

    @Test
    void helpOpensAndClosesByKeys() {
        go("pulse?t=" + kept.before());
        assertThat(badge()).hasText(Pattern.compile("PAST .*Z"));
        page.keyboard().press("?");
        assertThat(page.getByTestId("help")).isVisible();
        page.keyboard().press("Escape");
        assertThat(page.getByTestId("help")).isHidden();
    }

    @Test
    void everyScreenIsAccessibleInDarkAndLightAndFitsANarrowWindow() {
        for (String screen : SCREENS) {
            page.setViewportSize(1280, 800);
            go(screen + "?t=" + kept.after());
            assertThat(page.getByTestId("screen-" + screen)).isVisible();
            for (ColorScheme scheme : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
                page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
                AxeResults results = new AxeBuilder(page).analyze();
                assertThat(results.getViolations().stream()
                                .filter(each -> List.of("serious", "critical").contains(each.getImpact()))
                                .map(each -> each.getId() + " "
                                        + each.getNodes().getFirst().getHtml()))
                        .as(screen + " " + scheme)
                        .isEmpty();
            }
            page.setViewportSize(NARROW, 800);
            // The page lays out anew after the window has its size.
            page.waitForFunction("width => document.documentElement.scrollWidth <= width", NARROW);
        }
    }
}
