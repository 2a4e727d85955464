/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When troubles began: objects tell whole seconds, and what shows them was seen within one. */
class TroubleTimesTest {

    private static final String CRASHED =
            "\"spec\":{\"containers\":[{\"name\":\"web\"}]},\"status\":{\"message\":\"%s\",\"containerStatuses\":[{\"name\":\"web\","
                    + "\"state\":{\"waiting\":{\"reason\":\"CrashLoopBackOff\"}},\"lastState\":{\"terminated\":{\"exitCode\":1,"
                    + "\"reason\":\"Error\",\"finishedAt\":\"2026-02-02T02:40:%s\"}}}]}";

    @TempDir
    private Path directory;

    private long crashed(String finished) throws Exception {
        try (Story story = new Story(directory.resolve(finished.replace(':', '-')))) {
            story.is(30, 10, "pods", "Pod", "web", "", CRASHED.formatted("first", finished));
            story.is(40, 10, "pods", "Pod", "web", "", CRASHED.formatted("again", finished));
            return story.ask(Story.key("pods", "shop", "web"), 60)
                            .symptoms()
                            .getFirst()
                            .from()
                    - Story.START;
        }
    }

    @Test
    void aTroubleBeganWhenItWasSeenIfThatWasWithinTheSecondThatIsTold() throws Exception {
        assertThat(crashed("29.400Z")).isEqualTo(30 * Story.SECOND);
        assertThat(crashed("28.000Z")).isEqualTo(28 * Story.SECOND);
    }
}
