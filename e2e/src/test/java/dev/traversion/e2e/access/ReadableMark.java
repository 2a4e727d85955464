/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.access;

import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.recording.Waiting;
import java.nio.file.Path;
import java.time.Duration;

/** An object by which one can tell how far the recording is. */
final class ReadableMark {

    private ReadableMark() {}

    static void await(Path past, Path kubectl, String name) throws Exception {
        Kubectl now = new Kubectl(kubectl, past);
        Waiting.until(
                Duration.ofSeconds(30),
                name + " is recorded",
                () -> now.run("get", "configmap", name, "-n", "traversion").status() == 0);
    }
}
