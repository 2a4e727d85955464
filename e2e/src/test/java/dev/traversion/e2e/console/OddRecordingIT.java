/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import dev.traversion.e2e.plugin.Plugin;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The console in a real browser, on what is large, made to do harm, missing, or lost on the way. */
@Tag("console")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OddRecordingIT {

    private static final LocatorAssertions.IsVisibleOptions PATIENT =
            new LocatorAssertions.IsVisibleOptions().setTimeout(60_000);

    private Chromium chromium;
    private OddRecording recording;
    private Plugin plugin;
    private BrowserContext context;
    private Page page;
    private String origin;

    /** What the login leaves in the browser. */
    private String session;

    private final List<String> errors = new ArrayList<>();

    @BeforeAll
    void serve(@TempDir Path directory) throws Exception {
        chromium = Chromium.start();
        recording = new OddRecording(directory);
        Path kubeconfig = Files.writeString(directory.resolve("config"), "apiVersion: v1\nkind: Config\n");
        plugin = new Plugin(directory, directory.resolve("no-kubectl"), kubeconfig)
                .with("TRAVERSION_RECORDING", directory.resolve("recording").toString());
        try (BrowserContext first = chromium.browser().newContext()) {
            Page login = first.newPage();
            login.navigate(link());
            assertThat(login.getByTestId("badge")).isVisible(PATIENT);
            session = first.storageState();
        }
    }

    @AfterAll
    void end() throws Exception {
        if (plugin != null) {
            plugin.close();
        }
        if (recording != null) {
            recording.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void open() {
        context = chromium.browser().newContext(new Browser.NewContextOptions().setStorageState(session));
        page = context.newPage();
        page.setDefaultTimeout(60_000);
        page.onPageError(errors::add);
        page.onDialog(dialog -> errors.add("dialog " + dialog.message()));
    }

    private String link() throws Exception {
        URI link = URI.create(
                plugin.run("console", "--no-browser").succeeds().out().strip());
        origin = "http://" + link.getAuthority();
        return link.toString();
    }

    @AfterEach
    void nothingWentWrong() {
        if (context != null) {
            context.close();
        }
        assertThat(errors).as("errors of the page").isEmpty();
    }

    private void go(String place) {
        page.navigate(origin + "/console/" + place);
    }

    private Locator row(String name) {
        return page.getByTestId("row").filter(new Locator.FilterOptions().setHasText(name));
    }

    @Test
    void whatIsMadeToDoHarmIsText() {
        go("resources?r=pods&ns=odd&t=" + recording.minute(1));
        for (String name : List.of(OddRecording.SCRIPT, OddRecording.BACKWARDS, OddRecording.LONG)) {
            assertThat(row(name)).isVisible(PATIENT);
        }
        row(OddRecording.SCRIPT).click();
        assertThat(page.getByTestId("yaml")).containsText("note: ");
        assertThat(page.getByTestId("yaml")).containsText(OddRecording.SCRIPT);
        assertThat(page.locator("img")).hasCount(0);
        assertThat(page.evaluate("window.harmed === undefined")).isEqualTo(true);
        // Its direction ends with the name.
        assertThat(row(OddRecording.BACKWARDS)
                        .locator("bdi", new Locator.LocatorOptions().setHasText(OddRecording.BACKWARDS)))
                .isVisible();
        row(OddRecording.BIG).click();
        assertThat(page.getByTestId("yaml")).containsText("show 256 KiB");
    }

    @Test
    void tenThousandPodsAreScrolledThrough() {
        go("resources?r=pods&ns=crowd&t=" + recording.minute(1));
        assertThat(page.getByTestId("row-count")).hasText("10,000 of 10,004");
        assertThat(row("pod-00000")).isVisible(PATIENT);
        page.getByTestId("table").evaluate("table => table.scrollTop = table.scrollHeight");
        assertThat(row("pod-09999")).containsText("Running");
        assertThat(page.getByTestId("row").count()).isLessThan(200);
    }

    @Test
    void aGapIsNotShownAsIfItHadBeenObserved() {
        go("resources?r=pods&ns=odd&t=" + recording.minute(3));
        assertThat(page.getByTestId("gap-note")).containsText("the cluster was out of reach");
        assertThat(page.locator(".key")).containsText("not recorded (1)");
        assertThat(page.getByTestId("thumb-a")).hasAttribute("aria-valuetext", Pattern.compile(".*not recorded"));
        page.getByTestId("gap-note").getByText("After it").click();
        assertThat(page.getByTestId("gap-note")).isHidden();
    }

    @Test
    void aServerThatIsGoneForAWhileIsSaidAndWaitedFor() {
        go("resources?r=pods&ns=odd&t=" + recording.minute(1));
        assertThat(row(OddRecording.BIG)).isVisible(PATIENT);
        context.setOffline(true);
        row(OddRecording.BIG).click();
        assertThat(page.getByTestId("trouble")).containsText("does not answer");
        assertThat(row(OddRecording.BIG)).isVisible();
        context.setOffline(false);
        assertThat(page.getByTestId("yaml")).containsText("kind: Pod");
        assertThat(page.getByTestId("trouble")).isHidden();
    }

    @Test
    void aSessionThatHasEndedIsSaidAndGoesOnAfterAnotherLogin() throws Exception {
        go("resources?r=pods&ns=odd&t=" + recording.minute(1));
        assertThat(row(OddRecording.BIG)).isVisible(PATIENT);
        context.clearCookies();
        row(OddRecording.BIG).click();
        assertThat(page.getByTestId("trouble")).containsText("kubectl traversion console");
        Page other = context.newPage();
        other.navigate(link());
        assertThat(page.getByTestId("yaml"))
                .containsText("kind: Pod", new LocatorAssertions.ContainsTextOptions().setTimeout(60_000));
        assertThat(page.getByTestId("trouble")).isHidden();
    }

    @Test
    void allIsReachedByKeys() {
        go("?t=" + recording.minute(1));
        assertThat(page.getByTestId("tiles")).isVisible(PATIENT);
        page.keyboard().press(":");
        assertThat(page.getByTestId("palette-input")).isFocused();
        page.keyboard().type("pods");
        page.keyboard().press("Enter");
        assertThat(page.getByTestId("screen-resources")).isVisible();
        page.getByTestId("table").focus();
        page.keyboard().press("ArrowDown");
        assertThat(page.getByTestId("drawer")).isVisible();
        page.keyboard().press("Escape");
        assertThat(page.getByTestId("drawer")).isHidden();
        page.getByTestId("thumb-a").focus();
        page.keyboard().press("Home");
        assertThat(page.getByTestId("thumb-a")).hasAttribute("aria-valuetext", Pattern.compile(".* UTC.*"));
        page.keyboard().press("g");
        page.keyboard().press("i");
        assertThat(page.getByTestId("screen-timeline")).isVisible();
    }
}
