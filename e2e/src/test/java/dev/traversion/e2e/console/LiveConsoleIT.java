/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import dev.traversion.archive.WriterOptions;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.plugin.Plugin;
import dev.traversion.e2e.recording.LiveRecording;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console at the end of a recording that is being made. */
@Tag("console")
@UsesControlPlane
class LiveConsoleIT {

    private static final double PATIENCE_MILLIS = 60_000;

    @Test
    void whatHappensInTheClusterIsShownAsItHappens(ControlPlane plane, @TempDir Path directory) throws Exception {
        Kubectl kubectl = plane.kubectl();
        try (Chromium chromium = Chromium.start();
                LiveRecording _ = new LiveRecording(
                        plane.kubeconfig(), directory, 1, WriterOptions.of("test", directory.resolve("writer")));
                Plugin plugin = new Plugin(directory, directory.resolve("no-kubectl"), plane.kubeconfig())
                        .with(
                                "TRAVERSION_RECORDING",
                                directory.resolve("recording").toString());
                Page page = chromium.browser().newPage()) {
            page.setDefaultTimeout(PATIENCE_MILLIS);
            URI link = URI.create(
                    plugin.run("console", "--no-browser").succeeds().out().strip());
            page.navigate(link.toString());
            page.navigate("http://" + link.getAuthority() + "/console/resources?r=configmaps&ns=default");
            assertThat(page.getByTestId("badge")).hasText("LIVE");
            kubectl.output("create", "configmap", "just-made");
            assertThat(row(page)).isVisible(patient());
            kubectl.output("delete", "configmap", "just-made");
            assertThat(row(page)).isHidden(new LocatorAssertions.IsHiddenOptions().setTimeout(PATIENCE_MILLIS));
        }
    }

    private static Locator row(Page page) {
        return page.getByTestId("row").filter(new Locator.FilterOptions().setHasText("just-made"));
    }

    private static LocatorAssertions.IsVisibleOptions patient() {
        return new LocatorAssertions.IsVisibleOptions().setTimeout(PATIENCE_MILLIS);
    }
}
