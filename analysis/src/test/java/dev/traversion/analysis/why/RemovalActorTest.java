/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Recording;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who took something away, of which managedFields say nothing once it is gone. */
class RemovalActorTest {

    private static final ObjectKey SETTINGS = Story.key("configmaps", "shop", "settings");

    @TempDir
    private Path directory;

    private Change removed(String manager, int second) throws Exception {
        try (Story story = new Story(directory)) {
            settings(story, 15, Story.managed("jane", 14), "\"data\":{\"a\":\"1\",\"b\":\"2\"}");
            settings(story, 20, Story.managed(manager, second), "\"data\":{\"a\":\"1\"}");
            Recording recording = story.end(60);
            World world = new World((_, _) -> Optional.of(recording), Story.START, Story.START + 60 * Story.SECOND);
            return world.changes(SETTINGS).getLast();
        }
    }

    private static void settings(Story story, int second, String managed, String data) throws Exception {
        story.is(second, -600, SETTINGS, "ConfigMap", managed.substring(1) + ",", data);
    }

    @Test
    void whoeverWroteJustThenTookItAway() throws Exception {
        assertThat(removed("tom", 20).actor().manager()).isEqualTo("tom");
    }

    @Test
    void whoeverHadWrittenBeforeDidNot() throws Exception {
        assertThat(removed("jane", 14).actor()).isNull();
    }
}
