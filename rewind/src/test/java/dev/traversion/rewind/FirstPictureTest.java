/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.History;
import dev.traversion.archive.Recording;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.cluster.ServedCluster;
import dev.traversion.rewind.console.FirstPicture;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FirstPictureTest {

    private static final ResourceType CONFIG_MAPS = new ResourceType("", "configmaps");
    private static final ResourceType EVENTS = new ResourceType("", "events");
    private static final long MINUTE = 60 * TestCluster.SECOND;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private TestCluster cluster;
    private Recording recording;
    private ServedCluster served;

    @BeforeAll
    void record(@TempDir Path directory) throws Exception {
        cluster = new TestCluster(directory);
        cluster.added(CONFIG_MAPS, TestDocuments.configMap("shop", "a", 11, "one"));
        cluster.added(EVENTS, TestDocuments.event("e1", 12, "web"));
        cluster.tick(20 * MINUTE);
        cluster.modified(CONFIG_MAPS, TestDocuments.configMap("shop", "a", 13, "two"));
        recording = cluster.open();
        Object history = Proxy.newProxyInstance(
                History.class.getClassLoader(), new Class<?>[] {History.class}, (_, method, arguments) -> {
                    if (method.getName().equals("list")) {
                        asked.add("state of " + arguments[0] + " at " + arguments[3]);
                    } else if (method.getName().equals("unorderedChanges")) {
                        asked.add("changes of " + arguments[0] + " from " + arguments[2] + " to " + arguments[3]);
                    }
                    return method.invoke(recording, arguments);
                });
        served = new ServedCluster((History) history);
    }

    @AfterAll
    void stop() throws Exception {
        served.close();
        recording.close();
        cluster.close();
    }

    private void expect(String link, long from, long to) throws InterruptedException {
        asked.clear();
        try (FirstPicture picture = new FirstPicture(Map.of(TestCluster.ID, served))) {
            picture.expect(link);
            for (int i = 0; i < 1000 && asked.size() < 2; i++) {
                Thread.sleep(10);
            }
        }
        assertThat(asked)
                .as(link)
                .containsExactly("state of configmaps at " + from, "changes of configmaps from " + from + " to " + to);
    }

    @Test
    void whatIsNearTheMomentOfALinkIsReadAndQuietTypesAreNot() throws InterruptedException {
        long middle = recording.start() + 10 * MINUTE;
        String time = Moment.format(middle);
        expect("?t=" + time, middle - MINUTE, middle + MINUTE);
        expect("?c=" + TestCluster.ID + "&t=" + time.replace(":", "%3A"), middle - MINUTE, middle + MINUTE);
        expect("timeline?c=another&t=" + time + "#x", middle - MINUTE, middle + MINUTE);
    }

    @Test
    void aLinkWithoutAMomentShowsTheEnd() throws InterruptedException {
        long end = recording.end();
        for (String link : List.of("", "?t=now", "?t=", "?t=yesterday", "?t=%zz", "?b=2026-01-31T14:05:00Z", "t")) {
            expect(link, end - MINUTE, end);
        }
    }

    @Test
    void aMomentOutsideShowsTheNearestOne() throws InterruptedException {
        expect("?t=2031-01-01T00:00:00Z", recording.end() - MINUTE, recording.end());
        expect("?t=1970-01-01T00:00:00Z", recording.start(), recording.start() + MINUTE);
    }

    @Test
    void nothingIsReadWithoutARecordingOrAfterTheEnd() {
        asked.clear();
        try (FirstPicture picture = new FirstPicture(Map.of())) {
            picture.expect("");
        }
        FirstPicture closed = new FirstPicture(Map.of(TestCluster.ID, served));
        closed.close();
        closed.expect("");
        closed.close();
        assertThat(asked).isEmpty();
    }
}
